#include "s3triage/event/doc.h"

#include "s3triage/base/mem.h"

#include <stdio.h>

#include "../unit.h"

/* All values of a path, joined by '|'. */
static void assert_values(const char *json, const char *path, const char *want)
{
	AUTO(json_free_ptr) struct json *doc = json_parse(str_c(json), NULL);
	assert_non_null(doc);
	struct doc_values found;
	AUTO(buf_fini) struct buf b = {0};
	bool any = doc_values(doc, str_c(path), &found);
	assert_int_equal(any, found.n > 0);
	for (size_t i = 0; i < found.n; i++) {
		char tmp[JSON_SCALAR_MAX];
		if (i)
			buf_char(&b, '|');
		buf_add(&b, json_text(found.v[i], tmp));
	}
	if (strcmp(buf_cstr(&b), want) != 0)
		fail_msg("%s of %s: %s, not %s", path, json, buf_cstr(&b), want);
}

static void finds_every_split(void **state)
{
	(void)state;
	static const struct {
		const char *json, *path, *want;
	} t[] = {
		{"{\"a\":{\"b\":{\"c\":1}}}", "a.b.c", "1"},
		{"{\"a.b.c\":1}", "a.b.c", "1"},
		{"{\"a.b\":{\"c\":1}}", "a.b.c", "1"},
		{"{\"a\":{\"b.c\":1}}", "a.b.c", "1"},
		{"{\"a.b.c\":1,\"a\":{\"b\":{\"c\":2},\"b.c\":3},\"a.b\":{\"c\":4}}", "a.b.c", "1|2|3|4"},
		{"{\"event\":{\"category\":[\"file\"]},\"event.kind\":\"signal\"}", "event.kind", "signal"},
		{"{\"event\":{\"category\":[\"file\"]},\"event.kind\":\"signal\"}", "event.category", "file"},
		{"{\"a\":[{\"b\":1},{\"b\":[2,[3]]},{\"c\":9},{\"b.x\":8}]}", "a.b", "1|2|3"},
		{"{\"a\":[[{\"b\":1}]]}", "a.b", "1"},
		{"{\"a\":[true,null,\"x\",1.50,{\"y\":1}]}", "a", "true|x|1.50"},
		{"{\"a\":null}", "a", ""},
		{"{\"a\":{}}", "a", ""},
		{"{\"a\":[]}", "a", ""},
		{"{\"a\":\"\"}", "a", ""},
		{"{\"a\":1}", "a.b", ""},
		{"{\"ab\":1}", "a", ""},
		{"{\"a\":1}", "", ""},
		{"{\"\":1}", "", ""},
		{"{\"\":{\"a\":1}}", ".a", ""},
		{"{\"a\":{\"\":1}}", "a.", ""},
		{"{\"a.\":1}", "a.", "1"},
		{"[{\"a\":1},{\"a\":2}]", "a", "1|2"},
		{"\"a\"", "a", ""},
		{"{\"a\":112233445566778899001}", "a", "112233445566778899001"},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		assert_values(t[i].json, t[i].path, t[i].want);
}

static void gets_the_first(void **state)
{
	(void)state;
	AUTO(json_free_ptr) struct json *doc = json_parse(
		STR("{\"n\":[null,{\"x\":1},7,\"s\"],\"a\":{\"b\":null},\"a.b\":{\"c\":[1]},\"e\":\"\"}"),
		NULL);
	char tmp[JSON_SCALAR_MAX];
	assert_int_equal(json_type(doc_get(doc, STR("n"))), JSON_ARRAY);
	assert_int_equal(json_type(doc_get(doc, STR("a.b"))), JSON_OBJECT);
	assert_int_equal(json_type(doc_get(doc, STR("e"))), JSON_STRING);
	assert_null(doc_get(doc, STR("zz")));
	assert_null(doc_get(doc, STR("")));
	assert_null(doc_get(NULL, STR("n")));
	assert_true(str_is(doc_text(doc, "n", tmp), "7"));
	assert_true(str_is(doc_str(doc, "n"), "s"));
	assert_true(str_is(doc_text(doc, "a.b.c", tmp), "1"));
	assert_int_equal(doc_str(doc, "a.b.c").n, 0);
	assert_int_equal(doc_text(doc, "a", tmp).n, 0);
}

static void says_when_there_are_more(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf b = {0};
	buf_c(&b, "{\"a\":[0");
	for (int i = 1; i < DOC_VALUES_MAX; i++)
		buf_fmt(&b, ",%d", i);
	struct doc_values found;
	AUTO(buf_fini) struct buf full = {0};
	buf_add(&full, buf_str(&b));
	buf_c(&full, "]}");
	AUTO(json_free_ptr) struct json *doc = json_parse(buf_str(&full), NULL);
	assert_true(doc_values(doc, STR("a"), &found));
	assert_int_equal(found.n, DOC_VALUES_MAX);
	assert_false(found.more);
	buf_c(&b, ",\"one more\"],\"a.x\":1}");
	AUTO(json_free_ptr) struct json *longer = json_parse(buf_str(&b), NULL);
	assert_true(doc_values(longer, STR("a"), &found));
	assert_int_equal(found.n, DOC_VALUES_MAX);
	assert_true(found.more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_split),
		cmocka_unit_test(gets_the_first),
		cmocka_unit_test(says_when_there_are_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
