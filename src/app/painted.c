/*
 * painted: what the last frame showed, and that no key decides anything else. A verdict acts on an
 * alert that stood on the screen as it is now, under a cursor that only keys have moved; an answer
 * on the question whose numbers were drawn. Every other key is told why nothing happened.
 */
#include "app_priv.h"

static int64_t seq_of(const struct app *a, row_id r)
{
	const struct decision *d = store_decision(a->set.desk->store, r);
	return d ? d->seq : 0;
}

static void painted_add_row(struct app *a, row_id r)
{
	struct painted *p = &a->painted;
	if (r != ROW_NONE && p->n < PAINTED_MAX)
		p->v[p->n++] = (struct painted_row){r, seq_of(a, r)};
}

/* A number that stands for all that a question shows: each alert with its newest decision. Never 0. */
static struct sum painted_sum(const struct app *a)
{
	return (struct sum){a, 14695981039346656037u};
}

void sum_add(struct sum *s, uint64_t v)
{
	s->of = (s->of ^ v) * 1099511628211u;
	s->of ^= s->of >> 29;
}

void sum_row(struct sum *s, row_id r)
{
	sum_add(s, r);
	sum_add(s, (uint64_t)seq_of(s->a, r));
}

static uint64_t painted_numbers(struct app *a)
{
	struct sum s = painted_sum(a);
	if (layer_top(a)->sum)
		layer_top(a)->sum(a, &s);
	return s.of | 1;
}

void painted_note(struct app *a, bool list, size_t rows)
{
	struct painted *p = &a->painted;
	p->n = 0;
	p->cursor = list ? a->cursor : ROW_NONE;
	if (!p->numbers)
		p->numbers = painted_numbers(a);
	a->asked.shown = true;
	if (!list)
		return;
	painted_add_row(a, a->cursor);
	for (size_t i = 0; i < rows && a->top + i < selection_count(a->sel); i++)
		painted_add_row(a, selection_at(a->sel, a->top + i));
	if (!a->busy && !a->more)
		a->settled = true;
	if (a->left_told || (a->settled && a->left_filling))
		a->left = ROW_NONE;
	a->left_shown = true;
}

void painted_forget(struct app *a)
{
	a->painted = (struct painted){.cursor = ROW_NONE};
}

/* The numbers of a question are those that were read: what others do while it stands changes what is
 * drawn, but not what an answer is to. What a key of its own changes is drawn and read anew. */
bool painted_was_read(struct app *a)
{
	return a->painted.numbers == painted_numbers(a);
}

void painted_renumber(struct app *a, bool was_read)
{
	if (was_read && !painted_was_read(a))
		a->painted.numbers = 0;
}

/* ---- a cursor that moved by itself ---------------------------------------------------------- */

/* The alert that was drawn under the cursor has gone from there, and no key did it. */
static void say_left(struct app *a, row_id was)
{
	const struct alert *al = store_alert(a->set.desk->store, was);
	const struct decision *d = store_decision(a->set.desk->store, was);
	struct str bucket = str_sub(al->bucket, 0, 80);
	if (d && decision_of_other(d, a->set.desk->analyst))
		app_say(a, ROLE_WARN, "%c %s by %.*s: %.*s left the list; the cursor went on",
			verdict_glyph(d->verdict), verdict_name(d->verdict),
			STR_ARG(str_sub(d->analyst, 0, 60)), STR_ARG(bucket));
	else
		app_say(a, ROLE_WARN, "%.*s left the list; the cursor went on", STR_ARG(bucket));
}

void painted_take_in(struct app *a)
{
	bool typed = a->filter_next != NULL;
	row_id was = a->cursor;
	app_sync(a);
	if (typed || was == a->cursor || was == ROW_NONE || was != a->painted.cursor)
		return;
	a->left = was;
	a->left_filling = !a->settled;
	a->left_shown = a->left_told = false;
	if (a->settled)
		say_left(a, was);
}

/* A key that moves or looks: whoever saw where the cursor went has it in hand again. */
void painted_key(struct app *a)
{
	if (a->left_shown)
		a->left = ROW_NONE;
}

/* ---- may it be decided ---------------------------------------------------------------------- */

static const struct painted_row *painted_find(const struct app *a, row_id r)
{
	for (size_t i = 0; i < a->painted.n; i++)
		if (a->painted.v[i].row == r)
			return &a->painted.v[i];
	return NULL;
}

bool painted_allows(struct app *a, row_id r)
{
	const struct painted_row *p = painted_find(a, r);
	const struct decision *d = store_decision(a->set.desk->store, r);
	struct str bucket = str_sub(store_alert(a->set.desk->store, r)->bucket, 0, 80);
	if (a->left != ROW_NONE) {
		a->left_told = true;
		app_say(a, ROLE_WARN, a->left_filling ? "nothing was decided: the list was still being "
			"filled, %.*s is on top now; look, then the key again" : "nothing was decided: the "
			"cursor went on to %.*s by itself; look, then the key again", STR_ARG(bucket));
		return false;
	}
	if (!p) {
		app_say(a, ROLE_WARN, "nothing was decided: %.*s was not on the screen yet; look, then the "
			"key again", STR_ARG(bucket));
		return false;
	}
	if (!d || d->seq == p->seq || !decision_of_other(d, a->set.desk->analyst))
		return true;
	app_say(a, ROLE_WARN, "nothing was decided: %.*s is %s by %.*s since; look, then the key again",
		STR_ARG(bucket), verdict_name(d->verdict), STR_ARG(str_sub(d->analyst, 0, 60)));
	return false;
}

/* ---- questions ------------------------------------------------------------------------------ */

bool painted_answer(struct app *a)
{
	if (painted_was_read(a))
		return true;
	app_say(a, ROLE_WARN, a->painted.numbers ? "it changed meanwhile: look at the numbers again"
		: "the question was not on the screen yet: look at it first");
	a->painted.numbers = 0;
	return false;
}
