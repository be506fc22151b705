/*
 * event/table: the rows of a table as events: what Athena, CloudTrail Lake, Kibana, ES|QL, Splunk,
 * Sentinel and the AWS console hand out. Columns are known by name, whatever its case, blanks and
 * underscores. A row becomes the event or document that its columns tell; what no column tells is
 * not known, so the event is marked with TABLE_MARK and its alert is `lossy`.
 */
#ifndef S3TRIAGE_EVENT_TABLE_H
#define S3TRIAGE_EVENT_TABLE_H

#include "s3triage/event/json.h"

#define TABLE_COLUMNS_MAX ((size_t)4096)

/* A member of a raw event, and a tag of a document. */
#define TABLE_MARK "s3triage_from_table"

/* Whether an event or document is one that a table left parts of out. */
bool table_marked(const struct json *record);

enum table_kind {
	TABLE_UNKNOWN,   /* nothing is understood of the columns */
	TABLE_EVENTS,    /* fields of CloudTrail's own */
	TABLE_DOCUMENTS, /* fields of ECS */
	TABLE_ALERTS,    /* of Kibana's alerts */
	TABLE_WHOLE,     /* a column holds events whole, and nothing else is understood */
	TABLE_OCSF,      /* Security Lake's, a column a member */
	TABLE_OURS,      /* decisions that were exported from here */
};

struct table; /* what the columns mean */

struct table *table_new(const struct str *names, size_t n);
void table_free(struct table *t);
void table_free_ptr(struct table **t); /* for AUTO */

enum table_kind table_kind(const struct table *t);
size_t table_columns(const struct table *t);
bool table_names_call(const struct table *t);    /* of what call a row is, its own column says */
bool table_is_history(const struct table *t);    /* the console's list of past events */
bool table_is_header(const struct table *t, const struct str *cells, size_t n); /* the names again */

/* The next column behind *i (first: STR_NONE) that may hold a whole event; false at the end. */
bool table_next_whole(const struct table *t, size_t *i);

/* The name of a column, or empty; lives in the table. */
struct str table_column(const struct table *t, size_t i);

/* Names of columns, for people. */
void table_say_columns(const struct table *t, struct buf *out);

/* What was odd about one row's cells. */
struct table_row {
	struct json *record; /* NULL: nothing in it; the caller frees it */
	bool zoneless;       /* a time that names no zone was taken for UTC */
	bool doubtful;       /* unquoted text that can be read in two ways */
	bool replication;    /* it names PutBucketReplication, and nothing of its request is there */
	const char *unread;  /* static: of a cell that cannot be read, why; or NULL */
	struct str column;   /* and which; lives in the table */
};

/* The event that a row's cells make; a cell that is NULL or null is empty. */
void table_read_row(const struct table *t, const struct json *const *cells, size_t n,
	struct table_row *out);

/* ---- tables within JSON --------------------------------------------------------------------- */

/* The rows that an answer holds: Athena's and CloudTrail Lake's, ES|QL's, SQL's, Insights'. */
struct table_rows;

/* NULL when v is no table. `before` (may be NULL) names the columns where v does not itself, as
 * Athena's later pages. A table whose columns say nothing comes as well. */
struct table_rows *table_rows_of(const struct json *v, const struct table *before);
void table_rows_free_ptr(struct table_rows **rows);

/* The next row; false at the end. *cells lives until the next one, *t one longer. */
bool table_rows_next(struct table_rows *rows, const struct table **t,
	const struct json *const **cells, size_t *n);
/* Hands over the table of the last row, or NULL. */
struct table *table_rows_take(struct table_rows *rows);

#endif
