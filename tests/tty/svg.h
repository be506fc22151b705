/*
 * tests/tty/svg: a terminal's screen as a picture.
 */
#ifndef TESTS_TTY_SVG_H
#define TESTS_TTY_SVG_H

#include "term.h"

/* Appends a whole SVG document: a window with `title` (may be empty) and the screen in it. */
void svg_screen(struct buf *out, struct term *t, const char *title);

/* Appends the shape of a box drawing or block character in the cell at (x, y), w wide and h
 * high, in colour "#rrggbb". False when cp is none of those that it knows. */
bool svg_box(struct buf *out, uint32_t cp, const char *colour, const double cell[4]);

#endif
