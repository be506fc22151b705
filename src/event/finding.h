/*
 * event/finding: findings of Amazon Macie, for ecs.c and alert.c alone.
 */
#ifndef S3TRIAGE_EVENT_FINDING_H
#define S3TRIAGE_EVENT_FINDING_H

#include "s3triage/event/json.h"

enum finding_kind {
	FINDING_NONE,
	FINDING_REPLICATED, /* Policy:IAMUser/S3BucketReplicatedExternally */
	FINDING_OTHER,      /* another one, of Macie or in Security Hub */
};

/* As Macie gives it, or as Security Hub keeps it (ASFF, OCSF). */
enum finding_kind finding_kind(const struct json *v);

/* A FINDING_REPLICATED as a document like those of ECS; the caller frees it. */
struct json *finding_to_ecs(const struct json *v);

#endif
