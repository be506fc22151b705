/*
 * pivot_priv: what the queries and the commands share.
 */
#ifndef SRC_EXPORT_PIVOT_PRIV_H
#define SRC_EXPORT_PIVOT_PRIV_H

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/export/pivot.h"

struct pivots {
	struct pivot *out;
	size_t n;
	struct arena *mem;
	char from[WHEN_TEXT_MAX], until[WHEN_TEXT_MAX];
};

/* Copies the text and clears it. */
void pivot_add(struct pivots *p, enum pivot_language language, const char *title, struct buf *text);

void pivot_commands(struct pivots *p, const struct alert *a);

#endif
