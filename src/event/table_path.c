/*
 * table_path: values of columns that are named by a path into the event. Splunk writes "{}" behind a
 * list's name and the values of all its elements into one cell, a line each; Insights writes an
 * element's number as a part of the path.
 */
#include "table_priv.h"

#include "ecs_priv.h"

enum { ELEMENTS_MAX = 1000 };

static bool is_index(struct str part)
{
	return part.n && part.n <= 3 && str_digits(part);
}

bool table_path_listed(struct str path)
{
	while (path.n) {
		struct str part = str_cut(&path, '.');
		if (str_ends(part, STR("{}")) || is_index(part))
			return true;
	}
	return false;
}

/* The member of that name, made of the type where there is none or another. */
static struct json *table_member(struct json *object, struct str key, bool list)
{
	const struct json *there = json_get_str(object, key);
	if (json_type(there) == (list ? JSON_ARRAY : JSON_OBJECT))
		return (struct json *)(uintptr_t)there;
	return json_set_key(object, key, list ? json_new_array() : json_new_object());
}

static struct json *element(struct json *list, size_t i)
{
	while (json_count(list) <= i)
		json_push(list, json_new_object());
	return (struct json *)(uintptr_t)json_at(list, i);
}

/* Takes over v, which is that of the list's i-th element, where the path does not name one. */
static void put_listed(struct json *doc, struct str path, size_t i, struct json *v)
{
	while (path.n) {
		struct str part = str_cut(&path, '.'), rest = path, next = str_cut(&rest, '.');
		bool braces = str_ends(part, STR("{}")), number = is_index(next);
		int64_t at = (int64_t)i;
		if (!path.n) {
			json_set_key(doc, braces ? str_sub(part, 0, part.n - 2) : part, v);
			return;
		}
		doc = table_member(doc, braces ? str_sub(part, 0, part.n - 2) : part, braces || number);
		if (number) {
			str_int(next, &at);
			path = rest;
		}
		if (braces || number)
			doc = element(doc, (size_t)at);
	}
	json_free(v);
}

size_t table_put_path(struct json *doc, const struct column *c, struct json *v)
{
	size_t n = 0;
	if (!c->listed || json_type(v) != JSON_STRING) {
		ecs_put_copied(doc, c->path.p, v);
		return 0;
	}
	struct str rest = json_str(v);
	for (; rest.n && n < ELEMENTS_MAX; n++) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		put_listed(doc, c->path, n, json_new_str(line));
	}
	json_free(v);
	return n;
}
