/*
 * scan/dedup: which documents were handed on already, by index and id, and in which
 * state. Two generations bound the memory: what was not seen again for DEDUP_MAX others is forgotten.
 */
#ifndef S3TRIAGE_SCAN_DEDUP_H
#define S3TRIAGE_SCAN_DEDUP_H

#include "s3triage/base/buf.h"
#include "s3triage/base/table.h"

#define DEDUP_MAX ((size_t)2 << 20)

struct dedup_set {
	struct table table;
	uint64_t *v;
	uint32_t *state; /* beside v; NULL while all are 0 */
	size_t n, cap;
};

struct dedup {
	struct dedup_set fresh, old;
};

struct dedup_doc {
	struct str index, id;
	uint32_t state; /* workflow_hash() of an alert; 0 for what does not change */
};

/* True when it was there already, and its last state was this one. */
bool dedup_add(struct dedup *s, const struct dedup_doc *d);
void dedup_fini(struct dedup *s);

#endif
