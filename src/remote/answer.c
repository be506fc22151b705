/*
 * answer: walks the members of an answer whose grammar json_scan() has checked before.
 */
#include "s3triage/remote/answer.h"

#include "s3triage/event/json.h"

#include <string.h>

static struct str answer_after_space(struct str s)
{
	while (s.n && strchr(" \t\r\n,", s.p[0]))
		s = str_sub(s, 1, s.n);
	return s;
}

/* The value at the front of *rest. */
static bool answer_take_value(struct str *rest, struct str *value)
{
	size_t used = 0;
	*rest = answer_after_space(*rest);
	if (!rest->n || !json_scan(*rest, &used, NULL, NULL) || !used)
		return false;
	*value = str_sub(*rest, 0, used);
	*rest = str_sub(*rest, used, rest->n);
	return true;
}

/* The next member of an object; *rest stands behind its '{'. Keys with escapes are none of ours. */
static bool take_member(struct str *rest, struct str *key, struct str *value)
{
	if (!answer_take_value(rest, key) || key->p[0] != '"')
		return false;
	*key = str_sub(*key, 1, key->n - 1);
	*rest = answer_after_space(*rest);
	if (!rest->n || rest->p[0] != ':')
		return false;
	*rest = str_sub(*rest, 1, rest->n);
	return answer_take_value(rest, value);
}

static void read_total(struct answer *a, struct str text)
{
	AUTO(json_free_ptr) struct json *v = json_parse(text, NULL);
	const struct json *n = json_type(v) == JSON_OBJECT ? json_get(v, "value") : v;
	if (!json_int(n, &a->total))
		a->total = -1;
	a->total_is_least = str_is(json_str(json_get(v, "relation")), "gte");
}

static void read_hits(struct answer *a, struct str text)
{
	struct str key, value, rest = str_sub(text, 1, text.n);
	a->has_hits = true; /* EQL leaves `events` out when there is none */
	while (text.p[0] == '{' && take_member(&rest, &key, &value)) {
		if (str_is(key, "total"))
			read_total(a, value);
		else if (value.p[0] == '[' && (str_is(key, "hits") || str_is(key, "events")))
			a->hits = str_sub(value, 1, value.n);
	}
}

static struct str answer_reason_of(const struct json *failure)
{
	const struct json *reason = json_get(failure, "reason");
	struct str text = json_str(json_get(reason, "reason"));
	return text.n ? text : json_str(json_get(reason, "type"));
}

/* "_shards":{"failed":1,"failures":[…]}, or EQL's "shard_failures":[…]. */
static void read_shards(struct answer *a, struct str text)
{
	AUTO(json_free_ptr) struct json *v = json_parse(text, NULL);
	const struct json *list = json_type(v) == JSON_ARRAY ? v : json_get(v, "failures");
	int64_t failed = 0;
	json_int(json_get(v, "total"), &a->shards);
	if (!json_int(json_get(v, "failed"), &failed))
		failed = (int64_t)json_count(list);
	a->shards_failed = failed > 0 ? failed : 0;
	a->reason = arena_str(&a->mem, answer_reason_of(json_first(list)));
}

static struct str answer_read_text(struct answer *a, struct str text)
{
	AUTO(json_free_ptr) struct json *v = json_parse(text, NULL);
	return arena_str(&a->mem, json_str(v));
}

static bool answer_read_error(struct str text, struct err *err)
{
	AUTO(json_free_ptr) struct json *v = json_parse(text, NULL);
	struct str reason = json_str(json_get(v, "reason"));
	if (!reason.n)
		reason = json_str(v);
	return err_set(err, ERR_NETWORK, "the server says: %.*s",
		STR_ARG(str_sub(reason.n ? reason : STR("an error without a reason"), 0, 300)));
}

static bool read_member(struct answer *a, struct str key, struct str value, struct err *err)
{
	if (str_is(key, "hits"))
		read_hits(a, value);
	else if (str_is(key, "pit_id"))
		a->pit_id = answer_read_text(a, value);
	else if (str_is(key, "id"))
		a->async_id = answer_read_text(a, value);
	else if (str_is(key, "is_running"))
		a->running = str_is(value, "true");
	else if (str_is(key, "is_partial"))
		a->partial = str_is(value, "true");
	else if (str_is(key, "timed_out"))
		a->timed_out = str_is(value, "true");
	else if (str_is(key, "_shards") || str_is(key, "shard_failures"))
		read_shards(a, value);
	else if (str_is(key, "error") && !str_is(value, "null"))
		return answer_read_error(value, err);
	return true;
}

static bool answer_check(struct str body, struct err *err)
{
	struct err own = {0};
	size_t used = 0;
	struct str text = str_trim(body);
	if (text.n && text.p[0] == '<')
		return err_set(err, ERR_NETWORK,
			"an HTML page came instead of an answer: is a proxy or a login page in between?");
	if (!text.n || text.p[0] != '{')
		return err_set(err, ERR_NETWORK, "the answer is no JSON object; is the URL right?");
	if (!json_scan(text, &used, NULL, &own) || str_trim(str_sub(text, used, text.n)).n)
		return err_set(err, ERR_NETWORK, "the answer is broken JSON%s%s; nothing of it is used",
			own.text[0] ? ": " : "", own.text);
	return true;
}

bool answer_read(struct str body, struct answer *out, struct err *err)
{
	struct str key, value;
	*out = (struct answer){.total = -1, .shards = -1};
	if (!answer_check(body, err))
		return false;
	struct str rest = str_trim(body);
	rest = str_sub(rest, 1, rest.n);
	while (take_member(&rest, &key, &value)) {
		if (!read_member(out, key, value, err)) {
			answer_fini(out);
			return false;
		}
	}
	if (out->has_hits || (out->running && out->async_id.n))
		return true;
	answer_fini(out);
	return err_set(err, ERR_NETWORK, "the answer has no hits in it; is the URL right?");
}

void answer_fini(struct answer *a)
{
	arena_fini(&a->mem);
	*a = (struct answer){0};
}

bool answer_next(struct answer *a, struct str *hit)
{
	if (!answer_take_value(&a->hits, hit))
		return false;
	return true;
}

bool answer_pit(struct str body, struct arena *mem, struct str *id, struct err *err)
{
	if (!answer_check(body, err))
		return false;
	AUTO(json_free_ptr) struct json *v = json_parse(body, NULL);
	struct str text = json_str(json_get(v, "id"));
	if (!text.n)
		text = json_str(json_get(v, "pit_id"));
	*id = arena_str(mem, text);
	return text.n || err_set(err, ERR_NETWORK, "the server opened no point in time");
}

enum answer_fault answer_fault(long status, struct str body)
{
	static const struct {
		const char *text;
		enum answer_fault fault;
	} rows[] = {
		{"search_context_missing_exception", FAULT_EXPIRED},
		{"No search context found", FAULT_EXPIRED},
		{"Unknown column", FAULT_UNKNOWN_COLUMN},
		{"no handler found for uri", FAULT_NO_HANDLER},
		{"is not available when running in serverless", FAULT_NO_HANDLER},
		{"index_not_found_exception", FAULT_NO_INDEX},
	};
	for (size_t i = 0; status >= 400 && i < ARRAY_LEN(rows); i++)
		if (str_find(body, str_c(rows[i].text)) != STR_NONE)
			return rows[i].fault;
	return status == 405 || status == 501 ? FAULT_NO_HANDLER : FAULT_OTHER;
}
