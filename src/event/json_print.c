/*
 * json_print: trees as text. Strings in a tree are valid UTF-8 without NUL; what json_quote() is
 * given may be anything. Recursion is as deep as the tree, which the parser and the callers bound.
 */
#include "json_priv.h"

static void put_unicode(struct buf *out, unsigned cp)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = {'\\', 'u', '0', '0', hex[(cp >> 4) & 15], hex[cp & 15]};
	buf_add(out, (struct str){text, sizeof(text)});
}

static void put_escape(struct buf *out, unsigned char c)
{
	static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
	for (size_t i = 0; i < sizeof(plain) - 1; i++)
		if (c == (unsigned char)plain[i]) {
			char text[2] = {'\\', letter[i]};
			buf_add(out, (struct str){text, 2});
			return;
		}
	put_unicode(out, c);
}

/* Bytes at p that may stand as they are: 0 when the first one may not. */
static size_t as_it_is(const char *p, size_t n)
{
	unsigned char c = (unsigned char)*p;
	if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F)
		return 0;
	if (c == 0xC2 && n > 1 && (unsigned char)p[1] < 0xA0)
		return 0;
	return c < 0x80 ? 1 : json_utf8_len(p, n);
}

void json_quote(struct str s, struct buf *out)
{
	size_t from = 0, i = 0;
	buf_char(out, '"');
	while (i < s.n) {
		i = (size_t)(json_lex_plain(s.p + i, s.p + s.n) - s.p);
		if (i == s.n)
			break;
		size_t n = as_it_is(s.p + i, s.n - i);
		if (n) {
			i += n;
			continue;
		}
		buf_add(out, str_sub(s, from, i));
		unsigned char c = (unsigned char)s.p[i++];
		if (c < 0x80)
			put_escape(out, c);
		else if (c == 0xC2 && i < s.n && (s.p[i] & 0xC0) == 0x80)
			put_unicode(out, (unsigned char)s.p[i++]);
		else
			buf_add(out, STR("\xEF\xBF\xBD"));
		from = i;
	}
	buf_add(out, str_sub(s, from, s.n));
	buf_char(out, '"');
}

static void put_scalar(const struct json *v, struct buf *out)
{
	char tmp[JSON_SCALAR_MAX];
	if (json_type(v) == JSON_STRING)
		json_quote(json_str(v), out);
	else if (json_type(v) == JSON_NULL)
		buf_add(out, STR("null"));
	else
		buf_add(out, json_text(v, tmp));
}

static void new_line(struct buf *out, unsigned level)
{
	buf_char(out, '\n');
	buf_fill(out, ' ', (size_t)level * 2);
}

static void put(const struct json *v, struct buf *out, bool pretty, unsigned level)
{
	enum json_type t = json_type(v);
	if (t != JSON_OBJECT && t != JSON_ARRAY) {
		put_scalar(v, out);
		return;
	}
	buf_char(out, t == JSON_OBJECT ? '{' : '[');
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		if (m != json_first(v))
			buf_char(out, ',');
		if (pretty)
			new_line(out, level + 1);
		if (t == JSON_OBJECT) {
			json_quote(json_key(m), out);
			buf_add(out, pretty ? STR(": ") : STR(":"));
		}
		put(m, out, pretty, level + 1);
	}
	if (pretty && json_first(v))
		new_line(out, level);
	buf_char(out, t == JSON_OBJECT ? '}' : ']');
}

void json_print(const struct json *v, struct buf *out)
{
	put(v, out, false, 0);
}

void json_print_pretty(const struct json *v, struct buf *out)
{
	put(v, out, true, 0);
}
