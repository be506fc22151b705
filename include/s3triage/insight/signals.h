/*
 * insight/signals: what is odd about an alert, each as one sentence with the value that it rests on.
 * They order the list and never decide anything.
 */
#ifndef S3TRIAGE_INSIGHT_SIGNALS_H
#define S3TRIAGE_INSIGHT_SIGNALS_H

#include "s3triage/base/buf.h"
#include "s3triage/alert/signal.h"
#include "s3triage/alert/store.h"
#include "s3triage/insight/signs.h"

/* What is known elsewhere; a member that is NULL knows nothing, and its signals are never seen. */
enum signal_account { SIGNAL_ACCOUNT_UNKNOWN, SIGNAL_ACCOUNT_KNOWN, SIGNAL_ACCOUNT_FLAGGED };
struct signals_asks {
	void *ctx;
	enum signal_account (*account)(void *ctx, struct str account);
	/* What stands around the alert. */
	void (*signs)(void *ctx, row_id r, struct arena *mem, struct signs *out);
	/* What differs from the alerts like it: of SIGNALS_UNUSUAL, and one of them in words. It is of the
	 * alerts that were there when `count` was called last, which is when no more come. */
	void (*count)(void *ctx);
	signal_set (*unusual)(void *ctx, row_id r);
	void (*unusual_text)(void *ctx, row_id r, enum signal_index i, struct buf *out);
	int64_t (*now)(void *ctx); /* this machine's clock; WHEN_NONE: the alerts have a time of their own */
};

/* Keeps the bits of every row of the store up to date: signals_update() writes them with
 * store_set_signals(), which counts as a change of the row where they differ. */
struct signals;
struct signals *signals_new(struct store *s); /* borrowed */
void signals_free(struct signals *g);

/* Copied; what it points to is borrowed. All rows are looked at again: call it after the book or
 * the related events changed, too. */
void signals_ask(struct signals *g, const struct signals_asks *asks);

/* All rows are looked at again: what the asks answer has changed. */
void signals_again(struct signals *g);

/* Looks at rows that arrived, and at those that others made stale, at most `most` of them (0: all).
 * True when there is more to do. */
bool signals_update(struct signals *g, size_t most);

struct signal {
	enum signal_index index;
	int weight;
	struct str text; /* one sentence without a full stop, holds text of the event; in mem */
};

/* The row's signals, heaviest first, at most SIGNAL_COUNT. Returns how many. */
size_t signals_list(struct signals *g, row_id r, struct arena *mem, struct signal *out);

/* Writes ,"signals":[{"name","weight","text"} …],"signal_score":N for an object that has members
 * before it. */
struct members;
void signals_json(struct members *m, struct signals *g, row_id r);

#endif
