/*
 * insight/near_miss: why a replication event is no match of the rule, in plain words.
 */
#ifndef S3TRIAGE_INSIGHT_NEAR_MISS_H
#define S3TRIAGE_INSIGHT_NEAR_MISS_H

#include "s3triage/detect/rule.h"
#include "s3triage/event/activity.h"

/* Appends one line: what the event itself shows first ("the call failed: AccessDenied", "names no
 * account"), then those parts of the rule's query that such words do not cover. `rule` may be
 * NULL. */
void near_miss_why(const struct json *ecs, const struct activity *what, const struct rule *rule,
	struct buf *out);

#endif
