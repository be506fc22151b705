/*
 * export_priv: what the formats share.
 */
#ifndef SRC_EXPORT_EXPORT_PRIV_H
#define SRC_EXPORT_EXPORT_PRIV_H

#include "s3triage/event/json_write.h"
#include "s3triage/export/export.h"

/* What one list of the destinations holds of each. */
enum export_dest_part { DEST_ACCOUNT, DEST_BUCKET, DEST_WRITTEN, DEST_MANNER, DEST_CLAIM };
struct str export_dest_part(const struct alert_dest *d, enum export_dest_part part);

/* True when destination i goes where an earlier one went already. */
bool export_dest_repeats(const struct alert *a, size_t i);

/* The columns of CSV, NDJSON and JSON, in the order that is promised: later ones go to the end. */
enum export_cell_type { CELL_TEXT, CELL_TIME, CELL_INT, CELL_FLAG, CELL_DESTS };

struct export_cell {
	struct str text;
	int64_t n;    /* or ms, WHEN_NONE; or 0, 1 */
	bool unknown; /* empty: nobody knows the number */
	char made[ALERT_WHO_MAX]; /* where `text` is made up */
};

struct export_column {
	const char *name;
	enum export_cell_type type;
	enum { FROM_FACT, FROM_DECISION, FROM_STEPS, FROM_DESTS, FROM_OTHER } from;
	const char *fact; /* the key of an alert's fact; or NULL */
	size_t at;        /* where it stands; of FROM_DESTS an enum export_dest_part */
	bool alone;       /* only in a row that stands alone */
};

/* How many columns the rows of an export have, by the last that is named in its first row; 0: it has no
 * row that says. */
size_t export_columns_of(enum export_format format, struct str file);

/* As many as `about` asks for. */
const struct export_column *export_columns(const struct export_about *about, size_t *n);
void export_cell_of(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out);

/* "destinations": all of them, as `list --json` has them. */
void export_list_dests(struct members *m, const struct alert *a);

/* What became of the configuration, in words. */
const char *export_now_text(enum now_state now);

enum verdict export_verdict(const struct export_row *row);

/* By event time, then alert id; of anything that begins with a struct export_row. */
int export_row_cmp(const void *left, const void *right);

typedef void export_fn(const struct export_row *rows, size_t n, const struct export_about *about,
	struct buf *out);
#define X(enumerator, name, writer, ways, text) export_fn writer;
EXPORTS(X)
#undef X

/* Event text for a Markdown table or list: one line, nothing in it is markup, HTML or a link. */
void export_markdown_text(struct str s, struct buf *out);

/* One cell by RFC 4180 that no spreadsheet takes for a formula. */
void export_csv_cell(struct str s, struct buf *out);

#endif
