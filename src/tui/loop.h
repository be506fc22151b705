/*
 * loop: what tui's files share of a running console.
 */
#ifndef TUI_LOOP_H
#define TUI_LOOP_H

#include "keys.h"
#include "pace.h"
#include "paint.h"
#include "s3triage/base/buf.h"
#include "s3triage/tui/tui.h"

#include <pthread.h>
#include <stdatomic.h>

struct tui;

/* What the thread that waits and the one that works tell each other; see work.c. */
struct work {
	pthread_t thread;
	bool waits;                /* there is such a thread */
	int go, done_fd;           /* eventfds: there is work; it is done */
	void (*fn)(struct tui *t, void *arg); /* the work; NULL: none comes any more */
	void *arg;
	atomic_bool stop;          /* the user wants none of it */
	atomic_bool recording;     /* it can be stopped */
	atomic_size_t done, total; /* rows of the journal; total 0: not known */
};

/* When the journal is looked at; see wake.c. */
struct wake {
	int timer, folder; /* descriptors; folder -1: nobody tells of changes */
	int64_t due;       /* when the timer goes off, of tui_ticks() */
	char name[256];    /* the journal's file in that folder */
};

/* The sources read once more; see again.c. */
struct again {
	struct scan *scan;
	struct story *story;
	struct story_ask ask;
	struct arena mem;
	bool reading;
	size_t problems;
	int64_t told;
};

/* What whom some alerts name did, counted; see count_again.c. */
enum { COUNTED_MAX = 4 };
struct counted {
	struct deed_wants *wants; /* NULL: free */
	struct deeds *deeds;
	struct scan_progress progress;
	size_t problems;
	unsigned serial;
	uint64_t asked;           /* the higher the later */
	bool reading, done;
};
/* One event that is read in full. */
struct one_event {
	struct scan *scan;        /* NULL: none is read */
	struct deed_wants *wants;
	struct deed_place place;
	const char *name;
	struct buf file, path, text;
	uint32_t id;
};
struct recount {
	struct scan *scan;        /* NULL: none is counted */
	struct counted kept[COUNTED_MAX];
	struct one_event one;
	unsigned serial;
	uint64_t asked;
	int64_t told;
};

struct tui {
	const struct tui_setup *set;
	struct term term;
	struct paint paint;
	struct canvas canvas, shown; /* the next picture, the one on the terminal */
	struct work work;
	struct buf copy;        /* for the clipboard, not yet written */
	struct app *app;
	int signals;            /* a descriptor */
	struct wake wake;
	unsigned after;         /* app_after bits not yet dealt with */
	unsigned heard;         /* the same, from signals */
	int ended_by;           /* the signal that ends the program, or 0 */
	bool gone;              /* the terminal is no more */
	int64_t drawn, told;    /* ms: the last frame, the last word on progress */
	int64_t started;
	int64_t no_key;         /* ms: none waited then */
	struct stroke stroke;   /* the last one */
	struct stroke taken;    /* the last one that the app was given */
	bool hasty;             /* it was refused for its pace, and so is what follows at that pace */
	uint64_t question;      /* app_question() of the last frame, */
	int64_t question_at;    /* ms: since when it stands there */
	struct again again;
	struct recount count;
	bool scanning;
	bool following;         /* all is read; only news come */
	unsigned long long problems;
	size_t skipped[SKIP_COUNT];  /* files that were left out */
	char problem[256];      /* the first one */
};

int64_t tui_ticks(void);  /* ms that never go back */

/* work.c */
typedef void (*work_fn)(struct tui *t, void *arg);
/* Runs it on the thread of the work, which alone touches the app, the store and the journal until it
 * is back; what takes long is said on the last row. Returns when it is done. */
void tui_work(struct tui *t, work_fn fn, void *arg);
void tui_work_start(struct tui *t);
void tui_work_end(struct tui *t);
bool tui_watch(void *tui, enum desk_step step, size_t n); /* for desk_watch() */

void tui_take_signals(struct tui *t);
/* pace.c */
void tui_take_keys(struct tui *t);
/* look.c */
bool pace_look(struct tui *t);           /* whether keys wait; when none does, that is noted */
int pace_patience(const struct tui *t);  /* ms after which to look again; -1: there is time */
bool tui_leaves(const struct tui *t);

/* io.c: what the app asks for */
struct app_io tui_io(struct tui *t);
void tui_act_approvals(struct tui *t, void *unused); /* what they do without being asked */
void tui_take_sender(struct tui *t);
void tui_take_asker(struct tui *t);

/* again.c */
bool again_begin(void *tui, struct str who, struct err *err); /* app_io.ask_story */
void again_take(struct tui *t);
void again_end(struct tui *t);

/* count_again.c */
bool count_begin(void *tui, const struct alert *al, struct err *err); /* app_io.count_deeds */
bool count_of(void *tui, const struct alert *al, struct deeds_told *out); /* app_io.deeds_of */
bool count_read_event(void *tui, const struct deeds_told *of, const struct deed_event *e, struct err *err);
void count_take(struct tui *t);
int count_fd(const struct tui *t); /* readable when something came; -1: nothing is read */
void count_end(struct tui *t);

/* wake.c */
void wake_start(struct tui *t);
void wake_end(struct tui *t);
void wake_changed(struct tui *t); /* something happened in the journal's folder */
void wake_take(struct tui *t);    /* the timer went off */

/* feed.c: the scan */
void tui_count_text(struct buf *b, unsigned long long n); /* 48212 as "48,212" */
void feed_take(struct tui *t); /* for at most some ms */
void feed_status(struct tui *t, bool now);

#endif
