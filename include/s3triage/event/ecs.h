/*
 * event/ecs: telling shapes apart, and turning a raw CloudTrail event into the ECS document that
 * Elastic's AWS integration makes of it.
 */
#ifndef S3TRIAGE_EVENT_ECS_H
#define S3TRIAGE_EVENT_ECS_H

#include "s3triage/event/json.h"

enum event_shape {
	SHAPE_UNKNOWN,
	SHAPE_CLOUDTRAIL, /* a raw event: eventName, eventSource, eventTime … */
	SHAPE_ECS,        /* an ECS document, perhaps inside a hit with _source or fields */
	SHAPE_ALERT,      /* a Kibana alert, 7.x signal to 9.x, perhaps inside a hit */
	SHAPE_FINDING,    /* Macie's, that a bucket is replicated: an alert of its own, without a destination */
	SHAPE_FOREIGN,    /* known, and no call of CloudTrail's: OCSF of another product or class */
	SHAPE_EMPTY,      /* a record that holds nothing to look at, as a digest file's */
	SHAPE_SHELL,      /* a document without event.action, whose source is no event as it stands */
};

enum event_shape event_shape(const struct json *record);

/* A member of a document that was made of a form which leaves parts of the event out. */
#define EVENT_LOSSY "_lossy"

/* One with the place at which it was found, where no transport puts an event. */
#define EVENT_FOUND_IN "_found_in"

/* One with the names of traits that only the text showed from which the document was read. */
#define EVENT_DOUBTS "_doubts"

/* One record of any shape as an ECS document of its own (the caller frees it): raw events are converted
 * (OCSF's are made raw ones first), hits are unwrapped (`_source` before `fields`; _index and _id are
 * kept under the key "_hit" as {"_index","_id","_seq_no","_primary_term"}), alerts stay as they
 * are. Of a document that carries the raw event as its source, that is converted, and the
 * document's own fields are kept beside it. NULL and err when the record is no event. */
struct json *event_to_ecs(const struct json *record, enum event_shape *shape, struct err *err);

/* What a SHAPE_SHELL carries as its source: values at the few places where shippers put it, at most
 * SHELL_PLACES_MAX. Nothing else in it is anybody's event. */
#define SHELL_PLACES_MAX 16
size_t event_shell_source(const struct json *record, const struct json *out[SHELL_PLACES_MAX]);

/* The shell again (the caller frees it) with one event's text for its whole source. */
struct json *event_shell_of(const struct json *record, struct str event);

/* The same; of a raw event event.original is left out where it has an event.id: nobody is going to
 * ask for it. *raw is the raw event inside the record, or NULL. */
struct json *event_to_ecs_lean(const struct json *record, enum event_shape *shape,
	const struct json **raw, struct err *err);

/* Whether the document was made of a SHAPE_FINDING. */
bool event_is_finding(const struct json *ecs);

/* The conversion alone. Adds event.original (the compact JSON of the raw event) and
 * tags ["preserve_original_event"]. Empty values are dropped as the ingest pipeline drops them. */
struct json *cloudtrail_to_ecs(const struct json *raw, struct err *err);

/* False when fields of a raw CloudTrail event (alone or in a hit) are missing or of a wrong type,
 * and err names each field, what was expected and what came. The event may be usable all the same.
 * What AWS itself leaves out or sets to null is no fault. True for every other shape otherwise, and
 * for an event that is a string in its record: ask about the tree of that string. False too for a
 * request whose map string ends before it is closed, in an event of any shape. */
bool event_check(const struct json *record, struct err *err);

/* java.util.HashMap/ArrayList.toString() of a JSON value, byte for byte, in HashMap order. */
void mapstring_print(const struct json *v, struct buf *out);

/* The tolerant way back: a JSON tree of strings from the unquoted text. Never fails; what it had
 * to guess (unbalanced braces) is told in *doubtful. A text that ends before it is closed is *cut:
 * every object that it leaves open has the member MAPSTRING_CUT, and the value that it ends in ends
 * in MAPSTRING_REST. Who writes that name into a request makes his own rule one that is not read. */
struct json *mapstring_parse(struct str text, bool *doubtful, bool *cut);

#define MAPSTRING_CUT "cut-off"
#define MAPSTRING_REST "..."

#endif
