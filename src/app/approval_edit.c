/*
 * approval_edit: an approval ended, or told to decide by itself or not to, after a look at what follows.
 * Neither decides an alert: what follows from it is a question of its own (propose).
 */
#include "approve_priv.h"

#include <inttypes.h>

#define LINES_MAX 4

static const struct approval *subject(const struct app *a)
{
	return approvals_find(a->set.desk->approvals, a->amend->what.id);
}

static void say_done(struct app *a)
{
	const struct approval_change *c = &a->amend->what;
	if (c->end)
		app_say(a, ROLE_GOOD, "approval %" PRId64 " has ended", c->id);
	else
		app_say(a, ROLE_GOOD, c->automatic ? "approval %" PRId64 " decides by itself from now on"
			: "approval %" PRId64 " only proposes from now on", c->id);
}

static bool closed_by(const struct app *a, row_id r, int64_t id)
{
	const struct decision *d = store_decision(a->set.desk->store, r);
	return d && d->approval == id && d->verdict == VERDICT_APPROVED;
}

static void approval_edit_sum(struct app *a, struct sum *s)
{
	const struct approval_change *c = &a->amend->what;
	size_t all = c->end ? store_count(a->set.desk->store) : 0;
	const struct approval *one = subject(a);
	sum_add(s, one ? (uint64_t)one->ended + one->automatic : 0);
	for (row_id r = 0; r < all; r++)
		if (closed_by(a, r, c->id))
			sum_row(s, r);
	const struct approval_plan *p = !c->end && c->automatic ? propose_plan(a, c->id) : NULL;
	for (size_t i = 0; p && i < p->n_fits; i++)
		sum_row(s, p->fits[i].row);
}

static unsigned amend(struct app *a)
{
	struct approval_change *c = &a->amend->what;
	struct err err = {0};
	if (!painted_answer(a))
		return APP_DRAW;
	c->reason = str_trim(line_str(&a->amend->reason));
	if (!desk_amend(a->set.desk, c, &err))
		return app_say(a, ROLE_ERROR, "nothing was changed: %s", err.text);
	a->turn++;
	a->shown.stale = true;
	a->listing.fresh = false;
	layer_pop(a);
	if (app_unread(a, &err))
		return APP_DRAW;
	say_done(a);
	if (c->end || c->automatic)
		propose_open(a, c->id);
	return APP_DRAW;
}

static unsigned approval_edit_leave(struct app *a)
{
	layer_pop(a);
	return app_say(a, ROLE_DIM, "nothing was changed");
}

static void approval_edit_form(struct app *a, struct form *out)
{
	*out = (struct form){.enter = amend, .leave = approval_edit_leave, .pastes = true,
		.line = a->amend->what.end ? &a->amend->reason : NULL};
}

/* ---- drawing -------------------------------------------------------------------------------- */

size_t approval_edit_closed(const struct app *a, int64_t id)
{
	size_t n = 0, all = store_count(a->set.desk->store);
	for (row_id r = 0; r < all; r++)
		n += closed_by(a, r, id);
	return n;
}

static struct str follows(struct app *a, struct arena *mem)
{
	const struct approval_change *c = &a->amend->what;
	size_t n = c->end ? approval_edit_closed(a, c->id) : c->automatic ? propose_plan(a, c->id)->n_fits : 0;
	const char *s = plural(n);
	if (c->end)
		return arena_fmt(mem, "%zu alert%s here that it approved: opened again or not is asked next",
			n, s);
	return c->automatic ? arena_fmt(mem, "%zu open alert%s fit now: whether to approve is asked next",
		n, s) : STR("what it decided stays; what fits from now on waits to be asked about");
}

static struct str approval_edit_title(const struct app *a, struct arena *mem)
{
	const struct approval_change *c = &a->amend->what;
	return arena_fmt(mem, c->end ? "End approval %" PRId64 "?" : c->automatic
		? "Let approval %" PRId64 " decide by itself?" : "Let approval %" PRId64 " only propose?",
		c->id);
}

static void approval_edit_dialog(struct app *a, struct arena *mem, struct dialog_model *out)
{
	static const struct key_hint end[] = {{"Enter", "end it"}, {"Esc", "back"}, {NULL, NULL}};
	static const struct key_hint change[] = {{"Enter", "change it"}, {"Esc", "back"}, {NULL, NULL}};
	struct dialog_line *l = arena_array(mem, LINES_MAX, sizeof(*l));
	struct dialog_field *f = arena_array(mem, 1, sizeof(*f));
	const struct approval *one = subject(a);
	AUTO(buf_fini) struct buf text = {0};
	size_t n = 0;
	if (one)
		approval_describe(one, &text);
	l[n++] = (struct dialog_line){ROLE_STRONG, arena_str(mem, buf_str(&text)), STR("")};
	l[n++] = (struct dialog_line){ROLE_TEXT, follows(a, mem), STR("")};
	if (!a->amend->what.end && a->amend->what.automatic)
		l[n++] = (struct dialog_line){ROLE_WARN, STR("alerts to come that fit are approved unseen"),
			STR("")};
	f[0] = (struct dialog_field){STR("reason"), line_str(&a->amend->reason), a->amend->reason.cursor};
	*out = (struct dialog_model){.title = approval_edit_title(a, mem),
		.lines = l,
		.n_lines = n,
		.fields = f,
		.n_fields = a->amend->what.end,
		.selected = STR_NONE,
		.hints = a->amend->what.end ? end : change};
}

static const struct layer approval_edit_layer = {.key = form_key, .paste = form_paste,
	.form = approval_edit_form, .dialog = approval_edit_dialog, .sum = approval_edit_sum};

unsigned approval_edit_open(struct app *a, const struct approval_change *what)
{
	if (a->set.desk->read_only)
		return app_say(a, ROLE_WARN, "read-only: no approval can be changed here");
	a->amend->what = *what;
	line_set(&a->amend->reason, STR(""));
	layer_push(a, &approval_edit_layer);
	return APP_DRAW;
}
