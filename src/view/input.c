/*
 * input: one line that is being typed: filter, prompt, dialog field.
 */
#include "view_priv.h"

static size_t visible_cells(struct str s)
{
	AUTO(buf_fini) struct buf clean;
	buf_init(&clean, 0);
	utf8_visible(&clean, s, false);
	return utf8_cells(buf_str(&clean));
}

/* Drops what lies left of the window, so that `before` cells of text plus the cursor fit. */
static struct str scrolled(const struct input *in, size_t cursor, int width, size_t *before)
{
	/* No window shows more than four bytes a cell: what lies before is not even measured. */
	size_t far = (size_t)width * 4, from = cursor > far ? cursor - far : 0;
	while (from > 0 && from < cursor && ((unsigned char)in->value.p[from] & 0xc0) == 0x80)
		from++;
	*before = visible_cells(str_sub(in->value, from, cursor));
	while (*before + 1 > (size_t)width && from < cursor) {
		struct str rest = str_sub(in->value, from, cursor);
		utf8_next(&rest);
		from = cursor - rest.n;
		*before = visible_cells(rest);
	}
	return str_sub(in->value, from, in->value.n);
}

void input_draw(struct canvas *c, struct pen pen, const struct input *in)
{
	if (pen.width <= 0)
		return;
	size_t cursor = in->cursor > in->value.n ? in->value.n : in->cursor;
	size_t before = 0;
	struct str shown = in->focused ? scrolled(in, cursor, pen.width, &before) : in->value;
	canvas_put(c, &pen, shown);
	if (!in->focused || pen.row >= c->rows || pen.col + (int)before >= c->cols)
		return;
	c->cursor_row = pen.row;
	c->cursor_col = pen.col + (int)before;
}
