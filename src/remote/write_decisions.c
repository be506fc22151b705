/*
 * write_decisions: the shared index of decisions: one document an alert, under the alert's name,
 * guarded by sequence numbers. The mapping is explained in this folder's README. Pure.
 */
#include "write_priv.h"

#include <string.h>

static void type_open(struct members *m, const char *name, const char *type)
{
	member_open(m, name, '{');
	member_str(m, "type", str_c(type));
}

void write_mapping(struct buf *out)
{
	static const char *const words[] = {"alert_key", "alert_id", "event_id", "rule_id", "verdict", "analyst",
		"restored_by", "reason", "hash", "bucket", "owner_account", "destinations"};
	static const struct {
		const char *name, *type;
	} others[] = {{"note", "text"}, {"decided_at", "date"}, {"written_at", "date"}, {"facts", "object"},
		{"replaces", "object"}};
	struct members m = members_open(out, '{');
	member_open(&m, "mappings", '{');
	member_bool(&m, "dynamic", false);
	member_open(&m, "properties", '{');
	type_open(&m, "schema", "integer");
	member_close(&m, 1);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		type_open(&m, words[i], "keyword");
		member_int(&m, "ignore_above", 1024);
		member_close(&m, 1);
	}
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		type_open(&m, others[i].name, others[i].type);
		if (strcmp(others[i].type, "object") == 0)
			member_bool(&m, "enabled", false);
		member_close(&m, 1);
	}
	members_close(&m);
}

void write_mget(const struct write_job *jobs, size_t n, struct buf *out)
{
	struct members m = members_open(out, '{');
	member_open(&m, "ids", '[');
	for (size_t i = 0; i < n; i++)
		member_text(&m, NULL, jobs[i].key);
	members_close(&m);
}

struct str write_object(const struct json *v, struct arena *mem)
{
	AUTO(buf_fini) struct buf text = {0};
	if (json_type(v) == JSON_OBJECT)
		json_print(v, &text);
	return arena_str(mem, buf_str(&text));
}

static struct str write_decisions_copy(const struct json *o, const char *key, struct arena *mem)
{
	return arena_str(mem, json_str(json_get(o, key)));
}

static void read_doc(const struct json *doc, struct write_now *now, struct arena *mem)
{
	const struct json *source = json_get(doc, "_source");
	now->found = json_bool(json_get(doc, "found"));
	now->index = write_decisions_copy(doc, "_index", mem);
	now->id = write_decisions_copy(doc, "_id", mem);
	now->status = write_decisions_copy(source, "verdict", mem);
	now->reason = write_decisions_copy(source, "reason", mem);
	now->by = write_decisions_copy(source, "analyst", mem);
	now->at = write_decisions_copy(source, "decided_at", mem);
	now->hash = write_decisions_copy(source, "hash", mem);
	now->facts = write_object(json_get(source, "facts"), mem);
	if (!json_int(json_get(doc, "_seq_no"), &now->seq_no) ||
		!json_int(json_get(doc, "_primary_term"), &now->term))
		now->seq_no = now->term = -1;
}

bool write_mget_read(struct str body, struct write_job *jobs, size_t n, struct arena *mem,
	struct err *err)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, err);
	if (!v)
		return err_prefix(err, "the answer to _mget is no JSON");
	const struct json *docs = json_get(v, "docs");
	if (json_type(docs) != JSON_ARRAY || json_count(docs) != n)
		return err_set(err, ERR_NETWORK, "the answer to _mget has %zu document%s, not %zu",
			json_count(docs), plural(json_count(docs)), n);
	const struct json *doc = json_first(docs);
	for (size_t i = 0; i < n; i++, doc = json_next(doc)) {
		struct str reason = json_str(json_get(json_get(doc, "error"), "reason"));
		if (reason.n)
			return err_set(err, ERR_NETWORK, "%.*s", STR_ARG(write_cap(reason)));
		if (!str_eq(json_str(json_get(doc, "_id")), jobs[i].key))
			return err_set(err, ERR_NETWORK, "the answer to _mget is out of order");
		read_doc(doc, &jobs[i].now, mem);
	}
	return true;
}

/* ---- documents ---------------------------------------------------------------------------- */

static void write_decisions_put_dests(struct members *m, const struct alert *a)
{
	member_open(m, "destinations", '[');
	for (size_t i = 0; i < a->n_dests; i++)
		if (a->dests[i].account.n)
			member_text(m, NULL, a->dests[i].account);
	member_close(m, 1);
}

/* Facts are JSON that this program wrote: they go in as they are, when they are sound. */
static void write_decisions_put_facts(struct members *m, struct str facts)
{
	size_t used = 0;
	if (json_scan(facts, &used, NULL, NULL) && used == facts.n && facts.n)
		member_json(m, "facts", facts);
}

static void put_replaced(struct members *m, const struct write_now *now)
{
	if (!now->found)
		return;
	member_open(m, "replaces", '{');
	member_text(m, "verdict", now->status);
	member_text(m, "analyst", now->by);
	member_text(m, "decided_at", now->at);
	member_text(m, "hash", now->hash);
	member_close(m, 1);
}

/* "approval 3" is a number of this journal: for others it needs the name of who granted it. */
static void put_named(struct members *m, const char *key, struct str text, const struct write_job *j)
{
	AUTO(buf_fini) struct buf name = {0};
	buf_fmt(&name, "approval %lld", (long long)j->d.approval);
	struct str rest = str_sub(text, name.n, text.n);
	bool named = j->granted_by.n && str_starts(text, buf_str(&name)) &&
		!(rest.n && rest.p[0] >= '0' && rest.p[0] <= '9');
	if (named) {
		buf_fmt(&name, " of %.*s%.*s", STR_ARG(j->granted_by), STR_ARG(rest));
		text = buf_str(&name);
	}
	member_text(m, key, text);
}

void write_document(const struct write_job *j, int64_t now, struct buf *out)
{
	const struct decision *d = &j->d;
	struct members m = members_open(out, '{');
	member_int(&m, "schema", 1);
	member_text(&m, "alert_key", j->key);
	member_text(&m, "alert_id", d->alert_id);
	member_text(&m, "event_id", d->event_id);
	member_text(&m, "rule_id", d->rule_id);
	member_text(&m, "verdict", str_c(verdict_name(d->verdict)));
	put_named(&m, "analyst", d->analyst, j);
	if (j->restored_by.n)
		member_text(&m, "restored_by", j->restored_by);
	member_time(&m, "decided_at", d->at);
	member_time(&m, "written_at", now);
	put_named(&m, "reason", d->reason, j);
	member_text(&m, "note", d->note);
	member_text(&m, "hash", d->hash);
	member_text(&m, "bucket", j->alert.bucket);
	member_text(&m, "owner_account", j->alert.owner);
	write_decisions_put_dests(&m, &j->alert);
	if (j->from) {
		member_text(&m, "journal", str_c(j->from->first));
		member_int(&m, "journal_rows", j->from->last.rows);
		member_text(&m, "journal_head", str_c(j->from->last.head));
	}
	if (j->approval.n)
		member_json(&m, "approval", j->approval);
	write_decisions_put_facts(&m, d->facts);
	put_replaced(&m, &j->now);
	members_close(&m);
}

static void put_action(const struct write_target *t, const struct write_job *j, struct buf *out)
{
	struct members m = members_open(out, '{');
	member_open(&m, j->now.found ? "index" : "create", '{');
	member_text(&m, "_index", j->now.found && j->now.index.n ? j->now.index : t->index);
	member_text(&m, "_id", j->key);
	if (j->now.found)
		write_guard(&m, &j->now);
	members_close(&m);
	buf_char(out, '\n');
}

void write_bulk_decisions(const struct write_target *t, const struct write_job *jobs, size_t n,
	int64_t now, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].write)
			continue;
		put_action(t, &jobs[i], out);
		write_document(&jobs[i], now, out);
		buf_char(out, '\n');
	}
}
