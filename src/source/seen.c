/*
 * seen: open addressing over 64 bits of SHA-256: nobody can choose an id that hides another.
 */
#include "seen.h"

#include "s3triage/base/hash.h"
#include "s3triage/base/mem.h"

#include <stdlib.h>
#include <string.h>

static uint64_t name_of(struct str index, struct str id)
{
	char hex[SHA256_HEX];
	struct buf b = {0};
	buf_add(&b, index);
	buf_char(&b, '/');
	buf_add(&b, id);
	sha256_hex(buf_str(&b), hex);
	buf_fini(&b);
	hex[16] = '\0';
	uint64_t name = strtoull(hex, NULL, 16);
	return name ? name : 1;
}

/* The place of a name, or cap. */
static size_t find(const struct seen_set *s, uint64_t name)
{
	for (size_t i = name; s->cap; i++) {
		size_t at = i & (s->cap - 1);
		if (s->v[at] == name)
			return at;
		if (!s->v[at])
			break;
	}
	return s->cap;
}

static uint32_t state_at(const struct seen_set *s, size_t at)
{
	return s->state ? s->state[at] : 0;
}

static void set_state(struct seen_set *s, size_t at, uint32_t state)
{
	if (state && !s->state)
		s->state = mem_array(s->cap, sizeof(*s->state));
	if (s->state)
		s->state[at] = state;
}

static void put(struct seen_set *s, uint64_t name, uint32_t state)
{
	size_t i = name;
	while (s->v[i & (s->cap - 1)])
		i++;
	s->v[i & (s->cap - 1)] = name;
	set_state(s, i & (s->cap - 1), state);
	s->n++;
}

static void drop(struct seen_set *s)
{
	free(s->v);
	free(s->state);
	*s = (struct seen_set){0};
}

static void grow(struct seen_set *s)
{
	struct seen_set old = *s;
	if (s->n * 4 < s->cap * 3)
		return;
	*s = (struct seen_set){.cap = old.cap ? old.cap * 2 : 1024};
	s->v = mem_array(s->cap, sizeof(*s->v));
	for (size_t i = 0; i < old.cap; i++)
		if (old.v[i])
			put(s, old.v[i], state_at(&old, i));
	drop(&old);
}

/* True when it is in the set with this state, which it has from now on. */
static bool change(struct seen_set *s, size_t at, uint32_t state)
{
	bool same = state_at(s, at) == state;
	set_state(s, at, state);
	return same;
}

bool seen_add(struct seen *s, const struct seen_doc *d)
{
	uint64_t name = name_of(d->index, d->id);
	size_t at = find(&s->fresh, name);
	if (at < s->fresh.cap)
		return change(&s->fresh, at, d->state);
	at = find(&s->old, name);
	bool known = at < s->old.cap && state_at(&s->old, at) == d->state;
	if (s->fresh.n >= SEEN_MAX) {
		drop(&s->old);
		s->old = s->fresh;
		s->fresh = (struct seen_set){0};
	}
	grow(&s->fresh);
	put(&s->fresh, name, d->state);
	return known;
}

void seen_fini(struct seen *s)
{
	drop(&s->fresh);
	drop(&s->old);
}
