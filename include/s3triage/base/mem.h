/*
 * base/mem: memory that never returns NULL, scope cleanup, and the arena.
 *
 * Running out of memory ends the process: mem_on_exhaustion() lets tui give the terminal back
 * first. Everything whose size comes from outside must be capped before it gets here.
 */
#ifndef S3TRIAGE_BASE_MEM_H
#define S3TRIAGE_BASE_MEM_H

#include "s3triage/base/str.h"

#include <stddef.h>

/* Runs FN(&variable) when the variable's scope ends. */
#define AUTO(fn) __attribute__((cleanup(fn)))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Zeroed storage of n bytes (at least 1), to be given to free(). */
void *mem_alloc(size_t n) __attribute__((malloc, returns_nonnull));

/* Zeroed array of n elements; dies on overflow of the product. */
void *mem_array(size_t n, size_t size) __attribute__((malloc, returns_nonnull));

/* realloc() to n elements of `size`; new bytes are not zeroed. */
void *mem_resize(void *p, size_t n, size_t size) __attribute__((returns_nonnull));

/* A NUL-terminated copy of s on the heap. */
char *mem_dup(struct str s) __attribute__((malloc, returns_nonnull));

/* For AUTO on `char *` and `void *` variables: frees what the variable points to. */
void mem_free_ptr(void *pointer_to_pointer);

/* Called once, before abort(), when memory is exhausted. NULL takes it away. */
void mem_on_exhaustion(void (*fn)(void));

/* A bump allocator: many small things that die together. Not thread-safe; pointers stay valid
 * until arena_fini(). `struct arena a = {0}` is a ready one. */
struct arena_block;
struct arena {
	struct arena_block *head;
	size_t used;  /* bytes handed out */
	size_t taken; /* bytes held from the system */
};

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull));
void *arena_bytes(struct arena *a, size_t n) __attribute__((returns_nonnull)); /* not zeroed */
void *arena_array(struct arena *a, size_t n, size_t size) __attribute__((returns_nonnull));

/* A NUL-terminated copy; the slice does not count the NUL. */
struct str arena_str(struct arena *a, struct str s);

/* printf into the arena. */
struct str arena_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Moves all blocks of `from` into `into`; `from` is empty afterwards and its pointers live on. */
void arena_merge(struct arena *into, struct arena *from);

/* What was handed out since arena_mark() is given back: for one of many small things in a large one.
 * Pointers into it are dead; those from before live on. */
struct arena_mark {
	struct arena_block *head;
	size_t block_used, used;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_release(struct arena *a, struct arena_mark m);

/* Empties it but keeps one block for what comes next. Pointers into it are dead. */
void arena_reset(struct arena *a);

void arena_fini(struct arena *a);

#endif
