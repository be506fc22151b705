/*
 * outbox_follow: following the journal: which of its decisions go to which target, and what to do
 * when it is not the journal any more that was followed. A row is known by its hash, not its number.
 */
#include "outbox_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/event/json.h"

#include <inttypes.h>
#include <stdio.h>

#define CANNOT_READ "cannot read the journal"

/* ---- who takes what ----------------------------------------------------------------------- */

/* Of a place that the user said is the one that the name stands for now, that one's. */
static void follow_move(struct outbox *o, const struct outbox_place *p, struct buf *mark)
{
	char here[OUTBOX_MARK];
	outbox_mark_of(p, here);
	const struct str texts[] = {p->name, buf_str(mark)};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT 1 FROM moved WHERE name = ?1 AND was = ?2", texts, ARRAY_LEN(texts), NULL);
	if (!st || sqlite3_step(st) != SQLITE_ROW)
		return;
	buf_clear(mark);
	buf_c(mark, here);
}

/* Into `mark`, of the place that a decision with these facts is meant for. One that knows the name
 * alone: what the name stood for last. A team's: as it was when that was decided, where the row says so
 * and nobody asks for older ones. */
static bool way_to(struct outbox *o, const struct outbox_place *p, const struct json *facts, bool asked,
	struct buf *mark)
{
	char here[OUTBOX_MARK];
	const struct json *teams = asked ? NULL : json_get(facts, "teams");
	struct outbox_place by = *p;
	AUTO(buf_fini) struct buf to = {0};
	buf_add(&to, json_str(json_get(facts, "origin")));
	if (teams && p->team)
		buf_fmt(&to, ",%.*s", STR_ARG(json_str(teams)));
	by.team = p->team && !teams;
	buf_clear(mark);
	enum outbox_way way = outbox_takes(&by, buf_str(&to), mark);
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT mark FROM target WHERE name = ?1", &p->name, 1, NULL);
	outbox_mark_of(p, here);
	if (way == OUTBOX_HERE)
		buf_c(mark, here);
	else if (way == OUTBOX_BY_NAME && st && sqlite3_step(st) == SQLITE_ROW)
		buf_add(mark, journal_text(st, 0));
	else if (way == OUTBOX_ELSEWHERE)
		follow_move(o, p, mark);
	return way != OUTBOX_NOT;
}

/* Where an entry was meant to go, if there is one. */
static void way_of_entry(struct outbox *o, struct str target, int64_t seq, struct buf *mark)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT place FROM entry WHERE target = ?1 AND seq = ?2", &target, 1, NULL);
	if (!st)
		return;
	sqlite3_bind_int64(st, 2, seq);
	if (sqlite3_step(st) != SQLITE_ROW)
		return;
	buf_clear(mark);
	buf_add(mark, journal_text(st, 0));
}

/* Not what others decided, and not what is to stay here. What takes another back goes where that
 * went, whatever the facts are that it gives back. */
static bool wants(struct outbox *o, const struct follower *f, const struct decision *d,
	struct buf *mark)
{
	const struct outbox_place *p = &f->place;
	struct decision undone = {0};
	if (d->theirs || journal_payload_home(d->facts))
		return false;
	AUTO(json_free_ptr) struct json *facts = json_parse(d->facts, NULL);
	bool takes = way_to(o, p, facts, f->asked, mark);
	if (!d->undoes)
		return takes;
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal,
		"SELECT " JOURNAL_READ " FROM record WHERE seq = ?1", NULL);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 1, d->undoes);
	if (sqlite3_step(st) == SQLITE_ROW)
		journal_read(st, &undone);
	if (!undone.seq || journal_payload_home(undone.facts) ||
		(!takes && (undone.undoes >= undone.seq || !wants(o, f, &undone, mark))))
		return false;
	way_of_entry(o, p->name, undone.seq, mark);
	return true;
}

bool outbox_wants(struct outbox *o, const struct outbox_place *p, const struct decision *d)
{
	AUTO(buf_fini) struct buf mark = {0};
	return wants(o, &(struct follower){.place = *p, .asked = true}, d, &mark);
}

/* ---- targets ------------------------------------------------------------------------------ */

/* The hash and the time of a row of the journal; nothing and 0 when there is none. */
static void outbox_follow_row_of(struct outbox *o, int64_t seq, char hash[65], int64_t *at)
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

#define MY(column) "(SELECT " column " FROM mine WHERE name = ?1)"

/* What versions wrote that knew no places or no marks is of the place that the name stood for. */
static bool settle_mark(struct outbox *o, const struct outbox_place *p, struct err *err)
{
	static const char *const sql[] = {
		"UPDATE target SET place = " MY("place") " WHERE name = ?1 AND place = ''",
		"UPDATE target SET mark = " MY("mark") " WHERE name = ?1 AND mark = '' AND place = " MY("place"),
		"UPDATE entry SET place = " MY("mark") " WHERE target = ?1 AND place = ''"
			" AND EXISTS (SELECT 1 FROM target WHERE name = ?1 AND mark = " MY("mark") ")"};
	return run_all(o, sql, ARRAY_LEN(sql), p->name, err);
}

static bool known_target(struct outbox *o, const struct outbox_place *p, struct err *err)
{
	int64_t rows = 0, at;
	char head[65];
	if (!journal_head(o->journal, &rows, head, err))
		return false;
	outbox_follow_row_of(o, rows, head, &at);
	const struct str texts[] = {p->name, p->place, str_c(head)};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "INSERT OR IGNORE INTO target"
		" (name, place, head, seen, since) VALUES (?1, ?2, ?3, ?4, ?5)", texts, ARRAY_LEN(texts), err);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 4, rows);
	sqlite3_bind_int64(st, 5, at);
	return outbox_run(o, st, NULL, err) && settle_mark(o, p, err);
}

bool outbox_target(struct outbox *o, const struct outbox_place *p, struct err *err)
{
	char mark[OUTBOX_MARK];
	outbox_mark_of(p, mark);
	const struct str texts[] = {p->name, p->place, str_c(mark), p->url};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "INSERT OR REPLACE INTO mine"
		" (name, place, mark, url, team) VALUES (?1, ?2, ?3, ?4, ?5)", texts, ARRAY_LEN(texts), err);
	if (st)
		sqlite3_bind_int(st, 5, p->team);
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

bool outbox_stay(struct outbox *o, struct str target, struct err *err)
{
	static const char *const sql[] = {
		"INSERT OR IGNORE INTO moved (name, was) SELECT t.name, t.mark FROM target t JOIN mine m"
			" ON m.name = t.name WHERE t.name = ?1 AND t.mark NOT IN ('', m.mark)",
		"UPDATE entry SET place = " MY("mark") " WHERE target = ?1 AND EXISTS (SELECT 1 FROM mine"
			" WHERE name = ?1) AND place IN ('', (SELECT mark FROM target WHERE name = ?1))",
		"UPDATE target SET upto = '', mark = " MY("mark") ", place = " MY("place")
			" WHERE name IN (SELECT name FROM mine) AND name = ?1"};
	return outbox_begin(o, err) && outbox_end(o, run_all(o, sql, ARRAY_LEN(sql), target, err), err);
}

/* What waits for what the name stands for in this run, if anything does, is not forgotten. */
#define FORGOTTEN " WHERE target = ?1 AND place NOT IN (SELECT m.mark FROM mine m JOIN target t" \
	" ON t.name = m.name WHERE m.name = ?1 AND t.place <> m.place)"

bool outbox_forget(struct outbox *o, struct str target, size_t *n, struct err *err)
{
	static const char *const sql[] = {"DELETE FROM entry" FORGOTTEN,
		"DELETE FROM theirs WHERE target = ?1", "DELETE FROM moved WHERE name = ?1",
		"DELETE FROM target WHERE name = ?1"};
	AUTO(journal_finalize) sqlite3_stmt *count = outbox_prepare(o, "SELECT count(*) FROM entry"
		FORGOTTEN " AND state IN (0, 1, 4, 5)", &target, 1, err);
	if (!count || sqlite3_step(count) != SQLITE_ROW || sqlite3_column_int64(count, 0) < 0)
		return count && journal_fail(&o->db, err, CANNOT_WRITE);
	*n = (size_t)sqlite3_column_int64(count, 0);
	sqlite3_reset(count);
	if (!outbox_begin(o, err))
		return false;
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT name, place, team, url FROM mine WHERE name = ?1", &target, 1, err);
	bool fine = st && run_all(o, sql, ARRAY_LEN(sql), target, err);
	if (fine && sqlite3_step(st) == SQLITE_ROW) {
		const struct outbox_place p = {.name = journal_text(st, 0), .place = journal_text(st, 1),
			.team = sqlite3_column_int(st, 2) != 0, .url = journal_text(st, 3)};
		fine = known_target(o, &p, err);
	}
	return outbox_end(o, fine, err);
}

bool outbox_drop_held(struct outbox *o, struct str target, size_t *n, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "UPDATE entry SET state = 6, reason ="
		" 'it was meant for another place of this name' WHERE target = ?1 AND state IN (0, 1, 4, 5)"
		" AND place NOT IN ('', " MY("mark") ")", &target, 1, err);
	return outbox_run(o, st, n, err);
}

size_t outbox_held(struct outbox *o, struct str target, struct buf *out)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "SELECT count(*) FROM entry e JOIN mine m"
		" ON m.name = e.target WHERE e.target = ?1 AND e.place NOT IN ('', m.mark)"
		" AND e.state IN (0, 1, 4, 5)", &target, 1, NULL);
	size_t n = st && sqlite3_step(st) == SQLITE_ROW ? (size_t)sqlite3_column_int64(st, 0) : 0;
	if (n)
		buf_fmt(out, "%.*s: %zu meant for another place of this name, never sent to this one: `outbox"
			" --retry` with that place's configuration sends %s, `outbox --drop-held %.*s` with this one"
			" drops %s", STR_ARG(target), n, n == 1 ? "it" : "them", STR_ARG(target),
			n == 1 ? "it" : "them");
	return n;
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

static bool add_entry(struct outbox *o, sqlite3_stmt *insert, struct str target,
	const struct decision *d, struct err *err)
{
	AUTO(buf_fini) struct buf key = {0}, tail = {0};
	outbox_key(d, &key);
	if (!outbox_tail(o, target, d, &tail, err))
		return false;
	sqlite3_bind_int64(insert, 2, d->seq);
	journal_bind(insert, 3, buf_str(&key));
	journal_bind(insert, 4, d->alert_id);
	journal_bind(insert, 5, d->event_id);
	sqlite3_bind_int64(insert, 6, d->at);
	journal_bind(insert, 7, d->hash);
	journal_bind(insert, 9, buf_str(&tail));
	return outbox_run(o, insert, NULL, err);
}

/* What versions before 2 learned is known by the number of its row alone. */
static const char insert_sql[] =
	"INSERT OR IGNORE INTO entry (target, seq, key, alert_id, event_id, state, at, hash, place)"
	" SELECT ?1, ?2, ?3 || ?9, ?4 || ?9, ?5 || ?9, 0, ?6, ?7, ?8"
	" WHERE NOT EXISTS (SELECT 1 FROM theirs WHERE seq = ?2)";

static bool add_rows(struct outbox *o, const struct follower *f, sqlite3_stmt *rows, struct err *err)
{
	AUTO(buf_fini) struct buf mark = {0};
	AUTO(journal_finalize) sqlite3_stmt *insert = outbox_prepare(o, insert_sql, &f->place.name, 1, err);
	int code = SQLITE_DONE;
	while (insert && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		struct decision d;
		journal_read(rows, &d);
		if (!wants(o, f, &d, &mark))
			continue;
		journal_bind(insert, 8, buf_str(&mark));
		if (!add_entry(o, insert, f->place.name, &d, err))
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
		" WHERE target = ?1 AND hash <> '' ORDER BY seq DESC", &f->place.name, 1, NULL);
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
static bool outbox_follow_cut(struct outbox *o, struct follower *f, struct err *err)
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
		AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, sql[i], &f->place.name, 1, err);
		if (st)
			sqlite3_bind_int64(st, 2, common);
		fine = outbox_run(o, st, NULL, err);
	}
	buf_fmt(&o->notice, "%sthe journal is not the one that went to %.*s before: its row %" PRId64
		" is gone or another; what comes after row %" PRId64 " is sent anew",
		o->notice.n ? "\n" : "", STR_ARG(f->place.name), f->seen, common);
	f->seen = common;
	return fine;
}

static bool sync_target(struct outbox *o, struct follower *f, int64_t rows, struct str head,
	struct err *err)
{
	if (f->seen && !journal_has(o->journal, f->seen, f->head) && !outbox_follow_cut(o, f, err))
		return false;
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal, "SELECT " JOURNAL_READ
		" FROM record WHERE kind = 'decision' AND seq > ?1 AND seq <= ?2 ORDER BY seq", err);
	const struct str texts[] = {f->place.name, head};
	AUTO(journal_finalize) sqlite3_stmt *up = outbox_prepare(o,
		"UPDATE target SET head = ?2, seen = ?3 WHERE name = ?1", texts, ARRAY_LEN(texts), err);
	if (!st || !up)
		return false;
	sqlite3_bind_int64(st, 1, f->seen);
	sqlite3_bind_int64(st, 2, rows);
	sqlite3_bind_int64(up, 3, rows);
	return add_rows(o, f, st, err) && outbox_run(o, up, NULL, err);
}

#define FOLLOWERS "SELECT t.name, m.team, t.seen, t.head, t.since, m.place, m.url FROM target t JOIN mine m" \
	" ON m.name = t.name"

static struct follower read_follower(sqlite3_stmt *st)
{
	return (struct follower){.place = {.name = journal_text(st, 0), .place = journal_text(st, 5),
		.team = sqlite3_column_int(st, 1) != 0, .url = journal_text(st, 6)},
		.seen = sqlite3_column_int64(st, 2), .head = journal_text(st, 3),
		.since = sqlite3_column_int64(st, 4)};
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
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal, "SELECT " JOURNAL_READ
		" FROM record WHERE kind = 'decision' AND at >= ?1 ORDER BY seq", err);
	AUTO(journal_finalize) sqlite3_stmt *who = outbox_prepare(o, FOLLOWERS " WHERE t.name = ?1",
		&target, 1, err);
	if (!st || !who || sqlite3_step(who) != SQLITE_ROW || !outbox_begin(o, err))
		return false;
	struct follower f = read_follower(who);
	f.asked = true;
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
	outbox_follow_row_of(o, seq, hash, &at);
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
