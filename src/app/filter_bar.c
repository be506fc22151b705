/*
 * filter_bar: the filter as it is typed. Text that does not parse keeps the last good list and
 * says why; Esc goes back to what stood there before.
 */
#include "app_priv.h"

static unsigned filter_key(struct app *a, struct key k)
{
	if (line_key(&a->filter, k)) {
		filter_compile_typed(a);
		return APP_DRAW;
	}
	switch (k.code) {
	case KEY_CODE_ENTER:
		if (a->filter_bad)
			return app_say(a, ROLE_WARN, "not a filter yet; Esc brings back the one before");
		layer_pop(a);
		return APP_DRAW;
	case KEY_CODE_ESC:
	case 3: /* ^C */
		line_set(&a->filter, line_str(&a->filter_before));
		a->cursor = a->filter_row;
		filter_compile_typed(a);
		layer_pop(a);
		return APP_DRAW;
	}
	/* Nobody may take himself to be on the list: the next letters would be verdicts there. */
	return app_say(a, ROLE_DIM, "Enter keeps the filter, Esc brings back the one before");
}

static enum pasted filter_paste(struct app *a, struct str text)
{
	enum pasted p = layer_paste(&a->filter, text);
	filter_compile_typed(a);
	return p;
}

static void filter_bar_draw(struct app *a, struct arena *mem, struct screen_model *m)
{
	(void)a;
	(void)mem;
	m->filter_editing = true;
}

static const struct layer filter_layer = {.key = filter_key, .paste = filter_paste, .weighs = weigh_text,
	.draw = filter_bar_draw, .hints = hints_typing, .makes_list = true};

unsigned act_filter(struct app *a)
{
	line_set(&a->filter_before, line_str(&a->filter));
	a->filter_row = a->cursor;
	a->focus = PANE_LIST;
	layer_push(a, &filter_layer);
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
