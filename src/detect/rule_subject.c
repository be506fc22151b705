/*
 * rule_subject: an ECS document as KQL sees it. A plain field is looked up; a field name with
 * wildcards is compared with the dotted path of every scalar in the document.
 */
#include "rule_priv.h"

#include "eql_priv.h"

#define PATH_MAX_BYTES 1024

typedef bool (*each_fn)(void *arg, struct str value);

/* '*' is any number of bytes; everything else is itself. */
static bool path_matches(struct str pattern, struct str path)
{
	size_t p = 0, s = 0, star = STR_NONE, mark = 0;
	while (s < path.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			mark = s;
		} else if (p < pattern.n && pattern.p[p] == path.p[s]) {
			p++;
			s++;
		} else if (star != STR_NONE) {
			p = star + 1;
			s = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

static bool ignored(const struct json *v, size_t units)
{
	return units && json_str(v).n > units && utf8_utf16(json_str(v)) > units;
}

struct walk {
	struct str pattern;
	size_t ignore_above;
	each_fn each;
	void *arg;
	struct buf path;
};

/* The document's nesting is bounded by the parser: JSON_DEPTH_MAX. */
static bool rule_subject_walk(struct walk *w, const struct json *v)
{
	enum json_type type = json_type(v);
	char tmp[JSON_SCALAR_MAX];
	if (type == JSON_NULL || type == JSON_NONE)
		return false;
	if (type != JSON_OBJECT && type != JSON_ARRAY)
		return !ignored(v, w->ignore_above) &&
			path_matches(w->pattern, buf_str(&w->path)) &&
			w->each(w->arg, json_text(v, tmp));
	size_t n = w->path.n;
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		if (type == JSON_OBJECT) {
			if (n)
				buf_char(&w->path, '.');
			buf_add(&w->path, json_key(m));
		}
		if (rule_subject_walk(w, m))
			return true;
		w->path.n = n;
	}
	return false;
}

static bool values(const void *ctx, struct str field, each_fn each, void *arg)
{
	const struct rule_document *d = ctx;
	if (str_find_char(field, '*') != STR_NONE) {
		struct walk w = {field, d->ignore_above, each, arg, {0}};
		buf_init(&w.path, PATH_MAX_BYTES);
		bool found = rule_subject_walk(&w, d->ecs);
		buf_fini(&w.path);
		return found;
	}
	struct doc_values all;
	if (!doc_values(d->ecs, field, &all))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		char tmp[JSON_SCALAR_MAX];
		if (!ignored(all.v[i], d->ignore_above) && each(arg, json_text(all.v[i], tmp)))
			return true;
	}
	return false;
}

struct kql_subject rule_subject(const struct rule_document *d)
{
	return (struct kql_subject){d, values};
}
