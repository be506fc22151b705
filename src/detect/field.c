/*
 * field: walking a document along a dotted path. One look at each object's members finds every
 * way to cut the path. Depth is bounded by that of the JSON.
 */
#include "field_priv.h"

#include <string.h>

struct walk {
	void (*each)(void *arg, const struct json *value);
	void *arg;
};

/* `rest` begins after the key, or is what the path has left. */
static bool key_fits(struct str path, struct str key, struct str *rest)
{
	if (key.n == 0 || key.n > path.n || memcmp(key.p, path.p, key.n))
		return false;
	if (key.n < path.n && path.p[key.n] != '.')
		return false;
	*rest = str_sub(path, key.n + 1, path.n);
	return true;
}

static void field_walk(const struct walk *w, const struct json *v, struct str path, bool whole)
{
	enum json_type type = json_type(v);
	if (type == JSON_ARRAY) {
		for (const struct json *e = json_first(v); e; e = json_next(e))
			field_walk(w, e, path, whole);
	} else if (type == JSON_OBJECT && !whole) {
		struct str rest;
		for (const struct json *m = json_first(v); m; m = json_next(m))
			if (key_fits(path, json_key(m), &rest))
				field_walk(w, m, rest, rest.n == 0);
	} else if (whole && type != JSON_NULL && type != JSON_OBJECT && type != JSON_NONE) {
		w->each(w->arg, v);
	}
}

void field_each(const struct json *doc, struct str path,
	void (*each)(void *arg, const struct json *value), void *arg)
{
	struct walk w = {each, arg};
	if (path.n)
		field_walk(&w, doc, path, false);
}
