/*
 * view/listing: a table over a page of text about its selected row, in the place of the alerts and
 * their panes: destination accounts, near misses, a timeline. What stands in it comes from app.
 */
#ifndef S3TRIAGE_VIEW_LISTING_H
#define S3TRIAGE_VIEW_LISTING_H

#include "s3triage/base/mem.h"
#include "s3triage/view/text.h"

#define LISTING_COLUMNS_MAX 16

struct listing_column {
	const char *name;
	int width; /* cells, at least those of the name */
	int grow;  /* shares of what is left */
	int rank;  /* where room is short the highest goes first; 0 stays */
	bool right; /* numbers */
};

struct listing_cell {
	struct str text;
	enum role role;
};

struct listing_model {
	struct str title, page_title;
	bool warn;           /* the title warns: these rows are no alerts */
	const struct listing_column *columns;
	size_t n_columns;    /* at most LISTING_COLUMNS_MAX */
	size_t n_rows, cursor, top;
	/* Fills n_columns cells, texts in mem; only rows that are drawn are asked for. */
	void (*row)(const void *ctx, size_t row, struct arena *mem, struct listing_cell *cells);
	const void *ctx;
	struct str empty;    /* what to say without rows */
	struct text *page;   /* NULL: no page */
	size_t page_top;
	struct str search;   /* in the page */
	bool page_focus;     /* where keys go */
	bool page_alone;     /* the page is opened: no table */
};

struct listing_layout {
	int border;          /* the line with the table's title; -1: none */
	struct rect head, table;
	int page_border;
	struct rect page;    /* rows 0: not shown */
};

/* Where things go within the body of a screen of this size. */
struct listing_layout listing_layout(const struct listing_model *m, int rows, int cols);

void listing_draw(const struct listing_model *m, struct canvas *c);

#endif
