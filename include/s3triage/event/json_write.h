/*
 * event/json_write: JSON written member by member into a buffer: the one place that puts commas,
 * quotes and escapes.
 */
#ifndef S3TRIAGE_EVENT_JSON_WRITE_H
#define S3TRIAGE_EVENT_JSON_WRITE_H

#include "s3triage/base/buf.h"

/* An object or array being written; `any` says whether a comma is due. */
struct members {
	struct buf *out;
	bool any;
};

struct members members_open(struct buf *out, char bracket);
void members_close(struct members *m, char bracket);
void member_key(struct members *m, const char *key); /* NULL key: an array's next item */
void member_str(struct members *m, const char *key, struct str s); /* empty: null */
void member_int(struct members *m, const char *key, int64_t n);
void member_bool(struct members *m, const char *key, bool b);
void member_time(struct members *m, const char *key, int64_t ms); /* WHEN_NONE: null */

#endif
