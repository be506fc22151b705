/*
 * base/table: finds elements of an array by a key: an open-addressed table of their numbers. The
 * elements stay with their owner, in the order in which they came; the table holds number and hash.
 */
#ifndef S3TRIAGE_BASE_TABLE_H
#define S3TRIAGE_BASE_TABLE_H

#include "s3triage/base/mem.h"

#define TABLE_NONE UINT32_MAX

struct table_slot {
	uint32_t hash, at; /* at: the element's number + 1; 0: free */
};

/* Ready when zeroed, or with only `mem` set: then slots come from there and nothing has to be freed. */
struct table {
	struct table_slot *slots;
	size_t n, cap; /* cap is 0 or a power of two */
	struct arena *mem;
};

/* Does element `at` of `owner` have this key? */
typedef bool table_same(const void *owner, uint32_t at, const void *key);

/* A question: hash of the key, the key as `same` takes it, whose elements they are. */
struct table_key {
	uint64_t hash; /* of text from outside: made with str_hash() */
	const void *key;
	table_same *same;
	const void *owner;
};

/* The element's number, TABLE_NONE when none has the key. */
uint32_t table_find(const struct table *t, const struct table_key *k);

/* Puts element `at` under a hash; the caller knows that no element has its key. */
void table_put(struct table *t, uint64_t hash, uint32_t at);

/* Forgets all elements and keeps the room. */
void table_clear(struct table *t);
void table_fini(struct table *t);

/* One hash of two. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ a >> 32) * UINT64_C(0x9E3779B97F4A7C15) + b;
	h *= UINT64_C(0xC2B2AE3D27D4EB4F);
	return h ^ h >> 29;
}

#endif
