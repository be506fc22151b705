/*
 * insight/facet: by what events are counted: names of our own for what CloudTrail says of a call, or any
 * field of the ECS document by its name.
 */
#ifndef S3TRIAGE_INSIGHT_FACET_H
#define S3TRIAGE_INSIGHT_FACET_H

#include "s3triage/event/activity.h"
#include "s3triage/insight/count.h"

/* X(name, what it is) */
#define FACETS(X)                                                        \
	X(principal, "user, role, person or service, told apart by account") \
	X(key, "the access key's id")                                        \
	X(address, "where the call came from: IP address or service")        \
	X(agent, "the user agent, as it was sent")                           \
	X(call, "service and name, as in s3:PutBucketReplication")           \
	X(region, "where the call was made")                                 \
	X(account, "whose trail has it")                                     \
	X(day, "of the event, UTC")

enum facet {
#define X(name, text) FACET_##name,
	FACETS(X)
#undef X
		FACET_COUNT,
	FACET_FIELD = FACET_COUNT
};
const char *facet_name(enum facet f);
const char *facet_text(enum facet f);

#define FACET_PARTS_MAX 8
#define FACET_VALUES_MAX 64 /* combinations of an event's values that are counted; more are told */

/* What is counted together: a value, or a combination. Text is borrowed. */
struct facet_set {
	struct facet_part {
		enum facet facet;
		struct str name; /* of a field, or facet_name() */
	} parts[FACET_PARTS_MAX];
	size_t n;
};

/* "principal,day" with ',' between; plain: every name is a field's. False and err: an empty one, or too
 * many. */
bool facet_set_read(struct str text, char between, bool plain, struct facet_set *out, struct err *err);

/* "s3:PutBucketReplication"; the name alone where the service is not said. */
struct str deed_call(const struct deed *d, struct arena *mem);

/* An event's keys for count_add(), one for each combination of its values. */
struct facet_keys {
	struct str v[FACET_VALUES_MAX];
	size_t n;
	bool more; /* than fit */
};

/* Only fields need `ecs`. Slices live in mem. */
void facet_keys(const struct facet_set *set, const struct deed *d, const struct json *ecs, struct arena *mem,
	struct facet_keys *out);

#endif
