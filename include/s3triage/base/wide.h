/*
 * base/wide: characters of UTF-16 and UTF-32, one at a time, as UTF-8.
 */
#ifndef S3TRIAGE_BASE_WIDE_H
#define S3TRIAGE_BASE_WIDE_H

#include "s3triage/base/str.h"

struct wide_form {
	unsigned size;   /* bytes of a unit: 2 or 4 */
	bool big_endian;
};

/* The character that begins `s`, as out[0..*n]; what is none (a lone surrogate) as a byte that is no UTF-8.
 * Answers its bytes in `s`; 0 where there are too few, as when a surrogate's other half may still come. */
size_t wide_take(struct str s, struct wide_form form, bool last, char out[4], size_t *n);

/* By its mark of byte order; size 0: it has none. */
struct wide_form wide_marked(struct str s);

#endif
