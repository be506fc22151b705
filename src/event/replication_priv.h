/*
 * event/replication_priv: what the replication*.c files share: one form of a request, read.
 */
#ifndef S3TRIAGE_EVENT_REPLICATION_PRIV_H
#define S3TRIAGE_EVENT_REPLICATION_PRIV_H

#include "s3triage/event/replication.h"

/* One of the three forms in which an event carries the request. */
struct request_form {
	const struct json *request; /* NULL: the form is there but has no parameters */
	struct json *owned, *inner; /* to be freed, NULL when borrowed from the document */
	struct str text;            /* of the map string */
	bool present;
	bool doubtful, cut;
};

/* What a form says. Relations are not set. */
struct request_facts {
	struct str bucket, role;
	const struct replication_rule *rules;
	size_t n_rules;
	bool cut, omitted, none, look_alike;
	enum other_way way;
	bool unread; /* something of it is not understood, or no object: what it says is not known */
};

void form_read(const struct json *request, struct arena *mem, struct request_facts *out);

/* The same for a request that holds no configuration: `way` and, as rules, the places that it names. */
void form_read_other(const struct json *request, struct arena *mem, struct request_facts *out);
bool form_is_other(const struct json *request);

/* Appends the names of members and values that are not understood, each once, with blanks between:
 * of the configuration but its rules, of a rule but its destinations, of a destination. */
void known_configuration(const struct json *v, struct buf *out);
void known_rule(const struct json *v, struct buf *out);
void known_destination(const struct json *v, struct buf *out);

/* The text of a value: a scalar's, of a list the one text that all its elements have, else its
 * JSON. Empty for NULL. */
struct str form_text(const struct json *v, struct arena *mem);
/* Whether it is one; several that differ, or an object, are not. */
bool form_is_text(const struct json *v);

/* At most `max` bytes, cut between characters. */
struct str text_cut(struct str s, size_t max);

/* Appends, in plain words, what `other` says that `trusted` does not, and what it leaves out. */
void form_compare(const struct request_facts *trusted, const struct request_facts *other,
	const char *name, struct buf *out);

/* Appends which accounts the text of the map string names where neither `trusted`, whose form is
 * `request`, nor the string's own rules do. True when plain text of that form (a prefix, an id) holds
 * such words, too: they are no destination, but nothing is forged. */
bool form_forged(const struct request_facts *trusted, const struct request_facts *string,
	const struct json *request, struct str text, struct buf *out);

/* Appends, in plain words, where the fields of the document say something else of the call than the
 * event of event.original. */
void original_compare(const struct json *ecs, const struct json *raw, struct buf *out);

/* Whose bucket it is: fills bucket_arn, owner, owner_from and caller_account. `raw` is the event of
 * event.original or NULL. */
void replication_owner(const struct json *ecs, const struct json *raw, struct arena *mem,
	struct replication *out);

#endif
