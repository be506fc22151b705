/*
 * event/ocsf: events of Amazon Security Lake, for ecs.c alone.
 */
#ifndef S3TRIAGE_EVENT_OCSF_H
#define S3TRIAGE_EVENT_OCSF_H

#include "s3triage/event/json.h"

enum ocsf_kind {
	OCSF_NONE,       /* no OCSF */
	OCSF_CLOUDTRAIL, /* a call of an API that CloudTrail recorded */
	OCSF_OTHER,      /* of another product, or no call */
};

enum ocsf_kind ocsf_kind(const struct json *v);

/* The raw event that an OCSF_CLOUDTRAIL was made of, as far as it is there; the caller frees it. Lossy:
 * the request is not there as a whole. */
struct json *ocsf_to_cloudtrail(const struct json *v, bool *lossy);

#endif
