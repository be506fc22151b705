/*
 * kql_parse: KQL text to a tree: or binds weaker than and, and weaker than not, the same inside
 * the parentheses of a value list. Lists are chains of siblings; only parentheses and `not` nest,
 * and that is bounded. A filter bar's words that stand side by side are joined by and.
 */
#include "kql_priv.h"

#include "s3triage/base/lines.h"
#include "s3triage/base/vec.h"
#include "s3triage/base/when.h"

struct parser {
	struct kql *q;
	struct kql_lexer lx;
	struct kql_token t;
	bool words, free_text;
	int64_t now;
	enum kql_type (*type)(struct str field);
	struct str field; /* inside a value list: whose values; p == NULL outside */
	int depth;
	struct err *err;
};

static struct kql_node *parse_or(struct parser *p);

static bool kql_parse_advance(struct parser *p)
{
	return kql_lex(&p->lx, p->field.p != NULL, &p->t, p->err);
}

static struct kql_node *kql_parse_fail_at(struct parser *p, size_t at, struct str what)
{
	err_set(p->err, ERR_PARSE, "%.*s", STR_ARG(what));
	lines_err_at(p->err, p->q->query, at);
	return NULL;
}

static struct kql_node *kql_parse_expected(struct parser *p, const char *what)
{
	struct str found = kql_token_name(&p->lx, &p->t);
	return kql_parse_fail_at(p, p->t.at,
		arena_fmt(&p->q->mem, "expected %s, found %.*s", what, STR_ARG(found)));
}

static bool deeper(struct parser *p)
{
	if (++p->depth <= KQL_DEPTH_MAX)
		return true;
	kql_parse_fail_at(p, p->t.at, STR("nested too deeply"));
	return false;
}

static struct kql_node *node_new(struct parser *p, enum kql_kind kind, size_t at)
{
	struct kql_node *n = arena_alloc(&p->q->mem, sizeof(*n));
	n->kind = kind;
	n->at = at;
	n->field = p->field;
	n->type = p->type && n->field.p ? p->type(n->field) : KQL_TEXT;
	return n;
}

static void remember_field(struct kql *q, struct str field)
{
	struct kql_fields *f = &q->fields;
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->v[i], field))
			return;
	f->v = vec_room(f->v, f->n, &f->cap, sizeof(*f->v));
	f->v[f->n++] = field;
}

/* A time, or a date: a whole day. */
static bool kql_parse_set_time(struct kql_node *n)
{
	if (when_parse(n->text, &n->time)) {
		n->last = n->time;
		return true;
	}
	return n->text.n == 10 && n->text.p[4] == '-' && when_bound(n->text, 0, &n->time, NULL) &&
		when_last(n->text, 0, &n->last, NULL);
}

/* Takes over the literal: what it could mean besides its text is worked out once, here. */
static void set_literal(struct kql_node *n, const struct kql_token *t)
{
	n->text = t->text;
	n->pieces = t->pieces;
	n->n_pieces = t->n_pieces;
	n->quoted = t->kind == KQL_T_QUOTED;
	n->end = t->end;
	if (n->n_pieces > 1)
		return;
	n->is_net = kql_net_parse(n->text, true, &n->net);
	n->is_number = kql_number(n->text, &n->number);
	n->is_time = kql_parse_set_time(n);
}

/* A number is asked for: nothing else can be found among numbers, and none is greater. */
static bool fits_type(struct parser *p, const struct kql_node *n)
{
	if (n->type != KQL_NUMBER || n->is_number || n->n_pieces > 1)
		return true;
	kql_parse_fail_at(p, p->t.at,
		arena_fmt(&p->q->mem,
			"%.*s holds numbers: expected one, such as 47, or a"
			" span, such as 90s or 7d",
			STR_ARG(n->field)));
	return false;
}

/* The current literal as a value of p->field. */
static struct kql_node *value_leaf(struct parser *p)
{
	struct kql_node *n = node_new(p, KQL_VALUE, p->t.at);
	set_literal(n, &p->t);
	if (n->n_pieces == 2 && n->text.n == 1)
		n->kind = KQL_EXISTS;
	remember_field(p->q, p->field);
	return fits_type(p, n) && kql_parse_advance(p) ? n : NULL;
}

static bool is_range(enum kql_token_kind kind)
{
	return kind >= KQL_T_LT && kind <= KQL_T_GE;
}

static bool is_literal(enum kql_token_kind kind)
{
	return kind == KQL_T_LITERAL || kind == KQL_T_QUOTED;
}

/* "now", "now-7d": a time that depends on when it is asked. */
static bool relative_time(struct str s)
{
	return str_is(s, "now") || str_starts(s, STR("now-")) || str_starts(s, STR("now+")) ||
		str_starts(s, STR("now/"));
}

static bool set_bound(struct parser *p, struct kql_node *n)
{
	if (!p->now) {
		kql_parse_fail_at(p, p->t.at,
			STR("a time relative to now is not supported here: write it out, "
			    "as 2026-11-24T02:13:07Z"));
		return false;
	}
	n->is_time = when_bound(n->text, p->now, &n->time, p->err) &&
		when_last(n->text, p->now, &n->last, p->err);
	if (!n->is_time)
		kql_parse_fail_at(
			p, p->t.at, arena_str(&p->q->mem, str_c(p->err ? p->err->text : "")));
	return n->is_time;
}

static struct kql_node *range_leaf(struct parser *p)
{
	struct kql_node *n = node_new(p, KQL_RANGE, p->t.at);
	n->op = p->t.kind;
	if (!kql_parse_advance(p))
		return NULL;
	if (!is_literal(p->t.kind))
		return kql_parse_expected(p, "a number, a time or a text to compare with");
	if (p->t.n_pieces > 1)
		return kql_parse_expected(p, "a value without * to compare with");
	set_literal(n, &p->t);
	if ((n->type == KQL_TIME || relative_time(n->text)) && !set_bound(p, n))
		return NULL;
	remember_field(p->q, n->field);
	return fits_type(p, n) && kql_parse_advance(p) ? n : NULL;
}

static struct kql_node *group(struct parser *p)
{
	size_t at = p->t.at;
	if (!kql_parse_advance(p))
		return NULL;
	struct kql_node *n = parse_or(p);
	if (!n)
		return NULL;
	if (p->t.kind != KQL_T_RPAREN)
		return kql_parse_expected(p, p->field.p ? "'and', 'or' or ')' in the list of values"
					      : "'and', 'or' or ')'");
	n->at = at;
	n->end = p->t.end;
	return kql_parse_advance(p) ? n : NULL;
}

/* A `not` node around what `operand` parses behind the current token. */
static struct kql_node *kql_parse_negation(
	struct parser *p, struct kql_node *(*operand)(struct parser *))
{
	struct kql_node *n = node_new(p, KQL_NOT, p->t.at);
	if (!deeper(p) || !kql_parse_advance(p) || !(n->child = operand(p)))
		return NULL;
	p->depth--;
	n->end = n->child->end;
	return n;
}

/* Well written, but it needs the mapping: whose objects are kept together. */
static struct kql_node *nested(struct parser *p)
{
	kql_parse_fail_at(p, p->t.at,
		arena_fmt(&p->q->mem, "a nested query, %.*s:{ … }, is not supported",
			STR_ARG(p->field)));
	if (p->err)
		p->err->code = ERR_INPUT;
	return NULL;
}

/* After "field:": one value, a list in parentheses, not value, and the filter bar's >value. */
static struct kql_node *field_values(struct parser *p)
{
	if (p->t.kind == KQL_T_NOT)
		return kql_parse_negation(p, field_values);
	if (p->words && is_range(p->t.kind))
		return range_leaf(p);
	if (p->t.kind == KQL_T_LBRACE)
		return nested(p);
	if (is_literal(p->t.kind))
		return value_leaf(p);
	if (p->t.kind != KQL_T_LPAREN)
		return kql_parse_expected(p, "a value or a list of values in parentheses");
	return group(p);
}

/* The token after a field's value is read again, as one that may name a field. */
static bool leave_field(struct parser *p)
{
	p->field = (struct str){0};
	p->lx.at = p->t.at;
	return kql_parse_advance(p);
}

static struct kql_node *field_expression(struct parser *p, const struct kql_token *name)
{
	p->field = name->text;
	struct kql_node *n;
	if (is_range(p->t.kind))
		n = range_leaf(p);
	else
		n = kql_parse_advance(p) ? field_values(p) : NULL;
	if (!n || !leave_field(p))
		return NULL;
	n->at = name->at;
	return n;
}

static struct kql_node *bare_value(struct parser *p, const struct kql_token *word)
{
	struct str name = kql_token_name(&p->lx, word);
	if (!p->free_text)
		return kql_parse_fail_at(p, word->at,
			arena_fmt(&p->q->mem, "expected ':' or a comparison after %.*s",
				STR_ARG(name)));
	struct kql_node *n = node_new(p, KQL_VALUE, word->at);
	n->field = STR("*");
	set_literal(n, word);
	if (n->n_pieces == 2 && n->text.n == 1)
		n->kind = KQL_ALL;
	else
		remember_field(p->q, n->field);
	return n;
}

static struct kql_node *expression(struct parser *p)
{
	struct kql_token name = p->t;
	if (!is_literal(name.kind))
		return kql_parse_expected(p, "a field name or '('");
	if (!kql_parse_advance(p))
		return NULL;
	if (p->t.kind != KQL_T_COLON && !is_range(p->t.kind))
		return bare_value(p, &name);
	if (!name.text.n)
		return kql_parse_fail_at(p, name.at, STR("the field name is empty"));
	return field_expression(p, &name);
}

static struct kql_node *primary(struct parser *p)
{
	if (p->t.kind == KQL_T_LPAREN)
		return group(p);
	if (p->t.kind == KQL_T_LBRACE)
		return kql_parse_fail_at(
			p, p->t.at, STR("nested queries, { … }, are not supported"));
	if (!p->field.p)
		return expression(p);
	return is_literal(p->t.kind) ? value_leaf(p) : kql_parse_expected(p, "a value");
}

static struct kql_node *kql_parse_not(struct parser *p)
{
	return p->t.kind == KQL_T_NOT ? kql_parse_negation(p, kql_parse_not) : primary(p);
}

/* Is there another operand of an `op` node? Takes the operator away. */
static bool more(struct parser *p, enum kql_token_kind op, bool *fine)
{
	if (p->t.kind == op) {
		*fine = kql_parse_advance(p);
		return *fine;
	}
	return op == KQL_T_AND && p->words &&
		(p->t.kind == KQL_T_NOT || p->t.kind == KQL_T_LPAREN || is_literal(p->t.kind));
}

/* One level: operands joined by op, parsed by `operand`; a single one is handed on as it is. */
static struct kql_node *joined(struct parser *p, enum kql_token_kind op,
	struct kql_node *(*operand)(struct parser *))
{
	struct kql_node *first = operand(p), *last = first;
	struct kql_node *parent = NULL;
	bool fine = true;
	while (last && more(p, op, &fine)) {
		if (!parent) {
			parent = node_new(p, op == KQL_T_AND ? KQL_AND : KQL_OR, first->at);
			parent->child = first;
		}
		last->next = operand(p);
		last = last->next;
		if (last)
			parent->end = last->end;
	}
	if (!last || !fine)
		return NULL;
	return parent ? parent : first;
}

static struct kql_node *kql_parse_and(struct parser *p)
{
	return joined(p, KQL_T_AND, kql_parse_not);
}

static struct kql_node *parse_or(struct parser *p)
{
	if (!deeper(p))
		return NULL;
	struct kql_node *n = joined(p, KQL_T_OR, kql_parse_and);
	p->depth--;
	return n;
}

struct kql_node *kql_parse(struct kql *q, const struct kql_options *options, struct err *err)
{
	struct parser p = {.q = q, .err = err, .words = options->words, .now = options->now,
		.type = options->type,
		.free_text = options->words || options->free_text,
		.lx = {.query = q->query, .words = options->words, .mem = &q->mem}};
	if (!kql_parse_advance(&p))
		return NULL;
	if (p.t.kind == KQL_T_END)
		return node_new(&p, KQL_ALL, 0);
	struct kql_node *n = parse_or(&p);
	if (!n || p.t.kind == KQL_T_END)
		return n;
	if (p.t.kind == KQL_T_COLON)
		return kql_parse_expected(&p,
			"'and' or 'or' before the next field (a value that holds ':' "
			"stands in quotation marks)");
	return kql_parse_expected(&p, "'and', 'or' or the end");
}
