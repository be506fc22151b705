/*
 * journal_priv: what journal's own files share: the handle, SQLite's habits, rows and their hash.
 */
#ifndef SRC_JOURNAL_JOURNAL_PRIV_H
#define SRC_JOURNAL_JOURNAL_PRIV_H

#include "s3triage/base/hash.h"
#include "s3triage/journal/journal.h"

#include <sqlite3.h>
#include <sys/stat.h>

struct journal {
	sqlite3 *db;
	char *path;
	bool read_only;
	int64_t seen;        /* the last seq that journal_poll() gave out */
	int64_t precedent_version; /* PRAGMA data_version at that time */
	bool wrote;          /* this handle wrote since */
	char *head_file;     /* where the last head is kept; NULL: nowhere */
	struct journal_known known; /* and what it was when it was last written or read */
	struct err head_err; /* why it could not be kept */
	struct stat file, log; /* what it has open, as it was seen last; inode 0: it was not */
	int64_t ahead;       /* see journal_ahead() */
	bool home;           /* journal_stay_home() */
	bool singly;         /* journal_singly() */
	char *teams;         /* journal_meant_for(); NULL: not said */
	int64_t schema_version; /* PRAGMA schema_version when the schema was last found right */
	struct journal_listener listener;
	journal_go_on_fn go_on;
	void *go_on_ctx;
};

/* The columns that the hash covers, in its order, then the two hashes. */
#define JOURNAL_COLUMNS \
	"seq, at, kind, analyst, alert_id, event_id, rule_id, was, verdict, reason, note," \
	" undoes, redo, batch, approval, payload, prev_hash, hash"
enum journal_column {
	COL_SEQ, COL_AT, COL_KIND, COL_ANALYST, COL_ALERT, COL_EVENT, COL_RULE, COL_WAS, COL_VERDICT,
	COL_REASON, COL_NOTE, COL_UNDOES, COL_REDO, COL_BATCH, COL_APPROVAL, COL_PAYLOAD,
	JOURNAL_HASHED, COL_PREV = JOURNAL_HASHED, COL_HASH, JOURNAL_ALL,
	COL_WHOSE = JOURNAL_ALL, COL_WHOSE_AT, COL_OWN /* of a history */,
};

/* What journal_read() takes: behind the columns whose word a row gives back, and when that was said, out
 * of its payload. Older versions did not write it down; there it is the one that said the very same, of
 * the same facts, before the row that was taken back. */
#define JOURNAL_IN_PAYLOAD(row, key) \
	"CASE WHEN json_valid(" row ".payload) THEN json_extract(" row ".payload, '$.restores." key "') END"
#define JOURNAL_OF_RESTORED(key, said) \
	"CASE WHEN undoes > 0 THEN coalesce(" JOURNAL_IN_PAYLOAD("record", key) ", (SELECT " said \
	" FROM record p WHERE p.kind = 'decision' AND record.verdict <> 'open' AND p.seq < record.undoes" \
	" AND p.alert_id = record.alert_id AND p.event_id = record.event_id AND p.rule_id = record.rule_id" \
	" AND p.verdict = record.verdict AND p.reason = record.reason AND p.note = record.note" \
	" AND p.approval = record.approval" \
	" AND instr(p.payload, substr(record.payload, 1, length(record.payload) - 1)) = 1" \
	" ORDER BY p.seq DESC LIMIT 1)) END"
#define JOURNAL_READ JOURNAL_COLUMNS ", " \
	JOURNAL_OF_RESTORED("analyst", "nullif(coalesce(" JOURNAL_IN_PAYLOAD("p", "analyst") \
		", p.analyst), record.analyst)") ", " \
	JOURNAL_OF_RESTORED("at", "coalesce(" JOURNAL_IN_PAYLOAD("p", "at") ", p.at)")

/* What a row is about. Undo and history look at decisions alone. */
#define KIND_DECISION "decision"
#define KIND_TICK "tick"
#define KIND_APPROVAL "approval"
#define KIND_APPROVAL_END "approval-end"
#define KIND_APPROVAL_AUTO "approval-auto"
#define KIND_HEAD_ACCEPTED "head-accepted"

#define JOURNAL_FIRST_PREV "0000000000000000000000000000000000000000000000000000000000000000"

/* Sets err from what SQLite last said, "what" being what was tried. Returns false. */
bool journal_fail(const struct journal *j, struct err *err, const char *what);
bool journal_exec(struct journal *j, const char *sql, struct err *err, const char *what);
sqlite3_stmt *journal_prepare(struct journal *j, const char *sql, struct err *err);
void journal_finalize(sqlite3_stmt **st); /* for AUTO */

/* One integer answer; *out stays when there is no row. */
bool journal_int(struct journal *j, const char *sql, int64_t *out, struct err *err);

/* The journal's own schema, remembered in j->schema_version when it is right. */
bool journal_schema_check(struct journal *j, struct err *err);
/* Whether the schema is exactly what `sql` makes in an empty database: ERR_INPUT names the first
 * table, index, trigger or view that is strange, missing or changed. */
bool schema_check(struct journal *j, const char *sql, struct err *err);
/* SQLite's own check of pages, indexes and constraints (PRAGMA integrity_check). */
bool pages_check(struct journal *j, struct err *err);

void journal_bind(sqlite3_stmt *st, int at, struct str text);
struct str journal_text(sqlite3_stmt *st, int column);

/* By how much `at` lies before the time of the row before it, 0 when it is within JOURNAL_JUMP. */
int64_t journal_jump(int64_t before, int64_t at);

/* A row of JOURNAL_READ; slices live until the statement moves on. */
void journal_read(sqlite3_stmt *st, struct decision *out);

/* Recordings of one call in two accounts' trails have names of their own; the id that they share stands
 * in the facts alone. journal_shared() puts it of each decision, '' for none, into this table, where it
 * is looked up: a temporary one of this handle, filled as far as the rows go by then. */
#define JOURNAL_SHARED "temp.shared"
bool journal_shared(struct journal *j, struct err *err);

/* ---- appending: journal_append.c ---- */

enum { JOURNAL_BUSY_MS = 15000 }; /* how long another's lock is waited for */

#define JOURNAL_CANNOT "cannot record it"

/* The end of the chain inside a transaction, and the statement that extends it. */
struct writer {
	struct journal *j;
	sqlite3_stmt *insert, *before, *row; /* the last two: journal_write's own */
	int64_t seq;           /* the last row's */
	int64_t at;            /* of the rows to come */
	struct journal_walk begun; /* where the chain ended before */
	size_t done;           /* rows appended */
	char prev[SHA256_HEX]; /* the last row's hash */
	char batch[24];
	struct err *err;
};

/* What a new row says; the rest is made when it is appended. */
struct new_row {
	const char *kind;
	struct str analyst, alert_id, event_id, rule_id;
	const char *was, *verdict; /* "" where there is none */
	struct str reason, note, payload;
	int64_t undoes, approval;
	bool redo;
};

bool journal_check_author(const struct journal *j, const struct journal_author *author,
	struct err *err);
/* Takes the write lock, looks whether the schema is still right and finds the end of the chain;
 * writer_end() must follow in any case. */
bool writer_begin(struct writer *w, struct journal *j, int64_t at, struct err *err);
/* Commits when fine and reads the new rows back from the file, else takes everything back. */
bool writer_end(struct writer *w, bool fine);
bool writer_append(struct writer *w, const struct new_row *r);
/* One row that is no decision, one transaction; *seq (may be NULL) is its number. */
bool journal_record(struct journal *j, struct new_row *r, const struct journal_author *author,
	int64_t *seq, struct err *err);

/* Its files as they are now are known from now on; the log beside it. */
void journal_note_place(struct journal *j);
bool journal_look_log(const struct journal *j, struct stat *out);

/* journal_head.c: writes down the newest row; whether the one that is known is still there. */
void journal_note_head(struct journal *j);
/* The head file begins anew: what is there now is what is known, since these rows. */
bool journal_head_anew(struct journal *j, int64_t rows, struct err *err);
bool journal_same_head(struct journal *j, struct err *err);

/* ---- what stands beside the facts: journal_payload.c ---- */

/* The facts (of another row, too: what stands beside them there is left out), whether it stays at
 * home, for which teams it is meant (NULL: not said), and where it was learned (or NULL). */
struct beside {
	bool home;
	const char *teams;
	const struct journal_learned *learned;
};
void journal_payload(struct str facts, const struct beside *b, struct buf *out);
/* Puts behind a payload whose decision stands again by its row, and when that was made. */
void journal_payload_restores(const struct decision *d, struct buf *payload);
bool journal_payload_home(struct str payload);
/* The teams that it is meant for, on the heap; NULL: it does not say. */
char *journal_payload_teams(struct str payload);
/* Sets from_place and theirs. */
void journal_read_learned(struct decision *d);

/* A row of another kind than decision, given to the listener. */
void journal_hear(struct journal *j, sqlite3_stmt *st);

/* prev and the fields, each as its length in decimal, ':', its bytes and ','; and SHA-256 of that. */
void journal_row_bytes(struct str prev, const struct str fields[JOURNAL_HASHED], struct buf *out);
void journal_row_hash(struct str prev, const struct str fields[JOURNAL_HASHED],
	char out[SHA256_HEX]);

#endif
