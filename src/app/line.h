/*
 * line: one line of text being typed, for the filter, search, menus and notes.
 */
#ifndef APP_LINE_H
#define APP_LINE_H

#include "s3triage/config/key.h"
#include "s3triage/base/buf.h"

struct line {
	struct buf text;
	size_t cursor; /* byte offset, on a code point's edge */
};

void line_init(struct line *l, size_t max);
void line_fini(struct line *l);
struct str line_str(const struct line *l);
void line_set(struct line *l, struct str s); /* the cursor goes to the end */

/* Newlines and other controls become blanks, hostile characters stay (the canvas shows them);
 * invalid bytes become U+FFFD. False when it does not fit: nothing is inserted then. */
bool line_insert(struct line *l, struct str s);

/* True when the key was an editing key or a character. */
bool line_key(struct line *l, struct key k);

#endif
