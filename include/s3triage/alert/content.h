/*
 * alert/content: what a decision is about besides an id: the facts that one looks at. An id can be
 * used twice, by accident or to hide; two alerts of one id are the same only when their facts are.
 */
#ifndef S3TRIAGE_ALERT_CONTENT_H
#define S3TRIAGE_ALERT_CONTENT_H

#include "s3triage/base/buf.h"
#include "s3triage/event/alert.h"

/* X(enumerator, what it is called in a sentence) */
#define CONTENT_FACTS_OF(X)                                                                        \
	X(BUCKET, "bucket") X(OWNER, "owner") X(DESTS, "destinations") X(ROLE, "role")             \
	X(ACTOR, "actor") X(KEY, "key") X(TIME, "time") X(REGION, "region")                        \
	X(ADDRESS, "address") X(AGENT, "agent") X(TRAITS, "request") X(FILTER, "filter")    \
	X(ARN, "destination ARN") X(CLAIMS, "claims") X(SWITCHES, "switches") X(KMS, "KMS key")    \
	X(ISSUER, "issued by") X(CALLER, "caller's account") X(KIND, "kind of actor") X(MFA, "MFA")      \
	X(MANNER, "manner of copying") X(INVOKER, "invoked by") X(ENDPOINT, "VPC endpoint") \
	X(PERSON, "person")

enum content_fact {
#define X(enumerator, name) CONTENT_##enumerator,
	CONTENT_FACTS_OF(X)
#undef X
		CONTENT_FACTS
};

/* Each fact as one text that does not depend on the form in which the event came, nor on the order
 * of its rules; empty where the form does not hold it. */
struct content {
	struct str v[CONTENT_FACTS];
	struct str name;   /* the actor's short name, for where one form has no ARN */
	struct str shared; /* sharedEventID: of a call that two accounts' trails hold */
	bool reduced;      /* of the actor only principal and account are told, as in another account's trail */
	enum owner_from owner_from;
	unsigned unshown;  /* bits of facts that only records which are not shown hold */
	bool from_string;  /* the request was read from the map string, which spoils filters */
};

/* Texts are the alert's own or live in mem. */
void content_of(const struct alert *a, struct arena *mem, struct content *out);

/* Of the facts that a decision keeps, of whatever version; facts that cannot be read are like no
 * alert's. */
void content_of_facts(struct str facts, struct arena *mem, struct content *out);

bool content_eq(const struct content *a, const struct content *b);
size_t content_known(const struct content *c); /* how many facts it holds */

/* Facts that differ, as bits 1 << enum content_fact. What one of the two does not hold is none. */
unsigned content_differs(const struct content *a, const struct content *b);

/* The same for what was decided and what is to be shown as decided: here it is a difference, too, when
 * who, by what, from where or to where is shown now and was not known then, unless the form in which
 * it was decided never holds it. A decision that keeps no facts at all is about whatever has its id. */
unsigned content_unlike(const struct content *decided, const struct content *now);

/* How well a bucket's owner is known: 2 by the event, 1 by the trail, 0 when it may be the caller's
 * account. */
int owner_known(enum owner_from from, struct str owner, struct str caller);

/* Fills in what `into` does not hold. True when that was anything. */
bool content_join(struct content *into, const struct content *more);

/* Notes which facts of `all` the record that is shown does not hold. */
void content_shown(struct content *all, const struct content *one);

/* What was decided on and what is there. */
struct unlike {
	struct content decided, now;
	unsigned bits; /* the facts that differ */
};

/* "bucket acme-logs, not acme-pay; key AKIA..., not ASIA...; decided without knowing actor arn:...":
 * for each what was decided on, then what is there. Holds text of events. */
void content_words(const struct unlike *u, struct buf *out);

/* "bucket acme-logs; owner 111122223333; ..." up to the time, and the facts of the bits `more`. Holds
 * text of the event. */
void content_text(const struct content *c, unsigned more, struct buf *out);

/* [{"fact":"bucket","decided":"acme-logs","now":"acme-pay"},...]; null for what is not known. */
struct members;
void content_json(struct members *m, const char *key, const struct unlike *u);

/* 12 hex digits that stand for it: equal contents have equal ones. */
#define CONTENT_DIGEST 13
void content_digest(const struct content *c, char out[CONTENT_DIGEST]);

#endif
