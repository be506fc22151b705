/*
 * listing: the keys of a table, and its model for the view. Movement, verdicts and sorting are the
 * list's own actions, so that whoever rebinds keys finds them here too.
 */
#include "listing_priv.h"

#include "s3triage/base/when.h"

struct str listing_time(int64_t ms, struct arena *mem)
{
	char text[WHEN_TEXT_MAX];
	when_format(ms, text);
	return ms == WHEN_NONE ? STR("") : arena_fmt(mem, "%.5s %.5s", text + 5, text + 11);
}

void listing_say(struct text *t, const char *label, struct str value)
{
	if (!value.n)
		return;
	text_fmt(t, ROLE_LABEL, "%-12s", label);
	text_span(t, ROLE_TEXT, value);
	text_indent(t, 0, 12);
	text_end(t);
}

void listing_leave(struct app *a)
{
	layer_pop(a);
	a->listing.typing = a->listing.open = false;
}

static void go(struct app *a, size_t at)
{
	struct listing *s = &a->listing;
	size_t n = s->kind->count(a);
	s->at = n == 0 ? 0 : at < n ? at : n - 1;
	s->page_top = 0;
	s->fresh = false;
}

static size_t page_rows(const struct app *a)
{
	return a->rows > 14 ? (size_t)a->rows / 2 - 4 : 3;
}

static bool on_page(const struct listing *s)
{
	return s->page_focus || s->alone;
}

static unsigned listing_move(struct app *a, size_t by, bool down)
{
	struct listing *s = &a->listing;
	if (on_page(s))
		s->page_top = down ? s->page_top + by : s->page_top > by ? s->page_top - by : 0;
	else
		go(a, down ? s->at + by : s->at > by ? s->at - by : 0);
	return APP_DRAW;
}

static unsigned to_end(struct app *a, bool last)
{
	return listing_move(a, 1000000, last);
}

static unsigned listing_enter(struct app *a)
{
	struct listing *s = &a->listing;
	if (s->kind->count(a) == 0)
		return APP_DRAW;
	if (s->kind->enter)
		return s->kind->enter(a, s->at);
	if (!s->alone) {
		s->alone = true;
		return APP_DRAW;
	}
	return s->kind->open(a, s->at);
}

static unsigned back(struct app *a)
{
	struct listing *s = &a->listing;
	if (on_page(s) && s->search.text.n)
		line_set(&s->search, STR(""));
	else if (s->alone)
		s->alone = false;
	else if (s->page_focus)
		s->page_focus = false;
	else if (s->filter.text.n && s->kind->filter) {
		line_set(&s->filter, STR(""));
		s->kind->filter(a, STR(""));
	} else if (s->kind->back)
		return app_act(a, s->kind->back);
	else if (!listing_step_back(a))
		listing_leave(a);
	return APP_DRAW;
}

static unsigned verdict(struct app *a, enum verdict v)
{
	struct listing *s = &a->listing;
	if (!s->kind->decide)
		return app_say(a, ROLE_WARN, "these are no alerts: nothing is decided here");
	if (s->kind->count(a) == 0)
		return APP_DRAW;
	return s->kind->decide(a, s->at, v);
}

static unsigned sorted(struct app *a, int step)
{
	return a->listing.kind->sort ? a->listing.kind->sort(a, step)
		: app_say(a, ROLE_DIM, "this table is by time");
}


/* From row `from` on; the page stands still when nothing is found. */
static bool listing_find_from(struct app *a, size_t from, bool backwards)
{
	struct listing *s = &a->listing;
	size_t hit = s->page && s->search.text.n
		? text_search(s->page, line_str(&s->search), from, backwards) : STR_NONE;
	if (hit == STR_NONE)
		return false;
	s->hit = hit;
	s->page_top = hit > 2 ? hit - 2 : 0;
	return true;
}

static unsigned listing_next_hit(struct app *a, bool backwards)
{
	struct listing *s = &a->listing;
	if (!s->search.text.n)
		return app_say(a, ROLE_DIM, "nothing is searched for; / searches this page");
	size_t from = !backwards ? s->hit + 1 : s->hit ? s->hit - 1 : text_rows(s->page);
	return listing_find_from(a, from, backwards) ? APP_DRAW : app_say(a, ROLE_WARN,
		"'%.*s' is not on this page", STR_ARG(str_sub(line_str(&s->search), 0, 100)));
}

static unsigned start_find(struct app *a);

static unsigned listing_act_on(struct app *a, int action)
{
	size_t page = page_rows(a);
	switch (action) {
	case ACTION_DOWN: return listing_move(a, 1, true);
	case ACTION_UP: return listing_move(a, 1, false);
	case ACTION_PAGE_DOWN: return listing_move(a, page, true);
	case ACTION_PAGE_UP: return listing_move(a, page, false);
	case ACTION_HALF_DOWN: return listing_move(a, page / 2 + 1, true);
	case ACTION_HALF_UP: return listing_move(a, page / 2 + 1, false);
	case ACTION_FIRST: return to_end(a, false);
	case ACTION_LAST: return to_end(a, true);
	default: break;
	}
	return APP_DRAW;
}

static unsigned decide_row(struct app *a, int action)
{
	switch (action) {
	case ACTION_APPROVE: return verdict(a, VERDICT_APPROVED);
	case ACTION_SUSPICIOUS: return verdict(a, VERDICT_SUSPICIOUS);
	case ACTION_REOPEN: return verdict(a, VERDICT_OPEN);
	default: return listing_act_on(a, action);
	}
}

static unsigned act_more(struct app *a, int action)
{
	switch (action) {
	case ACTION_ENTER: return listing_enter(a);
	case ACTION_BACK: return back(a);
	case ACTION_SORT_NEXT: return sorted(a, 1);
	case ACTION_SORT_PREVIOUS: return sorted(a, -1);
	case ACTION_SORT_REVERSE: return sorted(a, 0);
	case ACTION_FIND: case ACTION_FILTER: return start_find(a);
	case ACTION_MARK_ALL: return a->listing.kind->all ? a->listing.kind->all(a) : APP_DRAW;
	case ACTION_NEXT_HIT: return listing_next_hit(a, false);
	case ACTION_PREVIOUS_HIT: return listing_next_hit(a, true);
	case ACTION_PANE_NEXT: case ACTION_PANE_PREVIOUS:
		a->listing.page_focus = a->listing.alone ? false : !a->listing.page_focus;
		return APP_DRAW;
	default: return decide_row(a, action);
	}
}

/* What does the same here as on the list: undo, the other tables, help, leaving. */
static bool listing_passes(int action)
{
	return action == ACTION_UNDO || action == ACTION_REDO || action == ACTION_QUIT ||
		action == ACTION_INTERRUPT || action == ACTION_SUSPEND || action == ACTION_REPAINT ||
		action == ACTION_HELP || action == ACTION_PALETTE ||
		action == ACTION_MESSAGES || action == ACTION_APPROVE_ACCOUNT ||
		(action >= ACTION_ACCOUNTS && action <= ACTION_APPROVALS);
}

/* Whether act_more() or the list's own function does something with it. */
static bool handles(int action)
{
	static const int own[] = {ACTION_DOWN, ACTION_UP, ACTION_PAGE_DOWN, ACTION_PAGE_UP,
		ACTION_HALF_DOWN, ACTION_HALF_UP, ACTION_FIRST, ACTION_LAST, ACTION_ENTER, ACTION_BACK,
		ACTION_APPROVE, ACTION_SUSPICIOUS, ACTION_REOPEN, ACTION_SORT_NEXT,
		ACTION_SORT_PREVIOUS, ACTION_SORT_REVERSE, ACTION_FIND, ACTION_FILTER,
		ACTION_NEXT_HIT, ACTION_PREVIOUS_HIT, ACTION_PANE_NEXT, ACTION_PANE_PREVIOUS};
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (own[i] == action)
			return true;
	return listing_passes(action);
}

static struct line *listing_line(struct app *a)
{
	return on_page(&a->listing) || !a->listing.kind->filter ? &a->listing.search : &a->listing.filter;
}

/* The line that is typed has changed: the table or the page follows at once. */
static void typed(struct app *a)
{
	struct listing *s = &a->listing;
	if (listing_line(a) == &s->search) {
		listing_find_from(a, 0, false);
		return;
	}
	s->kind->filter(a, line_str(&s->filter));
	go(a, 0);
}

/* On the table its filter, in the page a search; a table without a filter has its page's search. Both
 * begin anew: behind what stands there a word would become another word. */
static unsigned start_find(struct app *a)
{
	struct listing *s = &a->listing;
	if (!on_page(s) && !s->kind->filter)
		s->page_focus = true;
	line_set(&s->filter_before, line_str(&s->filter));
	s->typing = true;
	line_set(listing_line(a), STR(""));
	typed(a);
	return APP_DRAW;
}

/* Back to the filter that was there before; a search ends. */
static void stop_find(struct app *a)
{
	struct listing *s = &a->listing;
	struct line *l = listing_line(a);
	line_set(l, l == &s->filter ? line_str(&s->filter_before) : STR(""));
	typed(a);
	s->typing = false;
}

static unsigned type(struct app *a, struct key k)
{
	struct listing *s = &a->listing;
	struct line *l = listing_line(a);
	if (line_key(l, k)) {
		typed(a);
	} else if (k.code == KEY_CODE_ESC || k.code == 3) {
		stop_find(a);
	} else if (k.code == KEY_CODE_ENTER) {
		s->typing = false;
		if (l == &s->search && l->text.n && !listing_find_from(a, 0, false))
			return listing_next_hit(a, false);
	}
	return APP_DRAW;
}

/* ---- the keys that are named below it ------------------------------------------------------- */

static bool listing_offers(const struct app *a, int action)
{
	const struct listing_kind *k = a->listing.kind;
	switch (action) {
	case ACTION_APPROVE: case ACTION_SUSPICIOUS: case ACTION_REOPEN:
		return k->groups;
	case ACTION_APPROVE_ACCOUNT:
		return k->groups && a->listing.by == GROUP_ACCOUNT;
	case ACTION_MARK_ALL:
		return k->all != NULL;
	case ACTION_SORT_NEXT:
		return k->sort != NULL;
	case ACTION_SORT_PREVIOUS:
		return a->listing.kind->window;
	case ACTION_SORT_REVERSE:
		return k->groups;
	case ACTION_FILTER:
		return false; /* it is as good as find, which is named */
	case ACTION_NEXT_HIT: case ACTION_PREVIOUS_HIT:
		return on_page(&a->listing) && a->listing.search.text.n > 0;
	default:
		return handles(action);
	}
}

static bool listing_names(struct app *a, int action)
{
	const struct listing_kind *k = a->listing.kind;
	bool without_row = action == ACTION_BACK || a->listing.kind->window || (action == ACTION_FIND && k->filter);
	return listing_offers(a, action) && (without_row || k->count(a) > 0);
}

static const char *listing_help(const struct app *a, int action, const char *usual)
{
	static const char *const help[] = {[ACTION_APPROVE] = "approved: all alerts of this row, after a preview",
		[ACTION_SUSPICIOUS] = "suspicious: all alerts of this row, after a preview",
		[ACTION_REOPEN] = "open again: all alerts of this row, after a preview",
		[ACTION_ENTER] = "open this row",
		[ACTION_MARK_ALL] = "every event of its principal and key and on its bucket",
		[ACTION_FIND] = "search the page",
		[ACTION_PANE_NEXT] = "to the page below, and back", [ACTION_PANE_PREVIOUS] = "to the page below, and back",
		[ACTION_BACK] = "back: search, page, filter; then to the list"};
	const struct listing_kind *k = a->listing.kind;
	if (action == ACTION_ENTER && k->enter_help)
		return k->enter_help;
	if (action == ACTION_FIND && k->filter)
		return "a filter of the table; in its page a search";
	if (k->window && action == ACTION_SORT_NEXT)
		return "look further around the alert";
	if (k->window && action == ACTION_SORT_PREVIOUS)
		return "look less far around the alert";
	return (size_t)action < ARRAY_LEN(help) && help[action] ? help[action] : usual;
}

static const char *listing_label(const struct app *a, int action, const char *usual)
{
	if (action == ACTION_ENTER && a->listing.kind->entered)
		return a->listing.kind->entered;
	return action == ACTION_SORT_NEXT && a->listing.kind->window ? "wider" : usual;
}

/* ---- keys ----------------------------------------------------------------------------------- */

static unsigned listing_act(struct app *a, int action)
{
	return listing_passes(action) ? app_act(a, action) : act_more(a, action);
}

static unsigned listing_key(struct app *a, struct key k)
{
	int action;
	char name[16];
	if (a->listing.typing)
		return type(a, k);
	if (on_page(&a->listing) && config_key(a->set.config, PLACE_PANE, k, &action) &&
		listing_offers(a, action))
		return listing_act(a, action);
	if (config_key(a->set.config, PLACE_LIST, k, &action) &&
		(handles(action) || (action == ACTION_MARK_ALL && listing_offers(a, action))))
		return listing_act(a, action);
	if (k.code >= 0x110000 || k.alt)
		return APP_DRAW;
	return app_say(a, ROLE_DIM, "%s does nothing in this table; ? lists the keys",
		key_spelling(k, name));
}

static enum pasted listing_paste(struct app *a, struct str text)
{
	if (!a->listing.typing)
		return PASTE_NOWHERE;
	enum pasted p = layer_paste(listing_line(a), text);
	typed(a);
	return p;
}

static enum app_weight listing_weighs(const struct app *a, struct key k)
{
	return a->listing.typing ? APP_TEXT : weigh_in_place(a, PLACE_LIST, k);
}

/* ---- drawing -------------------------------------------------------------------------------- */

static void fill_page(struct app *a, size_t n)
{
	struct listing *s = &a->listing;
	if (s->fresh)
		return;
	if (!s->page)
		s->page = text_new();
	text_clear(s->page);
	if (s->at < n)
		s->kind->page(a, s->at, s->page);
	s->fresh = true;
}

/* The cursor's row is always drawn; the page does not run past its end. */
static void listing_fit(struct app *a, struct listing_model *m)
{
	struct listing *s = &a->listing;
	struct listing_layout l = listing_layout(m, a->rows, a->cols);
	size_t rows = l.table.rows > 0 ? (size_t)l.table.rows : 1;
	if (s->at < s->top)
		s->top = s->at;
	if (s->at >= s->top + rows)
		s->top = s->at - rows + 1;
	m->top = s->top;
	if (l.page.rows <= 0 || !s->page)
		return;
	text_layout(s->page, l.page.cols);
	size_t all = text_rows(s->page), shown = (size_t)l.page.rows;
	if (s->page_top + shown > all)
		s->page_top = all > shown ? all - shown : 0;
	m->page_top = s->page_top;
}

static void listing_draw_model(struct app *a, struct arena *mem, struct listing_model *m)
{
	struct listing *s = &a->listing;
	if (s->kind->update)
		s->kind->update(a);
	size_t n = s->kind->count(a);
	if (s->at >= n)
		go(a, s->at);
	fill_page(a, n);
	*m = (struct listing_model){.title = arena_fmt(mem, "%s", s->kind->title), .page_title = STR("About"),
		.warn = s->kind->warn, .columns = s->kind->columns, .n_columns = s->kind->n_columns,
		.n_rows = n, .cursor = s->at, .row = s->kind->row, .ctx = a,
		.empty = s->kind->filter && s->filter.text.n ? STR("the filter hides every row; Esc takes it away")
			: str_c(s->kind->empty), .page = s->page, .page_focus = s->page_focus,
		.search = line_str(&s->search),
		.page_alone = s->alone && n > 0};
	if (s->kind->name)
		s->kind->name(a, mem, m);
	if (s->kind->filter && s->filter.text.n)
		m->title = arena_fmt(mem, "%.*s  /%.*s", STR_ARG(m->title), STR_ARG(line_str(&s->filter)));
	listing_fit(a, m);
}

static void listing_layer_draw(struct app *a, struct arena *mem, struct screen_model *m)
{
	struct listing_model *listing = arena_alloc(mem, sizeof(*listing));
	listing_draw_model(a, mem, listing);
	m->listing = listing;
	if (!a->listing.typing)
		return;
	const struct line *l = listing_line(a);
	m->prompt = arena_fmt(mem, "/%.*s", STR_ARG(line_str(l)));
	m->prompt_cursor = l->cursor + 1;
}

static const struct hint listing_hints[] = {{ACTION_ENTER, "open"}, {ACTION_APPROVE, "approve"},
	{ACTION_SUSPICIOUS, "suspicious"}, {ACTION_APPROVE_ACCOUNT, "with limits"},
	{ACTION_MARK_ALL, "all"}, {ACTION_SORT_NEXT, "sort"}, {ACTION_SORT_PREVIOUS, "narrower"},
	{ACTION_FIND, "find"}, {ACTION_PANE_NEXT, "page"}, {ACTION_BACK, "back"}};

static const struct key_hint *listing_hints_now(struct app *a)
{
	return a->listing.typing ? hints_typing(a)
		: hints_make(a, listing_hints, ARRAY_LEN(listing_hints));
}

/* ---- what menus and approvals ask ----------------------------------------------------------- */

static enum action_place listing_place(const struct app *a)
{
	(void)a;
	return PLACE_LIST;
}

static struct str listing_account(struct app *a)
{
	const struct listing *s = &a->listing;
	return s->kind->account && s->at < s->kind->count(a) ? s->kind->account(a, s->at) : STR("");
}

static const struct ground listing_ground = {"Keys in this table", NULL, false, listing_place,
	listing_offers, listing_names, listing_help, listing_label, listing_act, listing_account};

static const struct layer listing_layer = {.key = listing_key, .paste = listing_paste,
	.weighs = listing_weighs, .draw = listing_layer_draw, .hints = listing_hints_now, .ground = &listing_ground};

/* ---- opening, leaving ----------------------------------------------------------------------- */

unsigned listing_open(struct app *a, const struct listing_kind *kind)
{
	struct listing *s = &a->listing;
	if (!kind->groups)
		listing_keep(a, kind, s->by);
	if (s->kind != kind) {
		s->at = s->top = s->page_top = 0;
		line_set(&s->filter, STR(""));
		line_set(&s->search, STR(""));
	}
	s->kind = kind;
	s->alone = s->page_focus = s->typing = false;
	s->fresh = false;
	s->open = true;
	if (!layer_open(a, &listing_layer))
		layer_push(a, &listing_layer);
	return APP_DRAW;
}
