/*
 * base_table: the table and the growing array, against plain searches.
 */
#include "s3triage/base/table.h"
#include "s3triage/base/vec.h"

#include "../unit.h"

struct numbers {
	uint64_t *v;
	size_t n, cap;
};

static bool same_number(const void *owner, uint32_t at, const void *key)
{
	const struct numbers *x = owner;
	return x->v[at] == *(const uint64_t *)key;
}

static uint32_t look(const struct table *t, const struct numbers *x, uint64_t number, uint64_t hash)
{
	const struct table_key k = {hash, &number, same_number, x};
	return table_find(t, &k);
}

static void add(struct table *t, struct numbers *x, uint64_t number, uint64_t hash)
{
	x->v = vec_room(x->v, x->n, &x->cap, sizeof(*x->v));
	table_put(t, hash, (uint32_t)x->n);
	x->v[x->n++] = number;
}

/* Every third hash is that of others, so that the keys decide. */
static uint64_t hash_of(uint64_t number)
{
	return number % 3 ? hash_mix(number, 7) : 42;
}

static void fill_and_ask(struct arena *mem)
{
	struct table t = {.mem = mem};
	struct numbers x = {0};
	assert_int_equal(look(&t, &x, 1, hash_of(1)), TABLE_NONE);
	for (uint64_t i = 0; i < 2000; i++) {
		assert_int_equal(look(&t, &x, i * 5, hash_of(i * 5)), TABLE_NONE);
		add(&t, &x, i * 5, hash_of(i * 5));
	}
	assert_int_equal(t.n, 2000);
	for (uint64_t number = 0; number < 10000; number++)
		assert_int_equal(look(&t, &x, number, hash_of(number)),
			number % 5 ? TABLE_NONE : number / 5);
	table_clear(&t);
	assert_int_equal(look(&t, &x, 5, hash_of(5)), TABLE_NONE);
	table_put(&t, hash_of(5), 1);
	assert_int_equal(look(&t, &x, 5, hash_of(5)), 1);
	table_fini(&t);
	free(x.v);
}

static void finds_what_was_put(void **state)
{
	(void)state;
	fill_and_ask(NULL);
	struct arena mem = {0};
	fill_and_ask(&mem);
	arena_fini(&mem);
}

static void room_is_made_for_any_number(void **state)
{
	(void)state;
	char *v = NULL;
	size_t cap = 0;
	static const size_t numbers[] = {0, 1, 7, 8, 9, 1000, 1001, 999};
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		v = vec_room(v, numbers[i], &cap, sizeof(*v));
		assert_true(cap > numbers[i]);
		v[numbers[i]] = 'x';
	}
	assert_true(cap < 4000);
	free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_put),
		cmocka_unit_test(room_is_made_for_any_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
