/*
 * filter_bar: the filter as it is typed. Text that does not parse keeps the last good list and
 * says why; Esc goes back to what stood there before.
 */
#include "app_priv.h"

/* Compiles what is typed: cheap, done for each key. Only the newest good one is kept. */
void filter_compile_typed(struct app *a)
{
	struct err err = {0};
	struct filter *f = filter_compile(line_str(&a->filter), a->set.io.now(a->set.io.ctx), &err);
	a->filter_bad = !f;
	a->filter_err = err;
	if (!f)
		return;
	filter_free(a->filter_next);
	a->filter_next = f;
}

/* Looks at the alerts with it: costly, so done when the list is needed, once for many keys. */
void filter_apply(struct app *a)
{
	if (!a->filter_next)
		return;
	selection_filter(a->sel, a->filter_next);
	a->filter_next = NULL;
	a->changed = true;
}

unsigned filter_key(struct app *a, struct key k)
{
	if (line_key(&a->filter, k)) {
		filter_compile_typed(a);
		return APP_DRAW;
	}
	switch (k.code) {
	case KEY_CODE_ENTER:
		if (a->filter_bad)
			return app_say(a, ROLE_WARN, "not a filter yet; Esc brings back the one before");
		a->mode = MODE_NORMAL;
		return APP_DRAW;
	case KEY_CODE_ESC:
	case 3: /* ^C */
		line_set(&a->filter, line_str(&a->filter_before));
		a->cursor = a->filter_row;
		filter_compile_typed(a);
		a->mode = MODE_NORMAL;
		return APP_DRAW;
	}
	/* Nobody may take himself to be on the list: the next letters would be verdicts there. */
	return app_say(a, ROLE_DIM, "Enter keeps the filter, Esc brings back the one before");
}

unsigned act_filter(struct app *a)
{
	line_set(&a->filter_before, line_str(&a->filter));
	a->filter_row = a->cursor;
	a->focus = PANE_LIST;
	a->mode = MODE_FILTER;
	return APP_DRAW;
}

unsigned act_filter_clear(struct app *a)
{
	line_set(&a->filter, STR(""));
	filter_compile_typed(a);
	return app_say(a, ROLE_DIM, "no filter");
}

unsigned act_hide_decided(struct app *a)
{
	a->hide = !a->hide;
	selection_hide_decided(a->sel, a->hide);
	a->changed = true;
	app_sync(a);
	return app_say(a, ROLE_DIM, a->hide ? "decided alerts are hidden" : "decided alerts are shown");
}
