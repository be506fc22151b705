/*
 * sheet: the keys of a table, and its model for the view. Movement, verdicts and sorting are the
 * list's own actions, so that whoever rebinds keys finds them here too.
 */
#include "sheet_priv.h"

#include "s3triage/base/when.h"

unsigned sheet_open(struct app *a, const struct sheet_kind *kind)
{
	struct sheet *s = &a->sheet;
	if (s->kind != kind) {
		s->at = s->top = s->page_top = 0;
		line_set(&s->filter, STR(""));
	}
	s->kind = kind;
	s->alone = s->page_focus = s->typing = false;
	s->fresh = false;
	a->mode = MODE_SHEET;
	return APP_DRAW;
}

struct str sheet_time(int64_t ms, struct arena *mem)
{
	char text[WHEN_TEXT_MAX];
	when_format(ms, text);
	return ms == WHEN_NONE ? STR("") : arena_fmt(mem, "%.5s %.5s", text + 5, text + 11);
}

void sheet_say(struct text *t, const char *label, struct str value)
{
	if (!value.n)
		return;
	text_fmt(t, ROLE_LABEL, "%-12s", label);
	text_span(t, ROLE_TEXT, value);
	text_indent(t, 0, 12);
	text_end(t);
}

static void leave(struct app *a)
{
	a->mode = MODE_NORMAL;
	a->sheet.typing = false;
}

static void go(struct app *a, size_t at)
{
	struct sheet *s = &a->sheet;
	size_t n = s->kind->count(a);
	s->at = n == 0 ? 0 : at < n ? at : n - 1;
	s->page_top = 0;
	s->fresh = false;
}

static size_t page_rows(const struct app *a)
{
	return a->rows > 14 ? (size_t)a->rows / 2 - 4 : 3;
}

static unsigned move(struct app *a, size_t by, bool down)
{
	struct sheet *s = &a->sheet;
	if (s->page_focus || s->alone)
		s->page_top = down ? s->page_top + by : s->page_top > by ? s->page_top - by : 0;
	else
		go(a, down ? s->at + by : s->at > by ? s->at - by : 0);
	return APP_DRAW;
}

static unsigned to_end(struct app *a, bool last)
{
	return move(a, 1000000, last);
}

static unsigned enter(struct app *a)
{
	struct sheet *s = &a->sheet;
	if (s->kind->count(a) == 0)
		return APP_DRAW;
	if (s->kind->enter)
		return s->kind->enter(a, s->at);
	if (!s->alone) {
		s->alone = true;
		return APP_DRAW;
	}
	unsigned after = s->kind->open(a, s->at);
	leave(a);
	return after;
}

static unsigned back(struct app *a)
{
	struct sheet *s = &a->sheet;
	if (s->alone)
		s->alone = false;
	else if (s->page_focus)
		s->page_focus = false;
	else if (s->filter.text.n && s->kind->filter) {
		line_set(&s->filter, STR(""));
		s->kind->filter(a, STR(""));
	} else
		leave(a);
	return APP_DRAW;
}

static unsigned verdict(struct app *a, enum verdict v)
{
	struct sheet *s = &a->sheet;
	if (!s->kind->decide)
		return app_say(a, ROLE_WARN, "these are no alerts: nothing is decided here");
	if (s->kind->count(a) == 0)
		return APP_DRAW;
	return s->kind->decide(a, s->at, v);
}

static unsigned sorted(struct app *a, int step)
{
	return a->sheet.kind->sort ? a->sheet.kind->sort(a, step)
		: app_say(a, ROLE_DIM, "this table is by time");
}

static unsigned start_filter(struct app *a)
{
	if (!a->sheet.kind->filter)
		return app_say(a, ROLE_DIM, "this table has no filter");
	a->sheet.typing = true;
	return APP_DRAW;
}

static unsigned act(struct app *a, int action)
{
	size_t page = page_rows(a);
	switch (action) {
	case ACTION_DOWN: return move(a, 1, true);
	case ACTION_UP: return move(a, 1, false);
	case ACTION_PAGE_DOWN: return move(a, page, true);
	case ACTION_PAGE_UP: return move(a, page, false);
	case ACTION_HALF_DOWN: return move(a, page / 2 + 1, true);
	case ACTION_HALF_UP: return move(a, page / 2 + 1, false);
	case ACTION_FIRST: return to_end(a, false);
	case ACTION_LAST: return to_end(a, true);
	default: break;
	}
	return APP_DRAW;
}

static unsigned act_more(struct app *a, int action)
{
	switch (action) {
	case ACTION_ENTER: return enter(a);
	case ACTION_BACK: return back(a);
	case ACTION_APPROVE: return verdict(a, VERDICT_APPROVED);
	case ACTION_SUSPICIOUS: return verdict(a, VERDICT_SUSPICIOUS);
	case ACTION_REOPEN: return verdict(a, VERDICT_OPEN);
	case ACTION_SORT_NEXT: return sorted(a, 1);
	case ACTION_SORT_PREVIOUS: return sorted(a, -1);
	case ACTION_SORT_REVERSE: return sorted(a, 0);
	case ACTION_FIND: case ACTION_FILTER: return start_filter(a);
	case ACTION_PANE_NEXT: case ACTION_PANE_PREVIOUS:
		a->sheet.page_focus = !a->sheet.page_focus;
		return APP_DRAW;
	default: return act(a, action);
	}
}

/* What does the same here as on the list: undo, the other tables, help, leaving. */
static bool passes(int action)
{
	return action == ACTION_UNDO || action == ACTION_REDO || action == ACTION_QUIT ||
		action == ACTION_INTERRUPT || action == ACTION_SUSPEND || action == ACTION_REPAINT ||
		action == ACTION_HELP || action == ACTION_PALETTE ||
		action == ACTION_MESSAGES || action == ACTION_APPROVE_ACCOUNT ||
		(action >= ACTION_ACCOUNTS && action <= ACTION_PROPOSALS);
}

static unsigned type(struct app *a, struct key k)
{
	struct sheet *s = &a->sheet;
	if (line_key(&s->filter, k)) {
		s->kind->filter(a, line_str(&s->filter));
		go(a, 0);
	} else if (k.code == KEY_CODE_ESC || k.code == 3) {
		line_set(&s->filter, STR(""));
		s->kind->filter(a, STR(""));
		s->typing = false;
	} else if (k.code == KEY_CODE_ENTER) {
		s->typing = false;
	}
	return APP_DRAW;
}

unsigned sheet_key(struct app *a, struct key k)
{
	int action;
	if (a->sheet.typing)
		return type(a, k);
	if (!config_key(a->set.config, PLACE_LIST, k, &action))
		return APP_DRAW;
	return passes(action) ? app_act(a, action) : act_more(a, action);
}

bool sheet_paste(struct app *a, struct str text)
{
	bool ok = a->sheet.typing && line_insert(&a->sheet.filter, text);
	if (ok)
		a->sheet.kind->filter(a, line_str(&a->sheet.filter));
	return ok;
}

/* ---- drawing -------------------------------------------------------------------------------- */

static void fill_page(struct app *a, size_t n)
{
	struct sheet *s = &a->sheet;
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
static void fit(struct app *a, struct sheet_model *m)
{
	struct sheet *s = &a->sheet;
	struct sheet_layout l = sheet_layout(m, a->rows, a->cols);
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

/* One kind for four tables: only accounts have names and kinds. */
static void name_groups(const struct sheet *s, struct arena *mem, struct sheet_model *m)
{
	struct sheet_column *columns = arena_array(mem, m->n_columns, sizeof(*columns));
	for (size_t i = 0; i < m->n_columns; i++)
		columns[i] = m->columns[i];
	columns[0].name = group_by_name(s->by);
	if (s->by != GROUP_ACCOUNT)
		columns[1].width = columns[2].width = columns[1].grow = 0;
	m->columns = columns;
	m->title = arena_fmt(mem, "Alerts by %s", group_by_name(s->by));
}

void sheet_draw_model(struct app *a, struct arena *mem, struct sheet_model *m)
{
	struct sheet *s = &a->sheet;
	if (s->kind->update)
		s->kind->update(a);
	size_t n = s->kind->count(a);
	if (s->at >= n)
		go(a, s->at);
	fill_page(a, n);
	*m = (struct sheet_model){.title = arena_fmt(mem, "%s", s->kind->title), .page_title = STR("About"),
		.warn = s->kind->warn, .columns = s->kind->columns, .n_columns = s->kind->n_columns,
		.n_rows = n, .cursor = s->at, .row = s->kind->row, .ctx = a,
		.empty = str_c(s->kind->empty), .page = s->page, .page_focus = s->page_focus,
		.page_alone = s->alone && n > 0};
	if (s->kind == sheet_groups())
		name_groups(s, mem, m);
	fit(a, m);
}

/* ---- the keys that are named below it ------------------------------------------------------- */

/* In the timeline the sort keys change the window, for it is by time. */
static bool by_window(const struct app *a)
{
	return a->sheet.kind == sheet_timeline();
}

bool sheet_offers(const struct app *a, int action)
{
	const struct sheet_kind *k = a->sheet.kind;
	switch (action) {
	case ACTION_APPROVE: case ACTION_SUSPICIOUS:
		return k == sheet_groups();
	case ACTION_APPROVE_ACCOUNT:
		return k == sheet_groups() && a->sheet.by == GROUP_ACCOUNT;
	case ACTION_SORT_NEXT:
		return k->sort != NULL;
	case ACTION_SORT_PREVIOUS:
		return by_window(a);
	case ACTION_FIND:
		return k->filter != NULL;
	default:
		return true;
	}
}

const char *sheet_label(const struct app *a, int action, const char *usual)
{
	return action == ACTION_SORT_NEXT && by_window(a) ? "wider" : usual;
}
