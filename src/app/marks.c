/*
 * marks: the set of marked alerts, by row, and the ways to mark many. Marks stay when the filter
 * changes; a decision leaves out those outside of it and says so.
 */
#include "app_priv.h"

#include <stdlib.h>
#include <string.h>

bool marks_has(const struct marks *m, row_id r)
{
	return r / 64 < m->words && (m->bits[r / 64] >> (r % 64) & 1);
}

static void marks_grow(struct marks *m, row_id r)
{
	size_t words = (size_t)r / 64 + 1;
	if (words <= m->words)
		return;
	words += words / 2;
	m->bits = mem_resize(m->bits, words, sizeof(*m->bits));
	memset(m->bits + m->words, 0, (words - m->words) * sizeof(*m->bits));
	m->words = words;
}

void marks_set(struct marks *m, row_id r, bool on)
{
	if (marks_has(m, r) == on)
		return;
	marks_grow(m, r);
	m->bits[r / 64] ^= (uint64_t)1 << (r % 64);
	if (on)
		m->account = (struct str){0}; /* whatever else is marked */
	m->count = on ? m->count + 1 : m->count - 1;
}

void marks_clear(struct marks *m)
{
	if (m->words)
		memset(m->bits, 0, m->words * sizeof(*m->bits));
	m->count = 0;
	m->account = (struct str){0};
	m->last = ROW_NONE;
}

static unsigned say_marked(struct app *a)
{
	if (a->marks.count == 0)
		return app_say(a, ROLE_DIM, "nothing is marked");
	return app_say(a, ROLE_MARKED, "%zu marked; Esc unmarks", a->marks.count);
}

unsigned act_mark(struct app *a)
{
	if (a->cursor == ROW_NONE)
		return APP_DRAW;
	marks_set(&a->marks, a->cursor, !marks_has(&a->marks, a->cursor));
	a->marks.last = a->cursor;
	app_go(a, a->at + 1);
	return APP_DRAW;
}

unsigned act_mark_range(struct app *a)
{
	size_t from = a->marks.last == ROW_NONE ? STR_NONE
		: selection_index(a->sel, a->marks.last);
	if (a->cursor == ROW_NONE)
		return APP_DRAW;
	if (from == STR_NONE)
		from = a->at;
	size_t low = from < a->at ? from : a->at, high = from < a->at ? a->at : from;
	for (size_t i = low; i <= high; i++)
		marks_set(&a->marks, selection_at(a->sel, i), true);
	a->marks.last = a->cursor;
	return say_marked(a);
}

unsigned act_mark_all(struct app *a)
{
	size_t n = selection_count(a->sel), marked = 0;
	for (size_t i = 0; i < n; i++)
		marked += marks_has(&a->marks, selection_at(a->sel, i));
	for (size_t i = 0; i < n; i++)
		marks_set(&a->marks, selection_at(a->sel, i), marked < n);
	return say_marked(a);
}

unsigned act_mark_invert(struct app *a)
{
	size_t n = selection_count(a->sel);
	for (size_t i = 0; i < n; i++) {
		row_id r = selection_at(a->sel, i);
		marks_set(&a->marks, r, !marks_has(&a->marks, r));
	}
	return say_marked(a);
}

/* ---- all that are alike -------------------------------------------------------------------- */

typedef bool (*like_fn)(const struct alert *a, const struct alert *b);

/* Of one that names no account: all that have such a one too. */
static bool same_destination(const struct alert *a, const struct alert *b)
{
	const struct alert_dest *d = alert_main_dest(a);
	for (size_t i = 0; a->n_dests && i < b->n_dests; i++)
		if (str_eq(b->dests[i].account, d->account) &&
			(d->account.n || b->dests[i].relation == d->relation))
			return true;
	return false;
}

static bool same_bucket(const struct alert *a, const struct alert *b)
{
	return str_eq(a->bucket, b->bucket) && str_eq(a->owner, b->owner);
}

static bool same_actor(const struct alert *a, const struct alert *b)
{
	char one[ALERT_PRINCIPAL_MAX], two[ALERT_PRINCIPAL_MAX];
	return str_eq(a->actor_arn, b->actor_arn) && str_eq(a->person, b->person) &&
		str_eq(alert_principal(a, one), alert_principal(b, two));
}

static unsigned mark_like(struct app *a, like_fn like, const char *what, struct str value)
{
	const struct alert *this = app_alert(a);
	size_t n = selection_count(a->sel), marked = 0;
	if (!this)
		return APP_DRAW;
	if (value.n == 0)
		return app_say(a, ROLE_WARN, "this alert names no %s", what);
	for (size_t i = 0; i < n; i++) {
		row_id r = selection_at(a->sel, i);
		if (!like(this, store_alert(a->set.desk->store, r)))
			continue;
		marks_set(&a->marks, r, true);
		marked++;
	}
	a->marks.last = a->cursor;
	return app_say(a, ROLE_MARKED, "marked %zu within the filter with %s %.*s; %zu marked in all",
		marked, what, STR_ARG(str_sub(value, 0, 120)), a->marks.count);
}

unsigned act_mark_destination(struct app *a)
{
	const struct alert *this = app_alert(a);
	struct str account = this ? alert_main_dest(this)->account : STR("");
	bool alone = a->marks.count == 0 || str_eq(a->marks.account, account);
	struct str said = account.n || !this || !this->n_dests ? account :
		str_c(relation_name(alert_main_dest(this)->relation));
	unsigned after = mark_like(a, same_destination, "destination account", said);
	a->marks.account = alone ? account : (struct str){0};
	return after;
}

unsigned act_mark_bucket(struct app *a)
{
	const struct alert *this = app_alert(a);
	return mark_like(a, same_bucket, "bucket", this ? this->bucket : STR(""));
}

unsigned act_mark_actor(struct app *a)
{
	const struct alert *this = app_alert(a);
	return mark_like(a, same_actor, "actor", this ? this->actor : STR(""));
}
