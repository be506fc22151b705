/*
 * Markdown: what it looks like as lines.
 */
#include "s3triage/view/panes.h"

#include "../unit.h"

static void render(const char *markdown, const struct json *ecs, int width, struct buf *out)
{
	struct text *t = text_new();
	struct canvas c;
	markdown_text(str_c(markdown), ecs, t);
	text_layout(t, width);
	canvas_init(&c, (int)text_rows(t), width);
	text_draw(t, &c, (struct rect){0, 0, c.rows, width}, 0, STR(""));
	canvas_dump(&c, false, out);
	canvas_fini(&c);
	text_free(t);
}

struct markdown_case {
	const char *markdown;
	int width;
	const char *want;
};

static const struct markdown_case cases[] = {
	{"# Head\n\ntext\nwraps", 40, "Head\ntext wraps\n"},
	{"one\n\ntwo", 40, "one\n\ntwo\n"},
	{"text\n\n## Head\n\n### Sub\nmore", 40, "text\n\nHead\n\nSub\nmore\n"},
	{"- a\n- b\n  - c\n  - d\n- e", 40, "- a\n- b\n  - c\n  - d\n- e\n"},
	{"9. nine\n10. ten is long", 10, "9. nine\n10. ten is\n    long\n"},
	{"- words that wrap", 9, "- words\n  that\n  wrap\n"},
	{"- loose\n\n- list\n\nend", 40, "- loose\n- list\n\nend\n"},
	{"- [x] done\n- [ ] not", 40, "- [x] done\n- [ ] not\n"},
	{"a **bold** *em* `code` b", 40, "a bold em code b\n"},
	{"[site](https://x.example/a)", 60, "site <https://x.example/a>\n"},
	{"**[site](https://x.example)** end", 60, "site <https://x.example> end\n"},
	{"https://x.example/a", 60, "https://x.example/a\n"},
	{"![alt](pic.png)", 40, "[image: alt] <pic.png>\n"},
	{"```sh\nls  -l\n\n  x\n```\nafter", 40, "  ls  -l\n\n    x\n\nafter\n"},
	{"- item:\n\n  ```\n  code\n  ```\n- next", 40, "- item:\n    code\n- next\n"},
	{"> quoted\n> text\n\nend", 40, "> quoted text\n\nend\n"},
	{"hard  \nbreak\\\nagain", 40, "hard\nbreak\nagain\n"},
	{"- hard  \n  break", 40, "- hard\n  break\n"},
	{"|a|b|\n|---|---|\n|1|2|\n", 40, "a │ b\n1 │ 2\n"},
	{"a\n\n---\n\nb", 40, "a\n\n────────\n\nb\n"},
	{"&lt;b&gt; <b>raw</b> &amp; &copy;", 40, "<b> <b>raw</b> & &copy;\n"},
	{"don’t — “x”", 40, "don’t — “x”\n"},
	{"a\x1b[31m\xff", 40, "a<U+001B>[31m<FF>\n"},
	{"", 40, ""},
};

static void renders(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;
		buf_init(&out, 0);
		render(cases[i].markdown, NULL, cases[i].width, &out);
		assert_string_equal(buf_cstr(&out), cases[i].want);
		buf_fini(&out);
	}
}

static const struct markdown_case plugins[] = {
	{"!{osquery{\"label\":\"Users\",\"query\":\"SELECT *\\nFROM users\"}} end", 80,
		"[osquery] Users: SELECT * FROM users end\n"},
	{"see !{investigate{\"description\":\"\",\"label\":\"By the *same* key\",\"providers\":[[{"
	 "\"excluded\":false,\"field\":\"host.id\",\"queryType\":\"phrase\",\"value\":\"{{host.id}}\","
	 "\"valueType\":\"string\"},{\"excluded\":true,\"field\":\"user.id\",\"queryType\":\"exists\"}"
	 "]],\"relativeFrom\":\"now-48h/h\"}}", 100,
		"see [investigate] By the *same* key: host.id: {{host.id}} and not user.id exists\n"},
	{"!{investigate{\"label\":", 80, "!{investigate{\"label\":\n"},
	{"!{other{}} `!{`", 80, "!{other{}} !{\n"},
};

static void makes_plugins_readable(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plugins); i++) {
		struct buf out;
		buf_init(&out, 0);
		render(plugins[i].markdown, NULL, plugins[i].width, &out);
		assert_string_equal(buf_cstr(&out), plugins[i].want);
		buf_fini(&out);
	}
}

static void shows_the_values_of_fields(void **state)
{
	(void)state;
	static const struct markdown_case values[] = {
		{"look at `source.ip`, then", 80, "look at source.ip = 203.0.113.77, then\n"},
		{"`user.name` `event.none` `ListBuckets`", 80,
			"user.name = a, b event.none ListBuckets\n"},
		{"`event.action`", 80, "event.action = x<U+001B>y\n"},
	};
	struct json *ecs = json_parse(STR("{\"source\":{\"ip\":\"203.0.113.77\"},\"user.name\":"
		"[\"a\",\"b\"],\"event\":{\"action\":\"x\\u001by\"}}"), NULL);
	assert_non_null(ecs);
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		struct buf out;
		buf_init(&out, 0);
		render(values[i].markdown, ecs, values[i].width, &out);
		assert_string_equal(buf_cstr(&out), values[i].want);
		buf_fini(&out);
	}
	json_free(ecs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(renders),
		cmocka_unit_test(makes_plugins_readable),
		cmocka_unit_test(shows_the_values_of_fields),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
