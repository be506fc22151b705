/*
 * intern: an open-addressed table of strings over an arena. Strings are never taken out.
 */
#include "intern_priv.h"

#include <stdlib.h>
#include <string.h>

static struct intern_slot *find(struct intern *t, struct str s, uint32_t hash)
{
	size_t mask = t->cap - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct intern_slot *slot = &t->slots[i];
		if (!slot->p)
			return slot;
		if (slot->hash == hash && slot->n == s.n && memcmp(slot->p, s.p, s.n) == 0)
			return slot;
	}
}

static void grow(struct intern *t)
{
	struct intern old = *t;
	t->cap = old.cap ? old.cap * 2 : 256;
	t->slots = mem_array(t->cap, sizeof(*t->slots));
	for (size_t i = 0; i < old.cap; i++) {
		const struct intern_slot *from = &old.slots[i];
		if (from->p)
			*find(t, (struct str){from->p, from->n}, from->hash) = *from;
	}
	free(old.slots);
}

struct str intern(struct intern *t, struct str s)
{
	if (s.n == 0)
		return (struct str){0};
	if (s.n > UINT32_MAX)
		return arena_str(&t->mem, s);
	if (t->used * 4 >= t->cap * 3)
		grow(t);
	uint64_t wide = str_hash(s);
	uint32_t hash = (uint32_t)(wide ^ wide >> 32);
	struct intern_slot *slot = find(t, s, hash);
	if (!slot->p) {
		*slot = (struct intern_slot){arena_str(&t->mem, s).p, (uint32_t)s.n, hash};
		t->used++;
	}
	return (struct str){slot->p, s.n};
}

size_t intern_bytes(const struct intern *t)
{
	return t->mem.taken + t->cap * sizeof(*t->slots);
}

void intern_fini(struct intern *t)
{
	free(t->slots);
	arena_fini(&t->mem);
	*t = (struct intern){0};
}
