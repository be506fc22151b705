/*
 * Text: wrapping, search, and what is drawn of it; and the canvas's clamp.
 */
#include "s3triage/view/text.h"

#include "../unit.h"

static void drawn(const struct text *t, int rows, int cols, struct str needle, struct buf *out)
{
	struct canvas c;
	canvas_init(&c, rows, cols);
	text_draw(t, &c, (struct rect){0, 0, rows, cols}, 0, needle);
	canvas_dump(&c, needle.n > 0, out);
	canvas_fini(&c);
}

static void assert_drawn(const struct text *t, int rows, int cols, const char *want)
{
	struct buf out;
	buf_init(&out, 0);
	drawn(t, rows, cols, STR(""), &out);
	assert_string_equal(buf_cstr(&out), want);
	buf_fini(&out);
}

struct wrap_case {
	const char *text;
	int indent, hang, width, rows;
	const char *want;
};

static void wraps(void **state)
{
	(void)state;
	static const struct wrap_case cases[] = {
		{"one two three", 0, 0, 8, 2, "one two\nthree\n"},
		{"one two three", 0, 2, 8, 2, "one two\n  three\n"},
		{"one two three", 1, 2, 8, 3, " one two\n   three\n\n"},
		{"exactly", 0, 0, 7, 2, "exactly\n\n"},
		{"exactly eight", 0, 0, 7, 2, "exactly\neight\n"},
		{"abcdefghij", 0, 0, 4, 3, "abcd\nefgh\nij\n"},
		{"arn:aws:iam::1:role/x", 0, 0, 12, 2, "arn:aws:iam:\n:1:role/x\n"},
		{"  indented words here", 0, 0, 12, 2, "  indented\nwords here\n"},
		{"a    b", 0, 0, 3, 2, "a\nb\n"},
		{"日本語日本", 0, 0, 5, 3, "日本\n語日\n本\n"},
		{"日本", 0, 0, 1, 2, "…\n…\n"},
		{"", 0, 0, 5, 1, "\n"},
		{"words in a very narrow pane", 9, 9, 8, 2, "    word\n    s in\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct wrap_case *w = &cases[i];
		struct text *t = text_new();
		text_span(t, ROLE_TEXT, str_c(w->text));
		text_indent(t, w->indent, w->hang);
		text_end(t);
		text_layout(t, w->width);
		assert_drawn(t, w->rows, w->width, w->want);
		text_free(t);
	}
}

static struct text *three_lines(void)
{
	struct text *t = text_new();
	text_span(t, ROLE_TEXT, STR("The Account is "));
	text_span(t, ROLE_OTHER, STR("999988887777"));
	text_end(t);
	text_span(t, ROLE_TEXT, STR("nothing"));
	text_end(t);
	text_span(t, ROLE_TEXT, STR("account account"));
	text_end(t);
	return t;
}

static void searches(void **state)
{
	(void)state;
	struct text *t = three_lines();
	text_layout(t, 40);
	assert_int_equal(text_rows(t), 3);
	assert_int_equal(text_hits(t, STR("account")), 3);
	assert_int_equal(text_search(t, STR("ACCOUNT"), 0, false), 0);
	assert_int_equal(text_search(t, STR("account"), 1, false), 2);
	assert_int_equal(text_search(t, STR("account"), 1, true), 0);
	assert_int_equal(text_search(t, STR("nothing"), 2, false), 1);
	assert_int_equal(text_search(t, STR("is 9999"), 0, false), 0);
	assert_true(text_search(t, STR("absent"), 0, false) == STR_NONE);
	assert_true(text_search(t, STR(""), 0, false) == STR_NONE);
	assert_int_equal(text_hits(t, STR("")), 0);
	/* A match that is wrapped belongs to the row in which it begins. */
	text_layout(t, 12);
	assert_int_equal(text_search(t, STR("account is 99"), 0, false), 0);
	text_free(t);
}

static void marks_what_is_searched(void **state)
{
	(void)state;
	struct text *t = three_lines();
	struct buf out;
	buf_init(&out, 0);
	text_layout(t, 30);
	drawn(t, 3, 30, STR("t is 99"), &out);
	assert_string_equal(buf_cstr(&out),
		"The Account is 999988887777\nnothing\naccount account\n---\n"
		"... ......MMMMMMMOOOOOOOOOO\n"
		".......\n....... .......\n");
	buf_fini(&out);
	text_free(t);
}

static void keeps_what_is_hostile_visible(void **state)
{
	(void)state;
	struct text *t = text_new();
	text_fmt(t, ROLE_TEXT, "%s", "a\x1b[31m\tb\xff");
	text_end(t);
	text_layout(t, 60);
	assert_drawn(t, 1, 60, "a<U+001B>[31m<U+0009>b<FF>\n");
	assert_int_equal(text_hits(t, STR("\x1b")), 0);
	text_free(t);
}

static void is_laid_out_again_after_a_change(void **state)
{
	(void)state;
	struct text *t = three_lines();
	text_layout(t, 40);
	text_span(t, ROLE_TEXT, STR("more"));
	text_end(t);
	text_layout(t, 40);
	assert_int_equal(text_rows(t), 4);
	text_clear(t);
	text_layout(t, 40);
	assert_int_equal(text_rows(t), 0);
	assert_int_equal(text_lines(t), 0);
	text_free(t);
}

static void ends_what_is_too_long(void **state)
{
	(void)state;
	struct text *t = text_new();
	for (size_t i = 0; i < 250000; i++)
		text_end(t);
	text_layout(t, 40);
	assert_int_equal(text_rows(t), 200001);
	assert_int_equal(text_hits(t, STR("more than can be shown")), 1);
	assert_int_equal(text_search(t, STR("more than"), 0, true), 200000);
	text_free(t);
}

struct clamp_case {
	const char *text;
	int width, used;
	const char *want, *ascii;
};

static void clamps(void **state)
{
	(void)state;
	static const struct clamp_case cases[] = {
		{"abc", 3, 3, "abc", "abc"},
		{"abcd", 3, 3, "ab…", "ab~"},
		{"日本", 4, 4, "日本", "????"},
		{"日本", 3, 3, "日…", "??~"},
		{"日本語", 4, 3, "日…", "??~"},
		{"e\xcc\x81x", 2, 2, "e\xcc\x81x", "ex"},
		{"abc", 1, 1, "…", "~"},
		{"abc", 0, 0, "", ""},
		{"", 5, 0, "", ""},
		{"\r", 8, 8, "<U+000D>", "<U+000D>"},
		{"“a” — b", 7, 7, "“a” — b", "\"a\" - b"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases) * 2; i++) {
		const struct clamp_case *k = &cases[i / 2];
		struct canvas c;
		struct buf out;
		buf_init(&out, 0);
		canvas_init(&c, 1, 10);
		c.ascii = i & 1;
		struct pen pen = {0, 1, k->width, ROLE_TEXT};
		assert_int_equal(canvas_put(&c, &pen, str_c(k->text)), k->used);
		canvas_dump(&c, false, &out);
		struct str got = str_trim(buf_str(&out));
		assert_true(str_is(got, c.ascii ? k->ascii : k->want));
		canvas_fini(&c);
		buf_fini(&out);
	}
}

static void parts_wide_characters_cleanly(void **state)
{
	(void)state;
	struct canvas c;
	canvas_init(&c, 1, 4);
	canvas_put(&c, &(struct pen){0, 0, 4, ROLE_TEXT}, STR("日本"));
	canvas_put(&c, &(struct pen){0, 1, 1, ROLE_TEXT}, STR("x"));
	assert_int_equal(c.cells[0].cp, ' ');
	assert_int_equal(c.cells[1].cp, 'x');
	canvas_put(&c, &(struct pen){0, 2, 1, ROLE_TEXT}, STR("y"));
	assert_int_equal(c.cells[2].cp, 'y');
	assert_int_equal(c.cells[3].cp, ' ');
	canvas_put(&c, &(struct pen){0, 3, 2, ROLE_TEXT}, STR("日"));
	assert_int_equal(c.cells[3].width, 1);
	canvas_fini(&c);
}

static void names_every_role(void **state)
{
	(void)state;
	for (int i = 0; i < ROLE_COUNT; i++) {
		enum role back = ROLE_COUNT;
		assert_true(role_parse(str_c(role_name((enum role)i)), &back));
		assert_int_equal(back, i);
	}
	enum role none;
	assert_false(role_parse(STR("nothing"), &none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wraps),
		cmocka_unit_test(searches),
		cmocka_unit_test(marks_what_is_searched),
		cmocka_unit_test(keeps_what_is_hostile_visible),
		cmocka_unit_test(is_laid_out_again_after_a_change),
		cmocka_unit_test(ends_what_is_too_long),
		cmocka_unit_test(clamps),
		cmocka_unit_test(parts_wide_characters_cleanly),
		cmocka_unit_test(names_every_role),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
