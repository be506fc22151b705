/*
 * journal: opening the record of decisions, and reading rows from it. Knows nothing of the screen
 * and of alerts that are loaded; SQLite stays behind journal_priv.h.
 */
#include "journal_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { APPLICATION_ID = 0x53335472, WAL_TRIES = 500, GLANCE_MAX = 16 << 20 };

static const char schema_sql[] =
	"CREATE TABLE record ("
	" seq INTEGER PRIMARY KEY,"
	" at INTEGER NOT NULL,"
	" kind TEXT NOT NULL,"
	" analyst TEXT NOT NULL,"
	" alert_id TEXT NOT NULL,"
	" event_id TEXT NOT NULL,"
	" rule_id TEXT NOT NULL,"
	" was TEXT NOT NULL,"
	" verdict TEXT NOT NULL,"
	" reason TEXT NOT NULL,"
	" note TEXT NOT NULL,"
	" undoes INTEGER NOT NULL,"
	" redo INTEGER NOT NULL,"
	" batch TEXT NOT NULL,"
	" approval INTEGER NOT NULL,"
	" payload TEXT NOT NULL,"
	" prev_hash TEXT NOT NULL,"
	" hash TEXT NOT NULL) STRICT;"
	"CREATE INDEX record_alert ON record(alert_id, seq) WHERE kind = 'decision';"
	"CREATE INDEX record_event ON record(event_id, rule_id, seq) WHERE kind = 'decision';"
	"CREATE INDEX record_stack ON record(analyst, seq, batch, undoes, redo)"
	" WHERE kind = 'decision';"
	"CREATE INDEX record_approval ON record(approval, seq) WHERE kind <> 'decision';"
	"CREATE TRIGGER record_no_update BEFORE UPDATE ON record"
	" BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;"
	"CREATE TRIGGER record_no_delete BEFORE DELETE ON record"
	" BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;"
	"CREATE TRIGGER record_in_order BEFORE INSERT ON record"
	" WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM record)"
	" BEGIN SELECT RAISE(ABORT, 'records are only appended'); END;"
	"PRAGMA application_id = 1395872882;"
	"PRAGMA user_version = 1;";

bool journal_int(struct journal *j, const char *sql, int64_t *out, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j, sql, err);
	if (!st)
		return false;
	int code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return journal_fail(j, err, "cannot read the journal");
	return true;
}

void journal_bind(sqlite3_stmt *st, int at, struct str text)
{
	sqlite3_bind_text64(st, at, text.p ? text.p : "", text.n, SQLITE_STATIC, SQLITE_UTF8);
}

/* ---- opening ------------------------------------------------------------------------------ */

/* Makes the file for SQLite, private from its first moment. A file that is there is not opened
 * here: closing it again would drop the locks of another handle in this process. */
static bool make_file(const char *path, struct err *err)
{
	struct str folder = str_c(path);
	size_t slash = str_rfind_char(folder, '/');
	AUTO(mem_free_ptr) char *dir =
		mem_dup(slash == STR_NONE ? STR(".") : str_sub(folder, 0, slash ? slash : 1));
	if (!file_mkdirs(dir, 0700, err))
		return false;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno != EEXIST) {
		err_where(err, path, 0, 0);
		return err_set_errno(err, "cannot make the journal");
	}
	if (fd < 0 && !file_exists(path)) {
		err_where(err, path, 0, 0);
		return err_set(err, ERR_INPUT, "this is a link that leads to no file; nothing is recorded");
	}
	if (fd < 0)
		return true;
	close(fd);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	return true;
}

bool journal_guarded(const char *path, struct err *err)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	bool fine = true;
	for (size_t i = 0; fine && i < ARRAY_LEN(ends); i++) {
		struct buf name = {0};
		buf_fmt(&name, "%s%s", path, ends[i]);
		fine = file_guarded(buf_cstr(&name), FILE_PRIVATE, err);
		buf_fini(&name);
	}
	return fine || err_where(err, path, 0, 0);
}

/* One transaction: another console may be making the journal at this moment. */
static bool read_identity(struct journal *j, int64_t *application, int64_t *version,
	int64_t *tables, struct err *err)
{
	bool fine = journal_exec(j, "BEGIN", err, "cannot read the journal") &&
		journal_int(j, "SELECT count(*) FROM sqlite_schema", tables, err) &&
		journal_int(j, "PRAGMA application_id", application, err) &&
		journal_int(j, "PRAGMA user_version", version, err);
	if (fine)
		sqlite3_exec(j->db, "ROLLBACK", NULL, NULL, NULL);
	return fine;
}

/* NULL when the file is a journal for us, else what it is. */
static const char *wrong_identity(const struct journal *j, int64_t application, int64_t version,
	bool empty)
{
	if (!empty && application != APPLICATION_ID)
		return "this is another program's database, no journal of decisions";
	if (!empty && version < 1)
		return "it says that it has no schema's version: it was changed by other means";
	if (version > JOURNAL_SCHEMA)
		return "written by a newer s3triage: its schema is newer than this one knows";
	return empty && j->read_only ? "the file is empty: no decision is in it" : NULL;
}

static bool journal_check_identity(struct journal *j, bool *empty, struct err *err)
{
	int64_t application = 0, version = 0, tables = 0;
	if (!read_identity(j, &application, &version, &tables, err))
		return false;
	*empty = tables == 0 && application == 0 && version == 0;
	const char *wrong = wrong_identity(j, application, version, *empty);
	if (!wrong)
		return true;
	err_where(err, j->path, 0, 0);
	return err_set(err, ERR_INPUT, "%s", wrong);
}

/* Changing to WAL does not wait for others by itself. */
static bool set_wal(struct journal *j, struct err *err)
{
	const struct timespec pause = {0, 10 * 1000 * 1000};
	for (int i = 0; i < WAL_TRIES; i++) {
		int code = sqlite3_exec(j->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
		if (code == SQLITE_OK)
			return true;
		if ((code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_LOCKED)
			break;
		nanosleep(&pause, NULL);
	}
	return journal_fail(j, err, "cannot prepare the journal");
}

/* Two consoles may come here at once: the second finds it done. */
static bool make_schema(struct journal *j, struct err *err)
{
	static const char what[] = "cannot make the journal";
	int64_t tables = 0;
	if (!journal_exec(j, "BEGIN IMMEDIATE", err, what))
		return false;
	bool fine = journal_int(j, "SELECT count(*) FROM sqlite_schema", &tables, err) &&
		(tables || journal_exec(j, schema_sql, err, what)) &&
		journal_exec(j, "COMMIT", err, what);
	if (!fine)
		sqlite3_exec(j->db, "ROLLBACK", NULL, NULL, NULL);
	return fine;
}

bool journal_schema_check(struct journal *j, struct err *err)
{
	return schema_check(j, schema_sql, err) &&
		journal_int(j, "PRAGMA schema_version", &j->schema_version, err);
}

bool journal_examine(struct journal *j, struct err *err)
{
	return journal_schema_check(j, err) && pages_check(j, err);
}

bool journal_glance(struct journal *j, struct err *err)
{
	int64_t pages = 0, size = 0;
	if (!journal_schema_check(j, err) || !journal_int(j, "PRAGMA page_count", &pages, err) ||
		!journal_int(j, "PRAGMA page_size", &size, err))
		return false;
	return pages * size > GLANCE_MAX || pages_check(j, err);
}

/* Into what others have changed nothing is recorded: a trigger could take it away again. */
static bool refuse_foreign(struct journal *j, struct err *err)
{
	return journal_schema_check(j, err) ||
		(err && err->code != ERR_INPUT) ||
		err_prefix(err, "nothing is recorded in a journal that was changed by other means");
}

static bool journal_prepare_db(struct journal *j, struct err *err)
{
	bool empty;
	sqlite3_busy_timeout(j->db, JOURNAL_BUSY_MS);
	sqlite3_db_config(j->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(j->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_exec(j->db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL); /* journal_shared() */
	if (!journal_check_identity(j, &empty, err))
		return false;
	if (j->read_only)
		return true;
	return set_wal(j, err) &&
		journal_exec(j, "PRAGMA synchronous = FULL", err, "cannot prepare the journal") &&
		make_schema(j, err) && refuse_foreign(j, err);
}

/* A file name for SQLite's URI form, in which %, ? and # mean something. */
static void put_uri(const char *path, struct buf *out)
{
	buf_c(out, path[0] == '/' ? "file://" : "file:");
	for (const char *p = path; *p; p++) {
		if (*p == '%' || *p == '?' || *p == '#')
			buf_fmt(out, "%%%02X", (unsigned char)*p);
		else
			buf_char(out, *p);
	}
	buf_c(out, "?immutable=1");
}

/* In a folder where nothing may be written SQLite cannot read a WAL journal, unless it is told
 * that nobody writes: true when no -wal file lies beside it. */
static bool open_frozen(struct journal *j, struct err *err)
{
	struct buf name = {0};
	buf_fmt(&name, "%s-wal", j->path);
	bool live = file_exists(buf_cstr(&name));
	buf_clear(&name);
	put_uri(j->path, &name);
	sqlite3_close(j->db);
	j->db = NULL;
	bool fine = !live && sqlite3_open_v2(buf_cstr(&name), &j->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK;
	buf_fini(&name);
	if (!fine)
		return err_set(err, ERR_IO, "cannot open the journal: its folder may not be"
			" written, and it was not closed");
	*err = (struct err){0};
	return journal_prepare_db(j, err);
}

static bool open_db(struct journal *j, struct err *err)
{
	struct err why = {0};
	int flags = j->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	bool opened = sqlite3_open_v2(j->path, &j->db, flags, NULL) == SQLITE_OK;
	if (!opened)
		journal_fail(j, &why, "cannot open the journal");
	else if (journal_prepare_db(j, &why))
		return true;
	int code = sqlite3_errcode(j->db) & 0xff;
	if (opened && j->read_only && (code == SQLITE_CANTOPEN || code == SQLITE_READONLY) &&
		open_frozen(j, &why))
		return true;
	if (err)
		*err = why;
	return false;
}

/* The log beside it, which has the newest rows: SQLite takes it away only behind the last handle. */
bool journal_look_log(const struct journal *j, struct stat *out)
{
	AUTO(buf_fini) struct buf name = {0};
	buf_fmt(&name, "%s-wal", j->path);
	return stat(buf_cstr(&name), out) == 0 || (*out = (struct stat){0}, false);
}

void journal_note_place(struct journal *j)
{
	if (stat(j->path, &j->file) != 0)
		j->file = (struct stat){0};
	journal_look_log(j, &j->log);
}

struct journal *journal_open(const char *path, bool read_only, struct err *err)
{
	if (!journal_guarded(path, err) || (!read_only && !make_file(path, err)))
		return NULL;
	if (!file_exists(path)) {
		err_where(err, path, 0, 0);
		err_set(err, ERR_IO, "there is no journal yet: nothing was ever decided");
		return NULL;
	}
	struct journal *j = mem_alloc(sizeof(*j));
	j->path = mem_dup(str_c(path));
	j->read_only = read_only;
	j->precedent_version = -1;
	if (open_db(j, err)) {
		journal_note_place(j);
		return j;
	}
	journal_close(j);
	return NULL;
}

const char *journal_path(const struct journal *j)
{
	return j->path;
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	sqlite3_close(j->db);
	free(j->head_file);
	free(j->teams);
	free(j->path);
	free(j);
}
