/*
 * outbox_entry: the outbox's entries: what is due, marking, choosing, counting. The decisions that
 * they stand for are read from the journal.
 */
#include "outbox_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

#define ENTRY_COLUMNS "e.target, e.seq, e.key, e.state, e.tries, e.at, e.reason, e.over, e.hash, e.alert_id"
#define ASKED_FOR "(?1 = '' AND target IN (SELECT name FROM mine) OR target = ?1)"

static void read_entry(sqlite3_stmt *st, struct outbox_entry *e)
{
	*e = (struct outbox_entry){
		.target = journal_text(st, 0), .seq = sqlite3_column_int64(st, 1),
		.key = journal_text(st, 2), .state = (enum outbox_state)sqlite3_column_int(st, 3),
		.tries = sqlite3_column_int64(st, 4), .at = sqlite3_column_int64(st, 5),
		.reason = journal_text(st, 6), .over = journal_text(st, 7),
		.id = journal_text(st, 9),
	};
}

/* Each entry with its decision to fn. */
static bool each(struct outbox *o, sqlite3_stmt *st, const struct outbox_visit *v, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *row = journal_prepare(o->journal,
		"SELECT " JOURNAL_READ " FROM record WHERE kind = 'decision' AND seq = ?1 AND hash = ?2", err);
	int code = SQLITE_DONE;
	while (row && (code = sqlite3_step(st)) == SQLITE_ROW) {
		struct outbox_entry e;
		read_entry(st, &e);
		sqlite3_reset(row);
		sqlite3_bind_int64(row, 1, e.seq);
		journal_bind(row, 2, journal_text(st, 8));
		if (sqlite3_step(row) == SQLITE_ROW)
			journal_read(row, &e.decision);
		v->fn(v->ctx, &e);
	}
	return row && (code == SQLITE_DONE || journal_fail(&o->db, err, "cannot read the outbox"));
}

bool outbox_due(struct outbox *o, struct str target, const struct outbox_visit *v, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT " ENTRY_COLUMNS " FROM entry e WHERE e.target = ?1 AND e.state IN (0, 1)"
		" AND e.place IN ('', (SELECT mark FROM mine WHERE name = ?1))"
		" AND NOT EXISTS (SELECT 1 FROM entry f WHERE f.target = e.target AND f.key = e.key"
		" AND f.place = e.place AND f.seq < e.seq AND f.state IN (0, 1, 4, 5)) ORDER BY e.seq LIMIT ?2",
		&target, 1, err);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 2, v->limit ? (int64_t)v->limit : -1);
	return each(o, st, v, err);
}

bool outbox_list(struct outbox *o, struct str target, bool all, const struct outbox_visit *v,
	struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT " ENTRY_COLUMNS " FROM entry e WHERE " ASKED_FOR
		" AND (?2 OR e.state IN (0, 1, 4, 5)) ORDER BY e.seq, e.target", &target, 1, err);
	if (!st)
		return false;
	sqlite3_bind_int(st, 2, all);
	return each(o, st, v, err);
}

struct waiting {
	struct str facts;
	bool yes;
};

static void outbox_entry_look_at(void *ctx, const struct outbox_entry *e)
{
	struct waiting *w = ctx;
	w->yes = w->yes || !outbox_other(&e->decision, w->facts);
}

bool outbox_waits(struct outbox *o, const struct str *target_and_plain, struct str facts, bool *yes,
	struct err *err)
{
	struct waiting w = {facts, false};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "SELECT " ENTRY_COLUMNS " FROM entry e"
		" WHERE e.target = ?1 AND (e.key = ?2 OR (e.key > ?2 || '~' AND e.key < ?2 || '~g'))"
		" AND e.state IN (0, 1, 4, 5) AND e.place IN ('', (SELECT mark FROM mine WHERE name = ?1))",
		target_and_plain, 2, err);
	bool fine = st && each(o, st, &(struct outbox_visit){outbox_entry_look_at, &w, 0}, err);
	*yes = w.yes;
	return fine;
}

static bool mark_all(struct outbox *o, struct str target, const struct outbox_mark *marks, size_t n,
	struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"UPDATE entry SET state = ?2, reason = ?3, at = ?4, tries = tries + (?2 = 1),"
		" over = CASE WHEN ?6 = '' THEN over ELSE ?6 END WHERE target = ?1 AND seq = ?5",
		&target, 1, err);
	for (size_t i = 0; st && i < n; i++) {
		sqlite3_bind_int(st, 2, (int)marks[i].state);
		journal_bind(st, 3, marks[i].reason);
		sqlite3_bind_int64(st, 4, marks[i].at);
		sqlite3_bind_int64(st, 5, marks[i].seq);
		journal_bind(st, 6, marks[i].over);
		if (!outbox_run(o, st, NULL, err))
			return false;
	}
	return st != NULL;
}

bool outbox_mark(struct outbox *o, struct str target, const struct outbox_mark *marks, size_t n,
	struct err *err)
{
	return !n || (outbox_begin(o, err) &&
		outbox_end(o, mark_all(o, target, marks, n, err), err));
}

void outbox_left(struct outbox *o, const struct outbox_entry *e, struct buf *out)
{
	const struct str texts[] = {e->target, e->key};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "SELECT over FROM entry WHERE"
		" target = ?1 AND key = ?2 AND seq < ?3 AND state IN (2, 3) AND place IN ('', (SELECT place FROM"
		" entry WHERE target = ?1 AND seq = ?3)) ORDER BY seq DESC LIMIT 1",
		texts, ARRAY_LEN(texts), NULL);
	if (!st)
		return;
	sqlite3_bind_int64(st, 3, e->seq);
	if (sqlite3_step(st) == SQLITE_ROW)
		buf_add(out, journal_text(st, 0));
}

bool outbox_retry(struct outbox *o, struct str target, size_t *n, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"UPDATE entry SET state = 0 WHERE state = 4 AND " ASKED_FOR, &target, 1,
		err);
	return outbox_run(o, st, n, err);
}

/* Pending again with `over` kept: that which was shown may be overwritten, and nothing newer. Who
 * keeps theirs keeps it against all of ours about that alert, what waits behind the conflict too. */
bool outbox_choose(struct outbox *o, const struct outbox_choice *c, size_t *n, struct err *err)
{
	const struct str texts[] = {c->target, c->id};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"UPDATE entry SET state = ?3, reason = CASE WHEN ?3 = 6 THEN 'theirs was kept: ' || reason"
		" ELSE reason END WHERE " ASKED_FOR " AND (?2 = '' OR ?2 IN (alert_id, event_id, key))"
		" AND (state = 5 OR (?3 = 6 AND state IN (0, 1, 4) AND EXISTS (SELECT 1 FROM entry f WHERE"
		" f.target = entry.target AND f.key = entry.key AND f.place = entry.place"
		" AND f.state = 5 AND f.seq < entry.seq)))",
		texts, ARRAY_LEN(texts), err);
	if (st)
		sqlite3_bind_int(st, 3, c->overwrite ? OUTBOX_PENDING : OUTBOX_DROPPED);
	return outbox_run(o, st, n, err);
}

void outbox_approval(struct outbox *o, int64_t id, struct buf *out, struct buf *by)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal, "SELECT " JOURNAL_READ
		" FROM record WHERE kind = '" KIND_APPROVAL "' AND seq = ?1", NULL);
	if (st)
		sqlite3_bind_int64(st, 1, id);
	if (!st || sqlite3_step(st) != SQLITE_ROW)
		return;
	buf_add(by, journal_text(st, COL_ANALYST));
	struct members m = members_open(out, '{');
	member_int(&m, "number", id);
	member_text(&m, "granted_by", buf_str(by));
	member_time(&m, "granted_at", sqlite3_column_int64(st, COL_AT));
	member_text(&m, "hash", journal_text(st, COL_HASH));
	member_json(&m, "terms", journal_text(st, COL_PAYLOAD));
	members_close(&m);
}

bool outbox_count(struct outbox *o, struct str target, struct outbox_counts *out, struct err *err)
{
	*out = (struct outbox_counts){0};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "SELECT state, count(*) FROM"
		" entry WHERE " ASKED_FOR " GROUP BY state", &target, 1, err);
	int code = SQLITE_DONE;
	while (st && (code = sqlite3_step(st)) == SQLITE_ROW) {
		int state = sqlite3_column_int(st, 0);
		if (state >= 0 && state < OUTBOX_STATES)
			out->n[state] = (size_t)sqlite3_column_int64(st, 1);
	}
	return st && (code == SQLITE_DONE || journal_fail(&o->db, err, "cannot read the outbox"));
}

static const enum outbox_state told[] = {OUTBOX_PENDING, OUTBOX_SENT, OUTBOX_FAILED,
	OUTBOX_CONFLICT};

size_t outbox_unsent(const struct outbox_counts *c)
{
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		n += c->n[told[i]];
	return n;
}

void outbox_say(const struct outbox_counts *c, struct buf *out)
{
	bool more = false;
	for (size_t i = 0; i < ARRAY_LEN(told); i++) {
		if (!c->n[told[i]])
			continue;
		buf_fmt(out, "%s%zu %s", more ? ", " : "", c->n[told[i]],
			outbox_state_name(told[i]));
		more = true;
	}
}
