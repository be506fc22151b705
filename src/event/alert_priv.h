/*
 * event/alert_priv: single facts out of a document, for what the alert and the activity share.
 */
#ifndef S3TRIAGE_EVENT_ALERT_PRIV_H
#define S3TRIAGE_EVENT_ALERT_PRIV_H

#include "s3triage/event/alert.h"

/* The text of the first of the paths that has one, in mem; the list ends with NULL. */
struct str fact_text(const struct json *ecs, struct arena *mem, const char *const *paths);
#define TEXT(ecs, mem, ...) fact_text(ecs, mem, (const char *const[]){__VA_ARGS__, NULL})

/* A date as text, or milliseconds as some `fields` answers have it; WHEN_NONE for neither. */
int64_t fact_time(const struct json *ecs, const char *path);

/* Who, from where, with what: the actor's fields of the alert. */
void actor_read(const struct json *ecs, struct arena *mem, struct alert *out);

/* Session, person and provider; the rest of the actor has been read. raw: the event that the document
 * was made of, or NULL. */
void identity_read(const struct json *ecs, const struct json *raw, struct arena *mem, struct alert *out);

/* The identity that stays with a session through all roles it goes on to; empty: there is none. */
struct str identity_sticks(const struct alert *a);

/* The rules as destinations, in the order that struct alert wants. */
void dests_read(const struct replication *r, struct arena *mem, struct alert *out);

/* The traits, and the fields behind them; the rest of the alert has been read. */
void traits_read(const struct json *ecs, const struct replication *r, struct arena *mem,
	struct alert *out);

#endif
