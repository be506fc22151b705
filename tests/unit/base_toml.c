#include "s3triage/base/toml.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include "../unit.h"

#include <dirent.h>
#include <stdio.h>

static struct toml *parse(const char *text)
{
	struct err err = {0};
	struct toml *doc = toml_parse(str_c(text), "a.toml", &err);
	if (!doc)
		fail_msg("%lu:%lu: %s\n%s", err.line, err.col, err.text, text);
	return doc;
}

static void reads_every_type(void **state)
{
	(void)state;
	AUTO(toml_free_ptr) struct toml *doc = parse(
		"s = \"a\\tb\\u00e9\"\nl = 'C:\\x'\nm = \"\"\"\none \\\n   two\"\"\"\"\"\n"
		"i = -1_000\nh = 0xfF\nf = 6.5e-1\nb = true\nodt = 2026-11-24T02:13:07Z\n"
		"ldt = 2026-11-24 02:13:07\nld = 2026-11-24\nlt = 02:13:07.5\n"
		"a = [1, [2.5, 'x'], # why\n]\nt = {a.b = 1, \"c d\" = 2}\n");
	const struct toml_value *r = toml_root(doc);
	assert_true(str_is(toml_str(toml_get(r, "s")), "a\tb\xC3\xA9"));
	assert_true(str_is(toml_str(toml_get(r, "l")), "C:\\x"));
	assert_true(str_is(toml_str(toml_get(r, "m")), "one two\"\""));
	assert_true(toml_int(toml_get(r, "i")) == -1000);
	assert_true(toml_int(toml_get(r, "h")) == 255);
	assert_true(toml_float(toml_get(r, "f")) == 0.65);
	assert_true(toml_float(toml_get(r, "i")) == -1000);
	assert_true(toml_bool(toml_get(r, "b")));
	assert_int_equal(toml_type(toml_get(r, "odt")), TOML_OFFSET_DATETIME);
	assert_int_equal(toml_type(toml_get(r, "ldt")), TOML_LOCAL_DATETIME);
	assert_int_equal(toml_type(toml_get(r, "ld")), TOML_LOCAL_DATE);
	assert_int_equal(toml_type(toml_get(r, "lt")), TOML_LOCAL_TIME);
	assert_true(str_is(toml_str(toml_get(r, "ldt")), "2026-11-24 02:13:07"));
	const struct toml_value *a = toml_get(r, "a");
	assert_int_equal(toml_count(a), 2);
	assert_true(str_is(toml_str(toml_at(toml_at(a, 1), 1)), "x"));
	assert_true(toml_int(toml_path(r, "t.a.b")) == 1);
	assert_true(str_is(toml_key_at(toml_get(r, "t"), 1), "c d"));
	assert_int_equal(toml_line(toml_get(r, "i")), 6);
}

static void answers_for_what_is_not_there(void **state)
{
	(void)state;
	AUTO(toml_free_ptr) struct toml *doc = parse("a = 1\n[t]\n");
	const struct toml_value *r = toml_root(doc);
	assert_int_equal(toml_type(NULL), TOML_NONE);
	assert_null(toml_path(r, "t.x.y"));
	assert_null(toml_path(r, "a.b"));
	assert_null(toml_get(NULL, "a"));
	assert_null(toml_at(r, 2));
	assert_int_equal(toml_count(toml_get(r, "a")), 0);
	assert_int_equal(toml_str(toml_get(r, "a")).n, 0);
	assert_false(toml_bool(toml_get(r, "a")));
	assert_int_equal(toml_key_at(toml_get(r, "t"), 0).n, 0);
	assert_int_equal(toml_line(NULL), 0);
	assert_null(toml_root(NULL));
	toml_free(NULL);
}

static void says_where_and_what(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned long line, col;
		const char *says;
	} cases[] = {
		{"a = ", 1, 5, "expected a value, found the end of the file"},
		{"a = \n", 1, 5, "expected a value, found the end of the line"},
		{"\na 1", 2, 3, "expected '=' after the key, found 1"},
		{"a = yes", 1, 5, "strings need quotes"},
		{"a = 1 b = 2", 1, 7, "expected the end of the line, found b"},
		{"a = 01", 1, 5, "must not begin with 0"},
		{"a = 9223372036854775808", 1, 5, "does not fit into 64 bits"},
		{"a = 1e999", 1, 5, "does not fit into 64 bits"},
		{"a = 2026-02-30", 1, 5, "not a date or time that exists"},
		{"a = \"x\n", 1, 5, "not closed on its line"},
		{"a = '''x\n", 1, 5, "never closed"},
		{"a = \"\\q\"", 1, 6, "not an escape"},
		{"a = \"\\ud800\"", 1, 6, "U+D800 is not a character"},
		{"a = \"\x01\"", 1, 6, "control character U+0001"},
		{"# \x01", 1, 3, "control character U+0001"},
		{"a = 1\r", 1, 6, "expected the end of the line, found <U+000D>"},
		{"\xC3\xA9 = 1", 1, 1, "expected a key"},
		{"a = '\xC3\xA9' x", 1, 9, "expected the end of the line"},
		{"a = \"\xFF\"", 1, 6, "0xFF is not UTF-8"},
		{"a = 1\nb.c = 2\na = 3", 3, 1, "a is defined already (line 1)"},
		{"a = 1\n\"\\u001b\" = 1\n\"\\u001b\" = 1", 3, 1, "<U+001B> is defined already"},
		{"[a]\n[a]", 2, 2, "a is defined already (line 1)"},
		{"[a.b]\nx = 1\n[a]\nb.y = 2", 4, 1, "a dotted key cannot add to it"},
		{"a = {x = 1}\n[a.b]", 2, 2, "a header cannot add to it"},
		{"a = []\n[[a]]", 2, 3, "not by [[ ]]"},
		{"[[a]\n", 1, 5, "expected ']]' after the name"},
		{"a = [1 2]", 1, 8, "expected ',' or ']' in this array, found 2"},
		{"a = {b = 1,}", 1, 12, "expected a key"},
		{"a = {b = 1\n}", 1, 11, "expected ',' or '}'"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = {0};
		assert_null(toml_parse(str_c(cases[i].text), "a.toml", &err));
		if (err.line != cases[i].line || err.col != cases[i].col ||
			!strstr(err.text, cases[i].says))
			fail_msg("%s\n%lu:%lu: %s", cases[i].text, err.line, err.col, err.text);
		assert_int_equal(err.code, ERR_PARSE);
		assert_string_equal(err.file, "a.toml");
	}
	struct err err = {0};
	assert_null(toml_parse(STR("x = 1\nabc = ?\n"), NULL, &err));
	assert_string_equal(err.excerpt, "abc = ?");
	assert_null(toml_parse(STR("?"), NULL, NULL));
}

static void bounds_nesting(void **state)
{
	(void)state;
	static const struct {
		const char *open, *close, *before;
	} cases[] = {{"[", "]", "a="}, {"{a=", "}", "a="}, {"a.", "", ""}, {"a.", "]", "["}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t n = 100; n <= 100000; n *= 1000) {
			struct buf b = {0};
			buf_c(&b, cases[i].before);
			for (size_t k = 0; k < n; k++)
				buf_c(&b, cases[i].open);
			buf_c(&b, i == 1 ? "1" : i == 2 ? "a=1" : i == 3 ? "a" : "");
			for (size_t k = 0; k < (i < 2 ? n : 1); k++)
				buf_c(&b, cases[i].close);
			struct err err = {0};
			AUTO(toml_free_ptr) struct toml *doc = toml_parse(buf_str(&b), "", &err);
			assert_int_equal(doc != NULL, n == 100);
			assert_int_equal(err.code, n == 100 ? ERR_NONE : ERR_LIMIT);
			buf_fini(&b);
		}
	}
}

static void finds_among_many(void **state)
{
	(void)state;
	struct buf b = {0};
	for (int i = 0; i < 5000; i++)
		buf_fmt(&b, "key%d = %d\n", i, i);
	AUTO(toml_free_ptr) struct toml *doc = parse(buf_cstr(&b));
	const struct toml_value *r = toml_root(doc);
	assert_int_equal(toml_count(r), 5000);
	for (int i = 0; i < 5000; i++) {
		char key[16];
		snprintf(key, sizeof(key), "key%d", i);
		assert_true(toml_int(toml_get(r, key)) == i);
		assert_true(str_is(toml_key_at(r, (size_t)i), key));
		assert_int_equal(toml_line(toml_at(r, (size_t)i)), i + 1);
	}
	assert_null(toml_get(r, "key5000"));
	buf_c(&b, "key4711 = 1\n");
	assert_null(toml_parse(buf_str(&b), "", NULL));
	buf_fini(&b);
}

static void reads_real_rules(void **state)
{
	(void)state;
	const char *dir = SHARED_ROOT "data/rules";
	NEEDS(dir);
	DIR *d = opendir(dir);
	assert_non_null(d);
	size_t n = 0;
	for (struct dirent *e; (e = readdir(d));) {
		if (!str_ends(str_c(e->d_name), STR(".toml")))
			continue;
		AUTO(mem_free_ptr) char *path = file_join(dir, e->d_name);
		struct buf b = {0};
		struct err err = {0};
		assert_true(file_read(path, &b, &err));
		AUTO(toml_free_ptr) struct toml *doc = toml_parse(buf_str(&b), path, &err);
		if (!doc)
			fail_msg("%s:%lu:%lu: %s", path, err.line, err.col, err.text);
		assert_true(toml_str(toml_path(toml_root(doc), "rule.rule_id")).n == 36);
		assert_true(toml_count(toml_path(toml_root(doc), "rule.threat")) > 0);
		buf_fini(&b);
		n++;
	}
	closedir(d);
	assert_true(n >= 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_type),
		cmocka_unit_test(answers_for_what_is_not_there),
		cmocka_unit_test(says_where_and_what),
		cmocka_unit_test(bounds_nesting),
		cmocka_unit_test(finds_among_many),
		cmocka_unit_test(reads_real_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
