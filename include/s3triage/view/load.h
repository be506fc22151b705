/*
 * view/load: an alert read in full from the store, for the panes and for `show`. Reads through the
 * store alone; what the journal knows is handed in.
 */
#ifndef S3TRIAGE_VIEW_LOAD_H
#define S3TRIAGE_VIEW_LOAD_H

#include "s3triage/base/mem.h"
#include "s3triage/alert/store.h"
#include "s3triage/view/panes.h"

/* A detail and what it stands on; all of it lives until loaded_fini(). */
struct loaded {
	struct detail detail;
	struct arena mem;
	struct json *ecs;
	struct rule *rule; /* the alert's own, or NULL */
	const struct decision **history;
	size_t n_history, cap_history;
	char error[600];
};

/* Row r of the store. A record that cannot be read is no failure: detail.load_error says why.
 * `rule` is that of alerts that bring none. */
void loaded_read(struct loaded *l, const struct store *store, row_id r, const struct rule *rule);

/* A journal_row_fn, ctx a struct loaded: one more decision of its history, copied. */
void loaded_take(void *loaded, const struct decision *d);

void loaded_fini(struct loaded *l);

#endif
