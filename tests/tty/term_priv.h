/*
 * tests/tty/term private: what its files share.
 */
#ifndef TESTS_TTY_TERM_PRIV_H
#define TESTS_TTY_TERM_PRIV_H

#include "term.h"

#include <sys/types.h>

struct term {
	pid_t pid;
	int master, slave; /* the slave is kept open, so that its settings can be read afterwards */
	int pidfd;
	bool ended;
	int status;
	int rows, cols;
	VTerm *vt;
	VTermScreen *screen;
	struct buf output;  /* everything */
	struct buf text;    /* term_screen() */
	size_t scanned;     /* of output, by modes */
	struct term_modes modes;
	char last[8];       /* the key that was struck last */
};

/* Waits at most ms for output or the end, and takes it in. True when something happened. */
bool term_pump(struct term *t, int ms);

/* Waits as long as a hand needs from the key before to this one. */
void term_hand(struct term *t, struct str key);

/* Takes the bytes of output that are not scanned yet into modes. */
void term_scan_modes(struct term *t);

#endif
