/*
 * bars: the lines at the edges: header and filter above, keys, message or prompt below.
 */
#include "view_priv.h"

/* Words for one end of a line, in order of importance: what does not fit is left out whole. */
struct word {
	enum role role;
	struct str s;
};

#define WORD_GAP 3

static int bars_cells(struct str s)
{
	size_t n = utf8_cells(s);
	return n > 4096 ? 4096 : (int)n;
}

/* Puts words right-aligned, the first one outermost; returns the cells used. */
static int words_right(struct canvas *c, struct pen pen, const struct word *w, size_t n)
{
	int used = 0;
	for (size_t i = 0; i < n; i++) {
		int width = bars_cells(w[i].s), gap = used ? WORD_GAP : 0;
		if (width == 0)
			continue;
		if (used + gap + width > pen.width) {
			if (used == 0)
				return put(c, (struct pen){pen.row, pen.col, pen.width, w[i].role},
					w[i].s);
			break;
		}
		used += gap + width;
		put(c, (struct pen){pen.row, pen.col + pen.width - used, width, w[i].role},
			w[i].s);
	}
	return used;
}

static int words_left(struct canvas *c, struct pen pen, const struct word *w, size_t n)
{
	int used = 0;
	for (size_t i = 0; i < n; i++) {
		int width = bars_cells(w[i].s), gap = used ? WORD_GAP : 0;
		if (width == 0)
			continue;
		if (used + gap + width > pen.width)
			break;
		put(c, (struct pen){pen.row, pen.col + used + gap, width, w[i].role}, w[i].s);
		used += gap + width;
	}
	return used;
}

/* Blank columns at the ends, where there is room for them. */
static struct pen line_pen(struct rect r, enum role role)
{
	int margin = r.cols >= 30 ? 1 : 0;
	return (struct pen){r.row, r.col + margin, r.cols - 2 * margin, role};
}

/* A warning is never left out: shorter where there is no room, and then without the rest. */
static struct str fit_banner(struct str banner, int width)
{
	struct str rest = banner, head = str_cut(&rest, ':');
	if (bars_cells(banner) <= width)
		return banner;
	return bars_cells(head) <= width ? head : STR("INSECURE");
}

/* What the left end keeps of `width` cells: the program's name, or what it must warn of. */
static int keep_left(struct str banner, int width)
{
	enum { COUNT = 16 };
	if (banner.n)
		return bars_cells(banner) + WORD_GAP < width ? bars_cells(banner) + WORD_GAP
							     : width;
	return width >= 30 && 8 + WORD_GAP < width - COUNT ? 8 + WORD_GAP : 0;
}

static void header_draw(const struct screen_model *m, struct rect r, struct canvas *c)
{
	struct arena mem = {0};
	struct pen pen = line_pen(r, ROLE_BAR);
	canvas_fill(c, r, ' ', ROLE_BAR);
	struct word right[] = {
		{ROLE_BAR, arena_fmt(&mem, "%zu of %zu open", m->open, m->total)},
		{ROLE_WARN, m->fresh ? arena_fmt(&mem, "%zu new", m->fresh) : STR("")},
		{ROLE_MARKED, m->marked ? arena_fmt(&mem, "%zu marked", m->marked) : STR("")},
		{ROLE_WARN, m->read_only ? STR("read-only") : STR("")},
		{ROLE_BAR, m->source},
	};
	/* This and the count stay when all else goes. */
	struct str banner = m->banner.n ? fit_banner(m->banner, pen.width - 16 - WORD_GAP) : m->banner;
	int name = keep_left(banner, pen.width);
	struct pen end = {pen.row, pen.col + name, pen.width - name, ROLE_BAR};
	if (end.width > 0)
		pen.width -= words_right(c, end, right, ARRAY_LEN(right)) + WORD_GAP;
	struct str risk = m->severity.n
		? arena_fmt(&mem, "%.*s %d", STR_ARG(m->severity), m->risk) : STR("");
	struct word left[] = {
		{ROLE_BAR, m->banner.n ? STR("") : STR("s3triage")},
		{ROLE_ERROR, banner},
		{ROLE_BAR, m->rule_name},
		{ROLE_BAR, risk},
		{ROLE_BAR, m->techniques},
	};
	words_left(c, pen, left, ARRAY_LEN(left));
	canvas_ground(c, r, ROLE_BAR);
	arena_fini(&mem);
}

static void filter_draw(const struct screen_model *m, struct rect r, struct canvas *c)
{
	struct arena mem = {0};
	struct pen pen = line_pen(r, ROLE_INPUT);
	struct word right[] = {
		{ROLE_DIM, m->status},
		{ROLE_DIM, m->sort.n ? arena_fmt(&mem, "by %.*s", STR_ARG(m->sort)) : STR("")},
	};
	/* What is typed comes first: at the right only what leaves it half of the line. */
	struct pen end = pen;
	int half = pen.width / 2;
	end.col += pen.width - half;
	end.width = half;
	if (m->filter_error.n) {
		int typed = bars_cells(m->filter) + 3;
		int from = typed < half ? typed : half;
		pen.width -= from;
		put(c, (struct pen){r.row, pen.col + from, pen.width, ROLE_ERROR}, m->filter_error);
		pen.width = from - 2;
	} else if (!m->filter_editing || bars_cells(m->filter) < half) {
		pen.width -= words_right(c, end, right, ARRAY_LEN(right)) + 1;
	}
	struct input in = {m->filter, m->filter_cursor, m->filter_editing};
	if (!m->filter.n && !m->filter_editing)
		put(c, (struct pen){pen.row, pen.col, pen.width, ROLE_DIM}, STR("all alerts"));
	else
		input_draw(c, pen, &in);
	arena_fini(&mem);
}

static int hint_cells(const struct key_hint *h)
{
	return bars_cells(str_c(h->key)) + 1 + bars_cells(str_c(h->label));
}

static int hint_draw(struct canvas *c, struct pen pen, const struct key_hint *h)
{
	pen.role = ROLE_KEY;
	int used = canvas_put(c, &pen, str_c(h->key)) + 1;
	pen.col += used;
	pen.width -= used;
	pen.role = ROLE_DIM;
	return used + canvas_put(c, &pen, str_c(h->label));
}

int hints_draw(struct canvas *c, struct pen pen, const struct key_hint *hints)
{
	const struct key_hint *last = hints;
	int used = 0, gap = pen.width < 60 ? 2 : 3;
	if (!hints || !hints->key)
		return 0;
	while (last[1].key)
		last++;
	int kept = hint_cells(last);
	for (const struct key_hint *h = hints; h->key; h++) {
		int more = hint_cells(h) + (used ? gap : 0);
		if (h != last && used + more + gap + kept > pen.width)
			continue;
		struct pen at = pen;
		at.col += used + (used ? gap : 0);
		at.width = pen.width - (at.col - pen.col);
		hint_draw(c, at, h);
		used += more;
	}
	return used;
}

#define MESSAGE_ROWS 4

static struct text *footer_text(const struct screen_model *m, int width)
{
	struct text *t = text_new();
	text_span(t, m->message_role, m->message);
	text_end(t);
	text_layout(t, width);
	return t;
}

int footer_rows(const struct screen_model *m, const struct screen_layout *l)
{
	struct pen pen = line_pen(l->footer, ROLE_TEXT);
	if (l->footer.rows == 0 || m->prompt.n || bars_cells(m->message) <= pen.width)
		return l->footer.rows;
	struct text *t = footer_text(m, pen.width);
	size_t rows = text_rows(t), most = (size_t)(l->footer.row / 3);
	text_free(t);
	most = most < MESSAGE_ROWS ? most : MESSAGE_ROWS;
	return rows < most ? (int)rows : most ? (int)most : 1;
}

/* A message that is longer than a line covers what is above it, for as long as it stands. */
static void footer_message(const struct screen_model *m, int rows, struct pen pen, struct canvas *c)
{
	if (rows == 1) {
		canvas_put(c, &pen, m->message);
		return;
	}
	struct rect r = {pen.row - rows + 1, 0, rows, c->cols};
	struct text *t = footer_text(m, pen.width);
	canvas_cover(c, r);
	canvas_fill(c, r, ' ', ROLE_TEXT);
	text_draw(t, c, (struct rect){r.row, pen.col, rows, pen.width}, 0, STR(""));
	text_free(t);
}

/* Right of what is typed, where that keeps room. */
static int prompt_hints(const struct screen_model *m, struct pen pen, struct canvas *c)
{
	enum { TYPED = 40, GAP = 2 };
	int all = 0;
	for (const struct key_hint *h = m->hints; h && h->key; h++)
		all += hint_cells(h) + GAP;
	if (!all || pen.width - all < TYPED)
		return 0;
	pen.col += pen.width - all + GAP;
	pen.width = all - GAP;
	return hints_draw(c, pen, m->hints) ? all : 0;
}

static void footer_draw(const struct screen_model *m, const struct screen_layout *l, struct canvas *c)
{
	struct pen pen = line_pen(l->footer, m->message_role);
	if (m->prompt.n) {
		pen.width -= prompt_hints(m, pen, c);
		pen.role = ROLE_INPUT;
		input_draw(c, pen, &(struct input){m->prompt, m->prompt_cursor, true});
	} else if (m->message.n) {
		footer_message(m, footer_rows(m, l), pen, c);
	} else {
		hints_draw(c, pen, m->hints);
	}
}

void bars_draw(const struct screen_model *m, const struct screen_layout *l, struct canvas *c)
{
	if (l->header.rows)
		header_draw(m, l->header, c);
	if (l->filter.rows)
		filter_draw(m, l->filter, c);
	if (l->footer.rows)
		footer_draw(m, l, c);
}

void banner_draw(const struct screen_model *m, struct canvas *c)
{
	struct pen pen = line_pen((struct rect){0, 0, 1, c->cols}, ROLE_ERROR);
	put(c, pen, fit_banner(m->banner, pen.width));
}
