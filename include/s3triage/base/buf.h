/*
 * base/buf: a growable byte buffer with a maximum.
 *
 * Bytes past the maximum are dropped and `over` stays true, so that a writer checks once, at the
 * end. buf_str() is always followed by a NUL byte that it does not count.
 */
#ifndef S3TRIAGE_BASE_BUF_H
#define S3TRIAGE_BASE_BUF_H

#include "s3triage/base/str.h"

struct buf {
	char *p;
	size_t n, cap;
	size_t max; /* 0 = BUF_DEFAULT_MAX */
	bool over;
};

#define BUF_DEFAULT_MAX ((size_t)256 << 20)

void buf_init(struct buf *b, size_t max);
void buf_fini(struct buf *b);
void buf_clear(struct buf *b); /* keeps the storage */

void buf_add(struct buf *b, struct str s);
void buf_c(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_fill(struct buf *b, char c, size_t n);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Room for n more bytes, to be written by the caller and then counted by b->n += ...; NULL when
 * that would pass the maximum (and `over` is set). */
char *buf_room(struct buf *b, size_t n);

struct str buf_str(const struct buf *b);
const char *buf_cstr(struct buf *b);

/* Gives the storage to the caller (free() it), NUL-terminated; the buffer is empty again. */
char *buf_take(struct buf *b);

#endif
