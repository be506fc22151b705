/*
 * insight/deeds: everything that somebody did, counted: each call of a principal, a key, a bucket or an
 * address, with its ends, its first and last time, from where and with what. Bounded: what is not kept is
 * counted. Whom it is about is said before (struct deed_wants); whoever reads events asks that, on any
 * thread, and one owner counts.
 */
#ifndef S3TRIAGE_INSIGHT_DEEDS_H
#define S3TRIAGE_INSIGHT_DEEDS_H

#include "s3triage/event/activity.h"

#define DEEDS_SUBJECTS_MAX 4096    /* whom one counts for */
#define DEEDS_ROWS_MAX 20000       /* calls in all */
#define DEEDS_SUBJECT_ROWS_MAX 2000 /* of one subject; the others are counted together */
#define DEEDS_CALL_EVENTS_MAX 10000 /* events of one call that can be opened */
#define DEEDS_EVENTS_MAX 1000000   /* in all */
#define DEEDS_IDS_MAX 4000000      /* ids by which an event counts once */
#define DEED_VALUES_MAX 6

enum deed_kind { DEED_PRINCIPAL, DEED_KEY, DEED_BUCKET, DEED_ADDRESS, DEED_KINDS };
const char *deed_kind_name(enum deed_kind k); /* "principal", "key" … */

#define DEED_NOBODY UINT32_MAX

/* ---- whom it is about; does not change while anybody reads ----------------------------------- */

struct deed_wants;
struct deed_wants *deed_wants_new(void);
void deed_wants_free(struct deed_wants *w);

/* Its number, the same for the same; DEED_NOBODY when the text is empty or there are too many. */
uint32_t deed_want(struct deed_wants *w, enum deed_kind kind, struct str text);
/* The alert's principal, key and bucket. */
void deed_want_alert(struct deed_wants *w, const struct alert *a);
uint32_t deed_wanted(const struct deed_wants *w, enum deed_kind kind, struct str text); /* or DEED_NOBODY */
/* Those of the alert that are wanted, the principal first; how many. `all`: none of its is missing. */
size_t deed_alert_subjects(const struct deed_wants *w, const struct alert *a, uint32_t out[DEED_KINDS],
	bool *all);
size_t deed_wants_count(const struct deed_wants *w);
size_t deed_wants_missed(const struct deed_wants *w); /* came over the maximum */

/* Whether the event is of any of them. */
bool deed_is_wanted(const struct deed_wants *w, const struct deed *e);

/* A text that the raw record of each event of this subject holds as it is, or empty: there is none. */
struct str deed_want_word(const struct deed_wants *w, uint32_t subject);

/* ---- counting ------------------------------------------------------------------------------- */

/* Where an event lies. */
struct deed_place {
	struct str file, path;  /* as the user named or a folder has it; with the archive's entry */
	unsigned long long at;  /* offset in the decompressed text */
};

/* Some values, each with how often; `others`: events with a value that has no room. */
struct deed_set {
	struct str v[DEED_VALUES_MAX];
	uint64_t times[DEED_VALUES_MAX], others;
	uint32_t n;
};

struct deed_count {
	uint64_t n, denied, failed; /* failed: for another reason */
	int64_t first, last;        /* WHEN_NONE when no event of it has a time */
	struct deed_set ips, agents, regions;
};

struct deed_event {
	int64_t time;
	unsigned long long at;
	uint32_t path, row;
	uint32_t id;            /* a hash of its id, for several at one place */
	bool denied, failed;
};

struct deed_row {
	struct deed_count count;
	struct str name, service;
	enum call call;
	uint32_t subject;
	bool reads;
	struct deed_event *events; /* in order of arrival; count.n - n_events are not kept */
	size_t n_events, cap;
};

struct deed_subject {
	enum deed_kind kind;
	struct str text;
	struct deed_count count;
	size_t n_rows;
	uint64_t unlisted;      /* events of calls that have no row */
};

struct deeds;
struct deeds *deeds_new(const struct deed_wants *w); /* borrowed */
void deeds_free(struct deeds *d);
void deeds_add(struct deeds *d, const struct deed *e, const struct deed_place *where);
void deeds_end(struct deeds *d); /* no more come: what only served to tell copies apart is let go */
const struct deed_subject *deeds_subject(const struct deeds *d, uint32_t subject); /* NULL for DEED_NOBODY */
uint64_t deeds_repeated(const struct deeds *d); /* events that came again, by their id */
bool deeds_unsure(const struct deeds *d); /* more ids than are kept: a copy may count twice */
uint32_t deeds_id_hash(struct str event_id); /* as in struct deed_event */
struct deed_place deeds_place(const struct deeds *d, const struct deed_event *e);

/* How far a counting is, or what came of it. */
struct deeds_told {
	const struct deed_wants *wants;
	const struct deeds *deeds;
	unsigned serial;        /* of this counting; another one has another */
	bool reading;
	unsigned long long events, files; /* read */
	size_t problems;
	size_t clusters;        /* that were not asked */
};

/* ---- shown ---------------------------------------------------------------------------------- */

enum deed_class { DEED_GUIDE, DEED_CHANGES, DEED_READS };
const char *deed_class_name(enum deed_class c);

struct deed_line {
	const struct deed_row *row;
	enum deed_class class;
	uint64_t within;        /* events in the window that was asked for */
	bool least;             /* at least: not all events are kept */
};

/* Times in ms, both ends count; WHEN_NONE: open. */
struct deed_window {
	int64_t from, until;
};

struct deed_ask {
	uint32_t subject;
	struct str guide;       /* empty: the built-in guide's calls are named */
	struct deed_window window;
};

/* The subject's calls: those that the guide names, those that change something, those that read; by
 * their first time. In mem. */
struct deed_line *deeds_lines(const struct deeds *d, const struct deed_ask *q, struct arena *mem, size_t *n);

/* The subject's events in the window that are kept, by time. In mem. */
const struct deed_event **deeds_events(const struct deeds *d, const struct deed_ask *q, struct arena *mem,
	size_t *n);
const struct deed_row *deeds_row(const struct deeds *d, uint32_t row);

/* "203.0.113.9 (12), 198.51.100.4 (3) and 7 from elsewhere". */
void deed_set_words(const struct deed_set *s, struct buf *out);

#endif
