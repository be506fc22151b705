/*
 * seen_priv: standing verdicts, and the names by which alerts have something in common.
 */
#ifndef SRC_INSIGHT_PRECEDENT_PRIV_H
#define SRC_INSIGHT_PRECEDENT_PRIV_H

#include "s3triage/base/intern.h"
#include "s3triage/insight/precedent.h"

/* One alert's newest decision. */
struct past {
	struct precedent_hit hit;
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

void shelves_put(struct shelves *s, enum precedent_kind kind, struct str value, uint32_t past);
const struct shelf *shelves_find(const struct shelves *s, enum precedent_kind kind, struct str value);
void shelves_fini(struct shelves *s);

/* Each value that an alert or a decision's facts have, by kind; empty ones and the owner's own
 * accounts left out. */
typedef void (*precedent_value_fn)(void *ctx, enum precedent_kind kind, struct str value);
void precedent_values(const struct alert *a, precedent_value_fn fn, void *ctx);
void precedent_facts(struct str facts, precedent_value_fn fn, void *ctx);

#endif
