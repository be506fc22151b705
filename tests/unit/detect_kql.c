#include "s3triage/detect/kql.h"

#include "s3triage/base/mem.h"

#include "../unit.h"

/* A subject of pairs: name, value, name, value …, NULL. "*" asks for all of them; a trailing * in a
 * field's name is resolved as a prefix. */
static bool names(struct str field, const char *name)
{
	if (field.n && field.p[field.n - 1] == '*')
		return str_starts(str_c(name), str_sub(field, 0, field.n - 1));
	return str_is(field, name);
}

static bool values(const void *ctx, struct str field, bool (*each)(void *, struct str), void *arg)
{
	for (const char *const *p = ctx; p[0]; p += 2)
		if (names(field, p[0]) && each(arg, str_c(p[1])))
			return true;
	return false;
}

static const char *const doc[] = {"event.action", "PutBucketReplication", "event.outcome",
	"success", "source.ip", "203.0.113.77", "user_agent.original", "S3 Browser/11.6 (Pro)",
	"n", "5", "n", "40", "tags", "alpha", "tags", "beta", "flag", "true", "path",
	"C:\\temp", "when", "2026-11-24T02:13:07Z", "v6", "2001:db8::1", "empty", "", "odd",
	"a*b", "bad", "x\n+ and", "colon", "x:y", "word", "and", "age", "90000", "face", "\xf0\x9f\x98\x80", "halves",
	"\xef\xbf\xbd\xef\xbf\xbd", NULL};

static bool ask(const char *query, const struct kql_options *options)
{
	struct err err = {0};
	struct kql *q = kql_compile(str_c(query), options, &err);
	if (!q)
		fail_msg("%s: %s (column %lu)", query, err.text, err.col);
	bool m = kql_match(q, &(struct kql_subject){doc, values});
	kql_free(q);
	return m;
}

struct match_case {
	const char *query;
	bool matches;
};

static void check(const struct match_case *c, size_t n, const struct kql_options *options)
{
	for (size_t i = 0; i < n; i++)
		if (ask(c[i].query, options) != c[i].matches)
			fail_msg("%s: expected %d", c[i].query, c[i].matches);
}

static void answers_as_kibana_does(void **state)
{
	(void)state;
	static const struct match_case cases[] = {
		{"", true},
		{" \t\n ", true},
		{"event.action:PutBucketReplication", true},
		{"event.action : \"PutBucketReplication\"", true},
		{"event.action: putbucketreplication", false},
		{"event.action: PutBucket", false},
		{"event.action: PutBucket*", true},
		{"event.action: *Replication", true},
		{"event.action: *Bucket*", true},
		{"event.action: P*B*R*n", true},
		{"event.action: P*R*B*", false},
		{"event.action: Put*PutBucketReplication", false},
		{"event.action: \"Put*\"", false},
		{"event.action: *", true},
		{"nothing: *", false},
		{"not nothing: *", true},
		{"NOT nothing: x", true},
		{"not event.action: Get*", true},
		{"odd: \"a*b\"", true},
		{"odd: a\\*b", true},
		{"odd: a\\*c", false},
		{"empty: \"\"", true},
		{"empty: *", true},
		/* precedence */
		{"n:1 and n:2 or n:5", true},
		{"n:5 or n:1 and n:2", true},
		{"(n:5 or n:1) and n:2", false},
		{"not n:1 and n:5", true},
		{"not (n:5 or n:1)", false},
		{"not not n:5", true},
		{"n:1 Or n:5 aNd n:40", true},
		/* every leaf chooses its own value */
		{"n:5 and n:40", true},
		{"not n:5", false},
		/* value lists */
		{"event.action:(GetObject or PutBucketReplication)", true},
		{"event.action:(GetObject or ListBuckets)", false},
		{"tags:(alpha and beta)", true},
		{"tags:(alpha and gamma)", false},
		{"tags:(* and not gam*)", true},
		{"tags:(* and not al*)", false},
		{"tags:(not (x or y) and (alpha or z))", true},
		{"tags:(x or y) and n:5", false},
		{"tags:(alpha or y) and not n:6", true},
		{"user_agent.original:(*S3 Browser* or *Cyberduck*)", true},
		{"user_agent.original: S3 Browser/11.6 \\(Pro\\) and n:5", true},
		{"user_agent.original: \"S3 Browser/11.6 (Pro)\"", true},
		{"event.action: not Get*", true},
		{"event.action: not Put* or n:6", false},
		{"event.action: (Put*\n or\tx)", true},
		{"odd: a\\*b*", true},
		{"odd: ab*", false},
		{"odd: 'a*b'", false},
		{"user_agent.original: *S3 Browser*", true},
		{"user_agent.original: S3 B*r/11.6 \\(Pro\\)", true},
		{"user_agent.original: S3* and n:5", true},
		{"not(n:6)", true},
		/* ranges */
		{"n >= 5", true},
		{"n > 40", false},
		{"n > 39.5", true},
		{"n < 5", false},
		{"n <= 5.0", true},
		{"n > \"6\"", true},
		{"missing < 5", false},
		{"when > \"2026-11-24T02:00:00Z\" and when < 2026-11-25", true},
		{"when >= 2026-11-25", false},
		/* a date is a day */
		{"when <= 2026-11-24 and when >= 2026-11-24", true},
		{"when > 2026-11-24 or when < \"2026-11-24\"", false},
		{"when > 2026-11-23 and not when <= 2026-11-23", true},
		{"event.outcome > r and event.outcome < t", true},
		/* addresses */
		{"source.ip: 203.0.113.0/24", true},
		{"source.ip: \"203.0.113.77/8\"", true},
		{"source.ip:(10.0.0.0/8 or 192.168.0.0/16)", false},
		{"source.ip: 203.0.113.64/26", true},
		{"source.ip: 203.0.113.0/26", false},
		{"source.ip: 0.0.0.0/0", true},
		{"source.ip: \"::/0\"", true},
		{"v6: \"2001:db8::/32\"", true},
		{"v6: \"2001:0db8:0:0:0:0:0:1\"", true},
		{"v6: 10.0.0.0/8", false},
		{"source.ip >= 203.0.113.9", true},
		/* fields with wildcards, escapes, words that look like keywords */
		{"event.*: success", true},
		{"event*: failure", false},
		{"path: \"C:\\\\temp\"", true},
		{"path: C\\:\\\\temp", true},
		{"colon: x\\:y", true},
		{"colon: \"x:y\"", true},
		{"word: \\and", true},
		{"word: \"and\"", true},
		{"word: an\\u0064", true},
		{"face: \"\\uD83D\\uDE00\"", true},
		{"face: \\ud83d\\ude00", true},
		{"halves: \"\\uDE00\\uD83D\"", true},
		{"flag: true", true},
		{"flag: false", false},
		{"*: *", true},
	};
	check(cases, ARRAY_LEN(cases), NULL);
}

static void speaks_the_filter_bar(void **state)
{
	(void)state;
	static const struct kql_options bar = {.fold_case = true, .words = true, .contains = true,
		.now = 1795492800000}; /* 2026-11-24T04:00:00Z */
	static const struct match_case cases[] = {
		{"replication", true},
		{"REPLICATION success", true},
		{"replication failure", false},
		{"!failure", true},
		{"!success", false},
		{"! success", false},
		{"event.outcome:!success", false},
		{"event.outcome:!!success", true},
		{"event.outcome:!failure n:5", true},
		{"tags:!(x or y)", true},
		{"tags:!(alpha or y)", false},
		{"tags:!*", false},
		{"missing:!*", true},
		{"event.outcome:succ", true},
		{"event.outcome:\"succ\"", false},
		{"event.outcome:SUCC*", true},
		{"event.outcome:succ or nothing", true},
		{"(nothing or success) n:40", true},
		{"colon:x:y", true},
		{"v6:2001:db8::/32", true},
		{"n:>39", true},
		{"n:>=41", false},
		{"age>1d", true},
		{"age<1d", false},
		{"age<=25h", true},
		{"when>now-2h", true},
		{"when:<now-1h", true},
		{"when<now-2h", false},
		{"*", true},
		{"\"S3 Browser/11.6 (Pro)\"", true},
		{"\"S3 Browser\"", false},
		{"S3 Browser", true},
		{"event.outcome:\\!success", false},
	};
	check(cases, ARRAY_LEN(cases), &bar);
	struct err err = {0};
	assert_null(kql_compile(STR("when > now-x"), &bar, &err));
	assert_int_equal(err.col, 8);
	assert_true(ask("success", &(struct kql_options){.free_text = true}));
	assert_false(ask("succ", &(struct kql_options){.free_text = true}));
}

static void says_what_was_expected(void **state)
{
	(void)state;
	static const struct {
		const char *query;
		unsigned long line, col;
		const char *says;
	} cases[] = {
		{"a:", 1, 3, "a value or a list of values"},
		{"a: b and", 1, 9, "a field name"},
		{"a: b or or c", 1, 9, "found 'or'"},
		{"a: (b or c", 1, 11, "')' in the list"},
		{"(a: b", 1, 6, "expected 'and', 'or' or ')'"},
		{"a: b)", 1, 5, "expected 'and', 'or' or the end, found ')'"},
		{"a: b c: d", 1, 7, "'and' or 'or' before the next field"},
		{"a: \"b", 1, 4, "never closed"},
		{"a: b\\q", 1, 5, "unknown escape"},
		{"a >=\n ", 1, 5, "to compare with"},
		{"a >= 5*", 1, 6, "without *"},
		{"user:{ first: a }", 1, 6, "a nested query, user:{ … }, is not supported"},
		{"{ a: b }", 1, 1, "nested queries"},
		{"not", 1, 4, "a field name"},
		{"word", 1, 1, "expected ':' or a comparison after 'word'"},
		{"a:b and\n  c:(d and )", 2, 12, "a value"},
		{"\"\": x", 1, 1, "field name is empty"},
		{"(a: b)or c: d", 1, 7, "a blank must stand before and after"},
		{"a: \"b\" and\"c\"", 1, 8, "a blank must stand"},
		{"a: b<c", 1, 5, "'and', 'or' or the end, found '<'"},
		{"a > now-7d", 1, 5, "relative to now"},
		{"a: é or", 1, 8, "the end"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = {0};
		struct kql_options file = {.file = "r.toml"};
		assert_null(kql_compile(str_c(cases[i].query), &file, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("%s: says \"%s\"", cases[i].query, err.text);
		if (err.line != cases[i].line || err.col != cases[i].col)
			fail_msg("%s: says %lu:%lu", cases[i].query, err.line, err.col);
		assert_string_equal(err.file, "r.toml");
	}
}

static void is_bounded(void **state)
{
	(void)state;
	struct buf b = {0};
	struct err err = {0};
	buf_fill(&b, '(', 100000);
	assert_null(kql_compile(buf_str(&b), NULL, &err));
	assert_non_null(strstr(err.text, "too deeply"));
	buf_clear(&b);
	for (int i = 0; i < 20000; i++)
		buf_c(&b, "not ");
	assert_null(kql_compile(buf_str(&b), NULL, &err));
	buf_clear(&b);
	buf_c(&b, "a:");
	buf_fill(&b, '!', 100000);
	assert_null(kql_compile(buf_str(&b), &(struct kql_options){.words = true}, &err));
	buf_clear(&b);
	buf_c(&b, "n:(5");
	for (int i = 0; i < 30000; i++)
		buf_fmt(&b, " or v%d", i);
	buf_char(&b, ')');
	struct kql *q = kql_compile(buf_str(&b), NULL, &err);
	assert_non_null(q);
	assert_true(kql_match(q, &(struct kql_subject){doc, values}));
	kql_free(q);
	buf_clear(&b);
	buf_fill(&b, 'a', ((size_t)1 << 20) + 1);
	assert_null(kql_compile(buf_str(&b), NULL, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_fini(&b);
}

static void names_its_fields_and_literals(void **state)
{
	(void)state;
	struct kql *q = kql_compile(STR("event.action: *BucketReplication and (a: b or a: c) and "
					"event.provider: s3.amazonaws.com and d: long_enough"),
		NULL, NULL);
	assert_non_null(q);
	assert_int_equal(kql_field_count(q), 4);
	assert_true(str_is(kql_field(q, 1), "a"));
	assert_true(str_is(kql_field(q, 9), ""));
	struct str lit[4];
	assert_int_equal(kql_literals(q, lit, 4), 2);
	assert_true(str_is(lit[0], "BucketReplication"));
	assert_true(str_is(lit[1], "s3.amazonaws.com"));
	assert_int_equal(kql_literals(q, lit, 1), 1);
	assert_true(str_is(lit[0], "BucketReplication"));
	kql_free(q);
	q = kql_compile(STR("not event.action: PutObject"), NULL, NULL);
	assert_int_equal(kql_literals(q, lit, 4), 0);
	kql_free(q);
	q = kql_compile(STR("event.action: PutObject or n:5"), NULL, NULL);
	assert_int_equal(kql_literals(q, lit, 4), 0);
	kql_free(q);
}

static void explains(void **state)
{
	(void)state;
	struct kql *q = kql_compile(STR("event.action: Put* and not n:(7 or 40) and gone: * and bad: *"),
		NULL, NULL);
	struct buf b = {0};
	kql_explain(q, &(struct kql_subject){doc, values}, &b);
	assert_string_equal(buf_cstr(&b),
		"- and\n"
		"+   event.action: Put*   value: PutBucketReplication\n"
		"-   not\n"
		"+     or\n"
		"-       n: 7   value: 5, 40\n"
		"+       n: 40   value: 40\n"
		"-   gone: *   no value\n"
		"+   bad: *   value: x<U+000A>+ and\n");
	buf_fini(&b);
	kql_free(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_as_kibana_does),
		cmocka_unit_test(speaks_the_filter_bar),
		cmocka_unit_test(says_what_was_expected),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(names_its_fields_and_literals),
		cmocka_unit_test(explains),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
