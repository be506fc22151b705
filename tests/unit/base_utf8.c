#include "s3triage/base/utf8.h"

#include "s3triage/base/mem.h"

#include "../unit.h"

static void decodes_and_refuses(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		uint32_t cp;
		size_t taken;
	} cases[] = {
		{"a", 'a', 1},
		{"\xC3\xA9", 0xE9, 2},
		{"\xE2\x82\xAC", 0x20AC, 3},
		{"\xF0\x9F\x98\x80", 0x1F600, 4},
		{"\xF4\x8F\xBF\xBF", 0x10FFFF, 4},
		{"\xC0\xAF", 0xFFFD, 1},         /* overlong */
		{"\xE0\x80\xAF", 0xFFFD, 1},     /* overlong */
		{"\xF0\x80\x80\xAF", 0xFFFD, 1}, /* overlong */
		{"\xED\xA0\x80", 0xFFFD, 1},     /* a surrogate */
		{"\xF4\x90\x80\x80", 0xFFFD, 1}, /* above U+10FFFF */
		{"\xF8\x88\x80\x80\x80", 0xFFFD, 1},
		{"\x80", 0xFFFD, 1},
		{"\xE2\x82", 0xFFFD, 1}, /* cut off */
		{"\xFF", 0xFFFD, 1},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str rest = str_c(cases[i].bytes);
		size_t n = rest.n, bad = 99;
		assert_int_equal(utf8_next(&rest), cases[i].cp);
		assert_int_equal(n - rest.n, cases[i].taken);
		assert_int_equal(utf8_valid(str_c(cases[i].bytes), &bad), cases[i].cp != 0xFFFD);
		assert_int_equal(bad, cases[i].cp == 0xFFFD ? 0 : 99);
	}
	size_t bad = 0;
	assert_false(utf8_valid(STR("abc\xC3\xA9\x80z"), &bad));
	assert_int_equal(bad, 5);
}

static void puts_what_it_takes(void **state)
{
	(void)state;
	for (uint32_t cp = 1; cp <= 0x10FFFF; cp += cp < 0x3000 ? 1 : 61) {
		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		struct buf b = {0};
		utf8_put(&b, cp);
		struct str rest = buf_str(&b);
		assert_int_equal(utf8_next(&rest), cp);
		assert_int_equal(rest.n, 0);
		buf_fini(&b);
	}
	struct buf b = {0};
	utf8_put(&b, 0xD800);
	utf8_put(&b, 0x110000);
	assert_string_equal(buf_cstr(&b), "\xEF\xBF\xBD\xEF\xBF\xBD");
	buf_fini(&b);
}

static void measures_cells(void **state)
{
	(void)state;
	static const struct {
		uint32_t cp;
		int width;
	} cases[] = {
		{'a', 1}, {0xE9, 1}, {0x300, 0}, {0x36F, 0}, {0x370, 1}, {0x1100, 2}, {0x1160, 0},
		{0x200B, 0}, {0x2026, 1}, {0x231A, 2}, {0x2500, 1}, {0x25B2, 1}, {0x2705, 2},
		{0x2713, 1}, {0x3042, 2}, {0x4E00, 2}, {0xAC00, 2}, {0xD7A3, 2}, {0xFE0F, 0},
		{0xFF21, 2}, {0xFF71, 1}, {0x1F1E6, 2}, {0x1F600, 2}, {0x1F6DC, 2}, {0x1FAE8, 2},
		{0x20000, 2}, {0x3134A, 2}, {0x31350, 2}, {0xE0020, 0}, {0x10FFFF, 1}, {0, 0}, {0x9F, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (utf8_width(cases[i].cp) != cases[i].width)
			fail_msg("U+%04X is %d wide, not %d", cases[i].cp, utf8_width(cases[i].cp),
				cases[i].width);
	assert_int_equal(utf8_cells(STR("a\xE4\xB8\xAD\x65\xCC\x81")), 4);
	assert_int_equal(utf8_cells(STR("")), 0);
}

static void fits_whole_characters(void **state)
{
	(void)state;
	struct str s = STR("a\xE4\xB8\xAD\x65\xCC\x81z");
	static const size_t bytes[] = {0, 1, 1, 4, 7, 8, 8};
	for (size_t cells = 0; cells < ARRAY_LEN(bytes); cells++)
		assert_int_equal(utf8_fit(s, cells).n, bytes[cells]);
}

static void spells_what_is_hostile(void **state)
{
	(void)state;
	static const struct {
		struct str in;
		const char *out;
		bool keep;
	} cases[] = {
		{STR_INIT("plain caf\xC3\xA9 \xE4\xB8\xAD"), "plain caf\xC3\xA9 \xE4\xB8\xAD", false},
		{STR_INIT("a\rb\bc\x1B[2J"), "a<U+000D>b<U+0008>c<U+001B>[2J", false},
		{STR_INIT("a\0b"), "a<U+0000>b", false},
		{STR_INIT("\xC2\x9B" "31m"), "<U+009B>31m", false},
		{STR_INIT("\x9B" "31m"), "<9B>31m", false},
		{STR_INIT("x\xE2\x80\xAEgpj"), "x<U+202E>gpj", false},
		{STR_INIT("a\xE2\x80\x8B" "b\xC2\xAD"), "a<U+200B>b<U+00AD>", false},
		{STR_INIT("a\xC2\xA0" "b"), "a<U+00A0>b", false},
		{STR_INIT("\xE2\x9A\xA0\xEF\xB8\x8F"), "\xE2\x9A\xA0<U+FE0F>", false},
		{STR_INIT("\xEF\xBB\xBFx\xEE\x80\x80"), "<U+FEFF>x<U+E000>", false},
		{STR_INIT("\xF3\xA0\x81\x81"), "<U+E0041>", false},
		{STR_INIT("\xE2\x80\xA8\xE2\x81\xA6"), "<U+2028><U+2066>", false},
		{STR_INIT("a\tb\nc\r\n"), "a b\nc<U+000D>\n", true},
		{STR_INIT("a\tb\n"), "a<U+0009>b<U+000A>", false},
		{STR_INIT("\xCC\x81" "a"), "<U+0301>a", false},
		{STR_INIT("e\xCC\x81\xCC\x82\xCC\x83\xCC\x84!"), "e\xCC\x81\xCC\x82\xCC\x83<U+0304>!", false},
		{STR_INIT("\xC3"), "<C3>", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = {0};
		utf8_visible(&b, cases[i].in, cases[i].keep);
		assert_string_equal(buf_cstr(&b), cases[i].out);
		buf_fini(&b);
	}
}

static void knows_the_hostile_ones(void **state)
{
	(void)state;
	static const uint32_t bad[] = {0, 0x1F, 0x7F, 0x80, 0x9F, 0x61C, 0x180E, 0x2000, 0x200F,
		0x2029, 0x202A, 0x2069, 0x2800, 0x3000, 0x3164, 0xE000, 0xF8FF, 0xFDD0, 0xFE00, 0xFFFD,
		0xFFFE, 0x1FFFF, 0xE0001, 0xE01EF, 0xF0000, 0x10FFFD, 0x110000};
	static const uint32_t good[] = {' ', '~', 0xA1, 0xAE, 0x301, 0x2010, 0x2027, 0x2030, 0x2192,
		0x2500, 0x3001, 0xAC00, 0xF900, 0xFFEF, 0x10000, 0x1F600, 0x2A6D6};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (!utf8_is_hostile(bad[i]))
			fail_msg("U+%04X passes", bad[i]);
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (utf8_is_hostile(good[i]))
			fail_msg("U+%04X does not pass", good[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_and_refuses),
		cmocka_unit_test(puts_what_it_takes),
		cmocka_unit_test(measures_cells),
		cmocka_unit_test(fits_whole_characters),
		cmocka_unit_test(spells_what_is_hostile),
		cmocka_unit_test(knows_the_hostile_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
