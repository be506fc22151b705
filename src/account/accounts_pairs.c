/*
 * accounts_pairs: a set of (group, dimension, value).
 */
#include "accounts_priv.h"

#include "s3triage/base/vec.h"

#include <stdlib.h>

static bool pair_same(const void *owner, uint32_t at, const void *key)
{
	const struct pair *x = &((const struct pairs *)owner)->v[at], *y = key;
	return x->value == y->value && x->group == y->group && x->dimension == y->dimension;
}

bool pairs_add(struct pairs *p, uint32_t group, enum dimension d, uint64_t value)
{
	if (!value)
		return false;
	const struct pair x = {value, group, d};
	const uint64_t hash = hash_mix(value, (uint64_t)group << 3 | d);
	if (table_find(&p->table, &(struct table_key){hash, &x, pair_same, p}) != TABLE_NONE)
		return false;
	p->v = vec_room(p->v, p->n, &p->cap, sizeof(*p->v));
	table_put(&p->table, hash, (uint32_t)p->n);
	p->v[p->n++] = x;
	return true;
}

void pairs_fini(struct pairs *p)
{
	table_fini(&p->table);
	free(p->v);
	*p = (struct pairs){0};
}
