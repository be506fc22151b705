/*
 * kind: whether an object is a raw event by its own fields, and what a hit wraps.
 */
#include "ecs_priv.h"

#include "s3triage/base/mem.h"

static bool has_any(const struct json *v, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (json_get(v, keys[i]))
			return true;
	return false;
}

/* What notices of S3, queues and streams call an event: its source is "aws:s3", no service's name. */
static bool is_notice(const struct json *v)
{
	return str_starts(json_str(json_get(v, "eventSource")), STR("aws:"));
}

/* Each text in an object of its own, as a database's types are written: {"S":"..."}. That is not read, and
 * must not count as an event in which there is nothing. */
static bool is_typed(const struct json *v)
{
	return json_type(json_get(v, "eventName")) == JSON_OBJECT &&
		json_type(json_get(v, "eventSource")) == JSON_OBJECT;
}

bool ecs_is_cloudtrail(const struct json *v)
{
	static const char *const first[] = {"eventName", "eventVersion"};
	static const char *const second[] = {"eventSource", "eventTime", "eventID", "userIdentity",
		"requestParameters"};
	return has_any(v, first, ARRAY_LEN(first)) && has_any(v, second, ARRAY_LEN(second)) && !is_notice(v) &&
		!is_typed(v);
}

const struct json *ecs_unwrap(const struct json *record)
{
	const struct json *source = json_get(record, "_source"), *fields = json_get(record, "fields");
	if (json_type(source) == JSON_OBJECT && json_first(source))
		return source;
	bool hit = source || json_get(record, "_id") || json_get(record, "_index");
	return hit && json_type(fields) == JSON_OBJECT ? fields : record;
}
