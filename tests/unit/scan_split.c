#include "../../src/scan/split.h"

#include "../unit.h"

#include "s3triage/base/buf.h"
#include "s3triage/base/mem.h"

#include <stdio.h>

/* What a run gave, as one text: "r LINE TEXT" a record, "p LINE BYTE TEXT" a problem. */
struct run {
	struct buf out;
	size_t passed, problems, records;
	unsigned long problem_line;
	unsigned long long problem_byte;
	struct str text;
	size_t at, step;
};

static enum split_kind on_record(void *ctx, struct feed *f, struct split_record *r)
{
	struct run *run = ctx;
	bool known = str_find(r->text, STR("eventName")) != STR_NONE;
	if (!known && r->resync)
		return SPLIT_UNKNOWN;
	buf_fmt(&run->out, "r %lu ", feed_lines(f, r->at) + 1);
	buf_add(&run->out, r->text);
	buf_char(&run->out, '\n');
	run->records++;
	return known ? SPLIT_KNOWN : SPLIT_UNKNOWN;
}

static void on_passed(void *ctx, size_t n)
{
	((struct run *)ctx)->passed += n;
}

static void on_problem(void *ctx, struct feed *f, unsigned long long at, const char *text)
{
	struct run *run = ctx;
	run->problem_line = feed_lines(f, at) + 1;
	run->problem_byte = at;
	run->problems++;
	buf_fmt(&run->out, "p %lu %llu %s\n", run->problem_line, at, text);
}

static void on_note(void *ctx, const char *text)
{
	buf_fmt(&((struct run *)ctx)->out, "n %s\n", text);
}

static bool no_stop(void *ctx)
{
	(void)ctx;
	return false;
}

static ssize_t fill(void *ctx, char *out, size_t room)
{
	struct run *run = ctx;
	size_t n = run->text.n - run->at;
	if (n > run->step)
		n = run->step;
	if (n > room)
		n = room;
	memcpy(out, run->text.p + run->at, n);
	run->at += n;
	return (ssize_t)n;
}

static struct run split(struct str text, size_t step, const struct needles *needles)
{
	struct run run = {.text = text, .step = step};
	struct split_sink sink = {&run, on_record, on_passed, on_problem, no_stop, needles, on_note, 0};
	struct feed f = {0};
	if (step)
		feed_stream(&f, 0, fill, &run);
	else
		feed_memory(&f, text);
	split_run(&f, &sink);
	if (f.owned)
		feed_fini(&f);
	return run;
}

static const size_t steps[] = {0, 1, 2, 3, 7, 64, 4096};

#define E1 "{\"eventName\":\"a\"}"
#define E2 "{\"eventName\":\"b\",\"x\":{\"y\":[1,{\"z\":\"}{\\\"\"}]}}"

static void finds_records_in_every_layout(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", ""},
		{" \n\n", ""},
		{E1 "\n" E2 "\n", "r 1 " E1 "\nr 2 " E2 "\n"},
		{E1 "\r\n" E2, "r 1 " E1 "\nr 2 " E2 "\n"},
		{"\xEF\xBB\xBF" E1, "r 1 " E1 "\n"},
		{E1 E2 " " E1, "r 1 " E1 "\nr 1 " E2 "\nr 1 " E1 "\n"},
		{"[" E1 "," E2 "]", "r 1 " E1 "\nr 1 " E2 "\n"},
		{"[]\n[ ]\n" E1, "r 3 " E1 "\n"},
		{"{\"Records\":[" E1 ",\n" E2 "]}", "r 1 " E1 "\nr 2 " E2 "\n"},
		{"{\"Records\":[]}", ""},
		{"{\"value\":[" E1 "],\"x\":1}", "r 1 " E1 "\n"},
		/* behind another key it may be a field of an event */
		{"{\"eventName\":\"a\",\"value\":[1]}", "r 1 {\"eventName\":\"a\",\"value\":[1]}\n"},
		{"{\"hits\":{\"hits\":[]},\"aggregations\":{\"eventName\":1}}", "r 1 {\"eventName\":1}\n"},
		{"{\"Records\":[\"x\",[" E1 "]]}\n\"y\"\n", "r 1 \"x\"\nr 1 [" E1 "]\nr 2 \"y\"\n"},
		{"{\"Rec\\u006frds\":[" E1 "]}", "r 1 " E1 "\n"},
		{"\xEF\xBB\xBF" E1 "\n\xEF\xBB\xBF" E2 "\xEF\xBB\xBF\n" E1, "r 1 " E1 "\nr 2 " E2 "\nr 3 " E1 "\n"},
		{"{\"Records\":[" E1 "]}\n{\"Records\":[" E2 "]}", "r 1 " E1 "\nr 2 " E2 "\n"},
		{"{\"NextToken\":\"x\",\"Events\":[" E1 "]}", "r 1 " E1 "\n"},
		{"{\"took\":1,\"hits\":{\"total\":{\"value\":1},\"hits\":[" E1 "]}}", "r 1 " E1 "\n"},
		{"{\"hits\":{\"events\":[" E1 "]},\"x\":[]}", "r 1 " E1 "\n"},
		{"{\"hits\":{\"sequences\":[{\"join_keys\":[],\"events\":[" E1 "," E2 "]},{\"events\":[" E1 "]}]}}",
			"r 1 " E1 "\nr 1 " E2 "\nr 1 " E1 "\n"},
		{"{\"id\":\"F\",\"response\":{\"hits\":{\"hits\":[" E1 "]}}}", "r 1 " E1 "\n"},
		{"{\"responses\":[{\"hits\":{\"hits\":[" E1 "]}},{\"hits\":{\"hits\":[" E2 "]}}]}",
			"r 1 " E1 "\nr 1 " E2 "\n"},
		{"{\n  \"eventName\": \"a\",\n  \"r\": {\n    \"x\": 1\n  }\n}\n" E1,
			"r 1 {\n  \"eventName\": \"a\",\n  \"r\": {\n    \"x\": 1\n  }\n}\nr 7 " E1 "\n"},
		{"{\"eventName\":\"a\",\"Records\":5}", "r 1 {\"eventName\":\"a\",\"Records\":5}\n"},
		{"{\"hits\":{}}", "r 1 {\"hits\":{}}\n"},
		{"[1," E1 "]", "p 1 1 an object is expected\nr 1 " E1 "\n"},
		{E1 "\n12\n" E2, "r 1 " E1 "\np 2 18 a JSON object or array is expected\nr 3 " E2 "\n"},
		{"[" E1 " " E2 "]", "r 1 " E1 "\np 1 19 ',' or ']' is expected\nr 1 " E2 "\n"},
		{"[" E1 ", ]", "r 1 " E1 "\np 1 18 a value is expected behind the ','\n"},
		{"{\"Records\":[" E1 ",]}", "r 1 " E1 "\np 1 29 a value is expected behind the ','\n"},
		{"[" E1, "r 1 " E1 "\np 1 18 the text ends inside an array\n"},
		{"{\"Records\":[" E1 "," "{\"eventName\":\"c", "r 1 " E1 "\np 1 30 the text ends inside a string\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t k = 0; k < ARRAY_LEN(steps); k++) {
			struct run run = split(str_c(cases[i].text), steps[k], NULL);
			assert_string_equal(buf_cstr(&run.out), cases[i].want);
			buf_fini(&run.out);
		}
}

static void check_splits(const char *const (*cases)[2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ARRAY_LEN(steps); k++) {
			struct run run = split(str_c(cases[i][0]), steps[k], NULL);
			assert_string_equal(buf_cstr(&run.out), cases[i][1]);
			buf_fini(&run.out);
		}
}

#define NOTE(n, line) "n " n " around the JSON, the first is line " line ": passed over\n"

/* Texts in triple quotes come out as the strings that they are, comments not at all. */
static void reads_what_dev_tools_writes(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"{\n  \"eventName\": \"\"\"say \"a\" \\n}{,\n\"b\": \"\"\"\n}\n" E1,
			"r 1 {\n  \"eventName\": \"say \\\"a\\\" \\\\n}{,\\n\\\"b\\\": \"\n}\nr 5 " E1 "\n"},
		{"{\n  \"eventName\": \"\"\"ends in \"x\"\"\"\",\n  \"b\": 1\n}",
			"r 1 {\n  \"eventName\": \"ends in \\\"x\\\"\",\n  \"b\": 1\n}\n"},
		/* in a text that has a line for each member, quotes within a line end none */
		{"{\n  \"eventName\": \"\"\"a\"\"\", \"b\": \"\"\"c\"\"\",\n  \"d\": \"\"\"\\\"\"\"\r\n}",
			"r 1 {\n  \"eventName\": \"a\\\"\\\"\\\", \\\"b\\\": \\\"\\\"\\\"c\",\n  \"d\": \"\\\\\"\r\n}\n"},
		{"{\"eventName\":\"\"\"say \"a\" {\"\"\" , \"b\":[\"\"\"\"\"\"]}",
			"r 1 {\"eventName\":\"say \\\"a\\\" {\" , \"b\":[\"\"]}\n"},
		{"{\"eventName\":\"\",\"b\":[\"\",\"\"]}", "r 1 {\"eventName\":\"\",\"b\":[\"\",\"\"]}\n"},
		{"{\"hits\":{\"hits\":[\n" E1 ", {\"eventName\":\"\"\"x\"\"\"}]}}",
			"r 2 " E1 "\nr 2 {\"eventName\":\"x\"}\n"},
		{"{ // one\n\"eventName\": # two {\n /* \"three\n */ \"a//b#c\" }", "r 1 { \n\"eventName\": \n  \"a//b#c\" }\n"},
		{"# GET _search 200 OK\n" E1 "\n// two\n#! three\n/* {\n */" E2,
			"r 2 " E1 "\nr 6 " E2 "\n" NOTE("4 lines", "1")},
		{"GET a/_search\n{\n \"query\": {}\n}\n\n# 200\n" E1 "\nPUT a/_doc/1\n" E2 "\nGET b\n" E1,
			"r 2 {\n \"query\": {}\n}\nr 7 " E1 "\nr 9 " E2 "\nr 11 " E1 "\n" NOTE("5 lines", "1")},
	};
	check_splits(cases, ARRAY_LEN(cases));
}

/* What breaks in such a text gives no part of a string as a record, and the rest is told. */
static void no_text_in_triple_quotes_becomes_a_record(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"{\n  \"a\": \"\"\"" E1,
		"{\n  \"a\": \"\"\"x\n" E1 "\n" E1,
		"{\n  \"a\": \"\"\"x\"\"\",\n  \"b\": 1 1,\n  \"c\": \"\"\"" E1 "\"\"\"\n}",
		"{\n  \"a\": 1 1,\n  \"c\": \"\"\"" E1 "\"\"\"\n}",
		"{\n  \"a\": 1 1,\n  \"c\": [\n\"\"\"" E1 "\"\"\"\n]}",
		"{\"a\":\"\"\"x\"\"\",\"b\":1 1,\"c\":\"\"\"" E1 "\"\"\"}",
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t k = 0; k < ARRAY_LEN(steps); k++) {
			struct run run = split(str_c(cases[i]), steps[k], NULL);
			if (run.records || !run.problems)
				fail_msg("%s: %s", cases[i], buf_cstr(&run.out));
			buf_fini(&run.out);
		}
}

/* A string of plain JSON is none, whatever is in it; nor is what damage made of quotes. */
static void damage_makes_no_triple_quotes(void **state)
{
	(void)state;
	static const char *const cases[] = {
		E1 "\n{\"a\":\"\"\",\"b\":\"x\"}\n" E2 "\n",
		E1 "\n{\"a\":\"\\\"\\\"\\\"\",\"b\":\"/* # //\"}\n" E2 "\n",
		E1 "\n{\"a:\" /* ,\"b\":\"x\"}\n" E2 "\n",
		"[" E1 ",{\"a\":\"\"\",\"b\":\"x\"}," E2 "]",
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t k = 0; k < ARRAY_LEN(steps); k++) {
			struct run run = split(str_c(cases[i]), steps[k], NULL);
			if (!strstr(buf_cstr(&run.out), E1) || !strstr(buf_cstr(&run.out), E2))
				fail_msg("%s: %s", cases[i], buf_cstr(&run.out));
			buf_fini(&run.out);
		}
}

static void finds_json_amid_other_lines(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"\x1E" E1 "\n\x1E" E2 "\n", "r 1 " E1 "\nr 2 " E2 "\n"},
		{E1 ",\n" E2 ",\n", "r 1 " E1 "\nr 2 " E2 "\n"},
		{"may 4 host app[12]: " E1 "\nmay 4 none\n<14>x " E2 "\r\n", "r 1 " E1 "\nr 3 " E2 "\n" NOTE("1 line", "2")},
		{"[2026-05-04] {node} [] {} [1] [x] " E1 "\n[pod/a/b] " E2, "r 1 " E1 "\nr 2 " E2 "\n"},
		{"t {\"Records\":[" E1 "]}\nt [" E2 "]\nt " E1 E2,
			"r 1 " E1 "\nr 2 " E2 "\nr 3 " E1 "\nr 3 " E2 "\n"},
		{"$ cat x\n{\n \"eventName\": 1\n}\n$ jq '{a: .b}' {x\nout: {\n \"eventName\": 2\n}\n$",
			"r 2 {\n \"eventName\": 1\n}\nr 6 {\n \"eventName\": 2\n}\n" NOTE("3 lines", "1")},
		{"a " E1 "\nb {\"eventName\":\"c\nd " E2 "\n",
			"r 1 " E1 "\np 2 22 the line ends inside a string\nr 3 " E2 "\n"},
		{"a " E1 " b\na " E2 "\n", "p 1 2 JSON with other text behind it in its line is not read\nr 2 " E2 "\n"},
		{"a {\"x\":1} b {\"y\":2} " E2 "\n", "r 1 {\"y\":2}\nr 1 " E2 "\n"},
		{"a \"eventName\": 1,\nb " E1 "\n", "p 1 0 this speaks of an event, but is no JSON that is whole\nr 2 " E1 "\n"},
		{"x\ny {'eventName': 1}\n", "p 2 4 what stands here is Python's notation (python3 -c 'import ast,json,sys; "
			"print(json.dumps(ast.literal_eval(sys.stdin.read())))')\n" NOTE("1 line", "1")},
		{"x {\nx  \"a\": 1\n", "p 1 2 the line ends in '{' and no JSON follows; where each of its lines has something "
			"before it, it is not read\n"},
		{"{\n \"eventName\": 1\n}\n$ x\n" E1 "\n",
			"r 1 {\n \"eventName\": 1\n}\nr 5 " E1 "\n" NOTE("1 line", "4")},
		{"x\n{\n \"eventName\": 1\n}\n}\n" E1,
			"r 2 {\n \"eventName\": 1\n}\np 5 22 a bracket closes what was not opened\nr 6 " E1 "\n"
			NOTE("1 line", "1")},
		{"f(" E1 ");\n2026\t" E2 "\tmira\n", "r 1 " E1 "\nr 2 " E2 "\n" NOTE("2 lines", "1")},
		{"GET x\n{\"a\":1}\n", "r 2 {\"a\":1}\np 3 14 no line of it holds an event that could be read\n"
			NOTE("2 lines", "1")},
		{"x\n{z}\n", "p 3 6 no line of it holds an event that could be read\n" NOTE("2 lines", "1")},
	};
	check_splits(cases, ARRAY_LEN(cases));
}

/* White space that the window has long let go of: the place told is the comma's. */
static void tells_a_comma_before_much_white_space(void **state)
{
	(void)state;
	static const char blanks[] = {' ', '\n'};
	for (size_t i = 0; i < 2 * ARRAY_LEN(blanks); i++) {
		AUTO(buf_fini) struct buf text = {0};
		buf_c(&text, i < 2 ? "[" E1 "," : "{\"Records\":[" E1 ",");
		size_t comma = text.n - 1;
		buf_fill(&text, blanks[i % 2], 400000);
		buf_c(&text, i < 2 ? "]\n" E2 : "]}\n" E2);
		struct run run = split(buf_str(&text), 4096, NULL);
		assert_int_equal(run.problems, 1);
		assert_int_equal(run.problem_line, 1);
		assert_int_equal(run.problem_byte, comma);
		assert_int_equal(run.records, 2);
		buf_fini(&run.out);
	}
}

/* However deep, and whichever way the quotes are read: what lies around and inside is found, the
 * damage is told, and it is not walked again from each of its braces. */
static void a_bomb_of_depth_hides_nothing(void **state)
{
	(void)state;
	static const struct {
		const char *unit;
		size_t times, problems;
	} cases[] = {{"{\"a\":", 400000, 1}, {"[{\"a\":", 400000, 4}, {"{\":{\":", 200000, 2}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(buf_fini) struct buf text = {0};
		buf_c(&text, E1 "\n");
		for (size_t k = 0; k < cases[i].times; k++)
			buf_c(&text, cases[i].unit);
		buf_c(&text, E2 "\n" E1 "\n" E2 "\n");
		struct run run = split(buf_str(&text), 4096, NULL);
		if (run.records != 4 || run.problems > cases[i].problems || !run.problems)
			fail_msg("%s: %zu records, %zu problems", cases[i].unit, run.records, run.problems);
		buf_fini(&run.out);
	}
}

enum { N = 5 };

/* Five records in one layout; record `bad` damaged in the way `how`. `line` and `at` say where
 * that record begins. */
struct layout {
	const char *open, *between, *close;
	bool lines;
};

static const struct layout layouts[] = {
	{"", "\n", "\n", true},
	{"", "\n", "", true},
	{"", "", "", false},
	{"[", ",", "]", false},
	{"[\n  ", ",\n  ", "\n]\n", true},
	{"{\"Records\":[", ",", "]}", false},
	{"{\"Events\": [", ", ", "], \"NextToken\": null}", false},
	{"{\"hits\":{\"total\":{\"value\":5},\"hits\":[", ",", "]}}", false},
	{"{\"id\":\"x\",\"response\":{\"hits\":{\"hits\":[", ",", "]}}}", false},
	{"{\"records\":[", ",", "]}", false},
	{"{\"logEvents\":[\n", ",\n", "]}", true},
	{"{\"result\":{\"rawResponse\":{\"hits\":{\"hits\":[", ",", "]}}}}", false},
};

static void record(struct buf *b, int i)
{
	buf_fmt(b, "{\"eventVersion\":\"1.08\",\"eventName\":\"Put%d\",\"userIdentity\":{\"type\":\"x\"},"
		"\"list\":[{\"a\":1},{\"b\":\"{\\\"q\\\":1}\"}],\"n\":null,\"end\":true}", i);
}

enum { HOWS = 11 };

static void damage(struct buf *b, size_t from, int how)
{
	struct str r = {b->p + from, b->n - from};
	AUTO(mem_free_ptr) char *copy = mem_dup(r);
	struct str s = {copy, r.n};
	struct str cut = str_sub(s, 0, str_find(s, STR("\"n\":")));
	b->n = from;
	switch (how) {
	case 0: buf_add(b, str_sub(s, 1, s.n)); break;                /* no opening brace */
	case 1: buf_add(b, str_sub(s, 0, s.n - 1)); break;            /* no closing brace */
	case 2: buf_add(b, cut); break;                               /* cut behind a comma */
	case 3: buf_add(b, str_sub(s, 0, s.n - 10)); break;           /* cut in a key */
	case 4: buf_add(b, str_sub(s, 0, cut.n + 4)); break;          /* cut behind a colon */
	case 5: buf_c(b, "{\"eventVersion:\"1"); buf_add(b, str_sub(s, 18, s.n)); break;
	case 6: buf_add(b, cut); buf_c(b, "\"n\" null}"); break;      /* no colon */
	case 7: buf_add(b, cut); buf_c(b, "\"n\":[1}"); break;        /* wrong bracket */
	case 8: buf_add(b, cut); buf_c(b, "\"n\":\"x\ny\"}"); break;  /* newline in a string */
	case 9: buf_c(b, "garbage"); break;
	case 10: buf_add(b, str_sub(s, 0, 40)); buf_c(b, "\\"); break; /* cut behind a backslash */
	}
}

static void check_damaged(const struct layout *l, int bad, int how, size_t step)
{
	struct buf text = {0}, want = {0};
	size_t at = 0;
	unsigned long line = 0;
	buf_c(&text, l->open);
	for (int i = 0; i < N; i++) {
		buf_c(&text, i ? l->between : "");
		size_t from = text.n;
		record(&text, i);
		if (i == bad) {
			at = from;
			line = count_newlines(text.p, from) + 1;
			damage(&text, from, how);
		}
	}
	buf_c(&text, l->close);
	struct run run = split(buf_str(&text), step, NULL);
	for (int i = 0; i < N; i++) {
		buf_clear(&want);
		buf_char(&want, ' ');
		record(&want, i);
		buf_char(&want, '\n');
		if (i != bad && str_find(buf_str(&run.out), buf_str(&want)) == STR_NONE)
			fail_msg("layout \"%s\", record %d damaged (%d), step %zu: record %d is hidden\n%s",
				l->open, bad, how, step, i, buf_cstr(&run.out));
	}
	/* a word that no JSON begins with may be a line of another kind, before the JSON */
	bool around = how == 9 && bad == 0 && !str_starts(str_c(l->open), STR("{"));
	bool exact = around ? run.problems <= 1 : run.problems == 1 && run.problem_byte >= at && run.problem_line >= line &&
		run.problem_byte <= at + 160;
	if (!exact)
		fail_msg("layout \"%s\", record %d at %zu line %lu damaged (%d), step %zu:\n%s%s",
			l->open, bad, at, line, how, step, buf_cstr(&run.out), buf_cstr(&text));
	buf_fini(&text);
	buf_fini(&want);
	buf_fini(&run.out);
}

static void one_broken_record_hides_no_other(void **state)
{
	(void)state;
	static const size_t few[] = {0, 1, 50};
	for (size_t l = 0; l < ARRAY_LEN(layouts); l++)
		for (int bad = 0; bad < N; bad++)
			for (int how = 0; how < HOWS; how++)
				for (size_t k = 0; k < ARRAY_LEN(few); k++)
					check_damaged(&layouts[l], bad, how, few[k]);
}

static void passes_over_what_holds_no_needle(void **state)
{
	(void)state;
	struct needles s;
	assert_true(needles_init(&s, (struct str[]){STR("aws.cloudtrail"), STR("PutBucketReplication")}, 2));
	struct buf text = {0};
	for (int i = 0; i < 3000; i++)
		buf_fmt(&text, "{\"eventName\":\"%s\",\"i\":%d}\n",
			i % 1000 == 7 ? "PutBucketReplication" : i == 1500 ? "Put\\u0042ucketReplication"
			: i == 1501 ? "caf\\u00e9" : "GetObject", i);
	for (size_t k = 0; k < ARRAY_LEN(steps); k++) {
		struct run run = split(buf_str(&text), steps[k], &s);
		assert_int_equal(run.records, 5); /* the first is read whatever it holds */
		assert_int_equal(run.passed, 2995);
		assert_int_equal(run.problems, 0);
		assert_non_null(strstr(buf_cstr(&run.out), "r 1008 {"));
		assert_non_null(strstr(buf_cstr(&run.out), "r 1501 {"));
		buf_fini(&run.out);
	}
	buf_fini(&text);
}

static void counts_the_records_of_a_log_file_without_a_needle(void **state)
{
	(void)state;
	struct needles s;
	assert_true(needles_init(&s, (struct str[]){STR("PutBucketReplication")}, 1));
	struct run run = split(STR("{\"Records\":[{\"eventVersion\":\"1\",\"x\":{\"eventVersion\":1}},"
				   "{\"eventVersion\":\"1\"}]}\n"), 0, &s);
	assert_int_equal(run.passed, 2);
	buf_fini(&run.out);
	run = split(STR("{\"Records\":[{\"eventVersion\":\"1\"},{\"eventVersion\":\"1\""), 0, &s);
	assert_int_equal(run.passed, 1);
	assert_int_equal(run.problems, 1);
	buf_fini(&run.out);
}

enum { LOG_RECORDS = 60 };

/* A log file of records with all that could mislead; record `hit` holds the needle, and of record
 * `broken` the byte at `at` is changed. Returns where the record that was asked for begins. */
static size_t log_file(struct buf *out, int hit, int broken, size_t at, char byte)
{
	static const char *const inside[] = {
		"\"a\":\"}],{{[\"", "\"b\":\"\\\\\"", "\"c\":\"\\\"},{\\\"eventVersion\\\":{\"",
		"\"d\":[{\"x\":1},{\"eventVersion\":\"1\"},{\"eventVersion\":{}}]", "\"e\":{\"f\":{\"g\":[[]]}}",
		"\"h\":\"\\\\\\\\\\\"{\"",
	};
	size_t place = 0;
	buf_clear(out);
	buf_c(out, "{\"Records\":[");
	for (int i = 0; i < LOG_RECORDS; i++) {
		buf_c(out, i ? "," : "");
		size_t from = out->n;
		buf_fmt(out, "{\"eventVersion\":\"1\",%s,\"n\":\"%0*d\",\"eventName\":\"%s\",%s}",
			inside[i % ARRAY_LEN(inside)], 120 + i, i, i == hit ? "PutBucketReplication" : "Get",
			inside[(i + 1) % ARRAY_LEN(inside)]);
		if (i == broken)
			out->p[from + at] = byte;
		place = i == hit ? from : place;
	}
	buf_c(out, "]}");
	return place;
}

static void passes_records_of_a_log_file_by_their_braces(void **state)
{
	(void)state;
	struct needles s;
	AUTO(buf_fini) struct buf text = {0};
	assert_true(needles_init(&s, (struct str[]){STR("PutBucketReplication")}, 1));
	for (int hit = 0; hit < LOG_RECORDS; hit++) {
		char want[40];
		size_t place = log_file(&text, hit, -1, 0, 0);
		struct run run = split(buf_str(&text), 0, &s);
		snprintf(want, sizeof(want), "r 1 {\"eventVersion\":\"1\"");
		assert_true(text.p[place] == '{');
		assert_int_equal(run.passed, LOG_RECORDS - 1);
		assert_int_equal(run.problems, 0);
		assert_true(strncmp(buf_cstr(&run.out), want, strlen(want)) == 0);
		assert_non_null(strstr(buf_cstr(&run.out), "PutBucketReplication"));
		assert_null(strstr(strstr(buf_cstr(&run.out), "PutBucketReplication"), "\nr"));
		buf_fini(&run.out);
	}
}

/* Whatever byte of a record that holds no needle is damaged, the one that holds it is read. */
static void damage_in_a_passed_record_hides_no_other(void **state)
{
	(void)state;
	struct needles s;
	AUTO(buf_fini) struct buf text = {0};
	assert_true(needles_init(&s, (struct str[]){STR("PutBucketReplication")}, 1));
	for (int broken = 20; broken < 26; broken++)
		for (size_t at = 0; at < 60; at++)
			for (const char *byte = "\"{}\\,"; *byte; byte++) {
				log_file(&text, 50, broken, at, *byte);
				struct run run = split(buf_str(&text), 0, &s);
				if (!strstr(buf_cstr(&run.out), "PutBucketReplication"))
					fail_msg("record %d, byte %zu is %c: %s", broken, at, *byte,
						buf_cstr(&run.out));
				buf_fini(&run.out);
			}
}

static void reports_a_line_that_is_not_one_object(void **state)
{
	(void)state;
	struct needles s;
	assert_true(needles_init(&s, (struct str[]){STR("PutBucketReplication")}, 1));
	struct run run = split(STR(E1 "\n" E1 "\n{\"eventName\":3\n" E1 "\n"), 0, &s);
	assert_string_equal(buf_cstr(&run.out), "r 1 " E1 "\np 3 36 ',' or '}' is expected\n");
	buf_fini(&run.out);
}

static void chooses_literals_that_raw_events_spell(void **state)
{
	(void)state;
	static const struct {
		const char *literal;
		bool usable;
	} cases[] = {
		{"PutBucketReplication", true}, {"s3.amazonaws.com", true}, {"aws.cloudtrail", false},
		{"success", false}, {"Account=", false}, {"123456789012", false}, {"a b c d e f", false},
		{"arn:aws:s3", true}, {"a/b/c/d/e", false}, {"", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct needles s;
		struct str literal = str_c(cases[i].literal);
		assert_int_equal(needles_init(&s, &literal, 1), cases[i].usable);
	}
}

static void finds_needles_at_every_offset(void **state)
{
	(void)state;
	struct needles s;
	assert_true(needles_init(&s, (struct str[]){STR("PutBucketReplication")}, 1));
	needles_add_kibana(&s);
	static const char *const found[] = {"PutBucketReplication", "\"kibana", "\"signal", "\\u0022"};
	static const char *const not_found[] = {"PutBucketReplicatioN", "kibana", "\\u0026", "\\u00e9"};
	for (size_t n = 0; n < 200; n++)
		for (size_t k = 0; k < 4; k++) {
			struct buf b = {0};
			buf_fill(&b, 'B', n);
			buf_c(&b, found[k]);
			buf_fill(&b, 'R', n % 40);
			assert_int_equal(needles_find(&s, b.p, b.n), n);
			buf_clear(&b);
			buf_fill(&b, '\\', n);
			buf_c(&b, not_found[k]);
			assert_true(needles_find(&s, b.p, b.n) == STR_NONE);
			buf_fini(&b);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_records_in_every_layout),
		cmocka_unit_test(reads_what_dev_tools_writes),
		cmocka_unit_test(no_text_in_triple_quotes_becomes_a_record),
		cmocka_unit_test(damage_makes_no_triple_quotes),
		cmocka_unit_test(finds_json_amid_other_lines),
		cmocka_unit_test(tells_a_comma_before_much_white_space),
		cmocka_unit_test(a_bomb_of_depth_hides_nothing),
		cmocka_unit_test(one_broken_record_hides_no_other),
		cmocka_unit_test(passes_over_what_holds_no_needle),
		cmocka_unit_test(counts_the_records_of_a_log_file_without_a_needle),
		cmocka_unit_test(passes_records_of_a_log_file_by_their_braces),
		cmocka_unit_test(damage_in_a_passed_record_hides_no_other),
		cmocka_unit_test(reports_a_line_that_is_not_one_object),
		cmocka_unit_test(chooses_literals_that_raw_events_spell),
		cmocka_unit_test(finds_needles_at_every_offset),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
