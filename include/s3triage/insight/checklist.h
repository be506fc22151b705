/*
 * insight/checklist: a rule's guide as steps that can be ticked. What is a step: HANDOFF.md of this
 * folder. Steps that the alert's own data answer carry the answer as evidence; nothing is ticked by
 * itself.
 */
#ifndef S3TRIAGE_INSIGHT_CHECKLIST_H
#define S3TRIAGE_INSIGHT_CHECKLIST_H

#include "s3triage/base/mem.h"
#include "s3triage/event/alert.h"
#include "s3triage/event/call.h"

#define CHECKLIST_STEPS_MAX 200
#define CHECKLIST_NOTE_MAX ((size_t)256 << 10)
#define CHECKLIST_TITLE_MAX 100 /* bytes */
#define CHECKLIST_KEY_LEN 12

/* What a step is for, by the headings that it stands under. Only the first kind is asked for when
 * a verdict is given. */
enum checklist_phase { PHASE_INVESTIGATE, PHASE_FALSE_POSITIVE, PHASE_RESPOND };
const char *checklist_phase_name(enum checklist_phase p); /* investigate false-positive respond */

struct checklist_step {
	struct str key;      /* 12 hex digits: the step's text alone decides it, so that it stays the
			      * same when the guide around it changes */
	struct str heading;  /* the nearest one, plain text */
	struct str title;    /* the first words, plain text, for one line */
	struct str text;     /* all of it, its nested items too, plain text */
	enum checklist_phase phase;
	uint32_t asks;       /* which answers its words ask for; checklist_answer() knows them */
	struct str evidence; /* one sentence from the alert or the book; empty: not answered */
	bool ticked;
	struct str ticked_by;
	int64_t ticked_at;   /* ms */
	struct str note;     /* what was written to the tick; may be empty */
	struct str other_by; /* not ticked, but by this one when the alert's id stood for other facts */
	int64_t other_at;
};

struct checklist {
	struct checklist_step *steps; /* in the order of the guide; in mem */
	size_t n;
	bool cut;            /* the guide is longer or has more steps than the maximum */
};

/* Reads the steps out of a guide (Markdown of anybody's). Never fails. */
void checklist_read(struct str note, struct arena *mem, struct checklist *out);

/* How far a guide says that one should look around an alert: "two weeks back", "the preceding 24 hours".
 * The furthest up to 90 days; `usual` where it does not say. */
int64_t checklist_window(struct str note, int64_t usual);

/* What answers steps besides the alert; empty texts know nothing. */
struct checklist_known {
	struct str account;  /* whose the destination is, as one sentence */
	const struct call_seen *seen; /* by enum call, see context_calls_around(); NULL: not known */
	size_t looked;       /* events of the principal among which they were sought */
	int64_t window_ms;   /* so far before and after the alert */
	struct str before;   /* what earlier verdicts or configurations say, as one sentence */
};

/* Fills `evidence` where a step asks for what is known (the table of words: checklist_answer.c). */
void checklist_answer(struct checklist *list, const struct alert *a,
	const struct checklist_known *known, struct arena *mem);

/* The same for another alert: the steps copied into mem, without evidence and ticks. */
void checklist_copy(const struct checklist *from, struct arena *mem, struct checklist *out);

/* Marks one step; false when no step has the key. */
bool checklist_tick(struct checklist *list, struct str key, bool done, struct str by, int64_t at);

/* Steps to investigate: ticked by somebody; not ticked, but answered by data; neither. */
size_t checklist_done(const struct checklist *list);
size_t checklist_answered(const struct checklist *list);
size_t checklist_open(const struct checklist *list);

#endif
