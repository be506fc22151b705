/*
 * tui/tui: the terminal, and the one place that waits. Runs the console until the user leaves.
 */
#ifndef S3TRIAGE_TUI_TUI_H
#define S3TRIAGE_TUI_TUI_H

#include "s3triage/app/app.h"
#include "s3triage/base/file.h"
#include "s3triage/scan/scan.h"

/* Everything is borrowed until tui_run() returns. */
struct tui_setup {
	struct desk *desk;           /* its context takes the related events of the scan */
	struct scan *scan;           /* NULL: the store is filled already */
	const struct scan_options *again; /* how the sources are read once more; NULL: standard input is not */
	const struct config *config;
	const struct theme *theme;
	struct str source;           /* what the header says it looks at: "logs/2026-11" */
	struct str filter, sort;     /* of the command line; or empty */
	struct str banner;           /* on every screen: what is not safe here; or empty */
	bool ascii;
	env_fn env;                  /* TERM, NO_COLOR, COLORTERM, ESCDELAY, SSH_TTY, LANG */
};

struct tui_end {
	int signal_number; /* that ended it: exit with 128 + it; else 0 */
};

/* Opens /dev/tty (so standard input may be a pipe) and runs. True when the user left by `q`.
 * False and err: ERR_INPUT when there is no usable terminal (not a tty, TERM unknown or dumb):
 * nothing was drawn and the caller can print the plain list; ERR_IO for the rest. The terminal
 * is given back in every case. */
bool tui_run(const struct tui_setup *setup, struct tui_end *end, struct err *err);

#endif
