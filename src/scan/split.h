/*
 * scan/split (private): a text of any layout -> its records. NDJSON, pretty-printed or
 * concatenated documents, arrays, and the envelopes of CloudTrail files, lookup-events and
 * Elasticsearch answers, told apart as they come. A broken record hides no other one.
 */
#ifndef SRC_SCAN_SPLIT_H
#define SRC_SCAN_SPLIT_H

#include "feed.h"
#include "needle.h"

/* SPLIT_KNOWN: one event by itself. SPLIT_HOLDS: it was read, but others that begin like it may hold any
 * number of events, so that none of them may be passed over. */
enum split_kind { SPLIT_UNKNOWN, SPLIT_KNOWN, SPLIT_HOLDS };

struct split_record {
	struct str text;       /* one balanced JSON object, array or string, in the feed's window */
	unsigned long long at; /* where it begins */
	bool resync;           /* found while looking for the end of a broken one: if it is of no
	                          known shape, it is a part of that one and not worth a word */
	bool line;             /* it begins a line, as no part of a record on one line does */
	bool beside;           /* a part of an answer that need not hold anything */
	struct str found_in;   /* where, when it may be somebody's words; or empty */
	size_t held;           /* set by who reads it: the events that were found in it */
};

struct split_sink {
	void *ctx;
	enum split_kind (*record)(void *ctx, struct feed *f, struct split_record *r);
	void (*passed)(void *ctx, size_t records); /* without a needle */
	void (*problem)(void *ctx, struct feed *f, unsigned long long at, const char *text);
	bool (*stop)(void *ctx);
	const struct needles *needles; /* NULL: every record is handed over */
	void (*note)(void *ctx, const char *text); /* a word, no problem; may be NULL */
	unsigned long long until;      /* lines that begin behind it are left alone; 0 = none */
};

/* Where a value ended that began in the part and went on in the next one's lines; else 0. */
unsigned long long split_run(struct feed *f, const struct split_sink *sink);

#endif
