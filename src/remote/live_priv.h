/*
 * remote/live (private): what the files that read one cluster share. All of it belongs to that
 * cluster's thread, but for `http` and `status`, which the scan's lock guards.
 */
#ifndef SRC_REMOTE_LIVE_PRIV_H
#define SRC_REMOTE_LIVE_PRIV_H


#include "s3triage/scan/dedup.h"
#include "s3triage/scan/hits.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json_write.h"
#include "s3triage/remote/answer.h"
#include "s3triage/remote/ask.h"
#include "s3triage/remote/server.h"

struct live {
	struct scan *s;
	struct profile *profile;
	struct http *http;
	struct live_status status;
	struct server server;
	struct hits *hits;
	struct dedup dedup;
	bool detected, no_eql, no_pit; /* learnt from what the server refused */
	int64_t page;
};

/* One reading: what to ask, and where it has come to. */
struct reading {
	struct ask ask;
	struct arena mem;      /* of the point in time and the sort values */
	size_t hits, fresh;    /* of the last page */
	int64_t oldest;        /* @timestamp of its oldest hit, WHEN_NONE */
	struct buf after;      /* the last hit's sort values */
	struct buf pit;
	unsigned reopened;
	bool more;             /* there is a next page */
	bool by_id;            /* pages go by the order of ids, without a point in time */
	bool cut;              /* a full page after which no other could be asked for */
	size_t came;           /* hits that came, each once */
	int64_t total;         /* that the server counted at the first page; -1: not said exactly */
};

/* live_call.c. A failed call has told nobody yet; `body` is the caller's. */
struct live_call {
	const char *method, *path;
	struct str body;
	bool idempotent;
	enum answer_fault fault;    /* out */
	long status;                /* out */
	bool is_elastic;            /* out: X-elastic-product */
};
bool live_call(struct live *l, struct live_call *c, struct buf *answer, struct err *err);
void live_note(struct live *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void live_problem(struct live *l, const struct err *err);
bool live_detect(struct live *l, struct err *err);

/* live_page.c: the hits of an answer into the batch. False: stopped or not readable. */
bool live_page(struct live *l, struct reading *g, struct answer *a, struct err *err);

/* live_search.c, live_eql.c: everything within since..until, newest page first. */
bool live_search(struct live *l, struct reading *g, struct err *err);
bool live_eql(struct live *l, struct reading *g, struct err *err);
bool live_signals(struct live *l, struct reading *g, struct err *err);

/* Whether less came than there is. */
bool live_short(const struct reading *g);

/* Asks page after page, each older than the one before, for requests without a cursor. */
typedef bool (*live_ask_fn)(struct live *l, struct reading *g, struct err *err);
bool live_keyset(struct live *l, struct reading *g, live_ask_fn ask, struct err *err);

#endif
