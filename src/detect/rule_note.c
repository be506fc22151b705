/*
 * rule_note: the alert's own values in a guide. `{{field}}` stands mostly inside the JSON of an
 * !{investigate{…}} or !{osquery{…}} pivot, where a value must stay inside its string.
 */
#include "rule_priv.h"

#include "s3triage/base/utf8.h"

#define VALUE_MAX_BYTES 512
#define FIELD_MAX_BYTES 256

/* The values of a field, made visible, joined by ", ". */
static void values_text(const struct json *ecs, struct str field, struct buf *out)
{
	struct doc_values all;
	if (!doc_values(ecs, field, &all)) {
		buf_fmt(out, "(%.*s: no value)", STR_ARG(field));
		return;
	}
	for (size_t i = 0; i < all.n; i++) {
		char tmp[JSON_SCALAR_MAX];
		struct str v = json_text(all.v[i], tmp);
		if (i)
			buf_c(out, ", ");
		utf8_visible(out, str_sub(v, 0, VALUE_MAX_BYTES), false);
		if (v.n > VALUE_MAX_BYTES)
			buf_c(out, "…");
	}
}

/* A code span around any text: one more backtick than its longest run. */
static void rule_note_add_code(struct str s, struct buf *out)
{
	size_t run = 0, longest = 0;
	for (size_t i = 0; i < s.n; i++) {
		run = s.p[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	buf_fill(out, '`', longest + 1);
	buf_c(out, longest ? " " : "");
	buf_add(out, s);
	buf_c(out, longest ? " " : "");
	buf_fill(out, '`', longest + 1);
}

static void rule_note_add_value(
	const struct json *ecs, struct str field, bool in_json, struct buf *out)
{
	struct buf text = {0};
	values_text(ecs, field, &text);
	if (!in_json) {
		rule_note_add_code(buf_str(&text), out);
	} else {
		struct buf quoted = {0};
		json_quote(buf_str(&text), &quoted);
		buf_add(out, str_sub(buf_str(&quoted), 1, quoted.n - 1));
		buf_fini(&quoted);
	}
	buf_fini(&text);
}

/* "{{field}}" at the start of s: the field, and the length of it all; 0 when it is none. */
static size_t placeholder(struct str s, struct str *field)
{
	size_t end = str_find(str_sub(s, 0, FIELD_MAX_BYTES), STR("}}"));
	if (!str_starts(s, STR("{{")) || end == STR_NONE)
		return 0;
	*field = str_trim(str_sub(s, 2, end));
	for (size_t i = 0; i < field->n; i++) {
		unsigned char c = (unsigned char)field->p[i];
		if (c <= ' ' || c >= 0x7f || c == '{' || c == '"' || c == '`')
			return 0;
	}
	return field->n ? end + 2 : 0;
}

static void rule_note_fill(struct str s, const struct json *ecs, bool in_json, struct buf *out)
{
	while (s.n) {
		struct str field;
		size_t at = str_find(s, STR("{{"));
		buf_add(out, str_sub(s, 0, at));
		if (at == STR_NONE)
			return;
		s = str_sub(s, at, s.n);
		size_t used = placeholder(s, &field);
		if (used)
			rule_note_add_value(ecs, field, in_json, out);
		else
			buf_char(out, '{');
		s = str_sub(s, used ? used : 1, s.n);
	}
}

/* The length of a pivot at the start of s, "!{name{…}}", or 0. */
static size_t rule_note_pivot(struct str s)
{
	static const char *const names[] = {"!{investigate", "!{osquery"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str head = str_c(names[i]);
		size_t used = 0;
		if (!str_starts(s, head) ||
			!json_scan(str_sub(s, head.n, s.n), &used, NULL, NULL) || !used)
			continue;
		size_t end = head.n + used;
		return end < s.n && s.p[end] == '}' ? end + 1 : 0;
	}
	return 0;
}

void rule_note_expand(struct str note, const struct json *ecs, struct buf *out)
{
	struct str rest = note;
	size_t from = 0;
	while (rest.n) {
		size_t at = str_find(str_sub(rest, from, rest.n), STR("!{"));
		if (at == STR_NONE)
			break;
		at += from;
		size_t n = rule_note_pivot(str_sub(rest, at, rest.n));
		if (!n) {
			from = at + 2;
			continue;
		}
		rule_note_fill(str_sub(rest, 0, at), ecs, false, out);
		rule_note_fill(str_sub(rest, at, at + n), ecs, true, out);
		rest = str_sub(rest, at + n, rest.n);
		from = 0;
	}
	rule_note_fill(rest, ecs, false, out);
}
