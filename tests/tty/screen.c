/*
 * screen: what libvterm holds, as text and cells.
 */
#include "term_priv.h"

#include "s3triage/base/utf8.h"

#include <string.h>

int term_rows(const struct term *t)
{
	return t->rows;
}

int term_cols(const struct term *t)
{
	return t->cols;
}

VTermScreenCell term_cell(const struct term *t, int row, int col)
{
	VTermScreenCell cell;
	memset(&cell, 0, sizeof(cell));
	vterm_screen_get_cell(t->screen, (VTermPos){.row = row, .col = col}, &cell);
	return cell;
}

static void add_cell(struct buf *out, const VTermScreenCell *cell)
{
	if (!cell->chars[0])
		buf_char(out, ' ');
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
		utf8_put(out, cell->chars[i]);
}

static void add_line(struct term *t, int row)
{
	size_t start = t->text.n;
	for (int col = 0; col < t->cols;) {
		VTermScreenCell cell = term_cell(t, row, col);
		add_cell(&t->text, &cell);
		col += cell.width > 1 ? cell.width : 1;
	}
	while (t->text.n > start && t->text.p[t->text.n - 1] == ' ')
		t->text.n--;
}

const char *term_screen(struct term *t)
{
	vterm_screen_flush_damage(t->screen);
	buf_clear(&t->text);
	for (int row = 0; row < t->rows; row++) {
		add_line(t, row);
		buf_char(&t->text, '\n');
	}
	return buf_cstr(&t->text);
}

const char *term_line(struct term *t, int row)
{
	buf_clear(&t->text);
	add_line(t, row);
	return buf_cstr(&t->text);
}

bool term_find(struct term *t, const char *text, int *row, int *col)
{
	for (int r = 0; r < t->rows; r++) {
		const char *line = term_line(t, r);
		const char *at = strstr(line, text);
		if (!at)
			continue;
		*row = r;
		*col = (int)utf8_cells((struct str){line, (size_t)(at - line)});
		return true;
	}
	return false;
}

struct str term_output(const struct term *t)
{
	return buf_str(&t->output);
}
