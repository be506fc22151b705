/*
 * live: the thread that reads one cluster: unlock, connect, find out what it is, read all, and
 * when following again and again. What it finds goes through the scan's queue as a file's records
 * do, so nothing of it is shared with the thread that owns the screen.
 */
#include "live_priv.h"

#include "s3triage/remote/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { INTERVAL_MS = 60000, LOOK_BACK_MS = 360000, RETRY_MS = 30000 };

static struct live *live_new(struct scan *s, struct profile *p)
{
	struct live *l = mem_alloc(sizeof(*l));
	l->s = s;
	l->profile = p;
	l->page = p->page;
	p->stop = scan_stop_flag(s);
	l->hits = hits_new(s, p->name, p->origin.n ? p->origin : STR(":url"));
	l->status.insecure = p->target.insecure;
	snprintf(l->status.name, sizeof(l->status.name), "%.*s", STR_ARG(p->name));
	return l;
}

static void live_free(struct live *l)
{
	http_free(l->http);
	dedup_fini(&l->dedup);
	hits_free(l->hits);
	free(l);
}

static void live_wake(struct live *l)
{
	if (l->http)
		http_wake(l->http);
}

static void live_status(const struct live *l, struct live_status *out)
{
	*out = l->status;
}

static void live_set_state(struct live *l, enum live_state state)
{
	scan_lock(l->s);
	l->status.state = state;
	scan_unlock(l->s);
	scan_tell(l->s);
}

/* After a refusal the secret is fetched again: keys are exchanged while a console runs. */
static void forget_client(struct live *l)
{
	scan_lock(l->s);
	struct http *old = l->http;
	l->http = NULL;
	scan_unlock(l->s);
	http_free(old);
}

static bool live_connect_to(struct live *l, struct err *err)
{
	if (l->http)
		return true;
	struct http *h = profile_http(l->profile, scan_asked(l->s)->env, err);
	if (!h)
		return false;
	scan_lock(l->s);
	l->http = h;
	scan_unlock(l->s);
	return true;
}

static bool live_read_span(struct live *l, struct reading *g, struct err *err)
{
	const struct rule *rule = scan_asked(l->s)->rule;
	if (l->profile->kind == PROFILE_KIBANA)
		return live_signals(l, g, err);
	bool asked = l->profile->query == QUERY_EQL && l->server.product == PRODUCT_ELASTICSEARCH &&
		!l->server.number[0];
	bool eql = !l->profile->alerts && !l->no_eql && l->profile->query != QUERY_DSL &&
		   ask_can_eql(rule) && (asked || server_has(&l->server, FEATURE_EQL));
	if (eql)
		return live_eql(l, g, err);
	if (l->profile->query != QUERY_EQL || l->profile->alerts)
		return live_search(l, g, err);
	return err_set(err, ERR_INPUT, "query = \"eql\", but %s",
		ask_can_eql(rule) ? "this server has no EQL search" : "the rule is no plain EQL query");
}

/* Reading again to follow meets what is known: only the first is counted. */
static bool whole(const struct reading *g, struct err *err)
{
	if (g->ask.back || !live_short(g))
		return true;
	if (g->total < 0)
		return err_set(err, ERR_NETWORK, "%zu hit%s came, and what follows cannot be asked for:"
			" what is shown is incomplete", g->came, plural(g->came));
	return err_set(err, ERR_NETWORK, "%zu of the %lld hits that the server counted came: what is shown"
		" is incomplete", g->came, (long long)g->total);
}

static bool read_once(struct live *l, int64_t back, struct err *err)
{
	const struct scan_options *o = scan_asked(l->s);
	struct reading g = {.oldest = WHEN_NONE, .total = -1};
	g.ask = (struct ask){.rule = o->rule, .alerts = l->profile->alerts, .since = o->since,
		.until = o->until, .back = back, .before = WHEN_NONE};
	int64_t begun = http_ticks();
	live_set_state(l, LIVE_READING);
	bool ok = live_connect_to(l, err) && live_detect(l, err) && live_read_span(l, &g, err) &&
		whole(&g, err);
	hits_flush(l->hits);
	scan_lock(l->s);
	if (ok)
		l->status.read_at = begun;
	scan_unlock(l->s);
	buf_fini(&g.after);
	buf_fini(&g.pit);
	arena_fini(&g.mem);
	return ok;
}

/* "now-6m" or "5m" as ms. */
static int64_t span_of(struct str text, int64_t otherwise)
{
	int64_t at;
	return when_bound(text, 0, &at, NULL) && at < 0 ? -at : otherwise;
}

/* How far to look back again: as the rule does, and as long as nothing could be read. A span, which
 * the server counts by its own clock: ours may be wrong by more than the look-back. */
static int64_t back_again(const struct live *l)
{
	const struct rule *rule = scan_asked(l->s)->rule;
	int64_t back = l->profile->look_back;
	if (!back)
		back = span_of(rule ? rule->from : (struct str){0}, LOOK_BACK_MS);
	return l->status.read_at ? back + http_ticks() - l->status.read_at : 0;
}

static int64_t interval_of(const struct live *l)
{
	const struct rule *rule = scan_asked(l->s)->rule;
	if (l->profile->interval)
		return l->profile->interval;
	return span_of(rule ? rule->interval : (struct str){0}, INTERVAL_MS);
}

static void rest(struct live *l, int64_t ms)
{
	int64_t until = http_ticks() + ms;
	while (!scan_stopped(l->s) && http_ticks() < until) {
		struct timespec nap = {0, 100 * 1000000};
		int64_t left = until - http_ticks();
		if (l->http)
			http_wait(l->http, left < 1000 ? left : 1000);
		else
			nanosleep(&nap, NULL);
	}
}

/* One round; false when there is to be no other. */
static bool round_of(struct live *l, int64_t back)
{
	struct err err = {0};
	bool follow = scan_asked(l->s)->follow;
	bool ok = read_once(l, back, &err);
	if (!ok)
		live_problem(l, &err);
	if (err.code == ERR_DENIED)
		forget_client(l);
	bool stopped = err.code == ERR_STOPPED; /* by the user, or by the limit that was asked for */
	live_set_state(l, !ok && !stopped      ? LIVE_FAILED
			  : follow && !stopped ? LIVE_WAITING
					       : LIVE_DONE);
	if (!follow || scan_stopped(l->s))
		return false;
	int64_t interval = interval_of(l);
	rest(l, !ok && interval > RETRY_MS ? RETRY_MS : interval);
	return !scan_stopped(l->s);
}

static void *live_thread(void *arg)
{
	struct live *l = arg;
	int64_t back = 0;
	hits_begin(l->hits);
	while (round_of(l, back))
		back = back_again(l);
	hits_end(l->hits);
	return NULL;
}

const struct scan_live *live_clusters(void)
{
	static const struct scan_live clusters = {live_new, live_thread, live_wake, live_status, live_free};
	return &clusters;
}
