/*
 * dedup: names of 64 bits in two generations; the older goes when the newer is full.
 */
#include "s3triage/scan/dedup.h"

#include "s3triage/base/hash.h"
#include "s3triage/base/vec.h"

#include <stdlib.h>
#include <string.h>

/* 64 bits of a hash that nobody can choose an id for. */
static uint64_t dedup_name_of(struct str index, struct str id)
{
	unsigned char sum[32];
	uint64_t name;
	AUTO(buf_fini) struct buf b = {0};
	buf_add(&b, index);
	buf_char(&b, '/');
	buf_add(&b, id);
	sha256_bytes(buf_str(&b), sum);
	memcpy(&name, sum, sizeof(name));
	return name;
}

static bool name_same(const void *owner, uint32_t at, const void *key)
{
	return ((const struct dedup_set *)owner)->v[at] == *(const uint64_t *)key;
}

static uint32_t dedup_find(const struct dedup_set *s, uint64_t name)
{
	return table_find(&s->table, &(struct table_key){name, &name, name_same, s});
}

static uint32_t state_at(const struct dedup_set *s, size_t at)
{
	return s->state ? s->state[at] : 0;
}

static void dedup_set_state(struct dedup_set *s, size_t at, uint32_t state)
{
	if (state && !s->state)
		s->state = mem_array(s->cap, sizeof(*s->state));
	if (s->state)
		s->state[at] = state;
}

static void dedup_put(struct dedup_set *s, uint64_t name, uint32_t state)
{
	size_t cap = s->cap;
	s->v = vec_room(s->v, s->n, &s->cap, sizeof(*s->v));
	if (s->state)
		s->state = vec_zeroed(s->state, s->n, &cap, sizeof(*s->state));
	table_put(&s->table, name, (uint32_t)s->n);
	s->v[s->n] = name;
	dedup_set_state(s, s->n++, state);
}

static void dedup_drop(struct dedup_set *s)
{
	table_fini(&s->table);
	free(s->v);
	free(s->state);
	*s = (struct dedup_set){0};
}

/* True when it is in the set with this state, which it has from now on. */
static bool change(struct dedup_set *s, size_t at, uint32_t state)
{
	bool same = state_at(s, at) == state;
	dedup_set_state(s, at, state);
	return same;
}

bool dedup_add(struct dedup *s, const struct dedup_doc *d)
{
	uint64_t name = dedup_name_of(d->index, d->id);
	uint32_t at = dedup_find(&s->fresh, name);
	if (at != TABLE_NONE)
		return change(&s->fresh, at, d->state);
	at = dedup_find(&s->old, name);
	bool known = at != TABLE_NONE && state_at(&s->old, at) == d->state;
	if (s->fresh.n >= DEDUP_MAX) {
		dedup_drop(&s->old);
		s->old = s->fresh;
		s->fresh = (struct dedup_set){0};
	}
	dedup_put(&s->fresh, name, d->state);
	return known;
}

void dedup_fini(struct dedup *s)
{
	dedup_drop(&s->fresh);
	dedup_drop(&s->old);
}
