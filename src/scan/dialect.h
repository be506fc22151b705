/*
 * scan/dialect (private): what Kibana's Dev Tools writes and JSON does not know: texts in triple
 * quotes and comments. Where a text is broken neither is looked for.
 */
#ifndef SRC_SCAN_DIALECT_H
#define SRC_SCAN_DIALECT_H

#include "skip.h"

#include "s3triage/base/buf.h"

/* Behind the string "" in a value's place: goes on to the end of the text in triple quotes when it
 * was the beginning of one. False: w->why. */
bool dialect_text(struct walker *w);

/* At a '#' or a '/': passes the comment over. False when there is none, nothing moved then. */
bool dialect_comment(struct walker *w);

/* Whether the value at pos is written with a line for each member, as Dev Tools does. */
bool dialect_pretty(struct walker *w);

/* The same value as plain JSON. */
void dialect_plain(struct str text, bool pretty, struct buf *out);

#endif
