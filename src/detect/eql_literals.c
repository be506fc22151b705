/*
 * eql_literals: what the JSON text of every match must contain, for a scanner that skips the rest.
 * Leaves out whatever JSON may spell in more than one way.
 */
#include "eql_priv.h"

#include <stdlib.h>

enum { CANDIDATES_MAX = 64 };

struct literals {
	struct str v[CANDIDATES_MAX];
	size_t n;
	bool raw; /* must hold for raw CloudTrail text too */
};

/* Fields whose value a raw CloudTrail event has letter for letter. */
static bool copied_from_raw(struct str field)
{
	static const char *const names[] = {"event.action", "event.provider", "event.id",
		"cloud.region", "user_agent.original", "aws.cloudtrail.error_code",
		"aws.cloudtrail.error_message", "aws.cloudtrail.event_type",
		"aws.cloudtrail.request_id", "aws.cloudtrail.vpc_endpoint_id",
		"aws.cloudtrail.user_identity.type", "aws.cloudtrail.user_identity.arn",
		"aws.cloudtrail.user_identity.access_key_id"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_is(field, names[i]))
			return true;
	return false;
}

/* Printable ASCII that no JSON writer escapes, and not part of a number. */
static bool spelt_one_way(struct str s)
{
	bool number = true;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c < ' ' || c > '~' || str_find_char(STR("\"\\/<>&'"), c) != STR_NONE)
			return false;
		number &= str_find_char(STR("0123456789.-+eE"), c) != STR_NONE;
	}
	return s.n && !number;
}

static void eql_literals_add(struct literals *l, struct str s)
{
	if (!spelt_one_way(s) || l->n == CANDIDATES_MAX)
		return;
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->v[i], s))
			return;
	l->v[l->n++] = s;
}

/* An equality; dates and addresses are equal to texts that look otherwise. */
static void add_constant(struct literals *l, const struct node *n)
{
	const struct constant *c = n->constant;
	if (n->op == CMP_EQ && c->value.type == VALUE_STR && !c->has_date && !c->has_cidr)
		eql_literals_add(l, c->value.s);
}

static void add_element(struct literals *l, const struct node *n)
{
	struct constant c;
	if (n->fold || n->n != 2 || n->kid[1]->value.type != VALUE_STR)
		return;
	constant_init(&c, n->kid[1]->value, true, NULL);
	constant_address(&c);
	if (!c.has_date && !c.has_cidr)
		eql_literals_add(l, c.value.s);
}

static void add_pattern(struct literals *l, const struct node *n)
{
	if (n->fold)
		return;
	if (n->n_patterns == 1 && !n->set)
		eql_literals_add(l, pattern_longest_literal(n->patterns[0]));
	else if (n->kind == NODE_LIKE && n->n == 2)
		eql_literals_add(l, n->kid[1]->value.s);
	else if (n->kind == NODE_CALL && str_is(str_c(n->fn->name), "startsWith") &&
		n->kid[1]->kind == NODE_CONST && n->kid[1]->value.type == VALUE_STR)
		eql_literals_add(l, n->kid[1]->value.s);
}

static void add_leaf(struct literals *l, const struct node *n)
{
	if (n->negate || n->n == 0 || n->kid[0]->kind != NODE_FIELD)
		return;
	if (l->raw && !copied_from_raw(n->kid[0]->name))
		return;
	if (n->kind == NODE_COMPARE)
		add_constant(l, n);
	else if (n->kind == NODE_IN)
		add_element(l, n);
	else if (n->kind == NODE_LIKE || n->kind == NODE_CALL)
		add_pattern(l, n);
}

static void gather(struct literals *l, const struct node *n)
{
	if (eql_is_leaf(n)) {
		add_leaf(l, n);
	} else if (n->kind == NODE_AND) {
		for (size_t i = 0; i < n->n; i++)
			gather(l, n->kid[i]);
	}
}

static int longest_first(const void *a, const void *b)
{
	size_t x = ((const struct str *)a)->n, y = ((const struct str *)b)->n;
	return (x < y) - (x > y);
}

static size_t literals(const struct eql *q, bool raw, struct str *out, size_t cap)
{
	struct literals l = {.raw = raw};
	if (!q->query.any && !raw)
		eql_literals_add(&l, q->query.category);
	gather(&l, q->query.root);
	qsort(l.v, l.n, sizeof(*l.v), longest_first);
	size_t n = l.n < cap ? l.n : cap;
	for (size_t i = 0; i < n; i++)
		out[i] = l.v[i];
	return n;
}

size_t eql_literals(const struct eql *q, struct str *out, size_t cap)
{
	return literals(q, true, out, cap);
}

size_t eql_literals_ecs(const struct eql *q, struct str *out, size_t cap)
{
	return literals(q, false, out, cap);
}

static struct str eql_literals_required(const struct node *n, const char *field)
{
	struct str found = {0};
	if (n->kind == NODE_AND) {
		for (size_t i = 0; i < n->n && !found.n; i++)
			found = eql_literals_required(n->kid[i], field);
		return found;
	}
	bool equal = n->kind == NODE_COMPARE && n->op == CMP_EQ && !n->negate && n->constant &&
		     n->n == 2 && n->kid[0]->kind == NODE_FIELD;
	if (equal && str_is(n->kid[0]->name, field) && n->constant->value.type == VALUE_STR)
		found = n->constant->value.s;
	return found;
}

struct str eql_required(const struct eql *q, const char *field)
{
	return eql_literals_required(q->query.root, field);
}
