/*
 * scan/multi_needle (private): some forty byte strings searched at once, for scans that look for the
 * calls around an alert too.
 */
#ifndef SRC_SCAN_MULTI_NEEDLE_H
#define SRC_SCAN_MULTI_NEEDLE_H

#include "needle.h"

#include "s3triage/insight/deeds.h"

#define MULTI_NEEDLE_MAX 64
#define MULTI_NEEDLE_GROUPS 8 /* bits of a byte */
#define MULTI_NEEDLE_HEAD 4   /* bytes that all strings have at least */

struct multi_needle {
	struct needle v[MULTI_NEEDLE_MAX]; /* by group */
	bool whole[MULTI_NEEDLE_MAX];      /* a JSON string's whole text: a quote or backslash follows */
	size_t n;
	size_t groups[MULTI_NEEDLE_GROUPS + 1];
	struct escapes escapes;
	uint8_t low[MULTI_NEEDLE_HEAD][16], high[MULTI_NEEDLE_HEAD][16]; /* groups by half a byte */
	uint8_t bytes[MULTI_NEEDLE_HEAD][256];                   /* and by a byte */
};

/* What `rule` looks for, alerts of every age, and the names of event/call.h. */
void multi_needle_init(struct multi_needle *m, const struct needles *rule);

/* The words of whom is asked about; false: some have none, or there are too many. */
bool multi_needle_deeds(struct multi_needle *m, const struct deed_wants *wants);

/* Offset of the first place where one begins, or STR_NONE. */
size_t multi_needle_find(const struct multi_needle *m, const char *p, size_t n);

#endif
