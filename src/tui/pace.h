/*
 * pace: whether a hand can have struck two keys one after the other. Private to tui.
 */
#ifndef TUI_PACE_H
#define TUI_PACE_H

#include "s3triage/config/key.h"

/* Milliseconds. From a key to one that records, or behind it, a hand that means both takes longer than
 * within a word. A key that is held comes every 15 to 60, the first time after 200 to 1000. READ: a
 * question stands as long before it can have been read. CALM: who reads that a key was refused strikes
 * it again later than that. */
enum { PACE_OTHER = 70, PACE_SAME = 10, PACE_HELD = 120, PACE_CALM = 250, PACE_READ = 400 };

struct stroke {
	struct key key;
	int64_t at; /* ms, when it came */
	bool held;  /* it is held down: another finger may strike at any time */
};

/* Also notes in *after whether it is held. */
bool pace_by_hand(const struct stroke *before, struct stroke *after);

/* Those that were read at once came at some time in (from, to]: while the program worked, one types. */
void pace_spread(struct stroke *v, size_t n, int64_t from, int64_t to);

#endif
