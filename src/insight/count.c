/*
 * count: a table of sums. A key is a text of values, each behind its length, so that no value can look
 * like two.
 */
#include "s3triage/insight/count.h"

#include "s3triage/base/vec.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

enum { MISSING = '-', VALUE = '=' };

void count_key_put(struct buf *key, const struct str *value)
{
	if (value)
		buf_fmt(key, "%c%zu:%.*s", VALUE, value->n, STR_ARG(*value));
	else
		buf_char(key, MISSING);
}

bool count_key_next(struct str *key, struct str *value, bool *missing)
{
	int64_t n = 0;
	if (!key->n)
		return false;
	*missing = key->p[0] == MISSING;
	*value = (struct str){0};
	*key = str_sub(*key, 1, key->n);
	if (*missing)
		return true;
	str_int(str_cut(key, ':'), &n);
	*value = str_sub(*key, 0, (size_t)n);
	*key = str_sub(*key, (size_t)n, key->n);
	return true;
}

void count_sum_add(struct count_sum *s, const struct count_one *one)
{
	if (!s->n)
		s->first = s->last = WHEN_NONE;
	s->n += 1;
	s->failed += one->failed;
	s->denied += one->denied;
	if (one->time == WHEN_NONE)
		return;
	if (s->first == WHEN_NONE || one->time < s->first)
		s->first = one->time;
	if (one->time > s->last)
		s->last = one->time;
}

void count_sum_join(struct count_sum *s, const struct count_sum *other)
{
	struct count_sum both = *s;
	if (!other->n)
		return;
	if (!s->n || s->first == WHEN_NONE || (other->first != WHEN_NONE && other->first < s->first))
		both.first = other->first;
	if (!s->n || other->last > s->last)
		both.last = other->last;
	both.n += other->n;
	both.failed += other->failed;
	both.denied += other->denied;
	*s = both;
}

static bool count_key_same(const void *owner, uint32_t at, const void *key)
{
	return str_eq(((const struct counts *)owner)->v[at].key, *(const struct str *)key);
}

static uint32_t count_place(const struct counts *c, struct str key, uint64_t hash)
{
	const struct table_key k = {hash, &key, count_key_same, c};
	return table_find(&c->table, &k);
}

struct count *count_find(const struct counts *c, struct str key)
{
	uint32_t at = count_place(c, key, str_hash(key));
	return at == TABLE_NONE ? NULL : &c->v[at];
}

struct count *count_add(struct counts *c, struct str key, const struct count_one *one)
{
	uint64_t hash = str_hash(key);
	uint32_t at = count_place(c, key, hash);
	if (at == TABLE_NONE && (c->n >= (c->max ? c->max : COUNT_MAX) || c->mem.used + key.n > COUNT_BYTES_MAX)) {
		count_sum_add(&c->rest, one);
		return NULL;
	}
	if (at == TABLE_NONE) {
		c->v = vec_room(c->v, c->n, &c->cap, sizeof(*c->v));
		at = (uint32_t)c->n++;
		c->v[at] = (struct count){.key = arena_str(&c->mem, key)};
		table_put(&c->table, hash, at);
	}
	count_sum_add(&c->v[at].sum, one);
	return &c->v[at];
}

/* Value by value, so that neither a length nor what follows decides. */
static int count_key_order(struct str a, struct str b)
{
	struct str x, y;
	bool x_missing, y_missing, left = true, right = true;
	while (left && right) {
		left = count_key_next(&a, &x, &x_missing);
		right = count_key_next(&b, &y, &y_missing);
		int order = !left || !right ? left - right : x_missing != y_missing ? y_missing - x_missing :
			str_cmp(x, y);
		if (order)
			return order;
	}
	return 0;
}

static int count_order(const void *a, const void *b)
{
	const struct count *x = a, *y = b;
	if (x->sum.n != y->sum.n)
		return x->sum.n < y->sum.n ? 1 : -1;
	return count_key_order(x->key, y->key);
}

void count_sort(struct counts *c)
{
	table_fini(&c->table);
	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), count_order);
}

void count_fini(struct counts *c)
{
	table_fini(&c->table);
	free(c->v);
	arena_fini(&c->mem);
	*c = (struct counts){0};
}
