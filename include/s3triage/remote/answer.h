/*
 * remote/answer: what servers answer, read without a tree of the whole: an answer of 64 MiB holds
 * many hits, and only one of them is looked at at a time. Pure functions.
 */
#ifndef S3TRIAGE_REMOTE_ANSWER_H
#define S3TRIAGE_REMOTE_ANSWER_H

#include "s3triage/base/err.h"
#include "s3triage/base/mem.h"

/* The envelope of _search, _eql/search and Kibana's signals/search. */
struct answer {
	struct str hits;          /* of the body: behind the '[' of hits.hits or hits.events */
	bool has_hits;
	bool running, partial, timed_out;
	int64_t total;            /* -1: not said */
	bool total_is_least;
	int64_t shards_failed;
	int64_t shards;           /* searched; -1: not said; 0: no index fits, or none may be seen */
	struct str reason;        /* of the first failed shard */
	struct str pit_id, async_id;
	struct arena mem;         /* owns the texts above, but for `hits` */
};

/* The body must be one JSON object with hits, or the id of a search that still runs; false and err
 * in plain words when it is not (an HTML page, cut off, an error inside). */
bool answer_read(struct str body, struct answer *out, struct err *err);
void answer_fini(struct answer *a);

/* The next hit's JSON text, a slice of the body. */
bool answer_next(struct answer *a, struct str *hit);

/* {"id":…} of a new point in time ("pit_id" from OpenSearch), copied into mem. */
bool answer_pit(struct str body, struct arena *mem, struct str *id, struct err *err);

/* What an error body means for how to go on. */
enum answer_fault {
	FAULT_OTHER,
	FAULT_NO_HANDLER,     /* the server lacks this API */
	FAULT_UNKNOWN_COLUMN, /* EQL: a field is in no mapping */
	FAULT_EXPIRED,        /* the point in time is gone */
	FAULT_NO_INDEX,
};
enum answer_fault answer_fault(long status, struct str body);

#endif
