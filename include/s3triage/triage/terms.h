/*
 * triage/terms: one approval and what the journal records of it. Apart from approval.h so that the
 * journal need not know what approvals do.
 */
#ifndef S3TRIAGE_TRIAGE_TERMS_H
#define S3TRIAGE_TRIAGE_TERMS_H

#include "s3triage/base/str.h"

#define APPROVAL_TEXT_MAX 500 /* bytes, of each field */

/* Slices are borrowed (from the journal's row, or from struct approvals). */
struct approval {
	int64_t id;              /* seq of the row that granted it; 0: not recorded yet */
	int64_t at;              /* ms: when it was granted */
	struct str by;           /* who granted it */
	struct str account;      /* 12 digits: who may receive */
	struct str role;         /* ARN or the name after the last '/', see approval.h for `*` */
	struct str bucket;       /* the bucket that is replicated */
	struct str actor;        /* who sets it up: short name or ARN */
	int64_t until;           /* ms, the first moment when it holds no more; WHEN_NONE: no end */
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

#endif
