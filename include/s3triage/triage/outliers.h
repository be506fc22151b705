/*
 * triage/outliers: among alerts that are to be decided together, those that differ from the rest,
 * and how. Pure and deterministic; the rule is in src/triage/ACCOUNTS.md.
 */
#ifndef S3TRIAGE_TRIAGE_OUTLIERS_H
#define S3TRIAGE_TRIAGE_OUTLIERS_H

#include "s3triage/base/buf.h"
#include "s3triage/triage/store.h"

enum outlier_way { OUT_DEST, OUT_ACTOR, OUT_COUNTRY, OUT_ROLE, OUT_OWNER, OUT_KEY, OUT_HOURS,
	OUT_OVERRIDE };
#define OUTLIER_WAYS 8
const char *outlier_way_name(enum outlier_way w); /* "other destination", … "outside the usual hours" */

struct outlier {
	row_id row;
	unsigned ways; /* bits 1 << OUT_*, never 0 */
};

/* What the rest looks like, for the sentence. Slices belong to the store. */
struct outliers {
	struct outlier *v; /* in the order of the rows asked about */
	size_t n;
	struct str usual[OUTLIER_WAYS]; /* the majority's value; empty: there is no majority */
	int hour_first, hour_last;      /* usual hours, UTC, inclusive; -1: none */
};

void outliers_find(const struct store *s, const row_id *rows, size_t n, struct outliers *out);
void outliers_fini(struct outliers *o);

/* "other actor: ci-bot (usual: deploy), outside the usual hours: 03:30 (usual: 08-17)" */
void outlier_explain(const struct outliers *o, const struct store *s, const struct outlier *x,
	struct buf *out);

#endif
