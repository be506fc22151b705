/*
 * journal_chain: the hash that ties each row to all rows before it, and the walk that checks it.
 * The encoding is part of the record: README.md of this folder spells it for auditors.
 */
#include "journal_priv.h"

#include "s3triage/base/buf.h"
#include "s3triage/base/mem.h"

#include <stdio.h>
#include <string.h>

void journal_row_bytes(struct str prev, const struct str fields[JOURNAL_HASHED], struct buf *out)
{
	buf_add(out, prev);
	for (int i = 0; i < JOURNAL_HASHED; i++) {
		buf_fmt(out, "%zu:", fields[i].n);
		buf_add(out, fields[i]);
		buf_char(out, ',');
	}
}

void journal_row_hash(struct str prev, const struct str fields[JOURNAL_HASHED],
	char out[SHA256_HEX])
{
	AUTO(buf_fini) struct buf b;
	buf_init(&b, 0);
	journal_row_bytes(prev, fields, &b);
	sha256_hex(buf_str(&b), out);
}

bool journal_head(struct journal *j, int64_t *rows, char head[65], struct err *err)
{
	*rows = 0;
	head[0] = '\0';
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1", err);
	if (!st)
		return false;
	int code = sqlite3_step(st);
	if (code == SQLITE_ROW) {
		*rows = sqlite3_column_int64(st, 0);
		snprintf(head, 65, "%.*s", STR_ARG(journal_text(st, 1)));
	}
	return code == SQLITE_ROW || code == SQLITE_DONE ||
		journal_fail(j, err, "cannot read the journal");
}

bool journal_has(struct journal *j, int64_t seq, struct str hash)
{
	AUTO(journal_finalize) sqlite3_stmt *st =
		journal_prepare(j, "SELECT hash FROM record WHERE seq = ?1", NULL);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 1, seq);
	return sqlite3_step(st) == SQLITE_ROW && str_eq(journal_text(st, 0), hash);
}

int64_t journal_jump(int64_t before, int64_t at)
{
	return at < before && before - at > JOURNAL_JUMP ? before - at : 0;
}

/* Whether it says anything to this version. */
static bool is_read(const struct str fields[JOURNAL_ALL])
{
	static const char *const others[] = {KIND_TICK, KIND_APPROVAL, KIND_APPROVAL_END, KIND_APPROVAL_AUTO,
		KIND_HEAD_ACCEPTED};
	enum verdict v;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (str_is(fields[COL_KIND], others[i]))
			return true;
	return str_is(fields[COL_KIND], KIND_DECISION) && verdict_parse(fields[COL_WAS], &v) &&
		verdict_parse(fields[COL_VERDICT], &v);
}

/* NULL when the row is sound, else what is wrong with it. */
static const char *check_row(struct journal_walk *w, sqlite3_stmt *st)
{
	struct str fields[JOURNAL_ALL];
	char hash[SHA256_HEX];
	for (int i = 0; i < JOURNAL_ALL; i++)
		fields[i] = journal_text(st, i);
	if (sqlite3_column_int64(st, 0) != w->rows + 1)
		return "one or more rows before it are missing";
	if (!str_is(fields[COL_PREV], w->prev))
		return "it does not follow from the row before it";
	journal_row_hash(fields[COL_PREV], fields, hash);
	if (!str_is(fields[COL_HASH], hash))
		return "its content was changed after it was recorded";
	int64_t at = sqlite3_column_int64(st, COL_AT), ms = w->rows ? journal_jump(w->at, at) : 0;
	w->rows++;
	w->at = at;
	if (ms) {
		w->jumps++;
		w->jump = w->rows;
		w->ms = ms;
	}
	if (!is_read(fields) && !w->unread++)
		w->unread_first = w->rows;
	memcpy(w->prev, hash, sizeof(hash));
	return NULL;
}

bool journal_walk(struct journal *j, struct journal_walk *w, int64_t max, int64_t *broken,
	struct err *err)
{
	const char *wrong = NULL;
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT " JOURNAL_COLUMNS " FROM record WHERE seq > ?1 ORDER BY seq LIMIT ?2", err);
	if (!w->rows)
		snprintf(w->prev, sizeof(w->prev), "%s", JOURNAL_FIRST_PREV);
	*broken = st ? 0 : w->rows + 1;
	if (!st)
		return false;
	sqlite3_bind_int64(st, 1, w->rows ? w->rows : INT64_MIN);
	sqlite3_bind_int64(st, 2, max);
	int code = SQLITE_ROW;
	while (!wrong && (code = sqlite3_step(st)) == SQLITE_ROW)
		wrong = check_row(w, st);
	if (wrong) {
		*broken = sqlite3_column_int64(st, 0);
		err_where(err, j->path, 0, 0);
		return err_set(err, ERR_INPUT, "row %lld is broken: %s", (long long)*broken, wrong);
	}
	if (code == SQLITE_DONE)
		return true;
	*broken = w->rows + 1;
	return journal_fail(j, err, "cannot read the journal");
}

bool journal_verify(struct journal *j, int64_t *rows, int64_t *broken, char head[65],
	struct err *err)
{
	struct journal_walk w = {0};
	bool ok = journal_walk(j, &w, -1, broken, err);
	*rows = w.rows;
	if (head)
		snprintf(head, 65, "%s", w.rows ? w.prev : "");
	return ok && journal_examine(j, err);
}
