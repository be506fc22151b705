/*
 * paint: a canvas onto the terminal, only what differs, in one write a frame. Private to tui.
 */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

#include "sgr.h"

struct paint {
	struct term *term;
	struct sgr sgr;
	struct cell *before; /* what the terminal shows; NULL: not known */
	int rows, cols;
	struct buf out;
	int row, col;        /* where the terminal's cursor is; -1: not known */
	struct str style;    /* what it writes with; empty: not known */
	bool cursor_shown, erases_in_colour;
	bool plain_moves;    /* cursor addresses as ECMA-48 has them: no need to ask terminfo */
	unsigned long frames, bytes;
};

void paint_init(struct paint *p, struct term *t, const struct theme *theme);
void paint_fini(struct paint *p);
void paint_forget(struct paint *p); /* the next frame is drawn whole */

/* False when the terminal is gone. */
bool paint_frame(struct paint *p, const struct canvas *c);

#endif
