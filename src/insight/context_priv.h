/*
 * context_priv: what the context's files share.
 */
#ifndef SRC_INSIGHT_CONTEXT_PRIV_H
#define SRC_INSIGHT_CONTEXT_PRIV_H

#include "index_priv.h"
#include "s3triage/base/intern.h"

#include "s3triage/insight/context.h"

/* Ids in the index: an alert's row with this bit, else the number of an event. */
#define REF_ALERT (UINT32_C(1) << 31)

struct event {
	struct activity what; /* interned; the id is in `mem` */
	row_id near;          /* ROW_NONE: it is about no bucket's configuration */
};

struct near_facts {
	struct str why, result;
	enum call call;
};

enum { CONTEXT_CHUNK = 1024 };

/* By what an alert stands in the index. */
struct alert_keys {
	const char *principal, *bucket; /* interned */
	int64_t time;
};

struct context {
	const struct store *alerts;
	size_t rows;          /* of the alerts, so many are in the index */
	struct alert_keys *keys; /* by row */
	size_t keys_cap, seen_changes;
	struct event **chunks;
	size_t n, dropped;
	struct index index;
	struct intern words;
	struct arena mem;
	struct table ids;     /* events by event id */
	struct store *near;
	struct near_facts *facts; /* by row of `near` */
	size_t facts_cap;
};

static inline const struct event *event_at(const struct context *c, uint32_t id)
{
	return &c->chunks[id / CONTEXT_CHUNK][id % CONTEXT_CHUNK];
}

/* Takes the alerts into the index that came since the last call. */
void context_update(struct context *c);

/* The interned principal and bucket of an alert. */
struct str context_principal(struct context *c, const struct alert *a);
struct str context_bucket(struct context *c, const struct alert *a);

/* The interned key of a principal at an address; empty where either is not said. */
struct str context_place(struct context *c, struct str principal, struct str ip);

/* An alert that set a replication configuration, as far as its facts tell. */
bool alert_is_config(const struct alert *a);

/* The last of the bucket's, where they came after the alert or in its second: all that are of one time. */
enum { CONFIG_LAST_MAX = 16 };
size_t context_configs_last(struct context *c, row_id row, struct config_event out[CONFIG_LAST_MAX]);

/* Whether the word stands in the text by itself. */
bool text_holds_word(struct str text, struct str word);

#endif
