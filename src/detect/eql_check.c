/*
 * eql_check: what is well spelt but means nothing: unknown functions, wrong arguments, what
 * Elasticsearch refuses. The reasons are worded as its own.
 */
#include "eql_priv.h"

#include <string.h>

static bool eql_is_const(const struct node *n)
{
	if (n->kind == NODE_FIELD)
		return false;
	for (size_t i = 0; i < n->n; i++)
		if (!eql_is_const(n->kid[i]))
			return false;
	return true;
}

char eql_type(const struct node *n)
{
	static const char types[] = {[VALUE_NULL] = '0', [VALUE_BOOL] = 'b', [VALUE_INT] = 'n',
		[VALUE_DOUBLE] = 'n', [VALUE_STR] = 's'};
	if (n->kind == NODE_CONST)
		return types[n->value.type];
	if (n->kind == NODE_FIELD)
		return '?';
	return n->kind == NODE_CALL ? n->fn->returns : 'b';
}

static bool eql_check_fits(char wanted, char type)
{
	return type == '?' || type == '0' || wanted == 'a' || wanted == type;
}

static struct str source(const struct eql_ctx *cx, const struct node *n)
{
	struct str s = str_sub(cx->text, n->from, n->to);
	return s.n > 80 ? str_sub(s, 0, 80) : s;
}

static const char *type_name(char type)
{
	switch (type) {
	case 'n':
		return "numeric";
	case 'i':
		return "integer";
	case 'b':
		return "boolean";
	default:
		return "string";
	}
}

static const char *ordinal(size_t i, char tmp[16])
{
	static const char *const first[] = {"1st", "2nd", "3rd"};
	if (i < ARRAY_LEN(first))
		return first[i];
	size_t n = i + 1, at = 15;
	memcpy(tmp, "             th", 16);
	for (at = 12; n; n /= 10)
		tmp[at--] = (char)('0' + n % 10);
	return tmp + at + 1;
}

/* "2nd argument of [x in (1, "a")] must be [numeric], found value ["a"] type [keyword]" */
static bool wrong_argument(struct eql_ctx *cx, const struct node *whole, size_t i, char wanted)
{
	char tmp[16];
	const struct node *kid = whole->kid[i];
	const char *type = kid->kind == NODE_CONST ? value_type_name(kid->value.type) :
		type_name(eql_type(kid));
	return eql_fail(cx, kid->from,
		"%s argument of [%.*s] must be [%s], found value [%.*s] type [%s]", ordinal(i, tmp),
		STR_ARG(source(cx, whole)), type_name(wanted), STR_ARG(source(cx, kid)), type);
}

static bool unknown_function(struct eql_ctx *cx, const struct node *n)
{
	const char *near = eql_function_nearest(n->name);
	if (near)
		return eql_fail(cx, n->from, "Unknown function [%.*s], did you mean [%s]?",
			STR_ARG(n->name), near);
	return eql_fail(cx, n->from, "Unknown function [%.*s]", STR_ARG(n->name));
}

/* What the i-th argument must be: '\0' when there may not be one. */
static char argument_kind(const char *args, size_t i)
{
	size_t n = strlen(args);
	bool repeats = args[n - 1] == '+';
	if (repeats)
		n--;
	return i < n ? args[i] : repeats ? args[n - 1] : '\0';
}

static size_t least_arguments(const char *args)
{
	size_t n = 0;
	while (args[n] >= 'a')
		n++;
	return n;
}

static bool check_count(struct eql_ctx *cx, const struct node *n)
{
	const char *args = n->fn->args;
	size_t least = least_arguments(args);
	bool repeats = strchr(args, '+');
	bool few = n->n < least, many = !repeats && n->n > strlen(args);
	if (few || many)
		return eql_fail(cx, n->from, "%s needs %s %zu argument%s, found %zu", n->fn->name,
			many ? "no more than" : repeats || strlen(args) > least ? "at least" : "exactly",
			many ? strlen(args) : least, (many ? strlen(args) : least) == 1 ? "" : "s", n->n);
	if (n->n > EQL_ARGS_MAX && argument_kind(args, n->n) != 'k')
		return eql_fail(cx, n->from, "%zu arguments for %s; %d is the limit", n->n, n->fn->name,
			EQL_ARGS_MAX);
	return true;
}

static bool check_block(struct eql_ctx *cx, const struct node *n, size_t i)
{
	struct cidr ignored;
	const struct node *kid = n->kid[i];
	if (kid->kind != NODE_CONST)
		return eql_fail(cx, kid->from, "%s needs constant address blocks, found [%.*s]",
			n->fn->name, STR_ARG(source(cx, kid)));
	if (kid->value.type != VALUE_STR)
		return wrong_argument(cx, n, i, 's');
	if (!cidr_parse(kid->value.s, &ignored))
		return eql_fail(cx, kid->from, "[%.*s] is no address block such as 10.0.0.0/8 or fe80::/10",
			STR_ARG(source(cx, kid)));
	return true;
}

static bool check_argument(struct eql_ctx *cx, const struct node *n, size_t i)
{
	char kind = argument_kind(n->fn->args, i);
	if (kind == 'k')
		return check_block(cx, n, i);
	if (kind < 'a')
		kind = (char)(kind + 32);
	const struct node *kid = n->kid[i];
	if (kind == 'i' && kid->kind == NODE_CONST && kid->value.type == VALUE_DOUBLE)
		return wrong_argument(cx, n, i, 'i');
	return eql_check_fits(kind == 'i' ? 'n' : kind, eql_type(kid)) ||
	       wrong_argument(cx, n, i, kind);
}

static bool check_call(struct eql_ctx *cx, struct node *n)
{
	if (!n->fn)
		n->fn = eql_function_find(n->name);
	if (!n->fn)
		return unknown_function(cx, n);
	if (n->fold && !n->fn->tilde)
		return eql_fail(cx, n->from, "%s has no form with ~, write %s(...)", n->fn->name,
			n->fn->name);
	if (!check_count(cx, n))
		return false;
	for (size_t i = 0; i < n->n; i++)
		if (!check_argument(cx, n, i))
			return false;
	return true;
}

static bool fields_compared(struct eql_ctx *cx, const struct node *offender, const char *op)
{
	return eql_fail(cx, offender->from,
		"Comparisons against fields are not (currently) supported; offender [%.*s] in [%s]",
		STR_ARG(source(cx, offender)), op);
}

static bool check_comparison(struct eql_ctx *cx, const struct node *n)
{
	static const char *const ops[] = {[CMP_EQ] = "==", [CMP_NE] = "!=", [CMP_LT] = "<",
		[CMP_LE] = "<=", [CMP_GT] = ">", [CMP_GE] = ">="};
	const struct node *left = n->kid[0], *right = n->kid[1];
	if (!eql_is_const(left) && !eql_is_const(right))
		return fields_compared(cx, right, ops[n->op]);
	char a = eql_type(left), b = eql_type(right);
	if (eql_check_fits(a, b) || eql_check_fits(b, a))
		return true;
	bool swap = eql_is_const(left) && !eql_is_const(right);
	return wrong_argument(cx, n, swap ? 0 : 1, swap ? b : a);
}

static bool check_in(struct eql_ctx *cx, const struct node *n)
{
	char wanted = eql_type(n->kid[0]);
	for (size_t i = 1; i < n->n; i++) {
		if (!eql_is_const(n->kid[i]))
			return fields_compared(cx, n->kid[i], n->fold ? "in~" : "in");
		char type = eql_type(n->kid[i]);
		if (wanted == '?' || wanted == '0')
			wanted = type;
		if (!eql_check_fits(wanted, type) && !eql_check_fits(type, wanted))
			return wrong_argument(cx, n, i, wanted);
	}
	return true;
}

static bool check_patterns(struct eql_ctx *cx, const struct node *n)
{
	if (!eql_check_fits('s', eql_type(n->kid[0])))
		return wrong_argument(cx, n, 0, 's');
	for (size_t i = 1; i < n->n; i++)
		if (n->kid[i]->value.type != VALUE_STR)
			return wrong_argument(cx, n, i, 's');
	return true;
}

/* Each condition is looked at, whatever is wrong with the one before. */
static bool check_booleans(struct eql_ctx *cx, struct node *n)
{
	bool fine = true;
	for (size_t i = 0; i < n->n; i++)
		fine = eql_check_condition(cx, n->kid[i]) && fine;
	return fine;
}

static bool eql_check(struct eql_ctx *cx, struct node *n)
{
	if (n->kind == NODE_NOT || n->kind == NODE_AND || n->kind == NODE_OR)
		return check_booleans(cx, n);
	for (size_t i = 0; i < n->n; i++)
		if (!eql_check(cx, n->kid[i]))
			return false;
	switch (n->kind) {
	case NODE_CALL:
		return check_call(cx, n);
	case NODE_COMPARE:
		return check_comparison(cx, n);
	case NODE_IN:
		return check_in(cx, n);
	case NODE_LIKE:
	case NODE_REGEX:
		return check_patterns(cx, n);
	default:
		return true;
	}
}

bool eql_check_condition(struct eql_ctx *cx, struct node *n)
{
	if (!eql_check(cx, n))
		return false;
	if (eql_check_fits('b', eql_type(n)))
		return true;
	return eql_fail(cx, n->from, "Condition expression needs to be boolean, found [%.*s] type [%s]",
		STR_ARG(source(cx, n)), type_name(eql_type(n)));
}
