#include "s3triage/detect/eql.h"

#include "s3triage/base/mem.h"

#include "../unit.h"

static const char *const builtin =
	"info where data_stream.dataset == \"aws.cloudtrail\" and event.action == \"PutBucketReplication\"\n"
	"  and event.outcome == \"success\"\n"
	"  and stringContains(aws.cloudtrail.request_parameters, \"Account=\")";

static bool match_in(const char *query, const char *category_field, const char *document)
{
	struct err err = {0};
	const struct eql_options options = {.category_field = category_field};
	struct eql *q = eql_compile(str_c(query), &options, &err);
	if (!q)
		print_message("%s\n  %lu:%lu: %s\n", query, err.line, err.col, err.text);
	assert_non_null(q);
	struct json *doc = json_parse(str_c(document), &err);
	if (!doc)
		print_message("%s: %s\n", document, err.text);
	assert_non_null(doc);
	struct eql_run *run = eql_run_new(q);
	bool found = eql_match(q, run, doc);
	assert_null(eql_run_fault(run));
	eql_run_free(run);
	json_free(doc);
	eql_free(q);
	return found;
}

/* The condition alone. */
static bool holds(const char *condition, const char *document)
{
	AUTO(buf_fini) struct buf query = {0};
	buf_fmt(&query, "any where %s", condition);
	return match_in(buf_cstr(&query), NULL, document);
}

static void runs_the_built_in_rule(void **state)
{
	(void)state;
	static const char nested[] =
		"{\"event\":{\"type\":[\"info\"],\"action\":\"PutBucketReplication\",\"outcome\":\"success\"},"
		"\"data_stream\":{\"dataset\":\"aws.cloudtrail\"},\"aws\":{\"cloudtrail\":"
		"{\"request_parameters\":\"{x={Destination={Account=222222222222}}}\"}}}";
	static const char dotted[] =
		"{\"event.type\":\"info\",\"event.action\":\"PutBucketReplication\",\"event\":{\"outcome\":"
		"\"success\"},\"data_stream.dataset\":\"aws.cloudtrail\",\"aws\":"
		"{\"cloudtrail.request_parameters\":[\"{Account=1}\"]}}";
	assert_true(match_in(builtin, "event.type", nested));
	assert_true(match_in(builtin, "event.type", dotted));
	assert_false(match_in(builtin, NULL, nested));
	assert_false(match_in(builtin, "event.type", "{\"event.type\":\"info\"}"));
	assert_true(holds("event.action == \"PutBucketReplication\"", nested));
}

struct fact {
	const char *condition, *document;
	bool expected;
};

static void check(const struct fact *facts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool found = holds(facts[i].condition, facts[i].document);
		if (found != facts[i].expected)
			print_message("wrong: %s\n   on: %s\n", facts[i].condition, facts[i].document);
		assert_true(found == facts[i].expected);
	}
}

#define CHECK(facts) check(facts, ARRAY_LEN(facts))

static void leaves_are_two_valued(void **state)
{
	(void)state;
	static const struct fact facts[] = {
		{"a == 1", "{}", false}, {"a != 1", "{}", true}, {"not a == 1", "{}", true},
		{"a != 1", "{\"a\":1}", false}, {"a != 1", "{\"a\":2}", true},
		{"not a in (1, 2)", "{}", true}, {"a not in (1, 2)", "{}", true},
		{"a not in (1, 2)", "{\"a\":2}", false},
		{"not (a > 1)", "{}", true}, {"a <= 1", "{}", false},
		{"not (a > 1 and b == 2)", "{}", true}, {"not (a > 1 and b == 2)", "{\"a\":5,\"b\":2}", false},
		{"not (a > 1 or b == 2)", "{}", true},
		{"not a : \"x*\"", "{}", true}, {"not a regex \"x\"", "{}", true},
		{"not a", "{}", true}, {"a", "{}", false},
		{"not length(a) == 1", "{}", true}, {"length(a) != 1", "{}", true},
		{"not not a == 1", "{\"a\":1}", true}, {"not not not a == 1", "{\"a\":1}", false},
		{"startsWith(a, \"x\") == false", "{}", true},
		{"startsWith(a, \"x\") != true", "{}", true},
		{"startsWith(a, \"x\") != false", "{}", false},
		{"startsWith(a, \"x\") == true", "{\"a\":\"xy\"}", true},
		{"(a == 1) == false", "{}", true},
		/* of a field, == false asks for the value false */
		{"a == false", "{}", false}, {"a == false", "{\"a\":false}", true},
		{"a != true", "{}", true}, {"a != false", "{}", true}, {"a != false", "{\"a\":false}", false},
	};
	CHECK(facts);
}

static void any_value_satisfies_a_leaf(void **state)
{
	(void)state;
	static const struct fact facts[] = {
		{"a == 1 and a == 2", "{\"a\":[1,2]}", true}, {"a != 1", "{\"a\":[1,2]}", false},
		{"a != 3", "{\"a\":[1,2]}", true}, {"a > 1 and a < 2", "{\"a\":[1,2]}", true},
		{"a > 1 and a < 2", "{\"a\":[0,5]}", true},
		{"length(a) > 5 and length(a) < 4", "{\"a\":[\"abc\",\"abcdef\"]}", true},
		{"concat(a, b) == \"1y\"", "{\"a\":[0,1],\"b\":[\"x\",\"y\"]}", true},
		{"concat(a, a) == \"12\"", "{\"a\":[1,2]}", true},
		{"concat(a, a) == \"13\"", "{\"a\":[1,2]}", false},
		{"stringContains(a, b)", "{\"a\":[\"foo\",\"bar\"],\"b\":[\"zz\",\"ar\"]}", true},
		{"a.b == 3", "{\"a\":[{\"b\":1},{\"b\":[2,3]}]}", true},
		{"a.b == 2", "{\"a.b\":1,\"a\":{\"b\":2}}", true},
		{"a.b == 1 and a.b == 2", "{\"a.b\":1,\"a\":{\"b\":2}}", true},
		{"a.b.c == 7", "{\"a.b\":{\"c\":7}}", true}, {"a.b.c == 7", "{\"a\":{\"b.c\":7}}", true},
		{"a.b == 7", "{\"a\":{\"bc\":7}}", false}, {"a == 1", "{\"a\":[[[1]]]}", true},
		{"a == null", "{\"a\":{\"b\":1}}", true},
		{"a == null", "{\"a\":[]}", true}, {"a == null", "{\"a\":[null]}", true},
		{"a == null", "{\"a\":null}", true}, {"a == null", "{\"a\":\"\"}", false},
		{"a != null", "{\"a\":\"\"}", true}, {"a != null", "{}", false}, {"null == a", "{}", true},
		{"indexOf(a, \"x\") == null", "{\"a\":[\"x\",\"y\"]}", true},
		{"indexOf(a, \"x\") != null", "{\"a\":[\"x\",\"y\"]}", false},
		{"(a > 1) == null", "{}", true}, {"null == (a > 1)", "{\"a\":2}", false},
		{"(a > 1 and b > 1) == null", "{\"a\":2}", true},
		{"(a > 1 and b > 1) == null", "{\"a\":1}", false},
		{"(a > 1 or b > 1) == null", "{\"a\":2}", false},
		{"(not a > 1) == null", "{}", true},
		{"string(not a in (1)) == \"true\"", "{\"a\":2}", true},
		{"string(a : \"x*\" and b == null) == \"true\"", "{\"a\":\"xy\"}", true},
	};
	CHECK(facts);
}

static void contains_and_ends_with_are_wildcards(void **state)
{
	(void)state;
	static const struct fact facts[] = {
		{"stringContains(a, \"Principal=\\\\*\")", "{\"a\":\"{Principal=*, x=1}\"}", true},
		{"stringContains(a, \"Principal=\\\\*\")", "{\"a\":\"{Principal=me}\"}", false},
		{"stringContains(a, \"valuesToAdd=[*]\")", "{\"a\":\"{valuesToAdd=[all]}\"}", true},
		{"stringContains(a, \"pass=*x\")", "{\"a\":\"pass=12x3\"}", true},
		{"stringContains(a, \"b?d\")", "{\"a\":\"abcde\"}", true},
		{"stringContains(a, \"b\\\\?d\")", "{\"a\":\"abcde\"}", false},
		{"stringContains(a, \"B\")", "{\"a\":\"abc\"}", false},
		{"stringContains~(a, \"B\")", "{\"a\":\"abc\"}", true},
		{"stringContains(a, \"\")", "{\"a\":\"\"}", true}, {"stringContains(a, \"\")", "{}", false},
		{"endsWith(a, \"*c\")", "{\"a\":\"abc\"}", true}, {"endsWith(a, \"a*c\")", "{\"a\":\"xabbc\"}", true},
		{"endsWith(a, \"b\")", "{\"a\":\"abc\"}", false}, {"endsWith~(a, \"BC\")", "{\"a\":\"abc\"}", true},
		{"endsWith(a, \"\\\\*\")", "{\"a\":\"b*\"}", true}, {"endsWith(a, \"\\\\*\")", "{\"a\":\"bx\"}", false},
		{"startsWith(a, \"a*\")", "{\"a\":\"abc\"}", false}, {"startsWith(a, \"a*\")", "{\"a\":\"a*c\"}", true},
		{"startsWith(a, \"\")", "{\"a\":\"x\"}", true}, {"startsWith~(a, \"AB\")", "{\"a\":\"abc\"}", true},
		/* the script path is literal */
		{"stringContains(a, b)", "{\"a\":\"xb*\",\"b\":\"b*\"}", true},
		{"stringContains(a, b)", "{\"a\":\"xbc\",\"b\":\"b*\"}", false},
		{"stringContains(a, b)", "{\"a\":\"x\",\"b\":\"\"}", false},
		{"stringContains(a, b)", "{\"a\":\"x\"}", false}, {"not stringContains(a, b)", "{\"a\":\"x\"}", true},
		{"stringContains(substring(a, 0), \"a*c\")", "{\"a\":\"abc\"}", false},
		{"endsWith(substring(a, 0), \"*c\")", "{\"a\":\"abc\"}", false},
		{"stringContains(a, concat(\"b\", \"*d\"))", "{\"a\":\"bcd\"}", true},
		{"stringContains(\"abc\", a)", "{\"a\":\"b\"}", true},
	};
	CHECK(facts);
}

static void tests_the_category(void **state)
{
	(void)state;
	static const char doc[] = "{\"event\":{\"type\":[\"info\",\"x y\"],\"category\":\"file\"}}";
	assert_true(match_in("file where true", NULL, doc));
	assert_false(match_in("info where true", NULL, doc));
	assert_true(match_in("info where true", "event.type", doc));
	assert_false(match_in("Info where true", "event.type", doc));
	assert_true(match_in("\"x y\" where true", "event.type", doc));
	assert_true(match_in("\"\"\"x y\"\"\" where true", "event.type", doc));
	assert_false(match_in("inf where true", "event.type", doc));
	assert_true(match_in("any where true", "event.type", "{}"));
	assert_false(match_in("info where true", "event.type", "{}"));
	assert_false(match_in("info where true", "event.type", "{\"event.type\":{\"info\":1}}"));
}

static void compares(void **state)
{
	(void)state;
	static const struct fact facts[] = {
		{"a == \"x*\"", "{\"a\":\"xy\"}", false}, {"a == \"x*\"", "{\"a\":\"x*\"}", true},
		{"a == \"X\"", "{\"a\":\"x\"}", false}, {"a < \"b\"", "{\"a\":\"a\"}", true},
		{"a < \"a\"", "{\"a\":\"Z\"}", true}, {"a >= \"\\u{e9}\"", "{\"a\":\"z\"}", false},
		{"1 < a", "{\"a\":2}", true}, {"1 > a", "{\"a\":2}", false}, {"\"b\" >= a", "{\"a\":\"b\"}", true},
		{"2 <= a", "{\"a\":2}", true}, {"2 != a", "{\"a\":2}", false},
		{"a == 2", "{\"a\":2.0}", true}, {"a < 2.5", "{\"a\":2}", true}, {"a == 2", "{\"a\":2.5}", false},
		{"a == 9223372036854775807", "{\"a\":9223372036854775806}", false},
		{"a > -1", "{\"a\":0}", true}, {"a == -1", "{\"a\":-1}", true}, {"a == - -1", "{\"a\":1}", true},
		{"a == +1", "{\"a\":1}", true},
		/* the value's type decides, the literal follows */
		{"a == 5", "{\"a\":\"5\"}", true}, {"a == 5", "{\"a\":\"05\"}", false},
		{"a == \"5\"", "{\"a\":5}", true}, {"a == \"five\"", "{\"a\":5}", false},
		{"a != \"five\"", "{\"a\":5}", true}, {"a > 1024", "{\"a\":\"443\"}", false},
		{"a > 9", "{\"a\":\"x\"}", true}, {"a == true", "{\"a\":\"true\"}", true},
		{"a == \"true\"", "{\"a\":true}", true}, {"a == true", "{\"a\":1}", false},
		{"a == 1", "{\"a\":true}", false}, {"a", "{\"a\":\"true\"}", true}, {"a", "{\"a\":true}", true},
		{"a", "{\"a\":\"yes\"}", false}, {"a", "{\"a\":false}", false}, {"a", "{\"a\":1}", false},
		{"a in (1, 5)", "{\"a\":\"5\"}", true}, {"a in (\"1\", \"5\")", "{\"a\":5}", true},
		{"a in (true)", "{\"a\":\"true\"}", true}, {"a in (\"true\")", "{\"a\":true}", true},
		{"a in (1.5, 2.0)", "{\"a\":2}", true}, {"a in (null, 2)", "{\"a\":3}", false},
		{"a in (1 + 1)", "{\"a\":2}", true}, {"a in (\"X\")", "{\"a\":\"x\"}", false},
		{"a in~ (\"X*\", \"Y\")", "{\"a\":\"y\"}", true}, {"a in~ (\"X*\")", "{\"a\":\"xy\"}", false},
		{"a in~ (\"X*\")", "{\"a\":\"x*\"}", true},
		/* dates: by instant; a text without milliseconds is its whole second */
		{"a == \"2017-08-30T20:47:33Z\"", "{\"a\":\"2017-08-30T20:47:33.123Z\"}", true},
		{"a == \"2017-08-30T20:47:33Z\"", "{\"a\":\"2017-08-30T22:47:33.9+02:00\"}", true},
		{"a == \"2017-08-30T20:47:33.5Z\"", "{\"a\":\"2017-08-30T20:47:33.501Z\"}", false},
		{"a > \"2017-08-30T20:47:33Z\"", "{\"a\":\"2017-08-30T20:47:33.123Z\"}", false},
		{"a >= \"2017-08-30T20:47:33Z\"", "{\"a\":\"2017-08-30T20:47:33.123Z\"}", true},
		{"a <= \"2017-08-30T20:47:33Z\"", "{\"a\":\"2017-08-30T20:47:33.999Z\"}", true},
		{"a < \"2017-08-30T20:47:33Z\"", "{\"a\":\"2017-08-30T20:47:33.000Z\"}", false},
		{"a == \"2017-08-30\"", "{\"a\":\"2017-08-30T20:47:33.000Z\"}", true},
		{"a == \"2017-08-30T20:47:33Z\"", "{\"a\":1504126053999}", true},
		{"a == 1504126053000", "{\"a\":\"2017-08-30T20:47:33Z\"}", true},
		{"a in (1, 1504126053000)", "{\"a\":\"2017-08-30T20:47:33Z\"}", true},
		{"a in (1504126053001, 5)", "{\"a\":\"2017-08-30T20:47:33Z\"}", false},
		{"a in (7, 1504126053001)", "{\"a\":\"2017-08-30T20:47:33.001Z\"}", true},
		{"a in (\"2017-08-30T20:47:33Z\")", "{\"a\":\"2017-08-30T20:47:33.5Z\"}", true},
		/* addresses, in the fields that hold them */
		{"source.ip == \"10.0.0.0/8\"", "{\"source\":{\"ip\":\"10.1.2.3\"}}", true},
		{"source.ip == \"10.0.0.0/8\"", "{\"source\":{\"ip\":\"11.1.2.3\"}}", false},
		{"source.ip != \"::1\"", "{\"source.ip\":\"0:0::1\"}", false},
		{"source.ip in (\"fe80::/10\", \"::1\")", "{\"source.ip\":\"fe90::2\"}", true},
		{"source.ip < \"10.0.0.9\"", "{\"source.ip\":\"9.255.0.1\"}", true},
		{"source.address == \"10.0.0.0/8\"", "{\"source.address\":\"10.1.2.3\"}", false},
	};
	CHECK(facts);
}

static void matches_patterns(void **state)
{
	(void)state;
	static const struct fact facts[] = {
		{"a : \"X*\"", "{\"a\":\"xyz\"}", true}, {"a : \"x\"", "{\"a\":\"X\"}", true},
		{"a like \"X*\"", "{\"a\":\"xyz\"}", false}, {"a like \"x*\"", "{\"a\":\"xyz\"}", true},
		{"a like~ \"X?Z\"", "{\"a\":\"xyz\"}", true}, {"a like \"x?\"", "{\"a\":\"x\"}", false},
		{"a like \"x?\"", "{\"a\":\"x\xc3\xa9\"}", true}, {"a like \"x?\"", "{\"a\":\"xyz\"}", false},
		{"a like \"*\"", "{\"a\":\"\"}", true}, {"a like \"*\"", "{}", false},
		{"a like \"a*b*c\"", "{\"a\":\"a1b2c\"}", true}, {"a like \"a*b*c\"", "{\"a\":\"a1c2b\"}", false},
		{"a like \"*ab\"", "{\"a\":\"aab\"}", true}, {"a like \"ab*ab\"", "{\"a\":\"ab\"}", false},
		{"a like \"*?\"", "{\"a\":\"\"}", false}, {"a like \"*a?c*\"", "{\"a\":\"xabcx\"}", true},
		{"a like \"**\"", "{\"a\":\"x\"}", true}, {"a like \"\"", "{\"a\":\"\"}", true},
		{"a like \"\"", "{\"a\":\"x\"}", false},
		/* a backslash is a character like any other */
		{"a : \"C:\\\\*\"", "{\"a\":\"c:\\\\windows\"}", true},
		{"a : \"\\\\*\"", "{\"a\":\"*\"}", false},
		{"a : \"\"\"C:\\*\"\"\"", "{\"a\":\"c:\\\\windows\"}", true},
		{"a : (\"x\", \"y*\", \"Z\")", "{\"a\":\"z\"}", true}, {"a : (\"x\", \"y*\")", "{\"a\":\"yes\"}", true},
		{"a : (\"x\", \"y*\")", "{\"a\":\"no\"}", false}, {"a : (\"x\")", "{\"a\":\"x\"}", true},
		{"a : \"5*\"", "{\"a\":512}", true}, {"a : \"tr*\"", "{\"a\":true}", true},
		{"a : \"\xc3\x89*\"", "{\"a\":\"\xc3\xa9t\xc3\xa9\"}", true},
		{"a : \"\xce\xa3\"", "{\"a\":\"\xcf\x82\"}", true},
		{"concat(a, \"!\") : \"X*!\"", "{\"a\":\"xy\"}", true},
		{"substring(a, 1) like (\"b\", \"c?\")", "{\"a\":\"xcd\"}", true},
		{"\"abc\" : \"A*\"", "{}", true}, {"\"abc\" like \"A*\"", "{}", false},
		{"\"abc\" regex \"a.c\"", "{}", true}, {"null : \"a\"", "{}", false},
		{"not null : \"a\"", "{}", false},
	};
	CHECK(facts);
}

static void matches_regular_expressions(void **state)
{
	(void)state;
	static const struct fact facts[] = {
		{"a regex \"b\"", "{\"a\":\"abc\"}", false}, {"a regex \".*b.*\"", "{\"a\":\"abc\"}", true},
		{"a regex \"a|abc\"", "{\"a\":\"abc\"}", true}, {"a regex \"a.c\"", "{\"a\":\"a\\nc\"}", true},
		{"a regex (\"x\", \"a[bc]+\")", "{\"a\":\"abc\"}", true}, {"a regex \"ABC\"", "{\"a\":\"abc\"}", false},
		{"a regex~ \"ABC\"", "{\"a\":\"abc\"}", true}, {"a regex~ \"[A-Z]:\\\\\\\\.+\"", "{\"a\":\"c:\\\\x\"}", true},
		{"a regex \"\\\"a.c\\\"d\"", "{\"a\":\"a.cd\"}", true}, {"a regex \"\\\"a.c\\\"d\"", "{\"a\":\"abcd\"}", false},
		{"a regex \"^a$\"", "{\"a\":\"^a$\"}", true}, {"a regex \"^a$\"", "{\"a\":\"a\"}", false},
		{"a regex \"#\"", "{\"a\":\"\"}", false}, {"a regex \"a@z\"", "{\"a\":\"a..z\"}", true},
		{"a regex \"\\\\d{3}\"", "{\"a\":\"123\"}", true}, {"a regex \"\\\\d{3}\"", "{\"a\":\"12\"}", false},
		{"a regex \"a{2,}\"", "{\"a\":\"aaa\"}", true}, {"a regex \"a{1,2}\"", "{\"a\":\"aaa\"}", false},
		{"a regex \"\\\\w+\\\\s\\\\S\\\\W\\\\D\"", "{\"a\":\"ab c!d\"}", true},
		{"a regex \"[^\\\\d\\\\s]+\"", "{\"a\":\"ab\"}", true}, {"a regex \"[\\\\W]\"", "{\"a\":\"_\"}", false},
		{"a regex \"[\\\\D\\\\S]\"", "{\"a\":\"5\"}", true}, {"a regex \"[]a]+\"", "{\"a\":\"a]\"}", true},
		{"a regex \"[a-]+\"", "{\"a\":\"a-\"}", true}, {"a regex \"[a-c.]+\"", "{\"a\":\"b.\"}", true},
		{"a regex \"a*?b\"", "{\"a\":\"aab\"}", true}, {"a regex \"(ab)++\"", "{\"a\":\"abab\"}", true},
		{"a regex \"(a|(b|c))d\"", "{\"a\":\"cd\"}", true}, {"a regex \"*a\"", "{\"a\":\"*a\"}", true},
		{"a regex \"()a\"", "{\"a\":\"a\"}", true}, {"a regex \"\\\\.\"", "{\"a\":\"x\"}", false},
		{"a regex \"\xc3\xa9.\"", "{\"a\":\"\xc3\xa9\xc3\xa8\"}", true}, {"a regex \"\"", "{\"a\":\"\"}", true},
		{"a regex \"(a+)+b\"", "{\"a\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac\"}", false},
		{"a regex \"5.\"", "{\"a\":51}", true}, {"a regex \"]}-\"", "{\"a\":\"]}-\"}", true},
	};
	CHECK(facts);
}

static void matches_addresses(void **state)
{
	(void)state;
	static const struct fact facts[] = {
		{"cidrMatch(a, \"10.6.48.157/8\")", "{\"a\":\"10.1.1.1\"}", true},
		{"cidrmatch(a, \"10.0.0.0/8\")", "{\"a\":\"11.1.1.1\"}", false},
		{"CIDRMATCH(a, \"192.168.0.0/16\", \"10.0.0.0/8\")", "{\"a\":\"10.1.1.1\"}", true},
		{"cidrMatch(a, \"0.0.0.0/0\")", "{\"a\":\"1.2.3.4\"}", true},
		{"cidrMatch(a, \"0.0.0.0/0\")", "{\"a\":\"::1\"}", false},
		{"cidrMatch(a, \"::/0\")", "{\"a\":\"1.2.3.4\"}", true},
		{"cidrMatch(a, \"2001:db8::/33\")", "{\"a\":\"2001:db8:7fff::1\"}", true},
		{"cidrMatch(a, \"2001:db8::/33\")", "{\"a\":\"2001:db8:8000::1\"}", false},
		{"cidrMatch(a, \"10.1.2.3\")", "{\"a\":\"10.1.2.3\"}", true},
		{"cidrMatch(a, \"10.0.0.0/8\")", "{\"a\":\"s3.amazonaws.com\"}", false},
		{"cidrMatch(a, \"10.0.0.0/8\")", "{\"a\":10}", false},
		{"cidrMatch(a, \"10.0.0.0/8\")", "{}", false}, {"not cidrMatch(a, \"10.0.0.0/8\")", "{}", true},
		{"cidrMatch(a, \"10.0.0.0/8\")", "{\"a\":[\"x\",\"10.0.0.1\"]}", true},
		{"cidrMatch(\"10.0.0.1\", \"10.0.0.0/8\")", "{}", true},
		{"string(cidrMatch(a, \"10.6.48.157/8\")) : \"true\"", "{\"a\":\"10.0.0.1\"}", true},
	};
	CHECK(facts);
}

/* Constants: what an expression is worth. */
static void folds_constants(void **state)
{
	(void)state;
	static const char *const truths[] = {
		"7 + 3 == 10", "7 + -3 == 4", "7 - -3 == 10", "7 * 3.0 == 21.0", "7 / 3 == 2", "-7 / 3 == -2",
		"7 / 3.0 > 2.33", "7 % 3 == 1", "-7 % 3 == -1", "3 + 4 - 5 * 6 / 7 == 3",
		"((3 + 4) - 5) * 6 / 7 == 1", "3 != 4.0", "\"Foo\" < \"foo\"", "\"Foo\" >= \"Bar\"",
		"345 in (123, 345)", "345 not in (123, 456)", "true or null", "not (false and null)",
		"null == null", "not (null != null)", "1 != null", "null != \"x\"", "length(null) == null",
		"(null < 1) == null", "(1 >= null) == null", "(null + 1) == null",
		"(true and null) == null", "(false or null) == null", "(not null) == null",
		"concat((100 * 10) - length(\"hello\") == 995, \"...\") == \"true...\"",
		"between(\"welcome to the planet\", \"welcome\", \"planet\") == \" to the \"",
		"between(\"welcome to the planet\", \"welcome\", \"e\", true) == \" to the plan\"",
		"between(\"welcome to the planet\", \"welcome\", \"e\", false) == \" to th\"",
		"between(\"welcome\", \"goodbye\", \"planet\") == \"\"", "between(\"abc\", \"\", \"c\") == \"abc\"",
		"between(\"abc\", \"a\", \"x\") == \"\"", "between(\"abc\", \"a\", null) == \"abc\"",
		"between(\"\", \"a\", \"b\") == \"\"", "between(null, \"a\", \"b\") == null",
		"between~(\"System\", \"s\", \"E\") == \"yst\"", "between(\"aXbXc\", \"X\", \"X\", true) == \"b\"",
		"concat(\"a\", \"||\", 1, \"||\", true, 2.5) == \"a||1||true2.5\"", "concat(\"a\", null) == null",
		"concat(1.0, 1e10, 1e-5) == \"1.01.0E101.0E-5\"", "string(123456.5) == \"123456.5\"",
		"string(2.1828) == \"2.1828\"", "string(1000000.0) == \"1000000.0\"", "string(0.0) == \"0.0\"",
		"string(1.0 / 0) == \"Infinity\"", "string(-1.0 / 0) == \"-Infinity\"",
		"string(0.0 / 0) == \"NaN\"", "string(1.5e300) == \"1.5E300\"",
		"string(1) == \"1\"", "string(null) == null", "string(\"x\") == \"x\"",
		"endsWith(\"FooBarBaz\", \"Baz\")", "not endsWith(\"FooBarBaz\", \"baz\")",
		"endsWith~(\"FooBarBaz\", \"baz\")", "endsWith(\"a\", \"\")", "startsWith(\"FooBarBaz\", \"\")",
		"startsWith~(\"FooBar\", \"FOO\")", "startsWith(\"a\", null) == null",
		"endsWith(null, \"a\") == null", "stringContains(null, \"a\") == null",
		"not stringContains(\"a\", \"\")", "stringContains~(\"ABC\", \"b\")",
		"indexOf(\"foobarbaz\", \"L\") == null", "indexOf(\"foobarbaz\", \"o\") == 1",
		"indexOf(\"foobarbaz\", \"o\", null) == 1", "indexOf(\"foobarbaz\", \"o\", 2) == 2",
		"indexOf(\"foobarbaz\", \"r\", 2) == 5", "indexOf(\"abc\", \"a\", 4) == null",
		"indexOf(\"abc\", \"\", 3) == 3", "indexOf(\"abc\", \"\", 1) == 1", "indexOf(\"abc\", \"a\", -5) == 0",
		"indexOf~(\"aBc\", \"bC\") == 1", "indexOf(null, \"a\") == null", "indexOf(\"a\", null) == null",
		"length(\"\") == 0", "length(\"foo\") == 3", "length(\"\xf0\x9f\x98\x80\") == 2",
		"length(\"\xc3\xa9\") == 1",
		"number(\"314\") == 314", "number(\"3.14\") == 3.14", "number(\"-3.14\", 10) == -3.14",
		"number(\"+314\", 10) == 314", "number(\"0x1337\") == 4919", "number(\"0x32\", 16) == 50",
		"number(\"32\", 16) == 50", "number(\"-0x10\") == -16", "number(\"052403\", 8) == 21763",
		"number(\"52403\", 7) == 12890", "number(\" 12 \") == 12", "number(\"12\", null) == 12",
		"number(null) == null", "number(\"x\") == null", "number(\"9\", 8) == null", "number(\"\") == null",
		"number(\"1\", 99) == null", "number(\"99999999999999999999\") == null",
		"number(\"-9223372036854775808\") < 0", "number(\"9223372036854775808\") == null",
		"substring(\"hello world\", null, null) == \"hello world\"", "substring(\"hello world\", 6) == \"world\"",
		"substring(\"hello world\", null, 5) == \"hello\"", "substring(\"hello world\", 0, 500) == \"hello world\"",
		"substring(\"hello world\", 5, -1) == \" worl\"", "substring(\"hello world\", -5, 100) == \"world\"",
		"substring(\"hello world\", -60, 5) == \"hello\"", "substring(\"hello world\", -5, -1) == \"worl\"",
		"substring(\"abc\", 2, 1) == \"\"", "substring(null, 5) == null",
		"add(1, 2) == 3", "subtract(-2, -4) == 2", "multiply(6, 5) == 30", "divide(30, 4.0) == 7.5",
		"modulo(10, 4) == 2", "modulo(10, 0.75) == 0.25", "modulo(-5, 3.0) == -2.0", "Divide(7, 2) == 3",
		"1 - 2.5 == -1.5", "2.5 * 2 == 5", "1. == 1", ".5 < 1e0", "1e-1 == 0.1", "1E+2 == 100",
		"99999999999999999999 > 1",
		"\"\"\"a\"b\\c\"\"\" == \"a\\\"b\\\\c\"", "\"\"\"x\"\"\"\" == \"x\\\"\"", "\"\\u{41}\\u{0001F600}\" : \"A?\"",
		"\"\\b\\t\\n\\f\\r\\'\" != \"\"", "true /* a /* nested */ comment */ // and a line\n and true",
	};
	for (size_t i = 0; i < ARRAY_LEN(truths); i++) {
		if (!holds(truths[i], "{}"))
			print_message("wrong: %s\n", truths[i]);
		assert_true(holds(truths[i], "{}"));
	}
	static const struct fact facts[] = {
		{"null", "{}", false}, {"not null", "{}", false}, {"null and a == 1", "{\"a\":1}", false},
		{"not (null and a == 1)", "{\"a\":1}", false}, {"not (null and false)", "{}", true},
		{"null or a == 1", "{\"a\":1}", true}, {"true and a == 1", "{\"a\":1}", true},
		{"false or a == 1", "{\"a\":2}", false}, {"false and a == 1", "{\"a\":1}", false},
		{"a < null", "{\"a\":1}", false}, {"not (a < null)", "{\"a\":1}", false},
		{"true", "{}", true}, {"false", "{}", false},
	};
	CHECK(facts);
}

static void binds_by_precedence(void **state)
{
	(void)state;
	static const struct fact facts[] = {
		{"not a == 1 or b == 1", "{\"a\":1,\"b\":1}", true}, {"not (a == 1 or b == 1)", "{\"b\":1}", false},
		{"a == 1 or b == 1 and c == 1", "{\"a\":1}", true}, {"(a == 1 or b == 1) and c == 1", "{\"a\":1}", false},
		{"not a == 1 and b == 1", "{\"b\":1}", true}, {"a + 2 * 3 == 7", "{\"a\":1}", true},
		{"(a + 2) * 3 == 9", "{\"a\":1}", true}, {"10 - a - 1 == 8", "{\"a\":1}", true},
		{"-a == -1", "{\"a\":1}", true}, {"- a + 3 == 2", "{\"a\":1}", true}, {"-a == -1.5", "{\"a\":1.5}", true},
		{"-a == null", "{}", true}, {"a - b > 0", "{\"a\":\"3\",\"b\":1}", true},
		{"a + 1 == null", "{\"a\":\"x\"}", true}, {"a * 2.0 == 3.0", "{\"a\":1.5}", true},
		{"`a` == 1", "{\"a\":1}", true}, {"`a-b`.c == 1", "{\"a-b\":{\"c\":1}}", true},
		{"`sequence` == 1", "{\"sequence\":1}", true}, {"`x``y` == 1", "{\"x`y\":1}", true},
		{"@timestamp == 1", "{\"@timestamp\":1}", true}, {"_id == 1", "{\"_id\":1}", true},
		{"?a == 1", "{\"a\":1}", true}, {"?a.b == null", "{}", true}, {"not ?a == 1", "{}", true},
		{"length (a) == 1", "{\"a\":\"x\"}", true},
	};
	CHECK(facts);
}

static void pipes_keep_a_part(void **state)
{
	(void)state;
	static const struct {
		const char *query;
		size_t n, first, count;
	} cases[] = {
		{"any where true", 5, 0, 5}, {"any where true | head 2", 5, 0, 2},
		{"any where true | tail 2", 5, 3, 2}, {"any where true | tail 4 | head 3", 5, 1, 3},
		{"any where true | head 3 | tail 2", 9, 1, 2}, {"any where true | head 9", 5, 0, 5},
		{"any where true | tail 0", 5, 5, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct eql *q = eql_compile(str_c(cases[i].query), NULL, NULL);
		size_t first, count;
		assert_non_null(q);
		eql_pipes(q, cases[i].n, &first, &count);
		assert_int_equal(first, cases[i].first);
		assert_int_equal(count, cases[i].count);
		eql_free(q);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_the_built_in_rule),
		cmocka_unit_test(leaves_are_two_valued),
		cmocka_unit_test(any_value_satisfies_a_leaf),
		cmocka_unit_test(contains_and_ends_with_are_wildcards),
		cmocka_unit_test(tests_the_category),
		cmocka_unit_test(compares),
		cmocka_unit_test(matches_patterns),
		cmocka_unit_test(matches_regular_expressions),
		cmocka_unit_test(matches_addresses),
		cmocka_unit_test(folds_constants),
		cmocka_unit_test(binds_by_precedence),
		cmocka_unit_test(pipes_keep_a_part),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
