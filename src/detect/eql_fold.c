/*
 * eql_fold: constants computed once, in three-valued logic; literals moved to the right; null
 * tests and == true made plain. What is left of a null at the edge of the query matches nothing.
 */
#include "eql_priv.h"

#include <string.h>

static struct node *eql_fold_constant(struct eql_ctx *cx, const struct node *at, struct value v)
{
	struct node *n = eql_node(cx, NODE_CONST, at->from, at->to);
	if (v.type == VALUE_STR)
		v.s = arena_str(cx->mem, v.s);
	n->value = v;
	return n;
}

static bool all_const(const struct node *n)
{
	for (size_t i = 0; i < n->n; i++)
		if (n->kid[i]->kind != NODE_CONST)
			return false;
	return true;
}

/* A node whose kids are all constants. */
static struct node *compute(struct eql_ctx *cx, struct eql *q, struct node *n)
{
	if (!eql_bind_expression(cx, q, n))
		return NULL;
	struct eql_run run = {.q = q};
	struct value v = eql_eval(&run, n);
	struct node *out = eql_fold_constant(cx, n, v);
	arena_fini(&run.made);
	if (run.fault) {
		bool divides = n->fn && (str_is(n->name, "divide") || str_is(n->name, "modulo"));
		eql_fail(cx, n->from, "%s", divides ? "/ by zero" : "the result is too large");
		return NULL;
	}
	return out;
}

static struct node *fold_not(struct eql_ctx *cx, struct node *n)
{
	struct node *kid = n->kid[0];
	if (kid->kind != NODE_CONST || kid->value.type == VALUE_NULL)
		return kid->kind == NODE_CONST ? eql_fold_constant(cx, n, value_null()) : n;
	return eql_fold_constant(cx, n, value_bool(!value_is_true(kid->value)));
}

/* `dominant` decides alone (false for and, true for or). A null decides an and, unless something
 * is false; it says nothing to an or. */
static struct node *fold_chain(struct eql_ctx *cx, struct node *n, bool dominant)
{
	size_t kept = 0, nulls = 0;
	for (size_t i = 0; i < n->n; i++) {
		struct node *kid = n->kid[i];
		if (kid->kind != NODE_CONST)
			n->kid[kept++] = kid;
		else if (kid->value.type == VALUE_NULL)
			nulls++;
		else if (value_is_true(kid->value) == dominant)
			return eql_fold_constant(cx, n, value_bool(dominant));
	}
	if (nulls && (kept == 0 || n->kind == NODE_AND))
		return eql_fold_constant(cx, n, value_null());
	if (kept == 0)
		return eql_fold_constant(cx, n, value_bool(!dominant));
	n->n = kept;
	return kept == 1 ? n->kid[0] : n;
}

static struct node *eql_fold_negation(struct eql_ctx *cx, struct node *kid, const struct node *at)
{
	struct node *n = eql_node(cx, NODE_NOT, at->from, at->to);
	if (!eql_adopt(cx, n, &kid, 1))
		return NULL;
	return fold_not(cx, n);
}

static struct node *null_test(struct eql_ctx *cx, struct node *n, struct node *subject)
{
	struct node *test;
	if (n->op != CMP_EQ && n->op != CMP_NE)
		return eql_fold_constant(cx, n, value_null());
	if (subject->kind == NODE_CONST) {
		test = eql_fold_constant(cx, n, value_bool(subject->value.type == VALUE_NULL));
	} else {
		test = eql_node(cx, NODE_IS_NULL, n->from, n->to);
		if (!eql_adopt(cx, test, &subject, 1))
			return NULL;
	}
	return n->op == CMP_EQ ? test : eql_fold_negation(cx, test, n);
}

static enum compare_op turned(enum compare_op op)
{
	static const enum compare_op other[] = {[CMP_EQ] = CMP_EQ, [CMP_NE] = CMP_NE,
		[CMP_LT] = CMP_GT, [CMP_LE] = CMP_GE, [CMP_GT] = CMP_LT, [CMP_GE] = CMP_LE};
	return other[op];
}

static bool is_null(const struct node *n)
{
	return n->kind == NODE_CONST && n->value.type == VALUE_NULL;
}

static struct node *fold_comparison(struct eql_ctx *cx, struct eql *q, struct node *n)
{
	if (is_null(n->kid[0]))
		return null_test(cx, n, n->kid[1]);
	if (is_null(n->kid[1]))
		return null_test(cx, n, n->kid[0]);
	if (all_const(n))
		return compute(cx, q, n);
	if (n->kid[0]->kind == NODE_CONST) {
		struct node *literal = n->kid[0];
		n->kid[0] = n->kid[1];
		n->kid[1] = literal;
		n->op = turned(n->op);
	}
	bool equality = n->op == CMP_EQ || n->op == CMP_NE;
	if (equality && n->kid[1]->value.type == VALUE_BOOL && eql_type(n->kid[0]) == 'b') {
		bool same = n->kid[1]->value.b == (n->op == CMP_EQ);
		return same ? n->kid[0] : eql_fold_negation(cx, n->kid[0], n);
	}
	return n;
}

static struct node *fold_subject(struct eql_ctx *cx, struct eql *q, struct node *n)
{
	if (is_null(n->kid[0]))
		return eql_fold_constant(cx, n, value_null());
	return all_const(n) ? compute(cx, q, n) : n;
}

static struct node *fold_one(struct eql_ctx *cx, struct eql *q, struct node *n)
{
	switch (n->kind) {
	case NODE_NOT:
		return fold_not(cx, n);
	case NODE_AND:
	case NODE_OR:
		return fold_chain(cx, n, n->kind == NODE_OR);
	case NODE_CALL:
		return all_const(n) ? compute(cx, q, n) : n;
	case NODE_COMPARE:
		return fold_comparison(cx, q, n);
	case NODE_IN:
	case NODE_LIKE:
	case NODE_REGEX:
		return fold_subject(cx, q, n);
	default:
		return n;
	}
}

struct node *eql_fold(struct eql_ctx *cx, struct eql *q, struct node *n)
{
	for (size_t i = 0; i < n->n; i++) {
		n->kid[i] = eql_fold(cx, q, n->kid[i]);
		if (!n->kid[i])
			return NULL;
	}
	return fold_one(cx, q, n);
}
