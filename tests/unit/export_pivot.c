/*
 * Literals of other languages, and queries made of hostile values: nothing ends its literal.
 */
#include "../unit.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/detect/rule.h"
#include "s3triage/export/pivot.h"

#include <stdio.h>

static const char *const hostile[] = {"plain", "a\" or \"\" == \"", "back\\slash\\", "\\\"", "'; DROP TABLE x; --",
	"$(touch /tmp/pwned) `id` ${HOME}", "line\nbreak\r\ttab", "\x1b[31m", "caf\xc3\xa9", ("\xe2\x80\xae" "abc"),
	"\xf0\x9f\x98\x80", "*", "\"*\"", "%s%n", "\\u0041", "\\u{41}", "a'b\\'c", "-rf", "file:///etc/passwd", ""};

typedef void (*quote_fn)(struct str s, struct buf *out);

static void literals_are_as_their_language_has_them(void **state)
{
	(void)state;
	static const struct {
		quote_fn quote;
		const char *value, *want;
	} cases[] = {
		{quote_kql, "a\"b\\c", "\"a\\\"b\\\\c\""}, {quote_kql, "\n\xc3\xa9", "\"\\u000A\\u00E9\""},
		{quote_kql, "\xf0\x9f\x98\x80", "\"\\uD83D\\uDE00\""},
		{quote_eql, "a\"b\\c", "\"a\\\"b\\\\c\""}, {quote_eql, "\n\xf0\x9f\x98\x80", "\"\\u{000A}\\u{1F600}\""},
		{quote_sql, "it's", "'it''s'"}, {quote_sql, "a\\b", "'a\\b'"},
		{quote_sql, "'\n\\\xf0\x9f\x98\x80", "U&'''\\000A\\\\\\+01F600'"},
		{quote_shell, "it's", "'it'\\''s'"}, {quote_shell, "a\nb\xff", "'a\xef\xbf\xbd" "b\xef\xbf\xbd'"},
		{quote_shell, "caf\xc3\xa9", "'caf\xc3\xa9'"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = {0};
		cases[i].quote(str_c(cases[i].value), &b);
		if (strcmp(buf_cstr(&b), cases[i].want) != 0)
			fail_msg("case %zu: %s", i, buf_cstr(&b));
		buf_fini(&b);
	}
}

/* Our own engine reads the literal back and finds exactly the value. */
static void eql_literals_mean_the_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct buf query = {0};
		struct err err = {0};
		buf_c(&query, "any where x == ");
		quote_eql(str_c(hostile[i]), &query);
		struct rule *rule = rule_new_eql(buf_str(&query), NULL, &err);
		if (!rule)
			fail_msg("case %zu: %s: %s", i, buf_cstr(&query), err.text);
		struct rule_run *run = rule_run_new(rule);
		for (size_t k = 0; k < ARRAY_LEN(hostile); k++) {
			struct json *doc = json_new_object();
			json_set_str(doc, "x", str_c(hostile[k]));
			if (rule_match(rule, run, doc) != (i == k))
				fail_msg("%s with value %zu", buf_cstr(&query), k);
			json_free(doc);
		}
		rule_run_free(run);
		rule_free(rule);
		buf_fini(&query);
	}
}

/* A shell that is given the literal gives the value back. */
static void shell_literals_mean_the_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct buf command = {0};
		char got[256] = "";
		if (strpbrk(hostile[i], "\n\x1b") || strstr(hostile[i], "\xe2\x80\xae"))
			continue;
		buf_c(&command, "printf %s ");
		quote_shell(str_c(hostile[i]), &command);
		FILE *f = popen(buf_cstr(&command), "r");
		assert_non_null(f);
		got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
		pclose(f);
		assert_string_equal(got, hostile[i]);
		buf_fini(&command);
	}
}

static struct alert alert_with(struct alert_dest *dest, const char *text)
{
	struct str s = str_c(text);
	*dest = (struct alert_dest){.account = s, .written = s, .bucket = s, .relation = RELATION_OTHER};
	return (struct alert){.time = INT64_C(1793500000000), .bucket = s, .owner = s, .role = s, .actor = s,
		.actor_arn = s, .actor_type = STR("IAMUser"), .key_id = s, .ip = s, .region = s, .dests = dest,
		.n_dests = 1};
}

static void hostile_names_get_into_no_command(void **state)
{
	(void)state;
	for (size_t i = 1; i < ARRAY_LEN(hostile); i++) {
		struct arena mem = {0};
		struct alert_dest dest;
		struct alert a = alert_with(&dest, hostile[i]);
		struct pivot v[PIVOTS_MAX];
		size_t n = pivot_make(&a, 7200000, &mem, v);
		assert_true(n <= PIVOTS_MAX);
		for (size_t k = 0; k < n; k++) {
			if (v[k].language == PIVOT_SHELL)
				fail_msg("value %zu: %.*s", i, STR_ARG(v[k].text));
			for (size_t c = 0; c < v[k].text.n; c++)
				if ((v[k].text.p[c] < ' ' || v[k].text.p[c] > '~') && v[k].text.p[c] != '\n')
					fail_msg("value %zu is not spelled out: %.*s", i, STR_ARG(v[k].text));
			if (v[k].language != PIVOT_SQL && str_find_char(v[k].text, '\n') != STR_NONE)
				fail_msg("value %zu breaks the line", i);
		}
		arena_fini(&mem);
	}
}

static void usual_names_get_into_commands(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct alert_dest dest = {.account = STR("999988887777"), .relation = RELATION_OTHER};
	struct alert a = {.time = INT64_C(1793500000123), .bucket = STR("b-1"), .owner = STR("111122223333"),
		.role = STR("arn:aws:iam::111122223333:role/path/repl"), .actor = STR("kim"), .region = STR("eu-west-1"),
		.actor_arn = STR("arn:aws:iam::111122223333:user/kim"), .actor_type = STR("IAMUser"),
		.key_id = STR("AKIAEXAMPLE000000001"), .ip = STR("203.0.113.7"), .dests = &dest, .n_dests = 1};
	struct pivot v[PIVOTS_MAX];
	size_t n = pivot_make(&a, 3600000, &mem, v);
	struct buf all = {0};
	for (size_t i = 0; i < n; i++)
		buf_fmt(&all, "%s %.*s\n", pivot_language_name(v[i].language), STR_ARG(v[i].text));
	static const char *const wanted[] = {
		"shell aws s3api get-bucket-replication --region 'eu-west-1' --bucket 'b-1' --expected-bucket-owner '111122223333'\n",
		"shell aws organizations describe-account --account-id '999988887777'\n",
		"shell aws iam get-role --role-name 'repl'\n", "shell aws iam list-access-keys --user-name 'kim'\n",
		"--lookup-attributes '[{\"AttributeKey\":\"AccessKeyId\",\"AttributeValue\":\"AKIAEXAMPLE000000001\"}]'\n",
		"kql aws.cloudtrail.resources.arn: \"arn:aws:s3:::b-1\" and @timestamp >= \"2026-",
		"element_at(requestParameters, 'bucketName') = 'b-1'\n"};
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (!strstr(buf_cstr(&all), wanted[i]))
			fail_msg("not there: %s\n%s", wanted[i], buf_cstr(&all));
	a.time = WHEN_NONE;
	assert_int_equal(pivot_make(&a, 3600000, &mem, v), n); /* at all times */
	for (size_t i = 0; i < n; i++) {
		assert_true(str_find(v[i].text, STR("@timestamp")) == STR_NONE);
		assert_true(str_find(v[i].text, STR("eventTime >")) == STR_NONE);
		assert_true(str_find(v[i].text, STR("-time ")) == STR_NONE);
	}
	buf_fini(&all);
	arena_fini(&mem);
}

/* However wide the window is, the bounds are times that every language can say. */
static void a_window_beyond_all_times_is_bounded(void **state)
{
	(void)state;
	static const int64_t windows[] = {INT64_MAX, INT64_MAX - 1, INT64_C(1) << 60};
	for (size_t i = 0; i < ARRAY_LEN(windows); i++) {
		struct arena mem = {0};
		struct alert_dest dest = {.relation = RELATION_UNNAMED};
		struct alert a = {.time = INT64_C(1793500000123), .ip = STR("203.0.113.7"), .dests = &dest, .n_dests = 1};
		struct pivot v[PIVOTS_MAX];
		assert_true(pivot_make(&a, windows[i], &mem, v) > 0);
		assert_true(str_find(v[0].text, STR("\"1970-01-01T00:00:00Z\"")) != STR_NONE);
		assert_true(str_find(v[0].text, STR("\"9999-12-31T23:59:59Z\"")) != STR_NONE);
		arena_fini(&mem);
	}
}

/* A role of another account is said to be there: a role of the same name here is not the one. */
static void foreign_roles_name_their_account(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct pivot out[PIVOTS_MAX];
	const struct alert a = {.owner = STR("111122223333"), .bucket = STR("b"), .time = 0,
		.role = STR("arn:aws:iam::111122223333:role/repl"),
		.actor_arn = STR("arn:aws:sts::444455556666:assumed-role/Admin/eve")};
	size_t n = pivot_make(&a, 1000, &mem, out), foreign = 0, own = 0;
	for (size_t i = 0; i < n; i++) {
		foreign += strcmp(out[i].title, "the caller's role, in account 444455556666") == 0;
		own += strcmp(out[i].title, "the replication role") == 0;
	}
	assert_int_equal(foreign, 1);
	assert_int_equal(own, 1);
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literals_are_as_their_language_has_them),
		cmocka_unit_test(eql_literals_mean_the_value),
		cmocka_unit_test(shell_literals_mean_the_value),
		cmocka_unit_test(hostile_names_get_into_no_command),
		cmocka_unit_test(usual_names_get_into_commands),
		cmocka_unit_test(a_window_beyond_all_times_is_bounded),
		cmocka_unit_test(foreign_roles_name_their_account),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
