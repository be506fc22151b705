/*
 * seen_priv: standing verdicts, and the names by which alerts have something in common.
 */
#ifndef SRC_INSIGHT_SEEN_PRIV_H
#define SRC_INSIGHT_SEEN_PRIV_H

#include "s3triage/base/intern.h"
#include "s3triage/insight/seen.h"

/* One alert's newest decision. */
struct past {
	struct seen_hit hit;
	const struct content *about;
	bool dead;            /* decided again since */
	uint32_t stamp;       /* of the question that `hit.same` belongs to */
};

/* A value of a kind, and the numbers of the pasts that have it. */
struct shelf {
	struct str value;     /* interned */
	uint32_t kind;
	uint32_t *v;
	size_t n, cap;
};

struct shelves {
	struct table table;
	struct shelf *v;
	size_t n, cap;
	struct intern words;
};

void shelves_put(struct shelves *s, enum seen_kind kind, struct str value, uint32_t past);
const struct shelf *shelves_find(const struct shelves *s, enum seen_kind kind, struct str value);
void shelves_fini(struct shelves *s);

/* Each value that an alert or a decision's facts have, by kind; empty ones and the owner's own
 * accounts left out. */
typedef void (*seen_value_fn)(void *ctx, enum seen_kind kind, struct str value);
void seen_values(const struct alert *a, seen_value_fn fn, void *ctx);
void seen_facts(struct str facts, seen_value_fn fn, void *ctx);

#endif
