/*
 * journal_write: appending rows: decisions, and what takes them back. Each call is one transaction
 * that is on disk when it returns true. Owns no memory beyond the call.
 */
#include "journal_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/triage/export.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CANNOT "cannot record the decision"

/* The end of the chain inside a transaction, and the statements that extend it. */
struct writer {
	struct journal *j;
	sqlite3_stmt *insert, *before, *row;
	int64_t seq, at;       /* the last row's */
	char prev[SHA256_HEX]; /* the last row's hash */
	char batch[24];
	struct err *err;
};

/* What a new row says; the rest is made here. */
struct new_row {
	struct str analyst, alert_id, event_id, rule_id;
	enum verdict was, verdict;
	struct str reason, note, facts;
	int64_t undoes;
	bool redo;
};

static void writer_fini(struct writer *w)
{
	sqlite3_finalize(w->insert);
	sqlite3_finalize(w->before);
	sqlite3_finalize(w->row);
}

static bool read_tail(struct writer *w)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(w->j,
		"SELECT seq, at, hash FROM decision ORDER BY seq DESC LIMIT 1", w->err);
	if (!st)
		return false;
	int code = sqlite3_step(st);
	if (code == SQLITE_ROW) {
		w->seq = sqlite3_column_int64(st, 0);
		w->at = sqlite3_column_int64(st, 1);
		snprintf(w->prev, sizeof(w->prev), "%.*s", STR_ARG(journal_text(st, 2)));
	}
	return code == SQLITE_ROW || code == SQLITE_DONE || journal_fail(w->j, w->err, CANNOT);
}

static bool check_author(const struct journal *j, const struct journal_author *author,
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

/* Takes the write lock and finds the end of the chain. */
static bool writer_begin(struct writer *w, struct journal *j, int64_t at, struct err *err)
{
	*w = (struct writer){.j = j, .at = INT64_MIN, .prev = JOURNAL_FIRST_PREV, .err = err};
	if (!journal_exec(j, "BEGIN IMMEDIATE", err, CANNOT))
		return false;
	w->insert = journal_prepare(j, "INSERT INTO decision (" JOURNAL_COLUMNS ") VALUES"
		" (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)", err);
	w->before = journal_prepare(j, "SELECT max(s) FROM (SELECT max(seq) AS s FROM decision"
		" WHERE ?1 <> '' AND alert_id = ?1 AND seq < ?4 UNION ALL SELECT max(seq)"
		" FROM decision WHERE ?2 <> '' AND event_id = ?2 AND rule_id = ?3 AND seq < ?4)",
		err);
	w->row = journal_prepare(j, "SELECT " JOURNAL_COLUMNS " FROM decision WHERE seq = ?1",
		err);
	if (!w->insert || !w->before || !w->row || !read_tail(w))
		return false;
	w->at = at > w->at ? at : w->at;
	snprintf(w->batch, sizeof(w->batch), "%" PRId64, w->seq + 1);
	return true;
}

/* Commits when fine, else takes everything back. */
static bool writer_end(struct writer *w, bool fine)
{
	fine = fine && journal_exec(w->j, "COMMIT", w->err, CANNOT);
	if (!fine && !sqlite3_get_autocommit(w->j->db))
		sqlite3_exec(w->j->db, "ROLLBACK", NULL, NULL, NULL);
	w->j->wrote |= fine;
	writer_fini(w);
	return fine;
}

static bool insert(struct writer *w, const struct str fields[JOURNAL_HASHED], int64_t undoes,
	bool redo)
{
	char hash[SHA256_HEX];
	journal_row_hash(str_c(w->prev), fields, hash);
	sqlite3_reset(w->insert);
	for (int i = 0; i < JOURNAL_HASHED; i++)
		journal_bind(w->insert, i + 1, fields[i]);
	sqlite3_bind_int64(w->insert, 1, w->seq + 1);
	sqlite3_bind_int64(w->insert, 2, w->at);
	sqlite3_bind_int64(w->insert, 11, undoes);
	sqlite3_bind_int64(w->insert, 12, redo);
	journal_bind(w->insert, 15, str_c(w->prev));
	journal_bind(w->insert, 16, str_c(hash));
	if (sqlite3_step(w->insert) != SQLITE_DONE)
		return journal_fail(w->j, w->err, CANNOT);
	w->seq++;
	memcpy(w->prev, hash, sizeof(hash));
	return true;
}

static bool append(struct writer *w, const struct new_row *r)
{
	char seq[24], at[24], undoes[24];
	snprintf(seq, sizeof(seq), "%" PRId64, w->seq + 1);
	snprintf(at, sizeof(at), "%" PRId64, w->at);
	snprintf(undoes, sizeof(undoes), "%" PRId64, r->undoes);
	const struct str fields[JOURNAL_HASHED] = {
		str_c(seq), str_c(at), r->analyst, r->alert_id, r->event_id, r->rule_id,
		str_c(verdict_name(r->was)), str_c(verdict_name(r->verdict)), r->reason, r->note,
		str_c(undoes), r->redo ? STR("1") : STR("0"), str_c(w->batch), r->facts,
	};
	return insert(w, fields, r->undoes, r->redo);
}

/* The newest row of an alert before `limit`: its seq, 0 when there is none; false on failure. */
static bool find_before(struct writer *w, const struct new_row *about, int64_t limit,
	int64_t *seq)
{
	sqlite3_reset(w->before);
	journal_bind(w->before, 1, about->alert_id);
	journal_bind(w->before, 2, about->event_id);
	journal_bind(w->before, 3, about->rule_id);
	sqlite3_bind_int64(w->before, 4, limit);
	if (sqlite3_step(w->before) != SQLITE_ROW)
		return journal_fail(w->j, w->err, CANNOT);
	*seq = sqlite3_column_int64(w->before, 0);
	sqlite3_reset(w->before);
	return true;
}

/* Row `seq` into *out; slices live until the next call. */
static bool get_row(struct writer *w, int64_t seq, struct decision *out)
{
	sqlite3_reset(w->row);
	sqlite3_bind_int64(w->row, 1, seq);
	if (sqlite3_step(w->row) == SQLITE_ROW) {
		journal_read(w->row, out);
		return true;
	}
	if (sqlite3_errcode(w->j->db) != SQLITE_DONE)
		return journal_fail(w->j, w->err, CANNOT);
	return err_set(w->err, ERR_INPUT, "the journal has no row %lld", (long long)seq);
}

/* ---- decide ------------------------------------------------------------------------------- */

static bool check_entry(const struct journal_entry *e, struct err *err)
{
	if ((unsigned)e->verdict >= VERDICTS)
		return err_set(err, ERR_USAGE, "no such verdict");
	if (!e->alert->id.n && !e->alert->event_id.n)
		return err_set(err, ERR_INPUT, "the alert has no id to record a decision for");
	if (e->reason.n > DECISION_REASON_MAX)
		return err_set(err, ERR_LIMIT, "the reason has %zu bytes, %d is the most",
			e->reason.n, DECISION_REASON_MAX);
	if (e->note.n > DECISION_NOTE_MAX)
		return err_set(err, ERR_LIMIT, "the note has %zu bytes, %d is the most", e->note.n,
			DECISION_NOTE_MAX);
	return true;
}

static bool decide_one(struct writer *w, const struct journal_entry *e, struct str analyst,
	struct buf *facts)
{
	const struct alert *a = e->alert;
	buf_clear(facts);
	export_facts(a, facts);
	struct new_row r = {.analyst = analyst, .alert_id = a->id, .event_id = a->event_id,
		.rule_id = a->rule_id, .verdict = e->verdict, .reason = e->reason,
		.note = e->note, .facts = buf_str(facts)};
	int64_t before;
	if (!find_before(w, &r, INT64_MAX, &before))
		return false;
	if (before) {
		struct decision d;
		if (!get_row(w, before, &d))
			return false;
		r.was = d.verdict;
	}
	return append(w, &r);
}

bool journal_decide(struct journal *j, const struct journal_entry *entries, size_t n,
	const struct journal_author *author, struct err *err)
{
	if (!check_author(j, author, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!check_entry(&entries[i], err))
			return false;
	if (n == 0)
		return true;
	struct writer w;
	struct buf facts;
	buf_init(&facts, 0);
	bool fine = writer_begin(&w, j, author->at, err);
	for (size_t i = 0; fine && i < n; i++)
		fine = decide_one(&w, &entries[i], author->analyst, &facts);
	buf_fini(&facts);
	return writer_end(&w, fine);
}

/* ---- undo and redo ------------------------------------------------------------------------ */

enum batch_kind { DECIDED, UNDONE, REDONE };

struct batch {
	int64_t first, last; /* last 0: there is none */
	enum batch_kind kind;
};

/* The analyst's newest batch before row `limit`. A batch is called after its first row. */
static bool batch_before(struct writer *w, sqlite3_stmt *st, int64_t limit, struct batch *out)
{
	*out = (struct batch){0};
	sqlite3_reset(st);
	sqlite3_bind_int64(st, 2, limit);
	int code = sqlite3_step(st);
	if (code == SQLITE_DONE)
		return true;
	if (code != SQLITE_ROW)
		return journal_fail(w->j, w->err, CANNOT);
	out->last = sqlite3_column_int64(st, 0);
	if (sqlite3_column_int64(st, 2))
		out->kind = sqlite3_column_int64(st, 3) ? REDONE : UNDONE;
	if (str_int(journal_text(st, 1), &out->first) && out->first > 0 &&
		out->first <= out->last)
		return true;
	return err_set(w->err, ERR_INPUT, "the journal is broken at row %lld",
		(long long)out->last);
}

/* What undo (redo) takes next, as an editor does it: of decisions and redos the newest that no
 * undo has taken yet; of undos the newest that no redo has taken and no decision came after. Read
 * backwards, so that it costs what lies between. */
static bool find_batch(struct writer *w, struct str analyst, bool redo, struct batch *out)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(w->j,
		"SELECT seq, batch, undoes, redo FROM decision WHERE analyst = ?1 AND seq < ?2"
		" ORDER BY seq DESC LIMIT 1", w->err);
	if (!st)
		return false;
	journal_bind(st, 1, analyst);
	size_t taken = 0;
	for (int64_t limit = INT64_MAX;; limit = out->first) {
		if (!batch_before(w, st, limit, out))
			return false;
		if (redo && out->kind == DECIDED)
			out->last = 0;
		if (!out->last)
			return true;
		if (redo ? out->kind == REDONE : out->kind == UNDONE)
			taken++;
		else if (taken-- == 0)
			return true;
	}
}

static void about_row(const struct decision *d, struct new_row *out)
{
	*out = (struct new_row){.alert_id = d->alert_id, .event_id = d->event_id,
		.rule_id = d->rule_id};
}

/* The decision whose effect row `seq` leaves standing: itself, or for a row that took another
 * back, what stood before that one. 0: the alert is as if never decided. */
static bool effective(struct writer *w, int64_t *seq)
{
	while (*seq) {
		struct decision d;
		struct new_row about;
		if (!get_row(w, *seq, &d))
			return false;
		if (!d.undoes)
			return true;
		int64_t undone = d.undoes;
		about_row(&d, &about);
		if (undone >= *seq)
			return err_set(w->err, ERR_INPUT, "the journal is broken at row %lld",
				(long long)*seq);
		if (!find_before(w, &about, undone, seq))
			return false;
	}
	return true;
}

static bool check_stands(struct writer *w, const struct new_row *about, int64_t target)
{
	int64_t newest, now, then = target;
	if (!find_before(w, about, INT64_MAX, &newest))
		return false;
	now = newest;
	if (!effective(w, &now) || !effective(w, &then))
		return false;
	struct decision d;
	if (now == then)
		return true;
	if (!get_row(w, newest, &d))
		return false;
	struct str id = str_sub(about->alert_id, 0, 80), who = str_sub(d.analyst, 0, 80);
	return err_set(w->err, ERR_CONFLICT, "alert %.*s was decided by %.*s since (row %lld);"
		" nothing was taken back", STR_ARG(id), STR_ARG(who), (long long)newest);
}

/* Appends the row that gives back what stood before `target`. */
static bool take_back(struct writer *w, const struct decision *target, struct str analyst,
	bool redo)
{
	struct new_row r;
	int64_t before;
	about_row(target, &r);
	r.analyst = analyst;
	r.was = target->verdict;
	r.facts = target->facts;
	r.undoes = target->seq;
	r.redo = redo;
	if (!check_stands(w, &r, target->seq) || !find_before(w, &r, target->seq, &before))
		return false;
	struct decision d = {.verdict = VERDICT_OPEN};
	if (before && !get_row(w, before, &d))
		return false;
	r.verdict = d.verdict;
	r.reason = d.reason;
	r.note = d.note;
	return append(w, &r);
}

/* Newest first, so that an alert that is in the batch twice unwinds properly. */
static bool take_back_batch(struct writer *w, struct batch b, struct str analyst, bool redo,
	size_t *n)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(w->j, "SELECT " JOURNAL_COLUMNS
		" FROM decision WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq DESC", w->err);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 1, b.first);
	sqlite3_bind_int64(st, 2, b.last);
	int code;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		struct decision d;
		journal_read(st, &d);
		if (!take_back(w, &d, analyst, redo))
			return false;
		++*n;
	}
	return code == SQLITE_DONE || journal_fail(w->j, w->err, CANNOT);
}

static bool step_back(struct journal *j, const struct journal_author *author, bool redo,
	size_t *n, struct err *err)
{
	struct writer w;
	struct batch b;
	*n = 0;
	if (!check_author(j, author, err))
		return false;
	bool fine = writer_begin(&w, j, author->at, err) &&
		find_batch(&w, author->analyst, redo, &b);
	if (fine && b.last)
		fine = take_back_batch(&w, b, author->analyst, redo, n);
	fine = writer_end(&w, fine);
	if (!fine)
		*n = 0;
	return fine;
}

bool journal_undo(struct journal *j, const struct journal_author *author, size_t *n,
	struct err *err)
{
	return step_back(j, author, false, n, err);
}

bool journal_redo(struct journal *j, const struct journal_author *author, size_t *n,
	struct err *err)
{
	return step_back(j, author, true, n, err);
}
