/*
 * undo: taking back and bringing back. The journal knows what; here it is said in words.
 */
#include "app_priv.h"

/* A row of the journal came in while an undo runs: it is part of what was taken back. */
void taken_note(struct app *a, const struct decision *d)
{
	struct taken *t = &a->taken;
	if (!t->active || !d->undoes ||
		(a->set.analyst.n && !str_eq(d->analyst, a->set.analyst)))
		return;
	t->now[d->verdict]++;
	t->from = d->from;
	t->row = store_find(a->set.store, d->alert_id, NULL);
}

/* As people know it: its bucket, else its id. */
static struct str undo_name(struct app *a, row_id r, struct str id)
{
	return str_sub(r == ROW_NONE ? id : store_alert(a->set.store, r)->bucket, 0, 80);
}

/* "4 open, 2 approved again" */
static void say_now(const struct taken *t, struct buf *out)
{
	static const char *const words[VERDICTS] = {"now open", "approved again", "suspicious again"};
	for (int v = 0; v < VERDICTS; v++)
		if (t->now[v])
			buf_fmt(out, "%s%zu %s", out->n ? ", " : "", t->now[v], words[v]);
}

static void say_stays(struct app *a, const struct journal_taken *j, struct buf *out)
{
	row_id r = store_find(a->set.store, str_c(j->id), NULL);
	if (!j->stays)
		return;
	if (j->stays > 1)
		buf_fmt(out, "; %zu stay, such as %.*s:", j->stays,
			STR_ARG(undo_name(a, r, str_c(j->id))));
	else
		buf_fmt(out, "; %.*s stays", STR_ARG(undo_name(a, r, str_c(j->id))));
	buf_fmt(out, " %s by %.80s", verdict_name(j->verdict), j->who);
}

static unsigned say_taken(struct app *a, bool redo, const struct journal_taken *j)
{
	const struct taken *t = &a->taken;
	const char *what = redo ? "brought back" : "taken back";
	AUTO(buf_fini) struct buf now = {0}, stays = {0};
	say_now(t, &now);
	say_stays(a, j, &stays);
	if (j->n == 0 && j->stays)
		return app_say(a, ROLE_WARN, "nothing was %s%s; the same key again goes on to what you "
			"%s before", what, buf_cstr(&stays), redo ? "took back" : "decided");
	if (j->n == 0)
		return app_say(a, ROLE_DIM, redo ? "there is nothing to bring back"
			: "you have no decision to take back");
	if (j->n > 1 || t->row == ROW_NONE)
		return app_say(a, j->stays ? ROLE_WARN : ROLE_TEXT, "%s: %s%s", what, buf_cstr(&now),
			buf_cstr(&stays));
	return app_say(a, j->stays ? ROLE_WARN : ROLE_TEXT, "%s: %.*s is %s again (was %s)%s", what,
		STR_ARG(undo_name(a, t->row, STR(""))), verdict_name(store_verdict(a->set.store, t->row)),
		verdict_name(t->from), buf_cstr(&stays));
}

static unsigned take(struct app *a, bool redo)
{
	struct err err = {0};
	struct journal_taken j = {.told = a->told[redo]};
	if (a->set.read_only)
		return app_say(a, ROLE_WARN, "read-only: nothing can be taken back here");
	if (steps_typing(a))
		return APP_DRAW;
	a->taken = (struct taken){.active = true, .row = ROW_NONE};
	bool ok = a->set.io.undo(a->set.io.ctx, redo, &j, &err);
	a->taken.active = false;
	if (!ok)
		return app_say(a, ROLE_ERROR, "not taken back: %s", err.text);
	a->told[redo] = j.told;
	app_sync(a);
	if (app_unread(a, &err))
		return APP_DRAW;
	size_t at = j.n == 1 && a->taken.row != ROW_NONE ? selection_index(a->sel, a->taken.row)
		: STR_NONE;
	if (at != STR_NONE)
		app_go(a, at);
	return say_taken(a, redo, &j);
}

unsigned act_undo(struct app *a)
{
	return take(a, false);
}

unsigned act_redo(struct app *a)
{
	return take(a, true);
}
