/*
 * write_newer: what others decided, as a page of the shared index. Whatever in it is not a decision
 * of the documented shape is counted and passed over. Pure.
 */
#include "write_priv.h"

#include "s3triage/base/when.h"

/* One document an alert: its key makes the order whole. */
void write_newer(struct str from, struct str after, struct buf *out)
{
	buf_fmt(out, "{\"size\":%d,\"track_total_hits\":false,\"query\":{\"bool\":{\"filter\":["
		"{\"exists\":{\"field\":\"alert_key\"}},", WRITE_NEWER_PAGE);
	if (from.n) {
		buf_c(out, "{\"range\":{\"written_at\":{\"gte\":");
		json_quote(from, out);
		buf_c(out, "}}}");
	} else {
		buf_c(out, "{\"exists\":{\"field\":\"written_at\"}}");
	}
	buf_c(out, "]}},\"sort\":[{\"written_at\":\"asc\"},{\"alert_key\":\"asc\"}]");
	if (after.n)
		buf_fmt(out, ",\"search_after\":%.*s", STR_ARG(after));
	buf_char(out, '}');
}

/* What will be shown of an approval is short. */
enum { APPROVAL_MOST = 16384 };

/* An object as it is; nothing when it is none. */
static struct str as_text(const struct json *v, struct arena *mem)
{
	AUTO(buf_fini) struct buf text = {0};
	if (json_type(v) == JSON_OBJECT)
		json_print(v, &text);
	return arena_str(mem, buf_str(&text));
}

static bool read_one(const struct json *source, struct arena *mem, struct outbox_theirs *t)
{
	struct str approval = as_text(json_get(source, "approval"), mem);
	int64_t schema = 0;
	*t = (struct outbox_theirs){.key = arena_str(mem, json_str(json_get(source, "alert_key"))),
		.hash = arena_str(mem, json_str(json_get(source, "hash"))),
		.alert_id = arena_str(mem, json_str(json_get(source, "alert_id"))),
		.event_id = arena_str(mem, json_str(json_get(source, "event_id"))),
		.rule_id = arena_str(mem, json_str(json_get(source, "rule_id"))),
		.analyst = arena_str(mem, json_str(json_get(source, "analyst"))),
		.reason = arena_str(mem, json_str(json_get(source, "reason"))),
		.note = arena_str(mem, json_str(json_get(source, "note")))};
	t->facts = as_text(json_get(source, "facts"), mem);
	t->approval = approval.n <= APPROVAL_MOST ? approval : (struct str){0};
	return json_int(json_get(source, "schema"), &schema) && schema == 1 && t->key.n &&
		t->hash.n && t->hash.n <= 128 && t->facts.n &&
		str_trim(t->analyst).n && t->analyst.n <= JOURNAL_ANALYST_MAX &&
		t->reason.n <= DECISION_REASON_MAX && t->note.n <= DECISION_NOTE_MAX &&
		verdict_parse(json_str(json_get(source, "verdict")), &t->verdict) &&
		when_parse(json_str(json_get(source, "decided_at")), &t->at);
}

static void read_after(const struct json *hits, struct arena *mem, struct write_page *out)
{
	AUTO(buf_fini) struct buf text = {0};
	const struct json *sort = NULL;
	for (const struct json *hit = json_first(hits); hit; hit = json_next(hit))
		sort = json_get(hit, "sort");
	if (json_type(sort) == JSON_ARRAY)
		json_print(sort, &text);
	out->after = arena_str(mem, buf_str(&text));
}

bool write_newer_read(struct str body, struct arena *mem, struct write_page *out, struct err *err)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, err);
	*out = (struct write_page){0};
	if (!v)
		return err_prefix(err, "the answer to the search is no JSON");
	const struct json *hits = json_get(json_get(v, "hits"), "hits");
	if (json_type(hits) != JSON_ARRAY)
		return err_set(err, ERR_NETWORK, "the answer to the search has no hits in it");
	out->hits = json_count(hits);
	out->v = arena_array(mem, out->hits, sizeof(*out->v));
	read_after(hits, mem, out);
	for (const struct json *hit = json_first(hits); hit; hit = json_next(hit)) {
		const struct json *source = json_get(hit, "_source");
		out->last = arena_str(mem, json_str(json_get(source, "written_at")));
		if (read_one(source, mem, &out->v[out->n]))
			out->n++;
		else
			out->broken++;
	}
	return true;
}
