/*
 * event/workflow: what changes of a Kibana alert after it was made: its status, and by whom, the
 * reason, tags and assignees. The field names are those of Kibana's alert schema.
 */
#ifndef S3TRIAGE_EVENT_WORKFLOW_H
#define S3TRIAGE_EVENT_WORKFLOW_H

#include "s3triage/event/json.h"

/* When the status was last set, ms; WHEN_NONE: it does not say. */
int64_t workflow_time(const struct json *alert);

/* All of it as one number; 0 when the document has none of it. */
uint32_t workflow_hash(const struct json *alert);

#endif
