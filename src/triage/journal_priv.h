/*
 * journal_priv: what journal's own files share: the handle, SQLite's habits, rows and their hash.
 */
#ifndef SRC_TRIAGE_JOURNAL_PRIV_H
#define SRC_TRIAGE_JOURNAL_PRIV_H

#include "s3triage/base/hash.h"
#include "s3triage/triage/journal.h"

#include <sqlite3.h>

struct journal {
	sqlite3 *db;
	char *path;
	bool read_only;
	int64_t seen;        /* the last seq that journal_poll() gave out */
	int64_t seen_version; /* PRAGMA data_version at that time */
	bool wrote;          /* this handle wrote since */
};

/* The columns that the hash covers, in its order, then the two hashes. */
#define JOURNAL_COLUMNS \
	"seq, at, analyst, alert_id, event_id, rule_id, was, verdict, reason, note," \
	" undoes, redo, batch, facts, prev_hash, hash"
enum { JOURNAL_HASHED = 14, JOURNAL_ALL = 16 };
#define JOURNAL_FIRST_PREV "0000000000000000000000000000000000000000000000000000000000000000"

/* Sets err from what SQLite last said, "what" being what was tried. Returns false. */
bool journal_fail(const struct journal *j, struct err *err, const char *what);
bool journal_exec(struct journal *j, const char *sql, struct err *err, const char *what);
sqlite3_stmt *journal_prepare(struct journal *j, const char *sql, struct err *err);
void journal_finalize(sqlite3_stmt **st); /* for AUTO */

/* One integer answer, `none` when there is no row or it is NULL. */
bool journal_int(struct journal *j, const char *sql, int64_t *out, struct err *err);

void journal_bind(sqlite3_stmt *st, int at, struct str text);
struct str journal_text(sqlite3_stmt *st, int column);

/* A row of JOURNAL_COLUMNS; slices live until the statement moves on. */
void journal_read(sqlite3_stmt *st, struct decision *out);

/* Every row of a statement to fn. */
bool journal_each(struct journal *j, sqlite3_stmt *st, journal_row_fn fn, void *ctx,
	struct err *err);

/* SHA-256 of prev and the fields, each as its length in decimal, ':', its bytes and ','. */
void journal_row_hash(struct str prev, const struct str fields[JOURNAL_HASHED],
	char out[SHA256_HEX]);

#endif
