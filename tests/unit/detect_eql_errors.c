#include "s3triage/detect/eql.h"

#include "s3triage/base/mem.h"

#include "../unit.h"

struct mistake {
	const char *query;
	unsigned long line, col;
	const char *says; /* a part of the message */
};

static void check(const struct mistake *m)
{
	struct err err = {0};
	struct eql *q = eql_compile(str_c(m->query), NULL, &err);
	bool right = !q && err.line == m->line && err.col == m->col && strstr(err.text, m->says);
	if (!right)
		print_message("%s\n  %lu:%lu: %s\n  wanted %lu:%lu: %s\n", m->query, err.line, err.col,
			err.text, m->line, m->col, m->says);
	assert_true(right);
	bool refused = strstr(m->says, "queries are not supported");
	assert_int_equal(err.code, refused ? ERR_INPUT : ERR_PARSE);
	eql_free(q);
}

static void names_the_mistake_and_its_place(void **state)
{
	(void)state;
	static const struct mistake mistakes[] = {
		{"", 1, 1, "expected an event category or any, found the end of the query"},
		{"42", 1, 1, "expected an event category or any, found 42"},
		{"process a == 1", 1, 9, "expected where, found a"},
		{"any where", 1, 10, "found the end of the query"},
		{"any where a = 1", 1, 13, "equality is written =="},
		{"any where a == 1 b", 1, 18, "expected and, or, | or the end of the query, found b"},
		{"any where a ==", 1, 15, "a field, a value"},
		{"any where a == 1 == 2", 1, 18, "comparisons do not chain"},
		{"any where a < b < 3", 1, 17, "comparisons do not chain"},
		{"any where a not : \"x\"", 1, 17, "expected in after not"},
		{"any where a not like \"x\"", 1, 17, "expected in after not"},
		{"any where a in 1", 1, 16, "expected ( and a list of values"},
		{"any where a in (1", 1, 18, "expected , or )"},
		{"any where a in ()", 1, 17, "a field, a value"},
		{"any where a : b", 1, 15, "a string or a list of strings"},
		{"any where a : (b)", 1, 16, "expected a string, found b"},
		{"any where (a == 1", 1, 18, "or )"},
		{"any where a. == 1", 1, 14, "the next part of a field name"},
		{"any where a.by == 1", 1, 13, "written `by`"},
		{"any where sequence == 1", 1, 11, "written `sequence`"},
		{"any where a[0] == 1", 1, 12, "Array indexes are not supported"},
		{"any where a == 1\n  and child of [process where true]", 2, 7,
			"Process relationships are not supported"},
		{"any where a == 'x'", 1, 16, "Use double quotes [\"]"},
		{"any where a == ?\"x\"", 1, 16, "[\"\"\"] to define unescaped string literals, not [?\"]"},
		{"any where a == ?'x'", 1, 16, "not [?']"},
		{"any where a == \"x", 1, 16, "no closing \""},
		{"any where a == \"x\ny\"", 1, 16, "no closing \""},
		{"any where a == \"\"\"x\n\"\"\"", 1, 16, "no closing \"\"\""},
		{"any where a == \"\\q\"", 1, 17, "unknown escape \\q"},
		{"any where a == \"\\u0041\"", 1, 17, "2 to 8 hexadecimal digits"},
		{"any where a == \"\\u{1}\"", 1, 17, "2 to 8 hexadecimal digits"},
		{"any where a == \"\\u{d800}\"", 1, 17, "no Unicode character"},
		{"any where a == \"\\u{110000}\"", 1, 17, "no Unicode character"},
		{"any where `a == 1", 1, 11, "no closing `"}, {"any where `` == 1", 1, 11, "may not be empty"},
		{"any where /* a /* b */", 1, 11, "never closed"},
		{"any where !a", 1, 11, "use not"}, {"any where a && b", 1, 13, "use and"},
		{"any where a ; b", 1, 13, "; does not belong here"},
		{"any where \xc3\xa9\xe2\x80\xae == 1", 1, 11, "does not belong here"},
		{"any where a == \xe2\x80\xae", 1, 16, "<U+202E> does not belong here"},
		{"any where a == 1 | count", 1, 20, "Unknown pipe [count]"},
		{"any where a == 1 | head", 1, 24, "how many events"},
		{"any where a == 1 | head 1.5", 1, 25, "how many events"},
		{"any where a == 1 | head 1 2", 1, 27, "expected and, or, |"},
		{"any where a == 1 | 5", 1, 20, "head or tail"},
		{"any where arrayContain(a, 1)", 1, 11, "Unknown function [arrayContain]"},
		{"any where arrayContains(a, 1)", 1, 11, "did you mean [stringContains]?"},
		{"any where lenght(a) == 1", 1, 11, "Unknown function [lenght], did you mean [length]?"},
		{"any where STARTWITH(a, \"b\")", 1, 11, "did you mean [startsWith]?"},
		{"any where wildcard(a, \"b\")", 1, 11, "Unknown function [wildcard]"},
		{"any where length~(a) == 1", 1, 11, "length has no form with ~"},
		{"any where foo~ == 1", 1, 11, "( after a name with ~"},
		{"any where length() == 1", 1, 11, "length needs exactly 1 argument, found 0"},
		{"any where length(a, b) == 1", 1, 11, "no more than 1 argument, found 2"},
		{"any where between(a, \"b\") == \"c\"", 1, 11, "at least 3 arguments, found 2"},
		{"any where concat() == \"\"", 1, 11, "at least 1 argument"},
		{"any where length(1) == 1", 1, 18,
			"1st argument of [length(1)] must be [string], found value [1] type [integer]"},
		{"any where startsWith(a, 123)", 1, 25, "2nd argument of [startsWith(a, 123)] must be [string]"},
		{"any where substring(a, 1.5) == \"x\"", 1, 24, "must be [integer]"},
		{"any where between(a, \"b\", \"c\", 4) == \"\"", 1, 32, "4th argument"},
		{"any where a + \"x\" == 1", 1, 15, "must be [numeric]"},
		{"any where cidrMatch(a, b)", 1, 24, "constant address blocks, found [b]"},
		{"any where cidrMatch(a, 1)", 1, 24, "must be [string]"},
		{"any where cidrMatch(a, \"10.0.0.0/33\")", 1, 24, "is no address block"},
		{"any where cidrMatch(a, \"x/8\")", 1, 24, "is no address block"},
		{"any where length(a) == \"x\"", 1, 24, "2nd argument of [length(a) == \"x\"] must be [numeric]"},
		{"any where \"x\" == length(a)", 1, 11, "1st argument"},
		{"any where a in (1, \"x\")", 1, 20, "3rd argument of"},
		{"any where a in (1, b)", 1, 20, "offender [b] in [in]"},
		{"any where a in~ (b)", 1, 18, "offender [b] in [in~]"},
		{"any where pid == ppid", 1, 18, "Comparisons against fields are not (currently) supported; "
			"offender [ppid] in [==]"},
		{"any where length(a) >= length(b)", 1, 24, "offender [length(b)] in [>=]"},
		{"any where a : 5", 1, 15, "must be [string]"}, {"any where a regex (\"x\", 1)", 1, 25, "3rd argument"},
		{"any where 1 : \"1\"", 1, 11, "1st argument"},
		{"any where 5", 1, 11, "Condition expression needs to be boolean, found [5] type [numeric]"},
		{"any where a and \"x\"", 1, 17, "needs to be boolean, found [\"x\"] type [string]"},
		{"any where not length(a)", 1, 15, "needs to be boolean"},
		{"any where a == 1 / 0", 1, 16, "/ by zero"}, {"any where a == 1 % 0", 1, 16, "/ by zero"},
		{"any where a == 9223372036854775807 + 1", 1, 16, "too large"},
		{"any where a regex \"~b\"", 1, 19, "complement (~)"},
		{"any where a regex \"b&c\"", 1, 19, "intersection (&)"},
		{"any where a regex \"<1-5>\"", 1, 19, "numeric interval (<)"},
		{"any where a regex \"(b\"", 1, 19, "( without )"}, {"any where a regex \"b)\"", 1, 19, ") without ("},
		{"any where a regex \"[b\"", 1, 19, "no closing ]"}, {"any where a regex \"[\"", 1, 19, "no closing ]"},
		{"any where a regex \"[b-\"", 1, 19, "no closing ]"},
		{"any where a regex \"[c-b]\"", 1, 19, "backwards"}, {"any where a regex \"[a\\\\\"", 1, 19, "backslash"},
		{"any where a regex \"b\\\\\"", 1, 19, "backslash"}, {"any where a regex \"\\\"b\"", 1, 19, "no closing \""},
		{"any where a regex \"b{x}\"", 1, 19, "without a number"},
		{"any where a regex \"b{1,x}\"", 1, 19, "malformed"}, {"any where a regex \"b{1\"", 1, 19, "{ without }"},
		{"any where a regex \"b{3,2}\"", 1, 19, "over 1000 or backwards"},
		{"any where a regex \"b{2000}\"", 1, 19, "over 1000"},
		{"any where a regex \"b?????????\"", 1, 19, "more than 8 times"},
		{"any where a regex \"((b{1000}){1000}){1000}\"", 1, 19, "cannot be used"},
		{"sequence by a [any where true] [file where b == 1]", 1, 1, "sequence queries are not supported"},
		{"/* x */\n sequence with maxspan=5m by a, ?b ![any where true] by c with runs=2 [any where true] "
			"until [any where c] | head 5", 2, 2, "sequence queries are not supported"},
		{"sample by a [any where true] [any where true]", 1, 1, "sample queries are not supported"},
		{"join by a [any where true] [any where true]", 1, 1, "join queries are not supported"},
		{"sequence [any where a = 1]", 1, 23, "equality is written =="},
		{"sequence with maxspan=5q [any where a]", 1, 24, "a unit of time"},
		{"sequence with maxspan=x [any where a]", 1, 23, "a time span"},
		{"sequence with maxspan=2.5m [any where a]", 1, 23, "in whole numbers"},
		{"sequence with maxspan 5m [any where a]", 1, 23, "= after maxspan"},
		{"sequence with runs=5 [any where a]", 1, 15, "expected maxspan"},
		{"sequence with maxspan=5 [any where a]", 1, 25, "a unit of time"},
		{"sequence [any where a] with rums=1", 1, 29, "expected runs"},
		{"sequence [any where a] with runs 1", 1, 34, "= after runs"},
		{"sequence [any where a] with runs=x", 1, 34, "how many runs"},
		{"sequence any where a", 1, 10, "[ and an event query"},
		{"sequence [any where a", 1, 22, "] after the event query"},
		{"sequence [any where a] x", 1, 24, "another event query"},
		{"sequence by [any where a]", 1, 13, "a field, a value"},
	};
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++)
		check(&mistakes[i]);
}

static void tells_file_and_line_and_shows_the_line(void **state)
{
	(void)state;
	struct err err = {0};
	const struct eql_options options = {.file = "rule.toml", .line = 40};
	assert_null(eql_compile(STR("any where a == 1\n  and lenght(b) == 2\n"), &options, &err));
	assert_string_equal(err.file, "rule.toml");
	assert_int_equal(err.line, 41);
	assert_int_equal(err.col, 7);
	assert_string_equal(err.excerpt, "  and lenght(b) == 2");
	assert_null(eql_compile(STR("any where lenght(b) == 2"), NULL, NULL));
}

static void repeat(struct buf *out, const char *s, size_t n)
{
	while (n--)
		buf_c(out, s);
}

static void nothing_nests_without_a_bound(void **state)
{
	(void)state;
	static const struct {
		const char *open, *middle, *close;
	} cases[] = {{"(", "a == 1", ")"}, {"concat(", "a", ")"}, {"-", "a", ""}, {"1 + ", "a", ""},
		{"a == (", "1", ")"}, {"not (", "a", ")"}, {"a : \"x\" and (b or ", "c", ")"},
		{"", "a", " * 1"}, {"a in (", "1", ")"}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(buf_fini) struct buf query = {0};
		struct err err = {0};
		buf_c(&query, "any where ");
		repeat(&query, cases[i].open, 20000);
		buf_c(&query, cases[i].middle);
		repeat(&query, cases[i].close, 20000);
		assert_null(eql_compile(buf_str(&query), NULL, &err));
		if (!strstr(err.text, "nested deeper than 200 levels"))
			fail_msg("%s: %s", cases[i].open, err.text);
	}
	AUTO(buf_fini) struct buf nots = {0};
	buf_c(&nots, "any where ");
	repeat(&nots, "not ", 20001);
	buf_c(&nots, "true");
	struct eql *q = eql_compile(buf_str(&nots), NULL, NULL);
	assert_non_null(q);
	eql_free(q);
}

static void counts_are_bounded(void **state)
{
	(void)state;
	struct err err = {0};
	AUTO(buf_fini) struct buf fields = {0}, args = {0}, pipes = {0}, vars = {0};
	buf_c(&fields, "any where a");
	for (int i = 0; i < 5000; i++)
		buf_fmt(&fields, " or f%d == 1", i);
	assert_null(eql_compile(buf_str(&fields), NULL, &err));
	assert_string_equal(err.text, "more than 4095 fields");
	buf_c(&args, "any where concat(a");
	repeat(&args, ", 1", 64);
	buf_c(&args, ") == \"x\"");
	assert_null(eql_compile(buf_str(&args), NULL, &err));
	assert_string_equal(err.text, "65 arguments for concat; 64 is the limit");
	buf_c(&pipes, "any where true");
	repeat(&pipes, " | head 5", 65);
	assert_null(eql_compile(buf_str(&pipes), NULL, &err));
	assert_non_null(strstr(err.text, "no more than 64 pipes"));
	buf_c(&vars, "any where concat(concat(a");
	repeat(&vars, ", a", 40);
	buf_c(&vars, "), a");
	repeat(&vars, ", a", 40);
	buf_c(&vars, ") == \"x\"");
	assert_null(eql_compile(buf_str(&vars), NULL, &err));
	assert_string_equal(err.text, "more than 64 fields in one comparison");
	AUTO(buf_fini) struct buf large = {0};
	buf_c(&large, "any where a == \"");
	repeat(&large, "xxxxxxxxxxxxxxxx", 1 << 16);
	buf_c(&large, "\"");
	assert_null(eql_compile(buf_str(&large), NULL, &err));
	assert_non_null(strstr(err.text, "is the limit"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_the_mistake_and_its_place),
		cmocka_unit_test(tells_file_and_line_and_shows_the_line),
		cmocka_unit_test(nothing_nests_without_a_bound),
		cmocka_unit_test(counts_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
