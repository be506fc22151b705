/*
 * journal_write: appending rows: decisions, and what takes them back. Each call is one transaction
 * that is on disk when it returns true. Owns no memory beyond the call.
 */
#include "journal_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/vec.h"
#include "s3triage/base/when.h"
#include "s3triage/alert/content.h"
#include "s3triage/alert/facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void journal_stay_home(struct journal *j)
{
	j->home = true;
}

void journal_meant_for(struct journal *j, struct str teams)
{
	free(j->teams);
	j->teams = mem_dup(teams);
}

static bool journal_write_begin(struct writer *w, struct journal *j, int64_t at, struct err *err)
{
	if (!writer_begin(w, j, at, err) || !journal_shared(j, err))
		return false;
	w->before = journal_prepare(j, "SELECT seq, payload, verdict FROM record WHERE seq IN"
		" (SELECT seq FROM record WHERE kind = 'decision' AND ?1 <> '' AND alert_id = ?1"
		" UNION SELECT seq FROM record WHERE kind = 'decision' AND ?2 <> ''"
		" AND event_id = ?2 AND rule_id = ?3"
		" UNION SELECT seq FROM " JOURNAL_SHARED " WHERE id <> '' AND id = ?5 AND rule_id = ?3)"
		" AND seq < ?4 ORDER BY seq DESC", err);
	w->row = journal_prepare(j, "SELECT " JOURNAL_READ " FROM record WHERE seq = ?1"
		" AND kind = 'decision'", err);
	return w->before && w->row;
}

/* What the journal says of an alert before some row. */
struct before {
	int64_t seq;   /* the newest row about these names and facts, 0: there is none */
	bool other;    /* the newest row about these names and other facts has closed those */
};

/* Looks back until both are known. */
static int journal_write_look_back(
	struct writer *w, const struct content *about, struct before *out)
{
	struct arena mem = {0};
	bool other_known = false;
	int code;
	while ((code = sqlite3_step(w->before)) == SQLITE_ROW && (!out->seq || !other_known)) {
		struct content then;
		enum verdict v;
		arena_reset(&mem);
		content_of_facts(journal_text(w->before, 1), &mem, &then);
		if (!content_unlike(&then, about))
			out->seq = out->seq ? out->seq : sqlite3_column_int64(w->before, 0);
		else if (!other_known)
			out->other = verdict_parse(journal_text(w->before, 2), &v) && v != VERDICT_OPEN;
		other_known |= content_unlike(&then, about) != 0;
	}
	arena_fini(&mem);
	return code;
}

/* What was decided before row `limit` of the alert that `about` names and whose facts are its payload;
 * false on failure. */
static bool find_before(struct writer *w, const struct new_row *about, int64_t limit,
	struct before *out)
{
	struct arena mem = {0};
	struct content facts;
	*out = (struct before){0};
	content_of_facts(about->payload, &mem, &facts);
	if (facts.shared.n && !journal_shared(w->j, w->err)) { /* rows of this transaction, too */
		arena_fini(&mem);
		return false;
	}
	sqlite3_reset(w->before);
	journal_bind(w->before, 1, about->alert_id);
	journal_bind(w->before, 2, about->event_id);
	journal_bind(w->before, 3, about->rule_id);
	sqlite3_bind_int64(w->before, 4, limit);
	journal_bind(w->before, 5, facts.shared);
	int code = journal_write_look_back(w, &facts, out);
	arena_fini(&mem);
	sqlite3_reset(w->before);
	return code == SQLITE_ROW || code == SQLITE_DONE || journal_fail(w->j, w->err, JOURNAL_CANNOT);
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
		return journal_fail(w->j, w->err, JOURNAL_CANNOT);
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

/* An approval closes only what is open, and no id that was decided on with other facts, reopens only
 * what it closed, and takes over only from the one that did: a person's word that came in between
 * stands. */
static bool may_follow(const struct journal_entry *e, const struct decision *newest, bool other)
{
	int64_t closed = e->instead ? e->instead : e->verdict == VERDICT_OPEN ? e->approval : 0;
	if (closed)
		return newest->verdict == VERDICT_APPROVED && newest->approval == closed;
	return newest->verdict == VERDICT_OPEN && !other;
}

bool journal_conflict(const struct decision *d, struct err *err)
{
	char when[WHEN_TEXT_MAX];
	struct str id = d->alert_id.n ? d->alert_id : d->event_id;
	return err_set(err, ERR_CONFLICT, "%.*s is %s by %.*s at %s", STR_ARG(str_sub(id, 0, 80)),
		verdict_name(d->verdict), STR_ARG(str_sub(decision_who(d), 0, 80)),
		when_format(decision_made(d), when));
}

/* False where another's word came after `knew`, also when later ones of this analyst, from another
 * console, only said the same. `d` is the newest; its slices do not live on. */
static bool all_known(struct writer *w, const struct new_row *r, int64_t knew, struct decision d)
{
	enum verdict stands = d.verdict;
	struct before before;
	while (d.seq > knew && d.verdict == stands) {
		if (decision_of_other(&d, r->analyst))
			return journal_conflict(&d, w->err);
		if (!find_before(w, r, d.undoes ? d.undoes : d.seq, &before))
			return false;
		if (!before.seq)
			break;
		if (!get_row(w, before.seq, &d))
			return false;
	}
	return true;
}

static bool decide_one(struct writer *w, const struct journal_entry *e, struct str analyst,
	struct buf *payload)
{
	AUTO(buf_fini) struct buf facts = {0};
	const struct alert *a = e->alert;
	export_facts(a, &facts);
	buf_clear(payload);
	journal_payload(buf_str(&facts), &(struct beside){w->j->home, w->j->teams, e->learned}, payload);
	struct new_row r = {.analyst = analyst, .alert_id = alert_name(a), .event_id = a->event_id,
		.rule_id = a->rule_id, .kind = KIND_DECISION, .was = verdict_name(VERDICT_OPEN),
		.verdict = verdict_name(e->verdict), .reason = e->reason, .note = e->note,
		.approval = e->approval, .payload = buf_str(payload)};
	struct before before;
	if (!find_before(w, &r, INT64_MAX, &before))
		return false;
	if (before.seq < e->knew) /* of a recording whose names only the sources tell */
		before.seq = e->knew;
	struct decision d = {.verdict = VERDICT_OPEN};
	if (before.seq && !get_row(w, before.seq, &d))
		return false;
	r.was = verdict_name(d.verdict);
	if (e->careful && !all_known(w, &r, e->knew, d))
		return false;
	bool follows = e->approval <= 0 || may_follow(e, &d, before.other);
	if (e->recorded)
		*e->recorded = follows;
	return !follows || writer_append(w, &r);
}

bool journal_decide(struct journal *j, const struct journal_entry *entries, size_t n,
	const struct journal_author *author, struct err *err)
{
	if (!journal_check_author(j, author, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!check_entry(&entries[i], err))
			return false;
	if (n == 0)
		return true;
	struct writer w;
	AUTO(buf_fini) struct buf payload = {0};
	bool fine = journal_write_begin(&w, j, author->at, err);
	for (size_t i = 0; fine && i < n; i++)
		fine = decide_one(&w, &entries[i], author->analyst, &payload);
	return writer_end(&w, fine);
}

/* ---- undo and redo ------------------------------------------------------------------------ */

enum batch_kind { DECIDED, UNDONE, REDONE };

struct batch {
	int64_t first, last; /* last 0: there is none */
	int64_t takes;       /* a row of the batch that this one took back, or 0 */
	enum batch_kind kind;
};

/* One undo or redo under way. */
struct step {
	struct writer *w;
	struct str analyst;
	bool redo;
	struct journal_taken *taken;
	int64_t *targets; /* rows whose batches younger ones took back, and that are still to come */
	size_t n_targets, max_targets;
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
		return journal_fail(w->j, w->err, JOURNAL_CANNOT);
	out->last = sqlite3_column_int64(st, 0);
	out->takes = sqlite3_column_int64(st, 2);
	if (out->takes)
		out->kind = sqlite3_column_int64(st, 3) ? REDONE : UNDONE;
	if (str_int(journal_text(st, 1), &out->first) && out->first > 0 &&
		out->first <= out->last)
		return true;
	return err_set(w->err, ERR_INPUT, "the journal is broken at row %lld",
		(long long)out->last);
}

/* Whether a younger batch took this one back. The newest targets are met first. */
static bool batch_taken(struct step *s, const struct batch *b)
{
	for (size_t i = s->n_targets; i-- > 0;) {
		if (s->targets[i] < b->first || s->targets[i] > b->last)
			continue;
		s->targets[i] = s->targets[--s->n_targets];
		return true;
	}
	return false;
}

static void batch_takes(struct step *s, const struct batch *b)
{
	if (!b->takes)
		return;
	s->targets = vec_room(s->targets, s->n_targets, &s->max_targets, sizeof(*s->targets));
	s->targets[s->n_targets++] = b->takes;
}

static void about_row(const struct decision *d, struct new_row *out)
{
	*out = (struct new_row){.alert_id = d->alert_id, .event_id = d->event_id,
		.rule_id = d->rule_id, .payload = d->facts};
}

/* The decision whose effect row `seq` leaves standing: itself, or for a row that took another
 * back, what stood before that one. 0: the alert is as if never decided. */
static bool effective(struct writer *w, int64_t *seq)
{
	while (*seq) {
		struct decision d;
		struct new_row about;
		struct before before;
		if (!get_row(w, *seq, &d))
			return false;
		if (!d.undoes)
			return true;
		int64_t undone = d.undoes;
		about_row(&d, &about);
		if (undone >= *seq)
			return err_set(w->err, ERR_INPUT, "the journal is broken at row %lld",
				(long long)*seq);
		if (!find_before(w, &about, undone, &before))
			return false;
		*seq = before.seq;
	}
	return true;
}

void journal_id(const struct decision *d, char out[JOURNAL_ID_MAX])
{
	struct arena mem = {0};
	struct content c;
	char digest[CONTENT_DIGEST];
	struct str id = d->alert_id.n ? d->alert_id : d->event_id;
	content_of_facts(d->facts, &mem, &c);
	content_digest(&c, digest);
	snprintf(out, JOURNAL_ID_MAX, "%.*s%s%s", STR_ARG(str_sub(id, 0, JOURNAL_ID_MAX - CONTENT_DIGEST - 1)),
		content_known(&c) ? "~" : "", content_known(&c) ? digest : "");
	arena_fini(&mem);
}

static void note_stays(struct journal_taken *t, const struct decision *d)
{
	t->stays++;
	t->verdict = d->verdict;
	snprintf(t->who, sizeof(t->who), "%.*s", STR_ARG(decision_who(d)));
	t->seq = d->seq;
	journal_id(d, t->id);
}

/* Whether `target` is still the alert's last word. If not, who spoke since is noted. */
static bool check_stands(struct step *s, const struct new_row *about, int64_t target, bool *stands)
{
	int64_t now, then = target;
	struct before newest;
	struct decision d;
	if (!find_before(s->w, about, INT64_MAX, &newest))
		return false;
	now = newest.seq;
	if (!effective(s->w, &now) || !effective(s->w, &then))
		return false;
	*stands = now == then;
	if (*stands)
		return true;
	if (!get_row(s->w, newest.seq, &d))
		return false;
	note_stays(s->taken, &d);
	return true;
}

/* Appends the row that gives back what stood before `target`, and the facts that that was about, if it
 * went by the same ids: a row's facts are of its own; nothing where somebody else spoke since. */
static bool take_back(struct step *s, const struct decision *target)
{
	AUTO(buf_fini) struct buf payload = {0};
	struct new_row r;
	struct before before;
	bool stands;
	about_row(target, &r);
	r.analyst = s->analyst;
	r.kind = KIND_DECISION;
	r.was = verdict_name(target->verdict);
	r.undoes = target->seq;
	r.redo = s->redo;
	if (!check_stands(s, &r, target->seq, &stands) ||
		!find_before(s->w, &r, target->seq, &before))
		return false;
	if (!stands)
		return true;
	struct decision d = {.verdict = VERDICT_OPEN, .facts = target->facts};
	if (before.seq && !get_row(s->w, before.seq, &d))
		return false;
	r.verdict = verdict_name(d.verdict);
	r.reason = d.reason;
	r.note = d.note;
	r.approval = d.approval;
	AUTO(mem_free_ptr) char *teams = journal_payload_teams(target->facts);
	bool home = s->w->j->home || journal_payload_home(target->facts);
	bool same = str_eq(d.alert_id, r.alert_id) && str_eq(d.event_id, r.event_id);
	journal_payload(same ? d.facts : target->facts, &(struct beside){home, teams, NULL}, &payload);
	if (before.seq && !str_eq(decision_who(&d), s->analyst))
		journal_payload_restores(&d, &payload);
	r.payload = buf_str(&payload);
	s->taken->n++;
	return writer_append(s->w, &r);
}

/* Newest first, so that an alert that is in the batch twice unwinds properly. */
static bool take_back_batch(struct step *s, const struct batch *b)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(s->w->j, "SELECT " JOURNAL_READ
		" FROM record WHERE kind = 'decision' AND seq BETWEEN ?1 AND ?2 ORDER BY seq DESC",
		s->w->err);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 1, b->first);
	sqlite3_bind_int64(st, 2, b->last);
	int code;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		struct decision d;
		journal_read(st, &d);
		if (!take_back(s, &d))
			return false;
	}
	return code == SQLITE_DONE || journal_fail(s->w->j, s->w->err, JOURNAL_CANNOT);
}

/* Notes whose word, which the undo had given back, bringing a batch back would replace. */
static bool batch_overrules(struct step *s, const struct batch *b)
{
	struct decision d;
	struct new_row about;
	for (int64_t seq = b->first; seq <= b->last; seq++) {
		bool stands = false;
		if (!get_row(s->w, seq, &d))
			return false;
		about_row(&d, &about);
		if (d.verdict != VERDICT_OPEN && decision_of_other(&d, s->analyst) &&
			(!check_stands(s, &about, seq, &stands) || !get_row(s->w, seq, &d)))
			return false;
		if (stands)
			note_stays(s->taken, &d);
		s->taken->overrules |= stands;
	}
	return true;
}

/* Another's word is replaced when the same is asked for twice, the first time being told whose it is. */
static bool take_or_ask(struct step *s, const struct batch *b)
{
	struct journal_taken was = *s->taken;
	if (s->redo && was.told != b->first && !batch_overrules(s, b))
		return false;
	if (s->taken->overrules)
		s->taken->told = b->first;
	else
		*s->taken = was;
	return s->taken->overrules || take_back_batch(s, b);
}

/* Takes the newest batch that is next, as an editor does it: of decisions and redos one that no
 * undo has taken yet; of undos one that no redo has taken and no decision came after. One of
 * which nothing stands is told, and passed over when the caller was told of it before. Read
 * backwards, so that it costs what lies between. */
static bool take_next(struct step *s)
{
	struct writer *w = s->w;
	struct batch b;
	int64_t told = s->taken->told;
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(w->j,
		"SELECT seq, batch, undoes, redo FROM record WHERE kind = 'decision' AND analyst = ?1"
		" AND seq < ?2 ORDER BY seq DESC LIMIT 1", w->err);
	if (!st)
		return false;
	journal_bind(st, 1, s->analyst);
	for (int64_t limit = INT64_MAX;; limit = b.first) {
		if (!batch_before(w, st, limit, &b))
			return false;
		if (!b.last || (s->redo && b.kind == DECIDED))
			return true;
		bool gone = batch_taken(s, &b);
		batch_takes(s, &b);
		if (gone || s->redo != (b.kind == UNDONE))
			continue;
		if (!take_or_ask(s, &b))
			return false;
		if (s->taken->n || s->taken->overrules)
			return true;
		if (!told || b.first < told) {
			s->taken->told = b.first;
			return true;
		}
		s->taken->stays = 0;
	}
}

static bool step_back(struct journal *j, const struct journal_author *author, bool redo,
	struct journal_taken *t, struct err *err)
{
	struct writer w;
	struct step s = {.w = &w, .analyst = author->analyst, .redo = redo, .taken = t};
	*t = (struct journal_taken){.told = t->told};
	if (!journal_check_author(j, author, err))
		return false;
	bool fine = journal_write_begin(&w, j, author->at, err) && take_next(&s);
	free(s.targets);
	fine = writer_end(&w, fine);
	if (!fine)
		t->n = 0;
	return fine;
}

bool journal_undo(struct journal *j, const struct journal_author *author, struct journal_taken *t,
	struct err *err)
{
	return step_back(j, author, false, t, err);
}

bool journal_redo(struct journal *j, const struct journal_author *author, struct journal_taken *t,
	struct err *err)
{
	return step_back(j, author, true, t, err);
}
