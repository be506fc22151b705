/*
 * eql_constant: a literal compared with values of any JSON type, and sets of literals. Documents
 * come without a mapping, so the value's own type decides and the literal is coerced to it.
 */
#include "eql_priv.h"

#include "s3triage/base/table.h"
#include "s3triage/base/when.h"

#include <stdlib.h>
#include <string.h>

static bool digits_at(struct str s, size_t at, size_t n)
{
	return s.n >= at + n && str_digits(str_sub(s, at, at + n));
}

/* The text begins as a date does: 2017-08-30. */
static bool looks_like_date(struct str s)
{
	return s.n >= 10 && s.n < 64 && digits_at(s, 0, 4) && s.p[4] == '-' && digits_at(s, 5, 2) &&
		s.p[7] == '-' && digits_at(s, 8, 2);
}

static bool instant(struct str s, int64_t *ms)
{
	if (!looks_like_date(s))
		return false;
	if (s.n > 10)
		return when_parse(s, ms);
	char text[32];
	memcpy(text, s.p, 10);
	memcpy(text + 10, "T00:00:00Z", 11);
	return when_parse(str_c(text), ms);
}

/* A text without milliseconds stands for its whole second, a date for its day. */
static bool date_span(struct str s, int64_t *from, int64_t *to)
{
	if (!instant(s, from))
		return false;
	int64_t span = s.n == 10 ? 86400000 : str_find_char(s, '.') == STR_NONE ? 1000 : 1;
	*to = *from + span - 1;
	return true;
}

bool constant_init(struct constant *c, struct value v, bool field, struct arena *mem)
{
	char tmp[VALUE_TEXT_MAX];
	*c = (struct constant){.value = v};
	c->text = v.type == VALUE_STR ? v.s : arena_str(mem, value_text(v, tmp));
	c->has_bool = v.type == VALUE_BOOL || str_is(c->text, "true") || str_is(c->text, "false");
	c->truth = str_is(c->text, "true");
	if (value_is_number(v)) {
		c->has_number = true;
		c->number = v;
	} else if (v.type == VALUE_STR) {
		c->has_number = value_parse_number(v.s, &c->number);
	}
	if (field && v.type == VALUE_STR)
		c->has_date = date_span(v.s, &c->from_ms, &c->to_ms);
	if (field && v.type == VALUE_INT) {
		c->has_date = true;
		c->from_ms = c->to_ms = v.i;
	}
	return v.type != VALUE_NULL;
}

void constant_address(struct constant *c)
{
	c->has_cidr = c->value.type == VALUE_STR && cidr_parse(c->value.s, &c->cidr);
}

static struct value eql_constant_decide(enum compare_op op, int cmp)
{
	static const unsigned char truth[] = { /* bits: less 1, equal 2, greater 4 */
		[CMP_EQ] = 2, [CMP_NE] = 5, [CMP_LT] = 1, [CMP_LE] = 3, [CMP_GT] = 4, [CMP_GE] = 6};
	return value_bool(truth[op] & (cmp < 0 ? 1 : cmp == 0 ? 2 : 4));
}

/* Types that have nothing in common: not equal, and in no order. */
static struct value strangers(enum compare_op op)
{
	return value_bool(op == CMP_NE);
}

/* Where ms lies to the span: before, in or after it. */
static struct value decide_date(const struct constant *c, enum compare_op op, int64_t ms)
{
	return eql_constant_decide(op, ms < c->from_ms ? -1 : ms > c->to_ms);
}

static struct value compare_address(const struct constant *c, enum compare_op op,
	const unsigned char ip[16])
{
	if (cidr_has(&c->cidr, ip))
		return eql_constant_decide(op, 0);
	return eql_constant_decide(op, memcmp(ip, c->cidr.ip, 16));
}

static bool is_order(enum compare_op op)
{
	return op != CMP_EQ && op != CMP_NE;
}

static struct value compare_text(const struct constant *c, enum compare_op op, struct str s)
{
	unsigned char ip[16];
	int64_t ms;
	struct value number;
	if (c->has_cidr && cidr_ip(s, ip))
		return compare_address(c, op, ip);
	if (c->has_date && instant(s, &ms))
		return decide_date(c, op, ms);
	if (value_is_number(c->value) && is_order(op) && value_parse_number(s, &number))
		return eql_constant_decide(op, value_cmp_numbers(number, c->value));
	return eql_constant_decide(op, str_cmp(s, c->text));
}

struct value constant_compare(const struct constant *c, enum compare_op op, struct value v)
{
	switch (v.type) {
	case VALUE_BOOL:
		return c->has_bool ? eql_constant_decide(op, v.b - c->truth) : strangers(op);
	case VALUE_INT:
	case VALUE_DOUBLE:
		if (c->has_number)
			return eql_constant_decide(op, value_cmp_numbers(v, c->number));
		if (c->has_date)
			return decide_date(c, op, value_to_int(v));
		return strangers(op);
	case VALUE_STR:
		return compare_text(c, op, v.s);
	default:
		return value_null();
	}
}

/* ---- sets ---------------------------------------------------------------------------------------- */

struct value_set {
	bool fold;
	struct table table;
	struct str *texts;
	struct value *numbers; /* sorted */
	size_t n_numbers;
	int64_t *instants; /* integers, which are milliseconds to a date; sorted */
	size_t n_instants;
	struct constant *special; /* dates, addresses and booleans: compared one by one */
	size_t n_special;
};

static uint64_t hash(const struct value_set *set, struct str s)
{
	return set->fold ? utf8_hash_fold(s) : str_hash(s);
}

static bool set_same(const void *owner, uint32_t at, const void *key)
{
	const struct value_set *set = owner;
	const struct str *s = key;
	return set->fold ? utf8_eq_fold(set->texts[at], *s) : str_eq(set->texts[at], *s);
}

bool value_set_has_text(const struct value_set *set, struct str s)
{
	const struct table_key key = {hash(set, s), &s, set_same, set};
	return table_find(&set->table, &key) != TABLE_NONE;
}

static int by_number(const void *a, const void *b)
{
	return value_cmp_numbers(*(const struct value *)a, *(const struct value *)b);
}

static int by_instant(const void *a, const void *b)
{
	int64_t x, y;
	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static void eql_constant_add(struct value_set *set, const struct constant *c)
{
	if (!value_set_has_text(set, c->text)) {
		set->texts[set->table.n] = c->text;
		table_put(&set->table, hash(set, c->text), (uint32_t)set->table.n);
	}
	if (c->has_number)
		set->numbers[set->n_numbers++] = c->number;
	if (c->has_date && c->value.type == VALUE_INT)
		set->instants[set->n_instants++] = c->value.i;
	if (c->has_cidr || c->has_bool || (c->has_date && c->value.type == VALUE_STR))
		set->special[set->n_special++] = *c;
}

const struct value_set *value_set_new(struct arena *mem, struct node *const *kids, size_t n,
	const struct set_options *o)
{
	struct value_set *set = arena_alloc(mem, sizeof(*set));
	set->fold = o->fold;
	set->table.mem = mem;
	set->texts = arena_array(mem, n + 1, sizeof(*set->texts));
	set->numbers = arena_array(mem, n + 1, sizeof(*set->numbers));
	set->instants = arena_array(mem, n + 1, sizeof(*set->instants));
	set->special = arena_array(mem, n + 1, sizeof(*set->special));
	for (size_t i = 0; i < n; i++) {
		struct constant c;
		if (!constant_init(&c, kids[i]->value, o->field, mem))
			continue;
		if (o->ip)
			constant_address(&c);
		eql_constant_add(set, &c);
	}
	qsort(set->numbers, set->n_numbers, sizeof(*set->numbers), by_number);
	qsort(set->instants, set->n_instants, sizeof(*set->instants), by_instant);
	return set;
}

bool value_set_has(const struct value_set *set, struct value v)
{
	if (v.type == VALUE_NULL)
		return false;
	if (v.type == VALUE_STR && value_set_has_text(set, v.s))
		return true;
	if (value_is_number(v) && set->n_numbers &&
		bsearch(&v, set->numbers, set->n_numbers, sizeof(v), by_number))
		return true;
	int64_t ms;
	if (v.type == VALUE_STR && set->n_instants && instant(v.s, &ms) &&
		bsearch(&ms, set->instants, set->n_instants, sizeof(ms), by_instant))
		return true;
	for (size_t i = 0; i < set->n_special; i++)
		if (value_is_true(constant_compare(&set->special[i], CMP_EQ, v)))
			return true;
	return false;
}
