/*
 * mend: fields of a raw event that another tool wrote as another type: objects as their JSON text, or
 * as {"value": ...}, words for null, booleans and numbers as text. Only what cannot be meant otherwise
 * is changed; whatever else is odd is left for check.c to tell.
 */
#include "ecs_priv.h"

#include "s3triage/base/mem.h"

enum mend_as { AS_TEXT, AS_NUMBERED, AS_OBJECT, AS_LIST, AS_BOOL };

struct mend_field {
	const char *name;
	enum mend_as as;
};

/* What is not named here is left alone. */
static const struct mend_field fields[] = {
	{"userIdentity", AS_OBJECT}, {"requestParameters", AS_OBJECT}, {"responseElements", AS_OBJECT},
	{"additionalEventData", AS_OBJECT}, {"serviceEventDetails", AS_OBJECT}, {"tlsDetails", AS_OBJECT},
	{"resources", AS_LIST}, {"readOnly", AS_BOOL}, {"managementEvent", AS_BOOL},
	{"eventVersion", AS_NUMBERED}, {"eventTime", AS_TEXT}, {"eventSource", AS_TEXT}, {"eventName", AS_TEXT},
	{"eventID", AS_TEXT}, {"eventType", AS_TEXT}, {"eventCategory", AS_TEXT}, {"awsRegion", AS_TEXT},
	{"sourceIPAddress", AS_TEXT}, {"userAgent", AS_TEXT}, {"errorCode", AS_TEXT}, {"errorMessage", AS_TEXT},
	{"requestID", AS_TEXT}, {"recipientAccountId", AS_TEXT}, {"sharedEventID", AS_TEXT},
	{"vpcEndpointId", AS_TEXT}, {"apiVersion", AS_NUMBERED},
};

/* Within those: objects and lists that may be text in their turn. */
static const struct mend_field inner[] = {
	{"sessionContext", AS_OBJECT}, {"attributes", AS_OBJECT}, {"sessionIssuer", AS_OBJECT},
	{"webIdFederationData", AS_OBJECT}, {"onBehalfOf", AS_OBJECT}, {"ReplicationConfiguration", AS_OBJECT},
	{"Rule", AS_LIST}, {"Destination", AS_OBJECT},
};

static const struct mend_field *mend_find(const struct mend_field *v, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(name, v[i].name))
			return &v[i];
	return NULL;
}

static bool is_nothing(struct str s)
{
	static const char *const words[] = {"null", "NULL", "None", "NaN", "nan"};
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_is(s, words[i]))
			return true;
	return false;
}

/* {"value": x}, as a codec of Logstash wraps some; MongoDB's {"$date": x} and numbers. */
static const struct json *mend_wrapped(const struct json *v)
{
	static const char *const names[] = {"value", "$date", "$numberLong", "$numberInt"};
	const struct json *value = NULL;
	for (size_t i = 0; i < ARRAY_LEN(names) && json_type(v) == JSON_OBJECT && json_count(v) == 1; i++)
		value = value ? value : json_get(v, names[i]);
	return json_type(value) == JSON_OBJECT ? mend_wrapped(value) : value;
}

static struct json *of_text(enum mend_as as, const struct json *v)
{
	struct str text = str_trim(json_str(v));
	if (json_type(v) != JSON_STRING)
		return NULL;
	if (as == AS_BOOL)
		return str_eq_fold(text, STR("true")) || str_eq_fold(text, STR("false")) ?
			json_new_bool(text.n == 4) : NULL;
	bool text_it_is = as == AS_TEXT || as == AS_NUMBERED;
	if (is_nothing(text) && !text_it_is)
		return json_new_null();
	if (text_it_is || !text.n || (text.p[0] != '{' && text.p[0] != '['))
		return NULL;
	struct json *parsed = json_parse(text, NULL);
	enum json_type t = json_type(parsed);
	if (t == JSON_OBJECT || (t == JSON_ARRAY && as == AS_LIST))
		return parsed;
	json_free(parsed);
	return NULL;
}

/* What the value should be; NULL: what it is. */
static struct json *mend_value(const struct mend_field *f, const struct json *v)
{
	char tmp[JSON_SCALAR_MAX];
	const struct json *value = mend_wrapped(v);
	if (value) {
		struct json *more = mend_value(f, value);
		return more ? more : json_copy(value);
	}
	if (f->as == AS_NUMBERED && json_type(v) == JSON_NUMBER)
		return json_new_str(json_text(v, tmp));
	/* A word for "none" in these would be a failure that never was. */
	bool error = str_is(str_c(f->name), "errorCode") || str_is(str_c(f->name), "errorMessage");
	if (error && is_nothing(json_str(v)))
		return json_new_null();
	return of_text(f->as, v);
}

/* Members of the identity and of the request. NULL: none is to be changed. */
static struct json *mend_inner(const struct json *v)
{
	struct json *out = NULL;
	if (json_type(v) != JSON_OBJECT && json_type(v) != JSON_ARRAY)
		return NULL;
	for (const struct json *m = json_first(v); m && json_type(v) == JSON_OBJECT; m = json_next(m)) {
		const struct mend_field *f = mend_find(inner, ARRAY_LEN(inner), json_key(m));
		const struct json *value = mend_wrapped(m);
		AUTO(json_free_ptr) struct json *first = f ? mend_value(f, m) : value ? json_copy(value) : NULL;
		struct json *below = f ? mend_inner(first ? first : m) : NULL;
		if (!first && !below)
			continue;
		out = out ? out : json_copy(v);
		json_set_key(out, json_key(m), below ? below : json_copy(first));
	}
	return out;
}

struct json *cloudtrail_mended(const struct json *raw)
{
	struct json *out = NULL;
	for (const struct json *m = json_first(raw); m && json_type(raw) == JSON_OBJECT; m = json_next(m)) {
		const struct mend_field *f = mend_find(fields, ARRAY_LEN(fields), json_key(m));
		if (!f)
			continue;
		AUTO(json_free_ptr) struct json *first = mend_value(f, m);
		struct json *below = f->as == AS_OBJECT ? mend_inner(first ? first : m) : NULL;
		if (!first && !below)
			continue;
		out = out ? out : json_copy(raw);
		json_set_key(out, json_key(m), below ? below : json_copy(first));
	}
	return out;
}
