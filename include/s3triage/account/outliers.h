/*
 * account/outliers: among alerts that are to be decided together, those that differ from what is
 * usual among all that are loaded, and how; the others in parts that are alike. Deterministic and
 * independent of the order of rows; the rule is in src/account/README.md.
 */
#ifndef S3TRIAGE_ACCOUNT_OUTLIERS_H
#define S3TRIAGE_ACCOUNT_OUTLIERS_H

#include "s3triage/base/buf.h"
#include "s3triage/book/book.h"
#include "s3triage/alert/store.h"

/* X(enumerator, strength, in words). Those up to OUT_OWNER are facts that are compared as values. */
#define OUTLIER_WAYS_X(X)                                                                          \
	X(ROLE, 4, "other role")                                                                   \
	X(BUCKET, 4, "other destination bucket")                                                   \
	X(SCOPE, 2, "other filter")                                                                \
	X(REGION, 2, "other region")                                                               \
	X(ADDRESS, 2, "other address")                                                             \
	X(COUNTRY, 3, "other country")                                                             \
	X(AGENT, 2, "other user agent")                                                            \
	X(KEY, 6, "other KMS key for the copies")                                                  \
	X(MANNER, 3, "copied in another manner")                                                   \
	X(OWNER, 3, "other owner")                                                                 \
	X(DEST, 7, "other destination")                                                            \
	X(ACTOR, 5, "other actor")                                                                 \
	X(FLAGGED, 9, "a destination that the account book flags")                                 \
	X(UNTOLD, 8, "a destination that cannot be told")                                          \
	X(UNKNOWN, 6, "a destination that no account book vouches for")                            \
	X(WIDER, 5, "copies more than the request before it")                                      \
	X(HOURS, 1, "outside the usual hours")                                                     \
	X(DATE, 2, "long before or after the others")

enum outlier_way {
#define X(enumerator, strength, text) OUT_##enumerator,
	OUTLIER_WAYS_X(X)
#undef X
		OUTLIER_WAYS
};

struct outlier {
	row_id row;
	uint32_t ways;    /* bits 1 << OUT_* */
	signal_set signals;
	trait_set traits; /* TRAIT_* and SIGNAL_* that the others do not have; one of the three is set */
	uint16_t reason;  /* the strongest of them, for grouping; see outlier_reason() */
	int strength;
	uint32_t like;    /* the habit it was held against */
};

/* Alerts that do the same: one principal, one set of destinations, nothing that differs. */
struct outlier_part {
	size_t first, n; /* of outliers.alike */
};

struct outliers {
	struct outlier *v; /* strongest first, of one reason together */
	size_t n;
	row_id *alike;     /* the others, part by part */
	struct outlier_part *parts; /* the largest first */
	size_t n_parts;
};

/* What is usual: counted among all alerts but those decided suspicious, kept up to date. */
struct habits;
struct habits *habits_new(const struct store *s, const struct book *b); /* borrowed; b may be NULL */
void habits_free(struct habits *h);

/* Who is to be decided how. An approval is held against all alerts of the store, falls into parts, and
 * never takes an alert with a destination that is flagged, not named or no account, nor one whose
 * request is in doubt. Another verdict is held against its own group and is one part. */
struct outliers_ask {
	const row_id *rows;
	size_t n;
	enum verdict verdict;
	struct str account; /* what the group stands for: all destinations but the owner's own; empty: any */
};

void outliers_find(struct habits *h, const struct outliers_ask *ask, struct outliers *out);
void outliers_fini(struct outliers *o);

/* A reason in a few words: "other actor", "delete-markers: a rule copies delete markers". */
void outlier_reason(uint16_t reason, struct buf *out);

/* "other actor: ci-bot (usual: deploy), outside the usual hours: 03:30 (usual: 08-17)" */
void outlier_explain(const struct habits *h, const struct outlier *x, struct buf *out);

/* Whom the row's actor is taken for: its ARN without the session, one for all accounts of the
 * organisation's book where the principal is the bucket owner's own. */
void habit_actor(const struct habits *h, row_id r, struct buf *out);
/* Its destinations but the owner's own, each once: "777788889999, not named". */
void habit_dests(const struct alert *a, struct buf *out);

#endif
