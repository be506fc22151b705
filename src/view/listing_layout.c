/*
 * listing_layout: where a table and its page go. Arithmetic only.
 */
#include "s3triage/view/listing.h"

#define TWO_ROWS 14 /* of the screen: below it one at a time */
#define TABLE_MOST 60 /* per cent of the body */

/* A table no taller than its rows, so that the page gets the rest. */
static int table_rows(const struct listing_model *m, int body)
{
	int most = body * TABLE_MOST / 100, want = m->n_rows < 4096 ? (int)m->n_rows + 1 : 4096;
	if (want < 4)
		want = 4; /* without rows it says why */
	return want < most ? want : most;
}

static void place_table(struct listing_layout *l, struct rect r)
{
	if (r.rows >= 3) {
		l->head = (struct rect){r.row, r.col, 1, r.cols};
		r.row++;
		r.rows--;
	}
	l->table = r;
}

static struct rect listing_layout_inset(struct rect r)
{
	if (r.cols < 30)
		return r;
	return (struct rect){r.row, r.col + 1, r.rows, r.cols - 2};
}

struct listing_layout listing_layout(const struct listing_model *m, int rows, int cols)
{
	struct listing_layout l = {.border = -1, .page_border = -1};
	int row = rows >= 6 ? 2 : rows >= 4 ? 1 : 0, left = rows - row - (rows >= 2);
	bool small = rows < TWO_ROWS, page = m->page && (m->page_alone || (small && m->page_focus));
	bool both = m->page && !page && !small;
	if (left >= 3) {
		*(page ? &l.page_border : &l.border) = row++;
		left--;
	}
	if (page) {
		l.page = listing_layout_inset((struct rect){row, 0, left, cols});
		return l;
	}
	int table = both ? table_rows(m, left) : left;
	place_table(&l, (struct rect){row, 0, table, cols});
	if (both) {
		l.page_border = row + table;
		l.page = listing_layout_inset(
			(struct rect){row + table + 1, 0, left - table - 1, cols});
	}
	return l;
}
