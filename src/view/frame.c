/*
 * frame: the lines between the panes with their titles or tabs, and what stands in the panes.
 */
#include "view_priv.h"

#include <stdio.h>

static struct str pane_title(const struct screen_model *m, enum pane p)
{
	static const char *const names[PANES] = {"Alerts", "Request", "Actor", "Guide"};
	return m->panes[p].title.n ? m->panes[p].title : str_c(names[p]);
}

/* " 2 Request ", in brackets when it has the focus: the sign that needs no colour. */
static int draw_title(const struct screen_model *m, enum pane p, struct canvas *c, struct pen pen)
{
	bool focus = m->focus == p;
	AUTO(buf_fini) struct buf text;
	buf_init(&text, 0);
	buf_fmt(&text, focus ? "[%d " : " %d ", (int)p + 1);
	buf_add(&text, str_sub(pane_title(m, p), 0, 256));
	buf_char(&text, focus ? ']' : ' ');
	if (focus)
		pen.role = ROLE_FOCUS;
	return canvas_put(c, &pen, buf_str(&text));
}

/* Where one is in a pane: "40/126", and what is searched for, at the right end of its line. */
static void draw_place(const struct screen_model *m, enum pane p, const struct rect *r,
	struct canvas *c, struct pen pen)
{
	AUTO(buf_fini) struct buf text;
	buf_init(&text, 0);
	const struct pane_model *pane = &m->panes[p];
	size_t hits = pane->text && pane->search.n ? text_hits(pane->text, pane->search) : 0;
	if (pane->text && pane->search.n)
		buf_fmt(&text, " %zu hit%s ", hits, plural(hits));
	size_t rows = pane->text ? text_rows(pane->text) : 0, last = pane->top + (size_t)r->rows;
	if (p == PANE_LIST && m->list.rows && selection_count(m->list.rows))
		buf_fmt(&text, " %zu/%zu ", m->list.cursor + 1, selection_count(m->list.rows));
	else if (rows > (size_t)r->rows)
		buf_fmt(&text, " %zu/%zu ", last < rows ? last : rows, rows);
	int n = (int)text.n;
	if (n == 0 || n + 1 > pen.width)
		return;
	pen.col += pen.width - n - 1;
	pen.width = n;
	pen.role = ROLE_DIM;
	canvas_put(c, &pen, buf_str(&text));
}

/* The line above one pane: its title, and where one is in it. */
static void frame_draw_head(
	const struct screen_model *m, enum pane p, struct rect r, struct canvas *c, int line)
{
	struct pen pen = {line, r.col + 1, r.cols - 1, ROLE_TITLE};
	int used = draw_title(m, p, c, pen);
	pen.col += used;
	pen.width -= used;
	draw_place(m, p, &r, c, pen);
}

static void draw_shown_tab_place(const struct screen_model *m, const struct screen_layout *l,
	struct canvas *c, struct pen pen)
{
	enum pane first = l->shape == SHAPE_SINGLE ? PANE_LIST : PANE_REQUEST;
	for (int p = (int)first; p < PANES; p++)
		if (l->pane[p].rows > 0)
			draw_place(m, (enum pane)p, &l->pane[p], c, pen);
}

/* All panes' names in one line; where it is short, only the shown one's in full. */
static void draw_tabs(const struct screen_model *m, const struct screen_layout *l,
	struct canvas *c)
{
	enum pane first = l->shape == SHAPE_SINGLE ? PANE_LIST : PANE_REQUEST;
	struct pen pen = {l->border, 1, c->cols - 1, ROLE_DIM};
	for (int p = (int)first; p < PANES; p++) {
		bool shown = l->pane[p].rows > 0;
		char number[16];
		snprintf(number, sizeof(number), " %d ", p + 1);
		pen.role = shown ? ROLE_TITLE : ROLE_DIM;
		int used = shown || c->cols >= 50
			? draw_title(m, (enum pane)p, c, pen)
			: canvas_put(c, &pen, str_c(number));
		pen.col += used + 1;
		pen.width -= used + 1;
	}
	draw_shown_tab_place(m, l, c, pen);
}

static void frame_join(struct canvas *c, int line, int col, uint32_t cp)
{
	canvas_fill(c, (struct rect){line, col, 1, 1}, cp, ROLE_BORDER);
}

/* A line between two columns of panes, joined to the lines above and below. */
static void draw_divider(const struct screen_layout *l, struct canvas *c, int col)
{
	canvas_vline(c, l->border + 1, col, l->bottom - l->border - 1, ROLE_BORDER);
	frame_join(c, l->border, col, 0x252c);
	frame_join(c, l->bottom, col, 0x2534);
}

/* The outer left edge of a text pane: what inset() took from it in layout.c. */
static struct rect outset(struct rect r)
{
	return (struct rect){r.row, r.col - 1, r.rows, r.cols + 2};
}

/* Lines between the panes of one column, which starts at `col`. */
static void draw_column(const struct screen_model *m, const struct screen_layout *l,
	struct canvas *c, const enum pane *panes)
{
	for (int i = 0; panes[i] < PANES; i++) {
		struct rect r = outset(l->pane[panes[i]]);
		int line = r.row - 1;
		if (line != l->border) {
			canvas_hline(c, line, r.col, r.cols, ROLE_BORDER);
			frame_join(c, line, r.col - 1, 0x251c);
			if (r.col + r.cols < c->cols)
				frame_join(c, line, r.col + r.cols, 0x2524);
		}
		frame_draw_head(m, panes[i], r, c, line);
	}
}

static void draw_wide(const struct screen_model *m, const struct screen_layout *l,
	struct canvas *c)
{
	static const enum pane stack[] = {PANE_REQUEST, PANE_ACTOR, PANE_GUIDE, PANES};
	static const enum pane middle[] = {PANE_REQUEST, PANE_ACTOR, PANES};
	static const enum pane guide[] = {PANE_GUIDE, PANES};
	struct rect list = l->pane[PANE_LIST];
	draw_divider(l, c, list.cols);
	frame_draw_head(m, PANE_LIST, list, c, l->border);
	if (l->shape == SHAPE_STACK) {
		draw_column(m, l, c, stack);
		return;
	}
	draw_divider(l, c, outset(l->pane[PANE_GUIDE]).col - 1);
	draw_column(m, l, c, middle);
	draw_column(m, l, c, guide);
}

static void draw_pane(const struct pane_model *p, struct rect r, struct canvas *c)
{
	if (!p->text || r.rows <= 0 || r.cols <= 0)
		return;
	/* What was scrolled to in a smaller pane must not leave this one empty. */
	size_t rows = text_rows(p->text), shown = (size_t)r.rows;
	size_t last = rows > shown ? rows - shown : 0;
	text_draw(p->text, c, r, p->top < last ? p->top : last, p->search);
}

static void lay_panes(const struct screen_model *m, const struct screen_layout *l)
{
	for (int p = PANE_REQUEST; p < PANES; p++)
		if (m->panes[p].text && l->pane[p].rows > 0)
			text_layout(m->panes[p].text, l->pane[p].cols);
}

void frame_draw(const struct screen_model *m, const struct screen_layout *l, struct canvas *c)
{
	lay_panes(m, l);
	if (l->border >= 0)
		canvas_hline(c, l->border, 0, c->cols, ROLE_BORDER);
	if (l->bottom >= 0)
		canvas_hline(c, l->bottom, 0, c->cols, ROLE_BORDER);
	if (l->tabs && l->border >= 0)
		draw_tabs(m, l, c);
	else if (!l->tabs)
		draw_wide(m, l, c);
	list_draw(&m->list, l, c);
	for (int p = PANE_REQUEST; p < PANES; p++)
		draw_pane(&m->panes[p], l->pane[p], c);
}
