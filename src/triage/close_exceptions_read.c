/*
 * close_exceptions_read: the way back: an exception list's items as scopes. Kibana's own export of
 * our list reads the same. What is of another shape is counted, not guessed at.
 */
#include "close_priv.h"

#include "s3triage/base/lines.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

enum { ITEMS_MAX = 100000 };

struct reading {
	struct arena *mem;
	struct close_scope *v;
	size_t n, cap, others;
	bool list; /* the list's own line was seen */
};

/* What stands between prefix and suffix, or empty. */
static struct str between(struct str s, struct str prefix, struct str suffix)
{
	if (!str_starts(s, prefix) || !str_ends(s, suffix) || s.n < prefix.n + suffix.n)
		return (struct str){0};
	return str_sub(s, prefix.n, s.n - suffix.n);
}

/* Included wildcards name the account or the role; the excluded ones are the guards. */
static bool take_wildcard(const struct json *e, struct arena *mem, struct close_scope *s)
{
	struct str value = json_str(json_get(e, "value"));
	if (!str_is(json_str(json_get(e, "field")), CLOSE_PARAMETERS))
		return false;
	if (str_is(json_str(json_get(e, "operator")), "excluded"))
		return str_is(value, "*Account=*Account=*") || str_is(value, "*Role=*Role=*");
	struct str account = between(value, STR("*Account="), STR("*"));
	struct str role = between(value, STR("*Role="), STR(",*"));
	if (close_is_account(account))
		s->account = arena_str(mem, account);
	else if (close_is_arn(role))
		s->role = arena_str(mem, role);
	else
		return false;
	return true;
}

static bool take_buckets(const struct json *e, struct arena *mem, struct close_scope *s)
{
	const struct json *values = json_get(e, "value");
	if (!str_is(json_str(json_get(e, "field")), CLOSE_RESOURCES) ||
		!str_is(json_str(json_get(e, "operator")), "included"))
		return false;
	struct str *v = arena_array(mem, json_count(values), sizeof(*v));
	size_t n = 0;
	for (const struct json *one = json_first(values); one; one = json_next(one)) {
		struct str arn = json_str(one), name = str_sub(arn, str_rfind_char(arn, ':') + 1, arn.n);
		if (!close_is_bucket(name))
			return false;
		v[n++] = arena_str(mem, name);
	}
	s->buckets = v;
	s->n_buckets = n;
	return n > 0;
}

static bool read_item(const struct json *item, struct arena *mem, struct close_scope *s)
{
	size_t guards = 0;
	*s = (struct close_scope){.expires = WHEN_NONE};
	const struct json *e = json_first(json_get(item, "entries"));
	for (; e; e = json_next(e)) {
		struct str type = json_str(json_get(e, "type"));
		guards += str_is(json_str(json_get(e, "operator")), "excluded");
		if (!(str_is(type, "wildcard") && take_wildcard(e, mem, s)) &&
			!(str_is(type, "match_any") && take_buckets(e, mem, s)))
			return false;
	}
	struct str expires = json_str(json_get(item, "expire_time"));
	if (expires.n && !when_parse(expires, &s->expires))
		return false;
	struct str says = json_str(json_get(item, "description"));
	if (str_starts(says, STR("Approved: ")))
		s->reason = arena_str(mem, str_sub(says, sizeof("Approved: ") - 1, says.n));
	return guards == 2 && s->account.n && s->role.n && s->n_buckets;
}

static void take_item(struct reading *r, const struct json *item)
{
	struct close_scope s;
	if (r->n >= ITEMS_MAX || !read_item(item, r->mem, &s)) {
		r->others++;
		return;
	}
	if (r->n == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : 16;
		struct close_scope *v = arena_array(r->mem, cap, sizeof(*v));
		for (size_t i = 0; i < r->n; i++)
			v[i] = r->v[i];
		r->v = v;
		r->cap = cap;
	}
	r->v[r->n++] = s;
}

static bool take_line(struct reading *r, struct str line, struct err *err)
{
	AUTO(json_free_ptr) struct json *doc = json_parse(line, err);
	if (!doc)
		return false;
	if (json_get(doc, "item_id"))
		take_item(r, doc);
	else if (json_get(doc, "list_id"))
		r->list = true;
	else if (!json_get(doc, "exported_exception_list_count"))
		return err_set(err, ERR_INPUT, "this is no line of an exception list");
	return true;
}

bool close_exceptions_read(struct str ndjson, struct arena *mem, struct close_scopes *out,
	size_t *others, struct err *err)
{
	struct reading r = {.mem = mem};
	struct str rest = ndjson, line;
	for (unsigned long at = 1; lines_next(&rest, &line); at++)
		if (str_trim(line).n && !take_line(&r, line, err))
			return err_where(err, NULL, at, 0);
	*out = (struct close_scopes){r.v, r.n};
	*others = r.others;
	return r.list || err_set(err, ERR_INPUT, "there is no exception list in it");
}
