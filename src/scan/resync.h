/*
 * scan/resync (private): the search for the next record behind a broken one.
 */
#ifndef SRC_SCAN_RESYNC_H
#define SRC_SCAN_RESYNC_H

#include "skip.h"

#define RESYNC_PART "this is a part of a record whose beginning is missing: it was not read"

/* To the next brace; false at the end, or where Dev Tools' triple quotes begin: w->triple. */
bool resync_seek(struct walker *w);

/* What opens at pos is, in its line, the value of a key under which no transport puts an event. */
bool resync_behind_key(const struct walker *w);

/* A value that begins at `at` cannot be whole: it was open where another broke. */
bool resync_was_open(struct walker *w, unsigned long long at);

/* To where the search goes on behind a brace at `at` that began nothing whole. */
void resync_look_on(struct walker *w, unsigned long long at);

/* Tells that the rest is not read, and goes to its end. */
void resync_abandon(struct walker *w);

#endif
