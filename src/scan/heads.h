/*
 * scan/heads (private): how the records begin that proved to be one event each: up to the end of the
 * first key. Only those may be passed over unread and counted as one.
 */
#ifndef SRC_SCAN_HEADS_H
#define SRC_SCAN_HEADS_H

#include "s3triage/base/str.h"

enum { HEADS_MAX = 4, HEAD_BYTES = 32 };

struct head {
	char text[HEAD_BYTES];
	size_t n;
};

struct heads {
	struct head v[HEADS_MAX];
	size_t n, last; /* last: the one that was found */
};

void heads_learn(struct heads *h, struct str record);
bool heads_know(struct heads *h, struct str record);

#endif
