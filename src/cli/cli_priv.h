/*
 * cli: what the verbs share: the parsed command line, the session.
 */
#ifndef S3TRIAGE_CLI_CLI_PRIV_H
#define S3TRIAGE_CLI_CLI_PRIV_H

#include "verb.h"

#include "s3triage/config/config.h"
#include "s3triage/desk/desk.h"
#include "s3triage/event/json_write.h"
#include "s3triage/scan/scan.h"
#include "s3triage/export/handoff.h"
#include "s3triage/journal/outbox.h"

#include <stdio.h>

/* Exit codes: a contract, in the man page. */
enum exit_code { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_WRONG_USAGE = 2, EXIT_BAD_INPUT = 3 };

/* The command line, parsed. Text is borrowed from argv. */
struct cli {
	const struct verb_row *const *verbs; /* all of them, NULL behind the last */
	const struct verb_row *verb;
	const char *text[OPT_COUNT];  /* the argument; "" for a flag that is set; NULL: not given */
	const char **words;           /* positional words that are no sources */
	size_t n_words;
	const char **sources;         /* from SOURCE... or --from SOURCE... */
	size_t n_sources;
	const char **accounts;        /* from --accounts */
	size_t n_accounts;
};

/* False and err (ERR_USAGE) when the words are wrong. cli->verbs is there before. */
bool cli_parse(struct cli *cli, int argc, char **argv, struct err *err);
void cli_fini(struct cli *cli);

/* An id may be cut short, but not shorter. */
enum { START_MIN = 4 };

/* Prints "s3triage: ..." (with the excerpt and a caret when there is one) and returns the exit
 * code that fits: 2 for ERR_USAGE, else 1. */
int cli_fail(const struct err *err);
int cli_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void help_all(const struct cli *cli, FILE *out);
void help_verb(const struct cli *cli, FILE *out);

/* Everything that a verb works on. */
struct session {
	struct desk desk;
	struct config *config;
	struct scan *scan;
	struct scan_options options;
	struct profile *clusters[SCAN_LIVE_MAX]; /* options.profiles; those by URL are owned */
	size_t n_clusters;
	struct scan_progress progress;
	size_t problems;              /* reported on stderr */
	size_t skipped[SKIP_COUNT];   /* files that were left out, reported with --list-skipped */
	bool list_skipped, quiet;
	int64_t now;
	char *config_path;            /* whether it is there or not; NULL: nobody knows where */
};

/* `want` is of enum session_want: what the verb's row says, and what its words ask for beside it. */
bool session_init(struct session *s, const struct cli *cli, unsigned want, struct err *err);
void session_fini(struct session *s);

/* Where the journal stands, or would. */
bool session_journal_path(struct session *s, const struct cli *cli, struct err *err);

/* Opens the journal alone, when there is one, without reading it into the store. WANT_WRITE makes it. */
bool session_journal(struct session *s, const struct cli *cli, unsigned want, struct err *err);

/* --filter, --verdict and --sort as a selection over the store; the caller frees it. */
struct selection;
/* Are they right? For words that need no alert to be wrong: before the scan. */
bool select_check(const struct cli *cli, int64_t now, struct err *err);
bool select_rows(const struct session *s, const struct cli *cli, struct selection **out,
	struct err *err);

/* The members of a line of `list --json`. */
void list_json(struct members *m, const struct session *s, row_id r);

/* --since and --until of an export: decided alerts count by the time of the decision, open ones by
 * the time of the event. */
struct window {
	int64_t since, until; /* ms, WHEN_NONE: no bound */
};

/* The document that an alert was made of (the caller frees it), NULL when it is not at hand. */
struct json *document_of(const struct session *s, row_id r);

/* Opens and reads what an export of this format is made of, and makes it. */
struct export_made {
	struct buf out;
	struct handoff_report report;
};
#define EXPORT_WANTS (WANT_RULE | WANT_JOURNAL | WANT_CONFIG | WANT_BOOK)
bool export_load(struct session *s, const struct cli *cli, const struct handoff_origin *o, struct err *err);
bool handoff_export(struct session *s, const struct cli *cli, const struct handoff_origin *origin,
	struct export_made *made, struct err *err);
/* The whole of `verify FILE`. */
int verify_export(struct cli *cli, const char *path);

/* Prints the loaded alerts as `list` does. */
int list_loaded(struct session *s, const struct cli *cli);

/* Runs the scan to its end into the store; problems go to stderr. */
bool session_load(struct session *s, const struct cli *cli, struct err *err);

/* The same for whoever takes the batches himself: problems and memory of each are his. */
typedef void drain_fn(void *ctx, struct scan_batch *batch);
void session_drain(struct session *s, const struct cli *cli, drain_fn *take, void *ctx);

/* store_find(), which says where an option may have left the alert out. */
row_id session_find(const struct session *s, const struct cli *cli, const char *id, struct err *err);

/* The whole of a verb about the one alert that its word names; without --window it is
 * desk_window(). */
typedef int (*alert_fn)(const struct session *s, const struct cli *cli, row_id r, int64_t window_ms);
int one_alert(const struct cli *cli, alert_fn fn);

/* EXIT_FINE, or EXIT_BAD_INPUT when something could not be read. */
int session_exit(const struct session *s);

/* The scan's options from the command line; the sources of config.toml when none is named. */
bool scan_options_read(struct session *s, const struct cli *cli, struct scan_options *out,
	struct err *err);
void scan_options_fini(struct session *s);

/* Starts a scan for documents in the order of the sources: with a rule those that match; `any`: not
 * events alone. */
bool scan_documents(struct session *s, const struct cli *cli, const struct rule *rule, bool any,
	struct err *err);

/* clusters.c: the sources that are clusters, taken out of `words`; the rest stays in order. */
bool clusters_take(struct session *s, const struct cli *cli, const char **words, size_t *n,
	struct err *err);
void clusters_fini(struct session *s);
/* Before a profile is used: --insecure. */
void cluster_use(struct profile *p, const struct cli *cli);
/* On stderr, what is not safe about it; for verbs without a screen. */
void cluster_warn(const struct profile *p);
/* The same for every screen: sources, and those of `sends` (may be NULL) that are written to. */
void cluster_banner(const struct session *s, const struct config *sends, struct buf *out);

/* known.c: the account book, from all the lists that are named. */
bool known_book(struct session *s, const struct cli *cli, struct err *err);

/* Reads config.toml, once. */
bool session_config(struct session *s, const struct cli *cli, struct err *err);
/* --since and --until, WHEN_NONE where one is not given. Between them there must be something. */
bool read_times(const struct cli *cli, int64_t now, int64_t *since, int64_t *until, struct err *err);

/* A time option, unchanged when it is not given. */
bool read_time(const struct cli *cli, enum option_id which, int64_t now, int64_t *out,
	struct err *err);

/* On stderr, how many alerts are approved by approvals that have ended: nothing but `approval apply`
 * and the console opens them again. */
void report_ended(const struct session *s);

/* Warnings on stderr, one a line of the text; `place` may be NULL. */
void lint_lines(struct str lines, const char *place);

/* Fields of the rule that no document had, on stderr; nothing with --quiet. */
void report_lint(const struct session *s, const struct cli *cli);

/* Whether what --output names may be written, before anything is read: never through a link, and over
 * a file only with --force. Without one, and for "-", the output is NULL: standard output. */
bool output_check(const struct cli *cli, struct err *err);
/* Ends what is open and prints it as a line; its buffer is empty again. */
void print_members(struct members *m);
bool output_write(const struct cli *cli, struct str bytes, struct err *err);

/* An option that is a whole number, unchanged when it is not given. */
bool read_count(const struct cli *cli, enum option_id which, size_t *out, struct err *err);

void report_problems(struct session *s, const struct scan_batch *batch); /* and counts them */
void report_limited(const struct session *s); /* that --limit ended the reading */
void report_skipped(const struct session *s); /* how many files were left out, and why */
void report_summary(const struct session *s, const struct cli *cli);

/* Text for the manual: roff's own characters are escaped. */
void roff(const char *s);
void man_keys(void);

int64_t clock_now(void);
const char *env_get(const char *name);

/* What stands around an alert, for sessions WANT_CONTEXT; around_json() continues an object. */
struct diff;
void around_timeline(const struct session *s, row_id r, int64_t window_ms, struct arena *mem,
	struct timeline *out);
void around_print_dropped(const struct session *s); /* what was not kept, if anything */
void around_print(const struct session *s, row_id r);
void around_json(struct members *m, const struct session *s, row_id r);
void print_timeline(const struct timeline *t, int64_t window_ms);
void print_near(const struct near_miss *misses, size_t n);

#endif
