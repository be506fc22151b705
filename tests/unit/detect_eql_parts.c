/*
 * What surrounds matching: explanations, literals, fields, faults, sizes, and the small parts.
 */
#include "../../src/detect/eql_priv.h"

#include "../unit.h"

#include <time.h>

static struct eql *compile(const char *query)
{
	struct err err = {0};
	struct eql *q = eql_compile(str_c(query), NULL, &err);
	assert_string_equal(err.text, "");
	assert_non_null(q);
	return q;
}

static void explains(const char *query, const char *document, const char *wanted)
{
	struct eql *q = compile(query);
	struct json *doc = json_parse(str_c(document), NULL);
	assert_non_null(doc);
	AUTO(buf_fini) struct buf out = {0};
	eql_explain(q, doc, &out);
	assert_string_equal(buf_cstr(&out), wanted);
	json_free(doc);
	eql_free(q);
}

static void explains_every_leaf(void **state)
{
	(void)state;
	explains("info where a == \"x\"\n  and (b > 1 or\n\tc : \"y*\") and not d == 1 and e != 2 and not (f or g)",
		"{\"event\":{\"category\":\"info\"},\"a\":[\"w\",\"x\"],\"b\":1,\"d\":1,\"g\":true}",
		"+ event.category == \"info\"  <- \"info\"\n"
		"- and\n"
		"  + a == \"x\"  <- \"x\"\n"
		"  - or\n"
		"    - b > 1  <- 1\n"
		"    - c : \"y*\"  <- no value\n"
		"  - not d == 1  <- 1\n"
		"  + e != 2  <- no value\n"
		"  - not\n"
		"    + or\n"
		"      - f  <- no value\n"
		"      + g  <- true\n");
	explains("any where concat(a, b) == \"23\"", "{\"a\":[1,2],\"b\":[\"1\",\"3\"]}",
		"+ concat(a, b) == \"23\"  <- a = 2; b = \"3\"\n");
	explains("any where concat(a, b) == \"x\"", "{\"a\":[1,2,3,4,5]}",
		"- concat(a, b) == \"x\"  <- a = 1, 2, 3 and 2 more; b = no value\n");
	explains("file where true", "{\"event.category\":[\"a\",\"b\"]}",
		"- event.category == \"file\"  <- \"a\", \"b\"\n+ true\n");
	explains("any where 1 / a == 1", "{\"a\":0}", "- 1 / a == 1  <- could not be computed\n");
	explains("any where a == \"x\"", "{\"a\":\"\\u001b[31m\\u202e\"}",
		"- a == \"x\"  <- \"<U+001B>[31m<U+202E>\"\n");
}

static void long_text_is_cut(void **state)
{
	(void)state;
	struct json *doc = json_new_object();
	AUTO(buf_fini) struct buf text = {0}, out = {0};
	buf_fill(&text, 'x', 5000);
	json_set_str(doc, "a", buf_str(&text));
	struct eql *q = compile("any where a == \"y\"");
	eql_explain(q, doc, &out);
	assert_true(out.n < 200);
	assert_non_null(strstr(buf_cstr(&out), "xxx...\""));
	eql_free(q);
	/* what was found is shown, wherever it stands */
	buf_c(&text, ", \xc3\xa9 Account=1}");
	json_set_str(doc, "a", buf_str(&text));
	static const char *const queries[] = {"any where stringContains(a, \"Account=\")",
		"any where a : \"*account=*\""};
	for (size_t i = 0; i < 2; i++) {
		q = compile(queries[i]);
		buf_clear(&out);
		eql_explain(q, doc, &out);
		assert_non_null(strstr(buf_cstr(&out), "<- \"...xxxx"));
		assert_non_null(strstr(buf_cstr(&out), "xx, \xc3\xa9 Account=1}\"\n"));
		eql_free(q);
	}
	json_free(doc);
}

/* All literals, joined with "|". */
static void literals_are(const char *query, const char *wanted, const char *wanted_ecs)
{
	struct eql *q = compile(query);
	for (int ecs = 0; ecs < 2; ecs++) {
		struct str v[16];
		AUTO(buf_fini) struct buf out = {0};
		size_t n = ecs ? eql_literals_ecs(q, v, 16) : eql_literals(q, v, 16);
		for (size_t i = 0; i < n; i++) {
			buf_c(&out, i ? "|" : "");
			buf_add(&out, v[i]);
		}
		assert_string_equal(buf_cstr(&out), ecs ? wanted_ecs : wanted);
	}
	eql_free(q);
}

static void literals_hold_for_every_match(void **state)
{
	(void)state;
	literals_are("info where data_stream.dataset == \"aws.cloudtrail\" and event.action == "
		"\"PutBucketReplication\" and event.outcome == \"success\" and "
		"stringContains(aws.cloudtrail.request_parameters, \"Account=\")",
		"PutBucketReplication", "PutBucketReplication|aws.cloudtrail|Account=|success|info");
	literals_are("any where event.action in (\"Put\") and event.action in (\"Abc\", \"Def\")", "Put", "Put");
	literals_are("any where event.action == \"A\" or event.action == \"B\"", "", "");
	literals_are("any where not event.action == \"Aa\" and event.action != \"Bb\"", "", "");
	literals_are("any where (event.action == \"Aa\" and event.provider == \"Bbb\") and x == \"Cccc\"",
		"Bbb|Aa", "Cccc|Bbb|Aa");
	literals_are("any where event.action : \"Aa\" and event.action in~ (\"Bb\")", "", "");
	literals_are("any where event.action like \"Put*Acl\" and event.action like \"Get\"", "Put|Get",
		"Put|Get");
	literals_are("any where event.action like (\"Aa\", \"Bb\")", "", "");
	literals_are("any where startsWith(event.action, \"Put\") and startsWith~(event.action, \"Xx\")", "Put",
		"Put");
	literals_are("any where endsWith(user_agent.original, \"x*long\\\\*\") and event.action > \"Zz\"",
		"long*", "long*");
	literals_are("any where event.action == \"a\\\"b\" and event.id == \"a/b\" and event.id == \"12.5\"", "", "");
	literals_are("any where event.id == \"\xc3\xa9t\" and event.id == \"2024-01-01\" and event.id == \"<a\"",
		"", "");
	literals_are("any where event.id in (\"2024-01-01\") and event.id in (\"10.0.0.0/8\") and event.id in (5)",
		"", "");
	literals_are("any where source.ip == \"fe80::1\" and a == true and a == 5", "", "");
	literals_are("any where event.action == \"Aa\" and event.action == \"Aa\"", "Aa", "Aa");
	literals_are("any where startsWith(a, b) and length(event.action) == 3 and a regex \"abc\"", "", "");
	struct eql *q = compile("any where event.action == \"Aa\" and event.id == \"Bbb\"");
	struct str one;
	assert_int_equal(eql_literals(q, &one, 1), 1);
	assert_true(str_is(one, "Bbb"));
	eql_free(q);
}

static void fields_are_listed_once(void **state)
{
	(void)state;
	struct eql *q = compile("info where a == 1 and ?b.c : \"x\" and length(a) > 1 and `d e` == null");
	assert_int_equal(eql_field_count(q), 3);
	assert_true(str_is(eql_field(q, 0), "a"));
	assert_true(str_is(eql_field(q, 1), "b.c"));
	assert_true(str_is(eql_field(q, 2), "d e"));
	eql_free(q);
	eql_free(NULL);
}

static size_t faults_of(const char *query, const char *document, bool *matched)
{
	struct eql *q = compile(query);
	struct json *doc = json_parse(str_c(document), NULL);
	struct eql_run *run = eql_run_new(q);
	*matched = eql_match(q, run, doc);
	size_t n = eql_run_fault(run) != NULL;
	eql_run_free(run);
	json_free(doc);
	eql_free(q);
	return n;
}

static void faults_match_nothing_and_are_counted(void **state)
{
	(void)state;
	static const struct {
		const char *query, *document;
		size_t faults;
		bool matched;
	} cases[] = {
		{"any where 1 / a == 1", "{\"a\":0}", 1, false}, {"any where not 1 % a == 1", "{\"a\":0}", 1, false},
		{"any where a == 0 or 1 / a == 1", "{\"a\":0}", 0, true},
		{"any where 1 / a == 1 or a == 0", "{\"a\":0}", 1, false},
		{"any where a != 0 and 1 / a == 1", "{\"a\":0}", 0, false},
		{"any where 1 / a == 1 and a != 0", "{\"a\":0}", 1, false},
		{"any where a * 9223372036854775807 == 1", "{\"a\":2}", 1, false},
		{"any where a - 9223372036854775807 == 1", "{\"a\":-9}", 1, false},
		{"any where -a == 1", "{\"a\":-9223372036854775808}", 1, false},
		{"any where a / -1 == 1", "{\"a\":-9223372036854775808}", 1, false},
		{"any where 1 / a == 1", "{\"a\":[1,0]}", 0, true}, {"any where 1 / a == 1", "{\"a\":[0,1]}", 1, false},
		{"any where 1.0 / a == 1", "{\"a\":0}", 0, false},
		{"info where 1 / a == 1", "{\"a\":0}", 0, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool matched;
		size_t n = faults_of(cases[i].query, cases[i].document, &matched);
		if (n != cases[i].faults || matched != cases[i].matched)
			fail_msg("%s on %s: %zu faults, matched %d", cases[i].query, cases[i].document, n, matched);
	}
	eql_run_free(NULL);
}

static void fill(struct json *doc, const char *key, size_t n)
{
	struct json *list = json_set(doc, key, json_new_array());
	for (size_t i = 0; i < n; i++)
		json_push(list, json_new_int((int64_t)i));
}

static void combinations_are_bounded(void **state)
{
	(void)state;
	struct json *doc = json_new_object();
	fill(doc, "a", 400);
	fill(doc, "b", 400);
	struct eql *q = compile("any where concat(a, b) == \"x\"");
	struct eql_run *run = eql_run_new(q);
	assert_false(eql_match(q, run, doc));
	assert_string_equal(eql_run_fault(run), "its fields have too many combinations of values");
	eql_run_free(run);
	eql_free(q);
	q = compile("any where a == 399 and b > 398");
	run = eql_run_new(q);
	assert_true(eql_match(q, run, doc));
	assert_null(eql_run_fault(run));
	eql_run_free(run);
	eql_free(q);
	json_free(doc);
}

static void one_run_serves_many_documents(void **state)
{
	(void)state;
	struct eql *q = compile("any where a == 1 and concat(b, \"!\") == \"x!\"");
	struct eql_run *run = eql_run_new(q);
	struct json *yes = json_parse(STR("{\"a\":[0,1],\"b\":\"x\"}"), NULL);
	struct json *no = json_parse(STR("{\"b\":\"x\"}"), NULL);
	for (int i = 0; i < 3; i++) {
		assert_true(eql_match(q, run, yes));
		assert_false(eql_match(q, run, no));
	}
	json_free(yes);
	json_free(no);
	eql_run_free(run);
	eql_free(q);
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Milliseconds on any machine; the bounds here are for a loaded one with sanitizers. */
static void large_queries_compile_at_once(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf in = {0}, chain = {0}, like = {0};
	buf_c(&in, "any where a in (\"v\"");
	buf_c(&like, "any where a : (\"v\"");
	buf_c(&chain, "any where b == 1");
	for (int i = 0; i < 2600; i++) {
		buf_fmt(&in, ", \"value-%d\"", i);
		buf_fmt(&like, ", \"value-%d%s\"", i, i % 10 ? "" : "*");
		buf_fmt(&chain, " or a == \"value-%d\"", i);
	}
	buf_char(&in, ')');
	buf_char(&like, ')');
	struct json *doc = json_parse(STR("{\"a\":\"value-2599\"}"), NULL);
	const struct buf *queries[] = {&in, &chain, &like};
	for (size_t i = 0; i < 3; i++) {
		double start = seconds();
		struct eql *q = eql_compile(buf_str(queries[i]), NULL, NULL);
		assert_non_null(q);
		assert_true(seconds() - start < 0.5);
		struct eql_run *run = eql_run_new(q);
		start = seconds();
		for (int k = 0; k < 100; k++)
			assert_true(eql_match(q, run, doc));
		assert_true(seconds() - start < 1.0);
		eql_run_free(run);
		eql_free(q);
	}
	json_free(doc);
}

/* Text made to run a matcher in circles. */
static void hostile_values_cost_little(void **state)
{
	(void)state;
	static const char *const queries[] = {
		"any where a like \"*a*a*a*a*a*a*a*b\"", "any where a : \"*a?a?a*a*a?c*\"",
		"any where stringContains(a, \"a*a*a*aba*bb\")", "any where a regex \".*a.*a.*a.*a.*b\"",
		"any where a regex \"(a|aa)+b\"", "any where a regex \"(a*)*b\"",
		"any where a regex \"(a+)+c|a+!\"", "any where a regex \"((a+)+|(a{2,})+)+c\"",
		"any where a regex \"(.+a.+)+(.+)+c\""};
	struct json *doc = json_new_object();
	AUTO(buf_fini) struct buf text = {0};
	buf_fill(&text, 'a', 4000);
	buf_char(&text, 'b'); /* so that looking for what must be there rejects nothing */
	buf_fill(&text, 'a', 4000);
	json_set_str(doc, "a", buf_str(&text));
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		struct eql *q = compile(queries[i]);
		struct eql_run *run = eql_run_new(q);
		double start = seconds();
		bool matched = eql_match(q, run, doc);
		if (matched || eql_run_fault(run) || seconds() - start > 3)
			fail_msg("%s: matched %d, %s, %.3f s", queries[i], matched,
				eql_run_fault(run) ? eql_run_fault(run) : "no fault", seconds() - start);
		eql_run_free(run);
		eql_free(q);
	}
	json_free(doc);
}

/* A pattern with too many states for a long text is given up and said to be; the next document has
 * all of its steps again. */
static void a_regex_is_bounded_by_steps(void **state)
{
	(void)state;
	struct eql *q = compile("any where a regex \"(a|b)*a(a|b){1,900}c\"");
	struct eql_run *run = eql_run_new(q);
	struct json *doc = json_new_object(), *plain = json_new_object();
	AUTO(buf_fini) struct buf text = {0};
	buf_fill(&text, 'a', 8000);
	buf_char(&text, 'c');
	buf_fill(&text, 'a', 8000);
	json_set_str(doc, "a", buf_str(&text));
	json_set_str(plain, "a", STR("abbac"));
	for (int i = 0; i < 2; i++) {
		assert_false(eql_match(q, run, doc));
		assert_string_equal(eql_run_fault(run), "a regular expression takes too many steps on its text");
		assert_true(eql_match(q, run, plain));
		assert_null(eql_run_fault(run));
	}
	eql_run_free(run);
	eql_free(q);
	json_free(doc);
	json_free(plain);
}

static void folds_letters(void **state)
{
	(void)state;
	static const uint32_t pairs[][2] = {{'A', 'a'}, {'Z', 'z'}, {'@', '@'}, {'[', '['}, {0xc9, 0xe9},
		{0xd7, 0xd7}, {0x100, 0x101}, {0x101, 0x101}, {0x139, 0x13a}, {0x178, 0xff}, {0x391, 0x3b1},
		{0x3a3, 0x3c3}, {0x3c2, 0x3c3}, {0x410, 0x430}, {0x401, 0x451}, {0x531, 0x561}, {0x1e9e, 0xdf},
		{0xff21, 0xff41}, {0x10400, 0x10428}, {0x212a, 0x212a}, {0xb5, 0x3bc}};
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		assert_int_equal(utf8_fold(pairs[i][0]), pairs[i][1]);
	assert_true(utf8_eq_fold(STR("\xc3\x89T\xc3\x89"), STR("\xc3\xa9t\xc3\xa9")));
	assert_true(utf8_ends(STR("x\xc3\x89"), STR("\xc3\xa9"), true));
	assert_false(utf8_ends(STR("\xc3\x89"), STR("x\xc3\xa9"), true));
	assert_int_equal(utf8_find(STR("a\xc3\x89Z"), STR("\xc3\xa9z"), true, NULL), 1);
	assert_int_equal(utf8_rfind(STR("abAB"), STR("ab"), true), 2);
	assert_true(utf8_rfind(STR("ab"), STR("x"), false) == STR_NONE);
	assert_int_equal(utf8_utf16_to_byte(STR("\xf0\x9f\x98\x80z"), 1), 4);
}

static void names_are_not_guessed_from_nothing(void **state)
{
	(void)state;
	assert_null(eql_function_nearest(STR("qqqqqqqqqq")));
	assert_null(eql_function_nearest(STR("averyveryverylongnamethatisnofunction")));
	assert_string_equal(eql_function_nearest(STR("substr")), "substring");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(explains_every_leaf),
		cmocka_unit_test(long_text_is_cut),
		cmocka_unit_test(literals_hold_for_every_match),
		cmocka_unit_test(fields_are_listed_once),
		cmocka_unit_test(faults_match_nothing_and_are_counted),
		cmocka_unit_test(combinations_are_bounded),
		cmocka_unit_test(one_run_serves_many_documents),
		cmocka_unit_test(large_queries_compile_at_once),
		cmocka_unit_test(hostile_values_cost_little), cmocka_unit_test(a_regex_is_bounded_by_steps),
		cmocka_unit_test(folds_letters),
		cmocka_unit_test(names_are_not_guessed_from_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
