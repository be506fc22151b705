/*
 * ident: an open-addressed table of names over chunks of idents.
 */
#include "ident_priv.h"

#include <stdlib.h>

enum { CHUNK = 1024 };

struct ident_chunk {
	struct ident at[CHUNK];
};

static struct ident *ident_at(const struct idents *t, size_t i)
{
	return &t->chunks[i / CHUNK]->at[i % CHUNK];
}

static uint32_t name_hash(struct str a, struct str b)
{
	uint64_t h = str_hash(a) * 0x9e3779b97f4a7c15u + str_hash(b);
	return (uint32_t)(h ^ h >> 32);
}

/* The slot where this name is, or would be put. */
static uint32_t *find(const struct idents *t, struct str a, struct str b, uint32_t hash)
{
	size_t mask = t->cap - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		uint32_t *slot = &t->slots[i];
		if (!*slot)
			return slot;
		const struct ident *x = ident_at(t, *slot - 1);
		if (x->hash == hash && str_eq(x->a, a) && str_eq(x->b, b))
			return slot;
	}
}

static void grow(struct idents *t)
{
	free(t->slots);
	t->cap = t->cap ? t->cap * 2 : 1024;
	t->slots = mem_array(t->cap, sizeof(*t->slots));
	size_t mask = t->cap - 1;
	for (size_t n = 0; n < t->n; n++) {
		size_t i = ident_at(t, n)->hash & mask;
		while (t->slots[i])
			i = (i + 1) & mask;
		t->slots[i] = (uint32_t)n + 1;
	}
}

static struct ident *add(struct idents *t)
{
	if (t->n % CHUNK == 0) {
		t->chunks = mem_resize(t->chunks, t->n / CHUNK + 1, sizeof(*t->chunks));
		t->chunks[t->n / CHUNK] = mem_alloc(sizeof(struct ident_chunk));
	}
	return ident_at(t, t->n++);
}

static struct ident *get(struct idents *t, struct str a, struct str b)
{
	if (t->n * 4 >= t->cap * 3)
		grow(t);
	uint32_t hash = name_hash(a, b);
	uint32_t *slot = find(t, a, b, hash);
	if (*slot)
		return ident_at(t, *slot - 1);
	struct ident *x = add(t);
	*x = (struct ident){.rows = {.row = ROW_NONE}, .hash = hash};
	x->a = b.n ? intern(t->words, a) : arena_str(&t->mem, a);
	x->b = b.n ? arena_str(&t->mem, b) : b;
	*slot = (uint32_t)t->n;
	return x;
}

struct ident *ident_of_id(struct idents *t, struct str id)
{
	return id.n ? get(t, id, (struct str){0}) : NULL;
}

struct ident *ident_of_event(struct idents *t, struct str rule_id, struct str event_id)
{
	return event_id.n ? get(t, rule_id, event_id) : NULL;
}

/* An event's id that is another's shared id is no name of that one. */
static struct str shared_rule(struct str rule_id, struct buf *out)
{
	buf_fmt(out, "shared %.*s", STR_ARG(rule_id));
	return buf_str(out);
}

struct ident *ident_of_shared(struct idents *t, struct str rule_id, struct str shared_id)
{
	AUTO(buf_fini) struct buf rule = {0};
	return shared_id.n ? get(t, shared_rule(rule_id, &rule), shared_id) : NULL;
}

static struct ident *look(const struct idents *t, struct str a, struct str b)
{
	uint32_t slot = t->cap ? *find(t, a, b, name_hash(a, b)) : 0;
	return slot ? ident_at(t, slot - 1) : NULL;
}

struct ident *ident_find_id(const struct idents *t, struct str id)
{
	return id.n ? look(t, id, (struct str){0}) : NULL;
}

struct ident *ident_find_event(const struct idents *t, struct str rule_id, struct str event_id)
{
	return event_id.n ? look(t, rule_id, event_id) : NULL;
}

struct ident *ident_find_shared(const struct idents *t, struct str rule_id, struct str shared_id)
{
	AUTO(buf_fini) struct buf rule = {0};
	return shared_id.n ? look(t, shared_rule(rule_id, &rule), shared_id) : NULL;
}

bool ident_add_row(struct idents *t, struct ident *name, row_id row)
{
	struct ident_row *last = &name->rows;
	while (last->row != row && last->next)
		last = last->next;
	if (last->row == row)
		return false;
	if (last->row != ROW_NONE) {
		last->next = arena_alloc(&t->mem, sizeof(*last));
		last = last->next;
	}
	last->row = row;
	return true;
}

size_t idents_bytes(const struct idents *t)
{
	size_t chunks = (t->n + CHUNK - 1) / CHUNK;
	return t->mem.taken + t->cap * sizeof(*t->slots) +
		chunks * (sizeof(struct ident_chunk) + sizeof(*t->chunks));
}

void idents_fini(struct idents *t)
{
	for (size_t i = 0; i * CHUNK < t->n; i++)
		free(t->chunks[i]);
	free(t->chunks);
	free(t->slots);
	arena_fini(&t->mem);
	*t = (struct idents){0};
}
