/*
 * options: one row an option; which of them a verb takes is in the verb's own row.
 */
#ifndef SRC_CLI_OPTIONS_H
#define SRC_CLI_OPTIONS_H

#include "s3triage/builtin/builtin.h"
#include "s3triage/export/handoff.h"

enum option_way {
	OPTION_MANY = 1,              /* may be given more than once */
	OPTION_EMPTY = 2,             /* an empty argument means something */
};

/* X(enumerator, long name, short or 0, argument or NULL, ways, help). What an argument is called says
 * what it is: FILE and DIR are names of files, for words there is a list in choices.c. */
#define OPTIONS(X) \
	X(OPT_FROM, "from", 0, "SOURCE...", OPTION_MANY | OPTION_EMPTY, \
		"sources: files, folders, globs, -") \
	X(OPT_DEMO, "demo", 0, NULL, 0, "the sample events that are built in") \
	X(OPT_RULE, "rule", 'r', "FILE", 0, "a rule file instead of the built-in rule") \
	X(OPT_SINCE, "since", 0, "TIME", 0, \
		"not before: RFC 3339, a date, now-6m, 7d (an event; export, outbox: a decision)") \
	X(OPT_UNTIL, "until", 0, "TIME", 0, \
		"not after (a date: its end); of an approval: its end, also 30d from now") \
	X(OPT_LIMIT, "limit", 0, "N", 0, "no more than N; 0: no limit (default)") \
	X(OPT_JSON, "json", 0, NULL, 0, "JSON, one object a line") \
	X(OPT_FILTER, "filter", 0, "KQL", 0, \
		"only alerts that match, as in the filter bar; accounts: rows with these words") \
	X(OPT_SORT, "sort", 0, "COLUMN", 0, \
		"order by a column, '-COLUMN' for descending (default -signal: by danger, newest first)") \
	X(OPT_FORMAT, "format", 'f', "FORMAT", 0, \
		HANDOFF_NAMES "(default csv)") \
	X(OPT_VERDICT, "verdict", 0, "VERDICT", 0, \
		"only alerts with this verdict: open, approved, suspicious") \
	X(OPT_OUTPUT, "output", 'o', "FILE", 0, "write to FILE (atomically), not to stdout") \
	X(OPT_FORCE, "force", 0, NULL, 0, "overwrite FILE") \
	X(OPT_WINDOW, "window", 0, "SPAN", 0, \
		"how far before and after the alert, as 30m, 7d (default: what the guide says, else 2h)") \
	X(OPT_AT, "at", 0, "TIME", 0, "what was new within a day of this moment, too") \
	X(OPT_TICK, "tick", 0, "KEY", 0, \
		"tick the step with this key (--note says what was found)") \
	X(OPT_UNTICK, "untick", 0, "KEY", 0, "take a tick back") \
	X(OPT_REASON, "reason", 0, "TEXT", OPTION_EMPTY, \
		"a short reason, such as 'backup account'") \
	X(OPT_NOTE, "note", 0, "TEXT", OPTION_EMPTY, "a note, such as a ticket") \
	X(OPT_DRY_RUN, "dry-run", 'n', NULL, 0, "say what would change and change nothing") \
	X(OPT_EQL, "eql", 0, "QUERY", 0, "an EQL query instead of a rule file") \
	X(OPT_CATEGORY, "category-field", 0, "FIELD", 0, \
		"the field that the word before `where` names (default event.category)") \
	X(OPT_EXCEPTIONS, "exceptions", 0, "FILE", 0, \
		"only what this exception list (NDJSON, ours or Kibana's) would take away") \
	X(OPT_ID_FIELD, "id-field", 0, "FIELD", 0, "print only this field's value, one a line") \
	X(OPT_COUNT_ONLY, "count", 0, NULL, 0, "how many match, not which") \
	X(OPT_COUNT_BY, "count-by", 0, "FIELD,...", 0, \
		"how many have each value of a field, or each combination; - where it is missing") \
	X(OPT_IGNORE_ABOVE, "ignore-above", 0, "N", 0, \
		"longer texts count as no value, as in an index with ignore_above (8191 for AWS)") \
	X(OPT_ANALYST, "analyst", 0, "NAME", 0, "who decides (default $USER)") \
	X(OPT_JOURNAL, "journal", 0, "FILE", 0, \
		"the journal (default $XDG_DATA_HOME/s3triage/journal.db)") \
	X(OPT_ACCEPT_HEAD, "accept-head", 0, NULL, 0, \
		"go on with a journal that was cut, emptied or replaced, and record that") \
	X(OPT_SIGNERS, "signers", 0, "FILE", 0, \
		"check the seals, or a proof: who may sign, as ssh-keygen's allowed_signers") \
	X(OPT_SEALS, "seals", 0, "DIR", 0, \
		"seals that were kept elsewhere, besides JOURNAL.seals") \
	X(OPT_KEY, "key", 0, "FILE", 0, \
		"the SSH key that signs (default: the usual ones in ~/.ssh)") \
	X(OPT_TSA, "tsa", 0, "URL", 0, "have an authority stamp the signature's time (RFC 3161)") \
	X(OPT_TSA_CA, "tsa-ca", 0, "FILE", 0, \
		"check the seals' time stamps: the authority's CA, PEM") \
	X(OPT_PROOF, "proof", 0, "ID", 0, \
		"write the newest decision about ID or ID~digits, or row:N, with the proof that it was sealed") \
	X(OPT_RETRY, "retry", 0, NULL, 0, "send what waits, and what failed once more") \
	X(OPT_OVERWRITE, "overwrite", 0, NULL, 0, "yours replaces what another analyst decided") \
	X(OPT_KEEP, "keep", 0, NULL, 0, "theirs stays, yours is dropped from the outbox") \
	X(OPT_FORGET, "forget", 0, "NAME", 0, \
		"drop all about a profile that is gone, or stands for another place now") \
	X(OPT_DROP_HELD, "drop-held", 0, "NAME", 0, \
		"drop what waits for another place that the profile stood for, and only that") \
	X(OPT_MOVED, "moved", 0, "NAME", 0, \
		"the place of a profile has a new address: what waits goes there") \
	X(OPT_NO_SEND, "no-send", 0, NULL, 0, "what is decided stays here and is never sent") \
	X(OPT_ALL, "all", 0, NULL, 0, \
		"outbox: those that arrived, too; summary: every value; timeline: each event of all that was done") \
	X(OPT_TOP, "top", 0, "N", 0, "so many values of each table (default 10; with --json all)") \
	X(OPT_READ_ONLY, "read-only", 0, NULL, 0, "look, but decide nothing") \
	X(OPT_THEME, "theme", 0, "NAME|FILE", 0, \
		BUILTIN_THEMES "or a theme file") \
	X(OPT_CONFIG, "config", 0, "FILE", 0, \
		"the configuration (default $XDG_CONFIG_HOME/s3triage/config.toml)") \
	X(OPT_FOLLOW, "follow", 0, NULL, 0, "go on asking the clusters for new alerts") \
	X(OPT_INSECURE, "insecure", 0, NULL, 0, \
		"do not verify certificates; send credentials over http:// too") \
	X(OPT_ASCII, "ascii", 0, NULL, 0, "draw with ASCII characters only") \
	X(OPT_THREADS, "threads", 0, "N", 0, "how many threads read (default: one a processor)") \
	X(OPT_QUIET, "quiet", 'q', NULL, 0, "no progress and no summary on stderr") \
	X(OPT_LIST_SKIPPED, "list-skipped", 0, NULL, 0, \
		"name each file that was not read, with the reason") \
	X(OPT_ACCOUNTS, "accounts", 0, "FILE,...", OPTION_MANY, \
		"lists of accounts (with commas between), besides accounts.toml beside config.toml") \
	X(OPT_AWS_PROFILE, "aws-profile", 0, "NAME", 0, \
		"a section of ~/.aws/credentials and ~/.aws/config, for what AWS is asked") \
	X(OPT_BY, "by", 0, "WHAT", 0, \
		"accounts: account (default), actor, bucket or role; summary: FIELD[+FIELD],..., also principal, " \
		"key, address, agent, call, region, account, day (default: each of these)") \
	X(OPT_ACCOUNT, "account", 0, "ID", 0, "the account that may receive") \
	X(OPT_ROLE, "role", 0, "ROLE", 0, \
		"only by this role: name or ARN, * at the end for all that start so") \
	X(OPT_BUCKET, "bucket", 0, "NAME", 0, \
		"only from this bucket, or with * from those that start so") \
	X(OPT_ACTOR, "actor", 0, "NAME", 0, \
		"only set up by this user or role: name, or ARN as it is shown") \
	X(OPT_DEST_BUCKET, "dest-bucket", 0, "NAME", 0, \
		"only to this bucket, or with * to those that start so: name, or ARN as in the request") \
	X(OPT_REGION, "region", 0, "REGION", 0, "only requests made in this region") \
	X(OPT_PARTITION, "partition", 0, "NAME", 0, \
		"only this partition, such as aws (default: one for all that the request names)") \
	X(OPT_PREFIX, "prefix", 0, "TEXT", 0, \
		"no wider filter: only rules whose prefix begins so") \
	X(OPT_TAGS, "tags", 0, "KEY=VALUE,...", 0, "only rules that ask for all these tags") \
	X(OPT_KMS_KEY, "kms-key", 0, "KEY", 0, \
		"only copies with this KMS key: ARN, or an account (default: the owner's or the account's)") \
	X(OPT_STORAGE, "storage-class", 0, "CLASS", 0, \
		"only rules that ask for this storage class") \
	X(OPT_PERSON, "person", 0, "NAME", 0, \
		"only this person behind the actor: a source identity, a user of Identity Center") \
	X(OPT_PROVIDER, "identity-provider", 0, "NAME", 0, \
		"only through this identity provider: as an alert shows it (an ARN, a name)") \
	X(OPT_VALID_FROM, "valid-from", 0, "TIME", 0, \
		"only events from then on (default: the last 365 days and what comes)") \
	X(OPT_CLAIMS, "claims", 0, NULL, 0, \
		"an account that S3 does not check (no owner override) is enough") \
	X(OPT_DELETES, "delete-markers", 0, NULL, 0, "also where delete markers are copied") \
	X(OPT_EXISTING, "existing-objects", 0, NULL, 0, \
		"also where objects from before are copied") \
	X(OPT_REPLICAS, "replica-modifications", 0, NULL, 0, \
		"also where changes to replicas are copied on") \
	X(OPT_NO_OVERRIDE, "no-owner-override", 0, NULL, 0, \
		"not where the copies go to the destination's owner") \
	X(OPT_OWNER, "owner", 0, "NAME", 0, "who answers for it") \
	X(OPT_TICKET, "ticket", 0, "TEXT", 0, "where it was agreed on") \
	X(OPT_AUTO, "auto", 0, NULL, 0, "it may decide without being asked; apply: only those") \
	X(OPT_HELP, "help", 'h', NULL, 0, "print the help of the verb")

enum option_id {
#define X(enumerator, name, letter, argument, ways, help) enumerator,
	OPTIONS(X)
#undef X
		OPT_COUNT
};

struct option_row {
	const char *name, *argument, *help;
	char letter;
	unsigned char ways;
};

const struct option_row *option_table(void); /* OPT_COUNT rows */

#endif
