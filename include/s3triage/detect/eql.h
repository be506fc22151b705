/*
 * detect/eql: EQL event queries as Elasticsearch runs them (two-valued per leaf, any value of a
 * multi-valued field satisfies a leaf). Compiled once, immutable, shared by threads; evaluation
 * allocates nothing on the hot path.
 */
#ifndef S3TRIAGE_DETECT_EQL_H
#define S3TRIAGE_DETECT_EQL_H

#include "s3triage/base/buf.h"
#include "s3triage/event/doc.h"

struct eql;

struct eql_options {
	const char *category_field; /* NULL = event.category */
	const char *file;           /* for messages; may be NULL */
	unsigned long line;         /* of the query's first line in that file; 0 = 1 */
	const struct err_more *more; /* a condition's faults beside the last one; may be NULL */
};

/* NULL and err (line, column, excerpt, what was expected, did-you-mean) on failure: ERR_INPUT for a
 * well-written sequence or sample, which is not run here, ERR_PARSE for everything else. */
struct eql *eql_compile(struct str query, const struct eql_options *options, struct err *err);
void eql_free(struct eql *q);

/* What one thread needs to evaluate; one per thread, reused for every document. */
struct eql_run;
struct eql_run *eql_run_new(const struct eql *q);
void eql_run_free(struct eql_run *run);

/* True when the document matches (pipes are not applied). A regex that takes too many steps or a
 * division by zero is a fault: no match, and the run says why. */
bool eql_match(const struct eql *q, struct eql_run *run, const struct json *doc);

/* Why the last document could not be judged (static text, "a division by zero"); NULL: it could. */
const char *eql_run_fault(const struct eql_run *run);

/* The head/tail pipes over n matches in order: [*first, *first + *count) is kept. */
void eql_pipes(const struct eql *q, size_t n, size_t *first, size_t *count);

/* Byte strings of which the JSON text of every matching event must contain all, unless it spells
 * them with \u escapes. Longest first; borrowed from the query. Returns how many of at most `cap`
 * were written.
 *
 * These hold for raw CloudTrail records as well as for the ECS documents made of them: only
 * literals of fields whose value is copied letter for letter (event.action, event.provider,
 * user_agent.original ...) are taken, never what the conversion makes up (data_stream.dataset,
 * event.outcome, event.type) or rewrites (aws.cloudtrail.request_parameters). */
size_t eql_literals(const struct eql *q, struct str *out, size_t cap);

/* The same for text that is known to hold ECS documents: more of them, of any field. */
size_t eql_literals_ecs(const struct eql *q, struct str *out, size_t cap);

/* The text that a field must equal in every match (case may be ignored), for a server that looks
 * for candidates; empty when the query demands none. */
struct str eql_required(const struct eql *q, const char *field);

/* Every field the query names, once each; the category field is not among them. */
size_t eql_field_count(const struct eql *q);
struct str eql_field(const struct eql *q, size_t i);
bool eql_field_optional(const struct eql *q, size_t i); /* always written as ?field */

/* The category field; empty for `any where`. */
struct str eql_category_field(const struct eql *q);

/* Texts of more than `units` UTF-16 units count as no value, as in an index whose mapping says
 * ignore_above; 0 = none is too long. Before the query is run, not while. */
void eql_ignore_above(struct eql *q, size_t units);

/* The query as a tree, one line a node, two blanks a level: "+ " or "- " for its outcome; "and",
 * "or", "not", or a leaf's source text followed by "  <- " and the value that made it true, or all
 * its values when none did ("no value"). Text of the document is made visible, long text is cut.
 * The first line is the category's, unless it is any. */
void eql_explain(const struct eql *q, const struct json *doc, struct buf *out);

#endif
