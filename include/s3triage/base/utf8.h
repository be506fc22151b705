/*
 * base/utf8: code points, cell widths, and making hostile text visible.
 */
#ifndef S3TRIAGE_BASE_UTF8_H
#define S3TRIAGE_BASE_UTF8_H

#include "s3triage/base/buf.h"
#include "s3triage/base/str.h"

/* Takes one code point off the front of *rest (not empty). An invalid byte is taken alone and
 * gives U+FFFD. Overlong forms, surrogates and values above U+10FFFF are invalid. */
uint32_t utf8_next(struct str *rest);

/* True when all of s is valid; else *bad (may be NULL) is the offset of the first bad byte. */
bool utf8_valid(struct str s, size_t *bad);

void utf8_put(struct buf *out, uint32_t cp);

/* Cells taken by one code point: 0 (combining, zero width), 1 or 2. Our own table, so that every
 * terminal and every C library gives the same picture. */
int utf8_width(uint32_t cp);

/* Cells taken by s. */
size_t utf8_cells(struct str s);

/* True for what must never reach a terminal or look like nothing: C0, DEL, C1, bidi controls,
 * zero-width and other invisible characters, U+FFFD, private use, unassigned tags. */
bool utf8_is_hostile(uint32_t cp);

/* Appends s with every hostile code point spelled as <U+202E>, every invalid byte as <9F>. With
 * keep_newline, \n stays and \t becomes one blank. */
void utf8_visible(struct buf *out, struct str s, bool keep_newline);

/* The longest prefix of s that fits into `cells`. */
struct str utf8_fit(struct str s, size_t cells);

#endif
