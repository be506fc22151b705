/*
 * scan/many (private): some forty byte strings searched at once, for scans that look for the
 * calls around an alert too.
 */
#ifndef SRC_SCAN_MANY_H
#define SRC_SCAN_MANY_H

#include "needle.h"

#define MANY_MAX 64
#define MANY_GROUPS 8 /* bits of a byte */
#define MANY_HEAD 4   /* bytes that all strings have at least */

struct many {
	struct needle v[MANY_MAX]; /* by group */
	bool whole[MANY_MAX];      /* a JSON string's whole text: a quote or backslash follows */
	size_t n;
	size_t groups[MANY_GROUPS + 1];
	struct escapes escapes;
	uint8_t low[MANY_HEAD][16], high[MANY_HEAD][16]; /* groups by half a byte */
	uint8_t bytes[MANY_HEAD][256];                   /* and by a byte */
};

/* What `rule` looks for, alerts of every age, and the names of event/call.h. */
void many_init(struct many *m, const struct needles *rule);

/* Offset of the first place where one begins, or STR_NONE. */
size_t many_find(const struct many *m, const char *p, size_t n);

#endif
