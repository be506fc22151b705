/*
 * event/table (private): columns and what their cells mean.
 */
#ifndef S3TRIAGE_EVENT_TABLE_PRIV_H
#define S3TRIAGE_EVENT_TABLE_PRIV_H

#include "s3triage/event/table.h"

enum cell_how {
	CELL_TEXT,
	CELL_TIME,
	CELL_ACCOUNT,
	CELL_OBJECT,  /* JSON in text, or unquoted text of a map */
	CELL_REQUEST, /* an object too; unquoted text of a map all through stays text, which can be forged */
	CELL_LIST,    /* values joined by ", " */
	CELL_JSON,    /* JSON in text, or the text itself */
	CELL_STRUCT,  /* a member of OCSF: a struct as text or JSON, or a value */
};

/* A field that columns may hold. */
struct table_field {
	const char *path;    /* its name in the event or document */
	const char *aliases; /* other names, folded, each between blanks; or NULL */
	enum cell_how how;
};

struct column {
	struct str name;
	struct str path; /* of the member that it fills, NUL-terminated; empty: of none */
	enum cell_how how;
	bool whole;      /* may hold the event whole */
	bool listed;     /* a part of the path is a list: "Rule{}.ID" of Splunk, "Rule.0.ID" of Insights */
};

struct table {
	struct arena mem;
	struct column *columns;
	size_t n;
	enum table_kind kind;
	bool names_call, request;
	bool resource_names; /* of the console's list */
	uint64_t given;      /* which fields of table_implied a column fills */
};

#define TABLE_NAME_MAX 120

/* A name without case, blanks and marks; empty when nothing is left or it is too long. */
struct str table_name_fold(struct str name, char out[TABLE_NAME_MAX]);

/* table_names.c: the fields by folded name, NULL when there is none. */
const struct table_field *table_event_field(struct str folded);
const struct table_field *table_document_field(struct str folded);
/* A title of Kibana's alerts table. */
const struct table_field *table_alert_title(struct str folded);
/* Where an event may stand whole; sure: beside columns that are fields of it. */
bool table_is_whole_name(struct str name, bool sure);
bool table_is_document_name(struct str name); /* dotted, of ECS */
/* The name of a member as CloudTrail spells it, or as it came. */
struct str table_spelling(struct str name);

/* What an event has whose call is known, in documents where no column tells. */
struct table_implied {
	const char *path, *value;
};
enum { TABLE_IMPLIED = 6 };
const struct table_implied *table_implied(unsigned i);

/* A request whose names are all small, in S3's spelling. */
struct json *table_request_spelled(const struct json *v);

/* table_path.c: sets a value at the column's path; of a list's column each line is another element's. The
 * number of them, 0 where there is no list. */
size_t table_put_path(struct json *doc, const struct column *c, struct json *v);
bool table_path_listed(struct str path);

/* table_cell.c */
/* The value of a cell, NULL for an empty one. */
struct json *table_cell(const struct column *c, const struct json *v, struct table_row *out);

#endif
