/*
 * journal_read: rows out of the journal: the new ones, one alert's, the newest of each.
 */
#include "journal_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/alert/content.h"
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
	if (out->whose.n && sqlite3_column_type(st, COL_WHOSE_AT) == SQLITE_INTEGER)
		out->whose_at = sqlite3_column_int64(st, COL_WHOSE_AT); /* of the row itself */
	else if (out->whose.n && !when_parse(journal_text(st, COL_WHOSE_AT), &out->whose_at))
		out->whose_at = out->at;
	journal_read_learned(out);
}

static void journal_read_give(struct journal *j, sqlite3_stmt *st, journal_row_fn fn, void *ctx)
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
	if (!journal_int(j, "PRAGMA data_version", &j->precedent_version, err) || !journal_same_head(j, err))
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
		journal_read_give(j, st, fn, ctx);
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
		version != j->precedent_version;
}

#define DECISIONS " FROM record WHERE kind = 'decision'"

bool journal_shared(struct journal *j, struct err *err)
{
	return journal_exec(j, "CREATE TEMP TABLE IF NOT EXISTS shared"
		" (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, rule_id TEXT NOT NULL, also TEXT NOT NULL);"
		"CREATE INDEX IF NOT EXISTS temp.shared_also ON shared(also) WHERE also <> '';"
		"CREATE INDEX IF NOT EXISTS temp.shared_id ON shared(id, rule_id) WHERE id <> '';"
		"INSERT INTO " JOURNAL_SHARED " SELECT seq, CASE WHEN instr(payload, '\"shared_event_id\":')"
		" AND json_valid(payload) THEN coalesce(json_extract(payload, '$.shared_event_id'), '')"
		" ELSE '' END, rule_id, CASE WHEN instr(payload, '\"also_ids\":') AND json_valid(payload)"
		" THEN ' ' || coalesce(json_extract(payload, '$.also_ids'), '') || ' ' ELSE '' END" DECISIONS
		" AND seq > (SELECT coalesce(max(seq), 0) FROM " JOURNAL_SHARED ")",
		err, "cannot read the journal");
}

/* What a history is of: the names of an alert, and its facts where they are known. */
struct asked {
	struct str id, event_id, rule_id; /* the id may be an event's, too */
	struct content facts;
};

/* Rows with one of the names, or on a call one of whose recordings has it, those of the same event,
 * and (own 0) those of an event that shares its id
 * with one of these, or ?4. */
static const char history_sql[] = "WITH own(seq) AS (SELECT seq" DECISIONS " AND ?1 <> '' AND alert_id = ?1"
	" UNION SELECT seq" DECISIONS " AND ?1 <> '' AND event_id = ?1"
	" UNION SELECT seq" DECISIONS " AND ?2 <> '' AND event_id = ?2 AND rule_id = ?3"
	" UNION SELECT seq FROM " JOURNAL_SHARED " WHERE id <> '' AND id = ?1"
	" UNION SELECT seq FROM " JOURNAL_SHARED " WHERE also <> '' AND instr(also, ' ' || ?1 || ' ')"
	" UNION SELECT o.seq FROM record d JOIN record o ON o.event_id = d.event_id"
	" AND o.rule_id = d.rule_id WHERE d.alert_id = ?1 AND d.event_id <> ''"
	" AND d.kind = 'decision' AND o.kind = 'decision')"
	" SELECT " JOURNAL_READ ", seq IN own FROM record WHERE seq IN (SELECT seq FROM own"
	" UNION SELECT o.seq FROM own JOIN " JOURNAL_SHARED " d ON d.seq = own.seq JOIN " JOURNAL_SHARED " o"
	" ON o.id = d.id AND o.rule_id = d.rule_id WHERE d.id <> '' AND o.id <> ''"
	" UNION SELECT seq FROM " JOURNAL_SHARED " WHERE id <> '' AND id = ?4 AND rule_id = ?3)"
	" ORDER BY seq";

static sqlite3_stmt *prepare_history(struct journal *j, const struct asked *q, struct err *err)
{
	sqlite3_stmt *st = journal_prepare(j, history_sql, err);
	if (!st)
		return NULL;
	journal_bind(st, 1, q->id);
	journal_bind(st, 2, q->event_id);
	journal_bind(st, 3, q->rule_id);
	journal_bind(st, 4, q->facts.shared);
	return st;
}

/* A shared id is not enough, somebody else may have used it: the alert that is asked for, or a row that
 * has its name, must be about these facts. */
static bool is_about(const struct asked *q, sqlite3_stmt *own, struct str facts, struct arena *mem)
{
	struct content this, that;
	content_of_facts(facts, mem, &this);
	bool same = content_known(&q->facts) && !content_differs(&this, &q->facts);
	sqlite3_reset(own);
	while (!same && sqlite3_step(own) == SQLITE_ROW) {
		content_of_facts(journal_text(own, COL_PAYLOAD), mem, &that);
		same = sqlite3_column_int(own, COL_OWN) && !content_differs(&this, &that);
	}
	return same;
}

static bool journal_read_history(
	struct journal *j, const struct asked *q, journal_row_fn fn, void *ctx, struct err *err)
{
	struct arena mem = {0};
	int code;
	if (!journal_shared(j, err))
		return false;
	AUTO(journal_finalize) sqlite3_stmt *st = prepare_history(j, q, err);
	AUTO(journal_finalize) sqlite3_stmt *own = prepare_history(j, q, err);
	if (!st || !own)
		return false;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		struct decision d;
		journal_read(st, &d);
		if (sqlite3_column_int(st, COL_OWN) || is_about(q, own, d.facts, &mem))
			fn(ctx, &d);
		arena_reset(&mem);
	}
	arena_fini(&mem);
	return code == SQLITE_DONE || journal_fail(j, err, "cannot read the journal");
}

bool journal_history(struct journal *j, struct str id, journal_row_fn fn, void *ctx,
	struct err *err)
{
	return journal_read_history(j, &(struct asked){.id = id}, fn, ctx, err);
}

bool journal_history_of(struct journal *j, const struct alert *a, journal_row_fn fn, void *ctx,
	struct err *err)
{
	struct arena mem = {0};
	struct asked q = {.id = alert_name(a), .event_id = a->event_id, .rule_id = a->rule_id};
	content_of(a, &mem, &q.facts);
	bool fine = journal_read_history(j, &q, fn, ctx, err);
	arena_fini(&mem);
	return fine;
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
	if (!journal_shared(j, err))
		return false;
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT count(DISTINCT coalesce((SELECT 'shared ' || max(n.rule_id || char(10) || n.id)"
		" FROM record o JOIN " JOURNAL_SHARED " n ON n.seq = o.seq WHERE o.kind = 'decision'"
		" AND o.event_id = r.event_id AND o.rule_id = r.rule_id AND o.event_id <> '' AND n.id <> ''),"
		" CASE WHEN event_id <> '' THEN rule_id || char(10) || event_id ELSE alert_id END)),"
		" max(alert_id) FROM record r WHERE kind = 'decision'"
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
	if (!journal_shared(j, err))
		return false;
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT " JOURNAL_READ DECISIONS " ORDER BY seq", err);
	AUTO(journal_finalize) sqlite3_stmt *later = journal_prepare(j,
		"SELECT payload" DECISIONS " AND seq > ?4 AND ?1 <> '' AND alert_id = ?1"
		" UNION ALL SELECT payload" DECISIONS " AND seq > ?4 AND ?2 <> '' AND event_id = ?2"
		" AND rule_id = ?3"
		" UNION ALL SELECT o.payload FROM " JOURNAL_SHARED " n JOIN " JOURNAL_SHARED " s ON s.id = n.id"
		" AND s.rule_id = n.rule_id AND s.id <> '' JOIN record o ON o.seq = s.seq"
		" WHERE n.seq = ?4 AND s.seq > ?4", err);
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
