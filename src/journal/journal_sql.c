/*
 * journal_sql: statements, each failure in words.
 */
#include "journal_priv.h"

bool journal_fail(const struct journal *j, struct err *err, const char *what)
{
	int code = sqlite3_extended_errcode(j->db);
	err_where(err, j->path, 0, 0);
	if (code == SQLITE_IOERR_SHMOPEN || code == SQLITE_IOERR_SHMMAP || code == SQLITE_IOERR_SHMLOCK)
		return err_set(err, ERR_IO, "%s: its folder has no shared memory, as on a network's file"
			" system: keep the journal on a local disk", what);
	switch (code & 0xff) {
	case SQLITE_FULL:
		return err_set(err, ERR_IO, "%s: the disk is full; nothing was recorded", what);
	case SQLITE_READONLY:
		return err_set(err, ERR_IO, "%s: the journal may not be written", what);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_IO, "%s: another program keeps the journal locked", what);
	case SQLITE_NOTADB:
		return err_set(err, ERR_INPUT, "this is no journal of decisions: not an SQLite"
			" database");
	case SQLITE_CORRUPT:
		return err_set(err, ERR_INPUT, "%s: the journal's file is damaged", what);
	default:
		return err_set(err, ERR_IO, "%s: %s", what, sqlite3_errmsg(j->db));
	}
}

bool journal_exec(struct journal *j, const char *sql, struct err *err, const char *what)
{
	if (sqlite3_exec(j->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return journal_fail(j, err, what);
	return true;
}

sqlite3_stmt *journal_prepare(struct journal *j, const char *sql, struct err *err)
{
	sqlite3_stmt *st = NULL;
	if (sqlite3_prepare_v2(j->db, sql, -1, &st, NULL) != SQLITE_OK)
		journal_fail(j, err, "cannot read the journal");
	return st;
}

void journal_finalize(sqlite3_stmt **st)
{
	sqlite3_finalize(*st);
}

struct str journal_text(sqlite3_stmt *st, int column)
{
	const char *p = (const char *)sqlite3_column_text(st, column);
	return (struct str){p, p ? (size_t)sqlite3_column_bytes(st, column) : 0};
}
