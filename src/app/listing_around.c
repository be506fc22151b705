/*
 * listing_around: replication events that are no alerts, and the timeline around the alert under
 * the cursor. Nothing is ever decided here.
 */
#include "listing_priv.h"

#include "s3triage/base/when.h"

#include <stdlib.h>

static const struct listing_column near_columns[] = {
	{.name = "time", .width = 11},
	{.name = "bucket", .width = 14, .grow = 2},
	{.name = "action", .width = 23, .rank = 3},
	{.name = "destination", .width = 14, .rank = 2},
	{.name = "actor", .width = 10, .grow = 1, .rank = 4},
	{.name = "why it is no alert", .width = 20, .grow = 4},
};

static void near_update(struct app *a)
{
	struct listing *s = &a->listing;
	struct context *c = a->set.desk->context;
	size_t held = c ? context_count(c) + store_count(a->set.desk->store) : 0;
	if (s->near && held == s->near_miss_of)
		return;
	arena_fini(&s->mem);
	s->n_near = 0;
	s->near = c ? context_near_misses(c, &s->mem, &s->n_near) : NULL;
	s->near_miss_of = held;
	s->fresh = false;
}

static size_t near_count(struct app *a)
{
	return a->listing.n_near;
}

static void near_row(const void *app, size_t i, struct arena *mem, struct listing_cell *c)
{
	const struct app *a = app;
	const struct near_miss *m = &a->listing.near[a->listing.n_near - 1 - i];
	const struct alert_dest *d = alert_main_dest(m->alert);
	c[0] = (struct listing_cell){listing_time(m->alert->time, mem), ROLE_DIM};
	char tmp[ALERT_WHO_MAX];
	c[1] = (struct listing_cell){m->alert->bucket, ROLE_STRONG};
	c[2] = (struct listing_cell){m->action, ROLE_TEXT};
	struct str dest = d->account.n ? d->account : d->bucket.n ? d->bucket : STR("-");
	if (m->alert->n_dests > 1) /* at the start: the end may be cut */
		dest = arena_fmt(mem, "+%zu %.*s", m->alert->n_dests - 1, STR_ARG(dest));
	c[3] = (struct listing_cell){dest, ROLE_TEXT};
	c[4] = (struct listing_cell){arena_str(mem, alert_who(m->alert, tmp)), ROLE_TEXT};
	c[5] = (struct listing_cell){m->why, ROLE_WARN};
}

static void listing_around_say_alert(const struct alert *al, struct text *t)
{
	struct arena mem = {0};
	char when[WHEN_TEXT_MAX], tmp[ALERT_WHO_MAX];
	listing_say(t, "time", str_c(when_format(al->time, when)));
	listing_say(t, "bucket", al->bucket);
	listing_say(t, "owner", al->owner);
	for (size_t i = 0; i < al->n_dests; i++) {
		const struct alert_dest *d = &al->dests[i];
		listing_say(t, i ? "" : "destination", arena_fmt(&mem, "%.*s  %s  %.*s  %.*s", STR_ARG(d->bucket),
			relation_name(d->relation), STR_ARG(d->written), STR_ARG(d->status)));
	}
	listing_say(t, "role", al->role);
	listing_say(t, "actor", alert_who(al, tmp));
	listing_say(t, "arn", al->actor_arn);
	listing_say(t, "from", al->ip);
	listing_say(t, "with", al->agent);
	listing_say(t, "source", al->source);
	arena_fini(&mem);
}

/* A bound was met: what stands here is not all that there was. */
static void listing_around_say_dropped(const struct app *a, struct text *t)
{
	size_t n = context_dropped(a->set.desk->context);
	if (!n)
		return;
	text_fmt(t, ROLE_WARN, "%zu more event%s came and %s not kept: at most %d of one principal and call", n,
		plural(n), n == 1 ? "was" : "were", CONTEXT_SAME_MAX);
	text_end(t);
}

static void near_page(struct app *a, size_t i, struct text *t)
{
	const struct near_miss *m = &a->listing.near[a->listing.n_near - 1 - i];
	text_span(t, ROLE_WARN, STR("No alert: "));
	text_span(t, ROLE_TEXT, m->why);
	text_end(t);
	text_end(t);
	listing_say(t, "action", m->action);
	listing_say(t, "result", m->result);
	listing_around_say_dropped(a, t);
	listing_around_say_alert(m->alert, t);
}

static unsigned stay(struct app *a, size_t i)
{
	(void)i;
	return app_say(a, ROLE_DIM, "it is no alert: it is not on the list");
}

static const struct listing_kind near_kind = {
	.title = "Near misses: replication events that the rule does not match", .warn = true,
	.columns = near_columns, .n_columns = ARRAY_LEN(near_columns),
	.empty = "no replication event in these sources went past the rule", .update = near_update,
	.count = near_count, .row = near_row, .page = near_page, .open = stay,
};

unsigned act_near(struct app *a)
{
	if (!a->set.desk->context)
		return app_say(a, ROLE_DIM, "these sources bring no events beside the alerts");
	return listing_open(a, &near_kind);
}

/* ---- the timeline --------------------------------------------------------------------------- */

static const struct listing_column time_columns[] = {
	{.name = "time", .width = 19},
	{.name = "", .width = 2},
	{.name = "action", .width = 20, .grow = 2},
	{.name = "actor", .width = 10, .grow = 1, .rank = 3},
	{.name = "bucket or target", .width = 16, .grow = 2, .rank = 2},
	{.name = "result", .width = 10, .grow = 1, .rank = 4},
	{.name = "same", .width = 9, .rank = 5},
};

static size_t time_count(struct app *a)
{
	shown_load(a);
	return a->shown.timeline.n;
}

static void time_row(const void *app, size_t i, struct arena *mem, struct listing_cell *c)
{
	const struct app *a = app;
	const struct timeline_entry *e = &a->shown.timeline.entries[i];
	char when[WHEN_TEXT_MAX];
	enum role role = e->self ? ROLE_STRONG : e->named ? ROLE_WARN : ROLE_TEXT;
	when_format(e->time, when);
	c[0] = (struct listing_cell){arena_fmt(mem, "%.10s %.8s", when, when + 11), ROLE_DIM};
	c[1] = (struct listing_cell){arena_fmt(mem, "%c%c", e->self ? '>' : e->named ? '!' : ' ',
		e->result.n ? 'x' : ' '), e->result.n ? ROLE_WARN : role};
	c[2] = (struct listing_cell){e->action, role};
	c[3] = (struct listing_cell){e->who, ROLE_TEXT};
	c[4] = (struct listing_cell){e->bucket.n ? e->bucket : e->target, ROLE_TEXT};
	c[5] = (struct listing_cell){e->result, ROLE_WARN};
	c[6] = (struct listing_cell){e->same_principal && e->same_bucket ? STR("both")
		: e->same_principal ? STR("principal") : e->behind ? STR("behind") : e->opens ? STR("opens")
		: STR("bucket"), ROLE_DIM};
}

static void time_page(struct app *a, size_t i, struct text *t)
{
	const struct timeline_entry *e = &a->shown.timeline.entries[i];
	char span[WHEN_TEXT_MAX];
	text_fmt(t, ROLE_HEADING, "within %s of the alert", when_span(a->window, span));
	if (a->shown.timeline.left_out)
		text_fmt(t, ROLE_DIM, ", %zu more left out", a->shown.timeline.left_out);
	text_fmt(t, ROLE_DIM, "; + and - change that, ! named by the guide, x failed");
	text_end(t);
	text_fmt(t, ROLE_DIM, "Only calls that bear on replication");
	text_end(t);
	done_say(a, true, t);
	listing_around_say_dropped(a, t);
	text_end(t);
	listing_say(t, "action", e->action);
	listing_say(t, "actor", e->who);
	listing_say(t, "principal", e->principal);
	listing_say(t, "part", e->part);
	listing_say(t, "bucket", e->bucket);
	listing_say(t, "target", e->target);
	listing_say(t, "result", e->result);
	listing_say(t, "from", e->ip);
	listing_say(t, "event id", e->event_id);
	done_say(a, false, t);
}

/* Half an hour to thirty days, twice as much at each step. */
static unsigned time_window(struct app *a, int step)
{
	const int64_t least = 30LL * 60 * 1000, most = 30LL * 24 * 60 * 60 * 1000;
	char span[WHEN_TEXT_MAX];
	if (step > 0 && a->window < most)
		a->window *= 2;
	if (step < 0 && a->window > least)
		a->window /= 2;
	a->shown.stale = true;
	a->listing.fresh = false;
	return app_say(a, ROLE_DIM, "%s before and after", when_span(a->window, span));
}

/* To the alert that the entry is, when it is on the list. */
static unsigned time_open(struct app *a, size_t i)
{
	row_id r = a->shown.timeline.entries[i].row;
	size_t at = r == ROW_NONE ? STR_NONE : selection_index(a->sel, r);
	if (at == STR_NONE)
		return app_say(a, ROLE_DIM, "this event is no alert on the list");
	app_go(a, at);
	listing_leave(a);
	return APP_DRAW;
}

static const struct listing_kind timeline_kind = {
	.title = "What happened around it", .window = true,
	.columns = time_columns, .n_columns = ARRAY_LEN(time_columns),
	.empty = "nothing else is known around this alert", .count = time_count, .row = time_row,
	.page = time_page, .open = time_open, .sort = time_window, .all = done_open,
};

unsigned act_timeline(struct app *a)
{
	if (!a->set.desk->context)
		return app_say(a, ROLE_DIM, "these sources bring no events beside the alerts");
	if (a->cursor == ROW_NONE)
		return app_say(a, ROLE_DIM, "there is no alert here");
	done_ask(a);
	unsigned after = listing_open(a, &timeline_kind);
	for (size_t i = 0; i < time_count(a); i++)
		if (a->shown.timeline.entries[i].self)
			a->listing.at = i;
	return after;
}
