/*
 * index_priv: events by key, each key's sorted by time when they are asked for. Keys are interned
 * strings: equal ones have equal pointers.
 */
#ifndef SRC_INSIGHT_INDEX_PRIV_H
#define SRC_INSIGHT_INDEX_PRIV_H

#include "s3triage/base/table.h"

/* Which question a key answers; INDEX_CALL + enum call: a principal's events of that call. */
/* INDEX_OPENS: who opened sessions of a role; INDEX_MADE: what made a key. */
enum index_kind { INDEX_PRINCIPAL, INDEX_BUCKET, INDEX_CONFIG, INDEX_PLACE, INDEX_ACCOUNT, INDEX_OPENS,
	INDEX_MADE, INDEX_CALL };

struct ref {
	int64_t time;
	uint32_t id;
};

struct refs {
	struct ref *v; /* by time, then id */
	size_t n, cap;
	bool mixed;    /* not sorted yet */
	const char *key;
	unsigned kind;
};

/* Ready when zeroed. */
struct index {
	struct table table;
	struct refs *lists;
	size_t n, cap;
};

/* Does nothing for an empty key. */
void index_add(struct index *x, unsigned kind, struct str key, struct ref ref);

/* NULL when there is none. Valid until the next index_add(). */
const struct refs *index_get(struct index *x, unsigned kind, struct str key);

/* The first that is not before `ref`; n when there is none. */
size_t refs_from(const struct refs *list, struct ref ref);

void index_fini(struct index *x);

#endif
