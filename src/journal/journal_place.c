/*
 * journal_place: whether the file that a handle has open is still what lies at its place, and, where it is
 * not, all its rows in a file beside it. A handle goes on reading and writing a file that has no name any
 * more, and nothing of that outlives it.
 */
#include "journal_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_file(const struct stat *now, const struct stat *was)
{
	return now->st_dev == was->st_dev && now->st_ino == was->st_ino;
}

/* All but the file itself may change by what others record in it; then its rows are looked at again. */
static bool is_untouched(const struct stat *now, const struct stat *was)
{
	return now->st_size == was->st_size && now->st_mtim.tv_sec == was->st_mtim.tv_sec &&
		now->st_mtim.tv_nsec == was->st_mtim.tv_nsec;
}

/* Whether the file of that name has the last row that this handle knows, by a handle that remembers nothing.
 * What cannot be looked at for want of something else is not held against it. */
static bool has_rows(const struct journal *j, const char *path, struct err *err)
{
	int64_t rows;
	char head[65];
	struct journal again = {.path = (char *)(uintptr_t)path, .read_only = true};
	int code = sqlite3_open_v2(path, &again.db, SQLITE_OPEN_READONLY, NULL);
	sqlite3_busy_timeout(again.db, JOURNAL_BUSY_MS);
	bool read = code == SQLITE_OK && journal_head(&again, &rows, head, err);
	bool holds = read && journal_known_holds(&again, &j->known, err);
	code = sqlite3_errcode(again.db) & 0xff;
	sqlite3_close(again.db);
	return holds || (!read && code != SQLITE_CORRUPT && code != SQLITE_NOTADB && code != SQLITE_ERROR);
}

static enum journal_place lost(enum journal_place how, struct err *err, const char *text)
{
	err_set(err, ERR_INPUT, "%s", text);
	return how;
}

static enum journal_place look_at_other(const struct journal *j, struct err *err)
{
	struct err why = {0};
	if (!j->known.rows)
		return lost(JOURNAL_OTHER, err, "another file lies in its place");
	return has_rows(j, j->path, &why) ?
		lost(JOURNAL_COPY, err, "another file lies in its place, a copy with all of its rows") :
		lost(JOURNAL_OTHER, err, "another file lies in its place, and its rows are not in that");
}

enum journal_place journal_in_place(struct journal *j, struct err *err)
{
	struct stat now, log;
	if (!j->file.st_ino) /* it could not be looked at as it was opened */
		return JOURNAL_IN_PLACE;
	if (stat(j->path, &now) != 0)
		return errno != ENOENT && errno != ENOTDIR ? JOURNAL_IN_PLACE :
			lost(JOURNAL_GONE, err, "its file was deleted or moved away");
	if (!is_file(&now, &j->file))
		return look_at_other(j, err);
	if (!j->read_only && j->log.st_ino && (!journal_look_log(j, &log) || !is_file(&log, &j->log)))
		return lost(JOURNAL_CUT, err, "the -wal file beside it, which has its newest rows, was deleted or"
			" replaced");
	if (!is_untouched(&now, &j->file) && !has_rows(j, j->path, err)) {
		if (err->code != ERR_CONFLICT) /* which says it */
			err_prefix(err, "its rows are not in it any more");
		err->code = ERR_INPUT;
		err->file[0] = '\0';
		return JOURNAL_CUT;
	}
	journal_note_place(j);
	return JOURNAL_IN_PLACE;
}

/* Page by page, so that a log which still lies at the old place does no harm to it; into a file that is
 * private from its first moment. */
static bool copy_into(struct journal *j, const char *to, struct err *err)
{
	struct journal copy = {.path = (char *)(uintptr_t)to};
	if (!file_write(to, (struct str){0}, FILE_PRIVATE, err))
		return false;
	sqlite3_open_v2(to, &copy.db, SQLITE_OPEN_READWRITE, NULL);
	sqlite3_backup *b = sqlite3_backup_init(copy.db, "main", j->db, "main");
	int code = b ? sqlite3_backup_step(b, -1) : SQLITE_ERROR;
	sqlite3_backup_finish(b);
	bool fine = code == SQLITE_DONE || journal_fail(&copy, err, "cannot copy the journal");
	sqlite3_exec(copy.db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL); /* one file, also when read */
	sqlite3_close(copy.db);
	return fine;
}

const struct journal_known *journal_knows(const struct journal *j)
{
	return &j->known;
}

/* Every row, and the last one that is known here among them. */
static bool copy_is_whole(const struct journal *j, const char *path, struct err *err)
{
	int64_t rows, broken;
	struct journal *copy = journal_open(path, true, err);
	bool fine = copy && journal_verify(copy, &rows, &broken, NULL, err) &&
		journal_known_holds(copy, &j->known, err);
	journal_close(copy);
	return fine;
}

bool journal_rescue(struct journal *j, const char *to, struct err *err)
{
	AUTO(buf_fini) struct buf part = {0};
	if (file_exists(to)) /* by another console that lost the same */
		return copy_is_whole(j, to, err);
	buf_fmt(&part, "%s.%ld", to, (long)getpid());
	bool fine = copy_into(j, buf_cstr(&part), err) && copy_is_whole(j, buf_cstr(&part), err) &&
		(rename(buf_cstr(&part), to) == 0 || err_set_errno(err, "cannot name the copy"));
	if (!fine)
		unlink(buf_cstr(&part));
	return fine;
}
