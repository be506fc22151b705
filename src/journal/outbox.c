/*
 * outbox: opening it, its tables and its statements. Sends nothing and knows nothing of networks:
 * source does that. The journal is only read, but for outbox_theirs.c.
 */
#include "outbox_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OUTBOX_BUSY_MS = 15000, OUTBOX_ID = 0x53334f42, OUTBOX_SCHEMA = 3 };
/* target.seen, head: the journal's last row that was taken in, and its hash; since: the time of the
 * last row when the target became known; place: where its decisions go. theirs: what of others was
 * read by versions before 2, and with seq -1 what left here and stands in the journal no longer.
 * mark, entry.place: see outbox_mark_of(); empty: what the name stood for. moved: places that a name
 * stood for, and of which the user said that they are the one it stands for now. */
#define OUTBOX_SCHEMA_1 \
	"CREATE TABLE target (" \
	" name TEXT PRIMARY KEY, seen INTEGER NOT NULL, upto TEXT NOT NULL DEFAULT '') STRICT;" \
	"CREATE TABLE entry (" \
	" target TEXT NOT NULL, seq INTEGER NOT NULL, key TEXT NOT NULL, alert_id TEXT NOT NULL," \
	" event_id TEXT NOT NULL, state INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0," \
	" at INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '', over TEXT NOT NULL DEFAULT ''," \
	" PRIMARY KEY (target, seq)) STRICT, WITHOUT ROWID;" \
	"CREATE INDEX entry_undone ON entry(target, key, seq) WHERE state IN (0, 1, 4, 5);" \
	"CREATE INDEX entry_key ON entry(target, key, seq, state);" \
	"CREATE TABLE theirs (" \
	" target TEXT NOT NULL, hash TEXT NOT NULL, key TEXT NOT NULL, analyst TEXT NOT NULL," \
	" at INTEGER NOT NULL, verdict TEXT NOT NULL, seq INTEGER NOT NULL," \
	" PRIMARY KEY (target, hash)) STRICT, WITHOUT ROWID;" \
	"PRAGMA application_id = 1395871554;"

#define OUTBOX_SCHEMA_2 \
	"ALTER TABLE target ADD COLUMN head TEXT NOT NULL DEFAULT '';" \
	"ALTER TABLE target ADD COLUMN since INTEGER NOT NULL DEFAULT 0;" \
	"ALTER TABLE target ADD COLUMN place TEXT NOT NULL DEFAULT '';" \
	"ALTER TABLE entry ADD COLUMN hash TEXT NOT NULL DEFAULT '';" \
	"PRAGMA user_version = 2;"

#define OUTBOX_SCHEMA_3 \
	"ALTER TABLE target ADD COLUMN mark TEXT NOT NULL DEFAULT '';" \
	"ALTER TABLE entry ADD COLUMN place TEXT NOT NULL DEFAULT '';" \
	"CREATE TABLE moved (name TEXT NOT NULL, was TEXT NOT NULL, PRIMARY KEY (name, was))" \
	" STRICT, WITHOUT ROWID;" \
	"PRAGMA user_version = 3;"

/* The profiles of this run: what others have left in the file is not ours to send. */
static const char mine_sql[] = "CREATE TEMP TABLE mine (name TEXT PRIMARY KEY,"
	" team INTEGER NOT NULL, place TEXT NOT NULL, mark TEXT NOT NULL, url TEXT NOT NULL) STRICT;";

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

static bool outbox_check_identity(
	struct outbox *o, int64_t *tables, int64_t *version, struct err *err)
{
	int64_t id = 0;
	if (!journal_int(&o->db, "SELECT count(*) FROM sqlite_schema", tables, err) ||
		!journal_int(&o->db, "PRAGMA application_id", &id, err) ||
		!journal_int(&o->db, "PRAGMA user_version", version, err))
		return false;
	if (*tables && id != OUTBOX_ID)
		return err_set(err, ERR_INPUT, "%s is no outbox", o->db.path);
	return *version <= OUTBOX_SCHEMA ||
		err_set(err, ERR_INPUT, "%s was written by a newer s3triage", o->db.path);
}

/* Inside one transaction: another console may be making it at this moment. */
static bool make_tables(struct outbox *o, struct err *err)
{
	int64_t tables = 0, version = 0;
	if (!outbox_check_identity(o, &tables, &version, err) ||
		(!tables && !journal_exec(&o->db, OUTBOX_SCHEMA_1, err, CANNOT_WRITE)))
		return false;
	if (version < 2 && (!journal_exec(&o->db, OUTBOX_SCHEMA_2, err, CANNOT_WRITE) ||
		(tables && !outbox_take_hashes(o, err))))
		return false;
	if (version < 3 && !journal_exec(&o->db, OUTBOX_SCHEMA_3, err, CANNOT_WRITE))
		return false;
	return schema_check(&o->db, OUTBOX_SCHEMA_1 OUTBOX_SCHEMA_2 OUTBOX_SCHEMA_3, err) ||
		(err && err->code != ERR_INPUT) || err_prefix(err, "it was changed by other means (move it"
			" away to begin a new one)");
}

static bool outbox_prepare_db(struct outbox *o, struct err *err)
{
	int64_t tables, version;
	sqlite3_busy_timeout(o->db.db, OUTBOX_BUSY_MS);
	sqlite3_db_config(o->db.db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(o->db.db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return outbox_check_identity(o, &tables, &version, err) &&
		journal_exec(&o->db, "PRAGMA journal_mode = WAL", err, CANNOT_WRITE) &&
		journal_exec(&o->db, "PRAGMA synchronous = FULL", err, CANNOT_WRITE) &&
		journal_exec(&o->db, mine_sql, err, CANNOT_WRITE) &&
		outbox_begin(o, err) && outbox_end(o, make_tables(o, err), err);
}

struct outbox *outbox_open(const char *journal_path, struct journal *j, struct err *err)
{
	struct outbox *o = mem_alloc(sizeof(*o));
	o->db.path = outbox_path(journal_path, "");
	o->journal = j;
	o->lock = -1;
	if (journal_guarded(o->db.path, err) && make_private_file(o->db.path, err)) {
		int code = sqlite3_open_v2(o->db.path, &o->db.db, SQLITE_OPEN_READWRITE, NULL);
		struct err own = {0};
		if (code == SQLITE_OK ? outbox_prepare_db(o, &own)
				      : journal_fail(&o->db, &own, "it cannot be opened"))
			return o;
		err_where(err, o->db.path, 0, 0);
		code = sqlite3_errcode(o->db.db) & 0xff;
		err_set(err, own.code, "the outbox cannot be used, so nothing is sent (the journal needs it"
			" for nothing): %s", code == SQLITE_NOTADB || code == SQLITE_CORRUPT ?
			"the file is damaged; move it away to begin a new one" : own.text);
	}
	outbox_close(o);
	return NULL;
}

/* The first row of what `sql` asks of the outbox beside a journal, only reading; NULL where there is
 * none. Its connection is *db, closed by the caller. */
static sqlite3_stmt *peek(const char *journal_path, struct journal *db, const char *sql, struct str text)
{
	AUTO(mem_free_ptr) char *path = outbox_path(journal_path, "");
	sqlite3_open_v2(path, &db->db, SQLITE_OPEN_READONLY, NULL);
	sqlite3_busy_timeout(db->db, OUTBOX_BUSY_MS);
	sqlite3_stmt *st = journal_prepare(db, sql, NULL);
	if (st && text.n)
		journal_bind(st, 1, text);
	if (st && sqlite3_step(st) == SQLITE_ROW)
		return st;
	sqlite3_finalize(st);
	return NULL;
}

void outbox_known(const char *journal_path, struct journal_known *out)
{
	struct journal db = {0};
	*out = (struct journal_known){0};
	sqlite3_stmt *st = peek(journal_path, &db,
		"SELECT seen, head FROM target WHERE head <> '' ORDER BY seen DESC LIMIT 1", STR(""));
	if (st) {
		out->rows = sqlite3_column_int64(st, 0);
		snprintf(out->head, sizeof(out->head), "%.*s", STR_ARG(journal_text(st, 1)));
	}
	sqlite3_finalize(st);
	sqlite3_close(db.db);
}

void outbox_recall(const char *journal_path, enum outbox_past what, struct str target, struct buf *out)
{
	static const char *const asks[] = {"SELECT place FROM target WHERE name = ?1",
		"SELECT group_concat(was) FROM moved WHERE name = ?1"};
	struct journal db = {0};
	sqlite3_stmt *st = peek(journal_path, &db, asks[what], target);
	if (st)
		buf_add(out, journal_text(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db.db);
}

struct history {
	journal_row_fn fn;
	void *ctx;
	struct journal db;
	sqlite3_stmt *entry;
};

/* "not at team: failed: 403 ...". */
static void say_entry(sqlite3_stmt *st, struct buf *out)
{
	struct str reason = journal_text(st, 2);
	buf_fmt(out, "%snot at %.*s: %s%s%.*s", out->n ? "\n" : "", STR_ARG(journal_text(st, 0)),
		outbox_state_name((enum outbox_state)sqlite3_column_int(st, 1)), reason.n ? ": " : "",
		STR_ARG(reason));
}

static void add_unsent(void *ctx, const struct decision *d)
{
	struct history *h = ctx;
	struct decision with = *d;
	AUTO(buf_fini) struct buf unsent = {0};
	if (h->entry) {
		sqlite3_reset(h->entry);
		sqlite3_bind_int64(h->entry, 1, d->seq);
		journal_bind(h->entry, 2, d->hash);
	}
	while (h->entry && sqlite3_step(h->entry) == SQLITE_ROW)
		say_entry(h->entry, &unsent);
	with.unsent = buf_str(&unsent);
	h->fn(h->ctx, &with);
}

bool outbox_history(struct journal *j, const struct alert *a, journal_row_fn fn, void *ctx,
	struct err *err)
{
	struct history h = {.fn = fn, .ctx = ctx};
	AUTO(mem_free_ptr) char *path = outbox_path(journal_path(j), "");
	sqlite3_open_v2(path, &h.db.db, SQLITE_OPEN_READONLY, NULL);
	sqlite3_busy_timeout(h.db.db, OUTBOX_BUSY_MS);
	h.entry = journal_prepare(&h.db, "SELECT target, state, reason FROM entry WHERE target IN (SELECT"
		" name FROM target) AND seq = ?1 AND hash = ?2 AND state NOT IN (2, 3) ORDER BY target", NULL);
	bool fine = journal_history_of(j, a, add_unsent, &h, err);
	sqlite3_finalize(h.entry);
	sqlite3_close(h.db.db);
	return fine;
}

void outbox_close(struct outbox *o)
{
	if (!o)
		return;
	sqlite3_close(o->db.db);
	if (o->lock >= 0)
		close(o->lock);
	free(o->db.path);
	buf_fini(&o->notice);
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
		o->lock = open(buf_cstr(&path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	buf_fini(&path);
	return o->lock >= 0 && lock_byte(o, target, F_WRLCK);
}

void outbox_release(struct outbox *o, struct str target)
{
	if (o->lock >= 0)
		lock_byte(o, target, F_UNLCK);
}

/* ---- statements --------------------------------------------------------------------------- */
