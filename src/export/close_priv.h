/*
 * close_priv: what the writers of closing exports share.
 */
#ifndef SRC_EXPORT_CLOSE_PRIV_H
#define SRC_EXPORT_CLOSE_PRIV_H

#include "export_priv.h"
#include "s3triage/export/close.h"

#define CLOSE_PARAMETERS "aws.cloudtrail.request_parameters"
#define CLOSE_RESOURCES "aws.cloudtrail.resources.arn"
#define CLOSE_IDENTITY "aws.cloudtrail.user_identity."
#define CLOSE_LIST_ID "s3triage-approved-replication"

/* All that a writer is given. */
struct closing {
	const struct close_row *rows; /* sorted */
	size_t n;
	const struct close_origin *origin;
	struct buf *out;
	struct close_report *report;
};

void close_exceptions(const struct closing *c);
void close_value_list(const struct closing *c);
void close_accounts(const struct closing *c);
void close_eql(const struct closing *c);
void close_kql(const struct closing *c);
void close_case(const struct closing *c);
void close_stix(const struct closing *c);

/* Names that need no quoting in any language here; nothing else gets into a clause or a command. */
bool close_is_account(struct str s); /* 12 digits */
bool close_is_arn(struct str s);     /* arn:…, letters, digits and +=,.@_:/- */
bool close_is_bucket(struct str s);
bool close_is_prefix(struct str s);  /* of objects */
bool close_is_name(struct str s);    /* of a user, role, key or region */

/* With milliseconds, as Kibana and STIX write times. */
struct str close_time(int64_t ms, struct arena *mem);

/* Why a row can say nothing of one destination, the same for all formats; CLOSE_WHY_COUNT: it can. */
enum close_why close_row_why(const struct close_row *r, bool needs_role);

/* Whether row i is suspicious and asked for; counted where it is not. */
bool close_is_suspect(const struct closing *c, size_t i);

/* What a scope asks of an alert, and what no alert may be that is taken: a text in which names stand
 * twice, for it may imitate them. All in mem. */
struct close_tests {
	struct close_test *v;
	size_t n;
};
struct str close_scope_dest(const struct close_scope *s, struct arena *mem);
struct close_tests close_scope_tests(const struct close_scope *s, struct arena *mem);
struct close_tests close_guards(struct arena *mem);

/* Whether the tests of a scope and the guards hold of a document. */
bool close_scope_takes(const struct close_scope *s, const struct json *ecs);

/* The commands that stop the alerts' replication, a heading and a block of code for each account,
 * each command once, one a line; where there is none, a comment says why. */
void close_commands(const struct alert *const *alerts, size_t n, struct buf *out);

#endif
