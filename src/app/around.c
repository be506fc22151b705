/*
 * around: what stands around the alert that the panes show: signals, whose account it is, which
 * approval fits, what the request changed, verdicts seen before, related events, the checklist.
 */
#include "app_priv.h"

#include <stdio.h>

#define ACCOUNT_TEXT_MAX 400

/* "acme-backup, organisation (accounts.toml:12)", or that the book does not know it. */
static void around_account_said(struct app *a, struct shown *s)
{
	const struct alert_dest *dest = alert_main_dest(s->in.detail.alert);
	const struct book *book = a->set.desk->book;
	if (!dest || !dest->account.n || !book || book_count(book) == 0)
		return;
	const struct book_entry *e = book_find(book, dest->account);
	if (!e) {
		s->around.account = STR("not in the account book");
		s->around.account_bad = dest->relation != RELATION_OWN;
		return;
	}
	s->around.account = arena_fmt(&s->in.mem, "%.*s%s%s%s%.*s (%.*s:%lu)%s%.*s",
		STR_ARG(str_sub(e->name, 0, 100)), e->name.n ? ", " : "", account_kind_name(e->kind),
		e->state.n ? ", " : "", STR_ARG(str_sub(e->state, 0, 40)),
		STR_ARG(str_sub(file_base(e->file), 0, 80)), e->line, e->note.n ? ": " : "",
		STR_ARG(str_sub(e->note, 0, 150)));
	s->around.account_bad = e->kind == ACCOUNT_FLAGGED || e->kind == ACCOUNT_UNKNOWN || e->state.n;
}

static void say_approval(struct app *a, struct shown *s)
{
	unsigned misfit = 0;
	int64_t now = a->set.desk->now();
	const struct alert *al = s->in.detail.alert;
	const struct approval *ap = a->set.desk->approvals
		? approvals_for(a->set.desk->approvals, al, now, &misfit) : NULL;
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
	struct signals *g = a->set.desk->signals;
	if (!g)
		return;
	struct signal *v = arena_array(&s->in.mem, SIGNAL_COUNT, sizeof(*v));
	s->around.n_signals = signals_list(g, s->row, &s->in.mem, v);
	s->around.signals = v;
	s->around.marks = signals_marks(signals_score(store_signals(a->set.desk->store, s->row)));
}

static void find_seen(struct app *a, struct shown *s)
{
	enum { HITS = 6 };
	if (!a->set.desk->seen)
		return;
	struct precedent_hit *hits = arena_array(&s->in.mem, HITS, sizeof(*hits));
	size_t n = precedent_find(a->set.desk->seen, s->in.detail.alert, hits, HITS);
	s->around.seen = hits;
	s->around.seen_total = n;
	s->around.n_seen = n < HITS ? n : HITS;
}

static void find_context(struct app *a, struct shown *s)
{
	if (!a->set.desk->context)
		return;
	const struct rule *own = s->in.detail.rule;
	desk_timeline(a->set.desk, s->row, (struct timeline_want){.window_ms = a->window,
		.guide = own ? own->note : STR("")}, &s->in.mem, &s->timeline);
	s->around.timeline = &s->timeline;
	s->around.window = a->window;
	struct deeds_told *told = arena_alloc(&s->in.mem, sizeof(*told));
	const struct app_io *io = &a->set.io;
	if (io->deeds_of && io->deeds_of(io->ctx, store_alert(a->set.desk->store, s->row), told))
		s->around.deeds = told;
	if (s->in.detail.request.read_from != READ_NOTHING) {
		diff_alert(a->set.desk->context, a->set.desk->store, s->row, &s->in.mem, &s->diff);
		s->around.diff = &s->diff;
	}
}

static void find_steps(struct app *a, struct shown *s)
{
	struct checklist_known known = {.account = s->around.account};
	if (!s->in.detail.rule || !a->set.desk->ticks)
		return;
	if (s->around.seen_total)
		known.before = arena_fmt(&s->in.mem, "%zu earlier verdict%s on alerts like it, see the actor",
			s->around.seen_total, plural(s->around.seen_total));
	desk_steps(a->set.desk, &(struct desk_steps){s->row, s->in.detail.rule->note, &known}, &s->in.mem,
		&s->steps);
	s->around.checklist = &s->steps;
	s->around.step = s->step < s->steps.n ? s->step : 0;
	s->around.step_lines = arena_array(&s->in.mem, s->steps.n, sizeof(size_t));
}

void around_load(struct app *a)
{
	struct shown *s = &a->shown;
	s->around = (struct around){0};
	find_signals(a, s);
	around_account_said(a, s);
	say_approval(a, s);
	find_seen(a, s);
	find_context(a, s);
	find_steps(a, s);
	s->in.detail.around = &s->around;
}
