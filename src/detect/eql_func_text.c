/*
 * eql_func_text: the functions on text. Positions and lengths are Java's: UTF-16 units, here never
 * inside a character.
 */
#include "eql_func_priv.h"

/* Text arguments; numbers and booleans are read as their text. False when one is null. */
struct two {
	struct str a, b;
	char tmp[2][VALUE_TEXT_MAX];
};

static bool two_texts(struct two *t, const struct value *arg)
{
	t->a = value_text(arg[0], t->tmp[0]);
	t->b = value_text(arg[1], t->tmp[1]);
	return arg[0].type != VALUE_NULL && arg[1].type != VALUE_NULL;
}

struct value fn_starts_with(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)run;
	struct two t;
	if (!two_texts(&t, arg))
		return value_null();
	return value_bool(call->fold ? utf8_starts(t.a, t.b, true, NULL) : str_starts(t.a, t.b));
}

struct value fn_ends_with(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)run;
	struct two t;
	if (!two_texts(&t, arg))
		return value_null();
	return value_bool(utf8_ends(t.a, t.b, call->fold));
}

struct value fn_string_contains(struct eql_run *run, const struct node *call,
	const struct value *arg)
{
	(void)run;
	struct two t;
	if (!two_texts(&t, arg))
		return value_null();
	return value_bool(t.a.n && t.b.n && utf8_find(t.a, t.b, call->fold, NULL) != STR_NONE);
}

struct value fn_length(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)run;
	(void)call;
	char tmp[VALUE_TEXT_MAX];
	if (arg[0].type == VALUE_NULL)
		return value_null();
	return value_int((int64_t)utf8_utf16(value_text(arg[0], tmp)));
}

/* What an optional integer argument says, or `otherwise`. */
static int64_t eql_func_text_integer(
	const struct node *call, const struct value *arg, size_t i, int64_t otherwise)
{
	if (i >= call->n || !value_is_number(arg[i]))
		return otherwise;
	return value_to_int(arg[i]);
}

struct value fn_index_of(struct eql_run *run, const struct node *call, const struct value *arg)
{
	(void)run;
	struct two t;
	if (!two_texts(&t, arg))
		return value_null();
	int64_t start = eql_func_text_integer(call, arg, 2, 0);
	size_t units = utf8_utf16(t.a);
	if (start > (int64_t)units)
		return value_null();
	size_t from = utf8_utf16_to_byte(t.a, start < 0 ? 0 : (size_t)start);
	size_t at = utf8_find(str_sub(t.a, from, t.a.n), t.b, call->fold, NULL);
	if (at == STR_NONE)
		return value_null();
	return value_int((int64_t)utf8_utf16(str_sub(t.a, 0, from + at)));
}

static struct value part(struct eql_run *run, struct value source, struct str s, size_t from, size_t to)
{
	struct str cut = str_sub(s, from, to);
	return value_str(source.type == VALUE_STR ? cut : arena_str(&run->made, cut));
}

static int64_t clamp(int64_t n, int64_t units)
{
	if (n < 0)
		n = n < -units ? 0 : n + units;
	return n < 0 ? 0 : n > units ? units : n;
}

struct value fn_substring(struct eql_run *run, const struct node *call, const struct value *arg)
{
	char tmp[VALUE_TEXT_MAX];
	if (arg[0].type == VALUE_NULL)
		return value_null();
	struct str s = value_text(arg[0], tmp);
	int64_t units = (int64_t)utf8_utf16(s);
	int64_t from = clamp(eql_func_text_integer(call, arg, 1, 0), units);
	int64_t to = clamp(eql_func_text_integer(call, arg, 2, units), units);
	return part(run, arg[0], s, utf8_utf16_to_byte(s, (size_t)from),
		utf8_utf16_to_byte(s, (size_t)to));
}

/* The text between the first `left` and the next (greedy: last) `right`. */
static struct str between(struct str s, const struct two *mark, bool fold, bool greedy)
{
	size_t used = 0;
	size_t at = utf8_find(s, mark->a, fold, &used);
	if (at == STR_NONE)
		return STR("");
	struct str rest = str_sub(s, at + used, s.n);
	size_t end = greedy ? utf8_rfind(rest, mark->b, fold) : utf8_find(rest, mark->b, fold, NULL);
	return end == STR_NONE ? STR("") : str_sub(rest, 0, end);
}

struct value fn_between(struct eql_run *run, const struct node *call, const struct value *arg)
{
	char tmp[VALUE_TEXT_MAX];
	if (arg[0].type == VALUE_NULL)
		return value_null();
	struct str s = value_text(arg[0], tmp);
	struct two mark;
	if (!two_texts(&mark, arg + 1) || mark.a.n == 0 || mark.b.n == 0)
		return part(run, arg[0], s, 0, s.n);
	struct str found = between(s, &mark, call->fold, call->n > 3 && value_is_true(arg[3]));
	return part(run, arg[0], found, 0, found.n);
}
