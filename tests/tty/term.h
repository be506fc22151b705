/*
 * tests/tty/term: a program on a pseudo terminal, watched through libvterm.
 *
 * A test starts a program, sends keys, waits for what it wants to see, and looks at the screen
 * and at the state in which the terminal was left. Nothing sleeps for a fixed time: every wait
 * ends as soon as its condition holds, or fails after its timeout.
 */
#ifndef TESTS_TTY_TERM_H
#define TESTS_TTY_TERM_H

#include "s3triage/base/buf.h"

#include <vterm.h>

struct term;

struct term_setup {
	const char *const *argv; /* argv[0] is looked for in PATH */
	const char *const *env;  /* NAME=value; the program gets these and PATH, no others */
	int rows, cols;
	bool quiet_stderr; /* standard error goes to /dev/null instead of the terminal */
};

/* TERM=xterm-256color and a UTF-8 locale are set before `env`. Ends the test program when the
 * system refuses. */
struct term *term_start(const struct term_setup *setup);
void term_free(struct term *t); /* kills the program if it still runs */
void term_free_ptr(struct term **t);

/* Keys as a hand strikes them, each when the one before has been taken. As words: plain characters, <Enter> <Esc> <Tab> <S-Tab> <BS> <Del> <Up> <Down> <Left> <Right> <Home>
 * <End> <PgUp> <PgDn> <Space> <F1>..<F12> <C-x> <A-x> <lt>. Bytes come at once. */
void term_keys(struct term *t, const char *keys);
void term_bytes(struct term *t, struct str raw);
void term_paste(struct term *t, const char *text); /* bracketed only if the program asked for it */

void term_resize(struct term *t, int rows, int cols);
void term_signal(struct term *t, int signal_number); /* to the program that was started */

enum { TERM_PATIENCE = 60000 }; /* milliseconds; generous, as a loaded machine is slow */

bool term_wait_text(struct term *t, const char *text);
bool term_wait_gone(struct term *t, const char *text);
bool term_wait_exit(struct term *t);

/* Until nothing came for quiet_ms and the program waits. False when it never became quiet. */
bool term_wait_quiet(struct term *t, int quiet_ms);

/* The general form: until want(t, arg) holds of what is shown when the program has nothing more to do:
 * never of half a frame. */
bool term_wait(struct term *t, bool (*want)(struct term *t, const void *arg), const void *arg);

/* What waitpid() said, after term_wait_exit(): an exit code, or 128 + a signal; -1 before. */
int term_exit_code(const struct term *t);
bool term_killed(const struct term *t); /* by a signal, not by exit() */

/* How often its first thread has waited for something since it began; -1 when it has ended. */
long term_waits(const struct term *t);

int term_rows(const struct term *t);
int term_cols(const struct term *t);

/* The whole screen as lines without blanks at their ends; borrowed until the next call. */
const char *term_screen(struct term *t);
const char *term_line(struct term *t, int row);
VTermScreenCell term_cell(const struct term *t, int row, int col);

/* Row (and column) at which text begins; false when it is not on the screen. */
bool term_find(struct term *t, const char *text, int *row, int *col);

/* Every byte that the program wrote so far. */
struct str term_output(const struct term *t);

/* The modes that the program switched on and did not switch off again. */
struct term_modes {
	bool alternate;  /* 1049, 1047, 47 */
	bool no_cursor;  /* 25 reset */
	bool paste;      /* 2004 */
	bool mouse;      /* 9, 1000 to 1006, 1015 */
	bool focus;      /* 1004 */
	bool sync;       /* 2026: a frame that was never ended */
	bool app_cursor; /* 1 */
	bool app_keypad; /* ESC = */
	bool raw;        /* ECHO or ICANON or ISIG or OPOST is off */
};

struct term_modes term_modes(struct term *t);

/* True when every mode is as a shell wants it; else the names of the others are in why[size]. */
bool term_is_restored(struct term *t, char *why, size_t size);

#endif
