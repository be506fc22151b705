/*
 * outbox: opening it, following the journal, marking and counting. Sends nothing and knows nothing
 * of networks: source does that. The journal is only read here, but for outbox_theirs.c.
 */
#include "outbox_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OUTBOX_BUSY_MS = 15000, OUTBOX_ID = 0x53334f42, KEY_MAX = 400 };
#define CANNOT_WRITE "cannot write the outbox"

static const char schema_sql[] =
	"CREATE TABLE IF NOT EXISTS target ("
	" name TEXT PRIMARY KEY, seen INTEGER NOT NULL, upto TEXT NOT NULL DEFAULT '') STRICT;"
	"CREATE TABLE IF NOT EXISTS entry ("
	" target TEXT NOT NULL, seq INTEGER NOT NULL, key TEXT NOT NULL, alert_id TEXT NOT NULL,"
	" event_id TEXT NOT NULL, state INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,"
	" at INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '', over TEXT NOT NULL DEFAULT '',"
	" PRIMARY KEY (target, seq)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS entry_undone ON entry(target, key, seq)"
	" WHERE state IN (0, 1, 4, 5);"
	"CREATE INDEX IF NOT EXISTS entry_key ON entry(target, key, seq, state);"
	"CREATE TABLE IF NOT EXISTS theirs ("
	" target TEXT NOT NULL, hash TEXT NOT NULL, key TEXT NOT NULL, analyst TEXT NOT NULL,"
	" at INTEGER NOT NULL, verdict TEXT NOT NULL, seq INTEGER NOT NULL,"
	" PRIMARY KEY (target, hash)) STRICT, WITHOUT ROWID;"
	"PRAGMA application_id = 1395871554;"
	"PRAGMA user_version = 1;";

const char *outbox_state_name(enum outbox_state s)
{
	static const char *const names[OUTBOX_STATES] = {"pending", "sent", "acknowledged",
		"unchanged", "failed", "conflict", "dropped"};
	return (unsigned)s < OUTBOX_STATES ? names[s] : "pending";
}

/* ---- opening ------------------------------------------------------------------------------ */

static char *outbox_path(const char *journal_path, const char *end)
{
	struct buf b = {0};
	buf_fmt(&b, "%s.outbox%s", journal_path, end);
	return buf_take(&b);
}

bool outbox_exists(const char *journal_path)
{
	AUTO(mem_free_ptr) char *path = outbox_path(journal_path, "");
	return file_exists(path);
}

/* Private from its first moment, as the journal is. */
static bool make_private_file(const char *path, struct err *err)
{
	int fd = file_exists(path) ? -1 : open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && !file_exists(path)) {
		err_where(err, path, 0, 0);
		return err_set_errno(err, "cannot make the outbox");
	}
	if (fd >= 0)
		close(fd);
	return true;
}

static bool check_identity(struct outbox *o, struct err *err)
{
	int64_t id = 0, tables = 0, version = 0;
	if (!journal_int(&o->db, "SELECT count(*) FROM sqlite_schema", &tables, err) ||
		!journal_int(&o->db, "PRAGMA application_id", &id, err) ||
		!journal_int(&o->db, "PRAGMA user_version", &version, err))
		return false;
	if (tables && id != OUTBOX_ID)
		return err_set(err, ERR_INPUT, "%s is no outbox", o->db.path);
	return version <= 1 ||
		err_set(err, ERR_INPUT, "%s was written by a newer s3triage", o->db.path);
}

static bool prepare_db(struct outbox *o, struct err *err)
{
	sqlite3_busy_timeout(o->db.db, OUTBOX_BUSY_MS);
	return check_identity(o, err) &&
		journal_exec(&o->db, "PRAGMA journal_mode = WAL", err, CANNOT_WRITE) &&
		journal_exec(&o->db, "PRAGMA synchronous = FULL", err, CANNOT_WRITE) &&
		outbox_begin(o, err) &&
		outbox_end(o, journal_exec(&o->db, schema_sql, err, CANNOT_WRITE), err);
}

struct outbox *outbox_open(const char *journal_path, struct journal *j, struct err *err)
{
	struct outbox *o = mem_alloc(sizeof(*o));
	o->db.path = outbox_path(journal_path, "");
	o->journal = j;
	o->lock = -1;
	if (make_private_file(o->db.path, err)) {
		int code = sqlite3_open_v2(o->db.path, &o->db.db, SQLITE_OPEN_READWRITE, NULL);
		if (code != SQLITE_OK)
			journal_fail(&o->db, err, "cannot open the outbox");
		else if (prepare_db(o, err))
			return o;
	}
	outbox_close(o);
	return NULL;
}

void outbox_close(struct outbox *o)
{
	if (!o)
		return;
	sqlite3_close(o->db.db);
	if (o->lock >= 0)
		close(o->lock);
	free(o->db.path);
	free(o);
}

/* A byte a target, by the target's name. Locks of the open file, not of the process: a console's
 * thread and its screen have an outbox each. */
static bool lock_byte(struct outbox *o, struct str target, short type)
{
	char hex[SHA256_HEX];
	sha256_hex(target, hex);
	hex[12] = '\0';
	struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_len = 1,
		.l_start = (off_t)strtoull(hex, NULL, 16)};
	return fcntl(o->lock, F_OFD_SETLK, &l) == 0;
}

/* A file of its own: SQLite's locks and these on one file would end each other. */
bool outbox_claim(struct outbox *o, struct str target)
{
	struct buf path = {0};
	buf_fmt(&path, "%s.lock", o->db.path);
	if (o->lock < 0)
		o->lock = open(buf_cstr(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	buf_fini(&path);
	return o->lock >= 0 && lock_byte(o, target, F_WRLCK);
}

void outbox_release(struct outbox *o, struct str target)
{
	if (o->lock >= 0)
		lock_byte(o, target, F_UNLCK);
}

/* ---- statements --------------------------------------------------------------------------- */

bool outbox_begin(struct outbox *o, struct err *err)
{
	return journal_exec(&o->db, "BEGIN IMMEDIATE", err, CANNOT_WRITE);
}

bool outbox_end(struct outbox *o, bool fine, struct err *err)
{
	fine = fine && journal_exec(&o->db, "COMMIT", err, CANNOT_WRITE);
	if (!fine && !sqlite3_get_autocommit(o->db.db))
		sqlite3_exec(o->db.db, "ROLLBACK", NULL, NULL, NULL);
	return fine;
}

sqlite3_stmt *outbox_prepare(struct outbox *o, const char *sql, const struct str *texts, size_t n,
	struct err *err)
{
	sqlite3_stmt *st = journal_prepare(&o->db, sql, err);
	for (size_t i = 0; st && i < n; i++)
		journal_bind(st, (int)i + 1, texts[i]);
	return st;
}

bool outbox_run(struct outbox *o, sqlite3_stmt *st, size_t *n, struct err *err)
{
	if (!st)
		return false;
	if (sqlite3_step(st) != SQLITE_DONE)
		return journal_fail(&o->db, err, CANNOT_WRITE);
	if (n)
		*n = (size_t)sqlite3_changes(o->db.db);
	sqlite3_reset(st);
	return true;
}

/* ---- following the journal ---------------------------------------------------------------- */

void outbox_key(const struct decision *d, struct buf *out)
{
	char hex[SHA256_HEX];
	size_t from = out->n;
	if (d->event_id.n && d->rule_id.n)
		buf_fmt(out, "%.*s:%.*s", STR_ARG(d->rule_id), STR_ARG(d->event_id));
	else
		buf_add(out, d->alert_id.n ? d->alert_id : d->event_id);
	if (out->n - from <= KEY_MAX)
		return;
	sha256_hex(str_sub(buf_str(out), from, out->n), hex);
	out->n = from;
	buf_c(out, hex);
}

bool outbox_target(struct outbox *o, struct str target, struct err *err)
{
	int64_t rows = 0;
	char head[65];
	if (!journal_head(o->journal, &rows, head, err))
		return false;
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"INSERT OR IGNORE INTO target (name, seen) VALUES (?1, ?2)", &target, 1, err);
	if (st)
		sqlite3_bind_int64(st, 2, rows);
	return outbox_run(o, st, NULL, err);
}

static bool add_entry(struct outbox *o, sqlite3_stmt *insert, const struct decision *d,
	struct err *err)
{
	AUTO(buf_fini) struct buf key = {0};
	outbox_key(d, &key);
	sqlite3_bind_int64(insert, 2, d->seq);
	journal_bind(insert, 3, buf_str(&key));
	journal_bind(insert, 4, d->alert_id);
	journal_bind(insert, 5, d->event_id);
	sqlite3_bind_int64(insert, 6, d->at);
	journal_bind(insert, 7, str_c(verdict_name(d->verdict)));
	journal_bind(insert, 8, d->analyst);
	return outbox_run(o, insert, NULL, err);
}

/* Joins a row of the journal with what was noted before it was recorded. */
static bool join_theirs(struct outbox *o, const struct decision *d, struct err *err)
{
	AUTO(buf_fini) struct buf key = {0};
	outbox_key(d, &key);
	const struct str texts[] = {buf_str(&key), d->analyst, str_c(verdict_name(d->verdict))};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "UPDATE theirs SET seq = ?4"
		" WHERE seq = 0 AND key = ?1 AND analyst = ?2 AND verdict = ?3", texts,
		ARRAY_LEN(texts), err);
	if (st)
		sqlite3_bind_int64(st, 4, d->seq);
	return outbox_run(o, st, NULL, err);
}

/* A row that was learned from a target (see outbox_theirs.c) is marked so, and goes nowhere. */
static const char insert_sql[] =
	"INSERT OR IGNORE INTO entry (target, seq, key, alert_id, event_id, state, at, reason)"
	" SELECT ?1, ?2, ?3, ?4, ?5, CASE WHEN t.hash IS NULL THEN 0 ELSE 6 END, ?6,"
	" CASE WHEN t.hash IS NULL THEN '' ELSE 'read from ' || t.target END"
	" FROM (SELECT 1) LEFT JOIN theirs t ON t.key = ?3 AND t.analyst = ?8 AND t.verdict = ?7"
	" AND (t.seq = 0 OR t.seq = ?2) LIMIT 1";

static bool add_rows(struct outbox *o, struct str target, sqlite3_stmt *rows, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *insert = outbox_prepare(o, insert_sql, &target, 1, err);
	int code = SQLITE_DONE;
	while (insert && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		struct decision d;
		journal_read(rows, &d);
		if (!add_entry(o, insert, &d, err) || !join_theirs(o, &d, err))
			return false;
	}
	if (insert && code != SQLITE_DONE)
		return journal_fail(o->journal, err, "cannot read the journal");
	return insert != NULL;
}

static bool sync_target(struct outbox *o, struct str target, int64_t seen, int64_t rows,
	struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal,
		"SELECT " JOURNAL_COLUMNS " FROM record WHERE kind = 'decision' AND seq > ?1 ORDER BY seq", err);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 1, seen);
	AUTO(journal_finalize) sqlite3_stmt *up = outbox_prepare(o,
		"UPDATE target SET seen = ?2 WHERE name = ?1 AND seen < ?2", &target, 1, err);
	if (up)
		sqlite3_bind_int64(up, 2, rows);
	return up && add_rows(o, target, st, err) && outbox_run(o, up, NULL, err);
}

static bool sync_all(struct outbox *o, int64_t rows, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT name, seen FROM target WHERE seen < ?1", NULL, 0, err);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 1, rows);
	int code;
	while ((code = sqlite3_step(st)) == SQLITE_ROW)
		if (!sync_target(o, journal_text(st, 0), sqlite3_column_int64(st, 1), rows, err))
			return false;
	return code == SQLITE_DONE || journal_fail(&o->db, err, CANNOT_WRITE);
}

bool outbox_sync(struct outbox *o, struct err *err)
{
	int64_t rows = 0, behind = 0;
	char head[65], sql[96];
	if (!journal_head(o->journal, &rows, head, err))
		return false;
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM target WHERE seen < %" PRId64, rows);
	if (!journal_int(&o->db, sql, &behind, err))
		return false;
	return !behind || (outbox_begin(o, err) && outbox_end(o, sync_all(o, rows, err), err));
}

bool outbox_since(struct outbox *o, struct str target, int64_t at, size_t *n, struct err *err)
{
	int64_t before = sqlite3_total_changes(o->db.db);
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal,
		"SELECT " JOURNAL_COLUMNS " FROM record WHERE kind = 'decision' AND at >= ?1 ORDER BY seq", err);
	if (!st || !outbox_begin(o, err))
		return false;
	sqlite3_bind_int64(st, 1, at);
	bool fine = outbox_end(o, add_rows(o, target, st, err), err);
	*n = (size_t)(sqlite3_total_changes(o->db.db) - before);
	return fine;
}
