/*
 * screen: the whole picture: bars, panes, and a dialog over them. Keeps no state.
 */
#include "view_priv.h"

size_t scroll_into(size_t top, size_t cursor, size_t rows, size_t count)
{
	if (rows == 0 || count <= rows)
		return 0;
	if (top > count - rows)
		top = count - rows;
	if (cursor < top)
		top = cursor;
	if (cursor >= top + rows)
		top = cursor - rows + 1;
	return top;
}

void screen_draw(const struct screen_model *m, struct canvas *c)
{
	struct text *const texts[PANES] = {NULL, m->panes[PANE_REQUEST].text,
		m->panes[PANE_ACTOR].text, m->panes[PANE_GUIDE].text};
	struct screen_layout l = screen_layout_fit(c->rows, c->cols, m->focus, m->zoomed, texts);
	canvas_clear(c);
	if (m->sheet)
		sheet_draw(m->sheet, c);
	else
		frame_draw(m, &l, c);
	bars_draw(m, &l, c);
	if (m->dialog)
		dialog_draw(m->dialog, c);
}
