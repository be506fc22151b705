/*
 * journal_read: rows out of the journal: the new ones, one alert's, the newest of each.
 */
#include "journal_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/triage/content.h"
#include "s3triage/base/when.h"

static enum verdict read_verdict(struct str text)
{
	enum verdict v;
	return verdict_parse(text, &v) ? v : VERDICT_OPEN;
}

void journal_read(sqlite3_stmt *st, struct decision *out)
{
	*out = (struct decision){
		.seq = sqlite3_column_int64(st, COL_SEQ), .at = sqlite3_column_int64(st, COL_AT),
		.analyst = journal_text(st, COL_ANALYST), .alert_id = journal_text(st, COL_ALERT),
		.event_id = journal_text(st, COL_EVENT), .rule_id = journal_text(st, COL_RULE),
		.from = read_verdict(journal_text(st, COL_WAS)),
		.verdict = read_verdict(journal_text(st, COL_VERDICT)),
		.reason = journal_text(st, COL_REASON), .note = journal_text(st, COL_NOTE),
		.undoes = sqlite3_column_int64(st, COL_UNDOES),
		.redo = sqlite3_column_int64(st, COL_REDO) != 0,
		.batch = journal_text(st, COL_BATCH),
		.approval = sqlite3_column_int64(st, COL_APPROVAL),
		.facts = journal_text(st, COL_PAYLOAD), .prev_hash = journal_text(st, COL_PREV),
		.hash = journal_text(st, COL_HASH), .whose = journal_text(st, COL_WHOSE),
	};
	if (out->whose.n && !when_parse(journal_text(st, COL_WHOSE_AT), &out->whose_at))
		out->whose_at = out->at;
	journal_read_learned(out);
}

bool journal_each(struct journal *j, sqlite3_stmt *st, journal_row_fn fn, void *ctx,
	struct err *err)
{
	int code;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		struct decision d;
		journal_read(st, &d);
		fn(ctx, &d);
	}
	return code == SQLITE_DONE || journal_fail(j, err, "cannot read the journal");
}

static void give(struct journal *j, sqlite3_stmt *st, journal_row_fn fn, void *ctx)
{
	struct decision d;
	if (!str_is(journal_text(st, COL_KIND), KIND_DECISION)) {
		journal_hear(j, st);
		return;
	}
	journal_read(st, &d);
	if (j->listener.decision)
		j->listener.decision(j->listener.ctx, &d);
	fn(ctx, &d);
}

bool journal_poll(struct journal *j, journal_row_fn fn, void *ctx, struct err *err)
{
	/* The version first: rows written after it make journal_changed() true once more. */
	if (!journal_int(j, "PRAGMA data_version", &j->seen_version, err) || !journal_same_head(j, err))
		return false;
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT " JOURNAL_READ " FROM record WHERE seq > ?1 ORDER BY seq", err);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 1, j->seen);
	j->wrote = false;
	int code;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		j->seen = sqlite3_column_int64(st, COL_SEQ);
		give(j, st, fn, ctx);
	}
	if (code == SQLITE_DONE) {
		journal_note_head(j);
		return true;
	}
	j->wrote = true; /* the rest is still to be read: journal_changed() says so */
	return journal_fail(j, err, "cannot read the journal");
}

void journal_listen(struct journal *j, const struct journal_listener *l)
{
	j->listener = *l;
}

bool journal_changed(struct journal *j)
{
	int64_t version = -1;
	return j->wrote || !journal_int(j, "PRAGMA data_version", &version, NULL) ||
		version != j->seen_version;
}

#define DECISIONS " FROM record WHERE kind = 'decision'"

bool journal_history(struct journal *j, struct str id, journal_row_fn fn, void *ctx,
	struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT " JOURNAL_READ " FROM record WHERE seq IN ("
		"SELECT seq" DECISIONS " AND ?1 <> '' AND alert_id = ?1"
		" UNION SELECT seq" DECISIONS " AND ?1 <> '' AND event_id = ?1"
		" UNION SELECT o.seq FROM record d JOIN record o ON o.event_id = d.event_id"
		" AND o.rule_id = d.rule_id WHERE d.alert_id = ?1 AND d.event_id <> ''"
		" AND d.kind = 'decision' AND o.kind = 'decision') ORDER BY seq", err);
	if (!st)
		return false;
	journal_bind(st, 1, id);
	return journal_each(j, st, fn, ctx, err);
}

bool journal_log(struct journal *j, journal_log_fn fn, void *ctx, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT " JOURNAL_READ " FROM record ORDER BY seq", err);
	int code = SQLITE_DONE;
	while (st && (code = sqlite3_step(st)) == SQLITE_ROW) {
		struct decision d;
		journal_read(st, &d);
		fn(ctx, journal_text(st, COL_KIND), &d);
	}
	return st && (code == SQLITE_DONE || journal_fail(j, err, "cannot read the journal"));
}

bool journal_find(struct journal *j, struct str start, struct buf *id, size_t *n, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT count(DISTINCT CASE WHEN event_id <> '' THEN rule_id || char(10) || event_id"
		" ELSE alert_id END), max(alert_id)" DECISIONS
		" AND (substr(alert_id, 1, length(?1)) = ?1 OR substr(event_id, 1, length(?1)) = ?1)", err);
	if (!st)
		return false;
	journal_bind(st, 1, start);
	if (sqlite3_step(st) != SQLITE_ROW)
		return journal_fail(j, err, "cannot read the journal");
	*n = (size_t)sqlite3_column_int64(st, 0);
	buf_clear(id);
	buf_add(id, journal_text(st, 1));
	return true;
}

/* Whether no later row has one of these names and the same facts; false, and *fine, on failure. */
static bool is_latest(sqlite3_stmt *later, const struct decision *d, bool *fine)
{
	struct arena mem = {0};
	struct content facts = {0}, since;
	bool latest = true;
	int code;
	sqlite3_reset(later);
	journal_bind(later, 1, d->alert_id);
	journal_bind(later, 2, d->event_id);
	journal_bind(later, 3, d->rule_id);
	sqlite3_bind_int64(later, 4, d->seq);
	while ((code = sqlite3_step(later)) == SQLITE_ROW && latest) {
		if (!mem.head)
			content_of_facts(d->facts, &mem, &facts);
		content_of_facts(journal_text(later, 0), &mem, &since);
		latest = content_differs(&facts, &since);
	}
	*fine = code == SQLITE_ROW || code == SQLITE_DONE;
	arena_fini(&mem);
	return latest && *fine;
}

bool journal_latest(struct journal *j, journal_row_fn fn, void *ctx, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT " JOURNAL_READ DECISIONS " ORDER BY seq", err);
	AUTO(journal_finalize) sqlite3_stmt *later = journal_prepare(j,
		"SELECT payload" DECISIONS " AND seq > ?4 AND ?1 <> '' AND alert_id = ?1"
		" UNION ALL SELECT payload" DECISIONS " AND seq > ?4 AND ?2 <> '' AND event_id = ?2"
		" AND rule_id = ?3", err);
	bool fine = st && later;
	int code = SQLITE_DONE;
	while (fine && (code = sqlite3_step(st)) == SQLITE_ROW) {
		struct decision d;
		journal_read(st, &d);
		if (is_latest(later, &d, &fine))
			fn(ctx, &d);
	}
	return st && later && ((fine && code == SQLITE_DONE) ||
		journal_fail(j, err, "cannot read the journal"));
}
