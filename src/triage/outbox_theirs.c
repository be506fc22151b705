/*
 * outbox_theirs: what others decided, read back from a target and recorded in the journal under
 * their name. First noted here, then in the journal, then joined by outbox_sync(): a crash at any
 * point leaves either nothing or something that the next round completes.
 */
#include "outbox_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/triage/export.h"

static bool any(struct outbox *o, const char *sql, const struct str texts[2], bool *yes,
	struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, sql, texts, 2, err);
	if (!st)
		return false;
	if (sqlite3_step(st) != SQLITE_ROW)
		return journal_fail(&o->db, err, "cannot read the outbox");
	*yes = sqlite3_column_int64(st, 0) > 0;
	return true;
}

static bool have(struct outbox *o, struct str target, struct str hash, bool *yes, struct err *err)
{
	const struct str texts[] = {target, hash};
	return any(o, "SELECT count(*) FROM theirs WHERE target = ?1 AND hash = ?2 AND seq > 0",
		texts, yes, err);
}

static bool own_waits(struct outbox *o, struct str target, struct str key, bool *yes,
	struct err *err)
{
	const struct str texts[] = {target, key};
	return any(o, "SELECT count(*) FROM entry WHERE target = ?1 AND key = ?2"
		" AND state IN (0, 1, 4, 5)", texts, yes, err);
}

/* A row of our own journal, by the alert and its hash. */
static int64_t own_row(struct outbox *o, struct str key, struct str hash)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal,
		"SELECT seq FROM record WHERE hash = ?1 AND seq IN (SELECT seq FROM record"
		" WHERE kind = 'decision' AND alert_id = ?2 UNION SELECT seq FROM record"
		" WHERE kind = 'decision' AND event_id = ?3) LIMIT 1", NULL);
	struct str event = key;
	if (!st)
		return 0;
	str_cut(&event, ':');
	journal_bind(st, 1, hash);
	journal_bind(st, 2, key);
	journal_bind(st, 3, event);
	return sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
}

static bool note_theirs(struct outbox *o, struct str target, const struct outbox_theirs *t,
	struct err *err)
{
	const struct str texts[] = {target, t->hash, t->key, t->analyst,
		str_c(verdict_name(t->verdict))};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"INSERT OR REPLACE INTO theirs (target, hash, key, analyst, verdict, at, seq)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)", texts, ARRAY_LEN(texts), err);
	if (st)
		sqlite3_bind_int64(st, 6, t->at);
	return outbox_run(o, st, NULL, err);
}

static bool record(struct outbox *o, const struct outbox_theirs *t, struct err *err)
{
	struct arena mem = {0};
	struct alert a;
	struct journal_author who = {t->analyst, t->read};
	bool fine = export_facts_read(t->facts, &mem, &a, err);
	if (fine) {
		struct journal_entry e = {.alert = &a, .verdict = t->verdict,
			.reason = str_sub(t->reason, 0, DECISION_REASON_MAX),
			.note = str_sub(t->note, 0, DECISION_NOTE_MAX)};
		struct decision d = {.alert_id = a.id, .event_id = a.event_id, .rule_id = a.rule_id};
		struct buf key = {0};
		outbox_key(&d, &key);
		fine = str_eq(buf_str(&key), t->key) ? journal_learn(o->journal, &e, &who, t->at, err)
			: err_set(err, ERR_INPUT, "a shared decision names one alert and describes another");
		buf_fini(&key);
	}
	arena_fini(&mem);
	return fine;
}

bool outbox_learn(struct outbox *o, struct str target, const struct outbox_theirs *t, bool *fresh,
	struct err *err)
{
	bool known = false, waits = false;
	*fresh = false;
	if (own_row(o, t->key, t->hash))
		return true;
	if (!have(o, target, t->hash, &known, err) || known)
		return known;
	if (!outbox_sync(o, err) || !own_waits(o, target, t->key, &waits, err))
		return false;
	if (waits)
		return err_set(err, ERR_CONFLICT, "a decision of ours still waits");
	*fresh = note_theirs(o, target, t, err) && record(o, t, err) && outbox_sync(o, err);
	return *fresh;
}

enum outbox_knew outbox_knew(struct outbox *o, const struct outbox_entry *e, struct str hash)
{
	int64_t own = own_row(o, e->key, hash);
	if (own)
		return own <= e->seq ? OUTBOX_KNEW : OUTBOX_OVERTAKEN;
	const struct str texts[] = {e->target, hash};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT seq FROM theirs WHERE target = ?1 AND hash = ?2", texts, ARRAY_LEN(texts), NULL);
	if (!st || sqlite3_step(st) != SQLITE_ROW)
		return OUTBOX_STRANGE;
	int64_t at = sqlite3_column_int64(st, 0);
	return at > 0 && at < e->seq ? OUTBOX_KNEW : OUTBOX_STRANGE;
}

bool outbox_mark_read(struct outbox *o, struct str target, struct str upto, struct err *err)
{
	const struct str texts[] = {target, upto};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"UPDATE target SET upto = ?2 WHERE name = ?1", texts, ARRAY_LEN(texts), err);
	return outbox_run(o, st, NULL, err);
}

void outbox_read_upto(struct outbox *o, struct str target, struct buf *out)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT upto FROM target WHERE name = ?1", &target, 1, NULL);
	if (st && sqlite3_step(st) == SQLITE_ROW)
		buf_add(out, journal_text(st, 0));
}
