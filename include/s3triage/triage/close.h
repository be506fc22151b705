/*
 * triage/close: what decisions turn into elsewhere: an Elastic exception list, a value list, EQL
 * and KQL clauses, accounts.toml, case notes, a STIX bundle. Pure: rows in, bytes out, and the same
 * rows give the same bytes, so that a file can be checked against the journal later.
 */
#ifndef S3TRIAGE_TRIAGE_CLOSE_H
#define S3TRIAGE_TRIAGE_CLOSE_H

#include "s3triage/triage/checklist.h"
#include "s3triage/triage/export.h"
#include "s3triage/triage/signals.h"

/* X(enumerator, name, what it is) */
#define CLOSES(X)                                                                                  \
	X(EXCEPTIONS, "exceptions", "an exception list that Kibana imports (NDJSON)")              \
	X(VALUE_LIST, "value-list", "approved destination accounts, one a line")                   \
	X(EQL, "eql", "a clause that leaves approved replication out of an EQL rule")              \
	X(KQL, "kql", "the same for KQL")                                                          \
	X(ACCOUNTS, "accounts", "accounts.toml with what was decided")                             \
	X(CASE, "case", "a case note for each suspicious alert (Markdown)")                        \
	X(STIX, "stix", "a STIX 2.1 bundle of the suspicious ones")

enum close_format {
#define X(enumerator, name, text) CLOSE_##enumerator,
	CLOSES(X)
#undef X
		CLOSE_COUNT
};
const char *close_name(enum close_format f);
bool close_parse(struct str name, enum close_format *out);

/* One alert with its decision and what else is known of it; NULL and empty: unknown. */
struct close_row {
	struct export_row row;
	int64_t expires;             /* ms, of the approval behind it; WHEN_NONE: never */
	struct str ticket;           /* of that approval */
	const struct signal *signals;
	size_t n_signals;
	const struct checklist *checklist;
	const struct str *timeline;  /* lines, oldest first */
	size_t n_timeline;
};

/* What an export says of where it came from, on its first line or in its first description. From
 * this and the journal the same bytes can be made again. Times in ms, WHEN_NONE: none. */
struct close_origin {
	enum close_format format;
	int64_t rows;                /* of the journal */
	struct str head;             /* its last hash, 64 hex digits; empty: an empty journal */
	int64_t made, since, until;
	struct str analyst, filter, verdict;
	bool sources;                /* alerts of sources were in it, too */
};

/* "s3triage:export?format=…&rows=…": letters, digits and -._~%=&:? only, whatever the values. */
void close_origin_write(const struct close_origin *o, struct buf *out);
/* The first one in the text, slices in mem. False and err when there is none or it is damaged. */
bool close_origin_read(struct str text, struct arena *mem, struct close_origin *out,
	struct err *err);

/* How many of the approved (suspicious) rows are in it, and why others are not. */
struct close_report {
	size_t used;
	size_t unnamed;              /* approved, but no destination account or role to scope by */
	size_t several;              /* approved, but its request has several destinations */
	size_t unsafe;               /* a role, account or bucket that is no valid name */
	size_t conflicts;            /* the same scope has an alert that is not approved */
	size_t expired;              /* the approval behind it holds no more */
};

/* Sorts rows by event time, then alert id, and writes them. */
void close_write(struct close_row *rows, size_t n, const struct close_origin *origin,
	struct buf *out, struct close_report *report);

/* ---- scopes: what approved decisions allow -------------------------------------------------- */

/* Replication by one role to one account, from these buckets. */
struct close_scope {
	struct str account;          /* 12 digits */
	struct str role;             /* ARN */
	const struct str *buckets;   /* sorted */
	size_t n_buckets;
	int64_t expires;             /* ms, WHEN_NONE: never; rows that differ are scopes apart */
	struct str reason;           /* of one of its decisions */
};

struct close_scopes {
	const struct close_scope *v; /* by account, then role, then expiry */
	size_t n;
};

/* From approved rows; slices of the rows, arrays in mem. `now` for approvals that expired. */
struct close_rows {
	const struct close_row *v;
	size_t n;
	int64_t now;
};
void close_scopes_of(const struct close_rows *rows, struct arena *mem, struct close_scopes *out,
	struct close_report *report);

/* The scopes of an exception list in NDJSON, ours or Kibana's export of it. Items that are not of
 * our shape are counted in *others. False and err (line) when it is no exception list. */
bool close_exceptions_read(struct str ndjson, struct arena *mem, struct close_scopes *out,
	size_t *others, struct err *err);

#endif
