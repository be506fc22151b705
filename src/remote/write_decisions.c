/*
 * write_decisions: the shared index of decisions: one document an alert, under the alert's name,
 * guarded by sequence numbers. The mapping is explained in this folder's README. Pure.
 */
#include "write_priv.h"

#include "s3triage/base/when.h"

struct str write_mapping(void)
{
#define KEYWORD(name) "\"" name "\":{\"type\":\"keyword\",\"ignore_above\":1024},"
	return STR("{\"mappings\":{\"dynamic\":false,\"properties\":{"
		"\"schema\":{\"type\":\"integer\"},"
		KEYWORD("alert_key") KEYWORD("alert_id") KEYWORD("event_id") KEYWORD("rule_id")
		KEYWORD("verdict") KEYWORD("analyst") KEYWORD("restored_by") KEYWORD("reason")
		KEYWORD("hash") KEYWORD("bucket") KEYWORD("owner_account") KEYWORD("destinations")
		"\"note\":{\"type\":\"text\"},"
		"\"decided_at\":{\"type\":\"date\"},"
		"\"written_at\":{\"type\":\"date\"},"
		"\"facts\":{\"type\":\"object\",\"enabled\":false},"
		"\"replaces\":{\"type\":\"object\",\"enabled\":false}}}}");
#undef KEYWORD
}

void write_mget(const struct write_job *jobs, size_t n, struct buf *out)
{
	buf_c(out, "{\"ids\":[");
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(out, ',');
		json_quote(jobs[i].key, out);
	}
	buf_c(out, "]}");
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

static void write_decisions_put_time(struct buf *out, const char *key, int64_t at)
{
	char text[WHEN_TEXT_MAX];
	write_member(out, key, str_c(when_format(at, text)));
}

static void write_decisions_put_dests(const struct alert *a, struct buf *out)
{
	size_t put = 0;
	buf_c(out, ",\"destinations\":[");
	for (size_t i = 0; i < a->n_dests; i++) {
		if (!a->dests[i].account.n)
			continue;
		if (put++)
			buf_char(out, ',');
		json_quote(a->dests[i].account, out);
	}
	buf_char(out, ']');
}

/* Facts are JSON that this program wrote: they go in as they are, when they are sound. */
static void write_decisions_put_facts(struct str facts, struct buf *out)
{
	size_t used = 0;
	if (json_scan(facts, &used, NULL, NULL) && used == facts.n && facts.n)
		buf_fmt(out, ",\"facts\":%.*s", STR_ARG(facts));
}

static void put_replaced(const struct write_now *now, struct buf *out)
{
	if (!now->found)
		return;
	buf_c(out, ",\"replaces\":{");
	write_member(out, "verdict", now->status);
	write_member(out, "analyst", now->by);
	write_member(out, "decided_at", now->at);
	write_member(out, "hash", now->hash);
	buf_char(out, '}');
}

/* "approval 3" is a number of this journal: for others it needs the name of who granted it. */
static void put_named(struct buf *out, const char *key, struct str text, const struct write_job *j)
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
	write_member(out, key, text);
}

void write_document(const struct write_job *j, int64_t now, struct buf *out)
{
	const struct decision *d = &j->d;
	buf_c(out, "{\"schema\":1");
	write_member(out, "alert_key", j->key);
	write_member(out, "alert_id", d->alert_id);
	write_member(out, "event_id", d->event_id);
	write_member(out, "rule_id", d->rule_id);
	write_member(out, "verdict", str_c(verdict_name(d->verdict)));
	put_named(out, "analyst", d->analyst, j);
	if (j->restored_by.n)
		write_member(out, "restored_by", j->restored_by);
	write_decisions_put_time(out, "decided_at", d->at);
	write_decisions_put_time(out, "written_at", now);
	put_named(out, "reason", d->reason, j);
	write_member(out, "note", d->note);
	write_member(out, "hash", d->hash);
	write_member(out, "bucket", j->alert.bucket);
	write_member(out, "owner_account", j->alert.owner);
	write_decisions_put_dests(&j->alert, out);
	if (j->from) {
		write_member(out, "journal", str_c(j->from->first));
		buf_fmt(out, ",\"journal_rows\":%lld", (long long)j->from->last.rows);
		write_member(out, "journal_head", str_c(j->from->last.head));
	}
	if (j->approval.n)
		buf_fmt(out, ",\"approval\":%.*s", STR_ARG(j->approval));
	write_decisions_put_facts(d->facts, out);
	put_replaced(&j->now, out);
	buf_char(out, '}');
}

static void put_action(const struct write_target *t, const struct write_job *j, struct buf *out)
{
	buf_c(out, j->now.found ? "{\"index\":{" : "{\"create\":{");
	write_member(out, "_index", j->now.found && j->now.index.n ? j->now.index : t->index);
	write_member(out, "_id", j->key);
	if (j->now.found)
		buf_fmt(out, ",\"if_seq_no\":%lld,\"if_primary_term\":%lld",
			(long long)j->now.seq_no, (long long)j->now.term);
	buf_c(out, "}}\n");
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
