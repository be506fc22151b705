/*
 * scan/scan (private): what the threads of one scan share, and the life of a job.
 */
#ifndef SRC_SCAN_SCAN_PRIV_H
#define SRC_SCAN_SCAN_PRIV_H

#include "input.h"
#include "multi_needle.h"
#include "needle.h"
#include "split.h"

#include "s3triage/detect/lint.h"
#include "s3triage/scan/scan.h"

#include <pthread.h>
#include <stdatomic.h>

#define SCAN_THREADS_MAX 8
#define SCAN_JOBS_MAX 65536    /* paths that wait; the walk pauses then */
#define SCAN_BATCHES_MAX 64    /* batches that wait; the workers pause then */
#define SCAN_PROBLEMS_MAX 100  /* told one by one for a file; the rest is counted */
#define SCAN_PART ((unsigned long long)8 << 20) /* of a large NDJSON file */

/* What a worker counted and has not made known yet. */
struct tally {
	unsigned long long events, candidates, matches, problems, skipped, replications, related,
		foreign;
};

struct part {
	unsigned long long from, until; /* lines that begin in (from, until]; until 0: to the end */
	bool exact;                /* a value begins at `from`, and no line need */
	bool done;
	unsigned long lines;       /* newlines in it, once it is done */
	unsigned long long over;   /* a value went on in the next part and ends here; 0: none */
	struct tally tally;
};

/* One large file that several workers read, cut between lines. Where a value proves to go across a
 * cut, what was read behind it counts for nothing, and one worker reads the rest. Guarded by the
 * scan's lock. */
struct big {
	struct big *next;
	char *path;
	size_t seq;                /* of the job that it was */
	struct input whole;        /* holds it open for all parts */
	bool kibana;               /* see needles_add_kibana() */
	struct part *parts;
	unsigned n_parts, taken;
	unsigned ready;            /* parts 0..ready-1 are finished and hold */
	bool cut;                  /* the parts from `rest` on were dropped for one */
	unsigned rest;
	struct node *held;         /* batches of parts whose first line is not known yet */
	unsigned long long problems, told;
};

/* A batch on its way. */
struct node {
	struct scan_batch batch;
	struct node *next;
	size_t seq;                /* whose turn it goes out in */
	size_t matches_cap, problems_cap, related_cap, deeds_cap, looks_cap;
	unsigned part;             /* of the big file at work */
	bool cut;                  /* the rest behind a cut, or before it was known */
	uint64_t born;             /* ms of a steady clock when the first thing came into it */
};

struct job {
	char *path;                /* owned; NULL: the demo text */
	unsigned long long size;
	bool named;                /* by the user, not found in a folder */
	size_t seq;                /* its place among all jobs */
	struct big *big;           /* this job is one part of it */
	unsigned part;
	struct part range;         /* of it, as it was then */
	bool cut;                  /* big->cut then */
};

#define TURN_NONE ((size_t)-1) /* goes out at once */
struct turns {
	struct turn *v;            /* from `base` on */
	size_t base, n, cap;
	size_t now;                /* the first job that is not done */
	size_t held;               /* batches that wait for their turn */
};

struct counters {
	atomic_ullong files_done, files, bytes_done, bytes, events, candidates, matches, problems,
		skipped, replications, related, foreign;
};

struct scan {
	struct scan_options options;
	struct alert_rule rule;
	struct needles needles;
	bool have_needles;
	bool lean;                 /* nobody asks for event.original */
	struct multi_needle many;          /* with options.context */
	struct counters count;
	atomic_ullong found;       /* matches on their way, for options.limit */
	atomic_bool stop;          /* whatever the reason */
	atomic_bool asked;         /* scan_stop() */

	pthread_mutex_t lock;
	pthread_cond_t work;       /* a job came, or there will be no more */
	pthread_cond_t room;       /* the jobs or the batches became fewer */
	pthread_cond_t ready;      /* a batch waits, or all is over */
	struct job *jobs;          /* a ring */
	size_t jobs_first, jobs_n, jobs_cap;
	struct big *bigs;
	struct node *first, **last;
	size_t n_batches;
	bool ordered;              /* batches go out in the order of jobs */
	struct turns turns;
	size_t pushed;             /* jobs so far: the next one's place */
	bool walking, over;
	unsigned running;
	struct field_lint *lint;   /* of the workers that ended; NULL without a rule */
	int event_fd;
	struct live *lives[SCAN_LIVE_MAX];
	size_t n_lives;
	pthread_t threads[SCAN_THREADS_MAX + 1 + SCAN_LIVE_MAX];
	unsigned n_threads, workers; /* started so far; wanted */
};

/* turns.c */
bool turns_is_now(const struct scan *s, size_t seq);
void turns_hold(struct scan *s, struct node *n);
struct node *turns_done(struct scan *s, size_t seq); /* what goes out now */
struct node *turns_rest(struct scan *s);             /* all that is held, in order */
void turns_fini(struct scan *s);

/* queue.c */
bool scan_push_job(struct scan *s, struct job job); /* takes over job.path; false when stopping */
bool scan_next_job(struct scan *s, struct job *out, bool wait); /* false: no more will come (now) */
void scan_post(struct scan *s, struct node *n);      /* takes over n */
bool scan_starved(struct scan *s);                   /* no batch waits for the taker */
void scan_job_done(struct scan *s, size_t seq);      /* nothing more comes of it */
void scan_thread_ends(struct scan *s);
void scan_tally(struct scan *s, struct tally *t); /* into the counters, and to zero */
void scan_add_big(struct scan *s, const struct job *job, const struct input *in, bool kibana);
void scan_hold(struct scan *s, struct big *b, struct node *n); /* posts once its lines are known */
bool scan_part_done(struct scan *s, const struct job *job, const struct part *p); /* all of it? */
void scan_halt(struct scan *s);
void scan_big_free(struct big *b);
void node_free(struct node *n);
uint64_t scan_clock_ms(void);

static inline bool scan_stopping(struct scan *s)
{
	return atomic_load_explicit(&s->stop, memory_order_relaxed);
}

static inline void scan_count(atomic_ullong *c, unsigned long long n)
{
	atomic_fetch_add_explicit(c, n, memory_order_relaxed);
}

struct item;
struct reader;

/* tell.c */
bool job_expects(const struct job *job); /* somebody named it, or its name promises events */
void reader_tell_not_json(struct reader *r, const struct job *job, const struct feed *f);
void reader_tell_blank(struct reader *r, const struct job *job);
void reader_tell_absent(struct reader *r);

/* record.c: what one worker does with records; post.c: what becomes of what it finds. */
struct reader {
	struct scan *s;
	struct rule_run *run;
	struct field_lint *lint;   /* NULL without a rule */
	struct node *node;         /* being filled; NULL when empty */
	const struct job *job;
	struct str path;           /* the name told to the user */
	struct str file;           /* where it lies: `path` without what is within an archive */
	struct str origin;         /* of its alerts, see struct alert */
	struct needles needles;    /* for the file at hand */
	struct arena trees;        /* of the record at hand */
	struct tally tally;
	unsigned long long problems;
	unsigned long long left_out; /* of the file at hand */
	unsigned long long absent; /* documents that an answer says were not found, of the file at hand */
	unsigned long long found;  /* within containers */
	unsigned within;           /* searches that are under way */
	unsigned long long refused; /* events that the rule here did not match */
	/* Asked about objects of no known shape first; or NULL. */
	enum split_kind (*other)(const struct item *it, const struct json *v);
	struct table *table;       /* of the file at hand, for tables that go on without names; or NULL */
};

/* Posts what was found, at once or when it has waited long enough. */
void reader_flush(struct reader *r, bool now);
struct arena *reader_mem(struct reader *r); /* of the batch being filled */
struct scan_match *reader_match(struct reader *r); /* zeroed, in the batch; NULL: limit reached */
void reader_problem(struct reader *r, const struct err *err, unsigned long line,
	unsigned long long byte);
void reader_more_problems(struct reader *r, unsigned long long more); /* that were not told */
struct related *reader_related(struct reader *r); /* zeroed, in the batch */
struct scan_deed *reader_deed(struct reader *r); /* the same */
const void **reader_look(struct reader *r);       /* the same; NULL: limit reached */
unsigned long long reader_feed(struct reader *r, struct feed *f,
	unsigned long long until); /* answers as split_run() does */

void reader_note(struct reader *r, const struct err *err); /* a word, no problem */
void reader_skip(struct reader *r, enum scan_skip why, unsigned long line, const char *text);
void reader_hit(struct reader *r, struct str text, const struct json *hit); /* of a search */

/* One record on its way; `text` lives in the feed or in a tree. */
struct item {
	struct reader *r;
	struct feed *f;            /* NULL: a hit, which has no line */
	struct str text;
	unsigned long long at;
	bool resync;
	bool part;                 /* of a broken record, if it is of no known shape */
	bool beside;               /* of no known shape it is not worth a word */
	struct str found_in;       /* where, when no transport puts an event there; or empty */
	const struct json *raw;    /* the raw event that the document was made of, or NULL */
	const struct json *record; /* the tree as it came, for what is wrong with it; or NULL */
	trait_set doubts;          /* TRAIT_* that only the text shows */
};

trait_set item_doubts(const struct json *v); /* what only the text of v shows */

/* record.c: a tree of any shape. */
enum split_kind item_read(const struct item *it, const struct json *v);

/* relate.c: an event that is no alert, kept when it is of a kind that stands around alerts.
 * `matched`: the rule matches it, but it lies outside the time asked for. */
void item_related(const struct item *it, const struct json *ecs, enum event_shape shape,
	bool matched);

/* An event, kept when it is of somebody who is asked about. */
void item_deed(const struct item *it, const struct json *ecs, enum event_shape shape);

/* worker.c, walk.c: the threads; arg is a struct scan. */
void *scan_worker(void *arg);
void *scan_walker(void *arg);
void scan_end_lint(struct scan *s, struct field_lint *lint); /* takes it over */

#endif
