/*
 * insight/precedent: earlier verdicts on alerts with the same destination, actor, role or bucket. Fed with
 * the journal's rows, so that it also knows of alerts that no source of today brings.
 */
#ifndef S3TRIAGE_INSIGHT_PRECEDENT_H
#define S3TRIAGE_INSIGHT_PRECEDENT_H

#include "s3triage/base/buf.h"
#include "s3triage/alert/verdict.h"

enum precedent_kind { PRECEDENT_DEST, PRECEDENT_ACTOR, PRECEDENT_ROLE, PRECEDENT_BUCKET };
#define PRECEDENT_KINDS 4
const char *precedent_kind_name(enum precedent_kind k); /* destination actor role bucket */

/* One earlier verdict that still stands. Slices belong to struct precedents. */
struct precedent_hit {
	unsigned same;       /* bits 1 << SEEN_*: what it has in common */
	int64_t seq, at, approval;
	enum verdict verdict; /* approved or suspicious */
	struct str analyst, reason, note;
	struct str alert_id, event_id;
	struct str bucket, actor;
};

/* Standing verdicts with the same destination (actor, role, bucket). */
struct precedent_count {
	size_t by_verdict[VERDICTS]; /* [VERDICT_OPEN] is always 0 */
};

struct precedents;
struct precedents *precedent_new(void);
void precedent_free(struct precedents *s);

/* Takes in one row of the journal with its facts, in any order; of an alert the highest seq stands.
 * About 2 us a row. */
void precedent_take(struct precedents *s, const struct decision *d);

/* Earlier verdicts beside an alert, the alert itself left out: most in common first, then newest
 * first; up to max into out. Returns how many there are. Destinations of the owner's own are not
 * something in common. */
size_t precedent_find(struct precedents *s, const struct alert *a, struct precedent_hit *out, size_t max);
void precedent_counts(struct precedents *s, const struct alert *a,
	struct precedent_count out[PRECEDENT_KINDS]);

/* "same destination: 2 suspicious, 1 approved (suspicious 2026-11-22, kim: theft, IR-204)": the first
 * hit, and how many have its strongest kind in common; nothing when there is none. */
void precedent_sentence(struct precedents *s, const struct alert *a, struct buf *out);

#endif
