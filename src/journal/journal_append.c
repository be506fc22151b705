/*
 * journal_append: the end of the hash chain inside a transaction, and how it is made longer. Every
 * row of every kind is written here. Owns no memory beyond the transaction.
 */
#include "journal_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void writer_fini(struct writer *w)
{
	sqlite3_finalize(w->insert);
	sqlite3_finalize(w->before);
	sqlite3_finalize(w->row);
}

static bool read_tail(struct writer *w)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(w->j,
		"SELECT seq, at, hash FROM record ORDER BY seq DESC LIMIT 1", w->err);
	if (!st)
		return false;
	int code = sqlite3_step(st);
	if (code == SQLITE_ROW) {
		w->seq = sqlite3_column_int64(st, 0);
		snprintf(w->prev, sizeof(w->prev), "%.*s", STR_ARG(journal_text(st, 2)));
		w->begun = (struct journal_walk){.rows = w->seq,
			.at = sqlite3_column_int64(st, 1)};
		memcpy(w->begun.prev, w->prev, sizeof(w->prev));
	}
	return code == SQLITE_ROW || code == SQLITE_DONE || journal_fail(w->j, w->err, JOURNAL_CANNOT);
}

bool journal_check_author(const struct journal *j, const struct journal_author *author,
	struct err *err)
{
	if (j->read_only)
		return err_set(err, ERR_USAGE, "the journal is open for reading only");
	if (!str_trim(author->analyst).n)
		return err_set(err, ERR_USAGE, "no analyst: set USER or give --analyst NAME");
	if (author->analyst.n > JOURNAL_ANALYST_MAX)
		return err_set(err, ERR_LIMIT, "the analyst's name has %zu bytes, %d is the most",
			author->analyst.n, JOURNAL_ANALYST_MAX);
	return true;
}

void journal_watch(struct journal *j, journal_go_on_fn go_on, void *ctx)
{
	j->go_on = go_on;
	j->go_on_ctx = ctx;
}

/* A trigger may have been added while this console was open. */
static bool same_schema(struct journal *j, struct err *err)
{
	int64_t version = -1;
	return journal_int(j, "PRAGMA schema_version", &version, err) &&
		(version == j->schema_version || journal_schema_check(j, err) ||
		err_prefix(err, JOURNAL_CANNOT));
}

bool writer_begin(struct writer *w, struct journal *j, int64_t at, struct err *err)
{
	*w = (struct writer){.j = j, .at = at, .prev = JOURNAL_FIRST_PREV, .err = err};
	if (journal_in_place(j, err) != JOURNAL_IN_PLACE)
		return err_prefix(err, "nothing is recorded: %s", j->path);
	if (!journal_exec(j, "BEGIN IMMEDIATE", err, JOURNAL_CANNOT))
		return false;
	w->insert = journal_prepare(j, "INSERT INTO record (" JOURNAL_COLUMNS ") VALUES"
		" (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)", err);
	if (!w->insert || !same_schema(j, err) || !journal_same_head(j, err) || !read_tail(w))
		return false;
	snprintf(w->batch, sizeof(w->batch), "%" PRId64, w->seq + 1);
	return true;
}

/* Whether the rows that were appended stand behind what was there, each with its own hash. */
static bool stands_in(struct journal *j, const struct writer *w, struct err *err)
{
	struct journal_walk walk = w->begun;
	int64_t broken = 0;
	return journal_walk(j, &walk, (int64_t)w->done, &broken, err) &&
		((walk.rows == w->seq && strcmp(walk.prev, w->prev) == 0) ||
		err_set(err, ERR_INPUT, "row %lld is not there", (long long)w->seq));
}

/* The file is there, but the system did not let it be read a second time: no more files, say. */
static bool could_not_look(const struct journal *again)
{
	int code = sqlite3_errcode(again->db) & 0xff;
	return file_exists(again->path) && (code == SQLITE_CANTOPEN || code == SQLITE_IOERR ||
		code == SQLITE_NOMEM || code == SQLITE_BUSY);
}

/* From the file that has the journal's name now, by a handle that remembers nothing; where that
 * cannot be had, by the one that wrote. */
static bool journal_append_read_back(const struct writer *w)
{
	struct err err = {0};
	struct journal again = {.path = w->j->path, .read_only = true};
	sqlite3_open_v2(again.path, &again.db, SQLITE_OPEN_READONLY, NULL);
	sqlite3_busy_timeout(again.db, JOURNAL_BUSY_MS);
	bool fine = stands_in(&again, w, &err) || (could_not_look(&again) && stands_in(w->j, w, &err));
	sqlite3_close(again.db);
	if (fine)
		return true;
	err_where(w->err, w->j->path, 0, 0);
	return err_set(w->err, ERR_IO, "it was written, but cannot be read back, so it does not count as"
		" recorded: %s", err.text);
}

void journal_singly(struct journal *j)
{
	j->singly = true;
}

bool journal_takes(const struct journal *j, size_t n, struct err *err)
{
	return n < 2 || !j->singly || err_set(err, ERR_INPUT, "the journal is not known to be whole, and only"
		" single verdicts are recorded in it: see s3triage verify");
}

bool writer_end(struct writer *w, bool fine)
{
	fine = fine && journal_takes(w->j, w->done, w->err) && journal_exec(w->j, "COMMIT", w->err, JOURNAL_CANNOT);
	if (!fine && !sqlite3_get_autocommit(w->j->db))
		sqlite3_exec(w->j->db, "ROLLBACK", NULL, NULL, NULL);
	w->j->wrote |= fine;
	if (fine && w->done)
		w->j->ahead = w->begun.rows ? journal_jump(w->begun.at, w->at) : 0;
	writer_fini(w);
	if (!fine || (w->done && !journal_append_read_back(w)))
		return false;
	journal_note_head(w->j);
	return true;
}

static bool journal_append_insert(struct writer *w, const struct str fields[JOURNAL_HASHED],
	const struct new_row *r)
{
	char hash[SHA256_HEX];
	journal_row_hash(str_c(w->prev), fields, hash);
	sqlite3_reset(w->insert);
	for (int i = 0; i < JOURNAL_HASHED; i++)
		journal_bind(w->insert, i + 1, fields[i]);
	sqlite3_bind_int64(w->insert, COL_SEQ + 1, w->seq + 1);
	sqlite3_bind_int64(w->insert, COL_AT + 1, w->at);
	sqlite3_bind_int64(w->insert, COL_UNDOES + 1, r->undoes);
	sqlite3_bind_int64(w->insert, COL_REDO + 1, r->redo);
	sqlite3_bind_int64(w->insert, COL_APPROVAL + 1, r->approval);
	journal_bind(w->insert, COL_PREV + 1, str_c(w->prev));
	journal_bind(w->insert, COL_HASH + 1, str_c(hash));
	if (sqlite3_step(w->insert) != SQLITE_DONE)
		return journal_fail(w->j, w->err, JOURNAL_CANNOT);
	w->seq++;
	memcpy(w->prev, hash, sizeof(hash));
	w->done++;
	const struct journal *j = w->j;
	return !j->go_on || j->go_on(j->go_on_ctx, w->done) ||
		err_set(w->err, ERR_STOPPED, "stopped; nothing was recorded");
}

int64_t journal_ahead(const struct journal *j)
{
	return j->ahead;
}

/* What is shown and exported later, and what auditors read with other programs. */
static bool check_texts(const struct new_row *r, struct err *err)
{
	const struct {
		const char *name;
		struct str text;
	} texts[] = {{"analyst's name", r->analyst}, {"reason", r->reason}, {"note", r->note},
		{"alert's id", r->alert_id}, {"event's id", r->event_id}, {"rule's id", r->rule_id},
		{"content", r->payload}};
	size_t bad = 0;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (!utf8_valid(texts[i].text, &bad))
			return err_set(err, ERR_INPUT, "the %s is no UTF-8 text (byte %zu): nothing was"
				" recorded; is the terminal set to another encoding?", texts[i].name, bad + 1);
	return true;
}

bool writer_append(struct writer *w, const struct new_row *r)
{
	if (!check_texts(r, w->err))
		return false;
	char seq[24], at[24], undoes[24], approval[24];
	snprintf(seq, sizeof(seq), "%" PRId64, w->seq + 1);
	snprintf(at, sizeof(at), "%" PRId64, w->at);
	snprintf(undoes, sizeof(undoes), "%" PRId64, r->undoes);
	snprintf(approval, sizeof(approval), "%" PRId64, r->approval);
	const struct str fields[JOURNAL_HASHED] = {
		str_c(seq), str_c(at), str_c(r->kind), r->analyst, r->alert_id, r->event_id,
		r->rule_id, str_c(r->was), str_c(r->verdict), r->reason, r->note, str_c(undoes),
		r->redo ? STR("1") : STR("0"), str_c(w->batch), str_c(approval), r->payload,
	};
	return journal_append_insert(w, fields, r);
}

bool journal_record(struct journal *j, struct new_row *r, const struct journal_author *author,
	int64_t *seq, struct err *err)
{
	struct writer w;
	r->analyst = author->analyst;
	r->was = r->verdict = "";
	bool fine = writer_begin(&w, j, author->at, err) && writer_append(&w, r);
	if (seq)
		*seq = w.seq;
	return writer_end(&w, fine);
}
