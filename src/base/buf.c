/*
 * buf: growing, never past the maximum.
 */
#include "s3triage/base/buf.h"

#include "s3triage/base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_fini(struct buf *b)
{
	free(b->p);
	*b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->over = false;
	if (b->p)
		b->p[0] = '\0';
}

static size_t limit(const struct buf *b)
{
	return b->max ? b->max : BUF_DEFAULT_MAX;
}

/* Makes room for n bytes and a NUL. */
static bool reserve(struct buf *b, size_t n)
{
	if (n > limit(b) - b->n) {
		b->over = true;
		return false;
	}
	size_t need = b->n + n + 1;
	if (need <= b->cap)
		return true;
	size_t cap = b->cap ? b->cap * 2 : 64;
	if (cap < need)
		cap = need;
	b->p = mem_resize(b->p, cap, 1);
	b->cap = cap;
	return true;
}

char *buf_room(struct buf *b, size_t n)
{
	return reserve(b, n) ? b->p + b->n : NULL;
}

void buf_add(struct buf *b, struct str s)
{
	if (s.n > limit(b) - b->n) {
		s.n = limit(b) - b->n;
		b->over = true;
	}
	if (s.n == 0 || !reserve(b, s.n))
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}

void buf_c(struct buf *b, const char *s)
{
	buf_add(b, str_c(s));
}

void buf_char(struct buf *b, char c)
{
	if (b->n + 1 < b->cap && b->n < limit(b)) {
		b->p[b->n++] = c;
		b->p[b->n] = '\0';
		return;
	}
	buf_add(b, (struct str){&c, 1});
}

void buf_fill(struct buf *b, char c, size_t n)
{
	while (n--)
		buf_char(b, c);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	size_t room = b->p ? b->cap - b->n : 0;
	int n = vsnprintf(room ? b->p + b->n : NULL, room, fmt, args);
	va_end(args);
	bool fits = n > 0 && reserve(b, (size_t)n);
	if (fits && (size_t)n >= room)
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
	if (fits)
		b->n += (size_t)n;
	else if (room)
		b->p[b->n] = '\0';
	va_end(again);
}

struct str buf_str(const struct buf *b)
{
	return (struct str){b->p, b->n};
}

const char *buf_cstr(struct buf *b)
{
	if (!b->p) {
		if (!reserve(b, 0))
			return "";
		b->p[0] = '\0';
	}
	b->p[b->n] = '\0';
	return b->p;
}

char *buf_take(struct buf *b)
{
	buf_cstr(b);
	char *p = b->p;
	*b = (struct buf){.max = b->max};
	return p;
}
