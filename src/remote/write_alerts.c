/*
 * write_alerts: alert documents as they are: looked up by id, and updated in place with flat dotted
 * keys, because that is how Kibana writes them: a nested object would stand beside, not instead.
 * Pure.
 */
#include "write_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"

#define K "kibana.alert."

void write_id_list(const struct write_job *jobs, size_t n, bool all, struct buf *out)
{
	size_t put = 0;
	buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (!all && !jobs[i].write)
			continue;
		if (put++)
			buf_char(out, ',');
		json_quote(jobs[i].d.alert_id, out);
	}
	buf_char(out, ']');
}

void write_ids(const struct write_job *jobs, size_t n, struct buf *out)
{
	buf_fmt(out, "{\"size\":%zu,\"query\":{\"ids\":{\"values\":", n ? n : 1);
	write_id_list(jobs, n, true, out);
	buf_c(out, "}},\"_source\":[\"" K "workflow_*\",\"" K "rule.uuid\",\"" K "rule.name\","
		"\"signal.status\",\"signal.rule.id\",\"signal.rule.name\"]}");
}

static struct str write_alerts_text(const struct json *source, const char *path, const char *older,
	struct arena *mem)
{
	struct str s = doc_str(source, path);
	return arena_str(mem, s.n || !older ? s : doc_str(source, older));
}

static void read_tags(const struct json *source, struct write_now *now, struct arena *mem)
{
	struct doc_values v;
	if (!doc_values(source, STR(K "workflow_tags"), &v))
		return;
	struct str *tags = arena_array(mem, v.n, sizeof(*tags));
	for (size_t i = 0; i < v.n; i++)
		tags[now->n_tags++] = arena_str(mem, json_str(v.v[i]));
	now->tags = tags;
}

/* Who: our own tag tells a name; Kibana keeps only the id of a user profile. */
static struct str write_alerts_who(
	const struct write_now *now, const struct json *source, struct arena *mem)
{
	for (size_t i = 0; i < now->n_tags; i++)
		if (str_starts(now->tags[i], STR(WRITE_TAG_BY)))
			return str_sub(now->tags[i], sizeof(WRITE_TAG_BY) - 1, now->tags[i].n);
	return write_alerts_text(source, K "workflow_user", NULL, mem);
}

static void write_alerts_read_hit(const struct json *hit, struct write_now *now, struct arena *mem)
{
	const struct json *source = json_get(hit, "_source");
	*now = (struct write_now){.found = true, .seq_no = -1, .term = -1};
	now->index = arena_str(mem, json_str(json_get(hit, "_index")));
	now->id = arena_str(mem, json_str(json_get(hit, "_id")));
	now->status = write_alerts_text(source, K "workflow_status", "signal.status", mem);
	now->reason = write_alerts_text(source, K "workflow_reason", NULL, mem);
	now->at = write_alerts_text(source, K "workflow_status_updated_at", NULL, mem);
	now->rule_uuid = write_alerts_text(source, K "rule.uuid", "signal.rule.id", mem);
	now->rule_name = write_alerts_text(source, K "rule.name", "signal.rule.name", mem);
	json_int(json_get(hit, "_seq_no"), &now->seq_no);
	json_int(json_get(hit, "_primary_term"), &now->term);
	read_tags(source, now, mem);
	now->by = write_alerts_who(now, source, mem);
}

bool write_ids_read(struct str body, struct write_job *jobs, size_t n, struct arena *mem,
	struct err *err)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, err);
	if (!v)
		return err_prefix(err, "the answer to the search is no JSON");
	const struct json *hits = json_get(json_get(v, "hits"), "hits");
	int64_t failed = 0;
	if (json_type(hits) != JSON_ARRAY)
		return err_set(err, ERR_NETWORK, "the answer to the search has no hits in it");
	if (json_int(json_get(json_get(v, "_shards"), "failed"), &failed) && failed > 0)
		return err_set(err, ERR_NETWORK, "%lld shard%s did not answer: what stands there is"
			" not known", (long long)failed, plural((unsigned long long)failed));
	for (size_t i = 0; i < n; i++) {
		jobs[i].now = (struct write_now){0};
		for (const struct json *hit = json_first(hits); hit; hit = json_next(hit))
			if (str_eq(json_str(json_get(hit, "_id")), jobs[i].d.alert_id))
				write_alerts_read_hit(hit, &jobs[i].now, mem);
	}
	return true;
}

/* ---- the direct update -------------------------------------------------------------------- */

/* Everybody else's tags stay, ours are made anew. */
static void put_tags(const struct write_job *j, struct buf *out)
{
	size_t put = 0;
	AUTO(buf_fini) struct buf by = {0};
	buf_c(out, ",\"" K "workflow_tags\":[");
	for (size_t i = 0; i < j->now.n_tags; i++) {
		if (str_starts(j->now.tags[i], STR(WRITE_TAG)))
			continue;
		if (put++)
			buf_char(out, ',');
		json_quote(j->now.tags[i], out);
	}
	if (j->d.verdict != VERDICT_OPEN) {
		buf_fmt(out, "%s\"" WRITE_TAG "%s\",", put ? "," : "", verdict_name(j->d.verdict));
		buf_fmt(&by, WRITE_TAG_BY "%.*s", STR_ARG(j->d.analyst));
		json_quote(buf_str(&by), out);
	}
	buf_char(out, ']');
}

static void put_doc(const struct write_status *to, const struct write_job *j, int64_t now,
	struct buf *out)
{
	char at[WHEN_TEXT_MAX];
	buf_c(out, "{\"doc\":{");
	write_member(out, K "workflow_status", to->status);
	write_member(out, K "workflow_status_updated_at", str_c(when_format(now, at)));
	if (to->reason.n)
		write_member(out, K "workflow_reason", to->reason);
	else if (j->now.reason.n)
		buf_c(out, ",\"" K "workflow_reason\":null");
	put_tags(j, out);
	buf_c(out, "}}\n");
}

void write_bulk_alerts(const struct write_target *t, const struct write_job *jobs, size_t n,
	int64_t now, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].write)
			continue;
		buf_c(out, "{\"update\":{");
		write_member(out, "_index", jobs[i].now.index);
		write_member(out, "_id", jobs[i].now.id);
		buf_fmt(out, ",\"if_seq_no\":%lld,\"if_primary_term\":%lld}}\n",
			(long long)jobs[i].now.seq_no, (long long)jobs[i].now.term);
		put_doc(&t->by[jobs[i].d.verdict], &jobs[i], now, out);
	}
}
