/*
 * The tables of the console: accounts with one verdict for all of an account, and back.
 */
#include "app_fake.h"

static void groups_open_and_close(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "X");
	assert_true(fake_shows(f, "Alerts by account"));
	assert_true(fake_shows(f, "spread"));
	fake_keys(f, "E");
	assert_true(fake_shows(f, "Alerts by bucket"));
	fake_keys(f, "<Esc>");
	assert_false(fake_shows(f, "Alerts by"));
	assert_int_equal(f->n, 0);
	fake_free(f);
}

static void opening_twice_filters_the_list(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "E<Enter><Enter>");
	assert_false(fake_shows(f, "Alerts by"));
	assert_true(fake_shows(f, "bucket:\"bucket-"));
	fake_free(f);
}

static void a_verdict_for_all_has_a_preview(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "Xs");
	assert_true(fake_shows(f, "suspicious?"));
	assert_int_equal(f->n, 0);
	fake_keys(f, "<Esc>");
	assert_int_equal(f->n, 0);
	assert_true(fake_shows(f, "Alerts by account"));
	fake_keys(f, "stheft<Enter>");
	assert_true(f->n > 1);
	for (size_t i = 0; i < f->n; i++) {
		assert_int_equal(f->rows[i].verdict, VERDICT_SUSPICIOUS);
		assert_true(str_is(f->rows[i].reason, "theft"));
	}
	assert_true(fake_shows(f, "Alerts by account"));
	fake_free(f);
}

/* A table's verdict looks at all alerts of the row, and leaves the list as it was. */
static void the_filter_outlives_a_verdict(void **state)
{
	static const char *const ends[] = {"<Esc>", "<Enter>"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct fake *f = fake_new(50, "");
		fake_keys(f, "fbucket:bucket-3<Enter>");
		fake_keys(f, "Xs");
		fake_keys(f, ends[i]);
		fake_keys(f, "<Esc>");
		assert_true(fake_shows(f, "bucket:bucket-3"));
		assert_true(i == 0 ? f->n == 0 : f->n > 1);
		assert_true(i == 1 || !fake_shows(f, "marked"));
		fake_free(f);
	}
}

static void pasting_decides_nothing_in_a_table(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "X");
	app_paste(f->app, STR("sa\n"));
	assert_int_equal(f->n, 0);
	assert_true(fake_shows(f, "pasted text is taken only where text is typed"));
	fake_free(f);
}

/* Without related events there is nothing to show, and it is said. */
static void tables_without_context(void **state)
{
	struct fake *f = fake_new(5, "");
	(void)state;
	fake_keys(f, "N");
	assert_true(fake_shows(f, "no events beside the alerts"));
	fake_keys(f, "T");
	assert_true(fake_shows(f, "no events beside the alerts"));
	fake_free(f);
}

static void a_table_narrows(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "E/bucket-3<Enter>");
	assert_true(fake_shows(f, "bucket-3"));
	assert_false(fake_shows(f, "bucket-4 "));
	fake_keys(f, "<Esc>");
	assert_true(fake_shows(f, "bucket-4 "));
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_open_and_close),
		cmocka_unit_test(opening_twice_filters_the_list),
		cmocka_unit_test(a_verdict_for_all_has_a_preview),
		cmocka_unit_test(the_filter_outlives_a_verdict),
		cmocka_unit_test(pasting_decides_nothing_in_a_table),
		cmocka_unit_test(tables_without_context),
		cmocka_unit_test(a_table_narrows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
