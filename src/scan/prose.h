/*
 * scan/prose (private): JSON amid other lines: behind a time or a sender's name in a line, in what
 * a shell showed, behind the requests of Dev Tools.
 */
#ifndef SRC_SCAN_PROSE_H
#define SRC_SCAN_PROSE_H

#include "skip.h"

/* At the text's first value, or what stands in its place: whether other lines are to be expected. */
bool prose_begins(struct walker *w);

/* Amid other lines, at no blank: goes on to a value that is whole and ends its line, or to one that
 * is broken, and answers true; or behind the line, which holds none. */
bool prose_to_value(struct walker *w);

/* Whether only what transports write stands before JSON in its line: a time, a stream's words, msg= and
 * the like. Behind anything else it may be somebody's words. One rule for a file's lines and for a text's. */
bool prose_own_prefix(struct str before);

/* Says at the end of the text what was passed over, and if nothing else was in it. */
void prose_end(struct walker *w);

#endif
