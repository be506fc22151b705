/*
 * insight/context: what stands around the alerts: related events of the sources, and the alerts
 * themselves, found by principal and by bucket. Bounded: one principal's events of one kind push
 * out no others. Owned by the thread that owns the store.
 */
#ifndef S3TRIAGE_INSIGHT_CONTEXT_H
#define S3TRIAGE_INSIGHT_CONTEXT_H

#include "s3triage/event/activity.h"
#include "s3triage/alert/store.h"

#define CONTEXT_EVENTS_MAX 250000       /* in all */
#define CONTEXT_SAME_MAX 1000           /* of one principal and action */
#define TIMELINE_MAX 500                /* entries in one answer */

/* An event beside the alerts, as a scan finds it. Slices are borrowed. */
struct related {
	struct activity what;
	bool replication;     /* a near miss, near_miss_is(): `alert` and `raw` are filled */
	struct alert alert;   /* its facts, read as if the rule had matched */
	struct str raw;
	struct str why;       /* why the rule did not match; empty when it did (but the event was left
			       * out by --since or --until) */
};

struct context;
struct context *context_new(const struct store *alerts); /* borrowed */
void context_free(struct context *c);

/* Copies one in, once each (by event id). */
void context_add(struct context *c, const struct related *r);

/* How many are held, and how many came but were over a maximum. */
size_t context_count(const struct context *c);
size_t context_dropped(const struct context *c);

/* ---- around one alert ---------------------------------------------------------------------- */

struct timeline_entry {
	int64_t time;
	struct str action;       /* the call; of an alert that is no replication its rule's name */
	struct str actor, who, principal, bucket, target, result, ip, event_id;
	enum call kind;        /* its group: call_group(kind) */
	row_id row;              /* the alert that it is, ROW_NONE for all other events */
	row_id near;             /* its row among the near misses, or ROW_NONE */
	bool alert;              /* the rule matches it, also where the options left it out of the alerts */
	bool self;               /* the alert that was asked about */
	bool same_principal, same_bucket;
	bool opens, behind;      /* it opened a session of the role; a call of who opened the alert's */
	struct str part;         /* these two in words, for people; or empty */
	bool named;              /* the guide names this action */
};

struct timeline_want {
	int64_t window_ms;       /* before and after the alert */
	struct str guide;        /* the rule's note: actions that stand in it are named; empty: the
				  * built-in guide's */
	size_t max;              /* entries, those nearest to the alert; 0 = TIMELINE_MAX */
};

struct timeline {
	const struct timeline_entry *entries; /* by time */
	size_t n;
	size_t left_out;         /* more in the window than `max`; may count one twice that is both
				  * the principal's and on the bucket */
	bool timeless;           /* the alert has no time: nothing is around it */
};

/* Events of the same principal or on the same bucket, the alert's own among them; what opened sessions of its
 * role, and, where that names the alert's key, what its caller did, and the caller's before it. `mem` owns
 * the entries; their slices live as long as the context and the store. O(log n + answer). */
void context_timeline(struct context *c, row_id row, const struct timeline_want *want,
	struct arena *mem, struct timeline *out);

/* Which actions the alert's principal did or tried in the `before_ms` before it: bit (1 << call).
 * *refused (may be NULL): those of them that never succeeded. */
uint64_t context_calls(struct context *c, row_id row, int64_t before_ms, uint64_t *refused);

/* What the alert's principal did or tried of one call, around the alert. */
struct call_seen {
	uint32_t n, refused;
	int64_t first, last;
};

/* By call, `window_ms` before and after it. How many events of the principal were looked at. */
size_t context_calls_around(struct context *c, row_id row, int64_t window_ms,
	struct call_seen out[CALL_COUNT]);

/* ---- near misses --------------------------------------------------------------------------- */

struct near_miss {
	row_id near;             /* row among the near misses */
	const struct alert *alert;
	struct str action, result;
	struct str why;          /* "names no account", "the call failed: AccessDenied" … */
};

/* All near misses by time, then id; or those of the alert's principal or bucket. In mem. */
struct near_miss *context_near_misses(struct context *c, struct arena *mem, size_t *n);
struct near_miss *context_near_of(struct context *c, row_id row, struct arena *mem, size_t *n);

/* ---- a bucket's configurations -------------------------------------------------------------- */

/* One configuration event that succeeded: an alert's, or one beside them. */
struct config_event {
	const struct store *store; /* the alerts, or the near misses */
	row_id row;                /* there; ROW_NONE: the bucket itself was deleted */
	enum call call;
	int64_t time;
	const struct activity *what; /* the call; NULL: an alert's */
};

/* Who did it, as alert_who(). */
struct str config_event_who(const struct config_event *e, char tmp[ALERT_WHO_MAX]);

/* The bucket's last one before the alert, and the first one after it. False: there is none. */
bool context_config_before(struct context *c, row_id row, struct config_event *out);
bool context_config_after(struct context *c, row_id row, struct config_event *out);
/* The bucket has another one that has no time, or this one has none: which came first is not known. */
bool context_config_timeless(struct context *c, row_id row);
/* And the last one of all, if it came after the alert or in its second. */
bool context_config_last(struct context *c, row_id row, struct config_event *out);

#endif
