/*
 * journal_schema: whether a database is what the program makes: the same tables, indexes and
 * triggers with the same text, and sound pages. The right ones come from running the program's own
 * statements in memory, so there is no second list to keep.
 */
#include "journal_priv.h"

#include "s3triage/base/mem.h"

#include <string.h>

enum { NAME_SHOWN = 60 };

/* What ANALYZE leaves: figures by which SQLite chooses among indexes that are right. */
#define ANALYZED "'CREATE TABLE sqlite_stat1(tbl,idx,stat)'," \
	" 'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)'"

/* One thing of a schema after the other, in an order of their own. */
struct things {
	sqlite3_stmt *st;
	bool more;
	struct str type, name;
};

static bool things_next(const struct journal *j, struct things *t, struct err *err)
{
	int code = sqlite3_step(t->st);
	t->more = code == SQLITE_ROW;
	if (t->more) {
		t->type = journal_text(t->st, 0);
		t->name = journal_text(t->st, 1);
	}
	return t->more || code == SQLITE_DONE || journal_fail(j, err, "cannot read the schema");
}

static bool things_first(struct journal *j, struct things *t, struct err *err)
{
	t->st = journal_prepare(j, "SELECT type, name, coalesce(tbl_name, '') || char(10) || coalesce(sql, '')"
		" FROM sqlite_schema WHERE sql IS NULL OR sql NOT IN (" ANALYZED ") ORDER BY type, name", err);
	return t->st && things_next(j, t, err);
}

static int things_order(const struct things *a, const struct things *b)
{
	if (!a->more || !b->more)
		return (int)b->more - (int)a->more;
	int order = str_cmp(a->type, b->type);
	return order ? order : str_cmp(a->name, b->name);
}

static bool wrong_thing(const struct things *t, const char *what, struct err *err)
{
	return err_set(err, ERR_INPUT, "the %.*s '%.*s' %s", STR_ARG(str_sub(t->type, 0, NAME_SHOWN)),
		STR_ARG(str_sub(t->name, 0, NAME_SHOWN)), what);
}

static void things_fini(struct things *t)
{
	sqlite3_finalize(t->st);
}

static bool things_compare(struct journal *j, struct journal *right, struct err *err)
{
	AUTO(things_fini) struct things is = {0};
	AUTO(things_fini) struct things must = {0};
	if (!things_first(j, &is, err) || !things_first(right, &must, err))
		return false;
	while (is.more || must.more) {
		int order = things_order(&is, &must);
		if (order < 0)
			return wrong_thing(&is, "was not made by s3triage", err);
		if (order > 0)
			return wrong_thing(&must, "is missing", err);
		if (!str_eq(journal_text(is.st, 2), journal_text(must.st, 2)))
			return wrong_thing(&is, "is not as s3triage makes it", err);
		if (!things_next(j, &is, err) || !things_next(right, &must, err))
			return false;
	}
	return true;
}

bool schema_check(struct journal *j, const char *sql, struct err *err)
{
	struct journal right = {.path = j->path};
	struct err own = {0};
	bool fine = sqlite3_open_v2(":memory:", &right.db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK &&
		journal_exec(&right, sql, &own, "cannot check the schema") &&
		things_compare(j, &right, &own);
	sqlite3_close(right.db);
	if (fine)
		return true;
	if (err)
		*err = own;
	return err_where(err, j->path, 0, 0);
}

bool pages_check(struct journal *j, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j, "PRAGMA integrity_check(1)", err);
	if (!st)
		return false;
	if (sqlite3_step(st) != SQLITE_ROW)
		return journal_fail(j, err, "cannot check the file");
	struct str said = journal_text(st, 0);
	if (str_is(said, "ok"))
		return true;
	err_where(err, j->path, 0, 0);
	return err_set(err, ERR_INPUT, "the file is damaged or was changed by other means: SQLite says: %.*s",
		STR_ARG(str_sub(said, 0, 200)));
}
