/*
 * outbox_name: the name by which a team knows an alert. Two contents of one id are two alerts: the
 * first that this journal, or the team's place, knows has the plain name, another one its digest
 * behind it. Which of them a decision is about is told by its facts, not by its name alone.
 */
#include "outbox_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/event/json.h"
#include "s3triage/alert/content.h"

#include <stdio.h>

enum { KEY_MAX = 400 };

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

bool outbox_key_fits(struct str key, struct str plain)
{
	struct str tail = str_sub(key, plain.n, key.n);
	return str_starts(key, plain) && (!tail.n || (tail.n == CONTENT_DIGEST && tail.p[0] == '~' &&
		str_is_name(str_sub(tail, 1, tail.n), "", CONTENT_DIGEST)));
}

/* What this journal decided before under one name. */
struct naming {
	struct outbox *o;
	struct str target, plain;
	int64_t limit;
	struct content own;
	bool same, other;            /* one about these facts, one about others before it, was met */
	bool known;                  /* the name that these have at the target: its `tail` */
	char digest[CONTENT_DIGEST]; /* of the first about these, in whatever form it came */
	char tail[CONTENT_DIGEST + 1];
};

static void outbox_name_take_key(struct naming *n, struct str key)
{
	n->known = true;
	snprintf(n->tail, sizeof(n->tail), "%.*s", STR_ARG(str_sub(key, n->plain.n, key.n)));
}

/* Where it was read, or where it went. */
static void look_for_key(struct naming *n, const struct decision *d)
{
	if (d->theirs) {
		AUTO(json_free_ptr) struct json *v = json_parse(d->facts, NULL);
		struct str key = json_str(json_get(json_get(v, "learned"), "key"));
		if (str_eq(d->from_place, n->target))
			outbox_name_take_key(n, key);
		return;
	}
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(n->o,
		"SELECT key FROM entry WHERE target = ?1 AND seq = ?2", &n->target, 1, NULL);
	if (!st)
		return;
	sqlite3_bind_int64(st, 2, d->seq);
	if (sqlite3_step(st) == SQLITE_ROW)
		outbox_name_take_key(n, journal_text(st, 0));
}

static void outbox_name_look_at(void *ctx, const struct decision *d)
{
	struct naming *n = ctx;
	struct arena mem = {0};
	struct content then;
	AUTO(buf_fini) struct buf key = {0};
	outbox_key(d, &key);
	if (d->seq >= n->limit || !str_eq(buf_str(&key), n->plain))
		return;
	content_of_facts(d->facts, &mem, &then);
	bool same = !content_differs(&then, &n->own);
	if (same && !n->same)
		content_digest(&then, n->digest);
	n->same |= same;
	n->other |= !n->same;
	if (same)
		look_for_key(n, d);
	arena_fini(&mem);
}

/* Of *n o, target and plain are given. */
static bool outbox_name_look_back(struct naming *n, const struct decision *d, struct err *err)
{
	struct arena mem = {0};
	n->limit = d->seq;
	content_of_facts(d->facts, &mem, &n->own);
	content_digest(&n->own, n->digest);
	bool fine = journal_history(n->o->journal, d->event_id.n ? d->event_id : d->alert_id,
		outbox_name_look_at, n, err);
	arena_fini(&mem);
	return fine;
}

bool outbox_tail(struct outbox *o, struct str target, const struct decision *d, struct buf *out,
	struct err *err)
{
	AUTO(buf_fini) struct buf plain = {0};
	outbox_key(d, &plain);
	struct naming n = {.o = o, .target = target, .plain = buf_str(&plain)};
	if (!outbox_name_look_back(&n, d, err))
		return false;
	if (!n.known && n.other)
		buf_fmt(out, "~%s", n.digest);
	else
		buf_c(out, n.tail);
	return true;
}

bool outbox_apart(struct outbox *o, const struct outbox_entry *e, struct err *err)
{
	AUTO(buf_fini) struct buf tail = {0}, plain = {0};
	outbox_key(&e->decision, &plain);
	struct naming n = {.o = o, .target = e->target, .plain = buf_str(&plain)};
	if (!str_eq(e->key, n.plain) || !outbox_name_look_back(&n, &e->decision, err))
		return false;
	buf_fmt(&tail, "~%s", n.digest);
	const struct str texts[] = {e->target, buf_str(&tail)};
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "UPDATE entry SET key = key || ?2,"
		" alert_id = alert_id || ?2, event_id = event_id || ?2 WHERE target = ?1 AND seq = ?3",
		texts, ARRAY_LEN(texts), err);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 3, e->seq);
	return outbox_run(o, st, NULL, err);
}

bool outbox_other(const struct decision *d, struct str facts)
{
	struct arena mem = {0};
	struct content ours, theirs;
	content_of_facts(d->facts, &mem, &ours);
	content_of_facts(facts, &mem, &theirs);
	bool other = content_differs(&ours, &theirs) != 0;
	arena_fini(&mem);
	return other;
}

void outbox_key_of(struct outbox *o, int64_t seq, struct buf *out)
{
	AUTO(journal_finalize) sqlite3_stmt *st = outbox_prepare(o, "SELECT key FROM entry WHERE seq = ?1"
		" ORDER BY length(key) DESC LIMIT 1", NULL, 0, NULL);
	if (!st)
		return;
	sqlite3_bind_int64(st, 1, seq);
	if (sqlite3_step(st) == SQLITE_ROW)
		buf_add(out, journal_text(st, 0));
}
