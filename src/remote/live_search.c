/*
 * live_search: Query DSL over a point in time with search_after, which misses and repeats nothing;
 * without one, pages bounded by time. A point in time that expired is opened again, and reading
 * goes on by time: places within the old one mean nothing in the new.
 */
#include "live_priv.h"

enum { REOPEN_MOST = 20 };

static bool opensearch(const struct live *l)
{
	return l->server.product == PRODUCT_OPENSEARCH;
}

static const char *pit_path(const struct live *l)
{
	return opensearch(l) ? "/_search/point_in_time" : "/_pit";
}

static bool open_pit(struct live *l, struct reading *g, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0}, body = {0};
	struct str id;
	buf_char(&path, '/');
	ask_encode(l->profile->index, &path);
	buf_fmt(&path, "%s?%skeep_alive=2m", pit_path(l), opensearch(l) ? "" : "ignore_unavailable=true&");
	struct live_call c = {.method = "POST", .path = buf_cstr(&path), .idempotent = true};
	if (!live_call(l, &c, &body, err)) {
		l->no_pit = c.fault == FAULT_NO_HANDLER || c.status == 400 || c.status == 403 ||
			(c.status == 404 && c.fault != FAULT_NO_INDEX); /* OpenSearch Serverless */
		return false;
	}
	buf_clear(&g->pit);
	if (!answer_pit(buf_str(&body), &g->mem, &id, err))
		return false;
	buf_add(&g->pit, id);
	return true;
}

/* It would expire by itself; a server that is not bothered with it any longer is kinder. */
static void handoff_pit(struct live *l, struct reading *g)
{
	AUTO(buf_fini) struct buf body = {0}, answer = {0};
	if (!g->pit.n || scan_stopped(l->s))
		return;
	struct members m = members_open(&body, '{');
	if (opensearch(l))
		member_open(&m, "pit_id", '[');
	member_text(&m, opensearch(l) ? NULL : "id", buf_str(&g->pit));
	members_close(&m);
	struct live_call c = {.method = "DELETE", .path = pit_path(l), .body = buf_str(&body)};
	live_call(l, &c, &answer, NULL);
	buf_clear(&g->pit);
}

static void write_request(struct live *l, struct reading *g, struct buf *path, struct buf *body)
{
	if (!g->pit.n) {
		buf_char(path, '/');
		ask_encode(l->profile->index, path);
	}
	buf_fmt(path, "/_search%s", g->pit.n ? "" : "?ignore_unavailable=true");
	g->ask.pit = buf_str(&g->pit);
	g->ask.after = g->pit.n || g->by_id ? buf_str(&g->after) : (struct str){0};
	g->ask.size = l->page;
	g->ask.tie = g->by_id || (g->pit.n && opensearch(l)) ? TIE_ID : g->pit.n ? TIE_SHARD_DOC : TIE_NONE;
	ask_search(&g->ask, body);
}

static bool take_answer(struct live *l, struct reading *g, struct answer *a, struct err *err)
{
	bool expired = g->pit.n && a->shards_failed && str_find(a->reason, STR("context")) != STR_NONE;
	if (a->pit_id.n && g->pit.n) {
		buf_clear(&g->pit);
		buf_add(&g->pit, a->pit_id);
	}
	return expired ? err_set(err, ERR_CONFLICT, "the point in time expired on some shards")
		       : live_page(l, g, a, err);
}

/* ERR_CONFLICT: the point in time is gone. */
static bool live_search_ask_page(struct live *l, struct reading *g, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0}, body = {0}, answer = {0};
	struct answer a;
	write_request(l, g, &path, &body);
	struct live_call c = {.method = "POST", .path = buf_cstr(&path), .body = buf_str(&body),
		.idempotent = true};
	if (!live_call(l, &c, &answer, err)) {
		if (c.fault == FAULT_EXPIRED && g->pit.n)
			err->code = ERR_CONFLICT;
		return false;
	}
	if (!answer_read(buf_str(&answer), &a, err))
		return false;
	bool ok = take_answer(l, g, &a, err);
	answer_fini(&a);
	return ok;
}

/* Opens a new one and begins where the last page ended; what comes twice is left out. */
static bool reopen(struct live *l, struct reading *g, struct err *err)
{
	if (++g->reopened > REOPEN_MOST)
		return err_set(err, ERR_NETWORK, "the point in time expires after each page; ask for "
						 "smaller pages (`page` in the profile)");
	*err = (struct err){0};
	live_note(l, "the point in time expired; opened again, nothing is lost");
	buf_clear(&g->after);
	buf_clear(&g->pit);
	return open_pit(l, g, err);
}

/* `oldest` of the page before bounds what is read after a reopening. */
static bool all_pages(struct live *l, struct reading *g, struct err *err)
{
	int64_t oldest = WHEN_NONE;
	for (;;) {
		int64_t size = l->page;
		if (!live_search_ask_page(l, g, err)) {
			if (err->code == ERR_CONFLICT && reopen(l, g, err)) {
				g->ask.before = oldest == WHEN_NONE ? WHEN_NONE : oldest + 1;
				continue;
			}
			if (l->page < size) { /* the answer was too large: smaller now */
				*err = (struct err){0};
				continue;
			}
			return false;
		}
		if (g->oldest != WHEN_NONE)
			oldest = g->oldest;
		g->cut = (int64_t)g->hits >= size && !g->after.n;
		if ((int64_t)g->hits < size || g->cut)
			return true;
	}
}

/* Documents without @timestamp are in no page that is bounded by time: from the beginning, in the
 * order of ids; what comes twice is left out. */
static bool all_by_id(struct live *l, struct reading *g, struct err *err)
{
	live_note(l, "there are documents without @timestamp: pages go by their ids");
	g->by_id = true;
	g->cut = false;
	g->ask.before = WHEN_NONE;
	buf_clear(&g->after);
	return all_pages(l, g, err) ||
		err_prefix(err, "of the documents without @timestamp only a first page can be read (%zu hit%s"
			" came)", g->came, plural(g->came));
}

bool live_search(struct live *l, struct reading *g, struct err *err)
{
	if (!l->no_pit && server_has(&l->server, FEATURE_PIT) && !open_pit(l, g, err)) {
		if (!l->no_pit)
			return false;
		live_note(l, "no point in time can be had (%s); pages go by time", err->text);
		*err = (struct err){0};
	}
	if (!g->pit.n)
		return live_keyset(l, g, live_search_ask_page, err) &&
		       (g->ask.back || !live_short(g) || all_by_id(l, g, err));
	bool ok = all_pages(l, g, err);
	handoff_pit(l, g);
	return ok;
}
