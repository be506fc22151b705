/*
 * journal_head: the last head of a journal, kept in a file outside it. A chain whose end was cut
 * off, that was emptied, replaced or restored from an older copy, is a sound chain: only somebody
 * who remembers can tell. Owns the file's form, not its place.
 */
#include "journal_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/event/json.h"
#include "s3triage/event/json_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_FILE_MAX = 16384 };

static void head_text(const struct json *o, const char *key, char out[128])
{
	snprintf(out, 128, "%.*s", STR_ARG(json_str(json_get(o, key))));
}

bool journal_known_read(const char *file, struct journal_known *out, struct err *err)
{
	AUTO(buf_fini) struct buf text = {.max = HEAD_FILE_MAX};
	*out = (struct journal_known){0};
	if (!file_exists(file))
		return true;
	if (!file_guarded(file, FILE_PRIVATE, err) || !file_read(file, &text, err))
		return false;
	AUTO(json_free_ptr) struct json *o = json_parse(buf_str(&text), NULL);
	if (!json_int(json_get(o, "rows"), &out->rows) || out->rows < 0)
		return err_where(err, file, 0, 0) ||
			err_set(err, ERR_INPUT, "what is known of the journal's last head is damaged;"
			" s3triage verify --accept-head begins it anew, and records that");
	head_text(o, "head", out->head);
	out->from = -1;
	json_int(json_get(o, "from"), &out->from);
	json_int(json_get(o, "sealed"), &out->sealed);
	json_int(json_get(o, "sealed_at"), &out->sealed_at);
	head_text(o, "root", out->root);
	head_text(o, "origin", out->origin);
	json_int(json_get(o, "gone"), &out->gone);
	head_text(o, "gone_head", out->gone_head);
	head_text(o, "first", out->first);
	head_text(o, "gone_first", out->gone_first);
	snprintf(out->place, sizeof(out->place), "%.*s", STR_ARG(json_str(json_get(o, "journal"))));
	return true;
}

bool journal_known_write(const char *file, const char *journal, const struct journal_known *k,
	struct err *err)
{
	AUTO(buf_fini) struct buf text = {0};
	struct str path = str_c(file);
	AUTO(mem_free_ptr) char *dir = mem_dup(str_sub(path, 0, str_rfind_char(path, '/')));
	struct members m = members_open(&text, '{');
	member_str(&m, "journal", str_c(journal));
	member_int(&m, "rows", k->rows);
	member_str(&m, "head", str_c(k->head));
	if (k->rows && k->first[0])
		member_str(&m, "first", str_c(k->first));
	if (k->from >= 0)
		member_int(&m, "from", k->from);
	if (k->sealed) {
		member_int(&m, "sealed", k->sealed);
		member_int(&m, "sealed_at", k->sealed_at);
		member_str(&m, "root", str_c(k->root));
		member_str(&m, "origin", str_c(k->origin));
	}
	if (k->gone) {
		member_int(&m, "gone", k->gone);
		member_str(&m, "gone_head", str_c(k->gone_head));
		if (k->gone_first[0])
			member_str(&m, "gone_first", str_c(k->gone_first));
	}
	members_close(&m);
	buf_char(&text, '\n');
	return file_mkdirs(dir, 0700, err) &&
		file_write(file, buf_str(&text), FILE_REPLACE | FILE_PRIVATE, err);
}

bool journal_first(struct journal *j, char out[65], struct err *err)
{
	out[0] = '\0';
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT hash FROM record WHERE seq = 1", err);
	if (!st)
		return false;
	int code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		snprintf(out, 65, "%.*s", STR_ARG(journal_text(st, 0)));
	return code == SQLITE_ROW || code == SQLITE_DONE || journal_fail(j, err, "cannot read the journal");
}

/* What lies where a journal with these rows, this last and this first one was. */
enum now {
	NOW_HERE, NOW_NOTHING, NOW_EMPTY, NOW_OLDER, NOW_REWRITTEN, NOW_OTHER,
	NOW_SHORTER, NOW_LONGER /* of whatever journal: older versions did not note the first row */
};

static bool look_now(struct journal *j, const struct journal_known *k, enum now *now, int64_t *has,
	struct err *err)
{
	char last[65], begins[65];
	*has = 0;
	*now = !j ? NOW_NOTHING : NOW_HERE;
	if (!j || !k->rows || journal_has(j, k->rows, str_c(k->head)))
		return true;
	if (!journal_head(j, has, last, err) || !journal_first(j, begins, err))
		return false;
	if (!*has)
		*now = NOW_EMPTY;
	else if (!k->first[0])
		*now = *has < k->rows ? NOW_SHORTER : NOW_LONGER;
	else if (strcmp(k->first, begins) != 0)
		*now = NOW_OTHER;
	else
		*now = *has < k->rows ? NOW_OLDER : NOW_REWRITTEN;
	return true;
}

static const char *const now_words[] = {
	[NOW_EMPTY] = "it was emptied, or a new one was begun in its place",
	[NOW_OLDER] = "its end was cut off, or an older copy of it was put in its place",
	[NOW_REWRITTEN] = "it was rewritten, or it is a copy that went on elsewhere",
	[NOW_OTHER] = "another journal is in its place, or all of it was rewritten",
	[NOW_SHORTER] = "it was cut, emptied, replaced, or an older copy was put in its place",
	[NOW_LONGER] = "it was replaced or rewritten",
};

#define ADVICE "Look what happened: put its newest copy back, or s3triage verify --accept-head goes on" \
	" with what is there, and records that"

/* The one that was gone is back, and what was begun meanwhile is not there any more. */
static bool is_back(struct journal *j, const struct journal_known *k)
{
	return k->gone && journal_has(j, k->gone, str_c(k->gone_head));
}

bool journal_known_holds(struct journal *j, const struct journal_known *k, struct err *err)
{
	enum now now;
	int64_t has;
	const char *s = plural((unsigned long long)k->rows);
	if (!look_now(j, k, &now, &has, err))
		return false;
	if (now == NOW_HERE || !k->rows)
		return true;
	if (now == NOW_NOTHING)
		return err_set(err, ERR_CONFLICT, "there was a journal of %lld row%s here, the last one"
			" %.12s...; it is gone", (long long)k->rows, s, k->head);
	if (is_back(j, k))
		return err_set(err, ERR_CONFLICT, "the journal that was gone is back, with its %lld row%s; the one of"
			" %lld row%s, the last one %.12s..., that was begun meanwhile is not here any more: keep its copy,"
			" if there is one; s3triage verify --accept-head goes on with what is there, and records that",
			(long long)k->gone, plural((unsigned long long)k->gone), (long long)k->rows, s, k->head);
	return err_set(err, ERR_CONFLICT, "this journal had %lld row%s when it was last used here, the last"
		" one %.12s...; now it has %lld%s: %s. " ADVICE, (long long)k->rows, s, k->head, (long long)has,
		has < k->rows ? "" : ", without that row", now_words[now]);
}

bool journal_gone_holds(struct journal *j, const struct journal_known *k, struct err *err)
{
	enum now now;
	int64_t has;
	struct journal_known was = {.rows = k->gone};
	const char *s = plural((unsigned long long)k->gone);
	memcpy(was.head, k->gone_head, sizeof(was.head));
	memcpy(was.first, k->gone_first, sizeof(was.first));
	if (!j || !was.rows || !look_now(j, &was, &now, &has, NULL) || now == NOW_HERE)
		return true;
	if (now == NOW_OLDER || now == NOW_REWRITTEN)
		return err_set(err, ERR_CONFLICT, "a journal of %lld row%s, the last one %.12s..., was here"
			" before and was gone; an older copy of it is back, with %lld. " ADVICE, (long long)was.rows, s,
			was.head, (long long)has);
	return err_set(err, ERR_CONFLICT, "a journal of %lld row%s, the last one %.12s..., was here before"
		" this one and is gone: put it back, or s3triage verify --accept-head goes on without it, and"
		" records that", (long long)was.rows, s, was.head);
}

/* Whose rows they are; and the one that was gone is gone no more when it is back. */
static void note_first(struct journal *j, struct journal_known *now)
{
	char first[65];
	if (journal_first(j, first, NULL))
		memcpy(now->first, first, sizeof(first));
	if (is_back(j, now))
		now->gone = 0;
}

/* Remembers the newest row. What fails here is no failure of what was recorded: it is kept for
 * journal_head_trouble(). */
void journal_note_head(struct journal *j)
{
	struct journal_known now;
	int64_t rows;
	char head[65];
	if (!journal_head(j, &rows, head, &j->head_err) ||
		(rows == j->known.rows && strcmp(head, j->known.head) == 0))
		return;
	if (j->head_file && !journal_known_read(j->head_file, &now, &j->head_err))
		return;
	now = j->head_file ? now : j->known;
	now.from = now.rows ? now.from : j->known.from;
	now.rows = rows;
	memcpy(now.head, head, sizeof(head));
	note_first(j, &now);
	if (!j->head_file || journal_known_write(j->head_file, j->path, &now, &j->head_err))
		j->known = now;
}

bool journal_same_head(struct journal *j, struct err *err)
{
	return !j->head_file || journal_known_holds(j, &j->known, err) ||
		err_where(err, j->path, 0, 0);
}

bool journal_keep_head(struct journal *j, const char *file, struct err *err)
{
	char head[65];
	if (!journal_known_read(file, &j->known, err))
		return false;
	if (!journal_known_holds(j, &j->known, err))
		return err_where(err, j->path, 0, 0);
	if (!j->known.rows && !journal_head(j, &j->known.from, head, err))
		return false;
	j->head_file = mem_dup(str_c(file));
	return true;
}

const struct err *journal_head_trouble(const struct journal *j)
{
	return j->head_err.code ? &j->head_err : NULL;
}

bool journal_accepted(struct journal *j, const struct journal_known *k, bool earlier)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j, "SELECT count(*) FROM record WHERE kind"
		" = '" KIND_HEAD_ACCEPTED "' AND (json_extract(payload, '$.known_head') = ?1"
		" OR json_extract(payload, '$.known_rows') > ?2)", NULL);
	if (!st)
		return false;
	journal_bind(st, 1, str_c(k->head));
	sqlite3_bind_int64(st, 2, earlier ? k->rows : INT64_MAX);
	return sqlite3_step(st) == SQLITE_ROW && sqlite3_column_int64(st, 0) > 0;
}

/* What was known no longer counts, nor since when; a file that was damaged is replaced. */
bool journal_head_anew(struct journal *j, int64_t from, struct err *err)
{
	struct journal_known now;
	if (!journal_known_read(j->head_file, &now, NULL))
		now = (struct journal_known){0};
	now.from = from;
	if (now.rows && is_back(j, &now)) { /* what was begun meanwhile is the one that is gone now */
		now.gone = now.rows;
		memcpy(now.gone_head, now.head, sizeof(now.head));
		memcpy(now.gone_first, now.first, sizeof(now.first));
	}
	note_first(j, &now);
	if (!journal_head(j, &now.rows, now.head, err) ||
		!journal_known_write(j->head_file, j->path, &now, err))
		return false;
	j->known = now;
	return true;
}
