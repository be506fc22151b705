/*
 * base/utf8_fold: text by code points: folding case, finding, and Java's count of UTF-16 units.
 */
#ifndef S3TRIAGE_BASE_UTF8_FOLD_H
#define S3TRIAGE_BASE_UTF8_FOLD_H

#include "s3triage/base/str.h"

/* Unicode simple case folding for Latin, Greek, Cyrillic, Armenian and full-width letters. */
uint32_t utf8_fold(uint32_t cp);
uint64_t utf8_hash_fold(struct str s);
bool utf8_eq_fold(struct str a, struct str b);

/* Folded, `used` is what was matched of s: not always as long as what was looked for. May be NULL. */
bool utf8_starts(struct str s, struct str prefix, bool fold, size_t *used);
size_t utf8_find(struct str hay, struct str needle, bool fold, size_t *used); /* STR_NONE */
size_t utf8_rfind(struct str hay, struct str needle, bool fold);
bool utf8_ends(struct str s, struct str suffix, bool fold);

/* Folded: what a person searches for. */
bool utf8_has(struct str hay, struct str needle);

size_t utf8_utf16(struct str s);                      /* length in UTF-16 units */
size_t utf8_utf16_to_byte(struct str s, size_t unit); /* clamped to s.n */

#endif
