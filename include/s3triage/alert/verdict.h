/*
 * alert/verdict: what an analyst can say of an alert, and one decision as it is recorded.
 */
#ifndef S3TRIAGE_ALERT_VERDICT_H
#define S3TRIAGE_ALERT_VERDICT_H

#include "s3triage/base/str.h"
#include "s3triage/event/alert.h"

enum verdict { VERDICT_OPEN, VERDICT_APPROVED, VERDICT_SUSPICIOUS };
#define VERDICTS 3

const char *verdict_name(enum verdict v); /* open approved suspicious */
char verdict_glyph(enum verdict v);       /* ? + x */
bool verdict_parse(struct str text, enum verdict *out);

#define DECISION_REASON_MAX 200 /* bytes */
#define DECISION_NOTE_MAX 4000

/* One row of the journal. Slices are borrowed. */
struct decision {
	int64_t seq;         /* from 1, the journal's order */
	int64_t at;          /* ms, UTC: when this journal took it in */
	int64_t theirs;      /* when its analyst made it, by the team's word; 0: made here */
	struct str from_place; /* the profile that it was learned from; empty: made here */
	struct str analyst, alert_id, event_id, rule_id;
	enum verdict from, verdict;
	struct str reason, note;
	int64_t undoes;      /* seq of the decision that this one takes back, or 0 */
	bool redo;           /* it brings back what `undoes` had taken away */
	struct str whose;    /* by `undoes` the word of this other analyst stands again; else empty */
	int64_t whose_at;    /* when he spoke */
	struct str batch;    /* decisions made together share it; undo takes them together */
	int64_t approval;    /* the approval that it follows, or 0 */
	struct str facts;    /* the alert's row as JSON (export's shape), so export needs no source */
	struct str prev_hash, hash; /* SHA-256 hex */
	struct str unsent;   /* by outbox_history(): where it has not arrived, and why; a line a target */
};

/* Whose word stands by it: who wrote the row, but where that gave back another's. */
static inline struct str decision_who(const struct decision *d)
{
	return d->whose.n ? d->whose : d->analyst;
}

/* When that was said, by the clock that its analyst had. */
static inline int64_t decision_made(const struct decision *d)
{
	if (d->whose_at)
		return d->whose_at;
	return d->theirs ? d->theirs : d->at;
}

/* Whether it is another person's word: what an approval did in its own name is nobody's. */
bool decision_of_other(const struct decision *d, struct str analyst);

/* "approval 12", however it is spelled: the journal's word for what decides by itself, and nobody's name. */
bool analyst_is_reserved(struct str name);

#endif
