/*
 * export/handoff: decisions as lists, and what they turn into elsewhere: an Elastic exception list, a
 * value list, EQL and KQL clauses, accounts.toml, case notes, a STIX bundle. Pure: rows in, bytes out,
 * and the same rows give the same bytes, so that a file can be checked against the journal later.
 */
#ifndef S3TRIAGE_EXPORT_HANDOFF_H
#define S3TRIAGE_EXPORT_HANDOFF_H

#include "s3triage/event/json.h"
#include "s3triage/insight/checklist.h"
#include "s3triage/export/export.h"
#include "s3triage/insight/signals.h"

/* X(enumerator, name, writer, ways, what it is), as in export.h, whose formats come first. */
#define HANDOFF_CLOSING(X) \
	X(EXCEPTIONS, "exceptions", handoff_exceptions, EXPORT_EXCLUDES, \
		"an exception list that Kibana imports (NDJSON)") \
	X(VALUE_LIST, "value-list", handoff_value_list, 0, "approved destination accounts, one a line") \
	X(EQL, "eql", handoff_eql, EXPORT_EXCLUDES, \
		"a clause that leaves approved replication out of an EQL rule") \
	X(KQL, "kql", handoff_kql, EXPORT_EXCLUDES, "the same for KQL") \
	X(ACCOUNTS, "accounts", handoff_accounts, 0, "accounts.toml with what was decided") \
	X(CASE, "case", handoff_case, EXPORT_TELLS, "a case note for each suspicious alert (Markdown)") \
	X(STIX, "stix", handoff_stix, EXPORT_UNDATED, "a STIX 2.1 bundle of the suspicious ones")
#define HANDOFFS(X) EXPORTS(X) HANDOFF_CLOSING(X)

enum handoff_format {
#define X(enumerator, name, writer, ways, text) HANDOFF_##enumerator,
	HANDOFFS(X)
#undef X
		HANDOFF_COUNT
};

/* "csv ndjson ": all of them. */
#define HANDOFF_WORD(enumerator, name, writer, ways, text) name " "
#define HANDOFF_NAMES HANDOFFS(HANDOFF_WORD)

const char *handoff_name(enum handoff_format f);
unsigned handoff_ways(enum handoff_format f); /* of enum export_way */
bool handoff_parse(struct str name, enum handoff_format *out);

/* Whether an alert's own document is found by the clause that is made of it. */
enum handoff_trial { HANDOFF_UNTRIED, HANDOFF_FOUND, HANDOFF_MISSED };

/* One alert with its decision and what else is known of it; NULL and empty: unknown. All alerts and
 * decisions there are must be among the rows: what speaks against a scope or an account is looked for in
 * all of them, `unasked` ones too. */
struct handoff_row {
	struct export_row row;
	bool unasked;                /* the options leave it out: it is judged, not written */
	int64_t begins, expires;     /* ms, of the approval behind it; WHEN_NONE: ever, never */
	struct str ticket, actor_limit; /* of that approval */
	bool of_person;              /* it names a person or a provider */
	enum handoff_trial trial;      /* see handoff_try() */
	char ends;                   /* what stands behind the destination bucket in the text; 0: not known */
	const struct signal *signals;
	size_t n_signals;
	const struct checklist *checklist;
	const struct str *timeline;  /* lines, oldest first */
	size_t n_timeline;
	struct str later;            /* "deleted by kim on ...": what an event that is no alert made of the
				      * bucket's configuration, after all alerts; empty: not known */
	int64_t later_at;
};

/* What an export says of where it came from, on its first line or in its first description. From
 * this and the journal the same bytes can be made again. Times in ms, WHEN_NONE: none. */
struct handoff_origin {
	enum handoff_format format;
	int64_t rows;                /* of the journal */
	struct str head;             /* its last hash, 64 hex digits; empty: an empty journal */
	int64_t made, since, until;
	struct str analyst, filter, verdict;
	int64_t limit;               /* rows; 0: all */
	bool sources;                /* alerts of sources were in it, too */
	struct str key;              /* see handoff_check(); empty: it gets no check */
	size_t columns;              /* see struct export_about; not written */
	struct str check;            /* as it stands in a file that was read; empty: in none of before */
};

/* "s3triage:export?format=…&rows=…": letters, digits and -._~%=&:? only, whatever the values. */
void handoff_origin_write(const struct handoff_origin *o, struct buf *out);
/* The one of the export that the text is, slices in mem: where rows are objects or cells, the last, for it
 * stands behind all text of events. False and err when there is none or it is damaged. */
bool handoff_origin_read(struct str text, struct arena *mem, struct handoff_origin *out,
	struct err *err);

/* Puts the check of an export into what handoff_write() left: SHA-256 over the SHA-256 of its bytes, as 64
 * hex digits, and the key, a hash that only who has the journal knows (seal_leaf() of its last row).
 * Before that stands a text there that nobody else can know, either. */
void handoff_check(const struct handoff_origin *o, struct buf *out);
/* Back: whether the bytes are those that were checked; they are left as handoff_write() makes them. */
bool handoff_checked(const struct handoff_origin *o, struct buf *file);

/* X(enumerator, why a row is left out, behind "3 left out that") */
#define HANDOFF_WHYS(X)                                                                              \
	X(UNASKED, "were not asked for")                                                           \
	X(SEVERAL, "name several destinations")                                                    \
	X(UNNAMED, "name no account or no role")                                                   \
	X(OWN, "send to the owner's own account")                                                  \
	X(UNSAFE, "hold names that are not valid")                                                 \
	X(DISABLED, "hold only rules that are disabled")                                           \
	X(DOUBT, "hold a request that may be forged, or contradicts itself")                         \
	X(ACTOR, "were sent by somebody whom no clause can name")                                  \
	X(PERSON, "were sent by a person, or through an identity provider, whom no field of a document names") \
	X(FILTER, "take objects by a filter that no clause can say")                               \
	X(KEY, "copy objects encrypted with KMS, or name a key, which no clause can tell from others") \
	X(CONFLICT, "were also decided otherwise, or stand beside an open alert of the same scope")  \
	X(EXPIRED, "are approved no longer, or not yet")                                           \
	X(MISSED, "would not be found by their own clause")                                        \
	X(CLAIM, "approve an account that is only claimed (no owner override: S3 does not check it)") \
	X(ACCUSED, "accuse an account that is only claimed, which is no proof (no owner override: S3 does" \
		" not check it)")

enum handoff_why {
#define X(enumerator, text) HANDOFF_WHY_##enumerator,
	HANDOFF_WHYS(X)
#undef X
		HANDOFF_WHY_COUNT
};

/* How many of the rows with the verdict that the format is about are in it, and why others are not. */
struct handoff_report {
	size_t used;
	size_t left[HANDOFF_WHY_COUNT];
	size_t untried;              /* used, but their events were not at hand to try the clause on */
};

/* "2 used, 1 left out that name several destinations, …" */
void handoff_report_say(const struct handoff_report *r, struct buf *out);

/* Whether a format lists alerts, open ones too, and does not follow from decisions. */
bool handoff_is_list(enum handoff_format f);

/* Sorts rows by event time, then alert id, and writes them. */
void handoff_write(struct handoff_row *rows, size_t n, const struct handoff_origin *origin,
	struct buf *out, struct handoff_report *report);

/* ---- scopes: what approved decisions allow -------------------------------------------------- */

/* Replication set up by one principal, with one role, to one bucket of one account, from these buckets
 * of one owner and region, and no more than was approved of what it takes along. */
struct handoff_scope {
	struct str account;          /* 12 digits: who receives */
	struct str role;             /* ARN */
	struct str actor;            /* ARN, or one that ends with *; of a service its name */
	struct str dest;             /* ARN of the destination bucket */
	struct str owner, region;    /* of the buckets; empty: not known */
	struct str partition;        /* of the buckets */
	struct str prefix;           /* of the objects' names; empty: all */
	bool service;                /* actor is a service */
	bool override, delete_markers, existing_objects, replicas, timed, metrics;
	struct str storage;          /* class that is asked for; empty: none */
	bool older;                  /* a rule of the older form: without a priority */
	char ends;                   /* as in struct handoff_row */
	const struct str *buckets;   /* sorted */
	size_t n_buckets;
	int64_t begins, expires;     /* ms, WHEN_NONE: ever, never; rows that differ are scopes apart */
	struct str reason;           /* of one of its decisions */
};

struct handoff_scopes {
	const struct handoff_scope *v; /* by account, then role, then the rest, then expiry */
	size_t n;
};

/* From approved rows; slices of the rows, arrays in mem. `now` for approvals that expired. */
struct handoff_rows {
	const struct handoff_row *v;
	size_t n;
	int64_t now;
};
void handoff_scopes_of(const struct handoff_rows *rows, struct arena *mem, struct handoff_scopes *out,
	struct handoff_report *report);

/* Tries the clause that an approved row would become on its own document, in the three languages' one
 * meaning, and keeps in the row what came of it. */
void handoff_try(struct handoff_row *row, const struct json *ecs);

/* ---- what an exception item or a clause asks ------------------------------------------------- */

enum handoff_how {
	HANDOFF_IS,     /* the field is one of the values */
	HANDOFF_LIKE,   /* or is like one of them: * stands for any text, ? for one character */
	HANDOFF_EXISTS,
	HANDOFF_SINCE,  /* these of @timestamp alone */
	HANDOFF_BEFORE,
};

struct handoff_test {
	enum handoff_how how;
	bool excluded;               /* must not hold */
	bool spared;                 /* of several values an item has none: it would be one for each */
	struct str field;
	const struct str *values;
	size_t n;
};

/* One, and all of them, as EQL: "a == \"x\" and not b like \"y*\"". */
void handoff_test_eql(const struct handoff_test *t, struct buf *out);
void handoff_tests_eql(const struct handoff_test *tests, size_t n, struct buf *out);

/* One item of an exception list: an alert is taken away when all tests hold. */
struct handoff_item {
	struct str name;
	const struct handoff_test *tests;
	size_t n;
	int64_t expires;             /* ms, WHEN_NONE: never */
	struct str not_evaluated;    /* why it cannot be evaluated here; empty: it can */
};

struct handoff_items {
	const struct handoff_item *v;  /* as in the file */
	size_t n;
	int64_t said;                /* how many the last line says there are; -1: there is no last line */
};

/* An exception list in NDJSON, ours or any that Kibana exports; all in mem. One that was cut is read as
 * far as it goes: n is less than said, or nothing is said. False and err (line) when
 * it is no exception list. */
bool handoff_exceptions_read(struct str ndjson, struct arena *mem, struct handoff_items *out,
	struct err *err);

#endif
