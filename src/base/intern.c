/*
 * intern: each text once, in an arena. Texts are never taken out.
 */
#include "s3triage/base/intern.h"

#include "s3triage/base/vec.h"

#include <stdlib.h>

static bool intern_same(const void *owner, uint32_t at, const void *key)
{
	const struct intern *t = owner;
	return str_eq(t->v[at], *(const struct str *)key);
}

struct str intern(struct intern *t, struct str s)
{
	if (s.n == 0)
		return (struct str){0};
	const struct table_key key = {str_hash(s), &s, intern_same, t};
	uint32_t at = table_find(&t->table, &key);
	if (at != TABLE_NONE)
		return t->v[at];
	t->v = vec_room(t->v, t->n, &t->cap, sizeof(*t->v));
	table_put(&t->table, key.hash, (uint32_t)t->n);
	return t->v[t->n++] = arena_str(&t->mem, s);
}

void intern_fini(struct intern *t)
{
	table_fini(&t->table);
	free(t->v);
	arena_fini(&t->mem);
	*t = (struct intern){0};
}
