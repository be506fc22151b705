/*
 * doc: dotted lookup. At each object every member is tried whose key is the front of what is left
 * of the path and ends where a dot or the path ends, which covers every split in one pass over the
 * members. Hot in rule evaluation: no allocation, no key is measured. Recursion is bounded by the
 * document's nesting, which the parser limits.
 */
#include "s3triage/event/doc.h"

#include "json_priv.h"

#include <string.h>

/* What is left of the path behind this member's key: true when the key leads there. */
static bool leads(const struct json *member, struct str path, struct str *rest)
{
	size_t n = member->key_n;
	if (n == 0 || n > path.n || (n < path.n && path.p[n] != '.') ||
		member->c.string[0] != path.p[0] || memcmp(member->c.string, path.p, n) != 0)
		return false;
	*rest = n == path.n ? (struct str){0} : (struct str){path.p + n + 1, path.n - n - 1};
	return true;
}

static void doc_add_values(const struct json *v, struct doc_values *out)
{
	enum json_type t = json_type(v);
	if (t == JSON_ARRAY) {
		for (const struct json *m = json_first(v); m && !out->more; m = json_next(m))
			doc_add_values(m, out);
		return;
	}
	if (t == JSON_NULL || t == JSON_OBJECT)
		return;
	if (out->n == DOC_VALUES_MAX)
		out->more = true;
	else
		out->v[out->n++] = v;
}

static void doc_collect(const struct json *v, struct str path, struct doc_values *out)
{
	enum json_type t = json_type(v);
	if (t == JSON_ARRAY) {
		for (const struct json *m = json_first(v); m && !out->more; m = json_next(m))
			doc_collect(m, path, out);
		return;
	}
	if (t != JSON_OBJECT)
		return;
	for (const struct json *m = json_first(v); m && !out->more; m = json_next(m)) {
		struct str rest;
		if (!leads(m, path, &rest))
			continue;
		if (rest.p)
			doc_collect(m, rest, out);
		else
			doc_add_values(m, out);
	}
}

bool doc_values(const struct json *doc, struct str path, struct doc_values *out)
{
	out->n = 0;
	out->more = false;
	if (path.n)
		doc_collect(doc, path, out);
	return out->n > 0;
}

/* The first value on the way that `wanted` takes. */
static const struct json *first(const struct json *v, struct str path,
	const struct json *(*wanted)(const struct json *))
{
	int type = v ? v->c.type & 0xFF : 0;
	if (type != cJSON_Array && type != cJSON_Object)
		return NULL;
	for (const cJSON *c = v->c.child; c; c = c->next) {
		const struct json *m = json_wrap_const(c);
		struct str rest = path;
		if (type == cJSON_Object && !leads(m, path, &rest))
			continue;
		const struct json *found = rest.p ? first(m, rest, wanted) : wanted(m);
		if (found)
			return found;
	}
	return NULL;
}

static const struct json *any(const struct json *v)
{
	return json_type(v) == JSON_NULL ? NULL : v;
}

static const struct json *doc_scalar(const struct json *v)
{
	switch (json_type(v)) {
	case JSON_STRING:
	case JSON_NUMBER:
	case JSON_BOOL:
		return v;
	case JSON_ARRAY:
		for (const struct json *m = json_first(v); m; m = json_next(m)) {
			const struct json *found = doc_scalar(m);
			if (found)
				return found;
		}
		return NULL;
	default:
		return NULL;
	}
}

static const struct json *doc_string(const struct json *v)
{
	if (json_type(v) == JSON_STRING)
		return v;
	if (json_type(v) != JSON_ARRAY)
		return NULL;
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		const struct json *found = doc_string(m);
		if (found)
			return found;
	}
	return NULL;
}

const struct json *doc_get(const struct json *doc, struct str path)
{
	return path.n ? first(doc, path, any) : NULL;
}

struct str doc_text(const struct json *doc, const char *path, char tmp[JSON_SCALAR_MAX])
{
	return json_text(first(doc, str_c(path), doc_scalar), tmp);
}

struct str doc_str(const struct json *doc, const char *path)
{
	return json_str(first(doc, str_c(path), doc_string));
}
