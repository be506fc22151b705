/*
 * account/approval: an agreement that an account may receive replicas, within limits: of which role,
 * from which buckets, by whom, until when. It proposes verdicts; it decides alone only when `automatic`
 * was turned on for it. What does not fit stays open and says why. Pure but for approval_apply().
 */
#ifndef S3TRIAGE_ACCOUNT_APPROVAL_H
#define S3TRIAGE_ACCOUNT_APPROVAL_H

#include "s3triage/base/buf.h"
#include "s3triage/base/when.h"
#include "s3triage/journal/journal.h"
#include "s3triage/account/outliers.h"
#include "s3triage/alert/store.h"

/* A limit of an approval is empty (any), or the exact text, or ends with `*` (all that start so).
 * X(enumerator, name, in a count): how an alert can be outside, the strongest first. */
#define MISFITS(X)                                                                                 \
	X(DOUBT, "doubt", "doubtful request")       /* it cannot be told what it says */           \
	X(REUSED, "reused_id", "id used for something else") /* for a person to look at: store_other() */ \
	X(OTHER, "destination", "another destination") /* one more, which is another account */    \
	X(ACCOUNT, "account", "account")            /* none of the destinations is the account */  \
	X(CLAIM, "claim", "account only claimed")                                                  \
	X(PARTITION, "partition", "partition")                                                     \
	X(ROLE, "role", "role differs")                                                            \
	X(ACTOR, "actor", "actor")                                                                 \
	X(PERSON, "person", "person")                                                              \
	X(PROVIDER, "identity_provider", "identity provider")                                      \
	X(DEST_BUCKET, "dest_bucket", "destination bucket")                                        \
	X(KMS, "kms_key", "KMS key")                /* of neither the owner nor the account, nor agreed on */ \
	X(BUCKET, "bucket", "bucket")               /* the bucket that is replicated */            \
	X(FILTER, "filter", "wider filter")                                                        \
	X(DELETES, "delete_markers", "delete markers")                                             \
	X(EXISTING, "existing_objects", "existing objects")                                        \
	X(REPLICAS, "replica_modifications", "changes to replicas")                                \
	X(STORAGE, "storage_class", "storage class")                                               \
	X(OVERRIDE, "owner_override", "owner override")                                            \
	X(REGION, "region", "region")                                                              \
	X(TIME, "time", "event's time")                                                            \
	X(UNUSUAL, "unusual", "not as usual")       /* in a plan: within the limits, but outliers.h */ \
	X(TEXT, "text", "read from text only")      /* counts for automatic approvals alone */     \
	X(TERMS, "terms", "unknown terms")          /* of the approval: a later version's */       \
	X(EXPIRED, "expired", "expired")                                                           \
	X(ENDED, "ended", "ended")

enum misfit_index {
#define X(enumerator, name, word) MISFIT_INDEX_##enumerator,
	MISFITS(X)
#undef X
		MISFIT_COUNT
};

enum approval_misfit {
#define X(enumerator, name, word) MISFIT_##enumerator = 1 << MISFIT_INDEX_##enumerator,
	MISFITS(X)
#undef X
};

const char *misfit_name(enum misfit_index i); /* "dest_bucket", for JSON */

/* MISFIT_* bits, 0 when the alert is within the limits at `now`. */
unsigned approval_misfit(const struct approval *a, const struct alert *al, int64_t now);

/* Such bits in words, "role differs: …; bucket is not under acme-logs-*". */
void approval_explain(const struct approval *a, const struct alert *al, unsigned misfit, struct buf *out);

/* Many of them counted, and in words: "role differs 2, bucket 1". */
void misfits_count(size_t counts[MISFIT_COUNT], unsigned misfit);
void misfits_say(const size_t counts[MISFIT_COUNT], struct buf *out);

/* The first moment that a new approval covers unless it says otherwise: the day 365 days ago. */
int64_t approval_from(int64_t now);

/* Its end as people write it: a date (its end), RFC 3339, or a span from now such as 30d. */
bool approval_until(struct str text, int64_t now, int64_t *until, struct err *err);

bool approval_stands(const struct approval *a, int64_t now); /* neither ended nor expired */

/* A bound: the day alone where it is one, with `end` the last day; else to the second. */
void approval_time(int64_t ms, bool end, struct buf *out);

/* "role s3-repl, buckets acme-logs-*": all limits but the account and the dates; nothing: none. */
void approval_limits(const struct approval *a, struct buf *out);

/* "444455556666, role s3-repl, buckets acme-logs-*, until 2026-12-01, CHG-204" */
void approval_describe(const struct approval *a, struct buf *out);

/* ---- all of them ---- */

struct approvals;
struct approvals *approvals_new(void);
void approvals_free(struct approvals *s);

/* Takes in one of the journal's rows (copied), in any order. */
void approvals_take(struct approvals *s, const struct approval_row *row);

size_t approvals_count(const struct approvals *s);
const struct approval *approvals_at(const struct approvals *s, size_t i); /* by id */
const struct approval *approvals_find(const struct approvals *s, int64_t id); /* or NULL */
size_t approvals_version(const struct approvals *s); /* rows taken in */

/* When the next of them expires, ms; WHEN_NONE: none will. */
int64_t approvals_next_end(const struct approvals *s, int64_t now);

/* Whether one of them expired after `from` and not after `to`. */
bool approvals_expired(const struct approvals *s, int64_t from, int64_t to);

/* The approval that an alert fits best: the first that it fits, else the one with the fewest
 * misfits (of those about one of its destinations), else NULL. *misfit gets its bits. */
const struct approval *approvals_for(const struct approvals *s, const struct alert *al, int64_t now,
	unsigned *misfit);

/* ---- what they propose ---- */

struct proposal {
	row_id row;
	const struct approval *approval;
	unsigned misfit;
	int64_t instead; /* the approval that it takes over from */
	bool recorded;   /* approval_apply() */
	struct str unusual; /* with MISFIT_UNUSUAL: "other region: us-east-1 (usual: eu-west-1)" */
};

/* Why it is outside, in words: approval_explain() and what is unusual. */
void proposal_explain(const struct proposal *p, const struct alert *al, struct buf *out);

/* fits: open alerts that would become approved. outside: open alerts of an approved account that
 * stay open, with the misfit of the approval that comes nearest, the strongest first. An alert
 * that an approval had closed which has ended or expired since: in `moves` when an automatic one
 * fits, which closes it from now on, else in `reopen`. Else in order of rows. */
struct approval_plan {
	struct proposal *fits, *outside, *reopen, *moves;
	size_t n_fits, n_outside, n_reopen, n_moves;
	struct arena mem;
};

struct approval_ask {
	int64_t now;
	int64_t only;   /* an approval's id, or 0 for all; when it stands no more, all that is left
	                 * uncovered is reopened */
	row_id from;    /* only rows from this one on; reopen looks at all */
	struct habits *habits; /* what is usual: what fits and is not so stays open; NULL: not asked */
	bool automatic; /* what happens without being asked: of automatic approvals, and never an
	                 * alert that a person reopened */
};

void approval_plan(const struct approvals *s, const struct store *store,
	const struct approval_ask *ask, struct approval_plan *out);
void approval_plan_fini(struct approval_plan *p);

/* What of its limits may be a slip, though an alert could be so; a line each. */
void approval_doubts(const struct approval *a, const struct store *store, struct buf *out);

/* "the actor is 2 people: dana, eve": behind one ARN, of the alerts that fit, where the approval names
 * neither person nor provider. Nothing where it is one. */
void approval_people(const struct approval *a, const struct store *store, const struct approval_plan *p,
	struct buf *out);

/* Records what a plan says: fits as `author`'s decisions (one batch, one undo), or, with
 * `automatic`, each as "approval N"'s own; reopen and moves always as "approval N"'s. Each row names
 * its approval. When it returns true, the plan holds what was recorded: the rest had been decided
 * meanwhile. What is on disk stays there when a later part fails. */
struct approval_apply {
	const struct journal_author *author;
	bool automatic;
};
bool approval_apply(struct journal *j, struct approval_plan *p, const struct store *store,
	const struct approval_apply *how, struct err *err);

#endif
