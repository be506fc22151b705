/*
 * toml_value: the tree of values: making one, looking one up, adding one.
 */
#include "toml_priv.h"

#include "s3triage/base/utf8.h"

#include <string.h>

enum { KIDS_FIRST = 4, KIDS_HASHED = 16 };

/* Walks on from the last place, so that all places together cost one pass over the text. */
static void toml_value_place(struct toml_parser *p, size_t at)
{
	if (at < p->place_at) {
		p->place_at = 0;
		p->line = p->col = 1;
	}
	for (; p->place_at < at; p->place_at++) {
		unsigned char c = (unsigned char)p->text.p[p->place_at];
		if (c == '\n') {
			p->line++;
			p->col = 1;
		} else if ((c & 0xC0) != 0x80) {
			p->col++;
		}
	}
}

struct toml_value *toml_new(struct toml_parser *p, enum toml_type type, size_t at)
{
	if (++p->values > TOML_VALUES_MAX) {
		toml_fail(p, at, "more than %d values", TOML_VALUES_MAX);
		if (p->err)
			p->err->code = ERR_LIMIT;
		return NULL;
	}
	struct toml_value *v = arena_alloc(&p->doc->arena, sizeof(*v));
	toml_value_place(p, at);
	v->type = (uint8_t)type;
	v->line = p->line;
	v->col = p->col;
	return v;
}

bool toml_deepen(struct toml_parser *p, struct toml_value *v, unsigned depth, size_t at)
{
	if (depth > TOML_DEPTH_MAX) {
		toml_fail(p, at, "nested deeper than %d levels", TOML_DEPTH_MAX);
		if (p->err)
			p->err->code = ERR_LIMIT;
		return false;
	}
	v->depth = (uint8_t)depth;
	return true;
}

static bool kid_same(const void *owner, uint32_t at, const void *key)
{
	return str_eq(((const struct toml_kids *)owner)->key[at], *(const struct str *)key);
}

static void hash_kid(struct toml *doc, struct toml_kids *k, uint32_t at)
{
	k->table.mem = &doc->arena;
	table_put(&k->table, str_hash(k->key[at]), at);
}

static void toml_value_grow(struct toml *doc, struct toml_kids *k, bool table)
{
	k->cap = k->cap ? k->cap * 2 : KIDS_FIRST;
	struct toml_value **item = arena_array(&doc->arena, k->cap, sizeof(*item));
	if (k->n)
		memcpy(item, k->item, k->n * sizeof(*item));
	k->item = item;
	if (!table)
		return;
	struct str *key = arena_array(&doc->arena, k->cap, sizeof(*key));
	if (k->n)
		memcpy(key, k->key, k->n * sizeof(*key));
	k->key = key;
	if (k->cap > KIDS_HASHED && !k->table.n)
		for (uint32_t i = 0; i < k->n; i++)
			hash_kid(doc, k, i);
}

void toml_add(struct toml *doc, struct toml_value *to, struct str key, struct toml_value *v)
{
	bool table = to->type == TOML_TABLE;
	if (!to->kids)
		to->kids = arena_alloc(&doc->arena, sizeof(*to->kids));
	struct toml_kids *k = to->kids;
	if (k->n == k->cap)
		toml_value_grow(doc, k, table);
	k->item[k->n] = v;
	if (table)
		k->key[k->n] = key;
	k->n++;
	if (k->table.n)
		hash_kid(doc, k, k->n - 1);
}

struct toml_value *toml_find(const struct toml_value *table, struct str key)
{
	const struct toml_kids *k = table->kids;
	if (!k)
		return NULL;
	if (k->table.n) {
		const struct table_key find = {str_hash(key), &key, kid_same, k};
		uint32_t at = table_find(&k->table, &find);
		return at == TABLE_NONE ? NULL : k->item[at];
	}
	for (uint32_t i = 0; i < k->n; i++)
		if (str_eq(k->key[i], key))
			return k->item[i];
	return NULL;
}
