/*
 * journal/tick: steps of the guide that were ticked, kept with their alert. The journal's newest word
 * on a step stands.
 */
#ifndef S3TRIAGE_JOURNAL_TICK_H
#define S3TRIAGE_JOURNAL_TICK_H

#include "s3triage/insight/checklist.h"

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

/* Takes in one of the journal's (copied, without `facts`); in any order, the highest seq of a step stands. */
void ticks_take(struct ticks *t, const struct tick *tick);

/* The standing words on a step of an alert: on what the alert says, and, ticked there, on other facts
 * under one of its ids. NULL: there is none. */
struct tick_found {
	const struct tick *own, *other;
};
struct tick_found ticks_find(const struct ticks *t, const struct alert *a, struct str step);

/* All steps of a list as they stand for the alert; texts are the ticks' own, or in mem. */
void ticks_apply(const struct ticks *t, const struct alert *a, struct checklist *list,
	struct arena *mem);

/* How many were taken in: whoever draws them sees by it that there is news. */
size_t ticks_version(const struct ticks *t);

#endif
