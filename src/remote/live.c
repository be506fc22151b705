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
	p->stop = &s->stop;
	l->r = (struct reader){.s = s, .path = p->name, .job = &l->job,
		.origin = p->origin.n ? p->origin : STR(":url")};
	l->status.insecure = p->target.insecure;
	snprintf(l->status.name, sizeof(l->status.name), "%.*s", STR_ARG(p->name));
	return l;
}

static void live_free(struct live *l)
{
	http_free(l->http);
	dedup_fini(&l->dedup);
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
	uint64_t one = 1;
	pthread_mutex_lock(&l->s->lock);
	l->status.state = state;
	pthread_mutex_unlock(&l->s->lock);
	if (write(l->s->event_fd, &one, sizeof(one)) < 0)
		return; /* it is readable already */
}

/* After a refusal the secret is fetched again: keys are exchanged while a console runs. */
static void forget_client(struct live *l)
{
	pthread_mutex_lock(&l->s->lock);
	struct http *old = l->http;
	l->http = NULL;
	pthread_mutex_unlock(&l->s->lock);
	http_free(old);
}

static bool live_connect_to(struct live *l, struct err *err)
{
	if (l->http)
		return true;
	if (!profile_unlock(l->profile, l->s->options.env, err))
		return false;
	struct http *h = http_new(&l->profile->target, err);
	pthread_mutex_lock(&l->s->lock);
	l->http = h;
	pthread_mutex_unlock(&l->s->lock);
	return h != NULL;
}

static bool live_read_span(struct live *l, struct reading *g, struct err *err)
{
	const struct rule *rule = l->s->options.rule;
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
	struct reading g = {.oldest = WHEN_NONE, .total = -1};
	g.ask = (struct ask){.rule = l->s->options.rule, .alerts = l->profile->alerts, .since = l->s->options.since,
		.until = l->s->options.until, .back = back, .before = WHEN_NONE};
	int64_t begun = http_ticks();
	live_set_state(l, LIVE_READING);
	bool ok = live_connect_to(l, err) && live_detect(l, err) && live_read_span(l, &g, err) &&
		whole(&g, err);
	reader_flush(&l->r, true);
	pthread_mutex_lock(&l->s->lock);
	if (ok)
		l->status.read_at = begun;
	pthread_mutex_unlock(&l->s->lock);
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
	const struct rule *rule = l->s->options.rule;
	int64_t back = l->profile->look_back;
	if (!back)
		back = span_of(rule ? rule->from : (struct str){0}, LOOK_BACK_MS);
	return l->status.read_at ? back + http_ticks() - l->status.read_at : 0;
}

static int64_t interval_of(const struct live *l)
{
	const struct rule *rule = l->s->options.rule;
	if (l->profile->interval)
		return l->profile->interval;
	return span_of(rule ? rule->interval : (struct str){0}, INTERVAL_MS);
}

static void rest(struct live *l, int64_t ms)
{
	int64_t until = http_ticks() + ms;
	while (!scan_stopping(l->s) && http_ticks() < until) {
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
	bool follow = l->s->options.follow;
	bool ok = read_once(l, back, &err);
	if (!ok)
		live_problem(l, &err);
	if (err.code == ERR_DENIED)
		forget_client(l);
	bool stopped = err.code == ERR_STOPPED; /* by the user, or by the limit that was asked for */
	live_set_state(l, !ok && !stopped      ? LIVE_FAILED
			  : follow && !stopped ? LIVE_WAITING
					       : LIVE_DONE);
	if (!follow || scan_stopping(l->s))
		return false;
	int64_t interval = interval_of(l);
	rest(l, !ok && interval > RETRY_MS ? RETRY_MS : interval);
	return !scan_stopping(l->s);
}

static void *live_thread(void *arg)
{
	struct live *l = arg;
	int64_t back = 0;
	if (l->s->options.rule) {
		l->r.run = rule_run_new(l->s->options.rule);
		l->r.lint = field_lint_new(l->s->options.rule);
	}
	while (round_of(l, back))
		back = back_again(l);
	reader_flush(&l->r, true);
	rule_run_free(l->r.run);
	scan_end_lint(l->s, l->r.lint);
	l->r.run = NULL;
	l->r.lint = NULL;
	scan_thread_ends(l->s);
	return NULL;
}

const struct scan_live *live_clusters(void)
{
	static const struct scan_live clusters = {live_new, live_thread, live_wake, live_status, live_free};
	return &clusters;
}
