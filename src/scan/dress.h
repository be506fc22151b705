/*
 * scan/dress (private): what programs put around each line or byte of a text: a terminal's colours, a
 * container's or a mail's mark before each line, a mail's coding. Behind it is the text as it was.
 */
#ifndef SRC_SCAN_DRESS_H
#define SRC_SCAN_DRESS_H

#include "feed.h"

enum { DRESS_PREFIX_MAX = 128 };

struct dress {
	struct feed feed;   /* the text without it */
	struct feed *below;
	bool (*step)(struct dress *d, char **out); /* takes something; false at the end */
	char prefix[DRESS_PREFIX_MAX]; /* any digits stand for one another */
	size_t prefix_n;
	bool within;        /* a line whose beginning was looked at */
};

/* False: the first bytes of `below` do not show such a thing, and nothing was opened. `json`: they begin
 * as JSON, which has nothing before its lines. */
bool dress_open(struct dress *d, struct feed *below, bool json);
void dress_close(struct dress *d);

#endif
