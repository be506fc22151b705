/*
 * eql_parse_expr: conditions and expressions, by precedence. Lists (and, or, in, arguments) are
 * read with loops; what must nest counts its depth.
 */
#include "eql_parse_priv.h"

#include "s3triage/base/vec.h"

#include <stdlib.h>

static void parse_push(struct parser *ps, struct node *n)
{
	ps->stack = vec_room(ps->stack, ps->n, &ps->cap, sizeof(*ps->stack));
	ps->stack[ps->n++] = n;
}

/* Gives everything above `base` on the stack to the parent. */
static struct node *parse_adopt(struct parser *ps, struct node *parent, size_t base)
{
	bool ok = eql_adopt(ps->cx, parent, ps->n > base ? ps->stack + base : NULL, ps->n - base);
	ps->n = base;
	parent->to = parse_end(ps);
	return ok ? parent : NULL;
}

static bool eql_parse_expr_enter(struct parser *ps)
{
	if (++ps->depth > EQL_DEPTH_MAX)
		return eql_fail(ps->cx, parse_look(ps)->from, "nested deeper than %d levels",
			EQL_DEPTH_MAX);
	return true;
}

static struct node *eql_parse_expr_constant(struct parser *ps, struct value v)
{
	const struct eql_token *t = parse_take(ps);
	struct node *n = eql_node(ps->cx, NODE_CONST, t->from, t->to);
	n->value = v;
	return n;
}

static struct node *parse_number(struct parser *ps)
{
	struct value v;
	if (!value_parse_number(parse_look(ps)->text, &v)) {
		parse_expected(ps, "a number");
		return NULL;
	}
	return eql_parse_expr_constant(ps, v);
}

/* null true false number string; NULL without an error when it is none of these. */
static struct node *parse_constant(struct parser *ps)
{
	const struct eql_token *t = parse_look(ps);
	if (t->kind == TOK_STRING)
		return eql_parse_expr_constant(ps, value_str(t->text));
	if (t->kind == TOK_INTEGER || t->kind == TOK_DECIMAL)
		return parse_number(ps);
	if (parse_is_word(ps, "null"))
		return eql_parse_expr_constant(ps, value_null());
	if (parse_is_word(ps, "true") || parse_is_word(ps, "false"))
		return eql_parse_expr_constant(ps, value_bool(str_is(t->text, "true")));
	return NULL;
}

static bool eql_parse_expr_is_name(const struct eql_token *t)
{
	return t->kind == TOK_IDENT || t->kind == TOK_QUOTED;
}

static struct node *parse_field(struct parser *ps)
{
	size_t from = parse_look(ps)->from;
	bool optional = parse_take_mark(ps, "?");
	AUTO(buf_fini) struct buf name = {0};
	for (;;) {
		if (!eql_parse_expr_is_name(parse_look(ps))) {
			parse_expected(ps, name.n ? "the next part of a field name" : "a field name");
			return NULL;
		}
		buf_add(&name, parse_take(ps)->text);
		if (parse_is_mark(ps, "[") && parse_look(ps)[1].kind == TOK_INTEGER) {
			eql_fail(ps->cx, parse_look(ps)->from, "Array indexes are not supported");
			return NULL;
		}
		if (!parse_take_mark(ps, "."))
			break;
		buf_char(&name, '.');
	}
	struct node *n = eql_node(ps->cx, NODE_FIELD, from, parse_end(ps));
	n->name = arena_str(ps->cx->mem, buf_str(&name));
	n->optional = optional;
	return n;
}

/* "(" item { "," item } ")", onto the stack. */
static bool parse_list(struct parser *ps, struct node *(*item)(struct parser *), const char *what)
{
	do {
		struct node *n = item(ps);
		if (!n)
			return ps->cx->failed ? false : parse_expected(ps, what);
		parse_push(ps, n);
	} while (parse_take_mark(ps, ","));
	return parse_need_mark(ps, ")", ", or )");
}

static struct node *parse_call(struct parser *ps)
{
	const struct eql_token *t = parse_take(ps);
	struct node *n = eql_node(ps->cx, NODE_CALL, t->from, t->to);
	n->name = t->text;
	n->fold = t->kind == TOK_TILDE;
	parse_take_mark(ps, "(");
	size_t base = ps->n;
	if (!parse_take_mark(ps, ")") && !parse_list(ps, parse_condition, "an argument"))
		return NULL;
	return parse_adopt(ps, n, base);
}

static struct node *parse_group(struct parser *ps)
{
	size_t from = parse_take(ps)->from;
	struct node *n = parse_condition(ps);
	if (!n || !parse_need_mark(ps, ")", "and, or, a comparison or )"))
		return NULL;
	n->from = from;
	n->to = parse_end(ps);
	return n;
}

static bool next_is_mark(const struct parser *ps, const char *mark)
{
	if (parse_look(ps)->kind == TOK_END)
		return false;
	const struct eql_token *t = parse_look(ps) + 1;
	return t->kind == TOK_MARK && str_is(t->text, mark);
}

static struct node *parse_primary(struct parser *ps)
{
	const struct eql_token *t = parse_look(ps);
	struct node *n = parse_constant(ps);
	if (n || ps->cx->failed)
		return n;
	if (parse_is_mark(ps, "("))
		return parse_group(ps);
	if ((t->kind == TOK_IDENT || t->kind == TOK_TILDE) && next_is_mark(ps, "("))
		return parse_call(ps);
	if (t->kind == TOK_IDENT && t[1].kind == TOK_KEYWORD && str_is(t[1].text, "of")) {
		eql_fail(ps->cx, t->from, "Process relationships are not supported");
		return NULL;
	}
	if (eql_parse_expr_is_name(t) || parse_is_mark(ps, "?"))
		return parse_field(ps);
	parse_expected(ps, t->kind == TOK_TILDE ? "( after a name with ~" :
		"a field, a value, a function or (");
	return NULL;
}

static struct node *predicate(struct parser *ps, struct node *left, enum node_kind kind)
{
	const struct eql_token *t = parse_take(ps);
	struct node *n = eql_node(ps->cx, kind, left->from, left->to);
	n->fold = t->fold || str_is(t->text, ":");
	size_t base = ps->n;
	parse_push(ps, left);
	if (parse_take_mark(ps, "(")) {
		if (!parse_list(ps, parse_constant, "a string"))
			return NULL;
	} else {
		struct node *c = parse_constant(ps);
		if (!c && !ps->cx->failed)
			parse_expected(ps, "a string or a list of strings");
		if (!c)
			return NULL;
		parse_push(ps, c);
	}
	return parse_adopt(ps, n, base);
}

static struct node *parse_in(struct parser *ps, struct node *left)
{
	size_t base = ps->n;
	bool negated = parse_take_word(ps, "not");
	if (negated && !parse_is_word(ps, "in")) {
		parse_expected(ps, "in after not; for other operators write not before the field");
		return NULL;
	}
	struct node *n = eql_node(ps->cx, NODE_IN, left->from, left->to);
	n->fold = parse_take(ps)->fold;
	parse_push(ps, left);
	if (!parse_need_mark(ps, "(", "( and a list of values") ||
		!parse_list(ps, parse_condition, "a value"))
		return NULL;
	n = parse_adopt(ps, n, base);
	if (!n || !negated)
		return n;
	struct node *outer = eql_node(ps->cx, NODE_NOT, n->from, n->to);
	return eql_adopt(ps->cx, outer, &n, 1) ? outer : NULL;
}

static struct node *parse_predicate(struct parser *ps)
{
	struct node *n = parse_primary(ps);
	if (!n)
		return NULL;
	if (parse_is_word(ps, "in") || parse_is_word(ps, "not"))
		return parse_in(ps, n);
	if (parse_is_mark(ps, ":") || parse_is_word(ps, "like"))
		return predicate(ps, n, NODE_LIKE);
	if (parse_is_word(ps, "regex"))
		return predicate(ps, n, NODE_REGEX);
	return n;
}

static struct node *eql_parse_expr_arithmetic(
	struct parser *ps, char op, struct node **kids, size_t n)
{
	struct node *call = eql_node(ps->cx, NODE_CALL, kids[0]->from, parse_end(ps));
	call->fn = eql_function_arithmetic(op);
	call->name = str_c(call->fn->name);
	return eql_adopt(ps->cx, call, kids, n) ? call : NULL;
}

static struct node *parse_sign(struct parser *ps)
{
	if (!parse_is_mark(ps, "-") && !parse_is_mark(ps, "+"))
		return parse_predicate(ps);
	size_t from = parse_look(ps)->from;
	bool minus = parse_is_mark(ps, "-");
	parse_take(ps);
	if (!eql_parse_expr_enter(ps))
		return NULL;
	struct node *n = parse_sign(ps);
	ps->depth--;
	if (n && minus)
		n = eql_parse_expr_arithmetic(ps, 'n', &n, 1);
	if (n)
		n->from = from;
	return n;
}

static struct node *parse_left(struct parser *ps, struct node *(*operand)(struct parser *),
	const char *ops)
{
	struct node *left = operand(ps);
	while (left) {
		const struct eql_token *t = parse_look(ps);
		char op = t->kind == TOK_MARK && t->text.n == 1 ? t->text.p[0] : '\0';
		if (!op || str_find_char(str_c(ops), op) == STR_NONE)
			break;
		parse_take(ps);
		struct node *kids[2] = {left, operand(ps)};
		left = kids[1] ? eql_parse_expr_arithmetic(ps, op, kids, 2) : NULL;
	}
	return left;
}

static struct node *parse_product(struct parser *ps)
{
	return parse_left(ps, parse_sign, "*/%");
}

struct node *parse_sum(struct parser *ps)
{
	return parse_left(ps, parse_product, "+-");
}

static bool comparison_at(const struct parser *ps, enum compare_op *op)
{
	static const char *const marks[] = {
		[CMP_EQ] = "==", [CMP_NE] = "!=", [CMP_LT] = "<",
		[CMP_LE] = "<=", [CMP_GT] = ">", [CMP_GE] = ">="};
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (parse_is_mark(ps, marks[i]))
			return *op = (enum compare_op)i, true;
	return false;
}

static struct node *parse_comparison(struct parser *ps)
{
	struct node *left = parse_sum(ps);
	enum compare_op op;
	if (!left || !comparison_at(ps, &op))
		return left;
	parse_take(ps);
	struct node *n = eql_node(ps->cx, NODE_COMPARE, left->from, left->to);
	n->op = op;
	struct node *kids[2] = {left, parse_sum(ps)};
	if (!kids[1] || !eql_adopt(ps->cx, n, kids, 2))
		return NULL;
	n->to = parse_end(ps);
	if (comparison_at(ps, &op)) {
		parse_expected(ps, "and, or or the end: comparisons do not chain");
		return NULL;
	}
	return n;
}

/* Any number of not, without nesting. */
static struct node *eql_parse_expr_parse_not(struct parser *ps)
{
	size_t from = parse_look(ps)->from;
	bool negated = false, any = false;
	while (parse_take_word(ps, "not")) {
		negated = !negated;
		any = true;
	}
	struct node *n = parse_comparison(ps);
	if (!n || !any)
		return n;
	struct node *outer = eql_node(ps->cx, NODE_NOT, from, n->to);
	if (!eql_adopt(ps->cx, outer, &n, 1) || negated)
		return ps->cx->failed ? NULL : outer;
	struct node *again = eql_node(ps->cx, NODE_NOT, from, n->to);
	return eql_adopt(ps->cx, again, &outer, 1) ? again : NULL;
}

static struct node *parse_chain(struct parser *ps, struct node *(*operand)(struct parser *),
	const char *word, enum node_kind kind)
{
	struct node *first = operand(ps);
	if (!first || !parse_is_word(ps, word))
		return first;
	size_t base = ps->n;
	parse_push(ps, first);
	while (parse_take_word(ps, word)) {
		struct node *n = operand(ps);
		if (!n)
			return NULL;
		parse_push(ps, n);
	}
	return parse_adopt(ps, eql_node(ps->cx, kind, first->from, 0), base);
}

static struct node *eql_parse_expr_parse_and(struct parser *ps)
{
	return parse_chain(ps, eql_parse_expr_parse_not, "and", NODE_AND);
}

struct node *parse_condition(struct parser *ps)
{
	if (!eql_parse_expr_enter(ps))
		return NULL;
	struct node *n = parse_chain(ps, eql_parse_expr_parse_and, "or", NODE_OR);
	ps->depth--;
	return n;
}
