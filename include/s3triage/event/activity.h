/*
 * event/activity: one event of the kinds in event/call.h, as a timeline needs it: when, what,
 * who, on what, with which result. And what makes two events the same principal's.
 */
#ifndef S3TRIAGE_EVENT_ACTIVITY_H
#define S3TRIAGE_EVENT_ACTIVITY_H

#include "s3triage/event/call.h"
#include "s3triage/event/alert.h"

struct activity {
	int64_t time;            /* ms, WHEN_NONE when it has no readable one */
	enum call call;
	struct str event_id;
	struct str actor;        /* as struct alert has it */
	struct str who;          /* alert_who() */
	struct str actor_arn, key_id, ip, region;
	struct str principal;    /* see principal_of() */
	struct str other;        /* AssumeRole: the principal that the role's sessions are; else empty */
	struct str made;         /* AssumeRole: the key of the session, where the answer names it; else empty */
	struct str bucket;       /* the bucket it is about, or empty */
	struct str target;       /* what else it is about: a role, user, key … by name; or empty */
	struct str result;       /* empty: it succeeded; else the error code, or "failed" */
	bool tame;               /* of a call that can turn recording off: this one turned none off */
};

/* Fills *out (slices in mem) when the document is an event of a known action. raw: the event that the
 * document was made of, or NULL. */
bool activity_read(const struct json *ecs, const struct json *raw, struct arena *mem, struct activity *out);

/* One event of any call, as a life needs it: what it is, who did it, from where, with which end. */
struct deed {
	struct activity what;    /* its call may be CALL_NONE */
	struct str name, service; /* "DeleteTrail", "cloudtrail.amazonaws.com" */
	struct str agent, account; /* the user agent; the account whose trail it is */
	bool reads;              /* it says so itself, else its name does */
	bool denied;             /* refused for want of a right, not for any other reason */
	struct str told;         /* alert_principal(): told apart where there is no ARN, too */
};

/* The error code says that a right was wanting. */
bool deed_code_denies(struct str code);

/* False when the document names no call. raw: as above. */
bool deed_read(const struct json *ecs, const struct json *raw, struct arena *mem, struct deed *out);

/* Who stands behind an actor's ARN: of an assumed role's session the role without the session's
 * name, but with it of Identity Center's roles, where it is the person; else the ARN itself. Without an
 * ARN the short name. A slice of what is given. */
struct str principal_of(struct str arn, struct str actor);

/* The same for a person of whom one knows besides the ARN: "ARN as PERSON", in tmp, where that is needed. */
struct str principal_as(struct str principal, struct str person, char tmp[ALERT_PRINCIPAL_MAX]);
/* alert_principal() as far as every event has it: without an ARN no kind and no account. */
struct str alert_acting(const struct alert *a, char tmp[ALERT_PRINCIPAL_MAX]);

#endif
