/*
 * json_print: trees as text. Strings in a tree are valid UTF-8 without NUL; what json_quote() is
 * given may be anything. Recursion is as deep as the tree, which the parser and the callers bound.
 */
#include "json_priv.h"

#include "s3triage/base/utf8.h"

static void put_unicode(struct buf *out, unsigned cp)
{
	static const char hex[] = "0123456789abcdef";
	if (cp > 0xFFFF) {
		put_unicode(out, 0xD800 + ((cp - 0x10000) >> 10));
		cp = 0xDC00 + ((cp - 0x10000) & 0x3FF);
	}
	char text[6] = {'\\', 'u', hex[cp >> 12], hex[(cp >> 8) & 15], hex[(cp >> 4) & 15], hex[cp & 15]};
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

/* Bytes at p that may stand as they are: 0 when the first one may not. What turns text around or is not
 * seen is spelled as an escape: the same value, and no terminal is fooled. The stable spelling does that
 * with control characters alone. */
static size_t as_it_is(const char *p, size_t n, bool stable)
{
	unsigned char c = (unsigned char)*p;
	if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F)
		return 0;
	if (c < 0x80)
		return 1;
	size_t len = json_utf8_len(p, n);
	struct str one = {p, len};
	uint32_t cp = len ? utf8_next(&one) : 0;
	return cp < 0xA0 || (!stable && cp != 0xFFFD && utf8_is_hostile(cp)) ? 0 : len;
}

/* What may not stand as it is; a byte that is no UTF-8 is U+FFFD. Returns how many bytes it was. */
static size_t put_spelled(struct str s, struct buf *out)
{
	size_t len = json_utf8_len(s.p, s.n);
	if ((unsigned char)*s.p < 0x80) {
		put_escape(out, (unsigned char)*s.p);
		return 1;
	}
	if (!len) {
		buf_add(out, STR("\xEF\xBF\xBD"));
		return 1;
	}
	put_unicode(out, utf8_next(&s));
	return len;
}

static void quote(struct str s, bool stable, struct buf *out)
{
	size_t from = 0, i = 0;
	buf_char(out, '"');
	while (i < s.n) {
		i = (size_t)(json_lex_plain(s.p + i, s.p + s.n) - s.p);
		if (i == s.n)
			break;
		size_t n = as_it_is(s.p + i, s.n - i, stable);
		if (n) {
			i += n;
			continue;
		}
		buf_add(out, str_sub(s, from, i));
		from = i += put_spelled(str_sub(s, i, s.n), out);
	}
	buf_add(out, str_sub(s, from, s.n));
	buf_char(out, '"');
}

void json_quote(struct str s, struct buf *out)
{
	quote(s, false, out);
}

void json_quote_stable(struct str s, struct buf *out)
{
	quote(s, true, out);
}

struct printer {
	struct buf *out;
	bool pretty, stable;
};

static void put_scalar(const struct printer *p, const struct json *v)
{
	char tmp[JSON_SCALAR_MAX];
	if (json_type(v) == JSON_STRING)
		quote(json_str(v), p->stable, p->out);
	else if (json_type(v) == JSON_NULL)
		buf_add(p->out, STR("null"));
	else
		buf_add(p->out, json_text(v, tmp));
}

static void json_print_new_line(struct buf *out, unsigned level)
{
	buf_char(out, '\n');
	buf_fill(out, ' ', (size_t)level * 2);
}

static void json_print_put(const struct printer *p, const struct json *v, unsigned level)
{
	enum json_type t = json_type(v);
	if (t != JSON_OBJECT && t != JSON_ARRAY) {
		put_scalar(p, v);
		return;
	}
	buf_char(p->out, t == JSON_OBJECT ? '{' : '[');
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		if (m != json_first(v))
			buf_char(p->out, ',');
		if (p->pretty)
			json_print_new_line(p->out, level + 1);
		if (t == JSON_OBJECT) {
			quote(json_key(m), p->stable, p->out);
			buf_add(p->out, p->pretty ? STR(": ") : STR(":"));
		}
		json_print_put(p, m, level + 1);
	}
	if (p->pretty && json_first(v))
		json_print_new_line(p->out, level);
	buf_char(p->out, t == JSON_OBJECT ? '}' : ']');
}

void json_print(const struct json *v, struct buf *out)
{
	json_print_put(&(struct printer){.out = out}, v, 0);
}

void json_print_stable(const struct json *v, struct buf *out)
{
	json_print_put(&(struct printer){.out = out, .stable = true}, v, 0);
}

void json_print_pretty(const struct json *v, struct buf *out)
{
	json_print_put(&(struct printer){.out = out, .pretty = true}, v, 0);
}
