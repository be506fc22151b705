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

/* `wanted` in order, ended by COLUMNS; NULL: what suits the width. */
void columns_fit(const enum column *wanted, int cols, struct columns *out);

#endif
