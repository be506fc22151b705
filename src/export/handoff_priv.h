/*
 * handoff_priv: what the writers of closing exports share.
 */
#ifndef SRC_EXPORT_HANDOFF_PRIV_H
#define SRC_EXPORT_HANDOFF_PRIV_H

#include "export_priv.h"
#include "s3triage/export/handoff.h"

#define HANDOFF_PARAMETERS "aws.cloudtrail.request_parameters"
#define HANDOFF_RESOURCES "aws.cloudtrail.resources.arn"
#define HANDOFF_IDENTITY "aws.cloudtrail.user_identity."
#define HANDOFF_LIST_ID "s3triage-approved-replication"

/* All that a writer is given. */
struct handoff {
	const struct handoff_row *rows; /* sorted */
	size_t n;
	const struct handoff_origin *origin;
	struct buf *out;
	struct handoff_report *report;
};

#define X(enumerator, name, writer, ways, text) void writer(const struct handoff *c);
HANDOFF_CLOSING(X)
#undef X

/* Names that need no quoting in any language here; nothing else gets into a clause or a command. */
bool handoff_is_account(struct str s); /* 12 digits */
bool handoff_is_arn(struct str s);     /* arn:…, letters, digits and +=,.@_:/- */
bool handoff_is_bucket(struct str s);
bool handoff_is_prefix(struct str s);  /* of objects */
bool handoff_is_name(struct str s);    /* of a user, role, key or region */

/* With milliseconds, as Kibana and STIX write times. */
struct str handoff_time(int64_t ms, struct arena *mem);

/* Why a row can say nothing of one destination, the same for all formats; HANDOFF_WHY_COUNT: it can. */
enum handoff_why handoff_row_why(const struct handoff_row *r, bool needs_role);

/* The options that chose a part of the rows, as Markdown; nothing where all were asked for. */
void handoff_part(const struct handoff_origin *o, struct buf *out);

/* Whether row i is suspicious and asked for; counted where it is not. */
bool handoff_is_suspect(const struct handoff *c, size_t i);

/* What a scope asks of an alert, and what no alert may be that is taken: a text in which names stand
 * twice, for it may imitate them. All in mem. */
struct handoff_tests {
	struct handoff_test *v;
	size_t n;
};
struct str handoff_scope_dest(const struct handoff_scope *s, struct arena *mem);
struct handoff_tests handoff_scope_tests(const struct handoff_scope *s, struct arena *mem);
struct handoff_tests handoff_guards(struct arena *mem);

/* Whether the tests of a scope and the guards hold of a document. */
bool handoff_scope_takes(const struct handoff_scope *s, const struct json *ecs);

/* What set the bucket's configuration after a row did. */
struct handoff_later {
	const struct handoff_row *last; /* NULL: no row did */
	size_t n;                    /* how many rows did */
	bool beside;                 /* an event that is no alert did, after all of them: the row's `later` */
	bool look;                   /* what stands there now is not known to be suspicious */
};
void handoff_later(const struct handoff *c, const struct handoff_row *of, struct handoff_later *out);

/* An alert to stop, and by what its configuration was replaced, in our words and on one line; empty: as
 * far as is known it is in force, and may be deleted. */
struct handoff_stop {
	const struct alert *alert;
	size_t number;               /* of its case */
	struct str replaced;
	bool removed;                /* that is: deleted, and nothing came after */
};

/* The commands that stop the alerts' replication, a heading and a block of code for each account,
 * each command once, one a line; where there is none, a comment says why.
 * Behind them, by case, what got into none: outside of what is pasted into a shell, by its name. */
void handoff_commands(const struct handoff_stop *stops, size_t n, struct buf *out);

#endif
