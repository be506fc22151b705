/*
 * A second evaluator of EQL: slow, plain, and sharing only the parser with the engine. It walks the
 * tree as written, looks up every field again, tries every choice of values, and matches patterns
 * by recursion. Text is ASCII here. Beside it, a generator of queries and documents from dice.
 */
#ifndef TESTS_FUZZ_EQL_SLOW_H
#define TESTS_FUZZ_EQL_SLOW_H

#include "../../src/detect/eql_priv.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- dice --------------------------------------------------------------------------------------- */

struct dice {
	const uint8_t *p; /* bytes to take first; after them, and when seed is 0, zeros */
	size_t n;
	uint64_t seed;
};

static unsigned roll(struct dice *d, unsigned sides)
{
	if (d->n) {
		d->n--;
		return *d->p++ % sides;
	}
	if (!d->seed)
		return 0;
	d->seed ^= d->seed << 13;
	d->seed ^= d->seed >> 7;
	d->seed ^= d->seed << 17;
	return (unsigned)(d->seed >> 33) % sides;
}

#define PICK(d, ...) pick((d), (const char *const[]){__VA_ARGS__}, \
	sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static const char *pick(struct dice *d, const char *const *words, size_t n)
{
	return words[roll(d, (unsigned)n)];
}

static void put_text(struct dice *d, struct buf *out, const char *letters, unsigned most)
{
	buf_char(out, '"');
	for (unsigned n = roll(d, most + 1); n; n--)
		buf_char(out, letters[roll(d, (unsigned)strlen(letters))]);
	buf_char(out, '"');
}

static void put_scalar(struct dice *d, struct buf *out)
{
	switch (roll(d, 6)) {
	case 0:
		buf_fmt(out, "%d", (int)roll(d, 5) - 1);
		break;
	case 1:
		buf_c(out, PICK(d, "0.5", "2.0", "-1.5", "1e1", "10"));
		break;
	case 2:
		buf_c(out, PICK(d, "true", "false", "\"true\"", "\"1\"", "\"10\"", "null"));
		break;
	default:
		put_text(d, out, "abAB*1", 4);
	}
}

static void put_value(struct dice *d, struct buf *out)
{
	if (roll(d, 3)) {
		put_scalar(d, out);
		return;
	}
	buf_char(out, '[');
	for (unsigned n = roll(d, 4), i = 0; i < n; i++) {
		buf_c(out, i ? "," : "");
		put_scalar(d, out);
	}
	buf_char(out, ']');
}

static void put_document(struct dice *d, struct buf *out)
{
	const char *comma = "";
	buf_char(out, '{');
	for (int i = 0; i < 4; i++) {
		static const char *const keys[] = {"\"a\":", "\"b\":", "\"c.d\":", "\"c\":{\"d\":"};
		if (roll(d, 4) == 0)
			continue;
		buf_c(out, comma);
		buf_c(out, keys[i]);
		put_value(d, out);
		if (i == 3)
			buf_char(out, '}');
		comma = ",";
	}
	buf_char(out, '}');
}

static const char *field(struct dice *d)
{
	return PICK(d, "a", "b", "c.d", "?a", "`b`");
}

static void put_number(struct dice *d, struct buf *out, int depth);

static void put_string(struct dice *d, struct buf *out, int depth)
{
	switch (depth > 0 ? roll(d, 8) : roll(d, 2)) {
	case 0:
		buf_c(out, field(d));
		break;
	case 1:
		put_text(d, out, "abAB1", 3);
		break;
	case 2:
		buf_fmt(out, "concat(%s, ", field(d));
		put_string(d, out, depth - 1);
		buf_char(out, ')');
		break;
	case 3:
		buf_fmt(out, "substring(%s, %d%s)", field(d), (int)roll(d, 7) - 3,
			PICK(d, "", ", 1", ", -1", ", null", ", 3"));
		break;
	case 4:
		buf_fmt(out, "between%s(", PICK(d, "", "~"));
		put_string(d, out, depth - 1);
		buf_c(out, ", ");
		put_text(d, out, "abA", 1);
		buf_c(out, ", ");
		put_text(d, out, "abA", 1);
		buf_c(out, PICK(d, ")", ", true)", ", false)"));
		break;
	case 5:
		buf_c(out, "string(");
		put_number(d, out, depth - 1);
		buf_char(out, ')');
		break;
	case 6:
		buf_c(out, "concat(");
		put_number(d, out, depth - 1);
		buf_fmt(out, ", %s, %s)", field(d), PICK(d, "true", "1.5", "\"x\"", "null"));
		break;
	default:
		buf_fmt(out, "string(%s)", field(d));
	}
}

static void put_number(struct dice *d, struct buf *out, int depth)
{
	switch (depth > 0 ? roll(d, 6) : roll(d, 2)) {
	case 0:
		buf_c(out, field(d));
		break;
	case 1:
		buf_c(out, PICK(d, "0", "1", "2", "-1", "0.5", "10"));
		break;
	case 2:
		buf_c(out, "length(");
		put_string(d, out, depth - 1);
		buf_char(out, ')');
		break;
	case 3:
		buf_fmt(out, "indexOf%s(", PICK(d, "", "~"));
		put_string(d, out, depth - 1);
		buf_c(out, ", ");
		put_text(d, out, "abA", 2);
		buf_c(out, PICK(d, ")", ", 1)", ", -1)", ", null)"));
		break;
	default:
		buf_char(out, '(');
		put_number(d, out, depth - 1);
		buf_c(out, PICK(d, " + ", " - ", " * ", " / ", " % "));
		put_number(d, out, depth - 1);
		buf_char(out, ')');
	}
}

static void put_list(struct dice *d, struct buf *out, const char *letters)
{
	buf_char(out, '(');
	for (unsigned n = 1 + roll(d, 3), i = 0; i < n; i++) {
		buf_c(out, i ? ", " : "");
		put_text(d, out, letters, 4);
	}
	buf_char(out, ')');
}

static void put_leaf(struct dice *d, struct buf *out, int depth)
{
	switch (roll(d, 12)) {
	case 0:
		buf_c(out, field(d));
		return;
	case 1:
		put_string(d, out, depth);
		buf_c(out, PICK(d, " == ", " != ", " < ", " <= ", " > ", " >= "));
		put_text(d, out, "abA*1", 3);
		return;
	case 2:
		put_number(d, out, depth);
		buf_c(out, PICK(d, " == ", " != ", " < ", " <= ", " > ", " >= "));
		buf_c(out, PICK(d, "0", "1", "2", "-1", "0.5", "2.0", "null"));
		return;
	case 3:
		buf_c(out, PICK(d, "0 ", "1 ", "null ", "\"a\" "));
		buf_c(out, PICK(d, "== ", "!= ", "< ", ">= "));
		buf_c(out, field(d));
		return;
	case 4:
		put_string(d, out, depth);
		buf_c(out, PICK(d, " : ", " like ", " like~ "));
		put_list(d, out, "abA*?1");
		return;
	case 5:
		put_string(d, out, depth);
		buf_c(out, PICK(d, " in ", " in~ ", " not in ", " not in~ "));
		put_list(d, out, "abA*1");
		return;
	case 6:
		buf_fmt(out, "%s in (%s)", field(d), PICK(d, "1, 2, 10", "0.5", "true", "null, 1", "-1, 2.0"));
		return;
	case 7:
	case 8:
		buf_fmt(out, "%s%s(", PICK(d, "startsWith", "endsWith", "stringContains"), PICK(d, "", "~"));
		put_string(d, out, roll(d, 2) ? depth : 0);
		buf_c(out, ", ");
		if (roll(d, 3))
			put_text(d, out, "abA*?1", 3);
		else
			put_string(d, out, depth - 1);
		buf_fmt(out, ")%s", PICK(d, "", "", " == true", " == false", " != true", " == null"));
		return;
	case 9:
		buf_fmt(out, "%s == %s", field(d), PICK(d, "true", "false", "1", "\"1\"", "\"true\"", "10"));
		return;
	case 10:
		buf_fmt(out, "%s %s", field(d), PICK(d, "== null", "!= null", "> null"));
		return;
	default:
		buf_fmt(out, "%s regex%s ", field(d), PICK(d, "", "~"));
		buf_c(out, PICK(d, "\"a*\"", "\".*b\"", "\"a.*\"", "\"ab*.\"", "\".\"", "\"\"", "\"a\"", "\"1*.*\""));
	}
}

static void put_condition(struct dice *d, struct buf *out, int depth)
{
	switch (depth > 0 ? roll(d, 6) : 5) {
	case 0:
	case 1:
		buf_char(out, '(');
		put_condition(d, out, depth - 1);
		for (unsigned n = 1 + roll(d, 3); n; n--) {
			buf_c(out, depth & 1 ? " and " : " or ");
			put_condition(d, out, depth - 1);
		}
		buf_char(out, ')');
		break;
	case 2:
		buf_c(out, "not ");
		put_condition(d, out, depth - 1);
		break;
	case 3:
		if (roll(d, 4) == 0) {
			buf_c(out, PICK(d, "true", "false", "null", "not null", "1 < 2"));
			break;
		}
		/* fallthrough */
	default:
		put_leaf(d, out, 2);
	}
}

/* ---- evaluation ---------------------------------------------------------------------------------- */

enum { SLOW_VARS = 64, SLOW_VALUES = 64 };

struct slow {
	const struct json *doc;
	struct arena mem;
	struct value value[SLOW_VALUES]; /* scratch of one look-up */
	size_t n_value;
	const struct node *var[SLOW_VARS];
	struct value chosen[SLOW_VARS];
	size_t n_vars;
	bool fault;
};

static void slow_take(struct slow *s, const struct json *v)
{
	if (json_type(v) == JSON_ARRAY) {
		for (size_t i = 0; i < json_count(v); i++)
			slow_take(s, json_at(v, i));
	} else if (json_type(v) != JSON_NULL && json_type(v) != JSON_OBJECT && s->n_value < SLOW_VALUES) {
		s->value[s->n_value++] = value_json(v);
	}
}

/* Members in the document's order, whatever way the path is cut. */
static void slow_look(struct slow *s, struct str path)
{
	s->n_value = 0;
	for (size_t i = 0; i < json_count(s->doc); i++) {
		const struct json *m = json_first(s->doc);
		for (size_t k = 0; k < i; k++)
			m = json_next(m);
		if (str_eq(json_key(m), path))
			slow_take(s, m);
		else if (str_is(path, "c.d") && str_is(json_key(m), "c"))
			slow_take(s, json_get(m, "d"));
	}
}

static struct str slow_text(struct slow *s, struct value v)
{
	char tmp[VALUE_TEXT_MAX];
	if (v.type == VALUE_DOUBLE && v.d == floor(v.d) && fabs(v.d) < 1e6)
		return arena_fmt(&s->mem, "%s%d.0", v.d == 0 && signbit(v.d) ? "-" : "", (int)v.d);
	return arena_str(&s->mem, value_text(v, tmp));
}

static bool slow_char_eq(char a, char b, bool fold)
{
	return fold ? tolower((unsigned char)a) == tolower((unsigned char)b) : a == b;
}

static bool slow_text_eq(struct str a, struct str b, bool fold)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (!slow_char_eq(a.p[i], b.p[i], fold))
			return false;
	return true;
}

static bool slow_glob(struct str pattern, struct str s, bool fold)
{
	if (pattern.n == 0)
		return s.n == 0;
	struct str rest = str_sub(pattern, 1, pattern.n);
	if (pattern.p[0] == '*')
		return slow_glob(rest, s, fold) || (s.n && slow_glob(pattern, str_sub(s, 1, s.n), fold));
	return s.n && (pattern.p[0] == '?' || slow_char_eq(pattern.p[0], s.p[0], fold)) &&
		slow_glob(rest, str_sub(s, 1, s.n), fold);
}

/* c, ., c* and .* */
static bool slow_regex(struct str re, struct str s, bool fold)
{
	if (re.n == 0)
		return s.n == 0;
	bool one = s.n && (re.p[0] == '.' || slow_char_eq(re.p[0], s.p[0], fold));
	if (re.n > 1 && re.p[1] == '*')
		return slow_regex(str_sub(re, 2, re.n), s, fold) ||
			(one && slow_regex(re, str_sub(s, 1, s.n), fold));
	return one && slow_regex(str_sub(re, 1, re.n), str_sub(s, 1, s.n), fold);
}

static int slow_find(struct str hay, struct str needle, size_t from, bool fold)
{
	for (size_t i = from; i + needle.n <= hay.n; i++)
		if (slow_text_eq(str_sub(hay, i, i + needle.n), needle, fold))
			return (int)i;
	return -1;
}

static int slow_find_last(struct str hay, struct str needle, size_t from, bool fold)
{
	int last = -1;
	for (int at; (at = slow_find(hay, needle, from, fold)) >= 0; from = (size_t)at + 1)
		last = at;
	return last;
}

static bool slow_as_number(struct value v, struct value *out)
{
	if (value_is_number(v))
		return *out = v, true;
	return v.type == VALUE_STR && value_parse_number(v.s, out);
}

static struct value slow_math(struct slow *s, char op, struct value x, struct value y)
{
	struct value a, b;
	if (!slow_as_number(x, &a) || !slow_as_number(y, &b))
		return value_null();
	bool ints = a.type == VALUE_INT && b.type == VALUE_INT;
	double p = value_number(a), q = value_number(b);
	if ((op == '/' || op == '%') && ints && b.i == 0) {
		s->fault = true;
		return value_null();
	}
	double r = op == '+' ? p + q : op == '-' ? p - q : op == '*' ? p * q : op == '/' ? p / q : fmod(p, q);
	return ints ? value_int((int64_t)r) : value_double(r);
}

static int slow_int(struct value v, int otherwise)
{
	return value_is_number(v) ? (int)value_number(v) : otherwise;
}

static struct value slow_between(struct slow *s, const struct value *v, size_t n, bool fold)
{
	struct str t = slow_text(s, v[0]), l = slow_text(s, v[1]), r = slow_text(s, v[2]);
	if (v[0].type == VALUE_NULL)
		return v[0];
	if (l.n == 0 || r.n == 0)
		return value_str(t);
	int at = slow_find(t, l, 0, fold);
	if (at < 0)
		return value_str(STR(""));
	size_t from = (size_t)at + l.n;
	bool greedy = n > 3 && value_is_true(v[3]);
	int end = greedy ? slow_find_last(t, r, from, fold) : slow_find(t, r, from, fold);
	return value_str(end < 0 ? STR("") : str_sub(t, from, (size_t)end));
}

static struct value slow_substring(struct slow *s, const struct value *v, size_t n)
{
	if (v[0].type == VALUE_NULL)
		return v[0];
	struct str t = slow_text(s, v[0]);
	int size = (int)t.n, from = slow_int(v[1], 0), to = n > 2 ? slow_int(v[2], size) : size;
	from = from < 0 ? from + size : from;
	to = to < 0 ? to + size : to;
	from = from < 0 ? 0 : from > size ? size : from;
	to = to < 0 ? 0 : to > size ? size : to;
	return value_str(from >= to ? STR("") : str_sub(t, (size_t)from, (size_t)to));
}

static struct value slow_index_of(struct slow *s, const struct value *v, size_t n, bool fold)
{
	if (v[0].type == VALUE_NULL || v[1].type == VALUE_NULL)
		return value_null();
	struct str t = slow_text(s, v[0]);
	int from = n > 2 ? slow_int(v[2], 0) : 0;
	int at = from > (int)t.n ? -1 : slow_find(t, slow_text(s, v[1]), from < 0 ? 0 : (size_t)from, fold);
	return at < 0 ? value_null() : value_int(at);
}

static struct value slow_affix(struct slow *s, char kind, const struct value *v, bool fold)
{
	if (v[0].type == VALUE_NULL || v[1].type == VALUE_NULL)
		return value_null();
	struct str t = slow_text(s, v[0]), u = slow_text(s, v[1]);
	if (kind == 'c')
		return value_bool(t.n && u.n && slow_find(t, u, 0, fold) >= 0);
	if (t.n < u.n)
		return value_bool(false);
	struct str part = kind == 's' ? str_sub(t, 0, u.n) : str_sub(t, t.n - u.n, t.n);
	return value_bool(slow_text_eq(part, u, fold));
}

static struct value slow_concat(struct slow *s, const struct value *v, size_t n)
{
	struct str all = STR("");
	for (size_t i = 0; i < n; i++) {
		if (v[i].type == VALUE_NULL)
			return v[i];
		struct str t = slow_text(s, v[i]);
		all = arena_fmt(&s->mem, "%.*s%.*s", STR_ARG(all), STR_ARG(t));
	}
	return value_str(all);
}

static bool slow_named(const struct node *n, const char *name)
{
	return str_is(str_c(n->fn->name), name);
}

static struct value slow_call(struct slow *s, const struct node *n, const struct value *v)
{
	static const char *const math[] = {"add", "subtract", "multiply", "divide", "modulo"};
	for (size_t i = 0; i < 5; i++)
		if (slow_named(n, math[i]))
			return slow_math(s, "+-*/%"[i], v[0], v[1]);
	if (slow_named(n, "-"))
		return value_is_number(v[0]) && v[0].type == VALUE_DOUBLE ? value_double(-v[0].d) :
			slow_math(s, '-', value_int(0), v[0]);
	if (slow_named(n, "length"))
		return v[0].type == VALUE_NULL ? v[0] : value_int((int64_t)slow_text(s, v[0]).n);
	if (slow_named(n, "string"))
		return v[0].type == VALUE_NULL ? v[0] : value_str(slow_text(s, v[0]));
	if (slow_named(n, "concat"))
		return slow_concat(s, v, n->n);
	if (slow_named(n, "between"))
		return slow_between(s, v, n->n, n->fold);
	if (slow_named(n, "substring"))
		return slow_substring(s, v, n->n);
	if (slow_named(n, "indexOf"))
		return slow_index_of(s, v, n->n, n->fold);
	return slow_affix(s, slow_named(n, "stringContains") ? 'c' : slow_named(n, "endsWith") ? 'e' : 's', v,
		n->fold);
}

static struct value slow_decide(enum compare_op op, int c)
{
	bool truth[] = {[CMP_EQ] = c == 0, [CMP_NE] = c != 0, [CMP_LT] = c < 0,
		[CMP_LE] = c <= 0, [CMP_GT] = c > 0, [CMP_GE] = c >= 0};
	return value_bool(truth[op]);
}

static int slow_order(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) ? !isnan(b) : -1;
	return (a > b) - (a < b);
}

/* v, a document's or a function's value, against the literal c. */
static struct value slow_compare(struct slow *s, enum compare_op op, struct value v, struct value c)
{
	struct value number;
	struct str literal = slow_text(s, c);
	bool order = op != CMP_EQ && op != CMP_NE;
	if (v.type == VALUE_NULL)
		return v;
	if (value_is_number(v)) {
		if (!slow_as_number(c, &number))
			return value_bool(op == CMP_NE);
		return slow_decide(op, slow_order(value_number(v), value_number(number)));
	}
	if (v.type == VALUE_BOOL) {
		if (!str_is(literal, "true") && !str_is(literal, "false"))
			return value_bool(op == CMP_NE);
		return slow_decide(op, v.b - str_is(literal, "true"));
	}
	if (value_is_number(c) && order && slow_as_number(v, &number))
		return slow_decide(op, slow_order(value_number(number), value_number(c)));
	return slow_decide(op, str_cmp(v.s, literal));
}

static struct value slow_eval(struct slow *s, const struct node *n);

static bool slow_no_field(const struct node *n)
{
	for (size_t i = 0; i < n->n; i++)
		if (!slow_no_field(n->kid[i]))
			return false;
	return n->kind != NODE_FIELD;
}

static struct value slow_eval_compare(struct slow *s, const struct node *n)
{
	struct value a = slow_eval(s, n->kid[0]), b = slow_eval(s, n->kid[1]);
	enum compare_op op = n->op;
	static const enum compare_op turned[] = {CMP_EQ, CMP_NE, CMP_GT, CMP_GE, CMP_LT, CMP_LE};
	bool null_left = slow_no_field(n->kid[0]) && a.type == VALUE_NULL;
	bool null_right = slow_no_field(n->kid[1]) && b.type == VALUE_NULL;
	if (null_left || null_right) {
		struct value other = null_left ? b : a;
		if (op != CMP_EQ && op != CMP_NE)
			return value_null();
		return value_bool((other.type == VALUE_NULL) == (op == CMP_EQ));
	}
	if (slow_no_field(n->kid[0]) && !slow_no_field(n->kid[1]))
		return slow_compare(s, turned[op], b, a);
	return slow_compare(s, op, a, b);
}

static bool slow_in(struct slow *s, const struct node *n, struct value v)
{
	for (size_t i = 1; i < n->n; i++) {
		struct value c = slow_eval(s, n->kid[i]);
		if (c.type == VALUE_NULL)
			continue;
		if (value_is_true(slow_compare(s, CMP_EQ, v, c)))
			return true;
		if (n->fold && v.type == VALUE_STR && slow_text_eq(v.s, slow_text(s, c), true))
			return true;
	}
	return false;
}

static struct value slow_eval_list(struct slow *s, const struct node *n)
{
	struct value v = slow_eval(s, n->kid[0]);
	if (v.type == VALUE_NULL)
		return v;
	if (n->kind == NODE_IN)
		return value_bool(slow_in(s, n, v));
	for (size_t i = 1; i < n->n; i++) {
		struct str p = n->kid[i]->value.s, t = slow_text(s, v);
		if (n->kind == NODE_LIKE ? slow_glob(p, t, n->fold) : slow_regex(p, t, n->fold))
			return value_bool(true);
	}
	return value_bool(false);
}

static struct value slow_eval(struct slow *s, const struct node *n)
{
	struct value v[EQL_ARGS_MAX];
	switch (n->kind) {
	case NODE_CONST:
		return n->value;
	case NODE_FIELD:
		for (size_t i = 0; i < s->n_vars; i++)
			if (s->var[i] == n)
				return s->chosen[i];
		return value_null();
	case NODE_COMPARE:
		return slow_eval_compare(s, n);
	case NODE_CALL:
		for (size_t i = 0; i < n->n; i++)
			v[i] = slow_eval(s, n->kid[i]);
		return s->fault ? value_null() : slow_call(s, n, v);
	default:
		return slow_eval_list(s, n);
	}
}

/* function(field, constant) as a leaf is a wildcard query. */
static struct value slow_eval_leaf(struct slow *s, const struct node *n)
{
	bool query = n->kind == NODE_CALL && n->n == 2 && n->kid[0]->kind == NODE_FIELD &&
		slow_no_field(n->kid[1]) &&
		(slow_named(n, "stringContains") || slow_named(n, "endsWith"));
	struct value c = query ? slow_eval(s, n->kid[1]) : value_null();
	if (c.type != VALUE_STR)
		return slow_eval(s, n);
	struct value v = slow_eval(s, n->kid[0]);
	struct str p = arena_fmt(&s->mem, "*%.*s%s", STR_ARG(c.s), slow_named(n, "endsWith") ? "" : "*");
	return v.type == VALUE_NULL ? v : value_bool(slow_glob(p, slow_text(s, v), n->fold));
}

static void slow_collect(struct slow *s, const struct node *n)
{
	if (n->kind == NODE_FIELD && s->n_vars < SLOW_VARS)
		s->var[s->n_vars++] = n;
	for (size_t i = 0; i < n->n; i++)
		slow_collect(s, n->kid[i]);
}

static bool slow_choose(struct slow *s, const struct node *leaf, size_t var)
{
	if (var == s->n_vars) {
		struct value v = slow_eval_leaf(s, leaf);
		if (leaf->kind == NODE_FIELD && v.type == VALUE_STR)
			v = value_bool(str_is(v.s, "true"));
		return !s->fault && value_is_true(v);
	}
	struct value values[SLOW_VALUES];
	slow_look(s, s->var[var]->name);
	size_t n = s->n_value;
	memcpy(values, s->value, sizeof(values));
	for (size_t i = 0; i < n || i == 0; i++) {
		s->chosen[var] = n ? values[i] : value_null();
		if (slow_choose(s, leaf, var + 1))
			return true;
		if (s->fault)
			return false;
	}
	return false;
}

/* 0 false, 1 true, 2 null; null and `constant` come from parts without fields only. */
struct slow_truth {
	int is;
	bool constant;
};

static struct slow_truth slow_filter(struct slow *s, const struct node *n);

static struct slow_truth slow_not(struct slow_truth t)
{
	return (struct slow_truth){t.is == 2 ? 2 : !t.is, t.constant};
}

static struct slow_truth slow_chain(struct slow *s, const struct node *n, int dominant)
{
	bool null = false, left = false;
	int rest = !dominant;
	for (size_t i = 0; i < n->n; i++) { /* what is constant is known before anything runs */
		if (slow_no_field(n->kid[i]) && slow_filter(s, n->kid[i]).is == dominant)
			return (struct slow_truth){dominant, true};
	}
	for (size_t i = 0; i < n->n; i++) {
		struct slow probe = {.doc = s->doc};
		struct slow_truth t = slow_filter(&probe, n->kid[i]);
		arena_fini(&probe.mem);
		if (t.constant && t.is == dominant)
			return t;
		null |= t.constant && t.is == 2;
		left |= !t.constant;
	}
	if (null && (!left || n->kind == NODE_AND))
		return (struct slow_truth){2, true};
	if (!left)
		return (struct slow_truth){!dominant, true};
	for (size_t i = 0; i < n->n && rest != dominant && !s->fault; i++) {
		struct slow_truth t = slow_filter(s, n->kid[i]);
		if (!t.constant && t.is == dominant)
			rest = dominant;
	}
	return (struct slow_truth){rest, false};
}

static bool slow_is_boolean(const struct node *n)
{
	return n->kind != NODE_CONST && n->kind != NODE_FIELD &&
		!(n->kind == NODE_CALL && n->fn->returns != 'b');
}

/* (boolean) == true and its like; false when it is none. */
static bool slow_boolean_test(struct slow *s, const struct node *n, struct slow_truth *out)
{
	if (n->kind != NODE_COMPARE || (n->op != CMP_EQ && n->op != CMP_NE))
		return false;
	for (int side = 0; side < 2; side++) {
		const struct node *c = n->kid[side], *other = n->kid[!side];
		if (c->kind != NODE_CONST || c->value.type != VALUE_BOOL || !slow_is_boolean(other) ||
			slow_no_field(other))
			continue;
		*out = slow_filter(s, other);
		if (c->value.b != (n->op == CMP_EQ))
			*out = slow_not(*out);
		return true;
	}
	return false;
}

static bool slow_null_side(struct slow *s, const struct node *n)
{
	return slow_no_field(n) && slow_eval(s, n).type == VALUE_NULL;
}

static struct slow_truth slow_leaf(struct slow *s, const struct node *n)
{
	struct slow_truth out;
	if (slow_no_field(n)) {
		struct value v = slow_eval(s, n);
		return (struct slow_truth){v.type == VALUE_NULL ? 2 : value_is_true(v), true};
	}
	if (slow_boolean_test(s, n, &out))
		return out;
	struct node eq = *n;
	bool turned = n->kind == NODE_COMPARE && n->op == CMP_NE;
	if (n->kind == NODE_COMPARE) {
		bool null = slow_null_side(s, n->kid[0]) || slow_null_side(s, n->kid[1]);
		if (null && n->op != CMP_EQ && n->op != CMP_NE)
			return (struct slow_truth){2, true};
		if (turned)
			eq.op = CMP_EQ;
	}
	s->n_vars = 0;
	slow_collect(s, &eq);
	bool found = slow_choose(s, &eq, 0);
	return (struct slow_truth){found != turned, false};
}

static struct slow_truth slow_filter(struct slow *s, const struct node *n)
{
	switch (n->kind) {
	case NODE_NOT:
		return slow_not(slow_filter(s, n->kid[0]));
	case NODE_AND:
	case NODE_OR:
		return slow_chain(s, n, n->kind == NODE_OR);
	default:
		return slow_leaf(s, n);
	}
}

/* ---- the comparison -------------------------------------------------------------------------------- */

/* 0 no match, 1 match, 2 fault. The query compiles. */
static int slow_match(struct str query, const struct json *doc)
{
	struct slow s = {.doc = doc};
	struct eql_ctx cx = {.text = query, .mem = &s.mem};
	struct eql_query q;
	int is = 0;
	if (eql_parse(&cx, &q) && eql_check_condition(&cx, q.root)) {
		is = slow_filter(&s, q.root).is == 1;
		if (s.fault)
			is = 2;
	}
	arena_fini(&s.mem);
	return is;
}

/* A match's text holds all literals that it must hold. */
static bool slow_has_literals(const struct eql *q, struct str text)
{
	struct str v[16];
	for (size_t i = eql_literals_ecs(q, v, 16); i-- > 0;)
		if (str_find(text, v[i]) == STR_NONE)
			return false;
	return true;
}

/* Makes a query and some documents; true when both evaluators agree on all. What they disagree on
 * is left in `query` and `text`. Queries that do not compile (1 / 0) count as agreed. */
static bool slow_agrees(struct dice *d, struct buf *query, struct buf *text)
{
	buf_clear(query);
	buf_c(query, "any where ");
	put_condition(d, query, 3);
	struct eql *q = eql_compile(buf_str(query), NULL, NULL);
	bool agree = true;
	if (!q)
		return true;
	struct eql_run *run = eql_run_new(q);
	for (int i = 0; i < 4 && agree; i++) {
		buf_clear(text);
		put_document(d, text);
		struct json *doc = json_parse(buf_str(text), NULL);
		int fast = eql_match(q, run, doc);
		if (eql_run_fault(run))
			fast = 2;
		agree = fast == slow_match(buf_str(query), doc) &&
			(fast != 1 || slow_has_literals(q, buf_str(text)));
		json_free(doc);
	}
	eql_run_free(run);
	eql_free(q);
	return agree;
}

#endif
