/*
 * mem: allocation that dies instead of failing, and the arena.
 */
#include "s3triage/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*exhaustion_hook)(void);

void mem_on_exhaustion(void (*fn)(void))
{
	exhaustion_hook = fn;
}

static void exhausted(void)
{
	if (exhaustion_hook)
		exhaustion_hook();
	fputs("s3triage: out of memory\n", stderr);
	abort();
}

void *mem_alloc(size_t n)
{
	return mem_array(n ? n : 1, 1);
}

void *mem_array(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);
	if (!p)
		exhausted();
	return p;
}

void *mem_resize(void *p, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes))
		exhausted();
	void *q = realloc(p, bytes ? bytes : 1);
	if (!q)
		exhausted();
	return q;
}

char *mem_dup(struct str s)
{
	char *p = mem_alloc(s.n + 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

void mem_free_ptr(void *pointer_to_pointer)
{
	void *p;
	memcpy(&p, pointer_to_pointer, sizeof(p));
	free(p);
}

enum { ARENA_FIRST = 4096, ARENA_MOST = 1 << 20, ARENA_ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t used, cap;
	_Alignas(ARENA_ALIGN) char bytes[];
};

static struct arena_block *mem_add_block(struct arena *a, size_t need)
{
	size_t cap = a->head ? a->head->cap * 2 : ARENA_FIRST;
	if (cap > ARENA_MOST)
		cap = ARENA_MOST;
	if (cap < need)
		cap = need;
	struct arena_block *b = malloc(sizeof(*b) + cap);
	if (!b)
		exhausted();
	b->next = a->head;
	b->used = 0;
	b->cap = cap;
	a->head = b;
	a->taken += sizeof(*b) + cap;
	return b;
}

void *arena_bytes(struct arena *a, size_t n)
{
	if (n > SIZE_MAX / 2)
		exhausted();
	n = (n + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	struct arena_block *b = a->head;
	if (!b || b->cap - b->used < n)
		b = mem_add_block(a, n);
	void *p = b->bytes + b->used;
	b->used += n;
	a->used += n;
	return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
	return memset(arena_bytes(a, n), 0, n);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes))
		exhausted();
	return arena_alloc(a, bytes);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = arena_bytes(a, s.n + 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct str){p, s.n};
}

struct str arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	char small[256];
	int n = vsnprintf(small, sizeof(small), fmt, args);
	va_end(args);
	size_t len = n > 0 ? (size_t)n : 0;
	char *p = arena_bytes(a, len + 1);
	if (len < sizeof(small))
		memcpy(p, small, len + 1);
	else
		vsnprintf(p, len + 1, fmt, again);
	p[len] = '\0';
	va_end(again);
	return (struct str){p, len};
}

void arena_merge(struct arena *into, struct arena *from)
{
	struct arena_block *last = from->head;
	if (!last)
		return;
	while (last->next)
		last = last->next;
	last->next = into->head;
	into->head = from->head;
	into->used += from->used;
	into->taken += from->taken;
	*from = (struct arena){0};
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){a->head, a->head ? a->head->used : 0, a->used};
}

void arena_release(struct arena *a, struct arena_mark m)
{
	while (a->head != m.head) {
		struct arena_block *b = a->head;
		a->head = b->next;
		a->taken -= sizeof(*b) + b->cap;
		free(b);
	}
	if (m.head)
		m.head->used = m.block_used;
	a->used = m.used;
}

void arena_reset(struct arena *a)
{
	struct arena_block *kept = a->head;
	if (!kept)
		return;
	struct arena rest = {.head = kept->next};
	arena_fini(&rest);
	kept->next = NULL;
	if (kept->cap > ARENA_MOST) {
		arena_fini(a);
		return;
	}
	kept->used = 0;
	*a = (struct arena){.head = kept, .taken = sizeof(*kept) + kept->cap};
}

void arena_fini(struct arena *a)
{
	struct arena_block *b = a->head;
	while (b) {
		struct arena_block *next = b->next;
		free(b);
		b = next;
	}
	*a = (struct arena){0};
}
