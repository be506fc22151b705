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
	}
	members_close(&m);
	buf_char(&text, '\n');
	return file_mkdirs(dir, 0700, err) &&
		file_write(file, buf_str(&text), FILE_REPLACE | FILE_PRIVATE, err);
}

bool journal_known_holds(struct journal *j, const struct journal_known *k, struct err *err)
{
	int64_t rows = 0;
	char head[65] = "", now[64];
	const char *s = plural((unsigned long long)k->rows);
	if (!k->rows || (j && journal_has(j, k->rows, str_c(k->head))))
		return true;
	if (j && !journal_head(j, &rows, head, err))
		return false;
	if (rows >= k->rows)
		snprintf(now, sizeof(now), "now row %lld is another", (long long)k->rows);
	else if (j)
		snprintf(now, sizeof(now), "now it has %lld", (long long)rows);
	else
		return err_set(err, ERR_CONFLICT, "there was a journal of %lld row%s here, the last one"
			" %.12s...; it is gone", (long long)k->rows, s, k->head);
	return err_set(err, ERR_CONFLICT, "this journal had %lld row%s when it was last used here, the last"
		" one %.12s...; %s: it was %s. Look what happened to it; s3triage verify --accept-head goes"
		" on with what is there, and records that", (long long)k->rows, s, k->head, now,
		rows >= k->rows ? "replaced or rewritten" : "cut, emptied, replaced, or an older copy was put"
		" in its place");
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
	if (!journal_head(j, &now.rows, now.head, err) ||
		!journal_known_write(j->head_file, j->path, &now, err))
		return false;
	j->known = now;
	return true;
}
