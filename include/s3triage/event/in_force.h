/*
 * event/in_force: what an alert's request set up, against the replication that the bucket has now.
 */
#ifndef S3TRIAGE_EVENT_IN_FORCE_H
#define S3TRIAGE_EVENT_IN_FORCE_H

#include "s3triage/event/alert.h"

/* What a bucket was found to have. Slices are borrowed. */
struct replication_now {
	bool none;      /* the bucket has no replication */
	bool no_bucket; /* there is no such bucket any more */
	struct replication is; /* otherwise */
};

enum in_force {
	IN_FORCE_ACTIVE,    /* a rule copies to a destination of the request */
	IN_FORCE_DISABLED,  /* such rules are there, but none is enabled */
	IN_FORCE_CHANGED,   /* the bucket replicates, but to none of its destinations */
	IN_FORCE_REMOVED,   /* the bucket replicates nothing */
	IN_FORCE_NO_BUCKET,
	IN_FORCE_UNCOMPARED, /* the bucket replicates; of the request no destination is known */
};
/* active disabled changed removed no_bucket not_comparable. The owner's own destinations count only
 * where the request had no other. */
const char *in_force_name(enum in_force s);

/* The rule that now copies to one of the request's destinations: the same bucket of the same
 * partition, for a bucket's name is one place there, whatever account the rule says; an enabled one
 * first, then one of the same id. NULL: there is none. */
const struct replication_rule *in_force_rule(const struct replication_now *now,
	const struct alert_dest *d);

/* Whether a rule goes to a destination that the request did not have. */
bool in_force_is_new(const struct replication_rule *r, const struct alert *a);

enum in_force in_force_judge(const struct replication_now *now, const struct alert *a);

/* In one sentence: "still active: copies to 999988887777 (nightly-sync); 1 other destination since
 * then". No control characters: names are attacker's text, drawn as all text is. */
void in_force_words(const struct replication_now *now, const struct alert *a, struct buf *out);

#endif
