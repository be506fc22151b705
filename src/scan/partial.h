/*
 * scan/partial (private): whether an answer of Elasticsearch that was saved holds all that was found.
 */
#ifndef SRC_SCAN_PARTIAL_H
#define SRC_SCAN_PARTIAL_H

#include "s3triage/base/buf.h"
#include "s3triage/base/str.h"

#include <stdint.h>

/* What the members of one answer say of it. */
struct partial {
	bool hits; /* it is an answer: its hits were entered */
	bool timed_out, partial, least;
	bool broken; /* a hit was, and that was told: how many came is not known */
	int64_t total, got, shards, failed; /* total: -1 when not said */
};

/* Takes in the value of "timed_out", "is_partial", "_shards", "shard_failures" or "total". */
void partial_read(struct partial *p, const char *key, struct str value);

/* Appends what is missing, nothing when all is there. */
void partial_say(const struct partial *p, struct buf *out);

#endif
