/*
 * partial: an answer that is not whole says so in members of its own, before or behind its hits.
 */
#include "partial.h"

#include "s3triage/event/json.h"

#include <string.h>

void partial_read(struct partial *p, const char *key, struct str value)
{
	AUTO(json_free_ptr) struct json *v = json_parse(value, NULL);
	const struct json *total = json_type(v) == JSON_OBJECT ? json_get(v, "value") : v;
	if (strcmp(key, "timed_out") == 0) {
		p->timed_out = json_bool(v);
	} else if (strcmp(key, "is_partial") == 0) {
		p->partial = json_bool(v);
	} else if (strcmp(key, "shard_failures") == 0) {
		p->failed = (int64_t)json_count(v);
	} else if (strcmp(key, "_shards") == 0) {
		json_int(json_get(v, "total"), &p->shards);
		json_int(json_get(v, "failed"), &p->failed);
	} else {
		p->total = -1;
		json_int(total, &p->total);
		p->least = str_is(json_str(json_get(v, "relation")), "gte");
	}
}

static void say_shards(const struct partial *p, struct buf *out)
{
	bool one = p->shards ? p->shards == 1 : p->failed == 1;
	buf_fmt(out, "%lld ", (long long)p->failed);
	if (p->shards > 0)
		buf_fmt(out, "of %lld ", (long long)p->shards);
	buf_fmt(out, "shard%s failed", one ? "" : "s");
}

void partial_say(const struct partial *p, struct buf *out)
{
	size_t before = out->n;
	if (p->got < p->total && !p->broken)
		buf_fmt(out, "%lld of %s%lld hits", (long long)p->got, p->least ? "at least " : "",
			(long long)p->total);
	if (p->failed > 0) {
		buf_c(out, out->n > before ? "; " : "");
		say_shards(p, out);
	}
	if (p->timed_out)
		buf_fmt(out, "%sthe search timed out", out->n > before ? "; " : "");
	if (p->partial)
		buf_fmt(out, "%sit says that it is partial", out->n > before ? "; " : "");
}
