/*
 * outbox_sql: statements and transactions of the outbox.
 */
#include "outbox_priv.h"

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
