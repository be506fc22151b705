/*
 * source/seen (private): which documents were handed on already, by index and id. Two generations
 * bound the memory: what was not seen again for SEEN_MAX others is forgotten.
 */
#ifndef S3TRIAGE_SRC_SOURCE_SEEN_H
#define S3TRIAGE_SRC_SOURCE_SEEN_H

#include "s3triage/base/buf.h"

#define SEEN_MAX ((size_t)2 << 20)

struct seen_set {
	uint64_t *v;
	size_t n, cap;
};

struct seen {
	struct seen_set fresh, old;
};

/* True when it was there already. */
bool seen_add(struct seen *s, struct str index, struct str id);
void seen_fini(struct seen *s);

#endif
