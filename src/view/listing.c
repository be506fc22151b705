/*
 * listing: draws a table and the page about its selected row. Keeps no state; asks only for the
 * rows that can be seen.
 */
#include "view_priv.h"
#include "s3triage/view/listing.h"

#include <stdio.h>
#include <string.h>

#define LEAD 2 /* cells before the first column: where the cursor's sign stands */

/* The columns that have room, and how wide each is; 0: left out. */
struct fit {
	int width[LISTING_COLUMNS_MAX];
	int gap;
};

static size_t column_count(const struct listing_model *m)
{
	return m->n_columns < LISTING_COLUMNS_MAX ? m->n_columns : LISTING_COLUMNS_MAX;
}

static int listing_used(const struct listing_model *m, const struct fit *f)
{
	int sum = LEAD, n = 0;
	for (size_t i = 0; i < column_count(m); i++) {
		sum += f->width[i];
		n += f->width[i] > 0;
	}
	return sum + (n ? (n - 1) * f->gap : 0);
}

/* Takes away the column that can be missed first; false when only those that stay are left. */
static bool drop_one(const struct listing_model *m, struct fit *f)
{
	size_t worst = LISTING_COLUMNS_MAX;
	for (size_t i = 0; i < column_count(m); i++) {
		if (!f->width[i] || !m->columns[i].rank)
			continue;
		if (worst == LISTING_COLUMNS_MAX || m->columns[i].rank >= m->columns[worst].rank)
			worst = i;
	}
	if (worst < LISTING_COLUMNS_MAX)
		f->width[worst] = 0;
	return worst < LISTING_COLUMNS_MAX;
}

static void fit_columns(const struct listing_model *m, int cols, struct fit *f)
{
	int shares = 0;
	*f = (struct fit){.gap = cols < 80 ? 1 : 2};
	for (size_t i = 0; i < column_count(m); i++)
		f->width[i] = m->columns[i].width;
	while (listing_used(m, f) > cols && drop_one(m, f))
		;
	for (size_t i = 0; i < column_count(m); i++)
		shares += f->width[i] ? m->columns[i].grow : 0;
	int spare = cols - listing_used(m, f) - 1;
	for (size_t i = 0; i < column_count(m) && spare > 0 && shares; i++)
		if (f->width[i])
			f->width[i] += spare * m->columns[i].grow / shares;
}

static void listing_put_cell(struct canvas *c, struct pen pen, struct str s, bool right)
{
	size_t n = utf8_cells(s);
	if (right && n < (size_t)pen.width) {
		pen.col += pen.width - (int)n;
		pen.width = (int)n;
	}
	canvas_put(c, &pen, s);
}

static void draw_cells(const struct listing_model *m, const struct fit *f, struct canvas *c,
	struct pen pen, const struct listing_cell *cells)
{
	int end = pen.col + pen.width;
	pen.col += LEAD;
	for (size_t i = 0; i < column_count(m); i++) {
		if (!f->width[i])
			continue;
		int width = f->width[i] < end - pen.col ? f->width[i] : end - pen.col;
		if (width > 0)
			listing_put_cell(c, (struct pen){pen.row, pen.col, width, cells[i].role},
				cells[i].text, m->columns[i].right);
		pen.col += f->width[i] + f->gap;
	}
}

static void listing_draw_head(const struct listing_model *m, const struct fit *f, struct canvas *c,
	struct rect r)
{
	struct listing_cell cells[LISTING_COLUMNS_MAX];
	for (size_t i = 0; i < column_count(m); i++)
		cells[i] = (struct listing_cell){str_c(m->columns[i].name), ROLE_LABEL};
	if (r.rows)
		draw_cells(m, f, c, (struct pen){r.row, r.col, r.cols, ROLE_LABEL}, cells);
}

static void listing_draw_empty(const struct listing_model *m, struct canvas *c, struct rect r)
{
	struct text *t = text_new();
	int pad = r.cols > 20 ? 2 : 0;
	text_span(t, ROLE_TEXT, m->empty.n ? m->empty : STR("Nothing."));
	text_end(t);
	text_layout(t, r.cols - 2 * pad);
	text_draw(t, c, (struct rect){r.row, r.col + pad, r.rows, r.cols - 2 * pad}, 0, STR(""));
	text_free(t);
}

static void draw_rows(const struct listing_model *m, const struct fit *f, struct canvas *c,
	struct rect r)
{
	size_t top = scroll_into(m->top, m->cursor, (size_t)r.rows, m->n_rows);
	struct arena mem = {0};
	for (int i = 0; i < r.rows && top + (size_t)i < m->n_rows; i++) {
		struct listing_cell cells[LISTING_COLUMNS_MAX] = {0};
		struct pen pen = {r.row + i, r.col, r.cols, ROLE_TEXT};
		m->row(m->ctx, top + (size_t)i, &mem, cells);
		draw_cells(m, f, c, pen, cells);
		if (top + (size_t)i != m->cursor)
			continue;
		put(c, (struct pen){pen.row, pen.col, 1, ROLE_CURSOR}, STR("▌"));
		canvas_select_row(c, (struct rect){pen.row, r.col, 1, r.cols});
	}
	arena_fini(&mem);
}

/* "─[Accounts]──── 3/41 ─" */
static void draw_line(struct canvas *c, int line, struct str title, struct pen look, struct str place)
{
	bool focus = look.role == ROLE_FOCUS;
	if (line < 0)
		return;
	AUTO(buf_fini) struct buf text;
	buf_init(&text, 0);
	canvas_hline(c, line, 0, c->cols, ROLE_BORDER);
	buf_char(&text, focus ? '[' : ' ');
	buf_add(&text, str_sub(title, 0, 400));
	buf_char(&text, focus ? ']' : ' ');
	int width = c->cols - 1, used = put(c, (struct pen){line, 1, width, look.role}, buf_str(&text));
	int n = (int)utf8_cells(place);
	if (n && used + n + 2 < width)
		put(c, (struct pen){line, c->cols - n - 1, n, ROLE_DIM}, place);
}

static void draw_table(const struct listing_model *m, const struct listing_layout *l, struct canvas *c)
{
	char place[64] = "";
	struct fit f;
	bool focus = !m->page_focus;
	if (m->n_rows)
		snprintf(place, sizeof(place), " %zu/%zu ", m->cursor + 1, m->n_rows);
	draw_line(c, l->border, m->title, (struct pen){.role = focus ? ROLE_FOCUS :
		m->warn ? ROLE_WARN : ROLE_TITLE}, str_c(place));
	if (l->table.rows <= 0)
		return;
	if (m->n_rows == 0) {
		listing_draw_empty(m, c, l->table);
		return;
	}
	fit_columns(m, l->table.cols, &f);
	listing_draw_head(m, &f, c, l->head);
	draw_rows(m, &f, c, l->table);
}

static void draw_page(const struct listing_model *m, const struct listing_layout *l, struct canvas *c)
{
	char place[96] = "";
	struct rect r = l->page;
	if (r.rows <= 0 || r.cols <= 0)
		return;
	text_layout(m->page, r.cols);
	size_t rows = text_rows(m->page), shown = (size_t)r.rows;
	size_t last = rows > shown ? rows - shown : 0, top = m->page_top < last ? m->page_top : last;
	size_t hits = m->search.n ? text_hits(m->page, m->search) : 0;
	if (m->search.n)
		snprintf(place, sizeof(place), " %zu hit%s ", hits, plural(hits));
	if (last)
		snprintf(place + strlen(place), 48, " %zu/%zu ", top + shown, rows);
	draw_line(c, l->page_border, m->page_title,
		(struct pen){.role = m->page_focus ? ROLE_FOCUS : ROLE_TITLE}, str_c(place));
	text_draw(m->page, c, r, top, m->search);
}

void listing_draw(const struct listing_model *m, struct canvas *c)
{
	struct listing_layout l = listing_layout(m, c->rows, c->cols);
	if (l.table.rows > 0 || l.border >= 0)
		draw_table(m, &l, c);
	if (m->page)
		draw_page(m, &l, c);
}
