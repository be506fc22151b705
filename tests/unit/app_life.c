/*
 * The life of somebody in the console: asked beside an alert, while it is read, found, unclear, and on to
 * another's.
 */
#include "app_fake.h"

#include "s3triage/base/file.h"

struct told {
	struct fake *f;
	char who[200];
	struct story_ask ask;
	struct story *story;
	struct arena mem;
	bool refuses;
};

static bool told_ask(void *ctx, struct str who, struct err *err)
{
	struct told *t = ctx;
	if (t->refuses)
		return err_set(err, ERR_INPUT, "these sources are not read again here");
	snprintf(t->who, sizeof(t->who), "%.*s", STR_ARG(who));
	story_free(t->story);
	t->story = NULL;
	return true;
}

static void told_init(struct told *t)
{
	*t = (struct told){.f = fake_new(5, "")};
	app_free(t->f->app);
	struct app_setup setup = {.desk = &t->f->desk, .config = t->f->config, .source = STR("logs/2026-11"),
		.io = {.ctx = t, .ask_story = told_ask}};
	t->f->app = app_new(&setup);
}

static void told_fini(struct told *t)
{
	app_free(t->f->app);
	t->f->app = NULL;
	story_free(t->story);
	arena_fini(&t->mem);
	fake_free(t->f);
}

/* What the file says of `who`, whoever was asked about. */
static void told_end(struct told *t, const char *who)
{
	AUTO(buf_fini) struct buf text = {0};
	struct err err = {0};
	story_free(t->story);
	t->ask = story_ask_of(str_c(who), t->f->desk.rule, &t->mem);
	t->story = story_new(&t->ask);
	assert_true(file_read("tests/data/story/chain.ndjson", &text, &err));
	for (struct str rest = buf_str(&text); rest.n;) {
		enum event_shape shape;
		struct json *raw = json_parse(str_cut(&rest, '\n'), &err), *ecs = event_to_ecs(raw, &shape, &err);
		const struct story_input in = {ecs, raw, shape};
		story_add(t->story, story_read(&t->ask, &in, &t->mem));
		json_free(ecs);
		json_free(raw);
	}
	struct app_story s = {.events = 9, .found = story_end(t->story), .story = t->story};
	app_life(t->f->app, &s);
}

static void is_asked_read_and_told(void **state)
{
	struct told t;
	(void)state;
	told_init(&t);
	fake_keys(t.f, "l");
	assert_true(fake_shows(t.f, "principal") && fake_shows(t.f, "access key") && fake_shows(t.f, "owner"));
	fake_keys(t.f, "<Enter>");
	assert_true(strncmp(t.who, "principal:", 10) == 0 && strstr(t.who, "arn:aws:"));
	assert_true(fake_shows(t.f, "reading the sources again: 0 events so far"));
	app_life(t.f->app, &(struct app_story){.events = 1234, .problems = 2});
	assert_true(fake_shows(t.f, "1234 events so far") && fake_shows(t.f, "2 problems (M)"));
	told_end(&t, "Backup");
	assert_true(fake_shows(t.f, "3 events, 1 failed, 1 denied"));
	assert_true(fake_shows(t.f, "AssumeRole by arn:aws:sts::111122223333:assumed-role/D"));
	/* nothing is decided here */
	fake_keys(t.f, "a");
	assert_int_equal(t.f->n, 0);
	assert_true(fake_shows(t.f, "these are no alerts"));
	told_fini(&t);
}

/* Enter on a row is the life of what it names; what was told before is gone at once. */
static void goes_on_to_another(void **state)
{
	struct told t;
	(void)state;
	told_init(&t);
	fake_keys(t.f, "lkey<Enter>");
	assert_true(strncmp(t.who, "key:", 4) == 0);
	told_end(&t, "Backup");
	fake_keys(t.f, "<Down><Enter>"); /* who was behind its session */
	assert_string_equal(t.who, "principal:arn:aws:sts::111122223333:assumed-role/Deploy");
	assert_true(fake_shows(t.f, "reading the sources again"));
	told_end(&t, "Deploy");
	fake_keys(t.f, "g<Enter>");
	assert_true(fake_shows(t.f, "this row is nobody's name"));
	t.refuses = true;
	fake_keys(t.f, "<Down><Enter>");
	assert_true(fake_shows(t.f, "these sources are not read again here"));
	fake_keys(t.f, "<Esc>");
	assert_true(fake_shows(t.f, "1 Alerts"));
	told_fini(&t);
}

static void unclear_is_asked_back(void **state)
{
	struct told t;
	(void)state;
	told_init(&t);
	fake_keys(t.f, "l<Enter>");
	told_end(&t, "kym");
	assert_true(fake_shows(t.f, "nobody; there are") && fake_shows(t.f, "arn:aws:iam::111122223333:user/kim"));
	fake_keys(t.f, "<Enter>");
	assert_string_equal(t.who, "principal:arn:aws:iam::111122223333:user/kim");
	told_end(&t, "zzzzzzzzzzzzzzzzzzzz");
	assert_true(fake_shows(t.f, "nobody, nor anything like it"));
	told_fini(&t);
}

static void life_screens(void **state)
{
	static const int sizes[][2] = {{24, 80}, {40, 120}};
	bool ok = true;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct told t;
		struct buf out;
		char name[64];
		told_init(&t);
		buf_init(&out, 0);
		t.f->height = sizes[i][0];
		t.f->width = sizes[i][1];
		fake_keys(t.f, "l<Enter>");
		told_end(&t, "Backup");
		fake_keys(t.f, "<Down>");
		fake_draw(t.f, sizes[i][0], sizes[i][1], &out);
		snprintf(name, sizeof(name), "app-life-%dx%d", sizes[i][1], sizes[i][0]);
		ok = golden_same(name, buf_str(&out)) && ok;
		buf_fini(&out);
		told_fini(&t);
	}
	assert_true(ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_asked_read_and_told),
		cmocka_unit_test(goes_on_to_another),
		cmocka_unit_test(unclear_is_asked_back),
		cmocka_unit_test(life_screens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
