#include "s3triage/base/mem.h"
#include "s3triage/base/str.h"

#include "../unit.h"

static void finds_and_cuts(void **state)
{
	(void)state;
	assert_int_equal(str_find(STR("a, Account=1"), STR("Account=")), 3);
	assert_true(str_find(STR("abc"), STR("abcd")) == STR_NONE);
	assert_int_equal(str_find_fold(STR("xPutBucket"), STR("putbucket")), 1);
	struct str rest = STR("a,b,,c");
	assert_true(str_is(str_cut(&rest, ','), "a"));
	assert_true(str_is(str_cut(&rest, ','), "b"));
	assert_true(str_is(str_cut(&rest, ','), ""));
	assert_true(str_is(str_cut(&rest, ','), "c"));
	assert_null(rest.p);
}

static void reads_integers(void **state)
{
	(void)state;
	int64_t v = 0;
	assert_true(str_int(STR("-9223372036854775808"), &v) && v == INT64_MIN);
	assert_true(str_int(STR("9223372036854775807"), &v) && v == INT64_MAX);
	assert_false(str_int(STR("9223372036854775808"), &v));
	assert_false(str_int(STR(""), &v));
	assert_false(str_int(STR("-"), &v));
	assert_false(str_int(STR("1x"), &v));
}

static void orders_by_bytes_then_length(void **state)
{
	(void)state;
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("b"), STR("ab")) > 0);
	assert_int_equal(str_cmp(STR("ab"), STR("ab")), 0);
	assert_true(str_cmp((struct str){0}, STR("")) == 0);
}

static void counts_edits(void **state)
{
	char longer[STR_DISTANCE_MAX + 2];
	(void)state;
	assert_int_equal(str_distance(STR("kitten"), STR("SITTING")), 3);
	assert_int_equal(str_distance(STR(""), STR("abc")), 3);
	assert_int_equal(str_distance(STR("same"), STR("SAME")), 0);
	memset(longer, 'a', sizeof(longer));
	assert_int_equal(str_distance(STR("a"), (struct str){longer, sizeof(longer)}), STR_DISTANCE_MAX);
}

static void names(void **state)
{
	(void)state;
	static const struct {
		const char *text, *marks;
		size_t max;
		bool name;
	} t[] = {
		{"a", "", 1, true}, {"eu-west-1", "-", 32, true}, {"ab", "", 1, false}, {"", "", 9, false},
		{"-a", "-", 9, false}, {"a-", "-", 9, true}, {"a b", "-", 9, false}, {"a/b", ".-_", 9, false},
		{"a\n", "-", 9, false}, {"\xc3\xa9", "-", 9, false}, {"Z9", "", 9, true},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		if (str_is_name(str_c(t[i].text), t[i].marks, t[i].max) != t[i].name)
			fail_msg("'%s'", t[i].text);
	assert_false(str_is_name((struct str){"a\0b", 3}, "-", 9));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_and_cuts),
		cmocka_unit_test(reads_integers),
		cmocka_unit_test(orders_by_bytes_then_length),
		cmocka_unit_test(counts_edits),
		cmocka_unit_test(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
