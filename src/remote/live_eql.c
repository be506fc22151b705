/*
 * live_eql: requests that have no cursor: EQL searches, Kibana's alerts, searches without a point
 * in time. Each page ends where the one before began, inclusively; what comes twice is left out.
 */
#include "live_priv.h"

enum { EQL_POLLS_MOST = 60 };

static void drop_async(struct live *l, struct str id)
{
	AUTO(buf_fini) struct buf path = {0}, answer = {0};
	buf_c(&path, "/_eql/search/");
	ask_encode(id, &path);
	struct live_call c = {.method = "DELETE", .path = buf_cstr(&path)};
	live_call(l, &c, &answer, NULL);
}

static bool poll_async(struct live *l, struct answer *a, struct buf *answer, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0}, id = {0};
	bool ok = true;
	buf_add(&id, a->async_id);
	buf_c(&path, "/_eql/search/");
	ask_encode(buf_str(&id), &path);
	buf_c(&path, "?wait_for_completion_timeout=5s");
	for (int polls = 0; ok && a->running; polls++) {
		if (polls == EQL_POLLS_MOST) {
			ok = err_set(err, ERR_NETWORK, "the EQL search takes too long; ask for a shorter "
						       "span, or set query = \"dsl\" in the profile");
			break;
		}
		struct live_call c = {.method = "GET", .path = buf_cstr(&path), .idempotent = true};
		answer_fini(a);
		ok = live_call(l, &c, answer, err) && answer_read(buf_str(answer), a, err);
	}
	if (!scan_stopped(l->s))
		drop_async(l, buf_str(&id));
	return ok;
}

static bool ask_eql_page(struct live *l, struct reading *g, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0}, body = {0}, answer = {0};
	struct answer a;
	buf_char(&path, '/');
	ask_encode(l->profile->index, &path);
	buf_c(&path, "/_eql/search");
	g->ask.size = l->page;
	ask_eql(&g->ask, &body);
	struct live_call c = {.method = "POST", .path = buf_cstr(&path), .body = buf_str(&body),
		.idempotent = true};
	if (!live_call(l, &c, &answer, err)) {
		l->no_eql = c.fault == FAULT_NO_HANDLER || c.fault == FAULT_UNKNOWN_COLUMN;
		return false;
	}
	if (!answer_read(buf_str(&answer), &a, err))
		return false;
	bool ok = (!a.running || poll_async(l, &a, &answer, err)) && live_page(l, g, &a, err);
	answer_fini(&a);
	return ok;
}

/* The server ran the rule's own query, so both should be of one mind. */
static void tell_refused(struct live *l, unsigned long long n)
{
	if (n)
		live_note(l, "%llu event%s that the server's EQL found and the rule here does not match, "
			     "left out: `s3triage near` tells why", n, plural(n));
}

bool live_eql(struct live *l, struct reading *g, struct err *err)
{
	unsigned long long before = hits_refused(l->hits);
	if (live_keyset(l, g, ask_eql_page, err)) {
		tell_refused(l, hits_refused(l->hits) - before);
		return true;
	}
	if (!l->no_eql || l->profile->query == QUERY_EQL)
		return false;
	live_note(l, "EQL cannot be had here, so the Query DSL is used, and each hit judged by the rule "
		     "here: %s", err->text);
	*err = (struct err){0};
	return live_search(l, g, err);
}

static bool ask_signals_page(struct live *l, struct reading *g, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0}, body = {0}, answer = {0};
	struct answer a;
	ask_space(l->profile->space, &path);
	buf_c(&path, "/api/detection_engine/signals/search");
	g->ask.size = l->page;
	ask_signals(&g->ask, &body);
	struct live_call c = {.method = "POST", .path = buf_cstr(&path), .body = buf_str(&body),
		.idempotent = true};
	if (!live_call(l, &c, &answer, err) || !answer_read(buf_str(&answer), &a, err))
		return false;
	bool ok = live_page(l, g, &a, err);
	answer_fini(&a);
	return ok;
}

bool live_signals(struct live *l, struct reading *g, struct err *err)
{
	return live_keyset(l, g, ask_signals_page, err);
}
