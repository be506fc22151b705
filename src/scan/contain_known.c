/*
 * contain_known: what needs more than a look into its members, or holds no event and is told as what
 * it is. A row a kind; each is asked in turn about every object and array of a container.
 */
#include "contain.h"

#include "s3triage/base/mem.h"
#include "s3triage/event/doc.h"

/* One row of an answer of CloudWatch Logs Insights: {field, value} pairs. Of these only @message is
 * what was written; the others are what was made of it. */
static bool insights_row(struct contain *c, const struct json *v)
{
	const struct json *message = NULL;
	if (json_type(v) != JSON_ARRAY || !json_first(v))
		return false;
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		if (json_count(m) != 2 || !json_get(m, "field") || !json_get(m, "value"))
			return false;
		if (str_is(json_str(json_get(m, "field")), "@message"))
			message = json_get(m, "value");
	}
	if (message)
		c->visit(c, message);
	return message != NULL;
}

/* {"type":"doc","value":{"index","id","source"}}: a hit by other names; "index" is a mapping. */
static bool archived(struct contain *c, const struct json *v)
{
	const struct json *value = json_get(v, "value"), *source = json_get(value, "source");
	struct str type = json_str(json_get(v, "type"));
	if (str_is(type, "index") && json_get(value, "mappings")) {
		contain_note(c, "the mapping of an index, which holds no event");
		return true;
	}
	if (!str_is(type, "doc") || json_type(source) != JSON_OBJECT)
		return false;
	AUTO(json_free_ptr) struct json *hit = json_new_object();
	json_set(hit, "_index", json_copy(json_get(value, "index")));
	json_set(hit, "_id", json_copy(json_get(value, "id")));
	json_set(hit, "_source", json_copy(source));
	c->visit(c, hit);
	return true;
}

static bool names_object(struct contain *c, const char *who, struct str bucket, struct str key)
{
	if (!bucket.n)
		return false;
	contain_tell(c, "%s names the object s3://%.*s/%.*s and holds no event itself; read that object",
		who, STR_ARG(str_sub(bucket, 0, 63)), STR_ARG(str_sub(key, 0, 200)));
	return true;
}

/* Of S3 itself, as S3 writes it and as EventBridge does. */
static bool object_notice(struct contain *c, const struct json *v)
{
	bool bus = json_str(json_get(v, "detail-type")).n > 0;
	const struct json *at = json_get(v, bus ? "detail" : "s3");
	if (json_type(v) != JSON_OBJECT || json_type(json_get(at, "object")) != JSON_OBJECT)
		return false;
	return names_object(c, "a notice of S3", json_str(doc_get(at, STR("bucket.name"))),
		json_str(doc_get(at, STR("object.key"))));
}

/* What a trail tells its topic of each log file. */
static bool trail_notice(struct contain *c, const struct json *v)
{
	const struct json *keys = json_get(v, "s3ObjectKey");
	struct str bucket = json_str(json_get(v, "s3Bucket"));
	if (json_type(keys) != JSON_ARRAY || !bucket.n)
		return false;
	for (const struct json *m = json_first(keys); m; m = json_next(m))
		names_object(c, "a trail's notice of a log file", bucket, json_str(m));
	return true;
}

static bool control_message(struct contain *c, const struct json *v)
{
	if (!str_is(json_str(json_get(v, "messageType")), "CONTROL_MESSAGE"))
		return false;
	contain_note(c, "a control message of a log subscription, which holds no event");
	return true;
}

/* S3 says so once, when notices are set up. */
static bool test_notice(struct contain *c, const struct json *v)
{
	if (!str_is(json_str(json_get(v, "Event")), "s3:TestEvent"))
		return false;
	contain_note(c, "S3's test of its notices, which holds no event");
	return true;
}

/* A list that could have held something, and says that there is nothing. */
static bool empty_answer(struct contain *c, const struct json *v)
{
	static const char *const lists[] = {"hits", "Records", "records", "Events", "events", "Messages",
		"logEvents", "results", "value", "docs", "alerts"};
	bool is = false;
	for (const struct json *m = json_first(v); m && json_type(v) == JSON_OBJECT; m = json_next(m)) {
		bool listed = false;
		for (size_t i = 0; i < ARRAY_LEN(lists); i++)
			listed |= str_is(json_key(m), lists[i]);
		if (json_type(m) == JSON_ARRAY && json_first(m))
			return false;
		if (json_type(m) == JSON_OBJECT && str_is(json_key(m), "aggregations"))
			return false;
		is |= listed && json_type(m) == JSON_ARRAY;
	}
	c->noted += is;
	return is;
}

/* What the caller reads: tables. Not a queue's or a stream's "event", nor where a member is the event
 * itself, as CloudTrailEvent beside copies of its fields. */
static bool of_another_form(struct contain *c, const struct json *v)
{
	if (str_starts(json_str(json_get(v, "eventSource")), STR("aws:")))
		return false;
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		enum event_shape shape = json_type(m) == JSON_OBJECT ? event_shape(m) : SHAPE_UNKNOWN;
		if (str_is(json_key(m), "result") && !json_get(m, "userIdentity"))
			continue; /* Splunk's, of extracted columns */
		if (shape == SHAPE_CLOUDTRAIL || shape == SHAPE_ECS || shape == SHAPE_ALERT)
			return false;
	}
	contain_place(c);
	bool is = json_type(v) == JSON_OBJECT && c->sink->other(c->sink->ctx, v);
	c->found += is;
	return is;
}

/* Fields of an event without its name, in whatever case: text in them is the caller's all the same. Only
 * where the event itself may be beside them is looked at. */
static bool of_an_event(struct contain *c, const struct json *v)
{
	static const char *const names[] = {"userIdentity", "requestParameters", "userAgent", "sourceIPAddress",
		"responseElements", "eventSource"};
	const struct json *source[SHELL_PLACES_MAX];
	size_t known = 0, before = c->found + c->told;
	for (const struct json *m = json_first(v); m && json_type(v) == JSON_OBJECT; m = json_next(m))
		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			known += str_eq_fold(json_key(m), str_c(names[i]));
	if (known < 2)
		return false;
	size_t n = event_shell_source(v, source);
	for (size_t i = 0; i < n; i++)
		c->visit(c, source[i]);
	if (c->found + c->told == before)
		contain_tell(c, "an object with fields of a CloudTrail event, but without eventName: it is not read");
	return true;
}

static contain_reader *const readers[] = {
	object_notice, of_another_form, of_an_event, insights_row, archived, trail_notice, control_message,
	test_notice, empty_answer,
};

bool contain_known(struct contain *c, const struct json *v)
{
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (readers[i](c, v))
			return true;
	return false;
}
