/*
 * pace: whether a hand can have struck two keys one after the other. Private to tui.
 */
#ifndef TUI_PACE_H
#define TUI_PACE_H

#include "s3triage/config/key.h"

/* Milliseconds. Fast hands need 40 from one key to another; a key that is held comes every 15 to 40.
 * CALM: who reads that a key was refused strikes it again later than that. */
enum { PACE_OTHER = 30, PACE_SAME = 10, PACE_HELD = 100, PACE_CALM = 250 };

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
