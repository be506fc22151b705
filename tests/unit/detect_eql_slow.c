/*
 * The engine against the slow evaluator, on made-up queries and documents.
 */
#include "../fuzz/eql_slow.h"

#include "../unit.h"

static void agrees_with_the_slow_evaluator(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf query = {0}, text = {0};
	size_t compiled = 0, wrong = 0;
	for (uint64_t seed = 1; seed <= 8000; seed++) {
		struct dice d = {.seed = seed * 0x9e3779b97f4a7c15u};
		if (!slow_agrees(&d, &query, &text) && wrong++ < 5)
			print_message("%s\n   on: %s\n", buf_cstr(&query), buf_cstr(&text));
		struct eql *q = eql_compile(buf_str(&query), NULL, NULL);
		compiled += q != NULL;
		eql_free(q);
	}
	assert_int_equal(wrong, 0);
	assert_true(compiled > 6000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_slow_evaluator),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
