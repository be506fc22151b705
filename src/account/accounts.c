/*
 * accounts: alerts taken together by a key. What a row added is remembered, so that a verdict or a
 * signal that changes costs no more than the row; a row whose facts changed makes everything be
 * counted anew. Does not know in which order groups are shown.
 */
#include "accounts_priv.h"

#include "s3triage/base/vec.h"
#include "s3triage/base/when.h"

#include <stdlib.h>
#include <string.h>

struct groups *groups_new(const struct groups_setup *setup)
{
	struct groups *g = mem_alloc(sizeof(*g));
	g->set = *setup;
	g->descending = true;
	g->words = mem_dup((struct str){0});
	return g;
}

static void forget(struct groups *g)
{
	pairs_fini(&g->pairs);
	arena_fini(&g->mem);
	table_fini(&g->table);
	g->n = g->n_links = g->n_rows = g->n_order = 0;
}

void groups_free(struct groups *g)
{
	if (!g)
		return;
	forget(g);
	free(g->v);
	free(g->links);
	free(g->shares);
	free(g->keys);
	free(g->order);
	free(g->words);
	free(g);
}

/* ---- groups by key ------------------------------------------------------------------------ */

static uint32_t group_of(struct groups *g, struct str key)
{
	uint32_t i = groups_lookup(g, key);
	if (i != GROUP_NONE)
		return i;
	g->v = vec_room(g->v, g->n, &g->cap, sizeof(struct member *));
	struct member *m = arena_alloc(&g->mem, sizeof(*m));
	m->g = (struct group){.key = arena_str(&g->mem, key), .first = WHEN_NONE, .last = WHEN_NONE,
		.known = g->set.by == GROUP_ACCOUNT && g->set.book && key.n ?
			book_find(g->set.book, key) : NULL};
	g->v[g->n++] = m;
	table_put(&g->table, str_hash(key), (uint32_t)g->n - 1);
	return (uint32_t)g->n - 1;
}

/* The keys that a row has, each once, into g->keys. By destination one that names none counts too. */
static size_t accounts_keys_of(struct groups *g, const struct alert *a)
{
	size_t n = 0, most = a->n_dests ? a->n_dests : 1;
	g->keys = vec_room(g->keys, most, &g->cap_keys, sizeof(*g->keys));
	if (g->set.by != GROUP_ACCOUNT || !a->n_dests) {
		g->keys[0] = g->set.by == GROUP_ACTOR ? alert_principal(a, g->principal) :
			g->set.by == GROUP_BUCKET ? a->bucket :
			g->set.by == GROUP_ROLE ? a->role : (struct str){0};
		return 1;
	}
	for (size_t i = 0; i < a->n_dests; i++) {
		bool known = false;
		for (size_t k = 0; k < n && !known; k++)
			known = str_eq(g->keys[k], a->dests[i].account);
		if (!known)
			g->keys[n++] = a->dests[i].account;
	}
	return n;
}

/* ---- counting ----------------------------------------------------------------------------- */

static uint64_t facts_of(const struct alert *a)
{
	const void *const texts[] = {a->bucket.p, a->owner.p, a->actor.p, a->actor_arn.p,
		a->actor_type.p, a->caller_account.p, a->person.p, a->provider.p, a->role.p, a->region.p};
	uint64_t h = (uint64_t)a->time;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		h = (h ^ (uint64_t)(uintptr_t)texts[i]) * 0x9e3779b97f4a7c15u;
	for (size_t i = 0; i < a->n_dests; i++)
		h = (h ^ (uint64_t)(uintptr_t)a->dests[i].account.p) * 0x9e3779b97f4a7c15u;
	return h;
}

static uint64_t accounts_value_of(struct str interned)
{
	return interned.n ? (uint64_t)(uintptr_t)interned.p : 0;
}

static void count_different(struct groups *g, uint32_t i, const struct alert *a)
{
	char tmp[ALERT_PRINCIPAL_MAX];
	struct group *x = &g->v[i]->g;
	struct str who = alert_principal(a, tmp);
	x->buckets += pairs_add(&g->pairs, i, DIM_BUCKET, accounts_value_of(a->bucket));
	x->owners += pairs_add(&g->pairs, i, DIM_OWNER, accounts_value_of(a->owner));
	x->actors += pairs_add(&g->pairs, i, DIM_ACTOR, who.n ? str_hash(who) | 1 : 0);
	x->roles += pairs_add(&g->pairs, i, DIM_ROLE, accounts_value_of(a->role));
	x->regions += pairs_add(&g->pairs, i, DIM_REGION, accounts_value_of(a->region));
	for (size_t d = 0; d < a->n_dests; d++)
		x->accounts += pairs_add(
			&g->pairs, i, DIM_ACCOUNT, accounts_value_of(a->dests[d].account));
}

static void add_link(struct groups *g, struct member *m, row_id r)
{
	g->links = vec_room(g->links, g->n_links, &g->cap_links, sizeof(*g->links));
	g->links[g->n_links++] = (struct link){r, 0};
	if (m->last)
		g->links[m->last - 1].next = (uint32_t)g->n_links;
	else
		m->first = (uint32_t)g->n_links;
	m->last = (uint32_t)g->n_links;
}

static void add_to_group(struct groups *g, uint32_t i, row_id r, const struct share *s)
{
	const struct alert *a = store_alert(g->set.store, r);
	struct group *x = &g->v[i]->g;
	if (!x->alerts++)
		x->example = a;
	x->verdicts[s->verdict]++;
	x->signal = s->signal > x->signal ? s->signal : x->signal;
	if (a->time != WHEN_NONE) {
		x->first = x->first == WHEN_NONE || a->time < x->first ? a->time : x->first;
		x->last = a->time > x->last ? a->time : x->last;
	}
	count_different(g, i, a);
	add_link(g, g->v[i], r);
}

static struct share share_of(const struct groups *g, row_id r)
{
	return (struct share){store_verdict(g->set.store, r),
		g->set.signal ? g->set.signal(g->set.ctx, r) : 0,
		facts_of(store_alert(g->set.store, r))};
}

static void accounts_add_row(struct groups *g, row_id r)
{
	g->shares = vec_room(g->shares, g->n_rows, &g->cap_rows, sizeof(*g->shares));
	struct share s = share_of(g, r);
	g->shares[g->n_rows++] = s;
	size_t n = accounts_keys_of(g, store_alert(g->set.store, r));
	for (size_t i = 0; i < n; i++)
		add_to_group(g, group_of(g, g->keys[i]), r, &s);
}

/* ---- changes ------------------------------------------------------------------------------ */

/* The strongest signal of a group when the row that had it lost it. */
static void find_strongest(struct groups *g, struct member *m)
{
	m->g.signal = 0;
	for (uint32_t l = m->first; l; l = g->links[l - 1].next) {
		int signal = g->shares[g->links[l - 1].row].signal;
		m->g.signal = signal > m->g.signal ? signal : m->g.signal;
	}
}

static void change_in_group(struct groups *g, uint32_t i, const struct share *was,
	const struct share *now)
{
	struct member *m = g->v[i];
	m->g.verdicts[was->verdict]--;
	m->g.verdicts[now->verdict]++;
	if (now->signal >= m->g.signal)
		m->g.signal = now->signal;
	else if (was->signal == m->g.signal)
		find_strongest(g, m);
}

/* False when the row's facts changed: then everything is to be counted anew. */
static bool change_row(struct groups *g, row_id r, bool *any)
{
	if (r >= g->n_rows)
		return true;
	struct share was = g->shares[r], now = share_of(g, r);
	if (was.facts != now.facts)
		return false;
	if (was.verdict == now.verdict && was.signal == now.signal)
		return true;
	*any = true;
	g->shares[r] = now;
	size_t n = accounts_keys_of(g, store_alert(g->set.store, r));
	for (size_t i = 0; i < n; i++)
		change_in_group(g, groups_lookup(g, g->keys[i]), &was, &now);
	return true;
}

static bool take_changes(struct groups *g, bool *any)
{
	size_t n = store_change_count(g->set.store);
	bool whole = true;
	for (; g->n_changes < n && whole; g->n_changes++)
		whole = change_row(g, store_change_at(g->set.store, g->n_changes), any);
	g->n_changes = n;
	return whole;
}

bool groups_update(struct groups *g)
{
	bool any = false;
	if (!take_changes(g, &any)) {
		forget(g);
		any = true;
	}
	for (row_id r = (row_id)g->n_rows; r < store_count(g->set.store); r++) {
		accounts_add_row(g, r);
		any = true;
	}
	g->stale |= any;
	groups_order(g);
	return any;
}

void groups_recount(struct groups *g)
{
	forget(g);
	g->stale = true;
	groups_update(g);
}

/* ---- asking ------------------------------------------------------------------------------- */

const struct group *groups_find(const struct groups *g, struct str key)
{
	uint32_t i = groups_lookup(g, key);
	return i == GROUP_NONE ? NULL : &g->v[i]->g;
}

size_t groups_rows(const struct groups *g, struct str key, row_id *out, size_t max)
{
	uint32_t i = groups_lookup(g, key);
	if (i == GROUP_NONE)
		return 0;
	size_t n = 0;
	for (uint32_t l = g->v[i]->first; l && n < max; l = g->links[l - 1].next)
		out[n++] = g->links[l - 1].row;
	return g->v[i]->g.alerts;
}
