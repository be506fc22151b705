/*
 * intern_priv: each different string once, so that equal strings have equal pointers.
 */
#ifndef S3TRIAGE_BASE_INTERN_H
#define S3TRIAGE_BASE_INTERN_H

#include "s3triage/base/table.h"

/* Ready when zeroed. */
struct intern {
	struct table table;
	struct str *v;
	size_t n, cap;
	struct arena mem;
};

/* The one copy of s, NUL-terminated; empty strings give {NULL, 0}. */
struct str intern(struct intern *t, struct str s);
void intern_fini(struct intern *t);

#endif
