/*
 * insight/diff: what a replication request changed. The event replaces the whole configuration and
 * has no before: it is compared with the bucket's previous one in the sources.
 */
#ifndef S3TRIAGE_INSIGHT_DIFF_H
#define S3TRIAGE_INSIGHT_DIFF_H

#include "s3triage/insight/context.h"

#define DIFF_LINES_MAX 100

enum diff_kind { DIFF_DEST_ADDED, DIFF_DEST_REMOVED, DIFF_FILTER_WIDER, DIFF_FILTER_NARROWER,
	DIFF_FILTER_OTHER, DIFF_ROLE, DIFF_TURNED_ON, DIFF_TURNED_OFF, DIFF_RULE_ADDED,
	DIFF_RULE_REMOVED, DIFF_SAME, DIFF_DEST_CHANGED, DIFF_OTHER };
const char *diff_kind_name(enum diff_kind k); /* "destination-added" … for JSON */

struct diff_line {
	enum diff_kind kind;
	bool more;           /* more leaves the bucket, or leaves it more freely, than before */
	struct str text;     /* one sentence; holds text of the event */
};

enum diff_base { DIFF_BASE_NONE,    /* no earlier configuration in these sources */
	DIFF_BASE_CONFIG,           /* compared with an earlier one */
	DIFF_BASE_DELETED,          /* the last thing before was its deletion */
	DIFF_BASE_UNREADABLE };     /* there is one, but its request cannot be read */

struct diff {
	enum diff_base base;
	struct config_event before, after; /* see has_after */
	bool has_after;
	struct str head;     /* one sentence: what it is compared with, or that there is nothing */
	struct str later;    /* one sentence: deleted or replaced later; empty: neither is known */
	const struct diff_line *lines;
	size_t n_lines;
	size_t left_out;     /* more than DIFF_LINES_MAX */
};

/* The two requests alone: lines, n_lines and left_out. */
void diff_requests(const struct replication *before, const struct replication *now,
	struct arena *mem, struct diff *out);

/* Of an alert; its record and the earlier one are read again. Slices live in mem. */
void diff_alert(struct context *c, const struct store *alerts, row_id row, struct arena *mem,
	struct diff *out);

#endif
