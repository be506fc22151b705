/*
 * insight/near_miss: which events are near misses, and why they are no match of the rule, in plain words.
 */
#ifndef S3TRIAGE_INSIGHT_NEAR_MISS_H
#define S3TRIAGE_INSIGHT_NEAR_MISS_H

#include "s3triage/detect/rule.h"
#include "s3triage/event/activity.h"

/* It changes a bucket's replication, or takes a bucket's data to the same places by another way: a batch
 * job, a multi-region access point with a bucket of another account. */
bool near_miss_is(const struct json *ecs, const struct activity *what);

/* Appends one line: what the event itself shows first ("the call failed: AccessDenied", "names no
 * account"), then those parts of the rule's query that such words do not cover. `rule` may be
 * NULL. */
void near_miss_why(const struct json *ecs, const struct activity *what, const struct rule *rule,
	struct buf *out);

#endif
