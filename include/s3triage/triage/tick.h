/*
 * triage/tick: steps of the guide that were ticked, kept with their alert. The journal's newest word
 * on a step stands.
 */
#ifndef S3TRIAGE_TRIAGE_TICK_H
#define S3TRIAGE_TRIAGE_TICK_H

#include "s3triage/event/alert.h"

#define TICK_STEP_MAX 100 /* bytes of a step's key */
#define TICK_TEXT_MAX 1000

/* One step ticked or taken back. Slices are borrowed. */
struct tick {
	int64_t seq, at;     /* seq 0: not in the journal yet */
	struct str analyst;
	struct str alert_id, event_id, rule_id;
	struct str step;     /* the step's stable key */
	bool done;
	struct str text;     /* what was found, may be empty */
	struct str facts;    /* of its alert, as a decision keeps them; empty in older journals */
	const struct alert *about; /* whose facts are to be recorded with it; NULL when it is read */
};

struct ticks;
struct ticks *ticks_new(void);
void ticks_free(struct ticks *t);

/* Takes in one of the journal's (copied); in any order, the highest seq of a step stands. */
void ticks_take(struct ticks *t, const struct tick *tick);

/* The standing word on a step of an alert, or NULL when there was none, or it was about other facts. */
const struct tick *ticks_find(const struct ticks *t, const struct alert *a, struct str step);

/* How many were taken in: whoever draws them sees by it that there is news. */
size_t ticks_version(const struct ticks *t);

#endif
