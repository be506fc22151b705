/*
 * doctor_read: answers about identity, rights, the rule and time. Shapes: Elasticsearch's
 * _security API, Kibana's detection_engine API, OpenSearch's authinfo. Pure.
 */
#include "s3triage/remote/doctor.h"

#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

static void add_list(const struct json *list, struct buf *out)
{
	size_t n = 0;
	for (const struct json *v = json_first(list); v && n < 8; v = json_next(v))
		buf_fmt(out, "%s%.*s", n++ ? ", " : "", STR_ARG(str_sub(json_str(v), 0, 60)));
}

bool doctor_who(struct str body, struct buf *out)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, NULL);
	struct str name = json_str(json_get(v, "username"));
	if (!name.n)
		name = json_str(json_get(v, "user_name")); /* OpenSearch */
	if (!name.n)
		return false;
	buf_add(out, str_sub(name, 0, 100));
	const struct json *key = json_get(v, "api_key");
	if (key)
		buf_fmt(out, ", API key %.*s", STR_ARG(str_sub(json_str(json_get(key, "name")), 0, 80)));
	const struct json *roles = json_get(v, "roles");
	if (json_count(roles)) {
		buf_c(out, ", roles ");
		add_list(roles, out);
	}
	return true;
}

/* {"index":{"NAME":{"read":true,"write":false}},"cluster":{…}} */
static void add_missing(const struct json *group, struct buf *out)
{
	for (const struct json *p = json_first(group); p && out->n < 300; p = json_next(p))
		if (json_type(p) == JSON_BOOL && !json_bool(p))
			buf_fmt(out, "%s%.*s", out->n ? " " : "", STR_ARG(str_sub(json_key(p), 0, 40)));
}

/* Kibana asks for far more than is needed here: only these count then. */
static void add_index(const struct json *rights, bool kibana, struct buf *out)
{
	static const char *const wanted[] = {"read", "write", "maintenance", "view_index_metadata"};
	AUTO(buf_fini) struct buf one = {0};
	for (size_t k = 0; kibana && k < ARRAY_LEN(wanted); k++)
		if (json_get(rights, wanted[k]) && !json_bool(json_get(rights, wanted[k])))
			buf_fmt(&one, "%s%s", one.n ? " " : "", wanted[k]);
	if (!kibana)
		add_missing(rights, &one);
	if (one.n)
		buf_fmt(out, "%s%.*s on %.*s", out->n ? "; " : "", STR_ARG(buf_str(&one)),
			STR_ARG(str_sub(json_key(rights), 0, 80)));
}

bool doctor_missing(struct str body, struct buf *out)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, NULL);
	AUTO(buf_fini) struct buf cluster = {0};
	if (!json_get(v, "has_all_requested"))
		return false;
	if (json_bool(json_get(v, "has_all_requested")))
		return true;
	bool kibana = json_get(v, "is_authenticated") != NULL;
	const struct json *i = json_first(json_get(v, "index"));
	for (; i && out->n < 300; i = json_next(i))
		add_index(i, kibana, out);
	if (!kibana)
		add_missing(json_get(v, "cluster"), &cluster);
	if (cluster.n)
		buf_fmt(out, "%s%.*s on the cluster", out->n ? "; " : "", STR_ARG(buf_str(&cluster)));
	return true;
}

bool doctor_rule(struct str body, bool *enabled, struct buf *out)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, NULL);
	char tmp[JSON_SCALAR_MAX];
	if (!json_str(json_get(v, "rule_id")).n)
		return false;
	*enabled = json_bool(json_get(v, "enabled"));
	buf_fmt(out, "'%.*s'", STR_ARG(str_sub(json_str(json_get(v, "name")), 0, 120)));
	struct str version = json_text(json_get(v, "version"), tmp);
	if (version.n)
		buf_fmt(out, " version %.*s", STR_ARG(version));
	buf_c(out, *enabled ? ", enabled" : ", but it is disabled");
	const struct json *last = json_get(json_get(v, "execution_summary"), "last_execution");
	if (last)
		buf_fmt(out, ", last run %.*s at %.*s",
			STR_ARG(str_sub(json_str(json_get(last, "status")), 0, 40)),
			STR_ARG(str_sub(json_str(json_get(last, "date")), 0, 40)));
	return true;
}

bool doctor_newest(struct str body, int64_t *at)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, NULL);
	const struct json *hits = json_get(json_get(v, "hits"), "hits");
	*at = WHEN_NONE;
	if (json_type(hits) != JSON_ARRAY)
		return false;
	const struct json *fields = json_get(json_first(hits), "fields");
	const struct json *source = json_get(json_first(hits), "_source");
	struct str text = json_str(json_first(json_get(fields, "@timestamp")));
	if (!text.n)
		text = json_str(json_get(source, "@timestamp"));
	if (text.n && !when_parse(text, at))
		*at = WHEN_NONE;
	return true;
}

bool doctor_health(struct str body, int64_t *at)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, NULL);
	char tmp[JSON_SCALAR_MAX];
	int64_t seconds;
	if (!str_int(json_text(json_get(json_first(v), "epoch"), tmp), &seconds) || seconds <= 0 ||
		seconds > INT64_C(9999999999))
		return false;
	*at = seconds * 1000;
	return true;
}
