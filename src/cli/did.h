/*
 * did: everything that was done by whom an alert names, for show and timeline.
 */
#ifndef SRC_CLI_DID_H
#define SRC_CLI_DID_H

#include "cli_priv.h"

#include "s3triage/insight/deeds.h"

/* Everything that the alert's principal and key did and that was done to its bucket, counted by reading
 * the sources once more. */
struct did {
	const struct session *s;
	row_id row;
	int64_t window_ms;        /* 0: all the time */
	struct deed_wants *wants;
	struct deeds *deeds;
	struct scan_progress progress;
	size_t problems;          /* of that reading; those of the first were told */
	bool stdin_once;          /* standard input cannot be read again */
};
void did_count(const struct session *s, row_id r, struct did *out);
void did_fini(struct did *l);
void did_print(const struct did *l, const struct timeline *shown, bool all);
void did_json_lines(const struct did *l, const struct timeline *shown, bool all);
void did_json(const struct did *l, struct buf *out); /* one array */


#endif
