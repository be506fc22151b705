/*
 * rule_toml: a detection-rules TOML file as the JSON object that Kibana would export for it:
 * [rule] as it is, the date from [metadata], and the guide's $investigate_N and $osquery_N
 * replaced by the [[transform.…]] entries they stand for.
 */
#include "rule_priv.h"

#include <stdlib.h>
#include <string.h>

/* TOML's nesting is bounded by its reader. */
static struct json *to_json(const struct toml_value *v)
{
	struct json *out;
	size_t n = toml_count(v);
	switch (toml_type(v)) {
	case TOML_INTEGER:
		return json_new_int(toml_int(v));
	case TOML_FLOAT:
		return json_new_num(toml_float(v));
	case TOML_BOOLEAN:
		return json_new_bool(toml_bool(v));
	case TOML_ARRAY:
		out = json_new_array();
		for (size_t i = 0; i < n; i++)
			json_push(out, to_json(toml_at(v, i)));
		return out;
	case TOML_TABLE:
		out = json_new_object();
		for (size_t i = 0; i < n; i++) {
			char *key = mem_dup(toml_key_at(v, i));
			json_set(out, key, to_json(toml_at(v, i)));
			free(key);
		}
		return out;
	default:
		return json_new_str(toml_str(v));
	}
}

static void rule_toml_add_plugin(const char *kind, const struct toml_value *entry, struct buf *out)
{
	AUTO(json_free_ptr) struct json *v = to_json(entry);
	buf_fmt(out, "!{%s", kind);
	json_print_stable(v, out);
	buf_char(out, '}');
}

/* "$investigate_12" at the start of s: its length, or 0; appends what it stands for. */
static size_t take_variable(struct str s, const char *kind, const struct toml_value *entries,
	struct buf *out)
{
	size_t n = strlen(kind) + 2, from = n;
	if (s.n <= n || !str_starts(str_sub(s, 1, s.n), str_c(kind)) || s.p[n - 1] != '_')
		return 0;
	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	int64_t index;
	if (!str_int(str_sub(s, from, n), &index))
		return 0;
	const struct toml_value *entry = toml_at(entries, (size_t)index);
	if (!entry)
		return 0;
	rule_toml_add_plugin(kind, entry, out);
	return n;
}

static void expand(struct str note, const struct toml_value *transform, struct buf *out)
{
	while (note.n) {
		size_t at = str_find_char(note, '$');
		buf_add(out, str_sub(note, 0, at));
		if (at == STR_NONE)
			return;
		note = str_sub(note, at, note.n);
		size_t used = take_variable(note, "investigate", toml_get(transform, "investigate"), out);
		if (!used)
			used = take_variable(note, "osquery", toml_get(transform, "osquery"), out);
		if (!used) {
			buf_char(out, '$');
			used = 1;
		}
		note = str_sub(note, used, note.n);
	}
}

static void expand_key(struct json *object, const struct toml_value *rule, const char *key,
	const struct toml_value *transform)
{
	const struct toml_value *note = toml_get(rule, key);
	if (toml_type(note) != TOML_STRING || !transform)
		return;
	struct buf text = {0};
	expand(toml_str(note), transform, &text);
	json_set_str(object, key, buf_str(&text));
	buf_fini(&text);
}

struct rule *rule_new_toml(struct str text, const char *file, struct err *err)
{
	return rule_toml_new(text, file, false, NULL, err);
}

struct rule *rule_toml_new(struct str text, const char *file, bool to_run,
	const struct err_more *more, struct err *err)
{
	AUTO(toml_free_ptr) struct toml *doc = toml_parse(text, file, err);
	if (!doc)
		return NULL;
	const struct toml_value *root = toml_root(doc), *rule = toml_get(root, "rule");
	if (toml_type(rule) != TOML_TABLE) {
		err_set(err, ERR_INPUT, "no [rule] table: this is no rule file");
		err_where(err, file, toml_line(rule), 0);
		return NULL;
	}
	AUTO(json_free_ptr) struct json *object = to_json(rule);
	const struct toml_value *transform = toml_get(root, "transform");
	expand_key(object, rule, "note", transform);
	expand_key(object, rule, "setup", transform);
	struct str updated = toml_str(toml_path(root, "metadata.updated_date"));
	if (updated.n)
		json_set_str(object, "updated_at", updated);
	struct rule_own *o = rule_own_new();
	struct rule_place place = {.file = file, .table = rule, .text = text,
		.to_run = to_run, .more = more};
	if (rule_read(o, object, &place, err))
		return &o->facts;
	rule_free(&o->facts);
	return NULL;
}
