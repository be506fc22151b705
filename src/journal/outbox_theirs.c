/*
 * outbox_theirs: what others decided, read back from a target and recorded in the journal under
 * their name: one row, which says where it came from and is known by that ever after.
 */
#include "outbox_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/event/json.h"
#include "s3triage/alert/facts.h"

#include <ctype.h>
#include <stdio.h>

/* ---- what the journal knows of an alert ------------------------------------------------------ */

/* By its ids, which have an index; a hash that a document names is compared row by row. */
struct look {
	struct str hash, alert_id, event_id, rule_id;
	int64_t own, learned;  /* rows that are, or came from, the decision with this hash; 0: none */
	struct str facts;      /* of the document, or of the decision that is asked about */
	bool other_event;      /* the alert's id stands for another event with the same facts here */
	bool ours;             /* rows about other facts do not count */
};

static bool came_from(const struct decision *d, struct str hash)
{
	AUTO(json_free_ptr) struct json *v = d->theirs ? json_parse(d->facts, NULL) : NULL;
	return v && str_eq(json_str(json_get(json_get(v, "learned"), "hash")), hash);
}

static void outbox_theirs_look_at(void *ctx, const struct decision *d)
{
	struct look *l = ctx;
	bool other = outbox_other(d, l->facts);
	if (l->ours && other)
		return;
	if (!d->theirs && str_eq(d->hash, l->hash))
		l->own = d->seq;
	if (came_from(d, l->hash))
		l->learned = d->seq;
	l->other_event |= !other && l->alert_id.n && str_eq(d->alert_id, l->alert_id) &&
		(!str_eq(d->event_id, l->event_id) || !str_eq(d->rule_id, l->rule_id));
}

/* What version 1 learned stands in `theirs`; so does, with -1, what left here and was lost. */
static int64_t noted(struct outbox *o, struct str target, struct str hash)
{
	const struct str texts[] = {target, hash};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT seq FROM theirs WHERE target = ?1 AND hash = ?2", texts, ARRAY_LEN(texts), NULL);
	return st && sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
}

static bool look_up(struct outbox *o, struct str target, struct look *l, struct err *err)
{
	if (l->alert_id.n &&
		!journal_history(o->journal, l->alert_id, outbox_theirs_look_at, l, err))
		return false;
	if (l->event_id.n && !str_eq(l->event_id, l->alert_id) &&
		!journal_history(o->journal, l->event_id, outbox_theirs_look_at, l, err))
		return false;
	int64_t seq = noted(o, target, l->hash);
	l->learned = l->learned || seq <= 0 ? l->learned : seq;
	return true;
}

/* ---- learning -------------------------------------------------------------------------------- */

/* "approval 12": a number of another journal, which means something else here. */
static bool bare_number(struct str analyst)
{
	const struct str word = STR("approval ");
	if (!str_starts(analyst, word) || analyst.n == word.n)
		return false;
	for (size_t i = word.n; i < analyst.n; i++)
		if (!isdigit((unsigned char)analyst.p[i]))
			return false;
	return true;
}

static bool outbox_theirs_record(struct outbox *o, struct str target, const struct outbox_theirs *t,
	const struct alert *a, struct err *err)
{
	AUTO(buf_fini) struct buf name = {0};
	const struct journal_learned learned = {target, t->at, t->hash, t->approval, t->key};
	buf_fmt(&name, "%.*s%s", STR_ARG(t->analyst),
		bare_number(t->analyst) ? " of another journal" : "");
	struct journal_author who = {.analyst = buf_str(&name), .at = t->read};
	struct journal_entry e = {.alert = a, .verdict = t->verdict, .learned = &learned,
		.approval = t->approval.n || bare_number(t->analyst) ? -1 : 0,
		.reason = str_sub(t->reason, 0, DECISION_REASON_MAX),
		.note = str_sub(t->note, 0, DECISION_NOTE_MAX)};
	return journal_decide(o->journal, &e, 1, &who, err);
}

/* All names of a document must be of one alert: its key, its ids and those of its facts. */
static bool of_one_alert(const struct outbox_theirs *t, const struct alert *a, struct str plain,
	struct err *err)
{
	if (outbox_key_fits(t->key, plain) && str_eq(a->id, t->alert_id) &&
		str_eq(a->event_id, t->event_id) && str_eq(a->rule_id, t->rule_id))
		return true;
	return err_set(err, ERR_INPUT, "a shared decision names one alert and describes another");
}

/* As if it were read from there. */
static void origin_of(struct outbox *o, struct str target, struct buf *out)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o,
		"SELECT mark FROM mine WHERE name = ?1", &target, 1, NULL);
	buf_add(out, target);
	if (st && sqlite3_step(st) == SQLITE_ROW)
		buf_fmt(out, "@%.*s", STR_ARG(journal_text(st, 0)));
}

static bool outbox_theirs_learn(struct outbox *o, struct str target, const struct outbox_theirs *t,
	struct alert *a, struct err *err)
{
	AUTO(buf_fini) struct buf plain = {0};
	struct look l = {.hash = t->hash, .alert_id = a->id, .event_id = a->event_id,
		.rule_id = a->rule_id, .facts = t->facts};
	struct decision d = {.alert_id = a->id, .event_id = a->event_id, .rule_id = a->rule_id};
	bool waits = false;
	outbox_key(&d, &plain);
	if (!look_up(o, target, &l, err))
		return false;
	if (l.own || l.learned)
		return true;
	if (!of_one_alert(t, a, buf_str(&plain), err))
		return false;
	if (l.other_event)
		return err_set(err, ERR_INPUT, "a shared decision is about an alert that is another event here");
	const struct str name[] = {target, buf_str(&plain)};
	if (!outbox_sync(o, err) || !outbox_waits(o, name, t->facts, &waits, err))
		return false;
	if (waits)
		return err_set(err, ERR_CONFLICT, "a decision of ours still waits");
	AUTO(buf_fini) struct buf origin = {0};
	origin_of(o, target, &origin);
	a->origin = buf_str(&origin); /* what we say of it goes there, whatever the document says */
	struct outbox_theirs taken = *t;
	if (str_eq(t->key, buf_str(&plain)))
		taken.key = STR("");
	return outbox_theirs_record(o, target, &taken, a, err);
}

bool outbox_from(struct outbox *o, struct outbox_from *out)
{
	*out = (struct outbox_from){0};
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(o->journal,
		"SELECT hash FROM record WHERE seq = 1", NULL);
	if (!st || sqlite3_step(st) != SQLITE_ROW)
		return false;
	snprintf(out->first, sizeof(out->first), "%.*s", STR_ARG(journal_text(st, 0)));
	return journal_head(o->journal, &out->last.rows, out->last.head, NULL);
}

static void notice(struct outbox *o, struct str target, const char *text)
{
	buf_fmt(&o->notice, "%s%.*s %s", o->notice.n ? "\n" : "", STR_ARG(target), text);
}

/* What a document remembers of this journal, whoever wrote it. */
static void outbox_theirs_tell_head(
	struct outbox *o, struct str target, const struct outbox_theirs *t)
{
	struct err why = {0};
	if (o->told_head || journal_known_holds(o->journal, &t->last, &why) ||
		journal_accepted(o->journal, &t->last, true))
		return;
	o->told_head = true;
	err_prefix(&why, "says");
	notice(o, target, why.text);
}

/* A journal that was emptied has another first row: the same as one on another machine. */
static void tell_mine(struct outbox *o, struct str target, const struct outbox_theirs *t)
{
	char text[200];
	if (o->told_mine)
		return;
	o->told_mine = true;
	snprintf(text, sizeof(text), "has decisions of yours from a journal of %lld row%s, the last one"
		" %.12s..., that is not this one: made on another machine, or this one was emptied or replaced",
		(long long)t->last.rows, plural((unsigned long long)t->last.rows), t->last.head);
	notice(o, target, text);
}

bool outbox_learn(struct outbox *o, struct str target, const struct outbox_theirs *t, bool *fresh,
	struct err *err)
{
	struct arena mem = {0};
	struct alert a;
	int64_t before = 0, after = 0;
	char head[65];
	bool fine = journal_head(o->journal, &before, head, err) &&
		    export_facts_read(t->facts, &mem, &a, err) &&
		    outbox_theirs_learn(o, target, t, &a, err) &&
		    journal_head(o->journal, &after, head, err);
	*fresh = fine && after > before;
	struct outbox_from here;
	if (t->last.rows && outbox_from(o, &here) && str_is(t->journal, here.first))
		outbox_theirs_tell_head(o, target, t);
	else if (t->last.rows && t->mine && *fresh)
		tell_mine(o, target, t);
	arena_fini(&mem);
	return fine;
}

enum outbox_knew outbox_knew(struct outbox *o, const struct outbox_entry *e, struct str hash)
{
	const struct decision *d = &e->decision;
	struct look l = {.hash = hash, .alert_id = d->alert_id, .event_id = d->event_id,
		.rule_id = d->rule_id, .facts = d->facts, .ours = true};
	if (!look_up(o, e->target, &l, NULL))
		return OUTBOX_STRANGE;
	if (l.own)
		return l.own <= e->seq ? OUTBOX_KNEW : OUTBOX_OVERTAKEN;
	if (l.learned)
		return l.learned < e->seq ? OUTBOX_KNEW : OUTBOX_STRANGE;
	return noted(o, e->target, hash) < 0 ? OUTBOX_KNEW : OUTBOX_STRANGE;
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
