/*
 * detect/lint: fields of a rule that no document has: most often a misspelt name, which makes the
 * rule match nothing and say nothing.
 */
#ifndef S3TRIAGE_DETECT_LINT_H
#define S3TRIAGE_DETECT_LINT_H

#include "s3triage/detect/rule.h"

struct field_lint; /* one per thread */

/* Watches the fields that the rule asks for, its category field among them; not those written as
 * ?field, nor names with wildcards. Borrows the rule. */
struct field_lint *field_lint_new(const struct rule *r);
void field_lint_free(struct field_lint *l);

/* Cheap once every field was seen; remembers the field names of the first documents. */
void field_lint_see(struct field_lint *l, const struct json *ecs);

/* Adds what another thread saw with the same rule. */
void field_lint_merge(struct field_lint *into, const struct field_lint *from);

/* A line for each field that none of the documents had, with the nearest name that one had.
 * `passed`: how many documents were left unexamined. Returns the number of fields: 0 when nothing
 * was examined. */
size_t field_lint_tell(const struct field_lint *l, unsigned long long passed, struct buf *out);

/* A line for each field of the rule that is a well-known name of ECS or of the AWS integration
 * but for a letter or two. Asks no document, so it is a guess: a warning, never an error. */
size_t field_lint_known(const struct rule *r, struct buf *out);

#endif
