/*
 * Asking AWS from the console: only after the user was told what that means, one at a time.
 */
#include "app_fake.h"

static struct fake *with_aws(size_t alerts)
{
	struct fake *f = fake_new((unsigned)alerts, "sort = 'bucket'\ndescending = false\n");
	f->desk.asker = (struct asker *)(void *)f;
	return f;
}

static void told_first_then_asked(void **state)
{
	(void)state;
	struct fake *f = with_aws(3);
	fake_keys(f, "i");
	assert_string_equal(f->copied, "");
	assert_true(fake_shows(f, "the same key again asks AWS"));
	fake_keys(f, "i");
	assert_string_equal(f->copied, "alert-000000");
	assert_true(fake_shows(f, "asking AWS about bucket-0"));
	fake_keys(f, "ji");
	assert_string_equal(f->copied, "alert-000001");
	f->fail = true;
	fake_keys(f, "i");
	assert_true(fake_shows(f, "not answered yet"));
	app_log(f->app, ROLE_TEXT, STR("bucket-0: still active: copies to 999988887777 (out)"));
	assert_true(fake_shows(f, "still active: copies to 999988887777"));
	fake_keys(f, "M");
	assert_true(fake_shows(f, "bucket-0: still active"));
	fake_free(f);
}

static void nothing_to_ask(void **state)
{
	(void)state;
	struct fake *f = with_aws(0);
	fake_keys(f, "i");
	assert_true(fake_shows(f, "no alert to ask about"));
	fake_free(f);
	f = fake_new(3, "");
	fake_keys(f, "ii");
	assert_true(fake_shows(f, "AWS cannot be asked here"));
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_first_then_asked),
		cmocka_unit_test(nothing_to_ask),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
