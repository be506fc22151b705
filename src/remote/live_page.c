/*
 * live_page: hits one by one through the same record reader as a file's records.
 */
#include "live_priv.h"

#include "s3triage/event/doc.h"
#include "s3triage/event/workflow.h"

#include <string.h>

enum { SIZE_MOST = 10000 };

static int64_t live_page_time_of(const struct json *hit)
{
	int64_t ms;
	const struct json *source = json_get(hit, "_source");
	if (when_parse(doc_str(source, "@timestamp"), &ms))
		return ms;
	return json_int(json_first(json_get(hit, "sort")), &ms) && ms > 0 && ms < (int64_t)1 << 45
		? ms : WHEN_NONE;
}

/* NDJSON wants one line; a proxy may have made it pretty. */
static void hand_on(struct live *l, struct str text, const struct json *hit)
{
	AUTO(buf_fini) struct buf line = {0};
	if (str_find_char(text, '\n') != STR_NONE) {
		json_print(hit, &line);
		text = buf_str(&line);
	}
	hits_take(l->hits, text, hit);
}

/* An alert whose status, tags or assignees changed is handed on again; an event never changes. */
static bool live_page_is_known(struct live *l, const struct json *hit)
{
	struct dedup_doc d = {json_str(json_get(hit, "_index")), json_str(json_get(hit, "_id")), 0};
	if (!d.id.n)
		return false;
	if (l->profile->alerts || l->profile->kind == PROFILE_KIBANA)
		d.state = workflow_hash(json_get(hit, "_source"));
	return dedup_add(&l->dedup, &d);
}

static void take_hit(struct live *l, struct reading *g, struct str text, const struct json *hit)
{
	const struct json *sort = json_get(hit, "sort");
	int64_t at = live_page_time_of(hit);
	g->hits++;
	if (at != WHEN_NONE && (g->oldest == WHEN_NONE || at < g->oldest))
		g->oldest = at;
	buf_clear(&g->after);
	if (sort)
		json_print(sort, &g->after);
	if (json_bool(json_get(hit, "missing"))) {
		g->came++;
		return;
	}
	if (live_page_is_known(l, hit))
		return;
	g->came++;
	g->fresh++;
	hand_on(l, text, hit);
}

static void tell_partial(struct live *l, const struct answer *a)
{
	struct err err = {0};
	if (a->shards == 0)
		err_set(&err, ERR_INPUT, "%.*s: no index fits, or the credentials may not see it; check "
			"`index` in the profile, and the privileges", STR_ARG(l->profile->index));
	else if (a->shards_failed)
		err_set(&err, ERR_NETWORK,
			"%lld shard%s failed, so what is shown may be incomplete (%.*s)",
			(long long)a->shards_failed, plural((unsigned long long)a->shards_failed),
			STR_ARG(str_sub(a->reason, 0, 200)));
	else if (a->timed_out || (a->partial && !a->running))
		err_set(&err, ERR_NETWORK, "the search ended before it was complete; what is shown may "
					   "be incomplete: ask for a shorter span");
	if (err.code)
		live_problem(l, &err);
}

static void live_page_count(struct live *l, size_t fresh)
{
	scan_lock(l->s);
	l->status.hits += fresh;
	scan_unlock(l->s);
}

bool live_page(struct live *l, struct reading *g, struct answer *a, struct err *err)
{
	struct str text;
	if (g->total < 0 && !g->came && !a->total_is_least)
		g->total = a->total;
	g->hits = g->fresh = 0;
	g->oldest = WHEN_NONE;
	while (answer_next(a, &text)) {
		if (scan_stopped(l->s))
			return err_set(err, ERR_STOPPED, "stopped");
		AUTO(json_free_ptr) struct json *hit = json_parse(text, err);
		if (!hit)
			return err_prefix(err, "a hit cannot be read");
		take_hit(l, g, text, hit);
	}
	tell_partial(l, a);
	live_page_count(l, g->fresh);
	hits_flush(l->hits);
	return true;
}

bool live_short(const struct reading *g)
{
	return g->cut || (g->total >= 0 && (uint64_t)g->total > g->came);
}

/* All of a full page at one instant: a larger page is the only way past it. */
static bool widen(struct live *l, struct reading *g, struct err *err)
{
	if (l->page >= SIZE_MOST)
		return err_set(err, ERR_LIMIT,
			"more than %d hits have the same time; those before it are not read",
			SIZE_MOST);
	l->page = l->page * 2 < SIZE_MOST ? l->page * 2 : SIZE_MOST;
	g->more = true;
	return true;
}

bool live_keyset(struct live *l, struct reading *g, live_ask_fn ask, struct err *err)
{
	int64_t page = l->page;
	for (g->more = true; g->more;) {
		int64_t size = l->page;
		if (!ask(l, g, err)) {
			if (l->page >= size)
				return false;
			*err = (struct err){0};
			continue;
		}
		g->cut = (int64_t)g->hits >= size && g->oldest == WHEN_NONE;
		g->more = (int64_t)g->hits >= size && g->oldest != WHEN_NONE;
		if (g->more && g->ask.before == g->oldest + 1 && !widen(l, g, err))
			return false;
		g->ask.before = g->oldest == WHEN_NONE ? WHEN_NONE : g->oldest + 1;
	}
	if (l->page > page)
		l->page = page;
	return true;
}
