/*
 * outbox_follow: following the journal: which of its decisions go to which target, and what to do
 * when it is not the journal any more that was followed. A row is known by its hash, not its number.
 */
#include "outbox_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/event/json.h"

#include <inttypes.h>
#include <stdio.h>

enum { KEY_MAX = 400 };
#define CANNOT_WRITE "cannot write the outbox"
#define CANNOT_READ "cannot read the journal"

void outbox_key(const struct decision *d, struct buf *out)
{
	char hex[SHA256_HEX];
	size_t from = out->n;
	if (d->event_id.n && d->rule_id.n)
		buf_fmt(out, "%.*s:%.*s", STR_ARG(d->rule_id), STR_ARG(d->event_id));
	else
		buf_add(out, d->alert_id.n ? d->alert_id : d->event_id);
	if (out->n - from <= KEY_MAX)
		return;
	sha256_hex(str_sub(buf_str(out), from, out->n), hex);
	out->n = from;
	buf_c(out, hex);
}

/* ---- who takes what ----------------------------------------------------------------------- */

/* Not what others decided, and not what is to stay here. What takes another back goes where that
 * went, whatever the facts are that it gives back. */
bool outbox_wants(struct outbox *o, const struct outbox_place *p, const struct decision *d)
{
	struct decision undone = {0};
	if (d->theirs || journal_payload_home(d->facts))
		return false;
	AUTO(json_free_ptr) struct json *facts = json_parse(d->facts, NULL);
	bool takes = outbox_takes(p->name, p->team, json_str(json_get(facts, "origin")));
	if (!d->undoes)
		return takes;
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal,
		"SELECT " JOURNAL_COLUMNS " FROM record WHERE seq = ?1", NULL);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 1, d->undoes);
	if (sqlite3_step(st) == SQLITE_ROW)
		journal_read(st, &undone);
	return undone.seq && !journal_payload_home(undone.facts) &&
		(takes || (undone.undoes < undone.seq && outbox_wants(o, p, &undone)));
}

/* ---- targets ------------------------------------------------------------------------------ */

/* The hash and the time of a row of the journal; nothing and 0 when there is none. */
static void row_of(struct outbox *o, int64_t seq, char hash[65], int64_t *at)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal,
		"SELECT hash, at FROM record WHERE seq = ?1", NULL);
	hash[0] = '\0';
	*at = 0;
	if (!st)
		return;
	sqlite3_bind_int64(st, 1, seq);
	if (sqlite3_step(st) != SQLITE_ROW)
		return;
	snprintf(hash, 65, "%.*s", STR_ARG(journal_text(st, 0)));
	*at = sqlite3_column_int64(st, 1);
}

static bool known_target(struct outbox *o, const struct outbox_place *p, struct err *err)
{
	int64_t rows = 0, at;
	char head[65];
	if (!journal_head(o->journal, &rows, head, err))
		return false;
	row_of(o, rows, head, &at);
	const struct str texts[] = {p->name, p->place, str_c(head)};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "INSERT OR IGNORE INTO target"
		" (name, place, head, seen, since) VALUES (?1, ?2, ?3, ?4, ?5)", texts, ARRAY_LEN(texts), err);
	AUTO(journal_finalize) sqlite3_stmt *place = outbox_prepare(o,
		"UPDATE target SET place = ?2 WHERE name = ?1 AND place = ''", texts, 2, err);
	if (!st || !place)
		return false;
	sqlite3_bind_int64(st, 4, rows);
	sqlite3_bind_int64(st, 5, at);
	return outbox_run(o, st, NULL, err) && outbox_run(o, place, NULL, err);
}

bool outbox_target(struct outbox *o, const struct outbox_place *p, struct err *err)
{
	const struct str texts[] = {p->name, p->place};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"INSERT OR REPLACE INTO mine (name, place, team) VALUES (?1, ?2, ?3)", texts,
		ARRAY_LEN(texts), err);
	if (st)
		sqlite3_bind_int(st, 3, p->team);
	return outbox_run(o, st, NULL, err) && known_target(o, p, err);
}

bool outbox_moved(struct outbox *o, struct str target, struct buf *was)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "SELECT t.place FROM target t JOIN"
		" mine m ON m.name = t.name WHERE t.name = ?1 AND m.place <> '' AND t.place <> m.place",
		&target, 1, NULL);
	bool moved = st && sqlite3_step(st) == SQLITE_ROW;
	if (moved)
		buf_add(was, journal_text(st, 0));
	return moved;
}

static bool run_all(struct outbox *o, const char *const *sql, size_t n, struct str target,
	struct err *err)
{
	bool fine = true;
	for (size_t i = 0; fine && i < n; i++) {
		AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, sql[i], &target, 1, err);
		fine = outbox_run(o, st, NULL, err);
	}
	return fine;
}

bool outbox_stay(struct outbox *o, struct str target, struct err *err)
{
	static const char *const sql[] = {"UPDATE target SET upto = '',"
		" place = (SELECT place FROM mine WHERE name = ?1) WHERE name IN (SELECT name FROM mine)"
		" AND name = ?1"};
	return run_all(o, sql, ARRAY_LEN(sql), target, err);
}

bool outbox_forget(struct outbox *o, struct str target, size_t *n, struct err *err)
{
	static const char *const sql[] = {"DELETE FROM entry WHERE target = ?1",
		"DELETE FROM theirs WHERE target = ?1", "DELETE FROM target WHERE name = ?1"};
	struct outbox_counts c;
	if (!outbox_count(o, target, &c, err) || !outbox_begin(o, err))
		return false;
	*n = outbox_unsent(&c);
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT name, place, team FROM mine WHERE name = ?1", &target, 1, err);
	bool fine = st && run_all(o, sql, ARRAY_LEN(sql), target, err);
	if (fine && sqlite3_step(st) == SQLITE_ROW) {
		struct outbox_place p = {journal_text(st, 0), journal_text(st, 1),
			sqlite3_column_int(st, 2) != 0};
		fine = known_target(o, &p, err);
	}
	return outbox_end(o, fine, err);
}

bool outbox_orphans(struct outbox *o, outbox_name_fn fn, void *ctx, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "SELECT t.name, (SELECT count(*)"
		" FROM entry e WHERE e.target = t.name AND e.state IN (0, 1, 4, 5)) FROM target t"
		" WHERE t.name NOT IN (SELECT name FROM mine) ORDER BY t.name", NULL, 0, err);
	int code = SQLITE_DONE;
	while (st && (code = sqlite3_step(st)) == SQLITE_ROW)
		fn(ctx, journal_text(st, 0), (size_t)sqlite3_column_int64(st, 1));
	return st && (code == SQLITE_DONE || journal_fail(&o->db, err, "cannot read the outbox"));
}

/* ---- rows --------------------------------------------------------------------------------- */

static bool add_entry(struct outbox *o, sqlite3_stmt *insert, const struct decision *d,
	struct err *err)
{
	AUTO(buf_fini) struct buf key = {0};
	outbox_key(d, &key);
	sqlite3_bind_int64(insert, 2, d->seq);
	journal_bind(insert, 3, buf_str(&key));
	journal_bind(insert, 4, d->alert_id);
	journal_bind(insert, 5, d->event_id);
	sqlite3_bind_int64(insert, 6, d->at);
	journal_bind(insert, 7, d->hash);
	return outbox_run(o, insert, NULL, err);
}

/* What versions before 2 learned is known by the number of its row alone. */
static const char insert_sql[] =
	"INSERT OR IGNORE INTO entry (target, seq, key, alert_id, event_id, state, at, hash)"
	" SELECT ?1, ?2, ?3, ?4, ?5, 0, ?6, ?7"
	" WHERE NOT EXISTS (SELECT 1 FROM theirs WHERE seq = ?2)";

static bool add_rows(struct outbox *o, const struct follower *f, sqlite3_stmt *rows, struct err *err)
{
	const struct outbox_place p = {.name = f->name, .team = f->team};
	AUTO(journal_finalize) sqlite3_stmt *insert = outbox_prepare(o, insert_sql, &f->name, 1, err);
	int code = SQLITE_DONE;
	while (insert && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		struct decision d;
		journal_read(rows, &d);
		if (outbox_wants(o, &p, &d) && !add_entry(o, insert, &d, err))
			return false;
	}
	if (insert && code != SQLITE_DONE)
		return journal_fail(o->journal, err, CANNOT_READ);
	return insert != NULL;
}

/* The newest row that went the way of an entry here and is still the same; rows from before the
 * target was known are common, too, as far as their time tells. */
static int64_t last_common(struct outbox *o, const struct follower *f)
{
	int64_t common = 0, older = 0;
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "SELECT seq, hash FROM entry"
		" WHERE target = ?1 AND hash <> '' ORDER BY seq DESC", &f->name, 1, NULL);
	while (st && !common && sqlite3_step(st) == SQLITE_ROW)
		if (journal_has(o->journal, sqlite3_column_int64(st, 0), journal_text(st, 1)))
			common = sqlite3_column_int64(st, 0);
	char sql[96];
	snprintf(sql, sizeof(sql), "SELECT max(seq) FROM record WHERE at <= %" PRId64, f->since);
	journal_int(o->journal, sql, &older, NULL);
	return common > older ? common : older;
}

/* The journal was put back, begun anew or replaced: what came after the last common row is made
 * anew. What left here is remembered as ours, and what others wrote is read again. */
static bool cut(struct outbox *o, struct follower *f, struct err *err)
{
	static const char *const sql[] = {
		"INSERT OR REPLACE INTO theirs (target, hash, key, analyst, at, verdict, seq)"
			" SELECT target, hash, key, '', at, '', -1 FROM entry WHERE target = ?1 AND seq > ?2"
			" AND hash <> '' AND state IN (1, 2, 3)",
		"UPDATE theirs SET seq = -1 WHERE target = ?1 AND seq > ?2",
		"DELETE FROM entry WHERE target = ?1 AND seq > ?2",
		"UPDATE target SET seen = ?2, upto = '' WHERE name = ?1"};
	int64_t common = last_common(o, f);
	bool fine = true;
	for (size_t i = 0; fine && i < ARRAY_LEN(sql); i++) {
		AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, sql[i], &f->name, 1, err);
		if (st)
			sqlite3_bind_int64(st, 2, common);
		fine = outbox_run(o, st, NULL, err);
	}
	buf_fmt(&o->notice, "%sthe journal is not the one that went to %.*s before: its row %" PRId64
		" is gone or another; what comes after row %" PRId64 " is sent anew",
		o->notice.n ? "\n" : "", STR_ARG(f->name), f->seen, common);
	f->seen = common;
	return fine;
}

static bool sync_target(struct outbox *o, struct follower *f, int64_t rows, struct str head,
	struct err *err)
{
	if (f->seen && !journal_has(o->journal, f->seen, f->head) && !cut(o, f, err))
		return false;
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal, "SELECT " JOURNAL_COLUMNS
		" FROM record WHERE kind = 'decision' AND seq > ?1 AND seq <= ?2 ORDER BY seq", err);
	const struct str texts[] = {f->name, head};
	AUTO(journal_finalize) sqlite3_stmt *up = outbox_prepare(o,
		"UPDATE target SET head = ?2, seen = ?3 WHERE name = ?1", texts, ARRAY_LEN(texts), err);
	if (!st || !up)
		return false;
	sqlite3_bind_int64(st, 1, f->seen);
	sqlite3_bind_int64(st, 2, rows);
	sqlite3_bind_int64(up, 3, rows);
	return add_rows(o, f, st, err) && outbox_run(o, up, NULL, err);
}

#define FOLLOWERS "SELECT t.name, m.team, t.seen, t.head, t.since FROM target t JOIN mine m" \
	" ON m.name = t.name"

static struct follower read_follower(sqlite3_stmt *st)
{
	return (struct follower){journal_text(st, 0), sqlite3_column_int(st, 1) != 0,
		sqlite3_column_int64(st, 2), journal_text(st, 3), sqlite3_column_int64(st, 4)};
}

/* Another console may have gone on with a target since `rows` was looked up: never back. */
static bool sync_all(struct outbox *o, int64_t rows, struct str head, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, FOLLOWERS, NULL, 0, err);
	int code = SQLITE_DONE;
	while (st && (code = sqlite3_step(st)) == SQLITE_ROW) {
		struct follower f = read_follower(st);
		bool newer = f.seen > rows && journal_has(o->journal, f.seen, f.head);
		if (!newer && !sync_target(o, &f, rows, head, err))
			return false;
	}
	return st && (code == SQLITE_DONE || journal_fail(&o->db, err, CANNOT_WRITE));
}

bool outbox_sync(struct outbox *o, struct err *err)
{
	int64_t rows = 0, behind = 0;
	char head[65], sql[220];
	if (!journal_head(o->journal, &rows, head, err))
		return false;
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM target WHERE name IN (SELECT name FROM mine)"
		" AND (seen <> %" PRId64 " OR head <> '%s')", rows, head);
	if (!journal_int(&o->db, sql, &behind, err))
		return false;
	return !behind ||
		(outbox_begin(o, err) && outbox_end(o, sync_all(o, rows, str_c(head), err), err));
}

void outbox_notice(struct outbox *o, struct buf *out)
{
	buf_add(out, buf_str(&o->notice));
	buf_clear(&o->notice);
}

bool outbox_since(struct outbox *o, struct str target, int64_t at, size_t *n, struct err *err)
{
	int64_t before = sqlite3_total_changes(o->db.db);
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal, "SELECT " JOURNAL_COLUMNS
		" FROM record WHERE kind = 'decision' AND at >= ?1 ORDER BY seq", err);
	AUTO(journal_finalize) sqlite3_stmt *who = outbox_prepare(o, FOLLOWERS " WHERE t.name = ?1",
		&target, 1, err);
	if (!st || !who || sqlite3_step(who) != SQLITE_ROW || !outbox_begin(o, err))
		return false;
	struct follower f = read_follower(who);
	sqlite3_bind_int64(st, 1, at);
	bool fine = outbox_end(o, add_rows(o, &f, st, err), err);
	*n = (size_t)(sqlite3_total_changes(o->db.db) - before);
	return fine;
}

/* ---- from version 1 ----------------------------------------------------------------------- */

static bool take_hash(struct outbox *o, const char *sql, struct str target, int64_t seq,
	struct err *err)
{
	char hash[65];
	int64_t at;
	row_of(o, seq, hash, &at);
	const struct str texts[] = {target, str_c(hash)};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, sql, texts, ARRAY_LEN(texts), err);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 3, seq);
	sqlite3_bind_int64(st, 4, at);
	return outbox_run(o, st, NULL, err);
}

bool outbox_take_hashes(struct outbox *o, struct err *err)
{
	static const char *const from[] = {"SELECT name, seen FROM target", "SELECT target, seq FROM entry"};
	static const char *const to[] = {
		"UPDATE target SET head = ?2, since = ?4 WHERE name = ?1 AND seen = ?3",
		"UPDATE entry SET hash = ?2 WHERE target = ?1 AND seq = ?3 AND ?4 >= 0"};
	for (size_t i = 0; i < ARRAY_LEN(from); i++) {
		AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, from[i], NULL, 0, err);
		int code = SQLITE_DONE;
		while (st && (code = sqlite3_step(st)) == SQLITE_ROW)
			if (!take_hash(o, to[i], journal_text(st, 0), sqlite3_column_int64(st, 1), err))
				return false;
		if (!st || code != SQLITE_DONE)
			return st && journal_fail(&o->db, err, "cannot read the outbox");
	}
	return true;
}
