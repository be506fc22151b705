#include "s3triage/base/when.h"

#include "s3triage/base/mem.h"

#include "../unit.h"

static void parses_what_is_written(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"1969-12-31T23:59:59.999Z", -1},
		{"2026-11-24T02:13:07Z", 1795486387000},
		{"2026-11-24t02:13:07z", 1795486387000},
		{"2026-11-24 02:13:07", 1795486387000},
		{"2026-11-24T02:13:07.5Z", 1795486387500},
		{"2026-11-24T02:13:07.123456789Z", 1795486387123},
		{"2026-11-24T04:13:07+02:00", 1795486387000},
		{"2026-11-23T20:43:07-0530", 1795486387000},
		{"2026-11-24T04:13:07+02", 1795486387000},
		{"2000-02-29T00:00:00Z", 951782400000},
		{"2016-12-31T23:59:60Z", 1483228800000},
		{"0000-01-01T00:00:00Z", -62167219200000},
		{"9999-12-31T23:59:59.999Z", 253402300799999},
	};
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		int64_t ms = 42;
		if (!when_parse(str_c(good[i].text), &ms) || ms != good[i].ms)
			fail_msg("%s: %lld", good[i].text, (long long)ms);
	}
	static const char *bad[] = {"", "2026-11-24", "2026-11-24T", "2026-02-29T00:00:00Z",
		"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-00T00:00:00Z",
		"2026-11-24T24:00:00Z", "2026-11-24T00:60:00Z", "2026-11-24T00:00:61Z",
		"2026-11-24T00:00:00.Z", "2026-11-24T00:00:00+2", "2026-11-24T00:00:00+02:",
		"2026-11-24T00:00:00ZZ", "+026-11-24T00:00:00Z", "2026-11-24T00:00:00+24:00",
		" 2026-11-24T00:00:00Z", "1900-02-29T00:00:00Z"};
	int64_t ms;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (when_parse(str_c(bad[i]), &ms))
			fail_msg("\"%s\" is taken", bad[i]);
}

static void reads_counts_since_1970(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{"1777887000", 1777887000000}, {"1777887000123", 1777887000123}, {"1777887000.123", 1777887000123},
		{"1777887000123456", 1777887000123}, {"1777887000123456789", 1777887000123},
		{"1.777887E9", 1777887000000}, {"1.777887000123e+12", 1777887000123}, {"1777887000.0", 1777887000000},
		{"1777887000.12345678901234567890", 1777887000123}, {"2026-05-04T09:30:00Z", 1777887000000},
	};
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		int64_t ms = 42;
		if (!when_read(str_c(good[i].text), &ms) || ms != good[i].ms)
			fail_msg("%s: %lld", good[i].text, (long long)ms);
	}
	static const char *bad[] = {"", "0", "2026", "20260504", "-1777887000", "1777887000x", "17778870001777887000",
		"1e99", "E9", "1.5e-9", "1777887000.1.2", "444455556666 x", "9999999999999999999"};
	int64_t ms;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (when_read(str_c(bad[i]), &ms))
			fail_msg("\"%s\" is taken", bad[i]);
}

static void writes_what_it_reads(void **state)
{
	(void)state;
	char text[WHEN_TEXT_MAX];
	for (int64_t ms = -62167219200000; ms < 253402300800000; ms += 86400000ll * 365 + 7654321) {
		int64_t back = 0;
		assert_true(when_parse(str_c(when_format(ms, text)), &back));
		assert_true(back == ms);
	}
	assert_string_equal(when_format(1795486387000, text), "2026-11-24T02:13:07Z");
	assert_string_equal(when_format(1795486387007, text), "2026-11-24T02:13:07.007Z");
	assert_string_equal(when_format(-1, text), "1969-12-31T23:59:59.999Z");
	assert_string_equal(when_format(WHEN_NONE, text), "");
	assert_string_equal(when_format(INT64_MAX, text), "");
	assert_string_equal(when_short(1795486387007, text), "24 02:13:07");
	assert_string_equal(when_short(WHEN_NONE, text), "");
}

static void names_spans(void **state)
{
	(void)state;
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {{0, "0s"}, {999, "0s"}, {3000, "3s"}, {59999, "59s"}, {720000, "12m"},
		{18000000, "5h"}, {86400000, "1d"}, {777600000, "9d"}, {-720000, "-12m"}, {-5, "0s"},
		{INT64_MIN, "-106751991167d"}};
	char text[WHEN_TEXT_MAX];
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(when_span(cases[i].ms, text), cases[i].text);
}

static void takes_bounds(void **state)
{
	(void)state;
	const int64_t now = 1795486387000; /* 2026-11-24T02:13:07Z */
	static const struct {
		const char *text, *is;
	} good[] = {
		{"now", "2026-11-24T02:13:07Z"},
		{"now-6m", "2026-11-24T02:07:07Z"},
		{"7d", "2026-11-17T02:13:07Z"},
		{"90s", "2026-11-24T02:11:37Z"},
		{"2h", "2026-11-24T00:13:07Z"},
		{"1w", "2026-11-17T02:13:07Z"},
		{"9M", "2026-02-24T02:13:07Z"},
		{"1y", "2025-11-24T02:13:07Z"},
		{"2026-11-01", "2026-11-01T00:00:00Z"},
		{"2026-11-01T05:00:00+01:00", "2026-11-01T04:00:00Z"},
	};
	char text[WHEN_TEXT_MAX];
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		int64_t ms = 0;
		assert_true(when_bound(str_c(good[i].text), now, &ms, NULL));
		assert_string_equal(when_format(ms, text), good[i].is);
	}
	int64_t ms = 0;
	assert_true(when_parse(STR("2026-03-31T10:00:00Z"), &ms));
	int64_t first, last;
	assert_true(when_bound(STR("2026-11-01"), 0, &first, NULL));
	assert_true(when_last(STR("2026-11-01"), 0, &last, NULL));
	assert_int_equal(last - first, 24 * 3600 * 1000 - 1);
	assert_true(when_last(STR("2026-11-01T00:00:00Z"), 0, &last, NULL));
	assert_int_equal(last, first);
	assert_false(when_last(STR("2026-11-01x"), 0, &last, NULL));
	assert_true(when_bound(STR("now-1M"), ms, &ms, NULL));
	assert_string_equal(when_format(ms, text), "2026-02-28T10:00:00Z");
	static const char *bad[] = {"", "d", "7", "7x", "-7d", "now+1d", "now-", "now-d", "2026-1-1",
		"9999999d", "yesterday"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = {0};
		assert_false(when_bound(str_c(bad[i]), now, &ms, &err));
		assert_int_equal(err.code, ERR_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_what_is_written),
		cmocka_unit_test(reads_counts_since_1970),
		cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(names_spans),
		cmocka_unit_test(takes_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
