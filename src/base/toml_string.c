/*
 * toml_string: the four kinds of string, and keys.
 */
#include "toml_priv.h"

#include "s3triage/base/utf8.h"

struct kind {
	char quote; /* '"' knows escapes */
	bool multi;
	size_t open; /* where it began */
};

/* Exactly n hex digits. */
static bool take_hex(struct toml_parser *p, size_t n, uint32_t *out)
{
	uint32_t v = 0;
	for (size_t i = 0; i < n; i++) {
		int c = toml_peek(p, i);
		if (c >= '0' && c <= '9')
			v = v << 4 | (uint32_t)(c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			v = v << 4 | ((uint32_t)(c | 0x20) - 'a' + 10);
		else
			return false;
	}
	p->at += n;
	*out = v;
	return true;
}

static bool unicode_escape(struct toml_parser *p, size_t digits, size_t at)
{
	uint32_t cp;
	if (!take_hex(p, digits, &cp))
		return toml_fail(p, at, "expected %zu hexadecimal digits in this escape", digits);
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		return toml_fail(p, at, "U+%04X is not a character", (unsigned)cp);
	utf8_put(&p->scratch, cp);
	return true;
}

/* A backslash at the end of a line joins it with the next text. */
static bool join_lines(struct toml_parser *p)
{
	size_t back = p->at;
	toml_skip_blanks(p);
	if (!toml_take_newline(p)) {
		p->at = back;
		return false;
	}
	do
		toml_skip_blanks(p);
	while (toml_take_newline(p));
	return true;
}

static bool toml_string_escape(struct toml_parser *p, const struct kind *k)
{
	static const char to[] = "\b\t\n\f\r\"\\";
	size_t at = p->at++;
	if (k->multi && join_lines(p))
		return true;
	int c = toml_peek(p, 0);
	size_t i = c > 0 ? str_find_char(STR("btnfr\"\\"), (char)c) : STR_NONE;
	if (i != STR_NONE) {
		p->at++;
		buf_char(&p->scratch, to[i]);
		return true;
	}
	if (toml_take(p, 'u'))
		return unicode_escape(p, 4, at);
	if (toml_take(p, 'U'))
		return unicode_escape(p, 8, at);
	return toml_fail(p, at, "this is not an escape; known are \\b \\t \\n \\f \\r \\\" \\\\ "
		"\\uNNNN \\UNNNNNNNN (or use a '...' string, which knows none)");
}

/* At a quote: true when the string ends with it. Up to two quotes may stand before the three
 * that end a multi-line string. */
static bool closes(struct toml_parser *p, const struct kind *k)
{
	size_t run = 0, ends = k->multi ? 3 : 1;
	while (run < ends + (k->multi ? 2 : 0) && toml_peek(p, run) == k->quote)
		run++;
	p->at += run;
	buf_fill(&p->scratch, k->quote, run < ends ? run : run - ends);
	return run >= ends;
}

static bool body(struct toml_parser *p, const struct kind *k)
{
	for (;;) {
		int c = toml_peek(p, 0);
		if (c < 0)
			return toml_fail(p, k->open, "this string is never closed");
		if (c == k->quote) {
			if (closes(p, k))
				return true;
		} else if (c == '\\' && k->quote == '"') {
			if (!toml_string_escape(p, k))
				return false;
		} else if (k->multi && toml_take_newline(p)) {
			buf_char(&p->scratch, '\n');
		} else if (c == '\n' || (c == '\r' && toml_peek(p, 1) == '\n')) {
			return toml_fail(p, k->open, "this string is not closed on its line");
		} else if (toml_is_control(c)) {
			return toml_fail(p, p->at, "the control character U+%04X must be escaped",
				(unsigned)c);
		} else {
			buf_char(&p->scratch, (char)c);
			p->at++;
		}
	}
}

bool toml_string(struct toml_parser *p, bool multi, struct str *out)
{
	struct kind k = {p->text.p[p->at], false, p->at};
	p->at++;
	buf_clear(&p->scratch);
	if (multi && toml_peek(p, 0) == k.quote && toml_peek(p, 1) == k.quote) {
		k.multi = true;
		p->at += 2;
		toml_take_newline(p);
	}
	if (!body(p, &k))
		return false;
	*out = arena_str(&p->doc->arena, buf_str(&p->scratch));
	return true;
}

static bool toml_string_bare(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '_' || c == '-';
}

bool toml_key(struct toml_parser *p, struct str *out)
{
	int c = toml_peek(p, 0);
	if (c == '"' || c == '\'')
		return toml_string(p, false, out);
	size_t n = 0;
	while (toml_string_bare(toml_peek(p, n)))
		n++;
	if (n == 0)
		return toml_expected(p, "a key (letters, digits, _ and -, or quoted)");
	*out = arena_str(&p->doc->arena, str_sub(p->text, p->at, p->at + n));
	p->at += n;
	return true;
}
