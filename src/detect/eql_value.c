/*
 * eql_value: the values that expressions work on, and how they read as text and as numbers.
 */
#include "eql_priv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct value value_bool(bool b)
{
	return (struct value){.type = VALUE_BOOL, .b = b};
}

struct value value_int(int64_t i)
{
	return (struct value){.type = VALUE_INT, .i = i};
}

struct value value_double(double d)
{
	return (struct value){.type = VALUE_DOUBLE, .d = d};
}

struct value value_str(struct str s)
{
	return (struct value){.type = VALUE_STR, .s = s};
}

struct value value_null(void)
{
	return (struct value){.type = VALUE_NULL};
}

struct value value_json(const struct json *v)
{
	int64_t i;
	switch (json_type(v)) {
	case JSON_BOOL:
		return value_bool(json_bool(v));
	case JSON_NUMBER:
		return json_int(v, &i) ? value_int(i) : value_double(json_num(v));
	case JSON_STRING:
		return value_str(json_str(v));
	default:
		return value_null();
	}
}

bool value_is_true(struct value v)
{
	return v.type == VALUE_BOOL && v.b;
}

bool value_is_number(struct value v)
{
	return v.type == VALUE_INT || v.type == VALUE_DOUBLE;
}

double value_number(struct value v)
{
	return v.type == VALUE_INT ? (double)v.i : v.d;
}

int64_t value_to_int(struct value v)
{
	if (v.type == VALUE_INT)
		return v.i;
	if (!(v.d > -9e18))
		return INT64_MIN;
	return v.d < 9e18 ? (int64_t)v.d : INT64_MAX;
}

/* 1.0, 2.1828, 1.0E10: the shortest text that reads back as the same number, as Java writes it. */
static struct str double_text(double d, char tmp[VALUE_TEXT_MAX])
{
	if (isnan(d))
		return STR("NaN");
	if (isinf(d))
		return d < 0 ? STR("-Infinity") : STR("Infinity");
	double size = fabs(d);
	bool plain = size == 0 || (size >= 1e-3 && size < 1e7);
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(tmp, VALUE_TEXT_MAX, plain ? "%.*g" : "%.*E", plain ? digits : digits - 1, d);
		if (strtod(tmp, NULL) == d)
			break;
	}
	if (plain && strchr(tmp, 'e')) /* 1e+06 */
		snprintf(tmp, VALUE_TEXT_MAX, "%.0f", d);
	if (plain) {
		if (!strchr(tmp, '.'))
			memcpy(tmp + strlen(tmp), ".0", 3); /* at most 25 bytes were used */
		return str_c(tmp);
	}
	char mantissa[VALUE_TEXT_MAX];
	char *e = strchr(tmp, 'E');
	snprintf(mantissa, sizeof(mantissa), "%.*s", (int)(e - tmp), tmp);
	long exponent = strtol(e + 1, NULL, 10);
	snprintf(tmp, VALUE_TEXT_MAX, "%.25s%sE%ld", mantissa, strchr(mantissa, '.') ? "" : ".0", exponent);
	return str_c(tmp);
}

struct str value_text(struct value v, char tmp[VALUE_TEXT_MAX])
{
	switch (v.type) {
	case VALUE_STR:
		return v.s;
	case VALUE_BOOL:
		return v.b ? STR("true") : STR("false");
	case VALUE_INT:
		snprintf(tmp, VALUE_TEXT_MAX, "%lld", (long long)v.i);
		return str_c(tmp);
	case VALUE_DOUBLE:
		return double_text(v.d, tmp);
	default:
		return STR("");
	}
}

const char *value_type_name(enum value_type t)
{
	static const char *const names[] = {[VALUE_NULL] = "null", [VALUE_BOOL] = "boolean",
		[VALUE_INT] = "integer", [VALUE_DOUBLE] = "double", [VALUE_STR] = "keyword"};
	return names[t];
}

int value_cmp_numbers(struct value a, struct value b)
{
	if (a.type == VALUE_INT && b.type == VALUE_INT)
		return (a.i > b.i) - (a.i < b.i);
	double x = value_number(a), y = value_number(b);
	if (isnan(x) || isnan(y))
		return isnan(x) ? !isnan(y) : -1;
	return (x > y) - (x < y);
}

static size_t eql_value_skip_digits(struct str s, size_t i)
{
	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	return i;
}

/* [+-] digits [. digits] [e [+-] digits], with a digit somewhere before the e. */
static bool is_decimal(struct str s)
{
	size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+');
	size_t start = i;
	i = eql_value_skip_digits(s, i);
	size_t digits = i - start;
	if (i < s.n && s.p[i] == '.') {
		start = ++i;
		i = eql_value_skip_digits(s, i);
		digits += i - start;
	}
	if (digits && i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
			i++;
		start = i;
		i = eql_value_skip_digits(s, i);
		if (i == start)
			return false;
	}
	return digits && i == s.n;
}

bool value_parse_number(struct str s, struct value *out)
{
	int64_t i;
	if (str_int(s, &i)) {
		*out = value_int(i);
		return true;
	}
	char text[400];
	if (!is_decimal(s) || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	*out = value_double(strtod(text, NULL));
	return true;
}

struct value eql_fault(struct eql_run *run, const char *why)
{
	if (!run->fault)
		run->fault = why;
	return value_null();
}
