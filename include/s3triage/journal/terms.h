/*
 * journal/terms: one approval and what the journal records of it. Apart from approval.h so that the
 * journal need not know what approvals do.
 */
#ifndef S3TRIAGE_JOURNAL_TERMS_H
#define S3TRIAGE_JOURNAL_TERMS_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"
#include "s3triage/base/str.h"

#define APPROVAL_TEXT_MAX 500 /* bytes, of each field */

/* What a request may do besides; without the bit it does not fit. */
enum approval_allow {
	ALLOW_OVERRIDE = 1, /* owner override: the copies belong to the destination's owner */
	ALLOW_DELETES = 2,  /* delete markers are copied, too */
	ALLOW_EXISTING = 4, /* and objects from before */
	ALLOW_REPLICAS = 16, /* changes that are made to replicas are copied on, too */
	ALLOW_CLAIMS = 8,   /* an account that is only claimed is enough: see struct alert_dest */
};

/* Slices are borrowed (from the journal's row, or from struct approvals). */
struct approval {
	int64_t id;              /* seq of the row that granted it; 0: not recorded yet */
	int64_t at;              /* ms: when it was granted */
	struct str by;           /* who granted it */
	struct str account;      /* 12 digits: who may receive */
	struct str role;         /* ARN or the name after the last '/', see approval.h for `*` */
	struct str bucket;       /* the bucket that is replicated */
	struct str actor;        /* who sets it up: short name or ARN */
	struct str dest_bucket;  /* every bucket that is written to: name, or ARN as written */
	struct str region;       /* where the request was made */
	struct str partition;    /* of all its ARNs; empty: any, but one for all */
	struct str prefix;       /* what every rule's prefix must begin with: no wider filter */
	struct str tags;         /* what every rule must ask for, as in struct alert_dest */
	struct str kms_key;      /* the copies' key: its ARN, or an account's; empty: the owner's or the account's */
	struct str storage_class; /* that every rule asks for */
	struct str person, identity_provider; /* behind the actor: as struct alert has them */
	unsigned allows;         /* bits of enum approval_allow */
	int64_t from;            /* ms, the first moment an event may be of; WHEN_NONE: any */
	int64_t until;           /* ms, the first moment when it holds no more, and that no event may
	                          * be of; WHEN_NONE: no end */
	bool unread;             /* a later version's limit is in it, which cannot be kept here */
	struct str owner, ticket, note;
	bool automatic;          /* may decide without being asked */
	int64_t ended;           /* ms, WHEN_NONE: not ended */
	struct str ended_by, ended_reason;
};

enum approval_event { APPROVAL_GRANTED, APPROVAL_ENDED, APPROVAL_AUTOMATIC };

/* One row of the journal about an approval. */
struct approval_row {
	int64_t seq, at;
	struct str analyst;
	enum approval_event event;
	int64_t id;              /* which approval; its own seq for APPROVAL_GRANTED */
	struct approval terms;   /* APPROVAL_GRANTED */
	struct str reason;       /* APPROVAL_ENDED */
	bool automatic;          /* APPROVAL_AUTOMATIC: turned on or off */
};

/* The terms that are text and those that are allowed, under the names they have everywhere. */
struct approval_text {
	const char *key;
	size_t at; /* of a struct str in struct approval */
};
const struct approval_text *approval_texts(size_t *n);
struct str *approval_text(struct approval *a, const struct approval_text *t);

struct approval_allowed {
	const char *key;
	enum approval_allow bit;
	bool before; /* what an approval without the key, of an older version, meant */
};
const struct approval_allowed *approval_allowed(size_t *n);

/* Whether an account that is only claimed can fit: it says so, or it names the destination bucket. */
bool approval_takes_claims(const struct approval *a);

/* True, or ERR_USAGE: no account, a `*` that is not the last character, text that is too long, a limit
 * that no alert can have, two that contradict each other. */
bool approval_check(const struct approval *a, struct err *err);
/* The same, and that what it allows leaves anything that can fit. */
bool approval_can_fit(const struct approval *a, struct err *err);

bool limit_is_prefix(struct str limit); /* ends in * */

/* The partition of a region, by the beginning of its name; empty of none. */
struct str approval_region_partition(struct str region);

#endif
