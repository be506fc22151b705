/*
 * write_alerts: alert documents as they are: looked up by id, and updated in place with flat dotted
 * keys, because that is how Kibana writes them: a nested object would stand beside, not instead.
 * Pure.
 */
#include "write_priv.h"

#include "s3triage/event/doc.h"

#define K "kibana.alert."

void write_id_list(struct members *m, const char *key, const struct write_job *jobs, size_t n, bool all)
{
	member_open(m, key, '[');
	for (size_t i = 0; i < n; i++)
		if (all || jobs[i].write)
			member_text(m, NULL, jobs[i].d.alert_id);
	member_close(m, 1);
}

void write_guard(struct members *m, const struct write_now *now)
{
	member_int(m, "if_seq_no", now->seq_no);
	member_int(m, "if_primary_term", now->term);
}

void write_ids(const struct write_job *jobs, size_t n, struct buf *out)
{
	static const char *const source[] = {K "workflow_*", K "rule.uuid", K "rule.name", "signal.status",
		"signal.rule.id", "signal.rule.name"};
	struct members m = members_open(out, '{');
	member_int(&m, "size", n ? (int64_t)n : 1);
	member_open(&m, "query", '{');
	member_open(&m, "ids", '{');
	write_id_list(&m, "values", jobs, n, true);
	member_close(&m, 2);
	member_open(&m, "_source", '[');
	for (size_t i = 0; i < ARRAY_LEN(source); i++)
		member_str(&m, NULL, str_c(source[i]));
	members_close(&m);
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
static void put_tags(struct members *m, const struct write_job *j)
{
	AUTO(buf_fini) struct buf tag = {0};
	member_open(m, K "workflow_tags", '[');
	for (size_t i = 0; i < j->now.n_tags; i++)
		if (!str_starts(j->now.tags[i], STR(WRITE_TAG)))
			member_text(m, NULL, j->now.tags[i]);
	if (j->d.verdict != VERDICT_OPEN) {
		buf_fmt(&tag, WRITE_TAG "%s", verdict_name(j->d.verdict));
		member_text(m, NULL, buf_str(&tag));
		buf_clear(&tag);
		buf_fmt(&tag, WRITE_TAG_BY "%.*s", STR_ARG(j->d.analyst));
		member_text(m, NULL, buf_str(&tag));
	}
	member_close(m, 1);
}

static void put_doc(const struct write_status *to, const struct write_job *j, int64_t now,
	struct buf *out)
{
	struct members m = members_open(out, '{');
	member_open(&m, "doc", '{');
	member_text(&m, K "workflow_status", to->status);
	member_time(&m, K "workflow_status_updated_at", now);
	if (to->reason.n || j->now.reason.n)
		member_str(&m, K "workflow_reason", to->reason);
	put_tags(&m, j);
	members_close(&m);
	buf_char(out, '\n');
}

void write_bulk_alerts(const struct write_target *t, const struct write_job *jobs, size_t n,
	int64_t now, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].write)
			continue;
		struct members m = members_open(out, '{');
		member_open(&m, "update", '{');
		member_text(&m, "_index", jobs[i].now.index);
		member_text(&m, "_id", jobs[i].now.id);
		write_guard(&m, &jobs[i].now);
		members_close(&m);
		buf_char(out, '\n');
		put_doc(&t->by[jobs[i].d.verdict], &jobs[i], now, out);
	}
}
