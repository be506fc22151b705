/*
 * draw: the state as the model that the view draws. Changes nothing but places that must fit.
 */
#include "app_priv.h"

#include <string.h>

struct hint {
	int action;
	const char *label;
};

static const struct hint list_hints[] = {{ACTION_APPROVE, "approve"},
	{ACTION_SUSPICIOUS, "suspicious"}, {ACTION_NOTE, "note"}, {ACTION_MARK, "mark"},
	{ACTION_UNDO, "undo"}, {ACTION_ACCOUNTS, "accounts"}, {ACTION_MARK_DESTINATION, "mark account"},
	{ACTION_FIND, "find"},
	{ACTION_PALETTE, "command"}, {ACTION_HELP, "keys"}};
static const struct hint pane_hints[] = {{ACTION_APPROVE, "approve"},
	{ACTION_SUSPICIOUS, "suspicious"}, {ACTION_NEXT_ALERT, "next alert"}, {ACTION_RAW, "raw"},
	{ACTION_ZOOM, "zoom"}, {ACTION_FIND, "search"}, {ACTION_PANE_NEXT, "pane"},
	{ACTION_HELP, "keys"}};
static const struct hint guide_hints[] = {{ACTION_TICK, "tick"}, {ACTION_TICK_NOTE, "note"},
	{ACTION_STEP_NEXT, "next step"}, {ACTION_STEP_PREVIOUS, "step before"},
	{ACTION_NEXT_ALERT, "next alert"}, {ACTION_ZOOM, "zoom"}, {ACTION_FIND, "search"},
	{ACTION_PANE_LIST, "list"}, {ACTION_HELP, "keys"}};

static const struct hint listing_hints[] = {{ACTION_ENTER, "open"}, {ACTION_APPROVE, "approve"},
	{ACTION_SUSPICIOUS, "suspicious"}, {ACTION_APPROVE_ACCOUNT, "with limits"},
	{ACTION_SORT_NEXT, "sort"}, {ACTION_SORT_PREVIOUS, "narrower"}, {ACTION_FIND, "find"},
	{ACTION_PANE_NEXT, "page"}, {ACTION_BACK, "back"}};

static bool offers(struct app *a, const struct hint *from, int action)
{
	const char *group = action_about(action)->group;
	bool decides = strcmp(group, "Decide") == 0 && action != ACTION_UNDO;
	if (a->set.read_only && (decides || action == ACTION_UNDO))
		return false;
	if (from == listing_hints)
		return listing_names(a, action);
	return a->cursor != ROW_NONE || !(decides || strcmp(group, "Mark") == 0);
}

/* Keys that would do nothing are not named. */
static const struct key_hint *make_hints(struct app *a, const struct hint *from, size_t n)
{
	bool listing = from == listing_hints;
	enum action_place place = listing ? PLACE_LIST : app_place(a);
	size_t kept = 0;
	for (size_t i = 0; i < n && kept < HINTS_MAX; i++) {
		struct key k;
		if (!config_action_key(a->set.config, place, from[i].action, 0, &k) ||
			!offers(a, from, from[i].action))
			continue;
		a->hints[kept].key = key_spelling(k, a->hint_keys[kept]);
		a->hints[kept++].label = listing ? listing_label(a, from[i].action, from[i].label)
			: from[i].label;
	}
	a->hints[kept] = (struct key_hint){NULL, NULL};
	return a->hints;
}

/* A dialog that was opened in a table leaves it behind itself. */
static bool shows_listing(const struct app *a)
{
	bool approving = a->mode == MODE_APPROVE || a->mode == MODE_PROPOSE || a->mode == MODE_AMEND;
	return a->mode == MODE_LISTING || (a->mode == MODE_MENU && a->menu.back == MODE_LISTING) ||
		(a->mode == MODE_DECIDE && a->after_dialog == MODE_LISTING) ||
		(approving && a->dialog_back == MODE_LISTING);
}

static const struct key_hint *hints(struct app *a)
{
	static const struct key_hint typing[] = {{"Enter", "keep"}, {"^U", "empty"}, {"Esc", "back"},
		{NULL, NULL}};
	static const struct key_hint step[] = {{"Enter", "tick"}, {"Esc", "back"}, {NULL, NULL}};
	if (a->mode == MODE_STEP)
		return step;
	if (a->mode == MODE_FILTER || a->mode == MODE_SEARCH || (a->mode == MODE_LISTING && a->listing.typing))
		return typing;
	if (shows_listing(a))
		return make_hints(a, listing_hints, ARRAY_LEN(listing_hints));
	if (a->focus == PANE_GUIDE && !a->why)
		return make_hints(a, guide_hints, ARRAY_LEN(guide_hints));
	return a->focus == PANE_LIST ? make_hints(a, list_hints, ARRAY_LEN(list_hints))
		: make_hints(a, pane_hints, ARRAY_LEN(pane_hints));
}

/* Techniques without those whose sub-technique is named too. */
static struct str techniques(const struct rule *r, struct arena *mem)
{
	struct str all = {0};
	for (size_t i = 0; r && i < r->n_techniques && i < 50; i++) {
		struct str id = r->techniques[i].id;
		bool covered = false;
		for (size_t k = 0; k < r->n_techniques && k < 50; k++) {
			struct str other = r->techniques[k].id;
			covered = covered || (other.n > id.n && str_starts(other, id));
		}
		if (!covered && str_find(all, id) == STR_NONE)
			all = all.n ? arena_fmt(mem, "%.*s %.*s", STR_ARG(all), STR_ARG(id)) : id;
	}
	return all;
}

static const char *first_key(struct app *a, int action, char name[16])
{
	struct key k;
	if (!config_action_key(a->set.config, PLACE_LIST, action, 0, &k))
		return action_about(action)->name;
	return key_spelling(k, name);
}

/* Why the list is empty, and what to do. */
static struct str empty(struct app *a, struct arena *mem)
{
	char key[16];
	size_t n = store_count(a->set.desk->store);
	if (n == 0 && a->busy)
		return STR("No alert yet: still reading.");
	if (n == 0 && a->set.desk->context && context_count(a->set.desk->context))
		return arena_fmt(mem, "No alert. %.*s. %s shows near misses: replication events that the "
			"rule does not match.", STR_ARG(buf_str(&a->status)), first_key(a, ACTION_NEAR, key));
	if (n == 0)
		return arena_fmt(mem, "No alert. %.*s", STR_ARG(buf_str(&a->status)));
	if (a->hide && store_count_verdict(a->set.desk->store, VERDICT_OPEN) == 0)
		return arena_fmt(mem, n == 1 ? "All %zu alert is decided. %s shows it."
			: "All %zu alerts are decided. %s shows them.", n,
			first_key(a, ACTION_HIDE_DECIDED, key));
	return arena_fmt(mem, "None of %zu alert%s is within the filter%s. %s clears it.", n, plural(n),
		a->hide ? " and open" : "", first_key(a, ACTION_FILTER_CLEAR, key));
}

static bool marked(const void *ctx, row_id r)
{
	return marks_has(ctx, r);
}

static size_t list_top(struct app *a, size_t rows)
{
	size_t n = selection_count(a->sel);
	if (rows == 0 || n <= rows)
		return 0;
	if (a->top > n - rows)
		a->top = n - rows;
	if (a->at < a->top)
		a->top = a->at;
	if (a->at >= a->top + rows)
		a->top = a->at - rows + 1;
	return a->top;
}

/* As many marks as signals_marks() gives. */
static int signal_strength(const void *ctx, row_id r)
{
	const char *marks = signals_marks(signals_score(store_signals(ctx, r)));
	return marks[0] == '\0' ? 0 : marks[0] == '.' ? 1 : 1 + (int)strlen(marks);
}

static void list_model(struct app *a, struct arena *mem, struct list_model *m)
{
	struct rect r = app_layout(a).pane[PANE_LIST];
	a->top = list_top(a, r.rows > 0 ? (size_t)r.rows : 0);
	*m = (struct list_model){.store = a->set.desk->store, .rows = a->sel, .cursor = a->at,
		.top = a->top, .marked = marked, .ctx = &a->marks,
		.columns = config_columns(a->set.config), .empty = empty(a, mem)};
	if (a->set.desk->signals) {
		m->signal = signal_strength;
		m->signal_ctx = a->set.desk->store;
	}
}

static void head_model(struct app *a, struct arena *mem, struct screen_model *m)
{
	const struct rule *r = a->set.desk->rule;
	if (r) {
		m->rule_name = r->name;
		m->severity = r->severity;
		m->risk = r->risk;
		m->techniques = techniques(r, mem);
	}
	m->source = a->set.source;
	m->banner = a->set.banner;
	m->open = store_count_verdict(a->set.desk->store, VERDICT_OPEN);
	m->total = store_count(a->set.desk->store);
	m->marked = a->marks.count;
	m->fresh = a->fresh;
	m->read_only = a->set.read_only;
	m->filter = line_str(&a->filter);
	m->filter_cursor = a->filter.cursor;
	m->filter_editing = a->mode == MODE_FILTER;
	if (a->filter_bad)
		m->filter_error = str_c(a->filter_err.text);
	m->sort = arena_fmt(mem, "%s %s%s", sort_name(a->sort), a->descending ? "v" : "^",
		a->hide ? ", open only" : "");
	m->status = a->outbox.n ? arena_fmt(mem, "outbox: %.*s  %.*s", STR_ARG(buf_str(&a->outbox)),
		STR_ARG(buf_str(&a->status))) : buf_str(&a->status);
}

static void pane_models(struct app *a, struct screen_model *m)
{
	for (int p = PANE_REQUEST; p < PANES; p++) {
		bool typing = a->mode == MODE_SEARCH && p == (int)a->focus;
		m->panes[p].text = a->pane[p].text;
		m->panes[p].top = a->pane[p].top;
		m->panes[p].search = line_str(typing ? &a->prompt : &a->pane[p].search);
	}
	if (a->raw)
		m->panes[PANE_REQUEST].title = STR("Request, raw");
	if (a->why)
		m->panes[PANE_GUIDE].title = STR("Why");
	m->focus = a->focus;
	m->zoomed = a->zoomed;
}

static void foot_model(struct app *a, struct arena *mem, struct screen_model *m)
{
	m->message = buf_str(&a->message);
	m->message_role = a->message_role;
	m->hints = hints(a);
	if (a->mode == MODE_LISTING && a->listing.typing) {
		const struct line *l = listing_line(a);
		m->prompt = arena_fmt(mem, "/%.*s", STR_ARG(line_str(l)));
		m->prompt_cursor = l->cursor + 1;
	}
	if (a->mode == MODE_STEP) {
		static const char label[] = "note to this step: ";
		m->prompt = arena_fmt(mem, "%s%.*s", label, STR_ARG(line_str(&a->prompt)));
		m->prompt_cursor = sizeof(label) - 1 + a->prompt.cursor;
	}
	if (a->mode == MODE_SEARCH) {
		m->prompt = arena_fmt(mem, "/%.*s", STR_ARG(line_str(&a->prompt)));
		m->prompt_cursor = a->prompt.cursor + 1;
	}
}

typedef void (*dialog_fn)(struct app *a, struct arena *mem, struct dialog_model *out);

static dialog_fn dialog_of(const struct app *a)
{
	switch (a->mode) {
	case MODE_MENU: return menu_dialog;
	case MODE_DECIDE: return decide_dialog;
	case MODE_APPROVE: return approve_dialog;
	case MODE_PROPOSE: return propose_dialog;
	case MODE_AMEND: return approval_edit_dialog;
	default: return NULL;
	}
}

void app_draw(struct app *a, struct canvas *c)
{
	struct arena mem = {0};
	struct screen_model m = {0};
	struct dialog_model dialog;
	struct listing_model listing;
	a->rows = c->rows;
	a->cols = c->cols;
	painted_take_in(a);
	shown_load(a);
	pane_fit(a);
	c->ascii = a->set.ascii;
	head_model(a, &mem, &m);
	list_model(a, &mem, &m.list);
	pane_models(a, &m);
	foot_model(a, &mem, &m);
	a->dialog_rows = screen_dialog_rows(&m, c->rows, c->cols);
	if (dialog_of(a)) {
		m.hints = NULL; /* the dialog names its own */
		dialog_of(a)(a, &mem, &dialog);
		m.dialog = &dialog;
	}
	if (shows_listing(a)) {
		listing_draw_model(a, &mem, &listing);
		m.listing = &listing;
	}
	screen_draw(&m, c);
	int rows = app_layout(a).pane[PANE_LIST].rows;
	painted_note(a, !m.listing, rows > 0 ? (size_t)rows : 0);
	arena_fini(&mem);
}
