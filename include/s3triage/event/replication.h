/*
 * event/replication: one PutBucketReplication request, read correctly.
 * Facts: Amazon S3 API reference, PutBucketReplication; the three forms in which an event
 * carries the request, of which the JSON in event.original is trusted most, the map string least.
 */
#ifndef S3TRIAGE_EVENT_REPLICATION_H
#define S3TRIAGE_EVENT_REPLICATION_H

#include "s3triage/base/mem.h"
#include "s3triage/event/json.h"

enum relation {
	RELATION_OTHER,   /* names an account that is not the owner's */
	RELATION_OWN,     /* names the bucket owner's own account */
	RELATION_UNNAMED, /* names no account: S3 allows that for any account's bucket */
	RELATION_INVALID, /* names something that is no account id */
};

enum read_from {
	READ_NOTHING,
	READ_ORIGINAL,  /* event.original, or the raw event itself */
	READ_FLATTENED, /* aws.cloudtrail.flattened.request_parameters */
	READ_STRING,    /* aws.cloudtrail.request_parameters */
};

enum filter_kind {
	FILTER_NONE,      /* no Filter and no Prefix: all objects */
	FILTER_ALL,       /* an empty Filter: all objects */
	FILTER_PREFIX,    /* Filter.Prefix */
	FILTER_TAG,       /* Filter.Tag */
	FILTER_AND,       /* Filter.And: prefix and tags */
	FILTER_V1_PREFIX, /* Prefix in the rule itself, the older form */
};

enum tristate { TRI_UNSET, TRI_OFF, TRI_ON };

/* What a request does that sets no replication. */
enum other_way {
	WAY_NONE,
	WAY_JOB_REPLICATES, /* a batch job that copies what was there before, by the bucket's rules */
	WAY_JOB_COPIES,     /* a batch job that copies objects to a bucket that it names */
	WAY_ACCESS_POINT,   /* a multi-region access point; the rules are its buckets that name an account */
};

struct replication_tag {
	struct str key, value;
};

struct replication_rule {
	struct str id, status;
	bool enabled;
	bool has_priority;
	int64_t priority;
	enum filter_kind filter;
	struct str prefix;
	const struct replication_tag *tags;
	size_t n_tags;
	struct str bucket_arn, bucket; /* as written; the name alone */
	struct str partition;          /* of the bucket ARN: aws, aws-cn, aws-us-gov */
	struct str account_text;       /* as written, empty when unnamed */
	struct str account;            /* 12 digits, else empty */
	enum relation relation;
	struct str storage_class, kms_key;
	struct str time_minutes, metrics_minutes; /* of ReplicationTime and Metrics, as written */
	bool cut;                      /* the text of the request ends in it: what is not there may be */
	struct str unread;             /* names of what is not understood of it, with blanks between */
	bool owner_override;           /* AccessControlTranslation.Owner = Destination */
	enum tristate replication_time, metrics, delete_markers, existing_objects,
		replica_modifications, kms_objects;
};

#define REPLICATION_RULES_MAX 1000

struct replication {
	struct str bucket;             /* whose replication was set */
	struct str bucket_arn;         /* empty unless the event has it */
	struct str shared_id;          /* sharedEventID, or empty */
	struct str owner;              /* 12 digits or empty: whose bucket it is */
	const char *owner_from;        /* which field said so, static text */
	bool other_resource;           /* the event's resources name another bucket, too or instead */
	bool owner_guessed;            /* it is the caller's account, and nothing else says so */
	struct str caller_account;
	struct str role, role_account; /* the replication role's ARN and its account */
	const struct replication_rule *rules;
	size_t n_rules;
	bool rules_cut;                /* there were more than REPLICATION_RULES_MAX */
	bool rules_unread;             /* parameters, a rule or a destination that is none: JSON text, null */
	bool omitted;                  /* CloudTrail left the parameters out: too large */
	bool no_configuration;         /* nothing to replicate is in the request */
	bool look_alike;               /* keys that resemble a configuration, but S3 has none such */
	enum other_way way;            /* of a request without a configuration */
	enum read_from read_from;
	bool disagreement;             /* the forms do not say the same */
	struct str disagreement_text;  /* in plain words, empty when they agree */
	bool text_cut;                 /* the text that it was read from ends too early: rules may be missing */
	bool original_cut;             /* there is an original event, cut: another form stands for it */
	bool string_doubtful;          /* the map string does not parse cleanly */
	bool twin_keys;                /* the original event has a key twice in one object */
	bool account_in_text;          /* a prefix, a tag or an id holds "Account=", as plain text */
	bool forged;                   /* the map string holds an Account= that no destination has */
};

/* Whose bucket it is as another recording of the call tells it, better than this one; `from` is static. */
void replication_own(struct replication *out, struct str owner, const char *from);

/* Reads the request out of an ECS document or alert, as event_to_ecs() makes them. A rule with
 * several destinations counts as several rules; without a known owner, an account that is named is
 * `other`. Slices live in `mem`. Never fails: what is missing is empty, and read_from tells. */
void replication_read(const struct json *ecs, struct arena *mem, struct replication *out);

/* The same for a document that was made of the raw event at hand (NULL: of none): what
 * event.original would say need not be parsed again, nor be there. */
void replication_read_raw(const struct json *ecs, const struct json *raw, struct arena *mem,
	struct replication *out);

/* Bytes of `arn` behind its n-th colon, up to the next one or, for n = 5, to the end. */
struct str arn_part(struct str arn, int n);

/* An account id as 12 digits (left-padded) in mem, or empty when it is none: all zeros is not. */
struct str account_normal(struct str text, struct arena *mem);

const char *relation_name(enum relation r);   /* other own unnamed invalid */
const char *read_from_name(enum read_from r); /* original flattened string; nothing: "none" */

#endif
