/*
 * remote/write: decisions on their way to a team: Kibana's alerts through its API, the alerts
 * index directly, or a shared index of decisions. Builders of requests and readers of answers are
 * pure functions; only write_flush() and write_pull() speak to a server, and block.
 */
#ifndef S3TRIAGE_REMOTE_WRITE_H
#define S3TRIAGE_REMOTE_WRITE_H

#include "s3triage/base/mem.h"
#include "s3triage/net/http.h"
#include "s3triage/remote/server.h"
#include "s3triage/net/write_target.h"
#include "s3triage/journal/outbox.h"

/* One sentence a verdict: what will it change there? */
void write_say(const struct write_target *t, enum verdict v, const struct server *s,
	struct buf *out);

/* What stands at the target now, of one alert. Slices in the caller's arena. */
struct write_now {
	bool found;
	struct str index, id;
	struct str status;      /* or the verdict's name, in the decisions index */
	struct str reason, by, at, hash;
	struct str facts;       /* in the decisions index: what it is about */
	struct str rule_uuid, rule_name;
	const struct str *tags;
	size_t n_tags;
	int64_t seq_no, term;
};

/* One decision on its way. */
struct write_job {
	int64_t seq;
	struct str target, key, over;
	bool sent;              /* it left before, and nothing came back */
	struct decision d;      /* under whose word it is: */
	struct str restored_by; /* who gave it back to him, taking his own back; or empty */
	struct str approval, granted_by; /* see outbox_approval() */
	const struct outbox_from *from;  /* of a decisions index; NULL: not said */
	struct alert alert;     /* from the decision's facts */
	struct write_now now;
	struct str before;      /* what we ourselves left there last: see write_identity() */
	bool write;             /* the judge lets it go out */
	enum outbox_state state;
	struct str why, shown;  /* the outcome; what stands there, for a conflict */
};

/* ---- judging -------------------------------------------------------------------------------- */

/* A name for the state that somebody left on an alert: two equal ones are one state. */
void write_identity(const struct write_now *now, struct buf *out);

/* Sets write, or state, why and shown. `knew`: the shared decision was known when this was made. */
void write_judge_decision(struct write_job *j, enum outbox_knew knew, struct arena *mem);
void write_judge_status(struct write_job *j, const struct write_target *t, bool has_tags,
	struct arena *mem);

/* ---- builders and readers --------------------------------------------------------------------- */

/* Texts to look up what is there: bodies for INDEX/_mget, and for a search by ids. */
void write_mget(const struct write_job *jobs, size_t n, struct buf *out);
void write_ids(const struct write_job *jobs, size_t n, struct buf *out);
bool write_mget_read(struct str body, struct write_job *jobs, size_t n, struct arena *mem,
	struct err *err);
bool write_ids_read(struct str body, struct write_job *jobs, size_t n, struct arena *mem,
	struct err *err);

/* NDJSON for _bulk, two lines for each job with `write`. */
void write_bulk_decisions(const struct write_target *t, const struct write_job *jobs, size_t n,
	int64_t now, struct buf *out);
void write_bulk_alerts(const struct write_target *t, const struct write_job *jobs, size_t n,
	int64_t now, struct buf *out);

/* Walks the items of a _bulk answer, one for each job with `write`, in order. A conflict becomes
 * pending: the next round looks at what is there. False: the answer is of no use, all is unknown. */
bool write_bulk_read(struct str body, struct write_job *jobs, size_t n, struct arena *mem,
	struct err *err);

/* Settings and mappings of the decisions index. */
void write_mapping(struct buf *out);

/* One shared decision, and what others decided since: the body of a search, its answer. */
void write_document(const struct write_job *j, int64_t now, struct buf *out);
enum { WRITE_NEWER_PAGE = 500 };
/* from: date math, or empty; after: the `after` of the page before, or empty. `bare`: of each document
 * its place in the order alone, to pass over one that is too large. */
struct write_newer {
	struct str from, after;
	int size;
	bool bare;
};
void write_newer(const struct write_newer *ask, struct buf *out);
struct write_page {
	struct outbox_theirs *v;
	size_t n, hits;
	size_t broken;          /* hits that are no decisions */
	struct str last;        /* written_at of the last hit */
	struct str after;       /* its place in the order, as JSON: many may be written at one time */
};
bool write_newer_read(struct str body, struct arena *mem, struct write_page *out, struct err *err);

/* Kibana's bodies. */
void write_kibana_path(const struct write_target *t, const char *path, struct buf *out);
void write_kibana_status(const struct write_status *to, bool reasons, const struct write_job *jobs,
	size_t n, struct buf *out);
void write_kibana_tags(enum verdict v, struct str analyst, const struct write_job *jobs, size_t n,
	struct buf *out);
void write_kibana_assignee(struct str uid, const struct write_job *jobs, size_t n, struct buf *out);
void write_kibana_note(const struct write_job *j, struct buf *out);
void write_kibana_case(const struct write_job *jobs, size_t n, struct buf *out);
void write_note_text(const struct decision *d, struct buf *out);

/* The counts of an update-by-query answer; false and err when it is none. */
struct write_counts {
	int64_t total, updated, conflicts, noops;
	size_t failures;
};
bool write_update_read(struct str body, struct write_counts *out, struct err *err);

/* Whether a note (a case) that the alert has already is in an answer of GET /api/note (of
 * /api/cases/alerts/ID). */
bool write_note_there(struct str body, struct str text);
bool write_case_there(struct str body, struct str case_id);

/* ---- speaking to a server --------------------------------------------------------------------- */

struct write_link {
	struct http *http;
	struct outbox *outbox;
	const struct write_target *target;
	struct server server; /* Kibana's version; zero when not known */
	int64_t (*now)(void);
	const atomic_bool *stop; /* gives up when it becomes true; NULL: never */
	void (*turn)(void *ctx); /* see http_request */
	void *turn_ctx;
	struct str analyst;      /* who reads; empty: whoever */
	size_t max_answer;       /* bytes; 0: what http_request has */
	bool wide;               /* reads a day back, for writers whose clock is slow; else 15 minutes */
};

struct write_result {
	size_t acknowledged, unchanged, conflicts, failed;
	size_t dropped;       /* not for this target after all */
	size_t waiting;       /* pending or sent when it ended */
	size_t learned;
	size_t left_out;      /* documents of others that are no decisions about one alert known here, or
	                       * too large to be any */
};

/* outbox_open() with the places of these profiles made known, but of those without `write`. */
struct profile;
struct outbox *write_outbox(const char *journal_path, struct journal *j, struct profile *const *profiles,
	size_t n, struct err *err);

/* False while the target's name stands for another place than it did: err says what to do. */
bool write_may(struct outbox *o, const struct write_target *t, struct err *err);

/* Sends what is due, round by round, until nothing is, or a request fails: err then, and what was
 * not acknowledged stays in the outbox. */
bool write_flush(const struct write_link *l, struct write_result *r, struct err *err);

/* Reads others' decisions from a decisions index into the journal. */
bool write_pull(const struct write_link *l, struct write_result *r, struct err *err);

#endif
