/*
 * journal_other: the rows that are no decisions: ticks of the guide's steps, and approvals. What
 * they say is a JSON object in the payload column; README.md of this folder spells it.
 */
#include "journal_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "s3triage/event/json_write.h"
#include "s3triage/journal/terms.h"
#include "s3triage/alert/facts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>

/* ---- ticks -------------------------------------------------------------------------------- */

static bool check_tick(const struct tick *t, struct err *err)
{
	if (!t->alert_id.n && !t->event_id.n)
		return err_set(err, ERR_INPUT, "the alert has no id to record a tick for");
	if (!t->step.n || t->step.n > TICK_STEP_MAX)
		return err_set(err, ERR_LIMIT, "the step's key has %zu bytes, 1 to %d are right",
			t->step.n, TICK_STEP_MAX);
	if (t->text.n > TICK_TEXT_MAX)
		return err_set(err, ERR_LIMIT, "the text has %zu bytes, %d is the most", t->text.n,
			TICK_TEXT_MAX);
	return true;
}

bool journal_tick(struct journal *j, const struct tick *t, const struct journal_author *author,
	struct err *err)
{
	AUTO(buf_fini) struct buf payload = {0};
	if (!journal_check_author(j, author, err) || !check_tick(t, err))
		return false;
	struct members m = members_open(&payload, '{');
	member_str(&m, "step", t->step);
	member_bool(&m, "done", t->done);
	if (t->text.n)
		member_str(&m, "text", t->text);
	if (t->about) {
		member_key(&m, "facts");
		export_facts(t->about, &payload);
	}
	members_close(&m);
	struct new_row r = {.kind = KIND_TICK, .alert_id = t->alert_id, .event_id = t->event_id,
		.rule_id = t->rule_id, .payload = buf_str(&payload)};
	return journal_record(j, &r, author, NULL, err);
}

static void journal_other_hear_tick(
	const struct journal *j, sqlite3_stmt *st, const struct json *said)
{
	AUTO(buf_fini) struct buf facts = {0};
	if (json_get(said, "facts"))
		json_print(json_get(said, "facts"), &facts);
	struct tick t = {
		.facts = buf_str(&facts), .seq = sqlite3_column_int64(st, COL_SEQ), .at = sqlite3_column_int64(st, COL_AT),
		.analyst = journal_text(st, COL_ANALYST), .alert_id = journal_text(st, COL_ALERT),
		.event_id = journal_text(st, COL_EVENT), .rule_id = journal_text(st, COL_RULE),
		.step = json_str(json_get(said, "step")), .done = json_bool(json_get(said, "done")),
		.text = json_str(json_get(said, "text")),
	};
	if (j->listener.tick && t.step.n)
		j->listener.tick(j->listener.ctx, &t);
}

/* ---- approvals ---------------------------------------------------------------------------- */

static void put_terms(const struct approval *terms, struct buf *out)
{
	struct approval a = *terms;
	struct members m = members_open(out, '{');
	size_t n;
	const struct approval_text *texts = approval_texts(&n);
	for (size_t i = 0; i < n; i++)
		if (approval_text(&a, &texts[i])->n)
			member_str(&m, texts[i].key, *approval_text(&a, &texts[i]));
	if (a.from != WHEN_NONE)
		member_time(&m, "valid_from", a.from);
	if (a.until != WHEN_NONE)
		member_time(&m, "until", a.until);
	const struct approval_allowed *may = approval_allowed(&n);
	for (size_t i = 0; i < n; i++)
		member_bool(&m, may[i].key, a.allows & may[i].bit);
	member_bool(&m, "automatic", a.automatic);
	members_close(&m);
}

bool journal_approve(struct journal *j, const struct approval *terms,
	const struct journal_author *author, int64_t *id, struct err *err)
{
	AUTO(buf_fini) struct buf payload = {0};
	if (!approval_check(terms, err) || !journal_check_author(j, author, err))
		return false;
	put_terms(terms, &payload);
	struct new_row r = {.kind = KIND_APPROVAL, .payload = buf_str(&payload)};
	return journal_record(j, &r, author, id, err);
}

/* Whether it was granted and not ended, inside the transaction. */
static bool check_granted(struct writer *w, int64_t id)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(w->j, "SELECT"
		" (SELECT count(*) FROM record WHERE seq = ?1 AND kind = '" KIND_APPROVAL "'),"
		" (SELECT count(*) FROM record WHERE approval = ?1"
		" AND kind <> 'decision' AND kind = '" KIND_APPROVAL_END "')", w->err);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 1, id);
	if (sqlite3_step(st) != SQLITE_ROW)
		return journal_fail(w->j, w->err, JOURNAL_CANNOT);
	if (!sqlite3_column_int64(st, 0))
		return err_set(w->err, ERR_INPUT, "there is no approval %" PRId64, id);
	if (sqlite3_column_int64(st, 1))
		return err_set(w->err, ERR_INPUT, "approval %" PRId64 " was ended already", id);
	return true;
}

static bool record_about(struct journal *j, struct new_row *r, const struct journal_author *author,
	struct err *err)
{
	struct writer w;
	if (!journal_check_author(j, author, err))
		return false;
	if (r->reason.n > DECISION_REASON_MAX)
		return err_set(err, ERR_LIMIT, "the reason has %zu bytes, %d is the most",
			r->reason.n, DECISION_REASON_MAX);
	r->analyst = author->analyst;
	r->was = r->verdict = "";
	bool fine = writer_begin(&w, j, author->at, err) && check_granted(&w, r->approval) &&
		writer_append(&w, r);
	return writer_end(&w, fine);
}

bool journal_approval_end(struct journal *j, int64_t id, struct str reason,
	const struct journal_author *author, struct err *err)
{
	struct new_row r = {.kind = KIND_APPROVAL_END, .approval = id, .reason = reason,
		.payload = STR("{}")};
	return record_about(j, &r, author, err);
}

bool journal_approval_automatic(struct journal *j, int64_t id, bool on,
	const struct journal_author *author, struct err *err)
{
	struct new_row r = {.kind = KIND_APPROVAL_AUTO, .approval = id,
		.payload = on ? STR("{\"automatic\":true}") : STR("{\"automatic\":false}")};
	return record_about(j, &r, author, err);
}

/* Whether a key of the terms is one that this version writes. */
static bool is_term(struct str key)
{
	static const char *const others[] = {"valid_from", "until", "automatic"};
	size_t n, allowed;
	const struct approval_text *texts = approval_texts(&n);
	const struct approval_allowed *may = approval_allowed(&allowed);
	for (size_t i = 0; i < n; i++)
		if (str_is(key, texts[i].key))
			return true;
	for (size_t i = 0; i < allowed; i++)
		if (str_is(key, may[i].key))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (str_is(key, others[i]))
			return true;
	return false;
}

/* WHEN_NONE when it is not said; `bad`, which nothing is within, when it cannot be read. */
static int64_t get_bound(const struct json *said, const char *key, int64_t bad)
{
	struct str text = json_str(json_get(said, key));
	int64_t ms = WHEN_NONE;
	return text.n && !when_parse(text, &ms) ? bad : ms;
}

static void get_terms(const struct json *said, struct approval_row *r)
{
	size_t n;
	struct approval *a = &r->terms;
	r->id = r->seq;
	*a = (struct approval){.id = r->seq, .at = r->at, .by = r->analyst, .ended = WHEN_NONE,
		.from = get_bound(said, "valid_from", INT64_MAX),
		.until = get_bound(said, "until", INT64_MIN + 1),
		.automatic = json_bool(json_get(said, "automatic"))};
	const struct approval_text *texts = approval_texts(&n);
	for (size_t i = 0; i < n; i++)
		*approval_text(a, &texts[i]) = json_str(json_get(said, texts[i].key));
	const struct approval_allowed *may = approval_allowed(&n);
	for (size_t i = 0; i < n; i++) {
		const struct json *word = json_get(said, may[i].key);
		a->allows |= (word ? json_bool(word) : may[i].before) ? may[i].bit : 0;
	}
	for (const struct json *m = json_first(said); m; m = json_next(m))
		a->unread = a->unread || !is_term(json_key(m));
}

static void journal_other_hear_approval(
	const struct journal *j, sqlite3_stmt *st, const struct json *said)
{
	struct str kind = journal_text(st, COL_KIND);
	struct approval_row r = {
		.seq = sqlite3_column_int64(st, COL_SEQ), .at = sqlite3_column_int64(st, COL_AT),
		.analyst = journal_text(st, COL_ANALYST), .reason = journal_text(st, COL_REASON),
		.id = sqlite3_column_int64(st, COL_APPROVAL),
		.automatic = json_bool(json_get(said, "automatic")),
		.terms = {.from = WHEN_NONE, .until = WHEN_NONE, .ended = WHEN_NONE},
	};
	if (str_is(kind, KIND_APPROVAL))
		get_terms(said, &r);
	else if (str_is(kind, KIND_APPROVAL_END))
		r.event = APPROVAL_ENDED;
	else if (str_is(kind, KIND_APPROVAL_AUTO))
		r.event = APPROVAL_AUTOMATIC;
	else
		return;
	if (j->listener.approval)
		j->listener.approval(j->listener.ctx, &r);
}

/* Kinds that are not known come from a later version, and mean nothing here. */
void journal_hear(struct journal *j, sqlite3_stmt *st)
{
	AUTO(json_free_ptr) struct json *said = json_parse(journal_text(st, COL_PAYLOAD), NULL);
	if (str_is(journal_text(st, COL_KIND), KIND_TICK))
		journal_other_hear_tick(j, st, said);
	else
		journal_other_hear_approval(j, st, said);
}

bool journal_accept(struct journal *j, const struct journal_known *known, const char *file,
	const struct journal_author *author, struct err *err)
{
	AUTO(buf_fini) struct buf payload = {0};
	int64_t rows;
	char head[65];
	if (!journal_head(j, &rows, head, err))
		return false;
	struct members m = members_open(&payload, '{');
	member_int(&m, "known_rows", known->rows);
	member_str(&m, "known_head", str_c(known->head));
	member_int(&m, "rows", rows);
	member_str(&m, "head", str_c(head));
	members_close(&m);
	struct new_row r = {.kind = KIND_HEAD_ACCEPTED, .payload = buf_str(&payload)};
	free(j->head_file);
	j->head_file = NULL; /* what is known does not hold: that is why */
	if (!journal_record(j, &r, author, NULL, err))
		return false;
	j->head_file = file ? mem_dup(str_c(file)) : NULL;
	return !file || journal_head_anew(j, rows, err);
}
