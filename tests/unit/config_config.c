/*
 * config.toml and themes: the defaults, what a user changes, and every mistake told by its line.
 */
#include "../unit.h"

#include "s3triage/config/config.h"
#include "s3triage/base/mem.h"
#include "s3triage/builtin/builtin.h"

static void defaults(void **state)
{
	struct err err = {0};
	bool descending;
	(void)state;
	struct config *c = config_new(STR(""), "x", &err);
	assert_string_equal(err.text, "");
	assert_non_null(c);
	assert_true(str_is(config_theme_name(c), "terminal"));
	assert_int_equal(config_sort(c, &descending), SORT_SIGNAL);
	assert_true(descending);
	assert_null(config_columns(c));
	assert_int_equal(config_sources(c), 0);
	config_free(c);
}

/* Every action can be reached by a key where it counts, as the issue lists them. */
static void every_action_has_a_key(void **state)
{
	struct config *c = config_new(STR(""), "x", NULL);
	(void)state;
	for (int i = 0; i < ACTION_COUNT; i++) {
		enum action_place place = action_about(i)->place;
		struct key k;
		int found;
		assert_true(strlen(action_about(i)->help) > 0);
		if (!config_action_key(c, place == PLACE_ANY ? PLACE_LIST : place, i, 0, &k))
			fail_msg("%s has no key", action_about(i)->name);
		assert_true(config_key(c, place == PLACE_ANY ? PLACE_LIST : place, k, &found));
		assert_int_equal(found, i);
	}
	config_free(c);
}

/* A place's own keys come first: a key that is taken at both places reaches nothing. */
static void an_action_without_a_key_is_told(void **state)
{
	static const struct {
		const char *text;
		bool fine;
	} cases[] = {
		{"[keys]\napprove = \"Space\"\n", false}, {"[keys]\napprove = [\"Space\", \"b\"]\n", true},
		{"[keys]\napprove = []\n", true}, {"[keys]\nmark = \"a\"\ntick = \"a\"\n", false},
		{"[keys]\nmark = \"a\"\n", true}, {"[keys]\nundo = \"Enter\"\n", false},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = {0};
		struct config *c = config_new(str_c(cases[i].text), "config.toml", &err);
		if (!!c != cases[i].fine)
			fail_msg("%s: %s", cases[i].text, err.text);
		if (!c) {
			assert_true(str_starts(str_c(err.text), STR("no key reaches ")));
			assert_true(err.line == 2);
		}
		config_free(c);
	}
}

static int does(const struct config *c, enum action_place place, const char *key)
{
	struct key k;
	int action;
	assert_true(key_parse(str_c(key), &k));
	return config_key(c, place, k, &action) ? action : -1;
}

static void places(void **state)
{
	struct config *c = config_new(STR(""), "x", NULL);
	(void)state;
	assert_int_equal(does(c, PLACE_LIST, "n"), ACTION_NOTE);
	assert_int_equal(does(c, PLACE_PANE, "n"), ACTION_NEXT_HIT);
	assert_int_equal(does(c, PLACE_PANE, "e"), ACTION_NOTE);
	assert_int_equal(does(c, PLACE_PANE, "a"), ACTION_APPROVE);
	assert_int_equal(does(c, PLACE_PANE, "Space"), ACTION_TICK);
	assert_int_equal(does(c, PLACE_LIST, "."), -1);
	assert_int_equal(does(c, PLACE_LIST, "Alt-a"), -1);
	config_free(c);
}

static void rebinding(void **state)
{
	struct err err = {0};
	(void)state;
	struct config *c = config_new(STR("theme = \"dark\"\nsources = [\"a\", \"b/*.gz\"]\n"
		"columns = [\"time\", \"dest\"]\nsort = \"bucket\"\ndescending = false\n"
		"[keys]\napprove = [\"x\", \"F5\"]\nquit = []\n"), "c.toml", &err);
	bool descending;
	assert_string_equal(err.text, "");
	assert_int_equal(does(c, PLACE_LIST, "x"), ACTION_APPROVE);
	assert_int_equal(does(c, PLACE_LIST, "F5"), ACTION_APPROVE);
	assert_int_equal(does(c, PLACE_LIST, "a"), -1);
	assert_int_equal(does(c, PLACE_LIST, "q"), -1);
	assert_int_equal(config_columns(c)[1], COLUMN_DEST);
	assert_int_equal(config_columns(c)[2], COLUMNS);
	assert_int_equal(config_sort(c, &descending), SORT_BUCKET);
	assert_false(descending);
	assert_string_equal(config_source(c, 1), "b/*.gz");
	config_free(c);
}

static void mistakes(void **state)
{
	static const struct {
		const char *text;
		unsigned long line;
		const char *says;
	} cases[] = {
		{"\nthemes = \"dark\"\n", 2, "no setting 'themes'"},
		{"theme = 3", 1, "a string"},
		{"\ntheme = \"nope\"\n", 2, "there is no theme 'nope'"},
		{"sort = \"colour\"", 1, "sort by 'colour'"},
		{"columns = [\"time\", \"colour\"]", 1, "no column 'colour'"},
		{"hide_decided = \"yes\"", 1, "true or false"},
		{"keys = 1", 1, "table"},
		{"[keys]\n\napprov = \"a\"", 3, "no action 'approv'"},
		{"[keys]\napprove = \"aa\"", 2, "'aa' is no key"},
		{"[keys]\napprove = [\"a\", 1]", 2, "string"},
		{"[keys]\napprove = \"s\"", 2, "s is the key of suspicious"},
		{"[keys]\napprove = \"t\"\nundo = \"t\"", 3, "t is the key of approve"},
		{"theme = \"dark", 1, ""},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = {0};
		assert_null(config_new(str_c(cases[i].text), "c.toml", &err));
		if (!strstr(err.text, cases[i].says) || err.line != cases[i].line)
			fail_msg("%s: line %lu: %s", cases[i].text, err.line, err.text);
		assert_string_equal(err.file, "c.toml");
	}
}

static void every_theme(void **state)
{
	(void)state;
	assert_true(builtin_theme_count() > 1);
	for (size_t i = 0; i < builtin_theme_count(); i++) {
		struct theme t;
		struct err err = {0};
		struct str name = builtin_theme_name(i);
		if (!theme_read(builtin_theme(name), "t", &t, &err))
			fail_msg("%.*s:%lu: %s", STR_ARG(name), err.line, err.text);
		assert_true(str_is(name, t.name));
		for (int r = 0; r < ROLE_COUNT; r++) {
			bool own = str_is(name, "terminal") || str_is(name, "mono");
			if (own && (t.role[r].fg > 15 || t.role[r].bg > 15))
				fail_msg("%s sets colours of its own", t.name);
			if (str_is(name, "mono"))
				assert_true(t.role[r].fg == -1 && t.role[r].bg == -1);
		}
		/* The verdicts must differ without any colour, too: glyph and word do that. */
		assert_true(t.role[ROLE_CURSOR].reverse || t.role[ROLE_CURSOR].bg != -1);
	}
}

static void theme_mistakes(void **state)
{
	static const struct {
		const char *text;
		unsigned long line;
		const char *says;
	} cases[] = {
		{"name = \"x\"", 1, "[roles]"},
		{"[roles]\ntext = {}", 1, "'dim' is missing"},
		{"[roles]\ntext = {}\nbanner = {}", 3, "no role 'banner'"},
		{"[roles]\ntext = {fg = \"redd\"}", 2, "a colour is"},
		{"[roles]\ntext = {fg = 256}", 2, "a colour is"},
		{"[roles]\ntext = {fg = \"#12345\"}", 2, "a colour is"},
		{"[roles]\ntext = {blink = true}", 2, "no style 'blink'"},
		{"[roles]\ntext = {bold = 1}", 2, "bold is"},
		{"[roles]\ntext = 1", 2, "a role is a table"},
		{"roles = {}\ncolour = 1", 2, "no 'colour'"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = {0};
		struct theme t;
		assert_false(theme_read(str_c(cases[i].text), "t.toml", &t, &err));
		if (!strstr(err.text, cases[i].says) || err.line != cases[i].line)
			fail_msg("%s: line %lu: %s", cases[i].text, err.line, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults), cmocka_unit_test(every_action_has_a_key),
		cmocka_unit_test(an_action_without_a_key_is_told),
		cmocka_unit_test(places), cmocka_unit_test(rebinding), cmocka_unit_test(mistakes),
		cmocka_unit_test(every_theme), cmocka_unit_test(theme_mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
