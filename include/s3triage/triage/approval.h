/*
 * triage/approval: an agreement that an account may receive replicas, within limits: of which role,
 * from which buckets, by whom, until when. It proposes verdicts; it decides alone only when `automatic`
 * was turned on for it. What does not fit stays open and says why. Pure but for approval_apply().
 */
#ifndef S3TRIAGE_TRIAGE_APPROVAL_H
#define S3TRIAGE_TRIAGE_APPROVAL_H

#include "s3triage/base/when.h"
#include "s3triage/triage/journal.h"
#include "s3triage/triage/store.h"

/* A limit of an approval is empty (any), or the exact text, or ends with `*` (all that start so). */
enum approval_misfit {
	MISFIT_ACCOUNT = 1,   /* none of the destinations is the account */
	MISFIT_OTHER = 2,     /* a further destination is another account, or cannot be told */
	MISFIT_ROLE = 4,
	MISFIT_BUCKET = 8,    /* the bucket that is replicated */
	MISFIT_ACTOR = 16,
	MISFIT_EXPIRED = 32,
	MISFIT_ENDED = 64,
	MISFIT_DISAGREES = 128, /* the forms of the request do not say the same */
	MISFIT_DOUBTFUL = 256,  /* read only from the text that can be forged; counts for automatic
	                         * approvals alone */
};

/* MISFIT_* bits, 0 when the alert is within the limits at `now`. */
unsigned approval_misfit(const struct approval *a, const struct alert *al, int64_t now);

/* The same in words, "role differs: …; bucket is not under acme-logs-*"; nothing when it fits. */
void approval_explain(const struct approval *a, const struct alert *al, int64_t now, struct buf *out);

/* True, or ERR_USAGE: no account, a `*` that is not the last character, text that is too long. */
bool approval_check(const struct approval *a, struct err *err);

bool approval_stands(const struct approval *a, int64_t now); /* neither ended nor expired */

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
};

/* fits: open alerts that would become approved. outside: open alerts of an approved account that
 * stay open, with the misfit of the approval that comes nearest. reopen: alerts that an approval
 * had closed which has ended or expired since. In order of rows. */
struct approval_plan {
	struct proposal *fits, *outside, *reopen;
	size_t n_fits, n_outside, n_reopen;
};

struct approval_ask {
	int64_t now;
	int64_t only;   /* an approval's id, or 0 for all */
	row_id from;    /* only rows from this one on; reopen looks at all */
	bool automatic; /* what happens without being asked: of automatic approvals, and never an
	                 * alert that a person reopened */
};

void approval_plan(const struct approvals *s, const struct store *store,
	const struct approval_ask *ask, struct approval_plan *out);
void approval_plan_fini(struct approval_plan *p);

/* Records what a plan says: fits as `author`'s decisions (one batch, one undo), or, with
 * `automatic`, each as "approval N"'s own; reopen always as "approval N"'s. Each row names its
 * approval. What is on disk stays there when a later part fails. */
struct approval_apply {
	const struct journal_author *author;
	bool automatic;
};
bool approval_apply(struct journal *j, const struct approval_plan *p, const struct store *store,
	const struct approval_apply *how, struct err *err);

#endif
