/*
 * term: the terminal itself: opened, put into its modes, given back. Private to tui.
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"
#include "s3triage/base/file.h"

#include <stdio.h>

struct term {
	int fd;            /* /dev/tty */
	bool marks_pastes; /* pastes are told from keys */
	bool utf8, rgb, sync;
	int colours;       /* 0: none, 8, 16, 88, 256 … */
	FILE *out, *in;    /* what ncurses holds of it */
	void *screen, *pad; /* SCREEN and WINDOW: keys are read through a pad that is never drawn */
	struct buf restore; /* what to write to give it back */
};

/* False and ERR_INPUT when there is none that can be painted on; nothing was written then. */
bool term_open(struct term *t, env_fn env, bool sync, struct err *err);
void term_close(struct term *t);

/* Leaves the modes and comes back: around ^Z. */
void term_leave(struct term *t);
void term_enter(struct term *t);

void term_size(const struct term *t, int *rows, int *cols);

/* All of it; false when the terminal is gone. */
bool term_write(const struct term *t, struct str s);

/* Signals: what came since the last call, as bits 1 << number; -1 in fd when there is none. */
int signals_open(void);
unsigned long signals_take(int fd);
void signals_close(int fd);
void signals_stop_self(void); /* stops the process group as ^Z does, returns when continued */

#endif
