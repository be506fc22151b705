/*
 * undo: taking back and bringing back. The journal knows what; here it is said in words.
 */
#include "app_priv.h"

#include <stdio.h>
#include <string.h>

/* A row of the journal came in while an undo runs: it is part of what was taken back. */
void taken_note(struct app *a, const struct decision *d)
{
	struct taken *t = &a->taken;
	if (!t->active || !d->undoes)
		return;
	t->n++;
	t->from = d->from;
	t->to = d->verdict;
	row_id r = store_find(a->set.store, d->alert_id, NULL);
	struct str bucket = r == ROW_NONE ? d->alert_id : store_alert(a->set.store, r)->bucket;
	snprintf(t->bucket, sizeof(t->bucket), "%.*s", STR_ARG(str_sub(bucket, 0, 79)));
	t->row = r;
}

static void say_taken(struct app *a, bool redo, size_t n)
{
	const struct taken *t = &a->taken;
	const char *what = redo ? "brought back" : "taken back";
	if (n == 0)
		app_say(a, ROLE_DIM, redo ? "there is nothing to bring back"
			: "you have no decision to take back");
	else if (n == 1 && t->n)
		app_say(a, ROLE_TEXT, "%s: %s is %s again (was %s)", what, t->bucket,
			verdict_name(t->to), verdict_name(t->from));
	else
		app_say(a, ROLE_TEXT, "%s: %zu decisions, now %s", what, n, verdict_name(t->to));
}

static unsigned take(struct app *a, bool redo)
{
	struct err err = {0};
	size_t n = 0;
	if (a->set.read_only)
		return app_say(a, ROLE_WARN, "read-only: nothing can be taken back here");
	memset(&a->taken, 0, sizeof(a->taken));
	a->taken.active = true;
	a->taken.row = ROW_NONE;
	bool ok = a->set.io.undo(a->set.io.ctx, redo, &n, &err);
	a->taken.active = false;
	if (!ok)
		return app_say(a, ROLE_ERROR, "not taken back: %s", err.text);
	app_sync(a);
	if (app_unread(a, &err))
		return APP_DRAW;
	size_t at = n == 1 && a->taken.row != ROW_NONE ? selection_index(a->sel, a->taken.row)
		: STR_NONE;
	if (at != STR_NONE)
		app_go(a, at);
	say_taken(a, redo, n);
	return APP_DRAW;
}

unsigned act_undo(struct app *a)
{
	return take(a, false);
}

unsigned act_redo(struct app *a)
{
	return take(a, true);
}
