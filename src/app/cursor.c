/*
 * cursor: the list's cursor. It belongs to an alert, not to a place: whatever arrives, is decided
 * or sorted, it stays on its alert, and only when that leaves the list it goes to its neighbour.
 */
#include "app_priv.h"

/* Compiles what is typed: cheap, done for each key. Only the newest good one is kept. */
void filter_compile_typed(struct app *a)
{
	struct err err = {0};
	struct filter *f = filter_compile(line_str(&a->filter), a->set.desk->now(), &err);
	a->filter_bad = !f;
	a->filter_err = err;
	if (!f)
		return;
	filter_free(a->filter_next);
	a->filter_next = f;
}

/* Looks at the alerts with it: costly, so done when the list is needed, once for many keys. */
static void filter_apply(struct app *a)
{
	if (!a->filter_next)
		return;
	selection_filter(a->sel, a->filter_next);
	a->filter_next = NULL;
	a->changed = true;
}

/* Puts the cursor at a position that exists. */
void app_go(struct app *a, size_t at)
{
	size_t n = selection_count(a->sel);
	if (n == 0) {
		a->at = 0;
		a->cursor = ROW_NONE;
		return;
	}
	a->at = at < n ? at : n - 1;
	a->cursor = selection_at(a->sel, a->at);
}

/* A slice at a time, so that keys never wait; the rest comes with the next turn. */
static void update_signals(struct app *a)
{
	enum { ROWS_A_TURN = 1000 };
	if (a->set.desk->signals && signals_update(a->set.desk->signals, ROWS_A_TURN))
		a->more = true;
}

/* Takes in what came since, and finds the cursor's alert again. */
void app_sync(struct app *a)
{
	filter_apply(a);
	if (!a->news && !a->changed)
		return;
	a->more = false;
	update_signals(a);
	selection_update(a->sel);
	a->news = a->more;
	a->changed = false;
	size_t at = a->cursor == ROW_NONE ? STR_NONE : selection_index(a->sel, a->cursor);
	if (!a->touched && !a->settled)
		app_go(a, 0);
	else
		app_go(a, at == STR_NONE ? a->at : at);
}

bool app_unfinished(const struct app *a)
{
	return a->more;
}

const struct alert *app_alert(const struct app *a)
{
	return a->cursor == ROW_NONE ? NULL : store_alert(a->set.desk->store, a->cursor);
}

/* By so many rows, never past an end. */
static unsigned cursor_move(struct app *a, size_t by, bool down)
{
	if (a->focus == PANE_LIST) {
		app_go(a, down ? a->at + by : a->at > by ? a->at - by : 0);
	} else {
		size_t top = a->pane[a->focus].top;
		pane_scroll(a, a->focus, down ? top + by : top > by ? top - by : 0);
	}
	return APP_DRAW;
}

unsigned act_down(struct app *a)
{
	return cursor_move(a, 1, true);
}

unsigned act_up(struct app *a)
{
	return cursor_move(a, 1, false);
}

static size_t cursor_page(const struct app *a)
{
	size_t n = app_page(a);
	return n > 2 ? n - 1 : 1;
}

unsigned act_page_down(struct app *a)
{
	return cursor_move(a, cursor_page(a), true);
}

unsigned act_page_up(struct app *a)
{
	return cursor_move(a, cursor_page(a), false);
}

unsigned act_half_down(struct app *a)
{
	return cursor_move(a, (app_page(a) + 1) / 2, true);
}

unsigned act_half_up(struct app *a)
{
	return cursor_move(a, (app_page(a) + 1) / 2, false);
}

unsigned act_first(struct app *a)
{
	return cursor_move(a, SIZE_MAX / 2, false);
}

unsigned act_last(struct app *a)
{
	return cursor_move(a, SIZE_MAX / 2, true);
}

unsigned act_next_alert(struct app *a)
{
	if (a->at + 1 >= selection_count(a->sel))
		return app_say(a, ROLE_DIM, "this is the last alert");
	app_go(a, a->at + 1);
	return APP_DRAW;
}

unsigned act_previous_alert(struct app *a)
{
	if (a->at == 0)
		return app_say(a, ROLE_DIM, "this is the first alert");
	app_go(a, a->at - 1);
	return APP_DRAW;
}

unsigned act_next_open(struct app *a)
{
	size_t at = selection_next_open(a->sel, a->at);
	if (at == STR_NONE)
		return app_say(a, ROLE_GOOD, "no open alert is left within the filter");
	if (at == a->at)
		return app_say(a, ROLE_DIM, "this is the only open alert within the filter");
	bool wrapped = at < a->at;
	app_go(a, at);
	return wrapped ? app_say(a, ROLE_DIM, "on from the beginning") : APP_DRAW;
}

/* ---- order ---------------------------------------------------------------------------------- */

static unsigned sort_by(struct app *a, enum sort_key key, bool descending)
{
	a->sort = key;
	a->descending = descending;
	selection_sort(a->sel, key, descending);
	a->changed = true;
	app_sync(a);
	return APP_DRAW;
}

unsigned act_sort_next(struct app *a)
{
	return sort_by(a, (enum sort_key)(((int)a->sort + 1) % SORT_KEYS), a->descending);
}

unsigned act_sort_previous(struct app *a)
{
	return sort_by(a, (enum sort_key)(((int)a->sort + SORT_KEYS - 1) % SORT_KEYS),
		a->descending);
}

unsigned act_sort_reverse(struct app *a)
{
	return sort_by(a, a->sort, !a->descending);
}

static size_t sort_count(const struct app *a)
{
	(void)a;
	return SORT_KEYS;
}

static bool sort_item(const struct app *a, size_t i, struct arena *mem, struct menu_item *out)
{
	(void)mem;
	bool now = (int)i == (int)a->sort;
	out->id = (int)i;
	out->left = str_c(sort_name((enum sort_key)i));
	out->right = !now ? STR("") : a->descending ? STR("now, falling; Enter turns it round")
		: STR("now, rising; Enter turns it round");
	return true;
}

static unsigned sort_run(struct app *a, int id)
{
	bool turn = id == (int)a->sort;
	return sort_by(a, (enum sort_key)id, turn ? !a->descending : a->descending);
}

unsigned act_sort(struct app *a)
{
	static const struct menu_kind kind = {"Sort by", "sort", sort_count, sort_item, sort_run};
	return menu_open(a, &kind);
}
