/*
 * eql_eval: running a compiled query on a document. Two-valued between leaves, three-valued inside
 * one; a leaf is true when any choice of its fields' values makes it so.
 */
#include "eql_priv.h"

#include "s3triage/base/vec.h"

#include "eql_regex_priv.h"
#include "field_priv.h"

struct looking {
	struct field_slot *slot;
	size_t ignore_above;
};

static bool eql_eval_too_long(const struct json *v, size_t units)
{
	return units && json_str(v).n > units && utf8_utf16(json_str(v)) > units;
}

static void eql_eval_add_value(void *arg, const struct json *v)
{
	struct looking *l = arg;
	struct field_slot *slot = l->slot;
	if (eql_eval_too_long(v, l->ignore_above))
		return;
	slot->v = vec_room(slot->v, slot->n, &slot->cap, sizeof(*slot->v));
	slot->v[slot->n++] = value_json(v);
}

struct field_slot *eql_run_field(struct eql_run *run, size_t field)
{
	struct field_slot *slot = &run->slots[field];
	if (slot->seen != run->serial) {
		slot->seen = run->serial;
		slot->n = 0;
		struct looking l = {slot, run->q->ignore_above};
		field_each(run->doc, run->q->fields[field], eql_eval_add_value, &l);
	}
	return slot;
}

void eql_run_document(struct eql_run *run, const struct json *doc)
{
	run->doc = doc;
	run->serial++;
	run->fault = NULL;
	eql_regex_run_reset(run->regex);
}

static struct value eval_call(struct eql_run *run, const struct node *n)
{
	char tmp[VALUE_TEXT_MAX];
	struct value arg[EQL_ARGS_MAX];
	arg[0] = eql_eval(run, n->kid[0]);
	if (n->patterns && arg[0].type == VALUE_NULL)
		return value_null();
	if (n->patterns)
		return value_bool(pattern_match(n->patterns[0], value_text(arg[0], tmp)));
	if (!n->cidrs)
		for (size_t i = 1; i < n->n; i++)
			arg[i] = eql_eval(run, n->kid[i]);
	return run->fault ? value_null() : n->fn->call(run, n, arg);
}

static struct value eval_like(struct eql_run *run, const struct node *n)
{
	char tmp[VALUE_TEXT_MAX];
	struct value v = eql_eval(run, n->kid[0]);
	if (v.type == VALUE_NULL)
		return v;
	struct str s = value_text(v, tmp);
	if (n->regex)
		return eql_regex_match(run, n->regex, s);
	if (n->set && value_set_has_text(n->set, s))
		return value_bool(true);
	for (size_t i = 0; i < n->n_patterns; i++)
		if (pattern_match(n->patterns[i], s))
			return value_bool(true);
	return value_bool(false);
}

/* and, or in three-valued logic, inside a leaf. */
static struct value eval_chain(struct eql_run *run, const struct node *n, bool dominant)
{
	bool unknown = false;
	for (size_t i = 0; i < n->n; i++) {
		struct value v = eql_eval(run, n->kid[i]);
		if (v.type == VALUE_NULL)
			unknown = true;
		else if (value_is_true(v) == dominant)
			return value_bool(dominant);
	}
	return unknown ? value_null() : value_bool(!dominant);
}

static struct value eval_not(struct eql_run *run, const struct node *n)
{
	struct value v = eql_eval(run, n->kid[0]);
	return v.type == VALUE_NULL ? v : value_bool(!value_is_true(v));
}

static struct value eval_in(struct eql_run *run, const struct node *n)
{
	struct value v = eql_eval(run, n->kid[0]);
	return v.type == VALUE_NULL ? v : value_bool(value_set_has(n->set, v));
}

struct value eql_eval(struct eql_run *run, const struct node *n)
{
	switch (n->kind) {
	case NODE_CONST:
		return n->value;
	case NODE_FIELD:
		return run->vars[n->var];
	case NODE_CALL:
		return eval_call(run, n);
	case NODE_COMPARE:
		return constant_compare(n->constant, n->op, eql_eval(run, n->kid[0]));
	case NODE_IN:
		return eval_in(run, n);
	case NODE_IS_NULL:
		return value_bool(eql_eval(run, n->kid[0]).type == VALUE_NULL);
	case NODE_NOT:
		return eval_not(run, n);
	case NODE_AND:
	case NODE_OR:
		return eval_chain(run, n, n->kind == NODE_OR);
	default:
		return eval_like(run, n);
	}
}

/* One choice of values. A field alone is true when its value is true, or says so. */
static bool try_values(struct eql_run *run, const struct node *leaf)
{
	struct value v = eql_eval(run, leaf);
	if (leaf->kind == NODE_FIELD && v.type == VALUE_STR)
		v = value_bool(str_is(v.s, "true"));
	if (run->made.head)
		arena_fini(&run->made);
	return !run->fault && value_is_true(v);
}

static struct value value_at(const struct field_slot *slot, size_t i)
{
	return slot->n ? slot->v[i] : value_null();
}

static bool try_one_field(struct eql_run *run, const struct node *leaf)
{
	struct field_slot *slot = eql_run_field(run, leaf->vars[0]->field);
	size_t i = 0;
	do {
		run->vars[0] = value_at(slot, i);
		if (try_values(run, leaf))
			return true;
	} while (++i < slot->n && !run->fault);
	return false;
}

/* The next choice, as an odometer turns; false after the last. */
static bool turn(struct eql_run *run, const struct node *leaf)
{
	for (size_t i = leaf->n_vars; i-- > 0;) {
		struct field_slot *slot = eql_run_field(run, leaf->vars[i]->field);
		bool more = ++run->digits[i] < slot->n;
		if (!more)
			run->digits[i] = 0;
		run->vars[i] = value_at(slot, run->digits[i]);
		if (more)
			return true;
	}
	return false;
}

static bool try_many_fields(struct eql_run *run, const struct node *leaf)
{
	for (size_t i = 0; i < leaf->n_vars; i++) {
		run->digits[i] = 0;
		run->vars[i] = value_at(eql_run_field(run, leaf->vars[i]->field), 0);
	}
	size_t tries = 0;
	do {
		if (try_values(run, leaf))
			return true;
		if (++tries == EQL_COMBINATIONS_MAX)
			eql_fault(run, "its fields have too many combinations of values");
	} while (!run->fault && turn(run, leaf));
	return false;
}

bool eql_test_leaf(struct eql_run *run, const struct node *n)
{
	bool found = n->n_vars == 1 ? try_one_field(run, n) :
		n->n_vars ? try_many_fields(run, n) : try_values(run, n);
	return found != n->negate;
}

bool eql_test(struct eql_run *run, const struct node *n)
{
	bool stop_at = n->kind == NODE_OR;
	if (n->kind == NODE_NOT)
		return !eql_test(run, n->kid[0]);
	if (eql_is_leaf(n))
		return eql_test_leaf(run, n);
	for (size_t i = 0; i < n->n && !run->fault; i++)
		if (eql_test(run, n->order[i]) == stop_at)
			return stop_at;
	return !stop_at;
}

bool eql_test_category(struct eql_run *run)
{
	const struct eql_query *query = &run->q->query;
	if (query->any)
		return true;
	struct field_slot *slot = eql_run_field(run, 0);
	for (size_t i = 0; i < slot->n; i++)
		if (slot->v[i].type == VALUE_STR && str_eq(slot->v[i].s, query->category))
			return true;
	return false;
}
