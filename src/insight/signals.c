/*
 * signals: keeps every row's signals up to date in the store, and tells them. Alerts arrive in any
 * order: one that is older than what was known makes other rows stale, which are then looked at
 * again a few at a time. Never decides.
 */
#include "s3triage/insight/signals.h"

#include "s3triage/base/vec.h"
#include "s3triage/base/when.h"
#include "s3triage/event/activity.h"
#include "s3triage/event/json_write.h"
#include "signals_priv.h"

#include <stdlib.h>
#include <string.h>

struct signals *signals_new(struct store *s)
{
	struct signals *g = mem_alloc(sizeof(*g));
	g->store = s;
	g->generation = 1;
	return g;
}

void signals_free(struct signals *g)
{
	if (!g)
		return;
	firsts_fini(&g->firsts);
	arena_fini(&g->mem);
	free(g->looked);
	free(g);
}

static void all_stale(struct signals *g)
{
	g->generation++;
	g->next = 0;
}

void signals_ask(struct signals *g, const struct signals_asks *asks)
{
	g->asks = *asks;
	g->news = true;
	all_stale(g);
}

void signals_again(struct signals *g)
{
	all_stale(g);
}

/* ---- keeping up --------------------------------------------------------------------------- */

static void signals_look_again(struct signals *g, row_id r)
{
	g->looked[r] = 0;
	g->next = r < g->next ? r : g->next;
}

static void note_row(struct signals *g, row_id r)
{
	const struct alert *a = store_alert(g->store, r);
	char tmp[ALERT_PRINCIPAL_MAX];
	struct str who = alert_acting(a, tmp);
	bool older = false;
	const struct first seen[] = {{.kind = FIRST_PRINCIPAL, .a = who, .at = a->time},
		{.kind = FIRST_ADDRESS, .a = who, .b = a->ip, .at = a->time},
		{.kind = FIRST_COUNTRY, .a = who, .b = a->country, .at = a->time}};
	for (size_t i = 0; i < ARRAY_LEN(seen); i++)
		older |= firsts_note(&g->firsts, &seen[i]);
	for (size_t i = 0; i < a->n_dests; i++) {
		const struct alert_dest *d = &a->dests[i];
		const struct first account = {.kind = FIRST_ACCOUNT, .a = d->account, .at = a->time, .owner = a->owner};
		const struct first bucket = {.kind = FIRST_BUCKET, .a = d->account, .b = d->bucket, .at = a->time};
		older |= firsts_note(&g->firsts, &account);
		older |= firsts_note(&g->firsts, &bucket);
	}
	if (older)
		all_stale(g);
	g->news = true;
	signals_look_again(g, r);
}

static void signals_take_in(struct signals *g)
{
	size_t n = store_count(g->store);
	g->looked = vec_zeroed(g->looked, n, &g->cap, sizeof(*g->looked));
	for (size_t i = g->seen_changes; i < store_change_count(g->store); i++) {
		row_id r = store_change_at(g->store, i);
		if (r < g->seen && store_change_of_facts(g->store, i))
			note_row(g, r);
		else if (r < g->seen)
			signals_look_again(g, r);
	}
	for (; g->seen < n; g->seen++)
		note_row(g, (row_id)g->seen);
}

/* What is usual changes with every alert, and then all are looked at again. */
static void signals_count(struct signals *g)
{
	if (!g->news)
		return;
	g->news = false;
	g->counted = true;
	if (!g->asks.count)
		return;
	g->asks.count(g->asks.ctx);
	all_stale(g);
}

bool signals_update(struct signals *g, size_t most)
{
	size_t left = most ? most : SIZE_MAX, before = g->seen;
	signals_take_in(g);
	if (!most || g->seen == before)
		signals_count(g);
	for (; g->next < g->seen && left; g->next++) {
		struct signal_look look;
		if (g->looked[g->next] == g->generation)
			continue;
		g->looked[g->next] = g->generation;
		signals_look(g, (row_id)g->next, &look);
		store_set_signals(g->store, (row_id)g->next, look.bits);
		store_set_now(g->store, (row_id)g->next, look.signs.now);
		left--;
	}
	g->seen_changes = store_change_count(g->store); /* the rest are our own */
	return g->next < g->seen || g->news;
}

/* ---- telling ------------------------------------------------------------------------------ */

static int compare_signals(const void *left, const void *right)
{
	const struct signal *a = left, *b = right;
	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return (int)a->index - (int)b->index;
}

size_t signals_list(struct signals *g, row_id r, struct arena *mem, struct signal *out)
{
	struct signal_look look;
	size_t n = 0;
	signals_take_in(g);
	if (!g->counted)
		signals_count(g);
	signals_look(g, r, &look);
	for (int i = 0; i < SIGNAL_COUNT; i++)
		if (look.bits >> i & 1)
			out[n++] = (struct signal){(enum signal_index)i,
				signal_weight((enum signal_index)i),
				signals_text(&look, (enum signal_index)i, mem)};
	if (n > 1)
		qsort(out, n, sizeof(*out), compare_signals);
	return n;
}

static void put_signal(struct members *list, const struct signal *s)
{
	member_open(list, NULL, '{');
	member_str(list, "name", str_c(signal_name(s->index)));
	member_int(list, "weight", s->weight);
	member_str(list, "text", s->text);
	member_close(list, 1);
}

void signals_json(struct members *m, struct signals *g, row_id r)
{
	struct signal v[SIGNAL_COUNT];
	struct arena mem = {0};
	size_t n = signals_list(g, r, &mem, v);
	int score = 0;
	member_open(m, "signals", '[');
	for (size_t i = 0; i < n; i++) {
		put_signal(m, &v[i]);
		score += v[i].weight;
	}
	member_close(m, 1);
	member_int(m, "signal_score", score);
	arena_fini(&mem);
}
