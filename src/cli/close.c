/*
 * close: the rows of a closing export: decisions with their approvals, signals and checked steps.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/triage/filter.h"

#include <stdlib.h>

#define CASE_WINDOW_MS (INT64_C(24) * 3600 * 1000)
#define CASE_EVENTS 60

bool window_has(const struct window *w, const struct alert *a, const struct decision *d)
{
	int64_t at = d ? d->at : a->time;
	return (w->since == WHEN_NONE || at >= w->since) && (w->until == WHEN_NONE || at <= w->until);
}

struct closing_rows {
	struct session *s;
	struct arena mem;
	struct checklist guide;
	bool cases;
};

/* When the approval behind a decision stops: its end, or the moment when somebody ended it. */
static void add_approval(const struct closing_rows *c, struct close_row *row)
{
	const struct decision *d = row->row.decision;
	const struct approval *a = d && d->approval && c->s->approvals ?
		approvals_find(c->s->approvals, d->approval) : NULL;
	row->expires = WHEN_NONE;
	if (!a)
		return;
	row->expires = a->ended != WHEN_NONE ? a->ended : a->until;
	row->ticket = a->ticket;
}

/* "2026-11-24T02:04:11Z  CreateRole s3-sync-svc by deploy: AccessDenied" */
static struct str say_event(const struct timeline_entry *e, struct arena *mem)
{
	char when[WHEN_TEXT_MAX];
	struct str about = e->bucket.n ? e->bucket : e->target;
	return arena_fmt(mem, "%s  %.*s%s%.*s by %.*s%s%.*s%s", when_format(e->time, when),
		STR_ARG(e->action), about.n ? " " : "", STR_ARG(about), STR_ARG(e->actor),
		e->result.n ? ": " : "", STR_ARG(e->result), e->self ? " (this alert)" : "");
}

static void add_timeline(struct closing_rows *c, row_id r, struct close_row *row)
{
	const struct timeline_want want = {.window_ms = CASE_WINDOW_MS, .guide = c->s->rule->note,
		.max = CASE_EVENTS};
	struct timeline t;
	context_timeline(c->s->context, r, &want, &c->mem, &t);
	struct str *lines = arena_array(&c->mem, t.n + 1, sizeof(*lines));
	for (size_t i = 0; i < t.n; i++)
		lines[i] = say_event(&t.entries[i], &c->mem);
	row->n_timeline = t.n;
	row->timeline = lines;
	if (t.left_out)
		lines[row->n_timeline++] = arena_fmt(&c->mem, "and %zu more", t.left_out);
}

static void add_findings(struct closing_rows *c, row_id r, struct close_row *row)
{
	struct signal *v = arena_array(&c->mem, SIGNAL_COUNT, sizeof(*v));
	struct checklist *steps = arena_alloc(&c->mem, sizeof(*steps));
	row->n_signals = signals_list(c->s->signals, r, &c->mem, v);
	row->signals = v;
	steps_of(c->s, &c->guide, r, &c->mem, steps);
	row->checklist = steps;
	if (c->s->context)
		add_timeline(c, r, row);
}

static struct close_row make_row(struct closing_rows *c, row_id r)
{
	struct close_row row = {.row = {.alert = store_alert(c->s->store, r),
		.decision = store_decision(c->s->store, r)}};
	add_approval(c, &row);
	if (c->cases && row.row.decision && row.row.decision->verdict == VERDICT_SUSPICIOUS)
		add_findings(c, r, &row);
	return row;
}

bool close_export(struct session *s, const struct cli *cli, const struct close_origin *origin,
	struct buf *out, struct close_report *report)
{
	struct closing_rows c = {.s = s, .cases = origin->format == CLOSE_CASE};
	struct selection *sel;
	struct window w = {origin->since, origin->until};
	struct err err = {0};
	if (!select_rows(s, cli, &sel, &err))
		return cli_fail(&err), false;
	struct close_row *rows = mem_array(selection_count(sel), sizeof(*rows));
	size_t n = 0;
	checklist_read(s->rule->note, &c.mem, &c.guide);
	for (size_t i = 0; i < selection_count(sel); i++) {
		row_id r = selection_at(sel, i);
		if (window_has(&w, store_alert(s->store, r), store_decision(s->store, r)))
			rows[n++] = make_row(&c, r);
	}
	close_write(rows, n, origin, out, report);
	free(rows);
	arena_fini(&c.mem);
	selection_free(sel);
	return true;
}
