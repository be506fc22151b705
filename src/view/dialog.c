/*
 * dialog: a box over the screen: lines (a preview or a menu), fields to type into, keys.
 * A menu's fields (its filter) stand above the lines, a preview's below.
 */
#include "text_priv.h"
#include "view_priv.h"

#include <stdio.h>

#define DIALOG_COLS 76
#define LEFT_MAX 34

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int dialog_cells(struct str s)
{
	size_t n = utf8_cells(s);
	return n > 4096 ? 4096 : (int)n;
}

/* Lines with something at the right are a table: its left column is as wide as they need. */
static int left_column(const struct dialog_model *m)
{
	int width = 0;
	for (size_t i = 0; i < m->n_lines; i++)
		if (m->lines[i].right.n && dialog_cells(m->lines[i].left) > width)
			width = dialog_cells(m->lines[i].left);
	return least(width, LEFT_MAX);
}

static struct text *dialog_lines(const struct dialog_model *m, int width)
{
	static const char blanks[LEFT_MAX + 3] = "                                    ";
	int column = least(left_column(m) + 2, width / 2);
	struct text *t = text_new();
	for (size_t i = 0; i < m->n_lines; i++) {
		const struct dialog_line *line = &m->lines[i];
		enum role role = line->role == ROLE_TEXT ? ROLE_DIALOG : line->role;
		text_span(t, role, line->left);
		if (line->right.n) {
			int pad = column - dialog_cells(line->left);
			text_span(t, ROLE_DIALOG, (struct str){blanks, pad > 1 ? (size_t)pad : 1});
			text_span(t, ROLE_DIALOG, line->right);
		}
		text_indent(t, 0, line->right.n ? column : 2);
		text_end(t);
	}
	return t;
}

static int hints_cells(const struct key_hint *h)
{
	int n = 0;
	for (; h && h->key; h++)
		n += dialog_cells(str_c(h->key)) + dialog_cells(str_c(h->label)) + 4;
	return n;
}

/* The width that the content asks for, no more than fits comfortably. */
static int inner_width(const struct dialog_model *m, int most)
{
	int column = left_column(m) + 2, width = hints_cells(m->hints);
	width = width < 40 ? 40 : width;
	for (size_t i = 0; i < m->n_lines; i++) {
		const struct dialog_line *line = &m->lines[i];
		int n = line->right.n ? column + dialog_cells(line->right)
				      : dialog_cells(line->left);
		width = n > width ? n : width;
	}
	if (m->n_fields)
		width = width < 60 ? 60 : width;
	return least(least(width, DIALOG_COLS), most);
}

/* What a box holds, in rows. */
struct parts {
	struct rect box, in; /* outer edge, and inside border and padding */
	int lines, fields, hints, gap;
	bool framed;
};

static size_t first_row(const struct text *t, size_t line)
{
	size_t i = 0;
	while (i < t->n_rows && t->rows[i].line < line)
		i++;
	return i;
}

/* Four fields are left, which go with the one that is typed into. */
static void place_needed(const struct dialog_model *m, const struct text *t, int room, struct parts *p)
{
	int needed = least((int)first_row(t, m->needed), room - least(p->fields, 4));
	if (p->lines >= needed)
		return;
	p->lines = needed;
	p->fields = least(p->fields, room - needed);
}

static struct parts dialog_place(const struct dialog_model *m, int screen_rows, int screen_cols,
	struct text **lines)
{
	struct parts p = {.framed = screen_rows >= 8 && screen_cols >= 30};
	int edge = p.framed ? 1 : 0, side = p.framed ? 3 : 0;
	int cols = inner_width(m, screen_cols - 2 * side - (screen_cols >= 60 ? 6 : 0));
	struct text *t = *lines = dialog_lines(m, cols);
	text_layout(t, cols);
	p.fields = (int)m->n_fields;
	p.hints = m->hints && m->hints->key ? 1 : 0;
	/* On a tall screen the bars stay in sight, and there is air. */
	bool tall = p.framed && screen_rows >= 30;
	int content = least((int)text_rows(t), 4096), room = screen_rows - 2 * edge - (tall ? 4 : 0);
	p.gap = tall || (!m->tight && p.framed && room >= content + p.fields + p.hints + 4);
	int gaps = p.gap * (2 + (p.fields && content) + p.hints);
	p.lines = least(content, room - p.fields - p.hints - gaps);
	if (p.lines < 1 && content) {
		p.lines = least(1, room);
		p.hints = 0;
		p.fields = least(p.fields, room - p.lines);
	}
	place_needed(m, t, room - p.hints - gaps, &p);
	int rows = least(p.lines + p.fields + p.hints + gaps + 2 * edge, screen_rows);
	p.box = (struct rect){(screen_rows - rows) / 2, (screen_cols - cols) / 2 - side, rows, cols + 2 * side};
	p.in = (struct rect){p.box.row + edge + p.gap, p.box.col + side, rows - 2 * edge, cols};
	return p;
}

static void draw_corner(struct canvas *c, int line, int col, uint32_t cp)
{
	canvas_fill(c, (struct rect){line, col, 1, 1}, cp, ROLE_BORDER);
}

static void draw_box(const struct dialog_model *m, const struct parts *p, struct canvas *c)
{
	struct rect b = p->box;
	int right = b.col + b.cols - 1, low = b.row + b.rows - 1;
	canvas_fill(c, b, ' ', ROLE_DIALOG);
	if (!p->framed)
		return;
	canvas_hline(c, b.row, b.col, b.cols, ROLE_BORDER);
	canvas_hline(c, low, b.col, b.cols, ROLE_BORDER);
	canvas_vline(c, b.row, b.col, b.rows, ROLE_BORDER);
	canvas_vline(c, b.row, right, b.rows, ROLE_BORDER);
	draw_corner(c, b.row, b.col, 0x250c);
	draw_corner(c, b.row, right, 0x2510);
	draw_corner(c, low, b.col, 0x2514);
	draw_corner(c, low, right, 0x2518);
	if (!m->title.n)
		return;
	struct pen pen = {b.row, b.col + 2, b.cols - 4, ROLE_TITLE};
	put(c, (struct pen){pen.row, pen.col, 1, ROLE_BORDER}, STR(" "));
	pen.col++;
	pen.width -= 2;
	int used = canvas_put(c, &pen, m->title);
	put(c, (struct pen){pen.row, pen.col + used, 1, ROLE_BORDER}, STR(" "));
}

static void draw_fields(const struct dialog_model *m, const struct parts *p, struct canvas *c,
	int line)
{
	int label = 0;
	for (size_t i = 0; i < m->n_fields; i++)
		if (dialog_cells(m->fields[i].label) > label)
			label = dialog_cells(m->fields[i].label);
	label = least(label, p->in.cols / 2) + 2;
	/* Where there is no room for all, those up to the one that is typed into. */
	size_t first = p->fields && m->field >= (size_t)p->fields ? m->field - (size_t)p->fields + 1 : 0;
	for (size_t i = first; i < first + (size_t)p->fields && i < m->n_fields; i++) {
		const struct dialog_field *f = &m->fields[i];
		bool focused = i == m->field;
		struct pen pen = {line + (int)(i - first), p->in.col, label - 1, ROLE_LABEL};
		canvas_put(c, &pen, f->label);
		pen.col += label;
		pen.width = p->in.cols - label;
		pen.role = ROLE_INPUT;
		canvas_fill(c, (struct rect){pen.row, pen.col, 1, pen.width}, '_', ROLE_DIM);
		struct input in = {f->value, f->cursor, focused};
		input_draw(c, pen, &in);
	}
}

/* The rows shown, the selected line's marked; what is above and below is told in the border. */
static void draw_lines(const struct dialog_model *m, const struct parts *p, struct canvas *c,
	const struct text *t, int line)
{
	size_t shown = (size_t)(p->lines > 0 ? p->lines : 0), rows = text_rows(t);
	size_t top = first_row(t, m->top);
	bool menu = m->selected != STR_NONE && m->selected < m->n_lines;
	size_t cursor = menu ? first_row(t, m->selected) : top;
	top = scroll_into(top, cursor, shown, rows);
	struct rect r = {line, p->in.col, (int)shown, p->in.cols};
	text_draw(t, c, r, top, STR(""));
	if (menu && cursor >= top && cursor < top + shown) {
		int at = line + (int)(cursor - top);
		int pad = p->framed ? 2 : 0;
		if (pad)
			put(c, (struct pen){at, r.col - 2, 1, ROLE_CURSOR}, STR("▌"));
		canvas_select_row(c, (struct rect){at, r.col - pad, 1, r.cols + 2 * pad});
	}
	if (rows <= shown || !p->framed)
		return;
	char place[48];
	int n = snprintf(place, sizeof(place), " %zu/%zu ", top + shown, rows);
	put(c, (struct pen){p->box.row + p->box.rows - 1, p->box.col + p->box.cols - n - 2, n,
			ROLE_DIM}, (struct str){place, (size_t)n});
}

size_t dialog_whole(const struct dialog_model *m, int rows, int cols)
{
	struct text *t;
	struct parts p = dialog_place(m, rows, cols, &t);
	size_t shown = (size_t)(p.lines > 0 ? p.lines : 0);
	size_t whole = shown < t->n_rows ? t->rows[shown].line : m->n_lines;
	text_free(t);
	return whole;
}

void dialog_draw(const struct dialog_model *m, struct canvas *c)
{
	struct text *t;
	struct parts p = dialog_place(m, c->rows, c->cols, &t);
	bool fields_first = m->selected != STR_NONE;
	int between = p.gap && p.fields && p.lines ? 1 : 0, line = p.in.row;
	c->cursor_row = c->cursor_col = -1;
	canvas_cover(c, p.box);
	draw_box(m, &p, c);
	if (fields_first && p.fields) {
		draw_fields(m, &p, c, line);
		line += p.fields + between;
	}
	draw_lines(m, &p, c, t, line);
	line += p.lines + between;
	if (!fields_first && p.fields)
		draw_fields(m, &p, c, line);
	int last = p.box.row + p.box.rows - 1 - (p.framed ? 1 : 0) - p.gap;
	if (p.hints)
		hints_draw(c, (struct pen){last, p.in.col, p.in.cols, ROLE_DIALOG}, m->hints);
	canvas_ground(c, p.box, ROLE_DIALOG);
	text_free(t);
}
