/*
 * mapstring_parse: the tolerant way back from unquoted text. Whatever it returns may be forged by
 * whoever wrote a value, so callers must trust other forms more. A comma separates members only
 * where "key=" follows, since values hold commas too ("Oct 2, 2019"); a brace ends a value only
 * where something can follow it. Nesting and the number of values are capped. A text that ends too
 * early is cut: what it ends in is marked, so that nobody takes a part for the whole.
 */
#include "s3triage/event/ecs.h"

#include "s3triage/base/mem.h"

#include <string.h>

enum { NESTING_MAX = 64, VALUES_MAX = 65536, MEMBERS_MAX = 1024, TEXT_MAX = 1 << 20 };

struct reader {
	const char *p, *end;
	unsigned depth;
	size_t values;
	bool doubtful, cut;
};

static struct str rest_of(const struct reader *r)
{
	return (struct str){r->p, (size_t)(r->end - r->p)};
}

static bool at_comma(const struct reader *r)
{
	return r->end - r->p >= 2 && r->p[0] == ',' && r->p[1] == ' ';
}

static bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c && strchr("_-.:@/", c));
}

/* "key=" stands at p, or as much of it as a cut text has. */
static bool at_key(const char *p, const char *end)
{
	const char *from = p;
	while (p < end && is_key_char(*p))
		p++;
	return p > from && (p == end || *p == '=');
}

/* The brace at r->p can be the end of a container: something that may follow one follows. */
static bool may_close(const struct reader *r)
{
	const char *next = r->p + 1;
	return next == r->end || *next == '}' || *next == ']' ||
		(r->end - next >= 2 && next[0] == ',' && next[1] == ' ');
}

/* Does the text of a value end at r->p? Braces that opened inside it do not end it. */
static bool ends_text(struct reader *r, bool in_list, unsigned inner)
{
	char c = *r->p;
	if (at_comma(r))
		return in_list || at_key(r->p + 2, r->end);
	if (c != (in_list ? ']' : '}') || inner)
		return false;
	if (!may_close(r))
		r->doubtful = true;
	return may_close(r);
}

static struct json *mapstring_parse_read_text(struct reader *r, bool in_list)
{
	const char *from = r->p;
	unsigned inner = 0;
	while (r->p < r->end && !ends_text(r, in_list, inner)) {
		if (*r->p == '{')
			inner++;
		else if (*r->p == '}' && inner)
			inner--;
		else if (*r->p == '}')
			r->doubtful = true;
		r->p++;
	}
	struct str text = {from, (size_t)(r->p - from)};
	if (r->p < r->end || !r->depth)
		return json_new_str(text);
	r->cut = true;
	AUTO(buf_fini) struct buf part = {0};
	buf_add(&part, text);
	buf_c(&part, MAPSTRING_REST);
	return json_new_str(buf_str(&part));
}

static struct json *read_container(struct reader *r);

static struct json *read_value(struct reader *r, bool in_list)
{
	r->values++;
	bool opens = r->p < r->end && (*r->p == '{' || *r->p == '[');
	if (opens && r->depth < NESTING_MAX)
		return read_container(r);
	r->doubtful |= opens;
	return mapstring_parse_read_text(r, in_list);
}

/* Of members with the same key, the first is kept. */
static void mapstring_parse_read_member(struct reader *r, struct json *map, size_t seen)
{
	struct str rest = rest_of(r);
	size_t equals = str_find_char(rest, '=');
	if (equals == STR_NONE && (!rest.n || at_key(r->p, r->end))) {
		r->cut = true; /* in the key, or before it */
		r->p = r->end;
		return;
	}
	if (equals == STR_NONE)
		equals = rest.n;
	struct str key = str_sub(rest, 0, equals);
	bool keep = seen < MEMBERS_MAX && !json_get_str(map, key);
	if (!keep || !at_key(r->p, r->end))
		r->doubtful = true;
	r->p += equals < rest.n ? equals + 1 : equals;
	struct json *value = read_value(r, false);
	if (keep)
		json_set_key(map, key, value);
	else
		json_free(value);
}

/* Behind a member: true when another one follows, false behind the closing brace. */
static bool another(struct reader *r, char close)
{
	if (r->p < r->end && *r->p == close) {
		r->p++;
		return false;
	}
	if (at_comma(r) && r->values < VALUES_MAX) {
		r->p += 2;
		return true;
	}
	*(r->p == r->end ? &r->cut : &r->doubtful) = true;
	return false;
}

static struct json *read_container(struct reader *r)
{
	bool list = *r->p++ == '[';
	char close = list ? ']' : '}';
	struct json *v = list ? json_new_array() : json_new_object();
	if (r->p < r->end && *r->p == close) {
		r->p++;
		return v;
	}
	r->depth++;
	size_t seen = 0;
	do {
		if (list)
			json_push(v, read_value(r, true));
		else
			mapstring_parse_read_member(r, v, seen);
		seen++;
	} while (another(r, close));
	r->depth--;
	if (r->cut && !list)
		json_set(v, MAPSTRING_CUT, json_new_str(STR(MAPSTRING_REST)));
	return v;
}

struct json *mapstring_parse(struct str text, bool *doubtful, bool *cut)
{
	struct reader r = {0};
	bool long_one = text.n > TEXT_MAX;
	if (long_one)
		text.n = TEXT_MAX;
	r.p = text.p ? text.p : "";
	r.end = r.p + text.n;
	struct json *v = read_value(&r, false);
	if (json_type(v) == JSON_STRING || r.p != r.end)
		r.doubtful = true;
	/* A whole text ends in a brace: then a value may have opened more, to look cut. */
	*doubtful = r.doubtful || (r.cut && str_ends(text, STR("}")));
	*cut = r.cut || long_one;
	return v;
}
