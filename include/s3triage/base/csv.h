/*
 * base/csv: rows of cells as spreadsheets and databases write them: a separator, quotes that are
 * doubled within quotes, line breaks within quotes. Whoever has the text in pieces asks again with
 * more of it; nothing is looked at twice.
 */
#ifndef S3TRIAGE_BASE_CSV_H
#define S3TRIAGE_BASE_CSV_H

#include "s3triage/base/mem.h"

enum csv_found {
	CSV_MORE,    /* the row goes on behind the text */
	CSV_ROW,     /* it ends within the text */
	CSV_DAMAGED, /* a quote does not end, or something stands behind the one that ends */
};

struct csv_form {
	char separator;
	bool plain; /* quotes mean nothing */
};

/* A row being looked for; zeroed but for the form before each. */
struct csv_scan {
	struct csv_form form;
	size_t at; /* bytes looked at */
	int state;
};

/* Looks for the end of the row that `text` begins with; `whole`: nothing follows the text. *n = the
 * row's bytes with its line end, where it was found. */
enum csv_found csv_row(struct csv_scan *s, struct str text, bool whole, size_t *n);

/* The cells of one row, as csv_row() found it; more than `max` are counted, and not kept. Without
 * quotes and without the marks with which spreadsheets keep a text (="x", 'x). Slices live in the
 * row or in mem. */
size_t csv_cells(struct str row, struct csv_form form, struct arena *mem, struct str *cells, size_t max);

/* What a header is separated by: a tab, a semicolon or a comma, whichever comes most; a comma when
 * none does. */
char csv_separator(struct str header);

#endif
