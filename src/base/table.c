/*
 * table: linear probing at a load of at most three quarters. Hashes lie in the slots, so growing
 * asks nobody for a key, and `same` is called for little else than the element itself.
 */
#include "s3triage/base/table.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE_FIRST = 16 };

static uint32_t table_fold(uint64_t hash)
{
	return (uint32_t)(hash ^ hash >> 32);
}

uint32_t table_find(const struct table *t, const struct table_key *k)
{
	if (!t->n)
		return TABLE_NONE;
	uint32_t hash = table_fold(k->hash);
	for (size_t i = hash & (t->cap - 1); t->slots[i].at; i = (i + 1) & (t->cap - 1))
		if (t->slots[i].hash == hash && k->same(k->owner, t->slots[i].at - 1, k->key))
			return t->slots[i].at - 1;
	return TABLE_NONE;
}

static void table_place(struct table *t, struct table_slot slot)
{
	size_t i = slot.hash & (t->cap - 1);
	while (t->slots[i].at)
		i = (i + 1) & (t->cap - 1);
	t->slots[i] = slot;
}

static void table_grow(struct table *t)
{
	struct table old = *t;
	t->cap = old.cap ? old.cap * 2 : TABLE_FIRST;
	t->slots = t->mem ? arena_array(t->mem, t->cap, sizeof(*t->slots))
			  : mem_array(t->cap, sizeof(*t->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].at)
			table_place(t, old.slots[i]);
	if (!t->mem)
		free(old.slots);
}

void table_put(struct table *t, uint64_t hash, uint32_t at)
{
	if (t->n * 4 >= t->cap * 3)
		table_grow(t);
	table_place(t, (struct table_slot){table_fold(hash), at + 1});
	t->n++;
}

void table_clear(struct table *t)
{
	if (t->cap)
		memset(t->slots, 0, t->cap * sizeof(*t->slots));
	t->n = 0;
}

void table_fini(struct table *t)
{
	if (!t->mem)
		free(t->slots);
	*t = (struct table){0};
}
