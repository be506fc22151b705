/*
 * handoff: the rows of an export: decisions with their approvals, signals and checked steps.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/alert/filter.h"

#include <stdlib.h>

#define CASE_WINDOW_MS (INT64_C(24) * 3600 * 1000)
#define CASE_EVENTS 60

static bool window_has(const struct window *w, const struct alert *a, const struct decision *d)
{
	int64_t at = d ? d->at : a->time;
	return (w->since == WHEN_NONE || at >= w->since) && (w->until == WHEN_NONE || at <= w->until);
}

struct closing_rows {
	struct session *s;
	struct arena mem;
	bool cases, scopes, lists;
	uint32_t *row_of;   /* by seq of a decision: a row that it stands for, + 1 */
	uint32_t *next;     /* by row: another one with this decision, + 1 */
	int64_t most;       /* the highest seq */
	const struct alert **alerts; /* by row: as it was decided on, else as it was read */
};

/* Whatever is loaded, what is written of a decision is what was decided on. */
static void take_facts(void *ctx, struct str kind, const struct decision *d)
{
	struct closing_rows *c = ctx;
	(void)kind;
	for (uint32_t r = d->seq <= c->most ? c->row_of[d->seq] : 0; r; r = c->next[r - 1]) {
		struct alert *a = arena_alloc(&c->mem, sizeof(*a));
		if (export_decided(c->alerts[r - 1], d->facts, c->s->desk.book, &c->mem, a))
			c->alerts[r - 1] = a;
	}
}

static bool read_decided(struct closing_rows *c, size_t n, struct err *err)
{
	for (size_t r = 0; r < n; r++) {
		const struct decision *d = store_decision(c->s->desk.store, (row_id)r);
		c->alerts[r] = store_alert(c->s->desk.store, (row_id)r);
		c->most = d && d->seq > c->most ? d->seq : c->most;
	}
	AUTO(mem_free_ptr) uint32_t *row_of = mem_array((size_t)c->most + 1, sizeof(*row_of));
	c->row_of = row_of;
	for (size_t r = 0; r < n; r++) {
		const struct decision *d = store_decision(c->s->desk.store, (row_id)r);
		if (!d)
			continue;
		c->next[r] = row_of[d->seq];
		row_of[d->seq] = (uint32_t)r + 1;
	}
	return !c->s->desk.journal || journal_log(c->s->desk.journal, take_facts, c, err);
}

/* When the approval behind a decision stops: its end, or the moment when somebody ended it. */
static void add_approval(const struct closing_rows *c, struct handoff_row *row)
{
	const struct decision *d = row->row.decision;
	const struct approval *a = d && d->approval && c->s->desk.approvals ?
		approvals_find(c->s->desk.approvals, d->approval) : NULL;
	row->begins = row->expires = WHEN_NONE;
	if (!a)
		return;
	row->begins = a->from;
	row->expires = a->ended != WHEN_NONE ? a->ended : a->until;
	row->ticket = a->ticket;
	row->actor_limit = a->actor;
	row->of_person = a->person.n || a->identity_provider.n;
}

struct json *document_of(const struct session *s, row_id r)
{
	enum event_shape shape;
	AUTO(buf_fini) struct buf raw;
	buf_init(&raw, JSON_BYTES_MAX);
	if (!store_raw(s->desk.store, r, &raw, NULL) || !raw.n)
		return NULL;
	AUTO(json_free_ptr) struct json *record = json_parse(buf_str(&raw), NULL);
	return record ? event_to_ecs(record, &shape, NULL) : NULL;
}

/* What is written about an alert is tried on it, where its document is at hand. */
static void try_scope(const struct session *s, row_id r, struct handoff_row *row)
{
	AUTO(json_free_ptr) struct json *ecs = document_of(s, r);
	if (ecs)
		handoff_try(row, ecs);
}

/* "2026-11-24T02:04:11Z  CreateRole s3-sync-svc by deploy: AccessDenied" */
static struct str say_event(const struct timeline_entry *e, struct arena *mem)
{
	char when[WHEN_TEXT_MAX];
	struct str about = e->bucket.n ? e->bucket : e->target;
	return arena_fmt(mem, "%s  %.*s%s%.*s by %.*s%s%.*s%s", when_format(e->time, when),
		STR_ARG(e->action), about.n ? " " : "", STR_ARG(about), STR_ARG(e->who),
		e->result.n ? ": " : "", STR_ARG(e->result), e->self ? " (this alert)" : "");
}

static void add_timeline(struct closing_rows *c, row_id r, struct handoff_row *row)
{
	struct timeline t;
	desk_timeline(&c->s->desk, r, (struct timeline_want){.window_ms = CASE_WINDOW_MS, .max = CASE_EVENTS},
		&c->mem, &t);
	struct str *lines = arena_array(&c->mem, t.n + 1, sizeof(*lines));
	for (size_t i = 0; i < t.n; i++)
		lines[i] = say_event(&t.entries[i], &c->mem);
	row->n_timeline = t.n;
	row->timeline = lines;
	if (t.left_out)
		lines[row->n_timeline++] = arena_fmt(&c->mem, "and %zu more", t.left_out);
}

/* An alert that came later is among the rows; what is none is said here. */
static void add_later(struct closing_rows *c, row_id r, struct handoff_row *row)
{
	struct config_event last;
	char when[WHEN_TEXT_MAX], tmp[ALERT_WHO_MAX];
	if (!context_config_last(c->s->desk.context, r, &last) || last.store == c->s->desk.store)
		return;
	struct str actor = config_event_who(&last, tmp);
	row->later_at = last.time;
	row->later = arena_fmt(&c->mem, "%s by %.*s on %s, by an event that is no alert%s",
		last.call == CALL_DeleteBucketReplication ? "deleted" :
		last.call == CALL_DeleteBucket ? "deleted with the bucket" : "replaced",
		STR_ARG(actor.n ? str_sub(actor, 0, 200) : STR("somebody unknown")),
		when_format(last.time, when), last.time != row->row.alert->time ? "" :
		", in the same second: which of the two came first is not known");
}

static void handoff_steps(struct session *s, row_id r, struct arena *mem, struct checklist *out)
{
	desk_steps(&s->desk, &(struct desk_steps){.row = r, .guide = s->desk.rule->note}, mem, out);
}

static void add_findings(struct closing_rows *c, row_id r, struct handoff_row *row)
{
	struct signal *v = arena_array(&c->mem, SIGNAL_COUNT, sizeof(*v));
	struct checklist *steps = arena_alloc(&c->mem, sizeof(*steps));
	row->n_signals = signals_list(c->s->desk.signals, r, &c->mem, v);
	row->signals = v;
	handoff_steps(c->s, r, &c->mem, steps);
	row->checklist = steps;
	if (!c->s->desk.context)
		return;
	add_timeline(c, r, row);
	add_later(c, r, row);
}

static void count_steps(struct session *s, row_id r, struct export_row *row)
{
	struct arena mem = {0};
	struct checklist steps;
	handoff_steps(s, r, &mem, &steps);
	row->checklist.done = checklist_done(&steps);
	row->checklist.answered = checklist_answered(&steps);
	row->checklist.open = checklist_open(&steps);
	row->checklist.known = desk_guide(&s->desk, s->desk.rule->note)->n;
	arena_fini(&mem);
}

static struct handoff_row make_row(struct closing_rows *c, row_id r, bool wanted)
{
	struct handoff_row row = {.row = {.alert = c->alerts[r],
		.decision = store_decision(c->s->desk.store, r), .now = store_now(c->s->desk.store, r)},
		.unasked = !wanted};
	enum verdict v = row.row.decision ? row.row.decision->verdict : VERDICT_OPEN;
	add_approval(c, &row);
	if (wanted && c->cases && v == VERDICT_SUSPICIOUS)
		add_findings(c, r, &row);
	if (wanted && c->scopes && v == VERDICT_APPROVED)
		try_scope(c->s, r, &row);
	if (wanted && c->lists)
		count_steps(c->s, r, &row.row);
	return row;
}

/* The newest first, as many as are asked for. */
static bool rows_wanted(const struct session *s, const struct cli *cli, const struct handoff_origin *o,
	bool *wanted, struct err *err)
{
	struct selection *sel;
	const struct window w = {o->since, o->until};
	if (!select_rows(s, cli, &sel, err))
		return false;
	int64_t n = 0;
	for (size_t i = 0; i < selection_count(sel) && (!o->limit || n < o->limit); i++) {
		row_id r = selection_at(sel, i);
		wanted[r] = window_has(&w, store_alert(s->desk.store, r), store_decision(s->desk.store, r));
		n += wanted[r];
	}
	selection_free(sel);
	return true;
}

/* An export of before, which is made again, did not look around its alerts. */
static bool looks_around(const struct handoff_origin *o)
{
	bool before = o->columns && o->columns <= EXPORT_COLUMNS_ALONE;
	return handoff_ways(o->format) & EXPORT_TELLS || (handoff_is_list(o->format) && !before);
}

bool export_load(struct session *s, const struct cli *cli, const struct handoff_origin *o, struct err *err)
{
	bool sources = cli->n_sources || cli->text[OPT_DEMO];
	const char *verdict = cli->text[OPT_VERDICT];
	bool reopened = !handoff_is_list(o->format) || (verdict && str_is(str_c(verdict), "open"));
	return session_init(s, cli, cli->verb->opens | EXPORT_WANTS |
		(sources && looks_around(o) ? WANT_CONTEXT : 0) | (sources ? WANT_SCAN : 0), err) &&
		(!sources || session_load(s, cli, err)) && desk_recall(&s->desk, reopened, err);
}

/* All rows are judged, those that are asked for written. */
bool handoff_export(struct session *s, const struct cli *cli, const struct handoff_origin *origin,
	struct export_made *made, struct err *err)
{
	enum handoff_format f = origin->format;
	struct closing_rows c = {.s = s, .cases = handoff_ways(f) & EXPORT_TELLS, .lists = handoff_is_list(f),
		.scopes = handoff_ways(f) & EXPORT_EXCLUDES};
	size_t n = store_count(s->desk.store);
	AUTO(mem_free_ptr) bool *wanted = mem_array(n, sizeof(*wanted));
	if (!rows_wanted(s, cli, origin, wanted, err))
		return false;
	AUTO(mem_free_ptr) struct handoff_row *rows = mem_array(n, sizeof(*rows));
	AUTO(mem_free_ptr) uint32_t *next = mem_array(n, sizeof(*next));
	AUTO(mem_free_ptr) const struct alert **alerts = mem_array(n, sizeof(*alerts));
	c.next = next;
	c.alerts = alerts;
	bool fine = read_decided(&c, n, err);
	for (size_t i = 0; fine && i < n; i++)
		rows[i] = make_row(&c, (row_id)i, wanted[i]);
	if (fine)
		handoff_write(rows, n, origin, &made->out, &made->report);
	arena_fini(&c.mem);
	return fine;
}
