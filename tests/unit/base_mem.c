#include "s3triage/base/mem.h"

#include "../unit.h"

/* Whatever the sizes of what came before, an arena that was emptied is as good as new. */
static void empties_an_arena_with_a_large_block(void **state)
{
	(void)state;
	struct arena a = {0};
	for (size_t i = 0; i < 3; i++) {
		arena_str(&a, STR("small"));
		memset(arena_bytes(&a, (size_t)3 << 20), 'x', (size_t)3 << 20);
		arena_reset(&a);
		assert_int_equal(a.used, 0);
		assert_true(str_is(arena_str(&a, STR("after")), "after"));
	}
	arena_fini(&a);
}

static void gives_back_what_came_after_a_mark(void **state)
{
	(void)state;
	static const size_t sizes[] = {1, 5000, (size_t)3 << 20};
	for (size_t first = 0; first < 2; first++)
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
			struct arena a = {0};
			struct str kept = first ? arena_str(&a, STR("kept")) : STR("kept");
			size_t used = a.used, taken = a.taken;
			struct arena_mark m = arena_mark(&a);
			memset(arena_bytes(&a, sizes[i]), 'x', sizes[i]);
			arena_release(&a, m);
			assert_int_equal(a.used, used);
			assert_int_equal(a.taken, taken);
			assert_true(str_is(kept, "kept"));
			assert_true(str_is(arena_str(&a, STR("after")), "after"));
			assert_true(str_is(kept, "kept"));
			arena_reset(&a);
			arena_fini(&a);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empties_an_arena_with_a_large_block),
		cmocka_unit_test(gives_back_what_came_after_a_mark),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
