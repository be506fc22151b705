/*
 * decide: verdicts. One alert is decided by one key, for undo is the safety; marked ones after a
 * preview that says what would change. Nothing is shown as decided before desk_decide() said so.
 */
#include "decide_priv.h"

#include <stdio.h>
#include <stdlib.h>

/* The next open alert after the cursor's own, to go on with. */
static row_id next_open_row(const struct app *a)
{
	size_t at = selection_next_open(a->sel, a->at);
	return at == STR_NONE || at == a->at ? ROW_NONE : selection_at(a->sel, at);
}

static void decide_advance(struct app *a, row_id next)
{
	app_sync(a);
	if (a->cursor != ROW_NONE && store_verdict(a->set.desk->store, a->cursor) == VERDICT_OPEN)
		return;
	size_t at = next == ROW_NONE ? STR_NONE : selection_index(a->sel, next);
	if (at == STR_NONE || store_verdict(a->set.desk->store, next) != VERDICT_OPEN)
		at = selection_next_open(a->sel, a->at);
	if (at != STR_NONE)
		app_go(a, at);
}

struct choice {
	const row_id *rows;
	size_t n;
	enum verdict verdict;
	struct str reason, note;
	bool kept; /* what was written on it is not part of this */
};

/* What the store knows of the rows is what was on the screen: painted_allows() and painted_answer()
 * saw to that. Whatever came since, the journal finds. */
static bool decide_record(struct app *a, const struct choice *c, struct err *err)
{
	struct journal_entry *entries = mem_array(c->n, sizeof(*entries));
	for (size_t i = 0; i < c->n; i++) {
		const struct decision *d = store_decision(a->set.desk->store, c->rows[i]);
		entries[i] = (struct journal_entry){
			.alert = store_alert(a->set.desk->store, c->rows[i]), .verdict = c->verdict,
			.careful = true, .knew = d ? d->seq : 0,
			.reason = c->reason, .note = c->note};
	}
	bool ok = desk_decide(a->set.desk, entries, c->n, err);
	free(entries);
	return ok;
}

/* How many steps of its guide nobody ticked and nothing answers; 0 when it is not known. */
static size_t open_steps(struct app *a, row_id r)
{
	if (a->cursor == r)
		shown_load(a);
	return a->shown.row == r && a->shown.around.checklist ? checklist_open(&a->shown.steps) : 0;
}

/* `before`: how the one alert stood. */
static void say_decided(struct app *a, const struct choice *c, enum verdict before, size_t steps)
{
	static const enum role roles[VERDICTS] = {ROLE_OPEN, ROLE_APPROVED, ROLE_SUSPICIOUS};
	const char *left = selection_open(a->sel) ? "" : "; no open alert is left within the filter";
	char unticked[60] = "";
	if (steps)
		snprintf(unticked, sizeof(unticked), ", %zu step%s of the guide unticked", steps,
			plural(steps));
	if (c->n == 1) {
		const struct alert *al = store_alert(a->set.desk->store, c->rows[0]);
		bool same = before == c->verdict;
		app_say(a, roles[c->verdict], "%c %s%s: %.*s%s%s%s%s", verdict_glyph(c->verdict),
			same ? "still " : "", verdict_name(c->verdict),
			STR_ARG(str_sub(al->bucket, 0, 80)), same ? ", what you wrote is recorded" : "",
			unticked, c->kept ? "; what you wrote is kept, not recorded: n there shows it" : "", left);
		return;
	}
	app_say(a, roles[c->verdict], "%c %s: %zu alerts%s", verdict_glyph(c->verdict),
		verdict_name(c->verdict), c->n, left);
}

/* Returns false. Another's word that came in that very moment is shown, and asked about. */
static bool say_undecided(struct app *a, const struct choice *c, const struct err *err)
{
	if (err->code != ERR_CONFLICT) {
		app_say(a, ROLE_ERROR, "nothing was decided: %s", err->text);
		return false;
	}
	app_sync(a);
	if (c->n > 1 || !others_ask(a, c->rows, 1, c->verdict))
		app_say(a, ROLE_WARN, "nothing was decided, it changed meanwhile: %s", err->text);
	return false;
}

static bool decide_now(struct app *a, const struct choice *c)
{
	struct err err = {0};
	row_id next = next_open_row(a), here = a->cursor;
	bool mine = false;
	size_t steps = c->n == 1 && c->verdict != VERDICT_OPEN ? open_steps(a, c->rows[0]) : 0;
	enum verdict before = store_verdict(a->set.desk->store, c->rows[0]);
	for (size_t i = 0; i < c->n; i++)
		mine = mine || c->rows[i] == here;
	if (!decide_record(a, c, &err))
		return say_undecided(a, c, &err);
	app_sync(a);
	if (app_unread(a, &err))
		return true;
	if (mine && c->verdict != VERDICT_OPEN)
		decide_advance(a, next);
	say_decided(a, c, before, steps);
	return true;
}

/* ---- the dialog ---------------------------------------------------------------------------- */

static void decide_sum(struct app *a, struct sum *s)
{
	const struct decide *d = a->decide;
	preview_recount(a);
	sum_add(s, d->bulk ? (uint64_t)d->verdict * 2 + d->chosen : 0);
	sum_add(s, d->same);
	sum_add(s, d->outside + d->alone);
	for (size_t i = 0; i < d->n; i++)
		sum_row(s, d->rows[i]);
	for (size_t i = 0; i < d->out.n; i++)
		sum_row(s, d->out.v[i].row);
}

static void decide_drop(struct decide *d)
{
	free(d->rows);
	d->rows = NULL;
	outliers_fini(&d->out);
	d->out = (struct outliers){0};
	d->taken_in = false;
	d->part = d->could = d->top = d->read = 0;
	d->n = d->same = d->outside = 0;
}

static void open_dialog(struct app *a, enum verdict v, bool choose)
{
	struct decide *d = a->decide;
	decide_drop(d);
	d->verdict = v;
	d->choose = choose;
	d->chosen = !choose;
	d->bulk = a->marks.count > 0;
	d->marked = d->bulk ? a->marks.count : 1;
	d->rows = mem_array(d->marked, sizeof(*d->rows));
	d->field = 0;
	line_set(&d->confirm, STR(""));
	if (d->bulk) {
		preview_count(a);
	} else {
		d->rows[0] = a->cursor;
		d->n = d->could = 1;
	}
	draft_open(a);
	layer_push(a, &decide_layer);
}

void decide_close(struct app *a)
{
	void (*closed)(struct app *a) = a->decide->closed;
	decide_drop(a->decide);
	if (layer_top(a) == &decide_layer)
		layer_pop(a);
	a->decide->closed = NULL;
	if (closed)
		closed(a);
	a->listing.fresh = false;
}

void decide_init(struct app *a)
{
	a->decide = mem_alloc(sizeof(*a->decide));
	line_init(&a->decide->reason, DECISION_REASON_MAX);
	line_init(&a->decide->note, DECISION_NOTE_MAX);
	line_init(&a->decide->confirm, 20);
}

void decide_fini(struct app *a)
{
	decide_close(a);
	line_fini(&a->decide->reason);
	line_fini(&a->decide->note);
	line_fini(&a->decide->confirm);
	free(a->decide);
}

static bool may_decide(struct app *a)
{
	if (a->set.desk->read_only)
		app_say(a, ROLE_WARN, "read-only: nothing can be decided here");
	else if (a->cursor == ROW_NONE && a->marks.count == 0)
		app_say(a, ROLE_DIM, "there is no alert to decide");
	else
		return true;
	return false;
}

static unsigned verdict_key(struct app *a, enum verdict v)
{
	struct decide *d = a->decide;
	if (!may_decide(a) || steps_typing(a))
		return APP_DRAW;
	if (a->marks.count) {
		open_dialog(a, v, false);
		if (d->could)
			return APP_DRAW;
		app_say(a, ROLE_WARN, "nothing would change: of the marked %zu %s already, %zu outside "
			"the filter, %zu to be decided by itself", d->same, verdict_name(v), d->outside,
			d->alone);
		decide_close(a);
		return APP_DRAW;
	}
	row_id here = a->cursor; /* the cursor goes on while this is decided */
	if (!painted_allows(a, here))
		return APP_DRAW;
	if (store_verdict(a->set.desk->store, here) == v)
		return app_say(a, ROLE_DIM, "it is %s already; n adds a note", verdict_name(v));
	if (others_ask(a, &here, 1, v))
		return APP_DRAW;
	decide_now(a, &(struct choice){&here, 1, v, STR(""), STR(""), draft_waits(a, here)});
	return APP_DRAW;
}

unsigned act_approve(struct app *a)
{
	return verdict_key(a, VERDICT_APPROVED);
}

unsigned act_suspicious(struct app *a)
{
	return verdict_key(a, VERDICT_SUSPICIOUS);
}

unsigned act_reopen(struct app *a)
{
	return verdict_key(a, VERDICT_OPEN);
}

unsigned act_note(struct app *a)
{
	if (!may_decide(a))
		return APP_DRAW;
	open_dialog(a, VERDICT_OPEN, true);
	return APP_DRAW;
}

/* ---- keys in the dialog --------------------------------------------------------------------- */

static size_t field_count(const struct decide *d)
{
	return 2 + (d->choose ? 1 : 0) + (preview_confirms(d) ? 1 : 0);
}

/* Reason, note, the verdict (NULL: it is chosen, not typed), the count. */
static struct line *decide_field(struct app *a)
{
	struct decide *d = a->decide;
	if (d->field == 0)
		return &d->reason;
	if (d->field == 1)
		return &d->note;
	return d->field == 2 && d->choose ? NULL : &d->confirm;
}

/* One alert, its verdict as it was, and not a word about it. */
static bool says_nothing(const struct app *a)
{
	const struct decide *d = a->decide;
	return d->n == 0 || (!d->bulk && store_verdict(a->set.desk->store, d->rows[0]) == d->verdict &&
		!str_trim(line_str(&d->reason)).n && !str_trim(line_str(&d->note)).n);
}

static unsigned submit(struct app *a)
{
	struct decide *d = a->decide;
	int64_t typed;
	if (!d->chosen) {
		d->field = 2;
		return app_say(a, ROLE_WARN, "no verdict is chosen: a approved, s suspicious, o open");
	}
	if (!painted_answer(a))
		return APP_DRAW;
	if (d->n == 0 && d->could)
		return app_say(a, ROLE_WARN, "all of them differ: decide them one by one, or ^T takes them in");
	if (outlier_list_unread(d))
		return app_say(a, ROLE_WARN, "%zu that differ are taken in and were not on the screen yet: Page "
			"Down shows them, ^T leaves them out", outlier_list_unread(d));
	if (says_nothing(a))
		return app_say(a, ROLE_WARN, "there is nothing to record: type a reason or a note, or "
			"choose another verdict");
	if (preview_confirms(d) && (!str_int(str_trim(line_str(&d->confirm)), &typed) ||
			typed != (int64_t)d->n)) {
		d->field = field_count(d) - 1;
		return app_say(a, ROLE_WARN, "type %zu, the number of alerts, to decide them", d->n);
	}
	if (others_ask(a, d->rows, d->n, d->verdict))
		return APP_DRAW;
	struct choice c = {d->rows, d->n, d->verdict, str_trim(line_str(&d->reason)),
		str_trim(line_str(&d->note)), false};
	if (!decide_now(a, &c))
		return APP_DRAW; /* the dialog stays, with what was typed */
	draft_drop(a);
	if (d->bulk)
		outlier_list_keep_marks(a);
	if (a->message_role != ROLE_WARN && outlier_list_left_out(d))
		app_say(a, ROLE_WARN, "%zu decided; the %zu left out stay marked, as they were", c.n,
			outlier_list_left_out(d));
	decide_close(a);
	return APP_DRAW;
}

static void decide_choose(struct app *a, enum verdict v)
{
	a->decide->verdict = v;
	a->decide->chosen = true;
	if (a->decide->bulk)
		preview_count(a);
}

static void choice_key(struct app *a, uint32_t code)
{
	enum verdict v = a->decide->verdict;
	switch (code) {
	case 'a':
		decide_choose(a, VERDICT_APPROVED);
		break;
	case 's':
		decide_choose(a, VERDICT_SUSPICIOUS);
		break;
	case 'o':
		decide_choose(a, VERDICT_OPEN);
		break;
	case ' ':
	case KEY_CODE_RIGHT:
		decide_choose(a, (enum verdict)((v + 1) % VERDICTS));
		break;
	case KEY_CODE_LEFT:
		decide_choose(a, (enum verdict)((v + VERDICTS - 1) % VERDICTS));
		break;
	}
}

static unsigned decide_leave(struct app *a)
{
	const struct decide *d = a->decide;
	bool kept = d->reason.text.n + d->note.text.n > 0;
	decide_close(a);
	return app_say(a, ROLE_DIM, kept ? "nothing was decided; what you "
		"wrote is kept for the next time" : "nothing was decided");
}

static bool decide_own(struct app *a, struct key k)
{
	if (k.code == 20 /* ^T */) {
		a->decide->taken_in = !a->decide->taken_in;
		if (a->decide->bulk)
			preview_count(a);
		return true;
	}
	if (outlier_list_key(a, k))
		return true;
	if (!decide_field(a) && !k.alt)
		choice_key(a, k.code);
	return false;
}

static void decide_form(struct app *a, struct form *out)
{
	struct line *l = decide_field(a);
	*out = (struct form){.enter = submit, .leave = decide_leave, .own = decide_own, .typed = draft_keep,
		.line = l, .pastes = l != &a->decide->confirm, .at = &a->decide->field,
		.fields = field_count(a->decide)};
}

/* ^T takes in what was left out: that is meant, or it is not done. */
static enum app_weight decide_weighs(const struct app *a, struct key k)
{
	(void)a;
	return k.code == KEY_CODE_ENTER || k.code == 20 /* ^T */ ? APP_HEAVY : APP_TEXT;
}

const struct layer decide_layer = {.key = form_key, .paste = form_paste, .form = decide_form,
	.weighs = decide_weighs, .dialog = decide_dialog, .sum = decide_sum};
