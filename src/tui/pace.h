/*
 * pace: whether a hand can have struck two keys one after the other. Private to tui.
 */
#ifndef TUI_PACE_H
#define TUI_PACE_H

#include "s3triage/config/key.h"

/* Milliseconds. From a key to one that records, or behind it, a hand that means both takes longer than
 * within a word. A key that is held comes every 15 to 60, the first time after 200 to 1000: only past that
 * the same key is a second press. READ: a question stands as long before it can have been read. CALM: who
 * reads that a key was refused strikes it again later than that. */
enum { PACE_OTHER = 70, PACE_SAME = 10, PACE_HELD = 120, PACE_CALM = 250, PACE_READ = 400,
	PACE_AGAIN = 1000 };

/* A key is read when there is time to: it came between two moments. */
struct stroke {
	struct key key;
	int64_t since; /* ms: none waited then */
	int64_t at;    /* ms: it was there */
	bool held;     /* it is held down: another finger may strike at any time */
};

/* Whatever kept us from looking, keys are as near to each other as they can have been. Also notes in *after
 * whether it is held. */
bool pace_by_hand(const struct stroke *before, struct stroke *after);

/* Whether it may be the first repeat of the one that was taken, held down. */
bool pace_again(const struct stroke *taken, const struct stroke *s);

#endif
