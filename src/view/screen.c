/*
 * screen: the whole picture: bars, panes, and a dialog over them. Keeps no state.
 */
#include "view_priv.h"

static int dialog_rows(const struct screen_model *m, const struct screen_layout *l, int rows)
{
	return rows - (m->banner.n ? l->header.rows : 0) - footer_rows(m, l);
}

int screen_dialog_rows(const struct screen_model *m, int rows, int cols)
{
	struct screen_layout l = screen_layout(rows, cols, m->focus, m->zoomed);
	return dialog_rows(m, &l, rows);
}

/* The dialog. What is not safe stays to be seen above it, and what a key said below it. */
static void draw_over(const struct screen_model *m, const struct screen_layout *l, struct canvas *c)
{
	int top = m->banner.n ? l->header.rows : 0;
	struct canvas below = *c;
	below.cells += (size_t)top * (size_t)c->cols;
	below.rows = dialog_rows(m, l, c->rows);
	dialog_draw(m->dialog, &below);
	c->cursor_row = below.cursor_row < 0 ? -1 : below.cursor_row + top;
	c->cursor_col = below.cursor_col;
}

void screen_draw(const struct screen_model *m, struct canvas *c)
{
	struct text *const texts[PANES] = {NULL, m->panes[PANE_REQUEST].text,
		m->panes[PANE_ACTOR].text, m->panes[PANE_GUIDE].text};
	struct screen_layout l = screen_layout_fit(c->rows, c->cols, m->focus, m->zoomed, texts);
	canvas_clear(c);
	if (m->listing)
		listing_draw(m->listing, c);
	else
		frame_draw(m, &l, c);
	bars_draw(m, &l, c);
	if (m->dialog)
		draw_over(m, &l, c);
	if (m->banner.n && !l.header.rows)
		banner_draw(m, c);
}
