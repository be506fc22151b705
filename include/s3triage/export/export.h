/*
 * export/export: decisions as CSV, NDJSON, JSON and Markdown, and alerts as the JSON line that
 * `list --json` prints. Pure: rows in, bytes out.
 */
#ifndef S3TRIAGE_EXPORT_EXPORT_H
#define S3TRIAGE_EXPORT_EXPORT_H

#include "s3triage/alert/facts.h"
#include "s3triage/alert/store.h"

#define EXPORT_SCHEMA 1
/* So many columns have the exports of before events around the alerts were read for them. */
#define EXPORT_COLUMNS_ALONE 37

/* X(enumerator, name, writer, ways, what it is): lists of decisions. What follows from them is in
 * handoff.h. */
#define EXPORTS(X) \
	X(CSV, "csv", export_csv, EXPORT_UNDATED, "all decisions, a row each (RFC 4180)") \
	X(NDJSON, "ndjson", export_ndjson, EXPORT_UNDATED, "all decisions, a JSON object each") \
	X(JSON, "json", export_json, 0, "all decisions as one JSON object") \
	X(MARKDOWN, "markdown", export_markdown, 0, "all decisions as a report")

enum export_way {
	EXPORT_UNDATED = 1,          /* the same while the journal is, unless a filter asks for the time */
	EXPORT_EXCLUDES = 2,         /* takes alerts away: each is tried on its own event */
	EXPORT_TELLS = 4,            /* tells what stands around an alert */
};

enum export_format {
#define X(enumerator, name, writer, ways, text) EXPORT_##enumerator,
	EXPORTS(X)
#undef X
		EXPORT_FORMATS
};

/* One alert with its decision (NULL: open), one line, no newline: `list --json`. */
struct members;
void export_list_json(struct members *m, const struct alert *a, const struct decision *d);

struct export_row {
	const struct alert *alert;
	const struct decision *decision; /* NULL: open, never decided */
	struct {
		size_t done, open, answered; /* the guide's steps: ticked; neither; by data alone */
		bool known;
	} checklist;
	enum now_state now; /* what became of the configuration, by what was read; of the journal alone unknown */
};

struct export_about {
	int64_t made;            /* ms */
	struct str analyst;      /* who exports */
	const char *journal_head; /* 64 hex, "" when empty */
	int64_t journal_rows;
	struct str origin;       /* all this and the options, as handoff_origin_write() has it */
	struct str part;         /* the options that chose the rows, as Markdown; empty: these are all */
	size_t left[VERDICTS];   /* what they left out */
	bool sources;            /* alerts that nobody decided on are among the rows */
	size_t columns;          /* the first so many of the columns, as an older version had; 0: all */
};


/* Sorts rows by event time, then alert id, and writes them. */
void export_write(enum export_format format, struct export_row *rows, size_t n,
	const struct export_about *about, struct buf *out);

#endif
