/*
 * undo: taking back and bringing back. The journal knows what; here it is said in words.
 */
#include "app_priv.h"

/* A row of the journal came in while an undo runs: it is part of what was taken back. */
void taken_note(struct app *a, const struct decision *d)
{
	struct taken *t = &a->taken;
	if (!t->active || !d->undoes ||
		(a->set.desk->analyst.n && !str_eq(d->analyst, a->set.desk->analyst)))
		return;
	t->now[d->verdict]++;
	t->from = d->from;
	t->verdict = d->verdict;
	t->seq = d->seq;
	journal_id(d, t->id);
}

/* As people know it: its bucket, or the id where that was used for several things. `id` of what is not
 * on the list. */
static struct str undo_name(struct app *a, int64_t seq, const char *id)
{
	row_id r = store_decided(a->set.desk->store, seq);
	if (r == ROW_NONE)
		return str_sub(str_c(id), 0, 80);
	const struct alert *al = store_alert(a->set.desk->store, r);
	return str_sub(al->plain_id.n ? al->id : al->bucket, 0, 80);
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
	if (!j->stays)
		return;
	struct str name = undo_name(a, j->seq, j->id);
	if (j->stays > 1)
		buf_fmt(out, "; %zu stay, such as %.*s:", j->stays, STR_ARG(name));
	else
		buf_fmt(out, "; %.*s stays", STR_ARG(name));
	buf_fmt(out, " %s by %.80s", verdict_name(j->verdict), j->who);
}

static unsigned say_taken(struct app *a, bool redo, const struct journal_taken *j)
{
	const struct taken *t = &a->taken;
	const char *what = redo ? "brought back" : "taken back";
	AUTO(buf_fini) struct buf now = {0}, stays = {0};
	say_now(t, &now);
	say_stays(a, j, &stays);
	if (j->overrules)
		return app_say(a, ROLE_WARN, "nothing was %s%s; the same key again replaces that", what,
			buf_cstr(&stays));
	if (j->n == 0 && j->stays)
		return app_say(a, ROLE_WARN, "nothing was %s%s; the same key again goes on to what you "
			"%s before", what, buf_cstr(&stays), redo ? "took back" : "decided");
	if (j->n == 0)
		return app_say(a, ROLE_DIM, redo ? "there is nothing to bring back"
			: "you have no decision to take back");
	if (j->n > 1 || !t->seq)
		return app_say(a, j->stays ? ROLE_WARN : ROLE_TEXT, "%s: %s%s", what, buf_cstr(&now),
			buf_cstr(&stays));
	return app_say(a, j->stays ? ROLE_WARN : ROLE_TEXT, "%s: %.*s is %s again (was %s)%s", what,
		STR_ARG(undo_name(a, t->seq, t->id)), verdict_name(t->verdict), verdict_name(t->from),
		buf_cstr(&stays));
}

static unsigned undo_take(struct app *a, bool redo)
{
	struct err err = {0};
	struct journal_taken j = {.told = a->told[redo]};
	if (a->set.desk->read_only)
		return app_say(a, ROLE_WARN, "read-only: nothing can be taken back here");
	if (steps_typing(a))
		return APP_DRAW;
	a->taken = (struct taken){.active = true};
	bool ok = desk_undo(a->set.desk, redo, &j, &err);
	a->taken.active = false;
	if (!ok)
		return app_say(a, ROLE_ERROR, "not taken back: %s", err.text);
	a->told[redo] = j.told;
	a->took[redo] = true;
	app_sync(a);
	if (app_unread(a, &err))
		return APP_DRAW;
	row_id r = j.n == 1 ? store_decided(a->set.desk->store, a->taken.seq) : ROW_NONE;
	size_t at = r != ROW_NONE ? selection_index(a->sel, r) : STR_NONE;
	if (at != STR_NONE)
		app_go(a, at);
	return say_taken(a, redo, &j);
}

unsigned act_undo(struct app *a)
{
	return undo_take(a, false);
}

unsigned act_redo(struct app *a)
{
	return undo_take(a, true);
}
