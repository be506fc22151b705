/*
 * event/alert: what the list, the filter, the journal and the exports know of one alert. Small,
 * flat, and all slices borrowed (from an arena or the store's intern table).
 */
#ifndef S3TRIAGE_EVENT_ALERT_H
#define S3TRIAGE_EVENT_ALERT_H

#include "s3triage/event/ecs.h"
#include "s3triage/event/replication.h"
#include "s3triage/event/traits.h"

struct alert_dest {
	struct str account; /* 12 digits, or empty (unnamed, invalid) */
	struct str written; /* as written in the request */
	struct str bucket, rule_id, status;
	struct str arn;     /* the bucket as written, where that is an ARN */
	struct str prefix;  /* of the rule's filter; empty with no tags: the whole bucket */
	struct str tags;    /* "key=value,key=value", sorted; \ before \ = , within them */
	struct str kms_key; /* that the copies are encrypted with, as written */
	struct str switches; /* "delete-markers,priority=1", "plain"; empty in facts of an older journal */
	struct str manner;  /* "storage=GLACIER,replica-modifications,metrics", "plain"; empty as switches are */
	enum relation relation;
	bool claim;         /* an account without owner override, which S3 does not check (API reference:
	                     * "verifies this value only if Access Control Translation is enabled") */
};

/* What a rule of a request copies, and where to; slices live in mem. */
struct alert_dest alert_dest_of(const struct replication_rule *rule, struct arena *mem);

/* Whether the manner, a list as of tags, holds this word. */
bool dest_has(const struct alert_dest *d, const char *word);
/* Its storage class, with \ as in tags; or empty. */
struct str dest_storage(const struct alert_dest *d);

/* Takes the next "key=value" off tags; a comma behind a backslash is part of it. */
struct str filter_next_tag(struct str *tags);

/* Every object that (prefix, tags) takes, the wide filter takes too; tags as in struct alert_dest. */
bool filter_within(struct str prefix, struct str tags, struct str wide_prefix, struct str wide_tags);

enum owner_from {
	OWNER_UNSAID, /* facts of an older journal do not say */
	OWNER_EVENT,  /* the event names the bucket's owner */
	OWNER_TRAIL,  /* it does not: the account whose trail has it, or the caller's */
};

struct alert {
	struct str id;       /* kibana.alert.uuid, else _id of an alert, else derived: see alert.c */
	struct str plain_id; /* `id` without what tells it from others of that id; else empty */
	struct str event_id; /* event.id / kibana.alert.original_event.id */
	struct str shared_id; /* sharedEventID: of a call that two accounts' trails hold, else empty */
	struct str invoked_by, endpoint; /* the service that acted for the caller; the VPC endpoint's id */
	struct str also;           /* ids of the other recordings of the call that are loaded, by spaces */
	int64_t time;        /* when the event happened, ms */
	int64_t made;        /* when the alert was made, ms; the event's time for local matches */
	int64_t ingested;    /* event.ingested, WHEN_NONE when absent */
	struct str rule, rule_id, severity;
	int risk;            /* 0..100 */
	struct str bucket, owner, role;
	enum owner_from owner_from;
	struct str actor;    /* short: user, role or service name */
	struct str session;  /* the name of a role's or a federated user's session: the caller chose it */
	struct str person;   /* who stands behind a role: the source identity, Identity Center's user; or empty */
	struct str provider; /* who vouches for the person: an ARN, an URL, a name; or empty */
	struct str issuer_arn; /* of the role behind the session, with its path; or empty */
	struct str actor_arn, actor_type, key_id, ip, region, agent, country;
	/* In an order of their own, for that of the rules is the requester's: what is no account, those
	 * that name none, other accounts, the owner's own; a claim before what S3 checked. */
	const struct alert_dest *dests;
	size_t n_dests;
	uint32_t worst;      /* of dests, the one that stands for all */
	enum read_from read_from; /* nothing (null in exports) for an alert without a replication */
	bool disagreement;
	bool from_kibana;    /* already matched by the detection engine */
	struct str workflow_status; /* of a Kibana alert: open acknowledged closed */
	struct str source;   /* "file:line" or "index/id" */
	struct str found_in; /* where no transport puts an event, but this was: a key's path; else empty */
	struct str origin;   /* profiles that it was read from, "prod@MARK,dev@MARK"; ":demo"; empty: files */
	trait_set traits;    /* bits of enum trait_bit */
	uint32_t workflow;   /* workflow_hash() of a Kibana alert, else 0 */
	int64_t workflow_at; /* workflow_time() of it, WHEN_NONE */
	struct str role_account, caller_account; /* 12 digits or empty */
	struct str dest_partition; /* of a destination in another partition, else of any */
	struct str dest_region; /* where the copies' KMS key is, the only sign of it; or empty */
};

/* The id that the record came with: what is recorded, sent and asked for. */
static inline struct str alert_name(const struct alert *a)
{
	return a->plain_id.n ? a->plain_id : a->id;
}

/* The rule's facts that a local match carries over. */
struct alert_rule {
	struct str name, rule_id, severity;
	int risk;
};

/* Fills *out from an ECS document or alert; slices live in `mem`. Local matches take rule facts
 * from `rule`, Kibana alerts keep their own. False when it is no event at all. */
bool alert_read(const struct json *ecs, enum event_shape shape, const struct alert_rule *rule,
	struct arena *mem, struct alert *out);

/* The same with the raw event that the document was made of, as in replication_read_raw().
 * `doubts`: TRAIT_* of which only the reader of the text knows (twin keys, mended bytes). */
struct alert_input {
	const struct json *ecs, *raw;
	enum event_shape shape;
	const struct alert_rule *rule;
	trait_set doubts;
};
bool alert_read_input(const struct alert_input *in, struct arena *mem, struct alert *out);

/* Whether the bucket's ARN (an access point's) is of another account than the one named. */
bool dest_arn_differs(const struct alert_dest *d);

#define ALERT_WHO_MAX 1100
/* Who did it, in one text for every kind of identity, in tmp: "kim", "deploy/build-7", "eric@example.com
 * as AWSReservedSSO_Admin_…", "dana via PROVIDER", "root of 111122223333". Names are the caller's words:
 * to be shown and searched, never to be compared. */
struct str alert_who(const struct alert *a, char tmp[ALERT_WHO_MAX]);

/* The name of the session in an ARN of a role or a federated user, or empty. */
struct str session_of(struct str arn);

/* Session and person as far as the ARN has them, where facts of an older version do not. */
void identity_derive(struct alert *a);

#define ALERT_PRINCIPAL_MAX 1400
/* Who acted, told apart from all others of that name: the ARN (of a role without the session), else kind,
 * name and account; then person and provider as far as they are known, "ARN as dana via PROVIDER", in tmp.
 * Empty when nothing is known. */
struct str alert_principal(const struct alert *a, char tmp[ALERT_PRINCIPAL_MAX]);

/* The destination that stands for the alert in one column, a->worst; one that names nothing when
 * there is none. */
const struct alert_dest *alert_main_dest(const struct alert *a);

#endif
