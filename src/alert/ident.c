/*
 * ident: names found by a table, in chunks, so that none moves.
 */
#include "s3triage/alert/ident.h"

#include <stdlib.h>

enum { CHUNK = 1024 };

struct ident_chunk {
	struct ident at[CHUNK];
};

static struct ident *ident_at(const struct idents *t, size_t i)
{
	return &t->chunks[i / CHUNK]->at[i % CHUNK];
}

struct ident_name {
	struct str a, b;
};

static bool ident_same(const void *owner, uint32_t at, const void *key)
{
	const struct ident *x = ident_at(owner, at);
	const struct ident_name *name = key;
	return str_eq(x->a, name->a) && str_eq(x->b, name->b);
}

static uint64_t ident_hash(struct str a, struct str b)
{
	return hash_mix(str_hash(a), b.n ? str_hash(b) : 0);
}

static struct ident *ident_add(struct idents *t)
{
	if (t->n % CHUNK == 0) {
		t->chunks = mem_resize(t->chunks, t->n / CHUNK + 1, sizeof(*t->chunks));
		t->chunks[t->n / CHUNK] = mem_alloc(sizeof(struct ident_chunk));
	}
	return ident_at(t, t->n++);
}

static struct ident *look(const struct idents *t, struct str a, struct str b)
{
	const struct ident_name name = {a, b};
	const struct table_key key = {ident_hash(a, b), &name, ident_same, t};
	uint32_t at = table_find(&t->table, &key);
	return at == TABLE_NONE ? NULL : ident_at(t, at);
}

static struct ident *ident_get(struct idents *t, struct str a, struct str b)
{
	struct ident *x = look(t, a, b);
	if (x)
		return x;
	table_put(&t->table, ident_hash(a, b), (uint32_t)t->n);
	x = ident_add(t);
	*x = (struct ident){.rows = {.row = ROW_NONE}};
	x->a = b.n ? intern(t->words, a) : arena_str(&t->mem, a);
	x->b = b.n ? arena_str(&t->mem, b) : b;
	return x;
}

struct ident *ident_of_id(struct idents *t, struct str id)
{
	return id.n ? ident_get(t, id, (struct str){0}) : NULL;
}

struct ident *ident_of_event(struct idents *t, struct str rule_id, struct str event_id)
{
	return event_id.n ? ident_get(t, rule_id, event_id) : NULL;
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
	return shared_id.n ? ident_get(t, shared_rule(rule_id, &rule), shared_id) : NULL;
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

void idents_fini(struct idents *t)
{
	for (size_t i = 0; i * CHUNK < t->n; i++)
		free(t->chunks[i]);
	free(t->chunks);
	table_fini(&t->table);
	arena_fini(&t->mem);
	*t = (struct idents){0};
}
