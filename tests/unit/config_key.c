/*
 * Keys and their spelling.
 */
#include "../unit.h"

#include "s3triage/config/key.h"
#include "s3triage/base/mem.h"

static void spellings(void **state)
{
	static const struct {
		const char *text;
		uint32_t code;
		bool alt;
		const char *back;
	} cases[] = {
		{"a", 'a', false, "a"}, {"G", 'G', false, "G"}, {"?", '?', false, "?"},
		{"^R", 18, false, "^R"}, {"^r", 18, false, "^R"}, {"Space", ' ', false, "Space"},
		{"pagedown", KEY_CODE_PAGE_DOWN, false, "PageDown"}, {"F1", KEY_CODE_F1, false, "F1"},
		{"F12", KEY_CODE_F1 + 11, false, "F12"}, {"Alt-x", 'x', true, "Alt-x"},
		{"Alt-Left", KEY_CODE_LEFT, true, "Alt-Left"}, {"^", '^', false, "^"},
		{"\xc3\xa9", 0xe9, false, "\xc3\xa9"}, {"F", 'F', false, "F"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct key k;
		char name[16];
		assert_true(key_parse(str_c(cases[i].text), &k));
		assert_int_equal(k.code, cases[i].code);
		assert_int_equal(k.alt, cases[i].alt);
		assert_string_equal(key_spelling(k, name), cases[i].back);
	}
}

static void no_keys(void **state)
{
	static const char *const cases[] = {"", "ab", "F0", "F13", "F1x", "^I", "^[", "^M", " ",
		"Alt-", "\x80", "\xe2\x80\xae", "Shift-a"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct key k;
		assert_false(key_parse(str_c(cases[i]), &k));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(spellings), cmocka_unit_test(no_keys)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
