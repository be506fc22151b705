/*
 * accounts_pairs: a set of (group, dimension, value).
 */
#include "accounts_priv.h"

#include <stdlib.h>

static size_t place(const struct pairs *p, const struct pair *x)
{
	uint64_t h = x->value * 0x9e3779b97f4a7c15u;
	h ^= ((uint64_t)x->group << 3 | x->dimension) * 0xc2b2ae3d27d4eb4fu;
	h ^= h >> 29;
	for (size_t i = (size_t)(h * 0x9e3779b97f4a7c15u >> 20) & (p->cap - 1);;
		i = (i + 1) & (p->cap - 1)) {
		const struct pair *at = &p->slots[i];
		if (!at->value || (at->value == x->value && at->group == x->group &&
			at->dimension == x->dimension))
			return i;
	}
}

static void grow(struct pairs *p)
{
	struct pairs old = *p;
	p->cap = old.cap ? old.cap * 2 : 1024;
	p->slots = mem_array(p->cap, sizeof(*p->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].value)
			p->slots[place(p, &old.slots[i])] = old.slots[i];
	free(old.slots);
}

bool pairs_add(struct pairs *p, uint32_t group, enum dimension d, uint64_t value)
{
	if (!value)
		return false;
	if (p->used * 3 >= p->cap * 2)
		grow(p);
	struct pair x = {value, group, d};
	size_t i = place(p, &x);
	if (p->slots[i].value)
		return false;
	p->slots[i] = x;
	p->used++;
	return true;
}

void pairs_fini(struct pairs *p)
{
	free(p->slots);
	*p = (struct pairs){0};
}
