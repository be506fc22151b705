/*
 * quote: a value as a literal of another language. What is not printable ASCII is spelled as an
 * escape, so that nothing invisible, no line end and no text direction gets into what is copied.
 */
#include "s3triage/export/pivot.h"

#include "s3triage/base/utf8.h"

static bool printable(uint32_t c)
{
	return c >= 0x20 && c < 0x7f;
}

/* One \uHHHH, or two for what lies beyond. */
static void put_utf16(uint32_t c, struct buf *out)
{
	if (c < 0x10000) {
		buf_fmt(out, "\\u%04X", (unsigned)c);
		return;
	}
	c -= 0x10000;
	buf_fmt(out, "\\u%04X\\u%04X", (unsigned)(0xD800 + (c >> 10)), (unsigned)(0xDC00 + (c & 0x3ff)));
}

static void put_braced(uint32_t c, struct buf *out)
{
	buf_fmt(out, "\\u{%04X}", (unsigned)c);
}

/* In quotes; `escape` spells what is not printable ASCII. */
static void quote_with(struct str s, void (*escape)(uint32_t c, struct buf *out), struct buf *out)
{
	buf_char(out, '"');
	while (s.n) {
		uint32_t c = utf8_next(&s);
		if (c == '"' || c == '\\')
			buf_char(out, '\\');
		if (printable(c))
			buf_char(out, (char)c);
		else
			escape(c, out);
	}
	buf_char(out, '"');
}

void quote_kql(struct str s, struct buf *out)
{
	quote_with(s, put_utf16, out);
}

void quote_eql(struct str s, struct buf *out)
{
	quote_with(s, put_braced, out);
}

static bool all_printable(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!printable((unsigned char)s.p[i]))
			return false;
	return true;
}

/* U&'...' has escapes; the plain form has none, and a backslash is only itself there. */
void quote_sql(struct str s, struct buf *out)
{
	bool plain = all_printable(s);
	buf_c(out, plain ? "'" : "U&'");
	while (s.n) {
		uint32_t c = utf8_next(&s);
		if (c == '\'' || (c == '\\' && !plain))
			buf_char(out, (char)c);
		if (printable(c))
			buf_char(out, (char)c);
		else if (c < 0x10000)
			buf_fmt(out, "\\%04X", (unsigned)c);
		else
			buf_fmt(out, "\\+%06X", (unsigned)c);
	}
	buf_char(out, '\'');
}

void quote_shell(struct str s, struct buf *out)
{
	buf_char(out, '\'');
	while (s.n) {
		struct str rest = s;
		uint32_t c = utf8_next(&rest);
		if (c == '\'')
			buf_c(out, "'\\''");
		else if (utf8_is_hostile(c))
			buf_c(out, "\xEF\xBF\xBD");
		else
			buf_add(out, str_sub(s, 0, s.n - rest.n));
		s = rest;
	}
	buf_char(out, '\'');
}
