/*
 * handoff_exceptions_read: the way back: an exception list's items as tests, ours and any that Kibana
 * exports. What cannot be evaluated here is kept with the reason, not guessed at.
 */
#include "handoff_priv.h"

#include "s3triage/base/lines.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

enum { ITEMS_MAX = 100000, ENTRIES_MAX = 1000 };

struct reading {
	struct arena *mem;
	struct handoff_item *v;
	size_t n, cap;
	int64_t said;
	bool list; /* the list's own line was seen */
};

static const char *take_values(const struct json *value, struct arena *mem, struct handoff_test *t)
{
	bool many = json_type(value) == JSON_ARRAY;
	size_t n = many ? json_count(value) : 1;
	struct str *v = arena_array(mem, n, sizeof(*v));
	const struct json *one = many ? json_first(value) : value;
	for (size_t i = 0; i < n; i++, one = json_next(one)) {
		if (json_type(one) != JSON_STRING)
			return "an entry's value is no text";
		if (t->how == HANDOFF_LIKE && str_find_char(json_str(one), '\\') != STR_NONE)
			return "a wildcard holds a backslash";
		v[i] = arena_str(mem, json_str(one));
	}
	t->values = v;
	t->n = n;
	return n ? NULL : "an entry has no value";
}

/* Why an entry cannot be evaluated, or NULL. */
static const char *take_entry(const struct json *e, struct arena *mem, struct handoff_test *t)
{
	struct str type = json_str(json_get(e, "type")), op = json_str(json_get(e, "operator"));
	*t = (struct handoff_test){.field = arena_str(mem, json_str(json_get(e, "field"))),
		.excluded = str_is(op, "excluded")};
	if (!t->field.n || (!t->excluded && !str_is(op, "included")) ||
		str_find_char(t->field, '`') != STR_NONE)
		return "an entry has no field or operator that is known";
	if (str_is(type, "exists")) {
		t->how = HANDOFF_EXISTS;
		return NULL;
	}
	if (str_is(type, "list"))
		return "it asks a value list";
	if (str_is(type, "nested"))
		return "it asks nested fields";
	if (!str_is(type, "match") && !str_is(type, "match_any") && !str_is(type, "wildcard"))
		return "an entry is of a type that is not known";
	t->how = str_is(type, "wildcard") ? HANDOFF_LIKE : HANDOFF_IS;
	return take_values(json_get(e, "value"), mem, t);
}

static struct handoff_item handoff_exceptions_read_item(const struct json *item, struct arena *mem)
{
	const struct json *entries = json_get(item, "entries");
	size_t n = json_type(entries) == JSON_ARRAY ? json_count(entries) : 0;
	struct handoff_test *v = arena_array(mem, n, sizeof(*v));
	struct handoff_item out = {.name = arena_str(mem, json_str(json_get(item, "name"))), .tests = v,
		.n = n, .expires = WHEN_NONE};
	const char *why = !n ? "it has no entries" : n > ENTRIES_MAX ? "it has too many entries" : NULL;
	const struct json *e = json_first(entries);
	for (size_t i = 0; i < n && !why; i++, e = json_next(e))
		why = take_entry(e, mem, &v[i]);
	struct str expires = json_str(json_get(item, "expire_time"));
	if (!why && expires.n && !when_parse(expires, &out.expires))
		why = "its expire_time is no time";
	out.not_evaluated = str_c(why);
	return out;
}

static bool handoff_exceptions_read_take_item(
	struct reading *r, const struct json *item, struct err *err)
{
	if (r->n >= ITEMS_MAX)
		return err_set(err, ERR_LIMIT, "it has more than %d items", ITEMS_MAX);
	if (r->n == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : 16;
		struct handoff_item *v = arena_array(r->mem, cap, sizeof(*v));
		for (size_t i = 0; i < r->n; i++)
			v[i] = r->v[i];
		r->v = v;
		r->cap = cap;
	}
	r->v[r->n++] = handoff_exceptions_read_item(item, r->mem);
	return true;
}

static bool handoff_exceptions_read_take_line(struct reading *r, struct str line, struct err *err)
{
	AUTO(json_free_ptr) struct json *doc = json_parse(line, err);
	if (!doc)
		return false;
	if (json_get(doc, "item_id"))
		return handoff_exceptions_read_take_item(r, doc, err);
	r->list |= json_get(doc, "list_id") != NULL;
	json_int(json_get(doc, "exported_exception_list_item_count"), &r->said);
	return json_get(doc, "list_id") || json_get(doc, "exported_exception_list_count") ||
		err_set(err, ERR_INPUT, "this is no line of an exception list");
}

bool handoff_exceptions_read(struct str ndjson, struct arena *mem, struct handoff_items *out,
	struct err *err)
{
	struct reading r = {.mem = mem, .said = -1};
	struct str rest = ndjson, line;
	for (unsigned long at = 1; lines_next(&rest, &line); at++)
		if (str_trim(line).n && !handoff_exceptions_read_take_line(&r, line, err))
			return err_where(err, NULL, at, 0);
	*out = (struct handoff_items){r.v, r.n, r.said};
	return r.list || err_set(err, ERR_INPUT, "there is no exception list in it");
}
