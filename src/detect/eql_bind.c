/*
 * eql_bind: from the tree to what runs: fields numbered, literals coerced, patterns and sets
 * compiled, the cheap and selective put first.
 */
#include "eql_priv.h"

#include <stdlib.h>
#include <string.h>

enum { VARS_MAX = 64 };

bool eql_is_leaf(const struct node *n)
{
	return n->kind != NODE_AND && n->kind != NODE_OR && n->kind != NODE_NOT;
}

static bool number_field(struct eql_ctx *cx, struct eql *q, struct node *n)
{
	for (size_t i = 1; i < q->n_fields; i++) {
		if (str_eq(q->fields[i], n->name)) {
			n->field = i;
			q->asked[i] |= !n->optional;
			return true;
		}
	}
	if (q->n_fields == EQL_FIELDS_MAX)
		return eql_fail(cx, n->from, "more than %d fields", EQL_FIELDS_MAX - 1);
	n->field = q->n_fields;
	q->asked[n->field] = !n->optional;
	q->fields[q->n_fields++] = n->name;
	return true;
}

/* ip, source.ip: what ECS maps as addresses. */
static bool holds_addresses(const struct node *n)
{
	return n->kind == NODE_FIELD && (str_is(n->name, "ip") || str_ends(n->name, STR(".ip")));
}

static void bind_comparison(struct eql_ctx *cx, struct node *n)
{
	struct constant *c = arena_alloc(cx->mem, sizeof(*c));
	constant_init(c, n->kid[1]->value, n->kid[0]->kind == NODE_FIELD, cx->mem);
	if (holds_addresses(n->kid[0]))
		constant_address(c);
	n->constant = c;
}

static void bind_in(struct eql_ctx *cx, struct node *n)
{
	const struct set_options o = {
		.fold = n->fold,
		.field = n->kid[0]->kind == NODE_FIELD,
		.ip = holds_addresses(n->kid[0]),
	};
	n->set = value_set_new(cx->mem, n->kid + 1, n->n - 1, &o);
}

/* Elements without a wildcard go into a set, the others are patterns. */
static void bind_like(struct eql_ctx *cx, struct node *n)
{
	size_t plain = 0;
	struct node **exact = arena_array(cx->mem, n->n, sizeof(*exact));
	n->patterns = arena_array(cx->mem, n->n, sizeof(*n->patterns));
	for (size_t i = 1; i < n->n; i++) {
		struct str text = n->kid[i]->value.s;
		if (pattern_is_plain(text))
			exact[plain++] = n->kid[i];
		else
			n->patterns[n->n_patterns++] =
				pattern_new(cx->mem, text, n->fold ? PATTERN_FOLD : 0);
	}
	const struct set_options o = {.fold = n->fold};
	if (plain)
		n->set = value_set_new(cx->mem, exact, plain, &o);
}

static bool bind_regex(struct eql_ctx *cx, struct eql *q, struct node *n)
{
	n->regex = eql_regex_new(cx, n);
	if (!n->regex)
		return false;
	q->regexes = mem_resize(q->regexes, q->n_regexes + 1, sizeof(struct eql_regex *));
	q->regexes[q->n_regexes++] = n->regex;
	return true;
}

static void bind_blocks(struct eql_ctx *cx, struct node *n)
{
	n->cidrs = arena_array(cx->mem, n->n, sizeof(*n->cidrs));
	for (size_t i = 1; i < n->n; i++)
		n->n_cidrs += cidr_parse(n->kid[i]->value.s, &n->cidrs[n->n_cidrs]);
}

bool eql_bind_expression(struct eql_ctx *cx, struct eql *q, struct node *n)
{
	for (size_t i = 0; i < n->n; i++)
		if (!eql_bind_expression(cx, q, n->kid[i]))
			return false;
	switch (n->kind) {
	case NODE_FIELD:
		return number_field(cx, q, n);
	case NODE_COMPARE:
		return bind_comparison(cx, n), true;
	case NODE_IN:
		return bind_in(cx, n), true;
	case NODE_LIKE:
		return n->patterns || n->set || (bind_like(cx, n), true);
	case NODE_REGEX:
		return n->regex || bind_regex(cx, q, n);
	case NODE_CALL:
		n->may_fault = n->fn->may_fault;
		if (strchr(n->fn->args, 'k') && !n->cidrs)
			bind_blocks(cx, n);
		return true;
	default:
		return true;
	}
}

/* A leaf of the form function(field, "constant") is a wildcard query: the constant's stars count
 * (stringContains, endsWith). */
static void bind_wildcard_call(struct eql_ctx *cx, struct node *n)
{
	if (n->kind != NODE_CALL || n->n != 2 || n->kid[0]->kind != NODE_FIELD ||
		n->kid[1]->kind != NODE_CONST || n->kid[1]->value.type != VALUE_STR)
		return;
	bool contains = str_is(str_c(n->fn->name), "stringContains");
	if (!contains && !str_is(str_c(n->fn->name), "endsWith"))
		return;
	AUTO(buf_fini) struct buf text = {0};
	buf_char(&text, '*');
	buf_add(&text, n->kid[1]->value.s);
	buf_c(&text, contains ? "*" : "");
	n->patterns = arena_alloc(cx->mem, sizeof(*n->patterns));
	n->patterns[n->n_patterns++] =
		pattern_new(cx->mem, buf_str(&text), PATTERN_ESCAPE | (n->fold ? PATTERN_FOLD : 0));
}

static unsigned cost_of(const struct node *n)
{
	switch (n->kind) {
	case NODE_CONST:
		return 0;
	case NODE_FIELD:
		return str_is(n->name, "event.action") ? 1 : 4; /* says most about an event */
	case NODE_COMPARE:
		return n->op == CMP_EQ ? 2 : 6;
	case NODE_IN:
		return 3;
	case NODE_LIKE:
		return 8 + 8 * (unsigned)n->n_patterns;
	case NODE_REGEX:
		return 200;
	default:
		return 10;
	}
}

static size_t count_fields(const struct node *n)
{
	size_t count = n->kind == NODE_FIELD;
	for (size_t i = 0; i < n->n; i++)
		count += count_fields(n->kid[i]);
	return count;
}

static bool eql_bind_collect(struct eql_ctx *cx, struct node *leaf, struct node *n)
{
	leaf->cost += cost_of(n);
	leaf->may_fault |= n->may_fault;
	for (size_t i = 0; i < n->n; i++)
		if (!eql_bind_collect(cx, leaf, n->kid[i]))
			return false;
	if (n->kind != NODE_FIELD)
		return true;
	if (leaf->n_vars == VARS_MAX)
		return eql_fail(cx, n->from, "more than %d fields in one comparison", VARS_MAX);
	n->var = leaf->n_vars;
	leaf->vars[leaf->n_vars++] = n;
	return true;
}

static bool bind_leaf(struct eql_ctx *cx, struct eql *q, struct node *n)
{
	if (n->kind == NODE_COMPARE && n->op == CMP_NE) {
		n->op = CMP_EQ;
		n->negate = true;
	}
	if (!eql_bind_expression(cx, q, n))
		return false;
	bind_wildcard_call(cx, n);
	n->vars = arena_array(cx->mem, count_fields(n), sizeof(*n->vars));
	if (!eql_bind_collect(cx, n, n))
		return false;
	n->may_fault |= n->n_vars > 1; /* too many combinations are a fault */
	if (n->negate)
		n->cost += 4; /* selects little */
	if (n->n_vars > q->max_vars)
		q->max_vars = n->n_vars;
	return true;
}

static int by_cost(const void *a, const void *b)
{
	const struct node *x = *(struct node *const *)a, *y = *(struct node *const *)b;
	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* What can fault stays where it was written, so that the same documents reach it. */
static void order_kids(struct eql_ctx *cx, struct node *n)
{
	n->order = arena_array(cx->mem, n->n, sizeof(*n->order));
	memcpy(n->order, n->kid, n->n * sizeof(*n->order));
	for (size_t from = 0, i = 0; i <= n->n; i++) {
		if (i < n->n && !n->order[i]->may_fault)
			continue;
		qsort(n->order + from, i - from, sizeof(*n->order), by_cost);
		from = i + 1;
	}
}

bool eql_bind_condition(struct eql_ctx *cx, struct eql *q, struct node *n)
{
	if (eql_is_leaf(n))
		return bind_leaf(cx, q, n);
	for (size_t i = 0; i < n->n; i++) {
		if (!eql_bind_condition(cx, q, n->kid[i]))
			return false;
		n->cost += n->kid[i]->cost;
		n->may_fault |= n->kid[i]->may_fault;
	}
	if (n->kind != NODE_NOT)
		order_kids(cx, n);
	return true;
}
