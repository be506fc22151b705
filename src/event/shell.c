/*
 * shell: a document that did not pass the ingest pipeline. What it was made of lies in it as text, or
 * as an object under a shipper's key. Only those few places are looked at: everything else in it may
 * be somebody's user agent.
 */
#include "ecs_priv.h"

#include "s3triage/event/doc.h"

/* Where shippers leave what they read; the pipeline's own place first. */
static const char *const places[] = {
	"event.original", "message", "_raw", "@rawstring", "log", "log.original", "body", "body.text",
	"body.structured",
	"json", "event", "data", "data.aws", "aws", "detail",
};

static const struct json *shell_place(const struct json *doc, const char *path)
{
	const struct json *v = doc_get(doc, str_c(path));
	return json_type(v) == JSON_ARRAY && json_count(v) == 1 ? json_first(v) : v;
}

/* The event that the value is: itself, its text, or what EventBridge wrapped in "detail". */
static struct json *shell_event_at(const struct json *v)
{
	struct str text = str_trim(json_str(v));
	AUTO(json_free_ptr) struct json *parsed = str_starts(text, STR("{")) ? json_parse(text, NULL) : NULL;
	v = parsed ? parsed : v;
	if (json_type(v) != JSON_OBJECT)
		return NULL;
	const struct json *detail = json_get(v, "detail");
	const struct json *event = ecs_is_cloudtrail(v) ? v : ecs_is_cloudtrail(detail) ? detail : NULL;
	return event ? json_copy(event) : NULL;
}

struct json *shell_event(const struct json *doc)
{
	struct json *event = NULL;
	for (size_t i = 0; i < ARRAY_LEN(places) && !event; i++)
		event = shell_event_at(shell_place(doc, places[i]));
	return event;
}

size_t event_shell_source(const struct json *record, const struct json *out[SHELL_PLACES_MAX])
{
	const struct json *doc = ecs_unwrap(record);
	size_t n = 0;
	_Static_assert(ARRAY_LEN(places) <= SHELL_PLACES_MAX, "all of them fit");
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		const struct json *v = shell_place(doc, places[i]);
		if (v)
			out[n++] = v;
	}
	return n;
}

/* Without what is at `path`, dotted or nested. */
static void shell_drop(struct json *doc, struct str path)
{
	char key[32];
	struct str rest = path, first = str_cut(&rest, '.');
	memcpy(key, path.p, path.n);
	key[path.n] = '\0';
	json_remove(doc, key);
	key[first.n] = '\0';
	if (rest.n)
		json_remove(json_get_mutable(doc, key), key + first.n + 1);
}

struct json *event_shell_of(const struct json *record, struct str event)
{
	struct json *copy = json_copy(record);
	const struct json *inner = ecs_unwrap(record);
	struct json *doc = inner == record ? copy
		: json_get_mutable(copy, inner == json_get(record, "_source") ? "_source" : "fields");
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (json_type(shell_place(doc, places[i])) != JSON_OBJECT || !str_is(str_c(places[i]), "event"))
			shell_drop(doc, str_c(places[i]));
	json_set_str(doc, "message", event);
	return copy;
}

/* Fields that only the event's own conversion may set: with those of the shipper's machine, or of
 * what it thought the text to be, the document would say something else than the event. */
static bool shell_field_is_kept(struct str path, const struct json *v)
{
	static const char *const never[] = {
		"body", "json", "detail", "data", "event.action",
		"event.provider", "event.outcome", "event.id", "event.kind", "event.category", "event.type",
		"aws.cloudtrail", "source", "user", "user_agent", "related", "tls", "group", "cloud",
		"kibana", "signal", "error", "tags",
	};
	for (size_t i = 0; i < ARRAY_LEN(never); i++) {
		struct str no = str_c(never[i]);
		if (str_starts(path, no) && (path.n == no.n || path.p[no.n] == '.'))
			return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (str_is(path, places[i]) && (json_type(v) != JSON_OBJECT || ecs_is_cloudtrail(v)))
			return false;
	return true;
}

static void shell_keep_fields(const struct json *v, struct str before, struct json *ecs)
{
	enum { PATH_MOST = 256 };
	char path[PATH_MOST];
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		struct str key = json_key(m);
		if (before.n + key.n + 2 > sizeof(path) || !key.n)
			continue;
		memcpy(path, before.p ? before.p : "", before.n);
		size_t n = before.n;
		if (n)
			path[n++] = '.';
		memcpy(path + n, key.p, key.n);
		struct str whole = {path, n + key.n};
		path[whole.n] = '\0';
		if (!shell_field_is_kept(whole, m))
			continue;
		if (json_type(m) == JSON_OBJECT)
			shell_keep_fields(m, whole, ecs);
		else if (!doc_get(ecs, whole))
			ecs_put_copied(ecs, path, json_copy(m));
	}
}

static void shell_keep_tags(const struct json *doc, struct json *ecs)
{
	struct json *tags = json_copy(doc_get(ecs, STR("tags")));
	const struct json *own = doc_get(doc, STR("tags"));
	for (const struct json *m = json_first(own); m; m = json_next(m))
		if (json_type(m) == JSON_STRING && !str_is(json_str(m), "preserve_original_event"))
			json_push(tags, json_copy(m));
	ecs_put(ecs, "tags", tags);
}

void shell_keep(const struct json *doc, struct json *ecs)
{
	/* When it was read: the pipeline puts the event's time in its place, and keeps it there. */
	if (!doc_get(doc, STR("event.created")))
		ecs_put(ecs, "event.created", json_copy(doc_get(doc, STR("@timestamp"))));
	shell_keep_fields(doc, (struct str){0}, ecs);
	shell_keep_tags(doc, ecs);
}
