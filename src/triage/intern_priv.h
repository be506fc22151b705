/*
 * intern_priv: each different string once, so that equal strings have equal pointers.
 */
#ifndef SRC_TRIAGE_INTERN_PRIV_H
#define SRC_TRIAGE_INTERN_PRIV_H

#include "s3triage/base/mem.h"

struct intern_slot {
	const char *p; /* NULL: free */
	uint32_t n, hash;
};

/* Ready when zeroed. */
struct intern {
	struct intern_slot *slots;
	size_t used, cap; /* cap is 0 or a power of two */
	struct arena mem;
};

/* The one copy of s, NUL-terminated; empty strings give {NULL, 0}. */
struct str intern(struct intern *t, struct str s);
size_t intern_bytes(const struct intern *t);
void intern_fini(struct intern *t);

#endif
