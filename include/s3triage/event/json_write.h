/*
 * event/json_write: JSON written member by member into a buffer: the one place that puts commas,
 * quotes, brackets and escapes.
 */
#ifndef S3TRIAGE_EVENT_JSON_WRITE_H
#define S3TRIAGE_EVENT_JSON_WRITE_H

#include "s3triage/base/buf.h"

/* Objects and arrays being written, the innermost last: a bit each, the lowest for the innermost. */
struct members {
	struct buf *out;
	uint32_t arrays, any; /* it is an array; a comma is due */
	unsigned open;        /* at most 32 */
};

struct members members_open(struct buf *out, char bracket);
void members_close(struct members *m); /* all that are open */

/* In what follows a NULL key is an array's next item. */
void member_open(struct members *m, const char *key, char bracket);
void member_close(struct members *m, unsigned n); /* the n innermost */
void member_key(struct members *m, const char *key); /* whose value the caller writes */
void member_str(struct members *m, const char *key, struct str s); /* empty: null */
void member_text(struct members *m, const char *key, struct str s); /* empty: "" */
void member_json(struct members *m, const char *key, struct str json); /* as it is; empty: null */
struct json;
void member_tree(struct members *m, const char *key, const struct json *v); /* NULL: null */
void member_int(struct members *m, const char *key, int64_t n);
void member_bool(struct members *m, const char *key, bool b);
void member_time(struct members *m, const char *key, int64_t ms); /* WHEN_NONE: null */

#endif
