/*
 * scan/scan: reading files, folders, globs, standard input and clusters on threads. They share
 * nothing but the queue: each takes a file or a range of bytes, and posts packed batches. The
 * owner thread takes them when scan_fd() is readable, so the list fills while the scan runs.
 */
#ifndef S3TRIAGE_SCAN_SCAN_H
#define S3TRIAGE_SCAN_SCAN_H

#include "s3triage/detect/rule.h"
#include "s3triage/event/alert.h"
#include "s3triage/net/profile.h"
#include "s3triage/insight/context.h"
#include "s3triage/insight/deeds.h"

struct scan;

/* An event as the thread that read it sees it; raw: what the document was made of, or NULL. */
struct scan_seen {
	const struct json *ecs, *raw;
	enum event_shape shape;
};
/* What somebody wants of it, in `mem`; NULL: nothing. Called from several threads. */
typedef const void *scan_look(const void *ctx, const struct scan_seen *e, struct arena *mem);

struct scan_options {
	const char *const *paths; /* files, folders, globs, "-"; borrowed until scan_free() */
	size_t n_paths;
	const struct rule *rule;  /* borrowed until scan_free(); NULL: every event is a match */
	int64_t since, until;     /* ms, WHEN_NONE = open; by event.ingested, else @timestamp */
	size_t limit;             /* stop after so many matches, 0 = none */
	unsigned threads;         /* 0 = one per processor this process may use, at most 8 */
	bool keep_order;          /* one thread, matches in input order (match, normalize) */
	struct str demo;          /* NDJSON text scanned as the source "demo"; empty: none */
	bool background;          /* the owner answers keys meanwhile: workers give way to it */
	bool context;             /* batches carry related events too, whatever their time */
	const struct deed_wants *deeds; /* only events of these are handed over, as deeds, whatever their
				   * time; no rule. Borrowed, unchanged until scan_free() */
	const struct deed_place *only; /* with deeds: the one event that lies there, with its text */
	const struct scan_live *live; /* how clusters are read; with profiles */
	struct profile *const *profiles; /* clusters, a thread each; borrowed until scan_free() */
	size_t n_profiles;        /* at most SCAN_LIVE_MAX */
	bool follow;              /* goes on asking the clusters for what is new; never ends */
	env_fn env;               /* for the profiles' secrets */
	bool any_document;        /* match: an object of no known shape is a document as it is */
	scan_look *look;          /* batches carry what it makes of each event, and no matches */
	const void *look_ctx;
	bool look_original;       /* it asks for event.original */
};

/* Where a record lies. */
struct scan_place {
	struct str path;          /* "-" for standard input, "demo" */
	unsigned long line;       /* from 1; 0 when not known: after a stop inside a large file */
	unsigned long long byte;  /* offset in the decompressed text */
};

/* One matched record. */
struct scan_match {
	struct alert alert;
	struct str raw;           /* the record's JSON text as found (or its event string unquoted) */
	struct str ecs;           /* the ECS document as one line; only with keep_order */
	struct scan_place place;
};

/* An event of somebody who is asked about. */
struct scan_deed {
	struct deed deed;
	struct deed_place place;
	struct str raw;           /* only with options.only */
};

/* Why a file, or an entry of an archive, was left out that nobody named. */
enum scan_skip {
	SKIP_NONE,
	SKIP_NO_JSON,
	SKIP_EMPTY,
	SKIP_DIGEST,
	SKIP_HIDDEN,
	SKIP_SPECIAL,
	SKIP_COUNT,
};

/* One thing that could not be read. It hides nothing else. */
struct scan_problem {
	struct err err;           /* file or URL, line, text: what was expected */
	bool note;                /* worth a word, but all is read: no problem */
	enum scan_skip skip;      /* not SKIP_NONE: a note for whoever asks what was left out */
	unsigned long long byte;
};

struct scan_batch {
	struct arena mem;         /* owns all slices below; the taker frees it */
	struct scan_match *matches;
	size_t n_matches;
	struct related *related;  /* only with options.context */
	size_t n_related;
	struct scan_deed *deeds;  /* only with options.deeds */
	size_t n_deeds;
	const void **looks;       /* only with options.look */
	size_t n_looks;
	struct scan_problem *problems;
	size_t n_problems;
};

struct scan_progress {
	unsigned long long files_done, files, bytes_done, bytes; /* compressed bytes for .gz */
	unsigned long long events;     /* records, also those that the prefilter passed over */
	unsigned long long candidates; /* records that went to the parser */
	unsigned long long matches, duplicates, problems;
	unsigned long long related;    /* handed over in batches */
	unsigned long long skipped;    /* left out, and no problem: told with a `skip` each */
	unsigned long long foreign;    /* records of other products: SHAPE_FOREIGN */
	unsigned long long replications; /* PutBucketReplication events seen, matched or not; with
	                                    a rule about other calls only those that were parsed */
	size_t live;              /* clusters */
	bool following;           /* all that was there is read; waiting for what is new */
	bool walking;             /* `files` and `bytes` still grow */
	bool done, stopped;
	bool limited;             /* more matched than options.limit */
};

#define SCAN_LIVE_MAX 8

enum live_state { LIVE_CONNECTING, LIVE_READING, LIVE_WAITING, LIVE_DONE, LIVE_FAILED };

/* How one cluster is doing. */
struct live_status {
	char name[80], server[64]; /* "prod"; "Elasticsearch 8.8.2", empty until it said so */
	enum live_state state;
	int64_t read_at;          /* by http_ticks(): when all was last read; 0: never */
	unsigned long long hits;
	bool insecure;
};

/* How a cluster is read: source/live.h. A scan knows no server. */
struct live;
struct scan_live {
	struct live *(*start)(struct scan *s, struct profile *p);
	void *(*thread)(void *live);            /* ends with scan_thread_ends() */
	void (*wake)(struct live *l);           /* with the scan's lock held */
	void (*status)(const struct live *l, struct live_status *out); /* the same */
	void (*end)(struct live *l);            /* its thread is over */
};

/* Starts the workers. Kibana alerts are matches whatever rule made them: they are matched already
 * (with any_document the rule is asked about them too). A source that does not exist is a problem
 * in a batch, not an error here. */
struct scan *scan_start(const struct scan_options *options, struct err *err);

/* Readable (an eventfd) while batches wait or when the scan has just ended. */
int scan_fd(const struct scan *s);

/* Takes one batch; false when none waits. The caller frees out->mem. */
bool scan_take(struct scan *s, struct scan_batch *out);

/* Blocks until a batch waits or the scan is over; false when it is over and all is taken. */
bool scan_wait(struct scan *s);

/* False when there is no i-th cluster. */
bool scan_live(const struct scan *s, size_t i, struct live_status *out);

void scan_progress(const struct scan *s, struct scan_progress *out);

/* See field_lint_tell(): fields of the rule that no document had. Once the scan is over; 0 before
 * and without a rule. */
size_t scan_lint(struct scan *s, struct buf *out);

/* "3 files were not read: 2 hold no JSON, 1 is a digest file"; how many. */
size_t scan_skipped_words(const size_t n[SKIP_COUNT], struct buf *out);

void scan_stop(struct scan *s);  /* asks; workers end at the next record */
void scan_free(struct scan *s);  /* stops and joins */

#endif
