/*
 * ecs_put: members of the ECS document that is made.
 */
#include "ecs_priv.h"
#include "json_priv.h"
#include "mapstring_priv.h"

#include "s3triage/event/doc.h"

/* Appends, with or without a copy of the key. */
static struct json *ecs_add_new(
	struct json *object, struct str key, struct json *item, bool literal)
{
	if (literal)
		json_put_static(object, key, item);
	else
		json_put_new(object, key, item);
	return item;
}

static void ecs_put_once(struct json *doc, const char *path, struct json *item, bool literal)
{
	if (value_is_empty(item)) {
		json_free(item);
		return;
	}
	struct str rest = str_c(path);
	for (;;) {
		struct str key = str_cut(&rest, '.');
		struct json *there = (struct json *)(uintptr_t)json_get_str(doc, key);
		bool last = !rest.p;
		if (!last && json_type(there) == JSON_OBJECT) {
			doc = there;
			continue;
		}
		struct json *now = last ? item : json_new_object();
		doc = there ? json_set_key(doc, key, now) : ecs_add_new(doc, key, now, literal);
		if (last)
			return;
	}
}

void ecs_put(struct json *doc, const char *path, struct json *item)
{
	ecs_put_once(doc, path, item, true);
}

void ecs_put_copied(struct json *doc, const char *path, struct json *item)
{
	ecs_put_once(doc, path, item, false);
}

void ecs_put_str(struct json *doc, const char *path, struct str s)
{
	ecs_put(doc, path, json_new_str(s));
}

struct json *ecs_kept(const struct json *v)
{
	if (value_is_empty(v))
		return NULL;
	if (json_type(v) != JSON_OBJECT && json_type(v) != JSON_ARRAY)
		return json_copy(v);
	bool list = json_type(v) == JSON_ARRAY;
	struct json *out = list ? json_new_array() : json_new_object();
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		struct json *kept = ecs_kept(m);
		if (kept && list)
			json_push(out, kept);
		else if (kept)
			json_put_like(out, m, kept);
	}
	return out;
}

void ecs_append(struct json *doc, const char *path, struct str value)
{
	if (!value.n)
		return;
	const struct json *list = doc_get(doc, str_c(path));
	for (const struct json *m = json_first(list); m; m = json_next(m))
		if (str_eq(json_str(m), value))
			return;
	struct json *longer = list ? json_copy(list) : json_new_array();
	json_push(longer, json_new_str(value));
	ecs_put(doc, path, longer);
}
