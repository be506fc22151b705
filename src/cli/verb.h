/*
 * verb: what the program knows of a verb. Its row is beside its code; parser, help, manual, completions
 * and set-up read it. The one list of names is here.
 */
#ifndef SRC_CLI_VERB_H
#define SRC_CLI_VERB_H

#include "options.h"

#include <stdbool.h>

struct cli;

/* In the order of the help; NAME_verb is the row, in verb_NAME.c. */
#define VERBS(X) \
	X(open) X(list) X(show) X(decide) X(export) X(history) X(verify) X(seal) X(checklist) \
	X(fetch) X(outbox) X(doctor) X(accounts) X(approval) X(timeline) X(pivot) X(aws) \
	X(near) X(story) X(summary) X(normalize) X(match) X(rule) X(man) X(completion)

/* What a verb works on, opened by session_init(). */
enum session_want {
	WANT_RULE = 1 << 0,
	WANT_SCAN = 1 << 1,
	WANT_JOURNAL = 1 << 2,        /* opened when it exists */
	WANT_WRITE = 1 << 3,          /* made when it does not */
	WANT_CONFIG = 1 << 4,
	WANT_BOOK = 1 << 5,
	WANT_CONTEXT = 1 << 6,        /* the events around the alerts too */
	WANT_CONSOLE = 1 << 7,        /* scan and chain go on while one works */
	WANT_STRICT = 1 << 8,         /* a journal that was changed is refused */
	WANT_LEAVES = 1 << 9,         /* the hash of each row, for what points to it */
	WANT_NEW = 1 << 10,           /* a journal that is named need not be there */
	WANT_LESS = 1 << 11,          /* without it all is shown as open, and said to be */
};

enum verb_way {
	VERB_SOURCES = 1,             /* its words are sources */
	VERB_PROFILES = 2,            /* one that is no file is a profile, without the colon, too */
	VERB_GROUPS = 4,              /* its rows are groups, sorted by the columns of those */
	VERB_GRANTS = 8,              /* --until ends what it grants, and bounds no event */
	VERB_ROWS = 16,               /* --limit is of the rows that it prints: all is read */
	VERB_NEWEST = 32,             /* so it is, unless it prints all that clusters have */
};

/* What the verb does by its first word, and the options that are of this one. One that is of no part is of
 * all. */
struct verb_part {
	const char *word;             /* NULL behind the last */
	const unsigned char *options; /* as below */
};

struct verb_row {
	const char *name, *synopsis, *help, *example;
	int (*run)(struct cli *cli);
	const unsigned char *options; /* of enum option_id, OPT_HELP is the last; NULL: no other */
	const struct verb_part *parts; /* NULL: none */
	unsigned opens;               /* of enum session_want, whatever its words are */
	unsigned char ways;           /* of enum verb_way */
	unsigned char words;          /* it is about so many: they may stand behind the sources */
};

/* `--help` is everybody's. */
#define TAKES(...) .options = (const unsigned char[]){__VA_ARGS__, OPT_HELP}

#define PARTS(...) .parts = (const struct verb_part[]){__VA_ARGS__, {0}}
#define PART(word, ...) {word, (const unsigned char[]){__VA_ARGS__, OPT_HELP}}

/* Of verbs that scan; that ask a rule about events; that print alerts with verdict and account. */
#define SCAN_OPTIONS \
	OPT_DEMO, OPT_RULE, OPT_SINCE, OPT_UNTIL, OPT_LIMIT, OPT_CONFIG, OPT_INSECURE, OPT_THREADS, \
		OPT_QUIET, OPT_LIST_SKIPPED
#define EVENT_OPTIONS SCAN_OPTIONS, OPT_FROM, OPT_IGNORE_ABOVE
#define ALERT_OPTIONS EVENT_OPTIONS, OPT_ACCOUNTS, OPT_JOURNAL

bool verb_takes(const struct verb_row *v, enum option_id which);

#define X(name) extern const struct verb_row name##_verb;
VERBS(X)
#undef X

#endif
