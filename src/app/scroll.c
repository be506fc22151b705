/*
 * scroll: where a pane of text stands; never past its end.
 */
#include "app_priv.h"

size_t pane_rows(struct app *a, enum pane p, size_t *shown)
{
	struct rect r = app_layout(a).pane[p];
	*shown = r.rows > 0 ? (size_t)r.rows : 0;
	if (!a->pane[p].text || r.cols <= 0)
		return 0;
	text_layout(a->pane[p].text, r.cols);
	return text_rows(a->pane[p].text);
}

void pane_scroll(struct app *a, enum pane p, size_t top)
{
	size_t shown, rows;
	shown_load(a);
	rows = pane_rows(a, p, &shown);
	size_t last = rows > shown ? rows - shown : 0;
	a->pane[p].top = top < last ? top : last;
}

/* After a resize or another alert: no pane stands past its end. */
void pane_fit(struct app *a)
{
	for (int p = PANE_REQUEST; p < PANES; p++) {
		size_t shown, rows = pane_rows(a, (enum pane)p, &shown);
		if (shown == 0)
			continue;
		size_t last = rows > shown ? rows - shown : 0;
		if (a->pane[p].top > last)
			a->pane[p].top = last;
	}
}
