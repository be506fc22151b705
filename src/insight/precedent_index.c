/*
 * precedent_index: from a value to the decisions that have it, and the values out of a decision's facts.
 * Facts are read without building a tree: a journal has many, and they are our own writing.
 */
#include "precedent_priv.h"

#include "s3triage/base/vec.h"
#include "s3triage/alert/facts.h"

#include <stdlib.h>

/* ---- shelves ------------------------------------------------------------------------------ */

struct shelf_key {
	uint32_t kind;
	struct str value;
};

static bool shelf_same(const void *owner, uint32_t at, const void *key)
{
	const struct shelf *x = &((const struct shelves *)owner)->v[at];
	const struct shelf_key *k = key;
	return x->kind == k->kind && str_eq(x->value, k->value);
}

static struct shelf *shelf_find(const struct shelves *s, const struct shelf_key *k)
{
	const struct table_key key = {hash_mix(str_hash(k->value), k->kind), k, shelf_same, s};
	uint32_t at = table_find(&s->table, &key);
	return at == TABLE_NONE ? NULL : &s->v[at];
}

static struct shelf *shelf_of(struct shelves *s, const struct shelf_key *k)
{
	struct shelf *at = shelf_find(s, k);
	if (at)
		return at;
	s->v = vec_room(s->v, s->n, &s->cap, sizeof(*s->v));
	table_put(&s->table, hash_mix(str_hash(k->value), k->kind), (uint32_t)s->n);
	s->v[s->n] = (struct shelf){.value = intern(&s->words, k->value), .kind = k->kind};
	return &s->v[s->n++];
}

void shelves_put(struct shelves *s, enum precedent_kind kind, struct str value, uint32_t past)
{
	struct shelf *at = shelf_of(s, &(struct shelf_key){kind, value});
	if (at->n && at->v[at->n - 1] == past)
		return; /* two destinations in one account */
	at->v = vec_room(at->v, at->n, &at->cap, sizeof(*at->v));
	at->v[at->n++] = past;
}

const struct shelf *shelves_find(const struct shelves *s, enum precedent_kind kind, struct str value)
{
	return shelf_find(s, &(struct shelf_key){kind, value});
}

void shelves_fini(struct shelves *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i].v);
	free(s->v);
	table_fini(&s->table);
	intern_fini(&s->words);
	*s = (struct shelves){0};
}

/* ---- values ------------------------------------------------------------------------------- */

static void precedent_index_give(
	struct str value, enum precedent_kind kind, precedent_value_fn fn, void *ctx)
{
	if (value.n)
		fn(ctx, kind, value);
}

/* Who it was, not the short name, which every account may have. */
static void give_actor(const struct alert *a, precedent_value_fn fn, void *ctx)
{
	char tmp[ALERT_PRINCIPAL_MAX];
	precedent_index_give(alert_principal(a, tmp), PRECEDENT_ACTOR, fn, ctx);
}

void precedent_values(const struct alert *a, precedent_value_fn fn, void *ctx)
{
	for (size_t i = 0; i < a->n_dests; i++)
		if (a->dests[i].relation != RELATION_OWN)
			precedent_index_give(a->dests[i].account, PRECEDENT_DEST, fn, ctx);
	give_actor(a, fn, ctx);
	precedent_index_give(a->role, PRECEDENT_ROLE, fn, ctx);
	precedent_index_give(a->bucket, PRECEDENT_BUCKET, fn, ctx);
}

/* The text after `"key":"` up to the quote. In a string a quote has a backslash before it, and texts
 * with one are not read here, so the key is no text of an attacker's. */
static struct str text_of(struct str json, struct str key)
{
	size_t at = str_find(json, key);
	if (at == STR_NONE)
		return (struct str){0};
	struct str rest = str_sub(json, at + key.n, json.n);
	return str_sub(rest, 0, str_find_char(rest, '"'));
}

static void read_dests(struct str list, precedent_value_fn fn, void *ctx)
{
	const struct str key = STR("\"account\":\"");
	for (size_t at; (at = str_find(list, key)) != STR_NONE;) {
		list = str_sub(list, at, list.n);
		struct str account = text_of(list, key);
		list = str_sub(list, key.n, list.n);
		struct str one = str_sub(list, 0, str_find(list, key));
		if (!str_is(text_of(one, STR("\"relation\":\"")), "own"))
			precedent_index_give(account, PRECEDENT_DEST, fn, ctx);
	}
}

void precedent_facts(struct str facts, precedent_value_fn fn, void *ctx)
{
	if (str_find_char(facts, '\\') != STR_NONE) {
		struct arena mem = {0};
		struct alert a;
		if (export_facts_read(facts, &mem, &a, NULL))
			precedent_values(&a, fn, ctx);
		arena_fini(&mem);
		return;
	}
	size_t dests = str_find(facts, STR("\"destinations\":["));
	struct str top = str_sub(facts, 0, dests);
	read_dests(str_sub(facts, top.n, facts.n), fn, ctx);
	struct alert who = {.actor = text_of(top, STR("\"actor\":\"")),
		.actor_arn = text_of(top, STR("\"actor_arn\":\"")),
		.actor_type = text_of(top, STR("\"actor_type\":\"")),
		.caller_account = text_of(top, STR("\"caller_account\":\"")),
		.person = text_of(top, STR("\"person\":\"")),
		.provider = text_of(top, STR("\"identity_provider\":\""))};
	give_actor(&who, fn, ctx);
	precedent_index_give(text_of(top, STR("\"role\":\"")), PRECEDENT_ROLE, fn, ctx);
	precedent_index_give(text_of(top, STR("\"bucket\":\"")), PRECEDENT_BUCKET, fn, ctx);
}
