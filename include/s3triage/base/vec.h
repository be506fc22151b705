/*
 * base/vec: growing arrays. An array is a pointer, a count and a capacity wherever they lie:
 *
 *	a->v = vec_room(a->v, a->n, &a->cap, sizeof(*a->v));
 *	a->v[a->n++] = x;
 */
#ifndef S3TRIAGE_BASE_VEC_H
#define S3TRIAGE_BASE_VEC_H

#include "s3triage/base/mem.h"

#include <string.h>

/* `v`, or what it moved to, with room for element number n; *cap is how many it holds then. New bytes
 * are not zeroed. */
static inline void *vec_room(void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	size_t most = *cap * 2;
	*cap = most > n ? most : n + 8;
	return mem_resize(v, *cap, size);
}

/* The same, with what is new zeroed. */
static inline void *vec_zeroed(void *v, size_t n, size_t *cap, size_t size)
{
	size_t before = *cap;
	char *p = vec_room(v, n, cap, size);
	memset(p + before * size, 0, (*cap - before) * size);
	return p;
}

#endif
