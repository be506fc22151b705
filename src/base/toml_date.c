/*
 * toml_date: offset and local date-times, dates and times (RFC 3339). They are checked and kept
 * as written; base/when turns them into points in time.
 */
#include "toml_priv.h"

static bool toml_date_digits(struct str *s, size_t n, unsigned most, unsigned *out)
{
	int64_t v;
	if (s->n < n || !str_digits(str_sub(*s, 0, n)) || !str_int(str_sub(*s, 0, n), &v) || v > most)
		return false;
	*s = str_sub(*s, n, s->n);
	*out = (unsigned)v;
	return true;
}

static bool toml_date_mark(struct str *s, const char *any)
{
	if (!s->n || str_find_char(str_c(any), s->p[0]) == STR_NONE)
		return false;
	*s = str_sub(*s, 1, s->n);
	return true;
}

static bool toml_date_date(struct str *s)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	unsigned y, m, d;
	if (!toml_date_digits(s, 4, 9999, &y) || !toml_date_mark(s, "-") ||
		!toml_date_digits(s, 2, 12, &m) || !toml_date_mark(s, "-") ||
		!toml_date_digits(s, 2, 31, &d) || !m || !d)
		return false;
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	return d <= days[m - 1] + (m == 2 && leap ? 1u : 0u);
}

static bool time_of_day(struct str *s)
{
	unsigned h, m, sec;
	if (!toml_date_digits(s, 2, 23, &h) || !toml_date_mark(s, ":") ||
		!toml_date_digits(s, 2, 59, &m) || !toml_date_mark(s, ":") ||
		!toml_date_digits(s, 2, 60, &sec))
		return false;
	if (!toml_date_mark(s, "."))
		return true;
	unsigned digit;
	if (!toml_date_digits(s, 1, 9, &digit))
		return false;
	while (toml_date_digits(s, 1, 9, &digit))
		;
	return true;
}

static bool offset(struct str *s)
{
	unsigned h, m;
	return toml_date_mark(s, "Zz") ||
	       (toml_date_mark(s, "+-") && toml_date_digits(s, 2, 23, &h) &&
		       toml_date_mark(s, ":") && toml_date_digits(s, 2, 59, &m));
}

bool toml_is_date(struct str token)
{
	bool time = token.n > 2 && str_digits(str_sub(token, 0, 2)) && token.p[2] == ':';
	return time || (token.n > 4 && str_digits(str_sub(token, 0, 4)) && token.p[4] == '-');
}

static enum toml_type kind(struct str s)
{
	if (s.n > 2 && s.p[2] == ':')
		return time_of_day(&s) && !s.n ? TOML_LOCAL_TIME : TOML_NONE;
	if (!toml_date_date(&s))
		return TOML_NONE;
	if (!s.n)
		return TOML_LOCAL_DATE;
	if (!toml_date_mark(&s, "Tt ") || !time_of_day(&s))
		return TOML_NONE;
	if (!s.n)
		return TOML_LOCAL_DATETIME;
	return offset(&s) && !s.n ? TOML_OFFSET_DATETIME : TOML_NONE;
}

/* The blank between date and time ends a token; take the time too. */
static struct str with_time(struct toml_parser *p, struct str token)
{
	bool time = token.n == 10 && toml_peek(p, 0) == ' ' && toml_peek(p, 1) >= '0' &&
		toml_peek(p, 1) <= '9';
	size_t n = 1;
	while (time && toml_peek(p, n) > 0 &&
		str_find_char(STR("0123456789:.+-Zz"), (char)toml_peek(p, n)) != STR_NONE)
		n++;
	if (!time)
		return token;
	p->at += n;
	return (struct str){token.p, token.n + n};
}

bool toml_date(struct toml_parser *p, struct str token, struct toml_value *v)
{
	size_t at = p->at - token.n;
	token = with_time(p, token);
	v->type = (uint8_t)kind(token);
	if (v->type == TOML_NONE)
		return toml_fail(p, at, "this is not a date or time that exists; they are written like "
			"2026-11-24, 02:13:07, 2026-11-24T02:13:07Z");
	v->text = arena_str(&p->doc->arena, token);
	return true;
}
