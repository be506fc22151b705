/*
 * app: making and freeing the state, and where keys, pastes and news go. Owns struct app; knows
 * no terminal and no file.
 */
#include "app_priv.h"

#include <stdlib.h>

typedef unsigned (*act_fn)(struct app *a);

static act_fn const acts[ACTION_COUNT] = {
#define X(enumerator, name, place, group, help) act_##name,
	ACTIONS(X)
#undef X
};

static void init_lines(struct app *a)
{
	line_init(&a->filter, FILTER_MAX);
	line_init(&a->filter_before, FILTER_MAX);
	line_init(&a->prompt, TICK_TEXT_MAX);
	line_init(&a->menu.query, SEARCH_MAX);
	line_init(&a->listing.filter, SEARCH_MAX);
	line_init(&a->listing.filter_before, SEARCH_MAX);
	line_init(&a->listing.search, SEARCH_MAX);
	decide_init(a);
	approve_init(a);
	buf_init(&a->message, 2000);
	buf_init(&a->status, 2000);
}

/* What the command line asked for comes before what is configured. */
static void init_order(struct app *a)
{
	struct str sort = a->set.sort;
	a->sort = config_sort(a->set.config, &a->descending);
	a->hide = config_hide_decided(a->set.config);
	if (sort.n) {
		a->descending = str_starts(sort, STR("-"));
		sort_parse(str_sub(sort, a->descending, sort.n), &a->sort);
	}
}

static void app_decided(void *app, const struct decision *d)
{
	struct app *a = app;
	a->changed = a->heard = true;
	a->turn++;
	const struct alert *shown = a->shown.row == ROW_NONE ? NULL
		: store_alert(a->set.desk->store, a->shown.row);
	const struct decision *now = shown ? store_decision(a->set.desk->store, a->shown.row) : NULL;
	if (shown && ((now && now->seq == d->seq) || str_eq(alert_name(shown), d->alert_id) ||
			str_eq(shown->event_id, d->event_id)))
		a->shown.stale = true;
	taken_note(a, d);
}

static void app_told(void *app, enum desk_word w, struct str text)
{
	static const enum role roles[] = {[DESK_NOTE] = ROLE_WARN, [DESK_FAILED] = ROLE_ERROR,
		[DESK_DONE] = ROLE_APPROVED, [DESK_ALARM] = ROLE_ERROR};
	struct app *a = app;
	a->heard = true;
	if (w == DESK_ALARM) /* it weighs more than what stood there, which is in the log */
		a->set.banner = text;
	(w == DESK_NOTE || w == DESK_ALARM ? app_log : app_message)(a, roles[w], text);
}

unsigned app_heard(struct app *a)
{
	bool heard = a->heard || steps_news(a);
	a->heard = false;
	return heard ? APP_DRAW : 0;
}

struct app *app_new(const struct app_setup *setup)
{
	struct app *a = mem_alloc(sizeof(*a));
	a->set = *setup;
	a->acts = acts;
	a->tick_rows = setup->desk->tick_rows;
	layer_push(a, &base_layer);
	a->rows = 24;
	a->cols = 80;
	a->cursor = a->shown.row = a->marks.last = a->kept.last = a->left = ROW_NONE;
	painted_forget(a);
	init_lines(a);
	for (int p = 0; p < PANES; p++) {
		line_init(&a->pane[p].search, SEARCH_MAX);
		a->pane[p].text = p == PANE_LIST ? NULL : text_new();
	}
	init_order(a);
	a->window = desk_window(setup->desk);
	a->sel = selection_new(setup->desk->store);
	selection_sort(a->sel, a->sort, a->descending);
	selection_hide_decided(a->sel, a->hide);
	a->known = store_count(setup->desk->store);
	a->news = true;
	line_set(&a->filter, setup->filter);
	if (setup->filter.n)
		filter_compile_typed(a);
	a->set.desk->hears = (struct desk_listener){.ctx = a, .decided = app_decided, .say = app_told};
	app_sync(a);
	if (setup->banner.n) /* the whole of what the header may have no room for */
		app_log(a, ROLE_ERROR, setup->banner);
	return a;
}

void app_free(struct app *a)
{
	if (!a)
		return;
	a->set.desk->hears = (struct desk_listener){0};
	decide_fini(a);
	shown_drop(&a->shown);
	for (int p = 0; p < PANES; p++) {
		line_fini(&a->pane[p].search);
		text_free(a->pane[p].text);
	}
	struct line *lines[] = {&a->filter, &a->filter_before, &a->prompt, &a->menu.query,
		&a->listing.filter, &a->listing.filter_before, &a->listing.search};
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		line_fini(lines[i]);
	log_free(a);
	approve_fini(a);
	life_fini(a);
	done_fini(a);
	buf_fini(&a->message);
	buf_fini(&a->status);
	buf_fini(&a->outbox);
	for (int by = 0; by < GROUP_BYS; by++)
		groups_free(a->listing.groups[by]);
	text_free(a->listing.page);
	arena_fini(&a->listing.mem);
	free(a->marks.bits);
	filter_free(a->filter_next);
	selection_free(a->sel);
	free(a);
}

/* Whatever was typed ahead while one thing ended is no answer to the next: it waits for a frame. */
unsigned app_key(struct app *a, struct key k)
{
	const struct layer *before = layer_top(a);
	buf_clear(&a->message);
	a->touched = true;
	a->fresh = 0;
	if (!before->makes_list)
		painted_take_in(a);
	bool was_read = painted_was_read(a);
	row_id conflict = a->asked_conflict;
	a->took[0] = a->took[1] = false;
	unsigned after = before->key(a, k);
	others_forget(a, conflict);
	if (layer_top(a) != before)
		painted_forget(a);
	else
		painted_renumber(a, was_read);
	if (!a->left_told)
		painted_key(a);
	return after | APP_DRAW;
}

unsigned app_paste(struct app *a, struct str text)
{
	const struct layer *l = layer_top(a);
	painted_forget(a);
	a->took[0] = a->took[1] = false;
	others_forget(a, a->asked_conflict);
	a->asked.n = 0;
	switch (l->paste ? l->paste(a, text) : PASTE_NOWHERE) {
	case PASTE_TAKEN:
		break;
	case PASTE_TOO_LONG:
		return app_say(a, ROLE_WARN, "the pasted text is too long for this field");
	case PASTE_NOWHERE:
		return app_say(a, ROLE_WARN, "pasted text is taken only where text is typed: "
			"nothing was done with it");
	}
	return APP_DRAW;
}

void app_resize(struct app *a, int rows, int cols)
{
	a->rows = rows;
	a->cols = cols;
}

/* The alert that is shown in full is read again when its facts are others now. */
static void look_for_changes(struct app *a)
{
	size_t n = store_change_count(a->set.desk->store);
	for (; a->known_changes < n; a->known_changes++)
		if (store_change_at(a->set.desk->store, a->known_changes) == a->shown.row &&
			store_change_of_facts(a->set.desk->store, a->known_changes))
			a->shown.stale = true;
}

unsigned app_arrived(struct app *a)
{
	size_t n = store_count(a->set.desk->store);
	if (n > a->known && !a->busy)
		a->fresh += n - a->known;
	a->known = n;
	look_for_changes(a);
	a->news = true;
	a->turn++;
	return APP_DRAW;
}

unsigned app_status(struct app *a, struct str status, bool busy)
{
	bool same = busy == a->busy && str_eq(buf_str(&a->status), status);
	if (a->busy && !busy && a->set.desk->signals) { /* all that stands around is known now */
		signals_again(a->set.desk->signals);
		a->news = a->shown.stale = true;
	}
	buf_clear(&a->status);
	buf_add(&a->status, status);
	a->busy = busy;
	return same ? 0 : APP_DRAW;
}

unsigned app_outbox(struct app *a, struct str text)
{
	bool same = str_eq(buf_str(&a->outbox), text);
	buf_clear(&a->outbox);
	buf_add(&a->outbox, text);
	a->shown.stale = true; /* its pane says what became of it */
	return same ? 0 : APP_DRAW;
}

unsigned act_quit(struct app *a)
{
	(void)a;
	return APP_QUIT;
}

unsigned act_interrupt(struct app *a)
{
	(void)a;
	return APP_QUIT | APP_INTERRUPT;
}

unsigned act_suspend(struct app *a)
{
	(void)a;
	return APP_SUSPEND;
}

unsigned act_repaint(struct app *a)
{
	(void)a;
	return APP_REPAINT | APP_DRAW;
}
