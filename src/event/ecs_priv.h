/*
 * event/ecs_priv: building an ECS document, shared by the files that do it.
 */
#ifndef S3TRIAGE_EVENT_ECS_PRIV_H
#define S3TRIAGE_EVENT_ECS_PRIV_H

#include "s3triage/event/ecs.h"

/* Sets a.b.c to item in nested objects that it makes. Takes over item; empty values are freed and
 * not set. The path outlives the document, as a literal does; ecs_put_copied() takes any valid one. */
void ecs_put(struct json *doc, const char *path, struct json *item);
void ecs_put_copied(struct json *doc, const char *path, struct json *item);
void ecs_put_str(struct json *doc, const char *path, struct str s);

/* Adds a text to the list at the path, once; nothing when it is empty. */
void ecs_append(struct json *doc, const char *path, struct str value);

/* A copy without empty values, NULL when nothing is left. */
struct json *ecs_kept(const struct json *v);

/* An account as twelve digits, also where a table or a reader of numbers took zeros off or made a float
 * of it; what is none as it is. */
struct json *ecs_account(const struct json *v);

/* What a hit wraps; the record itself when it is none. */
const struct json *ecs_unwrap(const struct json *record);

/* By its own fields, whatever it is wrapped in. */
bool ecs_is_cloudtrail(const struct json *v);

/* shell.c: the raw event that a document without event.action carries (the caller frees it), or NULL. */
struct json *shell_event(const struct json *doc);
/* The document's own fields into what became of its event: what the pipeline would have kept. */
void shell_keep(const struct json *doc, struct json *ecs);

/* mend.c: the event (the caller frees it) with the types that CloudTrail writes, where another tool wrote
 * others; NULL when there is nothing to mend. */
struct json *cloudtrail_mended(const struct json *raw);

/* cloudtrail_to_ecs() of what needs no mending; lean: without event.original where there is an event.id. */
struct json *cloudtrail_convert(const struct json *raw, bool lean, struct err *err);

/* The fields that are moved one by one, into a document that is empty still. */
void cloudtrail_put_fields(const struct json *raw, struct json *doc);

/* user.*, related.user and on_behalf_of, and user_agent's parts, once those fields are moved. */
void cloudtrail_put_people(const struct json *raw, struct json *doc);
void cloudtrail_put_agent(struct json *doc);

/* event.kind, type, category and outcome, and the sign-in facts, once event.action, the error
 * fields and the flattened twins are set. */
void ecs_categorise(struct json *doc);

/* A field that is there twice, dotted and nested, or as a list where an event has one value, and
 * does not say the same. */
bool ecs_twins(const struct json *ecs);

#endif
