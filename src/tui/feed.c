/*
 * feed: takes what the scan found into the store, a few milliseconds at a time, and says how far
 * it is.
 */
#include "loop.h"

#include "s3triage/base/when.h"
#include "s3triage/net/http.h"

#include <stdio.h>

#define SLICE 4    /* ms */
#define TELL 100   /* ms between two words on progress */

/* A few by name; of a folder full of other things they would push all else out of the log. */
static void take_skipped(struct tui *t, const struct scan_problem *p)
{
	enum { NAMED = 20 };
	char line[900];
	size_t n = 1;
	for (size_t i = 0; i < SKIP_COUNT; i++)
		n += t->skipped[i];
	t->skipped[p->skip]++;
	if (n <= NAMED)
		t->after |= app_log(t->app, ROLE_DIM, str_c(err_line(&p->err, line, sizeof(line))));
	if (n == NAMED)
		t->after |= app_log(t->app, ROLE_DIM, STR("files that were left out are named no more: "
			"s3triage list --list-skipped names all"));
}

/* The first is told in the status, all are in the log. */
static void take_problem(void *tui, const struct scan_problem *p)
{
	char line[900];
	struct tui *t = tui;
	if (p->skip != SKIP_NONE) {
		take_skipped(t, p);
		return;
	}
	err_line(&p->err, line, sizeof(line));
	if (!p->note && !t->problems)
		snprintf(t->problem, sizeof(t->problem), "%.250s", line);
	t->problems += !p->note;
	t->after |= app_log(t->app, p->note ? ROLE_DIM : ROLE_ERROR, str_c(line));
}

static void size_text(struct buf *b, unsigned long long n)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	size_t u = 0;
	double v = (double)n;
	while (v >= 1000 && u + 1 < ARRAY_LEN(units)) {
		v /= 1000;
		u++;
	}
	buf_fmt(b, u && v < 10 ? "%.1f %s" : "%.0f %s", v, units[u]);
}

/* "prod: Elasticsearch 8.8.2, 12s old" for each cluster. */
static void clusters(struct tui *t, struct buf *b)
{
	struct live_status l;
	for (size_t i = 0; scan_live(t->set->scan, i, &l); i++) {
		char span[WHEN_TEXT_MAX];
		buf_fmt(b, "%s%s: %s", i ? "; " : "", l.name, l.server);
		if (l.state == LIVE_READING || l.state == LIVE_CONNECTING)
			buf_fmt(b, "%s%s", l.server[0] ? ", " : "",
				l.state == LIVE_READING && l.server[0] ? "reading " : "connecting");
		if (l.state == LIVE_READING && l.hits)
			tui_count_text(b, l.hits);
		if (l.state == LIVE_FAILED)
			buf_fmt(b, "%sfailed", l.server[0] ? ", " : "");
		if (l.read_at)
			buf_fmt(b, ", %s old", when_span(http_ticks() - l.read_at, span));
		if (l.state == LIVE_WAITING)
			buf_c(b, ", following");
	}
}

/* The most useful first: where the line is short, its end is cut. */
static void running(struct tui *t, const struct scan_progress *p, struct buf *b)
{
	char span[WHEN_TEXT_MAX];
	int64_t ms = tui_ticks() - t->started;
	double rate = ms > 0 ? (double)p->bytes_done * 1000 / (double)ms : 0;
	buf_c(b, "Esc stops  ");
	if (!p->walking && rate > 0 && p->bytes > p->bytes_done && ms > 500) {
		double left = (double)(p->bytes - p->bytes_done) / rate * 1000;
		buf_fmt(b, "%s left  ", when_span((int64_t)left, span));
	}
	size_text(b, p->bytes_done);
	if (p->bytes) {
		buf_c(b, " of ");
		size_text(b, p->bytes);
	}
	buf_c(b, "  ");
	tui_count_text(b, p->events);
	buf_c(b, " events  ");
	size_text(b, (unsigned long long)rate);
	buf_fmt(b, "/s  %llu of %llu%s files", p->files_done, p->files, p->walking ? "+" : "");
}

/* The first field of the rule that no document had. */
static void lint(struct tui *t, struct buf *b)
{
	AUTO(buf_fini) struct buf lines = {0};
	if (scan_lint(t->set->scan, &lines) == 0)
		return;
	struct str rest = buf_str(&lines);
	buf_c(b, ", ");
	buf_add(b, str_cut(&rest, '\n'));
}

static void say_skipped(struct tui *t, struct buf *b)
{
	size_t n = 0;
	for (size_t i = 0; i < SKIP_COUNT; i++)
		n += t->skipped[i];
	if (n)
		buf_fmt(b, ", %zu file%s not read (M)", n, plural(n));
}

static void ended(struct tui *t, const struct scan_progress *p, struct buf *b)
{
	tui_count_text(b, p->events);
	buf_c(b, " events read");
	if (p->matches == 0) {
		buf_c(b, ", ");
		tui_count_text(b, p->replications);
		buf_c(b, " of them PutBucketReplication, none matches the rule");
	}
	lint(t, b);
	if (p->stopped)
		buf_c(b, ", stopped");
	say_skipped(t, b);
	if (t->problems)
		buf_fmt(b, ", %llu problem%s: %s", t->problems, plural(t->problems), t->problem);
}

void feed_status(struct tui *t, bool now)
{
	struct scan_progress p = {0};
	AUTO(buf_fini) struct buf b = {0};
	if (!t->set->scan || (!now && tui_ticks() - t->told < TELL))
		return;
	t->told = tui_ticks();
	scan_progress(t->set->scan, &p);
	buf_init(&b, 1000);
	t->following = p.following;
	if (p.live && (p.following || !t->scanning)) {
		clusters(t, &b);
		buf_c(&b, "  ");
	}
	if (!p.following)
		(t->scanning ? running : ended)(t, &p, &b);
	else if (t->problems)
		buf_c(&b, "last problem: M");
	t->after |= app_status(t->app, buf_str(&b), t->scanning && !p.following);
}

void feed_take(struct tui *t)
{
	struct scan_batch b;
	struct scan_progress p;
	int64_t end = tui_ticks() + SLICE;
	struct context *context = t->set->desk->context;
	size_t before = store_count(t->set->desk->store), beside = context ? context_count(context) : 0;
	size_t changes = store_change_count(t->set->desk->store);
	bool more = true;
	while (tui_ticks() < end && (more = scan_take(t->set->scan, &b)))
		desk_take(t->set->desk, &b, take_problem, t);
	if (store_count(t->set->desk->store) != before || store_change_count(t->set->desk->store) != changes ||
		(context && context_count(context) != beside))
		t->after |= app_arrived(t->app);
	if (more)
		return;
	scan_progress(t->set->scan, &p);
	t->scanning = !p.done;
	feed_status(t, p.done);
	if (p.done)
		tui_work(t, tui_act_approvals, NULL);
}
