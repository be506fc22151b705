/*
 * toml_number: integers, floats, booleans.
 */
#include "toml_priv.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

static bool toml_number_digit_of(char c, unsigned base, unsigned *out)
{
	unsigned char u = (unsigned char)c;
	unsigned v = u >= '0' && u <= '9' ? (unsigned)(u - '0') :
		u >= 'a' && u <= 'f' ? (unsigned)(u - 'a' + 10) :
		u >= 'A' && u <= 'F' ? (unsigned)(u - 'A' + 10) : 99;
	*out = v;
	return v < base;
}

/* Digits of the base, single underscores only between two of them. */
static bool well_grouped(struct str s, unsigned base)
{
	bool digit = false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned v;
		bool is = toml_number_digit_of(s.p[i], base, &v);
		if (!is && (s.p[i] != '_' || !digit))
			return false;
		digit = is;
	}
	return digit;
}

static bool to_integer(struct str digits, unsigned base, bool minus, int64_t *out)
{
	int64_t v = 0;
	for (size_t i = 0; i < digits.n; i++) {
		unsigned d;
		if (!toml_number_digit_of(digits.p[i], base, &d))
			continue;
		if (__builtin_mul_overflow(v, (int64_t)base, &v) ||
			__builtin_sub_overflow(v, (int64_t)d, &v))
			return false;
	}
	if (!minus && v == INT64_MIN)
		return false;
	*out = minus ? v : -v;
	return true;
}

static bool toml_number_sign(struct str *s)
{
	bool minus = s->n && s->p[0] == '-';
	if (s->n && (s->p[0] == '-' || s->p[0] == '+'))
		*s = str_sub(*s, 1, s->n);
	return minus;
}

static bool leading_zero(struct str digits)
{
	return digits.n > 1 && digits.p[0] == '0';
}

static unsigned prefix_base(struct str s)
{
	return str_starts(s, STR("0x")) ? 16 : str_starts(s, STR("0o")) ? 8 :
		str_starts(s, STR("0b")) ? 2 : 0;
}

static bool toml_number_integer(struct toml_parser *p, struct str token, struct toml_value *v)
{
	size_t at = p->at - token.n;
	unsigned base = prefix_base(token);
	bool minus = false;
	struct str digits = token;
	if (base)
		digits = str_sub(token, 2, token.n);
	else
		minus = toml_number_sign(&digits);
	if (!well_grouped(digits, base ? base : 10))
		return toml_fail(p, at, "this is not a value: strings need quotes, numbers are written "
			"like 42, 1_000, 0xff, -1.5e3");
	if (!base && leading_zero(digits))
		return toml_fail(p, at, "a number must not begin with 0");
	if (!to_integer(digits, base ? base : 10, minus, &v->integer))
		return toml_fail(p, at, "this integer does not fit into 64 bits");
	v->type = TOML_INTEGER;
	return true;
}

/* digits [ . digits ] [ e [sign] digits ] with at least one of the two tails. */
static bool float_shape(struct str s)
{
	toml_number_sign(&s);
	size_t e = str_find_char(s, 'e');
	if (e == STR_NONE)
		e = str_find_char(s, 'E');
	if (e != STR_NONE) {
		struct str exponent = str_sub(s, e + 1, s.n);
		toml_number_sign(&exponent);
		if (!well_grouped(exponent, 10))
			return false;
		s = str_sub(s, 0, e);
	}
	size_t dot = str_find_char(s, '.');
	if (dot != STR_NONE && !well_grouped(str_sub(s, dot + 1, s.n), 10))
		return false;
	struct str whole = str_sub(s, 0, dot);
	return well_grouped(whole, 10) && !leading_zero(whole);
}

/* strtod() in the C locale: the program runs in the user's, whose point may be a comma. */
static double toml_number_to_double(struct toml_parser *p, struct str token)
{
	buf_clear(&p->scratch);
	for (size_t i = 0; i < token.n; i++)
		if (token.p[i] != '_')
			buf_char(&p->scratch, token.p[i]);
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	double d = strtod_l(buf_cstr(&p->scratch), NULL, c);
	freelocale(c);
	return d;
}

static bool special(struct str token, double *out)
{
	bool minus = toml_number_sign(&token);
	if (!str_is(token, "inf") && !str_is(token, "nan"))
		return false;
	double d = token.p[0] == 'i' ? (double)INFINITY : (double)NAN;
	*out = minus ? -d : d;
	return true;
}

bool toml_number(struct toml_parser *p, struct str token, struct toml_value *v)
{
	v->type = TOML_FLOAT;
	if (special(token, &v->number))
		return true;
	bool tail = str_find_char(token, '.') != STR_NONE || str_find_char(token, 'e') != STR_NONE ||
		str_find_char(token, 'E') != STR_NONE;
	if (prefix_base(token) || !tail || !float_shape(token))
		return toml_number_integer(p, token, v);
	v->number = toml_number_to_double(p, token);
	if (isinf(v->number))
		return toml_fail(p, p->at - token.n, "this number does not fit into 64 bits");
	return true;
}
