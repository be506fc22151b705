/*
 * cli: what the verbs share: the option and verb tables, the parsed command line, the session.
 */
#ifndef S3TRIAGE_CLI_CLI_PRIV_H
#define S3TRIAGE_CLI_CLI_PRIV_H

#include "s3triage/config/config.h"
#include "s3triage/desk/desk.h"
#include "s3triage/scan/scan.h"
#include "s3triage/export/handoff.h"
#include "s3triage/journal/outbox.h"

#include <stdio.h>

/* Exit codes: a contract, in the man page. */
enum exit_code { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_WRONG_USAGE = 2, EXIT_BAD_INPUT = 3 };

/* X(name, synopsis, one-line help) */
#define VERBS(X)                                                                                   \
	X(open, "[OPTIONS] SOURCE...", "open the console on the alerts in the sources")            \
	X(list, "[OPTIONS] SOURCE...", "print the alerts as a table, or one JSON object a line")   \
	X(show, "ID --from SOURCE...", "print everything about one alert")                         \
	X(decide, "VERDICT ID... --from SOURCE...", "record a verdict: approved, suspicious, open") \
	X(export, "[OPTIONS] [--from SOURCE...]", "write decisions, or what follows from them") \
	X(history, "[ID]", "print every decision about one alert, or the whole log, oldest first")  \
	X(verify, "[FILE]", "check the journal's hash chain, or that an export still agrees with it") \
	X(seal, "[-o DIR] | --proof ID [-o FILE]", "sign the journal as it is, with your own SSH key") \
	X(checklist, "ID --from SOURCE...", "the guide's steps for an alert: answers, ticks")      \
	X(fetch, "PROFILE: [-o FILE]", "save what a cluster holds as NDJSON, which open reads again") \
	X(outbox, "[--retry | --overwrite | --keep] [ID...]",                                      \
		"decisions on their way to a team, and what became of them")                       \
	X(doctor, "[PROFILE...]",                                                                  \
		"what is set up here; clusters: reach, version, rights, rule, clock, what a verdict does") \
	X(accounts, "[OPTIONS] SOURCE...", "the alerts by destination account, actor, bucket or role") \
	X(approval, "add | list | end ID | auto ID on|off | apply [ID]",                           \
		"approvals of accounts, with limits and an end; apply decides what fits")          \
	X(timeline, "ID --from SOURCE...", "the events around an alert: same principal, same bucket") \
	X(pivot, "ID --from SOURCE...", "queries and commands about an alert, to copy elsewhere")  \
	X(aws, "replication ID... | accounts [-o FILE]",                                           \
		"ask AWS: is the replication still there, which accounts are ours (read-only)")    \
	X(near, "SOURCE...", "replication events that the rule did not match, with why")           \
	X(normalize, "SOURCE...", "print every event as an ECS document, one a line")              \
	X(match, "--rule FILE SOURCE...", "print the documents that a rule or a query matches")    \
	X(rule, "check FILE... | explain --rule FILE ID|SOURCE", "check rules, explain a match")   \
	X(man, "", "print the manual page (roff)")                                                 \
	X(completion, "bash|zsh|fish", "print a completion script for a shell")

enum verb_bit {
#define X(name, synopsis, help) VERB_INDEX_##name,
	VERBS(X)
#undef X
		VERB_COUNT
};
#define V(name) (1u << VERB_INDEX_##name)
#define V_BOOK (V(accounts) | V(approval))
#define V_AROUND (V(timeline) | V(pivot) | V(near))
#define V_SOURCES (V_BOOK | V_AROUND | V(aws) | V(open) | V(list) | V(show) | V(decide) | V(export) | \
	V(checklist) | V(verify))
/* These are about something that is named by words, besides their sources. */
#define V_WORDS (V(aws) | V(show) | V(decide) | V(checklist) | V(timeline) | V(pivot) | V(rule))
#define V_SCAN (V_SOURCES | V(fetch) | V(normalize) | V(match) | V(rule))
/* Of these the rows are what the sources say; no verdict, and nobody's account, is in them. */
#define V_JOURNAL ((V_SOURCES & ~V_AROUND) | V(history) | V(verify) | V(outbox) | V(seal))

/* X(enumerator, long name, short or 0, argument or NULL, verbs, help) */
#define OPTIONS(X)                                                                                 \
	X(OPT_FROM, "from", 0, "SOURCE...", V_SOURCES | V(rule), "sources: files, folders, globs, -") \
	X(OPT_DEMO, "demo", 0, NULL, V_SCAN, "the sample events that are built in")                \
	X(OPT_RULE, "rule", 'r', "FILE", V_SCAN | V(doctor), "a rule file instead of the built-in rule") \
	X(OPT_SINCE, "since", 0, "TIME", V_SCAN | V(outbox), \
		"not before: RFC 3339, a date, now-6m, 7d (an event; export, outbox: a decision)") \
	X(OPT_UNTIL, "until", 0, "TIME", V_SCAN, \
		"not after (a date: its end); of an approval: its end, also 30d from now") \
	X(OPT_LIMIT, "limit", 0, "N", V_SCAN, "no more than N; 0: no limit (default)") \
	X(OPT_JSON, "json", 0, NULL, V_BOOK | V_AROUND | V(list) | V(show) | V(decide) | V(history) | \
		V(verify) | V(rule) | V(outbox) | V(doctor) | V(checklist) | V(aws) | V(seal), \
		"JSON, one object a line")                                                         \
	X(OPT_FILTER, "filter", 0, "KQL", V(aws) | V(accounts) | V(open) | V(list) | V(export), \
		"only alerts that match, as in the filter bar; accounts: rows with these words") \
	X(OPT_SORT, "sort", 0, "COLUMN", V(accounts) | V(open) | V(list), \
		"order by a column, '-COLUMN' for descending (default -time; accounts: -signal)") \
	X(OPT_FORMAT, "format", 'f', "FORMAT", V(export), \
		"csv (default), ndjson, json, markdown; exceptions, value-list, eql, kql, accounts, case, stix") \
	X(OPT_VERDICT, "verdict", 0, "VERDICT", V(aws) | V(export) | V(list),                      \
		"only alerts with this verdict: open, approved, suspicious")                       \
	X(OPT_OUTPUT, "output", 'o', "FILE", V(aws) | V(export) | V(fetch) | V(seal),              \
		"write to FILE (atomically), not to stdout") \
	X(OPT_FORCE, "force", 0, NULL, V(aws) | V(export) | V(fetch) | V(seal), "overwrite FILE") \
	X(OPT_WINDOW, "window", 0, "SPAN", V(timeline) | V(pivot),                                 \
		"how far before and after the alert, as 30m, 2h (default), 7d")                    \
	X(OPT_TICK, "tick", 0, "KEY", V(checklist), "tick the step with this key (--note says what was found)") \
	X(OPT_UNTICK, "untick", 0, "KEY", V(checklist), "take a tick back")                        \
	X(OPT_REASON, "reason", 0, "TEXT", V(approval) | V(decide), "a short reason, such as 'backup account'") \
	X(OPT_NOTE, "note", 0, "TEXT", V(approval) | V(decide) | V(checklist), "a note, such as a ticket") \
	X(OPT_DRY_RUN, "dry-run", 'n', NULL, V(approval) | V(decide), "say what would change and change nothing") \
	X(OPT_EQL, "eql", 0, "QUERY", V(match) | V(rule), "an EQL query instead of a rule file")   \
	X(OPT_CATEGORY, "category-field", 0, "FIELD", V(match) | V(rule),                          \
		"the field that the word before `where` names (default event.category)")           \
	X(OPT_EXCEPTIONS, "exceptions", 0, "FILE", V(list) | V(match),                             \
		"only what this exception list (NDJSON, ours or Kibana's) would take away")        \
	X(OPT_ID_FIELD, "id-field", 0, "FIELD", V(match), "print only this field's value, one a line") \
	X(OPT_IGNORE_ABOVE, "ignore-above", 0, "N", V_SOURCES | V(match) | V(rule),                \
		"longer texts count as no value, as in an index with ignore_above (8191 for AWS)") \
	X(OPT_ANALYST, "analyst", 0, "NAME", V(approval) | V(open) | V(decide) | V(export) | V(checklist) | \
		V(verify), "who decides (default $USER)") \
	X(OPT_JOURNAL, "journal", 0, "FILE", V_JOURNAL,                                            \
		"the journal (default $XDG_DATA_HOME/s3triage/journal.db)")                        \
	X(OPT_ACCEPT_HEAD, "accept-head", 0, NULL, V(verify),                                       \
		"go on with a journal that was cut, emptied or replaced, and record that")          \
	X(OPT_SIGNERS, "signers", 0, "FILE", V(verify),                                             \
		"check the seals, or a proof: who may sign, as ssh-keygen's allowed_signers")         \
	X(OPT_SEALS, "seals", 0, "DIR", V(verify), "seals that were kept elsewhere, besides JOURNAL.seals") \
	X(OPT_KEY, "key", 0, "FILE", V(seal), "the SSH key that signs (default: the usual ones in ~/.ssh)") \
	X(OPT_TSA, "tsa", 0, "URL", V(seal), "have an authority stamp the signature's time (RFC 3161)") \
	X(OPT_TSA_CA, "tsa-ca", 0, "FILE", V(verify), "check the seals' time stamps: the authority's CA, PEM") \
	X(OPT_PROOF, "proof", 0, "ID", V(seal),                                                     \
		"write the newest decision about ID or ID~digits, or row:N, with the proof that it was sealed") \
	X(OPT_RETRY, "retry", 0, NULL, V(outbox), "send what waits, and what failed once more")     \
	X(OPT_OVERWRITE, "overwrite", 0, NULL, V(outbox) | V(decide),                              \
		"yours replaces what another analyst decided")                                     \
	X(OPT_KEEP, "keep", 0, NULL, V(outbox), "theirs stays, yours is dropped from the outbox") \
	X(OPT_FORGET, "forget", 0, "NAME", V(outbox),                                              \
		"drop all about a profile that is gone, or stands for another place now")          \
	X(OPT_DROP_HELD, "drop-held", 0, "NAME", V(outbox),                                        \
		"drop what waits for another place that the profile stood for, and only that")     \
	X(OPT_MOVED, "moved", 0, "NAME", V(outbox),                                                \
		"the place of a profile has a new address: what waits goes there")                 \
	X(OPT_NO_SEND, "no-send", 0, NULL, V(approval) | V(open) | V(decide),                      \
		"what is decided stays here and is never sent")                                    \
	X(OPT_ALL, "all", 0, NULL, V(outbox), "those that arrived, too")                           \
	X(OPT_READ_ONLY, "read-only", 0, NULL, V(open), "look, but decide nothing")                \
	X(OPT_THEME, "theme", 0, "NAME|FILE", V(open),                                             \
		"terminal, dark, light, contrast, mono, or a theme file")                          \
	X(OPT_CONFIG, "config", 0, "FILE", V_SCAN | V(outbox) | V(doctor) | V(seal), \
		"the configuration (default $XDG_CONFIG_HOME/s3triage/config.toml)")               \
	X(OPT_FOLLOW, "follow", 0, NULL, V(open), "go on asking the clusters for new alerts")  \
	X(OPT_INSECURE, "insecure", 0, NULL, V_SCAN | V(outbox) | V(doctor),                       \
		"do not verify certificates; send credentials over http:// too") \
	X(OPT_ASCII, "ascii", 0, NULL, V(open), "draw with ASCII characters only")                 \
	X(OPT_THREADS, "threads", 0, "N", V_SCAN, "how many threads read (default: one a processor)") \
	X(OPT_QUIET, "quiet", 'q', NULL, V_SCAN, "no progress and no summary on stderr")           \
	X(OPT_LIST_SKIPPED, "list-skipped", 0, NULL, V_SCAN,                                        \
		"name each file that was not read, with the reason")                               \
	X(OPT_ACCOUNTS, "accounts", 0, "FILE,...", V_SOURCES & ~V_AROUND,                                      \
		"lists of accounts (with commas between), besides accounts.toml beside config.toml")              \
	X(OPT_AWS_PROFILE, "aws-profile", 0, "NAME", V(aws) | V(open),                             \
		"a section of ~/.aws/credentials and ~/.aws/config, for what AWS is asked")        \
	X(OPT_BY, "by", 0, "WHAT", V(accounts), "account (default), actor, bucket or role")        \
	X(OPT_ACCOUNT, "account", 0, "ID", V(approval), "the account that may receive")            \
	X(OPT_ROLE, "role", 0, "ROLE", V(approval),                                                \
		"only by this role: name or ARN, * at the end for all that start so")              \
	X(OPT_BUCKET, "bucket", 0, "NAME", V(approval),                                            \
		"only from this bucket, or with * from those that start so")                       \
	X(OPT_ACTOR, "actor", 0, "NAME", V(approval),                                                \
		"only set up by this user or role: name, or ARN as it is shown") \
	X(OPT_DEST_BUCKET, "dest-bucket", 0, "NAME", V(approval),                                  \
		"only to this bucket, or with * to those that start so: name, or ARN as in the request") \
	X(OPT_REGION, "region", 0, "REGION", V(approval), "only requests made in this region")     \
	X(OPT_PARTITION, "partition", 0, "NAME", V(approval),                                      \
		"only this partition, such as aws (default: one for all that the request names)")  \
	X(OPT_PREFIX, "prefix", 0, "TEXT", V(approval),                                            \
		"no wider filter: only rules whose prefix begins so")                              \
	X(OPT_TAGS, "tags", 0, "KEY=VALUE,...", V(approval), "only rules that ask for all these tags") \
	X(OPT_KMS_KEY, "kms-key", 0, "KEY", V(approval),                                           \
		"only copies with this KMS key: ARN, or an account (default: the owner's or the account's)") \
	X(OPT_STORAGE, "storage-class", 0, "CLASS", V(approval), "only rules that ask for this storage class") \
	X(OPT_VALID_FROM, "valid-from", 0, "TIME", V(approval),                                    \
		"only events from then on (default: the last 365 days and what comes)")            \
	X(OPT_CLAIMS, "claims", 0, NULL, V(approval),                                              \
		"an account that S3 does not check (no owner override) is enough")                 \
	X(OPT_DELETES, "delete-markers", 0, NULL, V(approval), "also where delete markers are copied") \
	X(OPT_EXISTING, "existing-objects", 0, NULL, V(approval),                                  \
		"also where objects from before are copied")                                       \
	X(OPT_REPLICAS, "replica-modifications", 0, NULL, V(approval),                             \
		"also where changes to replicas are copied on")                                    \
	X(OPT_NO_OVERRIDE, "no-owner-override", 0, NULL, V(approval),                              \
		"not where the copies go to the destination's owner")                              \
	X(OPT_OWNER, "owner", 0, "NAME", V(approval), "who answers for it")                        \
	X(OPT_TICKET, "ticket", 0, "TEXT", V(approval), "where it was agreed on")                  \
	X(OPT_AUTO, "auto", 0, NULL, V(approval),                                                  \
		"it may decide without being asked; apply: only those")                            \
	X(OPT_HELP, "help", 'h', NULL, ~0u, "print the help of the verb")

enum option_id {
#define X(enumerator, name, letter, argument, verbs, help) enumerator,
	OPTIONS(X)
#undef X
		OPT_COUNT
};

struct option_row {
	const char *name, *argument, *help;
	char letter;
	unsigned verbs;
};

struct cli;

struct verb_row {
	const char *name, *synopsis, *help;
};

const struct option_row *option_table(void); /* OPT_COUNT rows */
const struct verb_row *verb_table(void);     /* VERB_COUNT rows */

/* The command line, parsed. Text is borrowed from argv. */
struct cli {
	const char *program;
	unsigned verb;                /* index into verb_table() */
	const char *text[OPT_COUNT];  /* the argument; "" for a flag that is set; NULL: not given */
	const char **words;           /* positional words that are no sources */
	size_t n_words;
	const char **sources;         /* from SOURCE... or --from SOURCE... */
	size_t n_sources;
	const char **accounts;        /* from --accounts */
	size_t n_accounts;
};

/* False and err (ERR_USAGE) when the words are wrong. */
bool cli_parse(struct cli *cli, int argc, char **argv, struct err *err);
void cli_fini(struct cli *cli);

/* An id may be cut short, but not shorter. */
enum { START_MIN = 4 };

/* Prints "s3triage: ..." (with the excerpt and a caret when there is one) and returns the exit
 * code that fits: 2 for ERR_USAGE, else 1. */
int cli_fail(const struct err *err);
int cli_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void help_all(FILE *out);
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

enum session_want {
	WANT_RULE = 1,
	WANT_SCAN = 2,
	WANT_JOURNAL = 4,             /* opened when it exists */
	WANT_WRITE = 8,               /* made when it does not */
	WANT_CONFIG = 16,
	WANT_BOOK = 32,
	WANT_CONTEXT = 64,            /* the events around the alerts too */
};

bool session_init(struct session *s, const struct cli *cli, unsigned want, struct err *err);
void session_fini(struct session *s);

/* Where the journal stands, or would. */
bool session_journal_path(struct session *s, const struct cli *cli, struct err *err);

/* Opens the journal alone, when there is one, without reading it into the store. `write` makes it. */
bool session_journal(struct session *s, const struct cli *cli, bool write, struct err *err);

/* --filter, --verdict and --sort as a selection over the store; the caller frees it. */
struct selection;
/* Are they right? For words that need no alert to be wrong: before the scan. */
bool select_check(const struct cli *cli, int64_t now, struct err *err);
bool select_rows(const struct session *s, const struct cli *cli, struct selection **out,
	struct err *err);

/* The line of `list --json`, without a newline. */
void list_json(const struct session *s, row_id r, struct buf *out);

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
bool export_load(struct session *s, const struct cli *cli, enum handoff_format f, struct err *err);
bool handoff_export(struct session *s, const struct cli *cli, const struct handoff_origin *origin,
	struct export_made *made, struct err *err);
/* The whole of `verify FILE`. */
int verify_export(struct cli *cli, const char *path);

/* Prints the loaded alerts as `list` does. */
int list_loaded(struct session *s, const struct cli *cli);

/* Runs the scan to its end into the store; problems go to stderr. */
bool session_load(struct session *s, const struct cli *cli, struct err *err);

/* store_find(), which says where an option may have left the alert out. */
row_id session_find(const struct session *s, const struct cli *cli, const char *id, struct err *err);

/* EXIT_FINE, or EXIT_BAD_INPUT when something could not be read. */
int session_exit(const struct session *s);

/* The scan's options from the command line; the sources of config.toml when none is named. */
bool scan_options_read(struct session *s, const struct cli *cli, struct scan_options *out,
	struct err *err);
void scan_options_fini(struct session *s);

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

/* An option that is a whole number, unchanged when it is not given. */
/* Whether what --output names may be written, before anything is read: never through a link, and over
 * a file only with --force. Without one, and for "-", the output is NULL: standard output. */
bool output_check(const struct cli *cli, struct err *err);
bool output_write(const struct cli *cli, struct str bytes, struct err *err);

bool read_count(const struct cli *cli, enum option_id which, size_t *out, struct err *err);

void report_problems(struct session *s, const struct scan_batch *batch); /* and counts them */
void report_skipped(const struct session *s); /* how many files were left out, and why */
void report_summary(const struct session *s, const struct cli *cli);

/* Text for the manual: roff's own characters are escaped. */
void roff(const char *s);
void man_keys(void);

int64_t clock_now(void);
const char *env_get(const char *name);

/* --window, two hours when it is not given. */
bool read_span(const struct cli *cli, int64_t *ms, struct err *err);

/* What stands around an alert, for sessions WANT_CONTEXT; around_json() continues an object. */
struct diff;
void around_timeline(const struct session *s, row_id r, int64_t window_ms, struct arena *mem,
	struct timeline *out);
void around_print(const struct session *s, row_id r);
void around_json(const struct session *s, row_id r, struct buf *out);
void print_timeline(const struct timeline *t, int64_t window_ms);
void print_near(const struct near_miss *misses, size_t n);

#define X(name, synopsis, help) int verb_##name(struct cli *cli);
VERBS(X)
#undef X

#endif
