/*
 * signs_priv: what the files share that weigh what stands around an alert.
 */
#ifndef SRC_INSIGHT_SIGNS_PRIV_H
#define SRC_INSIGHT_SIGNS_PRIV_H

#include "context_priv.h"
#include "s3triage/insight/signs.h"

#define HOUR (INT64_C(3600) * 1000)
#define DAY (24 * HOUR)

/* One alert, and who may have done what. */
struct around_one {
	struct context *c;
	const struct alert *alert;
	struct str principal, bucket;
	row_id row;
};

static inline const struct activity *at_ref(const struct around_one *w, uint32_t id)
{
	return &event_at(w->c, id)->what;
}

/* Where its principal was before, and which of its destinations another call named. */
void sign_places(const struct around_one *w, struct arena *mem, struct signs *out);

/* What became of its configuration. */
enum now_state now_of(const struct around_one *w, struct arena *mem);

#endif
