/*
 * columns_priv: the columns of the list at a width.
 */
#ifndef S3TRIAGE_VIEW_COLUMNS_PRIV_H
#define S3TRIAGE_VIEW_COLUMNS_PRIV_H

#include "s3triage/view/screen.h"

struct columns {
	enum column col[COLUMNS];
	int width[COLUMNS];
	int n, lead, gap; /* cells before the first, between two */
};

/* How many cells the list's fields would fill; 0: not known. */
struct column_needs {
	int cells[COLUMNS];
	bool signal; /* there are signals to show */
};

/* `wanted` in order, ended by COLUMNS; NULL: what suits the width. What a column does not need
 * goes to buckets and actors that do. */
void columns_fit(const enum column *wanted, int cols, const struct column_needs *needs,
	struct columns *out);

#endif
