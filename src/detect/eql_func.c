/*
 * eql_func: the table of functions, arithmetic, conversions and addresses. Null in, null out.
 */
#include "eql_func_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A numeric argument; text that reads as a number counts, anything else is null. */
static struct value eql_func_number_of(struct value v)
{
	struct value out;
	if (value_is_number(v))
		return v;
	if (v.type == VALUE_STR && value_parse_number(v.s, &out))
		return out;
	return value_null();
}

static bool int_arithmetic(char op, int64_t a, int64_t b, int64_t *out)
{
	switch (op) {
	case '+':
		return !__builtin_add_overflow(a, b, out);
	case '-':
		return !__builtin_sub_overflow(a, b, out);
	case '*':
		return !__builtin_mul_overflow(a, b, out);
	default:
		if (b == 0 || (b == -1 && a == INT64_MIN))
			return false;
		*out = op == '/' ? a / b : a % b;
		return true;
	}
}

static double double_arithmetic(char op, double a, double b)
{
	switch (op) {
	case '+':
		return a + b;
	case '-':
		return a - b;
	case '*':
		return a * b;
	case '/':
		return a / b;
	default:
		return fmod(a, b);
	}
}

static struct value eql_func_arithmetic(struct eql_run *run, char op, const struct value *arg)
{
	struct value a = eql_func_number_of(arg[0]), b = eql_func_number_of(arg[1]);
	if (a.type == VALUE_NULL || b.type == VALUE_NULL)
		return value_null();
	if (a.type == VALUE_DOUBLE || b.type == VALUE_DOUBLE)
		return value_double(double_arithmetic(op, value_number(a), value_number(b)));
	int64_t out;
	return int_arithmetic(op, a.i, b.i, &out) ? value_int(out)
		: eql_fault(run, "a division by zero, or a number beyond 64 bits");
}

static struct value fn_add(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)call;
	return eql_func_arithmetic(run, '+', arg);
}

static struct value fn_subtract(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)call;
	return eql_func_arithmetic(run, '-', arg);
}

static struct value fn_multiply(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)call;
	return eql_func_arithmetic(run, '*', arg);
}

static struct value fn_divide(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)call;
	return eql_func_arithmetic(run, '/', arg);
}

static struct value fn_modulo(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)call;
	return eql_func_arithmetic(run, '%', arg);
}

static struct value fn_minus(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)call;
	struct value v = eql_func_number_of(arg[0]);
	if (v.type == VALUE_DOUBLE)
		return value_double(-v.d);
	struct value both[2] = {value_int(0), v};
	return eql_func_arithmetic(run, '-', both);
}

static struct value fn_string(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)call;
	char tmp[VALUE_TEXT_MAX];
	if (arg[0].type == VALUE_NULL || arg[0].type == VALUE_STR)
		return arg[0];
	return value_str(arena_str(&run->made, value_text(arg[0], tmp)));
}

enum { CONCAT_MAX = 16 << 20 };

static struct value fn_concat(struct eql_run *run, const struct node *call, const struct value *arg)
{
	char tmp[EQL_ARGS_MAX][VALUE_TEXT_MAX];
	struct str part[EQL_ARGS_MAX];
	size_t n = 0;
	for (size_t i = 0; i < call->n; i++) {
		if (arg[i].type == VALUE_NULL)
			return value_null();
		part[i] = value_text(arg[i], tmp[i]);
		n += part[i].n;
	}
	if (n > CONCAT_MAX)
		return eql_fault(run, "concat() makes more than 16 MiB of text");
	char *out = arena_alloc(&run->made, n + 1);
	size_t at = 0;
	for (size_t i = 0; i < call->n; i++) {
		if (part[i].n)
			memcpy(out + at, part[i].p, part[i].n);
		at += part[i].n;
	}
	return value_str((struct str){out, n});
}

static int eql_func_digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	return 99;
}

static struct value integer_in_base(struct str s, int64_t base, bool minus)
{
	int64_t out = 0;
	if (s.n == 0)
		return value_null();
	for (size_t i = 0; i < s.n; i++) {
		int digit = eql_func_digit_of(s.p[i]);
		if (digit >= base || __builtin_mul_overflow(out, base, &out) ||
			__builtin_sub_overflow(out, (int64_t)digit, &out))
			return value_null();
	}
	if (!minus && out == INT64_MIN)
		return value_null();
	return value_int(minus ? out : -out);
}

static struct value text_to_number(struct str s, bool given, int64_t base)
{
	bool minus = s.n && s.p[0] == '-';
	struct str digits = minus || (s.n && s.p[0] == '+') ? str_sub(s, 1, s.n) : s;
	struct value decimal;
	if (str_starts(digits, STR("0x")) && (!given || base == 16))
		return integer_in_base(str_sub(digits, 2, digits.n), 16, minus);
	if (base == 10 && str_find_char(s, '.') != STR_NONE && value_parse_number(s, &decimal))
		return decimal;
	if (base < 2 || base > 36)
		return value_null();
	return integer_in_base(digits, base, minus);
}

/* number(text[, base]); what is no number gives null, where Elasticsearch fails the search. */
static struct value fn_number(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)run;
	if (arg[0].type != VALUE_STR)
		return eql_func_number_of(arg[0]);
	bool given = call->n > 1 && value_is_number(arg[1]);
	return text_to_number(str_trim(arg[0].s), given, given ? value_to_int(arg[1]) : 10);
}

static struct value fn_cidr_match(struct eql_run *run, const struct node *call,
	const struct value *arg)
{
	(void)run;
	unsigned char ip[16];
	if (arg[0].type == VALUE_NULL)
		return value_null();
	if (arg[0].type != VALUE_STR || !cidr_ip(arg[0].s, ip))
		return value_bool(false);
	for (size_t i = 0; i < call->n_cidrs; i++)
		if (cidr_has(&call->cidrs[i], ip))
			return value_bool(true);
	return value_bool(false);
}

static const struct eql_function functions[] = {
	{"add", "nn", 'n', false, true, fn_add},
	{"between", "sssB", 's', true, false, fn_between},
	{"cidrMatch", "sk+", 'b', false, false, fn_cidr_match},
	{"concat", "a+", 's', false, false, fn_concat},
	{"divide", "nn", 'n', false, true, fn_divide},
	{"endsWith", "ss", 'b', true, false, fn_ends_with},
	{"indexOf", "ssI", 'n', true, false, fn_index_of},
	{"length", "s", 'n', false, false, fn_length},
	{"modulo", "nn", 'n', false, true, fn_modulo},
	{"multiply", "nn", 'n', false, true, fn_multiply},
	{"number", "sI", 'n', false, false, fn_number},
	{"startsWith", "ss", 'b', true, false, fn_starts_with},
	{"string", "a", 's', false, false, fn_string},
	{"stringContains", "ss", 'b', true, false, fn_string_contains},
	{"substring", "siI", 's', false, false, fn_substring},
	{"subtract", "nn", 'n', false, true, fn_subtract},
	{"-", "n", 'n', false, true, fn_minus}, /* the sign; no name reaches it */
};

const struct eql_function *eql_function_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(functions); i++)
		if (str_eq_fold(name, str_c(functions[i].name)))
			return &functions[i];
	return NULL;
}

const struct eql_function *eql_function_arithmetic(char op)
{
	static const char ops[] = "+-*/%n";
	static const char *const names[] = {"add", "subtract", "multiply", "divide", "modulo", "-"};
	return eql_function_find(str_c(names[strchr(ops, op) - ops]));
}

const char *eql_function_nearest(struct str name)
{
	const char *best = NULL;
	size_t least = name.n / 2 + 1;
	for (size_t i = 0; i + 1 < ARRAY_LEN(functions); i++) {
		size_t d = str_distance(name, str_c(functions[i].name));
		if (d < least) {
			least = d;
			best = functions[i].name;
		}
	}
	return best;
}
