/*
 * loop: what tui's files share of a running console.
 */
#ifndef TUI_LOOP_H
#define TUI_LOOP_H

#include "keys.h"
#include "paint.h"
#include "s3triage/tui/tui.h"

struct tui {
	const struct tui_setup *set;
	struct term term;
	struct paint paint;
	struct canvas canvas;
	struct app *app;
	int signals, timer;     /* descriptors */
	unsigned after;         /* app_after bits not yet dealt with */
	int ended_by;           /* the signal that ends the program, or 0 */
	bool gone;              /* the terminal is no more */
	int64_t drawn, told;    /* ms: the last frame, the last word on progress */
	int64_t started;
	bool scanning;
	size_t approved;        /* rows that approvals looked at */
	int64_t looked;         /* ms: when it was last seen whether an approval has expired */
	bool following;         /* all is read; only news come */
	unsigned long long problems;
	char problem[256];      /* the first one */
	struct journal_walk walk; /* how far the journal's chain is looked through */
	char broken[256];         /* what is wrong with it; empty: nothing */
};

int64_t tui_now(void);    /* ms since 1970 */
int64_t tui_ticks(void);  /* ms that never go back */

/* io.c: what the app asks for */
struct app_io tui_io(struct tui *t);
void tui_poll_journal(struct tui *t);
void tui_check_chain(struct tui *t); /* some rows more */
void tui_apply_approvals(struct tui *t); /* what they do without being asked */
void tui_watch_approvals(struct tui *t); /* the same when time has come, or alerts while following */
void tui_take_sender(struct tui *t);
void tui_take_asker(struct tui *t);

/* feed.c: the scan */
void feed_take(struct tui *t); /* for at most some ms */
void feed_status(struct tui *t, bool now);

#endif
