/*
 * paint: compares a canvas with what the terminal shows and sends the difference. Not ncurses'
 * own refresh, because that sends a frame in hundreds of small writes and took five times as long
 * where it was measured; see README.
 */
#include "paint.h"

#include "caps.h"

#include <stdlib.h>
#include <string.h>

#define GAP 8 /* cells that are cheaper to write again than to jump over */

void paint_init(struct paint *p, struct term *t, const struct theme *theme)
{
	memset(p, 0, sizeof(*p));
	p->term = t;
	sgr_init(&p->sgr, theme, t);
	buf_init(&p->out, (size_t)16 << 20);
	p->row = p->col = -1;
	p->erases_in_colour = caps_flag("bce");
	p->plain_moves = caps_is("cup", "\033[%i%p1%d;%p2%dH");
}

void paint_fini(struct paint *p)
{
	sgr_fini(&p->sgr);
	buf_fini(&p->out);
	free(p->before);
}

void paint_forget(struct paint *p)
{
	free(p->before);
	p->before = NULL;
	p->style = (struct str){0};
	p->row = p->col = -1;
}

/* n from 0 on; as deep as it has digits */
static void paint_put_number(struct buf *b, int n)
{
	if (n >= 10)
		paint_put_number(b, n / 10);
	buf_char(b, (char)('0' + n % 10));
}

static void paint_put_address(struct buf *b, int row, int col)
{
	buf_c(b, "\033[");
	paint_put_number(b, row + 1);
	buf_char(b, ';');
	paint_put_number(b, col + 1);
	buf_char(b, 'H');
}

static void paint_move(struct paint *p, int row, int col)
{
	if (p->row == row && p->col == col)
		return;
	if (p->plain_moves)
		paint_put_address(&p->out, row, col);
	else
		caps_put(&p->out, "cup", row, col);
	p->row = row;
	p->col = col;
}

static void set_style(struct paint *p, const struct cell *c)
{
	struct str s = p->sgr.text[c->role][c->selected][sgr_ground(c)];
	if (s.p == p->style.p)
		return;
	buf_add(&p->out, s);
	p->style = s;
}

static bool plain_blank(const struct paint *p, const struct cell *c)
{
	return c->cp == ' ' && !c->mark && p->sgr.plain[c->role][c->selected][sgr_ground(c)];
}

static void paint_put_cell(struct paint *p, const struct cell *c)
{
	set_style(p, c);
	if (c->cp < 0x80) {
		buf_char(&p->out, c->cp >= ' ' && c->cp != 127 ? (char)c->cp : ' ');
	} else if (!p->term->utf8) {
		buf_fill(&p->out, '?', c->width);
	} else {
		utf8_put(&p->out, c->cp);
	}
	if (c->mark && p->term->utf8)
		utf8_put(&p->out, c->mark);
	p->col += c->width;
	/* Terminals do not agree on how wide these are: say where to go on. The same at the edge. */
	if (c->width > 1 || c->mark || p->col >= p->cols)
		p->row = p->col = -1;
}

static bool same(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Where the row's text ends: what follows is as erased. */
static int row_end(const struct paint *p, const struct cell *now)
{
	int end = p->cols;
	while (end > 0 && plain_blank(p, &now[end - 1]))
		end--;
	return end;
}

/* Writes from `col` on until GAP cells are alike or `end`; returns where it stopped. */
static int put_run(struct paint *p, int row, int col, int end, const struct cell *now)
{
	const struct cell *old = p->before + (size_t)row * (size_t)p->cols;
	int alike = 0;
	paint_move(p, row, col);
	while (col < end && alike < GAP) {
		alike = same(&now[col], &old[col]) ? alike + 1 : 0;
		if (now[col].cp != 0) {
			paint_move(p, row, col);
			paint_put_cell(p, &now[col]);
		}
		col++;
	}
	return col;
}

static void paint_put_row(struct paint *p, int row, const struct cell *now)
{
	const struct cell *old = p->before + (size_t)row * (size_t)p->cols;
	if (memcmp(now, old, (size_t)p->cols * sizeof(*now)) == 0)
		return;
	int end = row_end(p, now), col = 0, last = p->cols;
	while (last > end && same(&now[last - 1], &old[last - 1]))
		last--;
	while (col < end) {
		if (same(&now[col], &old[col])) {
			col++;
			continue;
		}
		while (col > 0 && now[col].cp == 0)
			col--;
		col = put_run(p, row, col, end, now);
	}
	if (last > end) {
		paint_move(p, row, end);
		set_style(p, &now[end]);
		caps_put(&p->out, "el", 0, 0);
	}
}

/* A screen that is not known is erased first, with the text's own background where the terminal
 * erases in colour. */
static void paint_begin(struct paint *p, const struct canvas *c)
{
	struct cell blank = {.cp = ' ', .width = 1, .role = ROLE_TEXT};
	if (p->before && p->rows == c->rows && p->cols == c->cols)
		return;
	paint_forget(p);
	p->rows = c->rows;
	p->cols = c->cols;
	size_t n = (size_t)c->rows * (size_t)c->cols;
	p->before = mem_array(n, sizeof(*p->before));
	set_style(p, &blank);
	if (!p->sgr.plain[ROLE_TEXT][0][0] && !p->erases_in_colour)
		blank.role = ROLE_COUNT; /* like nothing that is drawn: all is written */
	for (size_t i = 0; i < n; i++)
		p->before[i] = blank;
	caps_put(&p->out, "clear", 0, 0);
}

static void place_cursor(struct paint *p, const struct canvas *c)
{
	bool show = c->cursor_row >= 0 && c->cursor_col >= 0 && c->cursor_row < c->rows &&
		c->cursor_col < c->cols;
	if (show)
		paint_move(p, c->cursor_row, c->cursor_col);
	if (show != p->cursor_shown)
		caps_put(&p->out, show ? "cnorm" : "civis", 0, 0);
	p->cursor_shown = show;
}

bool paint_frame(struct paint *p, const struct canvas *c)
{
	buf_clear(&p->out);
	if (p->term->sync)
		buf_c(&p->out, "\033[?2026h");
	size_t head = p->out.n;
	paint_begin(p, c);
	for (int row = 0; row < c->rows; row++)
		paint_put_row(p, row, c->cells + (size_t)row * (size_t)c->cols);
	place_cursor(p, c);
	memcpy(p->before, c->cells, (size_t)c->rows * (size_t)c->cols * sizeof(*c->cells));
	if (p->out.n == head)
		return true;
	if (p->term->sync)
		buf_c(&p->out, "\033[?2026l");
	p->frames++;
	p->bytes += p->out.n;
	return term_write(p->term, buf_str(&p->out));
}
