/*
 * write_priv: what the writing files share.
 */
#ifndef SRC_REMOTE_WRITE_PRIV_H
#define SRC_REMOTE_WRITE_PRIV_H

#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "s3triage/event/json_write.h"
#include "s3triage/remote/write.h"
#include "s3triage/export/export.h"

#include <stdlib.h>

enum { WRITE_BATCH = 100, WRITE_TEXT_MAX = 300 };
#define WRITE_TAG "s3triage:"
#define WRITE_TAG_BY "s3triage:by:"

/* The ids of the jobs with `write`, or of all. */
void write_id_list(struct members *m, const char *key, const struct write_job *jobs, size_t n, bool all);
/* Its document is replaced only while it is what was seen. */
void write_guard(struct members *m, const struct write_now *now);

struct str write_cap(struct str s);

/* An object as it is; nothing when it is none. */
struct str write_object(const struct json *v, struct arena *mem);

/* A refusal that may pass by itself: another key, a right that is given, a server with more room. */
bool write_passes(long status);

/* A batch for Kibana; in write_kibana_send.c. When it fails: the last request's HTTP status (0: no
 * answer), and whether the change of status had been taken before. */
struct write_batch {
	const struct write_link *l;
	struct write_job *jobs;
	size_t n;
	struct arena *mem;
};
struct write_refusal {
	long status;
	bool partly;
	size_t failures;        /* that the answer to the change of status tells of */
};
bool write_kibana_send(const struct write_batch *w, struct write_refusal *r, struct err *err);

/* One request whose answer's body is appended to out. */
struct write_call {
	const char *method;
	struct str path, type, body;
	bool idempotent;
	bool *too_large; /* NULL, or is told that the answer was */
};
bool write_call(const struct write_link *l, const struct write_call *c, struct buf *out,
	long *status, struct err *err);

#endif
