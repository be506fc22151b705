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

static bool has(const struct seen_set *s, uint64_t name)
{
	for (size_t i = name; s->cap; i++) {
		uint64_t there = s->v[i & (s->cap - 1)];
		if (there == name)
			return true;
		if (!there)
			break;
	}
	return false;
}

static void put(struct seen_set *s, uint64_t name)
{
	size_t i = name;
	while (s->v[i & (s->cap - 1)])
		i++;
	s->v[i & (s->cap - 1)] = name;
	s->n++;
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
			put(s, old.v[i]);
	free(old.v);
}

bool seen_add(struct seen *s, struct str index, struct str id)
{
	uint64_t name = name_of(index, id);
	if (has(&s->fresh, name))
		return true;
	bool known = has(&s->old, name);
	if (s->fresh.n >= SEEN_MAX) {
		free(s->old.v);
		s->old = s->fresh;
		s->fresh = (struct seen_set){0};
	}
	grow(&s->fresh);
	put(&s->fresh, name);
	return known;
}

void seen_fini(struct seen *s)
{
	free(s->fresh.v);
	free(s->old.v);
	*s = (struct seen){0};
}
