/*
 * What must hold of every canvas, whatever was drawn on it.
 */
#ifndef TESTS_FUZZ_CELLS_H
#define TESTS_FUZZ_CELLS_H

#include "s3triage/view/canvas.h"

#include <stdlib.h>

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_cell(const struct canvas *c, const struct cell *cell, int col)
{
	const struct cell *left = col ? cell - 1 : NULL;
	must(cell->role < ROLE_COUNT);
	if (cell->cp == 0) {
		must(left && left->width == 2 && cell->mark == 0);
		return;
	}
	must(!utf8_is_hostile(cell->cp) && cell->cp <= 0x10ffff);
	must(!c->ascii || (cell->cp < 0x80 && cell->mark == 0));
	must(cell->width == utf8_width(cell->cp));
	must(cell->width != 2 || (col + 1 < c->cols && cell[1].cp == 0));
	if (cell->mark)
		must(utf8_width(cell->mark) == 0 && !utf8_is_hostile(cell->mark));
}

static void check_cells(const struct canvas *c)
{
	for (int row = 0; row < c->rows; row++)
		for (int col = 0; col < c->cols; col++)
			check_cell(c, &c->cells[row * c->cols + col], col);
	must(c->cursor_row < c->rows && c->cursor_col < c->cols);
}

#endif
