/*
 * signals_first: when an account, a principal, and a principal's address or country were first
 * seen. Alerts come in any order, so the earliest time is what is kept. Owns its texts.
 */
#include "signals_priv.h"

#include "s3triage/base/vec.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

static bool first_same(const void *owner, uint32_t at, const void *key)
{
	const struct first *x = &((const struct firsts *)owner)->v[at], *y = key;
	return x->kind == y->kind && str_eq(x->a, y->a) && str_eq(x->b, y->b);
}

static uint64_t first_hash(const struct first *x)
{
	return hash_mix(str_hash(x->a) ^ (uint64_t)x->kind, x->b.n ? str_hash(x->b) : 0);
}

static struct first *first_find(const struct firsts *f, const struct first *like)
{
	const struct table_key key = {first_hash(like), like, first_same, f};
	uint32_t at = table_find(&f->table, &key);
	return at == TABLE_NONE ? NULL : &f->v[at];
}

bool firsts_note(struct firsts *f, const struct first *seen)
{
	if (!seen->a.n || seen->at == WHEN_NONE)
		return false;
	struct first *s = first_find(f, seen);
	bool older = s && seen->at < s->at;
	bool shares = s && !str_eq(seen->owner, s->owner) && !s->shared;
	if (older)
		s->at = seen->at;
	if (shares)
		s->shared = true;
	if (s)
		return older || shares;
	f->v = vec_room(f->v, f->n, &f->cap, sizeof(*f->v));
	table_put(&f->table, first_hash(seen), (uint32_t)f->n);
	s = &f->v[f->n++];
	*s = *seen;
	s->a = arena_str(&f->mem, seen->a);
	s->b = seen->b.n ? arena_str(&f->mem, seen->b) : seen->b;
	s->owner = arena_str(&f->mem, seen->owner);
	return false;
}

bool firsts_shared(const struct firsts *f, struct str account)
{
	const struct first key = {.kind = FIRST_ACCOUNT, .a = account}, *s = account.n ? first_find(f, &key) : NULL;
	return s && s->shared;
}

int64_t firsts_when(const struct firsts *f, enum first_kind kind, struct str a, struct str b)
{
	const struct first *s = a.n ? first_find(f, &(struct first){.kind = kind, .a = a, .b = b}) : NULL;
	return s ? s->at : WHEN_NONE;
}

void firsts_fini(struct firsts *f)
{
	table_fini(&f->table);
	free(f->v);
	arena_fini(&f->mem);
}
