/*
 * plugins: the investigation guide's `!{investigate{JSON}}` and `!{osquery{JSON}}` as Markdown
 * that people can read. What is no valid JSON stays as it is.
 */
#include "md_priv.h"

/* Escapes what Markdown would take for markup. */
static void add_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool punctuation = (c > 0x20 && c < 0x30) || (c > 0x39 && c < 0x41) ||
			(c > 0x5a && c < 0x61) || (c > 0x7a && c < 0x7f);
		if (punctuation)
			buf_char(out, '\\');
		buf_char(out, c == '\n' || c == '\r' ? ' ' : s.p[i]);
	}
}

/* A code span around any text: one more backtick than the longest run in it. */
static void plugins_add_code(struct buf *out, struct str s)
{
	size_t longest = 0, run = 0;
	for (size_t i = 0; i < s.n; i++) {
		run = s.p[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	buf_fill(out, '`', longest + 1);
	buf_char(out, ' ');
	for (size_t i = 0; i < s.n; i++)
		buf_char(out, s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]);
	buf_char(out, ' ');
	buf_fill(out, '`', longest + 1);
}

static void add_condition(const struct json *c, struct buf *out)
{
	char tmp[JSON_SCALAR_MAX];
	struct str type = json_str(json_get(c, "queryType"));
	if (json_bool(json_get(c, "excluded")))
		buf_c(out, "not ");
	buf_add(out, json_str(json_get(c, "field")));
	if (str_is(type, "exists")) {
		buf_c(out, " exists");
		return;
	}
	buf_c(out, ": ");
	buf_add(out, json_text(json_get(c, "value"), tmp));
}

/* Conditions of one group are joined by "and", groups by "or". */
static void add_providers(const struct json *providers, struct buf *out)
{
	const struct json *first = json_first(providers);
	for (const struct json *group = first; group; group = json_next(group)) {
		if (group != first)
			buf_c(out, " or ");
		const struct json *head = json_first(group);
		for (const struct json *c = head; c; c = json_next(c)) {
			if (c != head)
				buf_c(out, " and ");
			add_condition(c, out);
		}
	}
}

static void plugins_add_plugin(const char *kind, const struct json *v, struct buf *out)
{
	AUTO(buf_fini) struct buf query;
	buf_init(&query, MD_BYTES_MAX);
	struct str label = json_str(json_get(v, "label"));
	struct str about = json_str(json_get(v, "description"));
	buf_fmt(out, "**\\[%s\\]** ", kind);
	add_escaped(out, label.n ? label : about);
	if (json_get(v, "providers"))
		add_providers(json_get(v, "providers"), &query);
	else
		buf_add(&query, json_str(json_get(v, "query")));
	if (query.n == 0)
		return;
	buf_c(out, ": ");
	plugins_add_code(out, buf_str(&query));
}

/* One plugin at the start of s ("!{kind{…}}"): appends it and returns its length, or 0. */
static size_t take_plugin(struct str s, const char *kind, struct buf *out)
{
	struct str name = str_c(kind);
	struct str inner = str_sub(s, 2 + name.n, s.n);
	size_t used = 0;
	if (!str_starts(str_sub(s, 2, s.n), name) || inner.n == 0 || inner.p[0] != '{')
		return 0;
	if (!json_scan(inner, &used, NULL, NULL) || used >= inner.n || inner.p[used] != '}')
		return 0;
	AUTO(json_free_ptr) struct json *v = json_parse(str_sub(inner, 0, used), NULL);
	if (!v)
		return 0;
	plugins_add_plugin(kind, v, out);
	return 2 + name.n + used + 1;
}

void plugins_readable(struct str markdown, struct buf *out)
{
	struct str rest = markdown;
	while (rest.n > 0) {
		size_t at = str_find(rest, STR("!{"));
		if (at == STR_NONE)
			break;
		buf_add(out, str_sub(rest, 0, at));
		rest = str_sub(rest, at, rest.n);
		size_t used = take_plugin(rest, "investigate", out);
		if (used == 0)
			used = take_plugin(rest, "osquery", out);
		if (used == 0) {
			buf_c(out, "!{");
			used = 2;
		}
		rest = str_sub(rest, used, rest.n);
	}
	buf_add(out, rest);
}
