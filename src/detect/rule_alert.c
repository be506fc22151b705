/*
 * rule_alert: the rule inside an alert document, whatever the document's shape: nested, dotted, a
 * `fields` answer, 7.x `signal.rule`. What is there is taken, nothing is required but a name.
 */
#include "rule_priv.h"

/* The first of an array of one object, or the object itself. */
static const struct json *object_of(const struct json *v)
{
	if (json_type(v) == JSON_ARRAY)
		v = json_first(v);
	return json_type(v) == JSON_OBJECT ? v : NULL;
}

static const struct json *rule_alert_find(const struct json *alert, const char *key)
{
	static const char *const places[] = {"kibana.alert.rule.parameters.", "kibana.alert.rule.",
		"signal.rule."};
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct buf path = {0};
		buf_c(&path, places[i]);
		buf_c(&path, key);
		const struct json *v = doc_get(alert, buf_str(&path));
		buf_fini(&path);
		if (v)
			return v;
	}
	return NULL;
}

struct rule *rule_new_alert(const struct json *alert)
{
	const struct json *inner = json_get(alert, "_source");
	if (!inner)
		inner = json_get(alert, "fields");
	if (json_type(inner) == JSON_OBJECT)
		alert = inner;
	const struct json *parameters =
		object_of(doc_get(alert, STR("kibana.alert.rule.parameters")));
	AUTO(json_free_ptr) struct json *object =
		parameters ? json_copy(parameters) : json_new_object();
	for (const char *const *key = rule_keys(); *key; key++) {
		const struct json *v = json_get(object, *key) ? NULL : rule_alert_find(alert, *key);
		if (v)
			json_set(object, *key, json_copy(v));
	}
	const struct json *index =
		json_get(object, "index") ? NULL : rule_alert_find(alert, "indices");
	if (index)
		json_set(object, "index", json_copy(index));
	struct rule_own *o = rule_own_new();
	struct rule_place place = {.lenient = true};
	if (rule_read(o, object, &place, NULL))
		return &o->facts;
	rule_free(&o->facts);
	return NULL;
}
