/*
 * around: what stands around the alert that the panes show: signals, whose account it is, which
 * approval fits, what the request changed, verdicts seen before, related events, the checklist.
 */
#include "app_priv.h"

#include <stdio.h>

#define ACCOUNT_TEXT_MAX 400

/* "acme-backup, organisation (accounts.toml:12)", or that the book does not know it. */
static void say_account(struct app *a, struct shown *s)
{
	const struct alert_dest *dest = alert_main_dest(s->in.detail.alert);
	const struct book *book = a->set.knows.book;
	if (!dest || !dest->account.n || !book || book_count(book) == 0)
		return;
	const struct book_entry *e = book_find(book, dest->account);
	if (!e) {
		s->around.account = STR("not in the account book");
		s->around.account_bad = dest->relation != RELATION_OWN;
		return;
	}
	s->around.account = arena_fmt(&s->in.mem, "%.*s%s%s (%.*s:%lu)%s%.*s", STR_ARG(str_sub(e->name, 0, 100)),
		e->name.n ? ", " : "", account_kind_name(e->kind),
		STR_ARG(str_sub(file_base(e->file), 0, 80)), e->line, e->note.n ? ": " : "",
		STR_ARG(str_sub(e->note, 0, 150)));
	s->around.account_bad = e->kind == ACCOUNT_FLAGGED || e->kind == ACCOUNT_UNKNOWN;
}

static void say_approval(struct app *a, struct shown *s)
{
	unsigned misfit = 0;
	int64_t now = a->set.io.now(a->set.io.ctx);
	const struct alert *al = s->in.detail.alert;
	const struct approval *ap = a->set.knows.approvals
		? approvals_for(a->set.knows.approvals, al, now, &misfit) : NULL;
	if (!ap)
		return;
	AUTO(buf_fini) struct buf text = {0};
	buf_fmt(&text, "%s approval %lld: ", misfit ? "outside" : "within", (long long)ap->id);
	if (misfit)
		approval_explain(ap, al, misfit, &text);
	else
		approval_describe(ap, &text);
	s->around.approval = arena_str(&s->in.mem, str_sub(buf_str(&text), 0, ACCOUNT_TEXT_MAX));
}

static void find_signals(struct app *a, struct shown *s)
{
	struct signals *g = a->set.knows.signals;
	if (!g)
		return;
	struct signal *v = arena_array(&s->in.mem, SIGNAL_COUNT, sizeof(*v));
	s->around.n_signals = signals_list(g, s->row, &s->in.mem, v);
	s->around.signals = v;
	s->around.marks = signals_marks(signals_score(store_signals(a->set.store, s->row)));
}

static void find_seen(struct app *a, struct shown *s)
{
	enum { HITS = 6 };
	if (!a->set.knows.seen)
		return;
	struct seen_hit *hits = arena_array(&s->in.mem, HITS, sizeof(*hits));
	size_t n = seen_find(a->set.knows.seen, s->in.detail.alert, hits, HITS);
	s->around.seen = hits;
	s->around.seen_total = n;
	s->around.n_seen = n < HITS ? n : HITS;
}

static void find_context(struct app *a, struct shown *s)
{
	if (!a->set.context)
		return;
	const struct timeline_want want = {.window_ms = a->window, .guide = s->in.detail.rule
		? s->in.detail.rule->note : STR("")};
	context_timeline(a->set.context, s->row, &want, &s->in.mem, &s->timeline);
	s->around.timeline = &s->timeline;
	s->around.window = a->window;
	if (s->in.detail.request.read_from != READ_NOTHING) {
		diff_alert(a->set.context, a->set.store, s->row, &s->in.mem, &s->diff);
		s->around.diff = &s->diff;
	}
}

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* What answers steps besides the alert itself. */
static void know(struct app *a, struct shown *s, struct checklist_known *known)
{
	known->account = s->around.account;
	if (a->set.context)
		known->calls = context_calls(a->set.context, s->row, DAY_MS, &known->refused);
	if (s->around.seen_total)
		known->before = arena_fmt(&s->in.mem, "%zu earlier verdicts on alerts like it, see the actor",
			s->around.seen_total);
}

static void find_steps(struct app *a, struct shown *s)
{
	struct checklist_known known = {0};
	if (!s->in.detail.rule || !a->set.knows.ticks)
		return;
	checklist_read(s->in.detail.rule->note, &s->in.mem, &s->steps);
	know(a, s, &known);
	checklist_answer(&s->steps, s->in.detail.alert, &known, &s->in.mem);
	for (size_t i = 0; i < s->steps.n; i++) {
		const struct tick *t = ticks_find(a->set.knows.ticks, s->in.detail.alert, s->steps.steps[i].key);
		if (t && t->done)
			checklist_tick(&s->steps, t->step, true, t->analyst, t->at);
	}
	s->around.checklist = &s->steps;
	s->around.step = s->step < s->steps.n ? s->step : 0;
	s->around.step_lines = arena_array(&s->in.mem, s->steps.n, sizeof(size_t));
}

void around_load(struct app *a)
{
	struct shown *s = &a->shown;
	s->around = (struct around){0};
	find_signals(a, s);
	say_account(a, s);
	say_approval(a, s);
	find_seen(a, s);
	find_context(a, s);
	find_steps(a, s);
	s->in.detail.around = &s->around;
}

/* ---- the checklist -------------------------------------------------------------------------- */

/* The guide's text is made anew; the pane follows the step. */
static void show_step(struct app *a)
{
	struct shown *s = &a->shown;
	struct text *t = a->pane[PANE_GUIDE].text;
	s->around.step = s->step;
	text_clear(t);
	guide_text(&s->in.detail, t);
	struct rect r = app_layout(a).pane[PANE_GUIDE];
	if (r.rows <= 0)
		return;
	text_layout(t, r.cols);
	size_t line = s->around.step_lines[s->step], row = text_row_of(t, line), rows = (size_t)r.rows;
	size_t top = a->pane[PANE_GUIDE].top;
	if (row < top + 1 || row + 2 > top + rows)
		pane_scroll(a, PANE_GUIDE, row > rows / 3 ? row - rows / 3 : 0);
}

static bool has_steps(struct app *a)
{
	shown_load(a);
	if (a->shown.around.checklist && a->shown.steps.n && !a->why)
		return true;
	app_say(a, ROLE_DIM, "the guide has no steps to tick");
	return false;
}

unsigned act_step_next(struct app *a)
{
	if (has_steps(a) && a->shown.step + 1 < a->shown.steps.n) {
		a->shown.step++;
		show_step(a);
	}
	return APP_DRAW;
}

unsigned act_step_previous(struct app *a)
{
	if (has_steps(a) && a->shown.step > 0) {
		a->shown.step--;
		show_step(a);
	}
	return APP_DRAW;
}

unsigned act_tick(struct app *a)
{
	struct err err = {0};
	if (a->focus != PANE_GUIDE)
		return app_say(a, ROLE_DIM, "steps are ticked in the guide");
	if (!has_steps(a))
		return APP_DRAW;
	if (a->set.read_only || !a->set.io.tick)
		return app_say(a, ROLE_WARN, "read-only: nothing can be ticked here");
	const struct checklist_step *s = &a->shown.steps.steps[a->shown.step];
	const struct alert *al = a->shown.in.detail.alert;
	bool done = !s->ticked;
	struct tick t = {.alert_id = al->id, .event_id = al->event_id, .rule_id = al->rule_id,
		.step = s->key, .done = done, .text = s->evidence};
	t.text = str_sub(t.text, 0, TICK_TEXT_MAX);
	if (!a->set.io.tick(a->set.io.ctx, &t, &err))
		return app_say(a, ROLE_ERROR, "nothing was ticked: %s", err.text);
	if (app_unread(a, &err))
		return APP_DRAW;
	a->shown.stale = true;
	size_t next = a->shown.step + (done && a->shown.step + 1 < a->shown.steps.n);
	a->shown.step = next;
	shown_load(a);
	if (a->shown.around.checklist)
		show_step(a);
	return app_say(a, ROLE_GOOD, done ? "ticked; it is in the journal" : "the tick is taken back");
}
