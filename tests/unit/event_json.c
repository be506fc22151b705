#include "s3triage/event/json.h"
#include "s3triage/event/json_write.h"

#include "s3triage/base/mem.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <time.h>

#include "../unit.h"

static struct json *parse(const char *text)
{
	struct err err = {0};
	return json_parse(str_c(text), &err);
}

static void assert_prints(const struct json *v, const char *want)
{
	AUTO(buf_fini) struct buf b = {0};
	json_print(v, &b);
	assert_string_equal(buf_cstr(&b), want);
}

static void prints_what_it_read(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out; /* NULL: the same */
	} t[] = {
		{"{}", NULL},
		{"[]", NULL},
		{" [ 1 , { \"a\" : [ ] } ] \n", "[1,{\"a\":[]}]"},
		{"{\"b\":1,\"a\":{\"c\":[true,false,null,\"x\"]}}", NULL},
		{"112233445566", NULL},
		{"9007199254740993", NULL},
		{"18446744073709551616", NULL},
		{"1.10", NULL},
		{"-0", NULL},
		{"1E400", NULL},
		{"0.1000000000000000055511151231257827021181583404541015625", NULL},
		{"12345678901234567890123456789012345678901234567890123456789012345678901234567890", NULL},
		{"\"\\u00e9\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\"\\\\\"", "\"é😀/\\b\\f\\n\\r\\t\\\"\\\\\""},
		{"\"\\u001b[31m\\u007f\\u009b\"", NULL},
		{"\"\\u0085\"", NULL},
		{"\"\xC2\x9B\"", "\"\\u009b\""},
		{"\"a\\u0000b\"", "\"a\xEF\xBF\xBD" "b\""},
		{"\"\\ud800\"", "\"\xEF\xBF\xBD\""},
		{"\"\\ud800\\u0041\"", "\"\xEF\xBF\xBD" "A\""},
		{"\"\\udc00x\"", "\"\xEF\xBF\xBDx\""},
		{"\"a\xFFz\"", "\"a\xEF\xBF\xBDz\""},
		{"\"\xED\xA0\x80\"", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
		{"\"\xC0\x80\"", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
		{"{\"k\xFF\":1}", "{\"k\xEF\xBF\xBD\":1}"},
		{"\xEF\xBB\xBF{\"a\":1}", "{\"a\":1}"},
		{"{\"a\":1,\"b\":2,\"a\":3}", "{\"b\":2,\"a\":3}"},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		AUTO(json_free_ptr) struct json *v = parse(t[i].in);
		if (!v)
			fail_msg("not read: %s", t[i].in);
		assert_prints(v, t[i].out ? t[i].out : t[i].in);
		AUTO(json_free_ptr) struct json *copy = json_copy(v);
		assert_prints(copy, t[i].out ? t[i].out : t[i].in);
	}
}

static void refuses_what_is_not_json(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		unsigned long line, col;
	} t[] = {
		{"", 1, 1}, {"{", 1, 2}, {"[1,]", 1, 4}, {"{\"a\":1,}", 1, 8}, {"[1 2]", 1, 4},
		{"{\"a\" 1}", 1, 6}, {"{a:1}", 1, 2}, {"'x'", 1, 1}, {"01", 1, 1}, {"-", 1, 2},
		{"1.", 1, 3}, {".5", 1, 1}, {"1e", 1, 3}, {"+1", 1, 1}, {"tru", 1, 4}, {"trux", 1, 1},
		{"\"a", 1, 3}, {"\"\\x\"", 1, 2}, {"\"\\u12g4\"", 1, 2}, {"\"a\tb\"", 1, 3},
		{"{} {}", 1, 4}, {"[1]\n]", 2, 1}, {"[\n\n  nul]", 3, 3}, {"[\"é\" x]", 1, 6},
		{"NaN", 1, 1}, {"[1}", 1, 3}, {"// x\n1", 1, 1},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct err err = {0};
		AUTO(json_free_ptr) struct json *v = json_parse(str_c(t[i].in), &err);
		if (v || err.code != ERR_PARSE || err.line != t[i].line || err.col != t[i].col)
			fail_msg("%s: %lu:%lu %s", t[i].in, err.line, err.col, err.text);
	}
}

static void limits_nesting(void **state)
{
	(void)state;
	char text[4 * JSON_DEPTH_MAX];
	struct err err = {0};
	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	AUTO(json_free_ptr) struct json *v =
		json_parse((struct str){text, (size_t)2 * JSON_DEPTH_MAX}, &err);
	assert_non_null(v);
	memset(text, '[', sizeof(text));
	assert_null(json_parse((struct str){text, sizeof(text)}, &err));
	assert_int_equal(err.code, ERR_LIMIT);
}

static void counts_what_it_mended(void **state)
{
	(void)state;
	AUTO(json_free_ptr) struct json *v =
		parse("{\"a\":\"\xFF\xFE\",\"b\":\"\\u0000\\ud800\\ufffd\",\"a\":1,\"a\":2}");
	assert_int_equal(json_mended(v), 4);
	assert_int_equal(json_repeated(v), 2);
	AUTO(json_free_ptr) struct json *clean = parse("\"é\"");
	assert_int_equal(json_mended(clean), 0);
	assert_int_equal(json_repeated(clean), 0);
	size_t used, mended;
	assert_true(json_scan(STR(" \"\xFF\" , 1"), &used, &mended, NULL));
	assert_int_equal(used, 4);
	assert_int_equal(mended, 1);
}

/* Many members, some of them repeated, and no quadratic time. */
static void drops_repeated_keys_of_large_objects(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf b = {0};
	buf_char(&b, '{');
	for (int i = 0; i < 200000; i++)
		buf_fmt(&b, "\"k%d\":%d,", i % 150000, i);
	buf_c(&b, "\"k7\":\"last\"}");
	clock_t before = clock();
	AUTO(json_free_ptr) struct json *v = json_parse(buf_str(&b), NULL);
	assert_true(clock() - before < 5 * CLOCKS_PER_SEC);
	assert_int_equal(json_count(v), 150000);
	assert_int_equal(json_repeated(v), 50001);
	assert_true(str_is(json_str(json_get(v, "k7")), "last"));
	int64_t n = 0;
	assert_true(json_int(json_get(v, "k49999"), &n) && n == 199999);
}

static void reads_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool exact;
		int64_t n;
		double d;
	} t[] = {
		{"0", true, 0, 0}, {"-12", true, -12, -12}, {"9223372036854775807", true, INT64_MAX, 0x1p63},
		{"9223372036854775808", false, 0, 0x1p63}, {"1.5", false, 0, 1.5}, {"1e3", true, 1000, 1000},
		{"2.0", true, 2, 2}, {"112233445566", true, 112233445566, 112233445566.0},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		AUTO(json_free_ptr) struct json *v = parse(t[i].text);
		int64_t n = 0;
		assert_int_equal(json_int(v, &n), t[i].exact);
		if (t[i].exact)
			assert_true(n == t[i].n);
		assert_true(json_num(v) == t[i].d);
		char tmp[JSON_SCALAR_MAX];
		assert_true(str_is(json_text(v, tmp), t[i].text));
	}
}

static void builds_trees(void **state)
{
	(void)state;
	AUTO(json_free_ptr) struct json *o = json_new_object();
	json_set(o, "n", json_new_int(INT64_MIN));
	json_set(o, "d", json_new_num(0.1));
	json_set_str(o, "s", (struct str){"a\0\xFF", 3});
	json_set(o, "b", json_new_bool(true));
	json_set(o, "z", json_new_null());
	struct json *a = json_set(o, "a", json_new_array());
	json_push(a, json_new_num(1e300));
	json_push(a, json_copy(json_get(o, "s")));
	json_set(o, "b", json_new_bool(false));
	json_set(o, "gone", json_new_bool(true));
	json_remove(o, "gone");
	json_remove(o, "never there");
	assert_null(json_set(a, "x", json_new_null()));
	assert_null(json_push(o, json_new_null()));
	assert_null(json_set(o, "x", NULL));
	assert_prints(o, "{\"n\":-9223372036854775808,\"d\":0.1,\"s\":\"a\xEF\xBF\xBD\xEF\xBF\xBD\",\"b\":false,"
			 "\"z\":null,\"a\":[1e+300,\"a\xEF\xBF\xBD\xEF\xBF\xBD\"]}");
	assert_true(str_is(json_key(json_at(o, 1)), "d"));
	assert_int_equal(json_type(json_get(o, "a")), JSON_ARRAY);
	assert_int_equal(json_type(json_at(a, 7)), JSON_NONE);
	AUTO(buf_fini) struct buf b = {0};
	AUTO(json_free_ptr) struct json *small = parse("{\"a\":[1,{}],\"b\":[]}");
	json_print_pretty(small, &b);
	assert_string_equal(buf_cstr(&b), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}

static void accessors_take_anything(void **state)
{
	(void)state;
	AUTO(json_free_ptr) struct json *s = parse("\"x\"");
	int64_t n;
	assert_null(json_get(NULL, "a"));
	assert_null(json_get(s, "a"));
	assert_null(json_first(s));
	assert_null(json_next(NULL));
	assert_int_equal(json_count(NULL), 0);
	assert_int_equal(json_str(NULL).n, 0);
	assert_false(json_bool(s));
	assert_false(json_int(s, &n));
	assert_true(json_num(s) == 0);
	assert_int_equal(json_key(s).n, 0);
	assert_null(json_copy(NULL));
	json_free(NULL);
}

/* On real events, cJSON's own parser must find the same tree. */
static void agrees_with_cjson(void **state)
{
	(void)state;
	NEEDS(SHARED_ROOT "data/cloudtrail/splunk-one-per-api.ndjson");
	AUTO(buf_fini) struct buf all = {0};
	FILE *f = fopen(SHARED_ROOT "data/cloudtrail/splunk-one-per-api.ndjson", "rb");
	assert_non_null(f);
	char part[4096];
	for (size_t n; (n = fread(part, 1, sizeof(part), f)) > 0;)
		buf_add(&all, (struct str){part, n});
	fclose(f);
	struct str rest = buf_str(&all);
	size_t seen = 0;
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		if (!line.n)
			continue;
		AUTO(json_free_ptr) struct json *mine = json_parse(line, NULL);
		AUTO(buf_fini) struct buf b = {0};
		json_print(mine, &b);
		cJSON *theirs = cJSON_ParseWithLength(line.p, line.n);
		cJSON *again = cJSON_Parse(buf_cstr(&b));
		assert_true(cJSON_Compare(theirs, again, true));
		cJSON_Delete(theirs);
		cJSON_Delete(again);
		seen++;
	}
	assert_int_equal(seen, 48);
}

/* The same value, read back, and nothing that turns a terminal's text around or hides in it. */
static void spells_what_is_not_seen(void **state)
{
	(void)state;
	static const struct {
		const char *text, *printed;
	} rows[] = {
		{"a\xE2\x80\xAE" "b", "\"a\\u202eb\""}, {"\xE2\x81\xA6", "\"\\u2066\""}, {"\xE2\x80\x8B", "\"\\u200b\""},
		{"\xE2\x80\xA8", "\"\\u2028\""}, {"\xE2\x80\xA9", "\"\\u2029\""}, {"\xEF\xBB\xBF", "\"\\ufeff\""},
		{"\xC2\x9B", "\"\\u009b\""}, {"\xEE\x80\x80", "\"\\ue000\""}, {"\xF3\xA0\x81\x81", "\"\\udb40\\udc41\""},
		{"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(buf_fini) struct buf out = {0};
		json_quote(str_c(rows[i].text), &out);
		assert_string_equal(buf_cstr(&out), rows[i].printed);
		AUTO(json_free_ptr) struct json *back = json_parse(buf_str(&out), NULL);
		assert_true(str_is(json_str(back), rows[i].text));
	}
}

/* What ids and digests are made of is spelled as ever: version 0.1 escaped control characters alone. */
static void stable_spelling_stays(void **state)
{
	(void)state;
	static const char text[] = "a\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\x8B\xEF\xBB\xBF\xEE\x80\x80\xF3\xA0\x81\x81\n\x7F\xC2\x9B\"\xFF\xE2\x80";
	static const char want[] = "\"a\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\x8B\xEF\xBB\xBF\xEE\x80\x80\xF3\xA0\x81\x81\\n\\u007f\\u009b\\\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"";
	AUTO(buf_fini) struct buf out = {0}, tree = {0};
	json_quote_stable(str_c(text), &out);
	assert_string_equal(buf_cstr(&out), want);
	static const char object[] = "{\"k\xE2\x80\xAE\":[\"\xE2\x80\x8B\"]}";
	AUTO(json_free_ptr) struct json *v = json_parse(str_c(object), NULL);
	json_print_stable(v, &tree);
	assert_string_equal(buf_cstr(&tree), object);
}

/* Commas, brackets and escapes are the writer's, however deep; what is taken in ends where it ended. */
static void writes_members(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf out = {0};
	struct members m = members_open(&out, '{');
	member_open(&m, "a", '[');
	member_open(&m, NULL, '{');
	member_text(&m, "x", STR("\"}],\"y\":1"));
	member_open(&m, "none", '{');
	member_close(&m, 2);
	member_int(&m, NULL, -1);
	member_close(&m, 1);
	member_str(&m, "b", STR(""));
	member_text(&m, "c", STR(""));
	member_json(&m, "d", STR("[1]"));
	member_json(&m, "e", STR(""));
	member_bool(&m, "f", true);
	member_open(&m, "g", '[');
	member_open(&m, NULL, '[');
	members_close(&m);
	member_close(&m, 1);
	assert_string_equal(buf_cstr(&out), "{\"a\":[{\"x\":\"\\\"}],\\\"y\\\":1\",\"none\":{}},-1],\"b\":null,"
		"\"c\":\"\",\"d\":[1],\"e\":null,\"f\":true,\"g\":[[]]}");
	AUTO(json_free_ptr) struct json *v = json_parse(buf_str(&out), NULL);
	assert_non_null(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_what_it_read),
		cmocka_unit_test(spells_what_is_not_seen),
		cmocka_unit_test(stable_spelling_stays),
		cmocka_unit_test(refuses_what_is_not_json),
		cmocka_unit_test(limits_nesting),
		cmocka_unit_test(counts_what_it_mended),
		cmocka_unit_test(drops_repeated_keys_of_large_objects),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(builds_trees),
		cmocka_unit_test(accessors_take_anything),
		cmocka_unit_test(agrees_with_cjson),
		cmocka_unit_test(writes_members),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
