/*
 * tests/tty/console: the program itself in a folder of its own, and what tests ask of it.
 */
#ifndef TESTS_TTY_CONSOLE_H
#define TESTS_TTY_CONSOLE_H

#include "term.h"

#include "../unit.h"

struct console {
	struct term *t;
	char *home; /* its HOME; the journal lies in it */
};

/* cmocka's setup and teardown: a new HOME in *state (a struct console without a terminal), all
 * gone afterwards. */
int console_setup(void **state);
int console_teardown(void **state);

/* Starts `s3triage open --demo` and waits until it has read everything. A console that runs is
 * ended before. extra: more NAME=value, or NULL. */
struct term *console_start(struct console *c, int rows, int cols, const char *extra);

/* The same for any command line, without waiting; $S3TRIAGE is the program in it. */
struct term *console_shell(struct console *c, const char *command, const char *extra);

/* The "N of M open" of the first line; fails the test when it is not there. */
void console_counts(struct term *t, int *open, int *total);

/* Waits until N is what is asked for. */
bool console_wait_open(struct term *t, int open);

/* Ends it by q and asserts that it went well and left the terminal as it was. */
void console_quit(struct term *t);
void console_assert_restored(struct term *t);

#endif
