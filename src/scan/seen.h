/*
 * scan/seen (private): which documents were handed on already, by index and id, and in which
 * state. Two generations bound the memory: what was not seen again for SEEN_MAX others is forgotten.
 */
#ifndef SRC_SCAN_SEEN_H
#define SRC_SCAN_SEEN_H

#include "s3triage/base/buf.h"
#include "s3triage/base/table.h"

#define SEEN_MAX ((size_t)2 << 20)

struct seen_set {
	struct table table;
	uint64_t *v;
	uint32_t *state; /* beside v; NULL while all are 0 */
	size_t n, cap;
};

struct seen {
	struct seen_set fresh, old;
};

struct seen_doc {
	struct str index, id;
	uint32_t state; /* workflow_hash() of an alert; 0 for what does not change */
};

/* True when it was there already, and its last state was this one. */
bool seen_add(struct seen *s, const struct seen_doc *d);
void seen_fini(struct seen *s);

#endif
