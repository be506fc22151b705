/*
 * toml_scan: the parser's hands: bytes, blanks, comments, ends of lines, and errors.
 */
#include "toml_priv.h"

#include "s3triage/base/lines.h"
#include "s3triage/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

int toml_peek(const struct toml_parser *p, size_t ahead)
{
	return ahead < p->text.n - p->at ? (unsigned char)p->text.p[p->at + ahead] : -1;
}

bool toml_take(struct toml_parser *p, char c)
{
	if (toml_peek(p, 0) != (unsigned char)c)
		return false;
	p->at++;
	return true;
}

bool toml_take_newline(struct toml_parser *p)
{
	bool pair = toml_peek(p, 0) == '\r' && toml_peek(p, 1) == '\n';
	if (pair)
		p->at++;
	return toml_take(p, '\n');
}

void toml_skip_blanks(struct toml_parser *p)
{
	while (toml_take(p, ' ') || toml_take(p, '\t'))
		;
}

bool toml_is_control(int c)
{
	return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7F;
}

static bool comment(struct toml_parser *p)
{
	if (toml_peek(p, 0) != '#')
		return true;
	while (toml_peek(p, 0) >= 0 && !toml_is_control(toml_peek(p, 0)))
		p->at++;
	bool newline = toml_peek(p, 0) == '\n' ||
		(toml_peek(p, 0) == '\r' && toml_peek(p, 1) == '\n');
	if (newline || toml_peek(p, 0) < 0)
		return true;
	return toml_fail(p, p->at, "a comment must not hold the control character U+%04X",
		(unsigned)toml_peek(p, 0));
}

bool toml_skip_lines(struct toml_parser *p)
{
	do {
		toml_skip_blanks(p);
		if (!comment(p))
			return false;
	} while (toml_take_newline(p));
	return true;
}

bool toml_end_of_line(struct toml_parser *p)
{
	toml_skip_blanks(p);
	if (!comment(p))
		return false;
	if (toml_take_newline(p) || toml_peek(p, 0) < 0)
		return true;
	return toml_expected(p, "the end of the line");
}

bool toml_fail(struct toml_parser *p, size_t at, const char *fmt, ...)
{
	char text[sizeof(((struct err *)0)->text)];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	err_set(p->err, ERR_PARSE, "%s", text);
	err_where(p->err, p->file, 0, 0);
	return lines_err_at(p->err, p->text, at);
}

bool toml_expected(struct toml_parser *p, const char *what)
{
	int c = toml_peek(p, 0);
	if (c < 0)
		return toml_fail(p, p->at, "expected %s, found the end of the file", what);
	if (c == '\n' || (c == '\r' && toml_peek(p, 1) == '\n'))
		return toml_fail(p, p->at, "expected %s, found the end of the line", what);
	struct str rest = str_sub(p->text, p->at, p->text.n), one = rest;
	utf8_next(&rest);
	one.n -= rest.n;
	struct buf shown = {0};
	utf8_visible(&shown, one, false);
	toml_fail(p, p->at, "expected %s, found %s", what, buf_cstr(&shown));
	buf_fini(&shown);
	return false;
}
