/*
 * scan/rows (private): tables: text with a header (CSV and the like), and those within JSON.
 */
#ifndef SRC_SCAN_ROWS_H
#define SRC_SCAN_ROWS_H

#include "scan_priv.h"

/* Whether the text begins with a header of which something is understood. */
bool rows_begin(const struct feed *f);

/* Whether it is a table, of whatever: its first lines have the same number of cells, more than one. */
bool rows_alike(const struct feed *f);

/* Reads the whole feed as a table. */
void rows_read(struct reader *r, struct feed *f);

/* A table being read. */
struct table;
struct rows {
	struct reader *r;
	struct feed *f;
	const struct table *t;
	unsigned long long at;         /* where the row at hand begins */
	bool doubted;                  /* it is not as it should be */
	unsigned long long read, poor; /* rows that were events; that hold too little */
	unsigned long long bare;       /* replications whose request the table leaves out */
	unsigned long header_line, poor_line, bare_line;
	bool zoneless;
};

void rows_row(struct rows *s, const struct json *const *cells, size_t n);
void rows_end(struct rows *s); /* of all rows under one header: says what they were */
void rows_tell(const struct rows *s, unsigned long line, const char *text);
unsigned long rows_line(const struct rows *s);

/* Reads v as a table; SPLIT_UNKNOWN: it is none. */
enum split_kind rows_of_json(const struct item *it, const struct json *v);

#endif
