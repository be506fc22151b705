/*
 * Everything that was done, in the console: counted when the timeline is opened, told beside the alert, listed
 * event by event, opened, and never of another alert's people.
 */
#include "app_fake.h"

#include "s3triage/base/when.h"
#include "s3triage/insight/deeds.h"

struct counted_fake {
	struct fake *f;
	struct context *context;
	struct arena mem;
	struct deed_wants *wants;
	struct deeds *deeds;
	struct deeds_told told;
	size_t began, opened;
	unsigned long long at;
	bool refuses;
};

static bool fake_count(void *ctx, const struct alert *al, struct err *err)
{
	struct counted_fake *c = ctx;
	bool all = false;
	uint32_t of[DEED_KINDS];
	if (c->refuses)
		return err_set(err, ERR_INPUT, "clusters are not asked here");
	if (c->wants)
		deed_alert_subjects(c->wants, al, of, &all);
	if (all)
		return true;
	deeds_free(c->deeds);
	deed_wants_free(c->wants);
	c->wants = deed_wants_new();
	deed_want_alert(c->wants, al);
	c->deeds = deeds_new(c->wants);
	c->began++;
	c->told = (struct deeds_told){.wants = c->wants, .deeds = c->deeds, .reading = true,
		.serial = c->told.serial + 1};
	return true;
}

static bool fake_deeds_of(void *ctx, const struct alert *al, struct deeds_told *out)
{
	struct counted_fake *c = ctx;
	bool all = false;
	uint32_t of[DEED_KINDS];
	if (c->wants)
		deed_alert_subjects(c->wants, al, of, &all);
	*out = c->told;
	return all;
}

static bool fake_read(void *ctx, const struct deeds_told *of, const struct deed_event *e, struct err *err)
{
	struct counted_fake *c = ctx;
	(void)err;
	c->opened++;
	c->at = deeds_place(of->deeds, e).at;
	return true;
}

static void counted_init(struct counted_fake *c)
{
	*c = (struct counted_fake){.f = fake_new(5, "")};
	app_free(c->f->app);
	c->context = c->f->desk.context = context_new(c->f->desk.store);
	struct app_setup setup = {.desk = &c->f->desk, .config = c->f->config, .source = STR("logs/2026-11"),
		.io = {.ctx = c, .count_deeds = fake_count, .deeds_of = fake_deeds_of, .read_event = fake_read}};
	c->f->app = app_new(&setup);
}

static void counted_fini(struct counted_fake *c)
{
	app_free(c->f->app);
	c->f->app = NULL;
	deeds_free(c->deeds);
	deed_wants_free(c->wants);
	context_free(c->context);
	c->f->desk.context = NULL;
	arena_fini(&c->mem);
	fake_free(c->f);
}

static void counted_add(struct counted_fake *c, const char *call, unsigned n, bool denied)
{
	const struct deed_subject *who = deeds_subject(c->deeds, 0), *key = deeds_subject(c->deeds, 1);
	for (unsigned i = 0; i < n; i++) {
		struct deed e = {.name = str_c(call), .service = STR("s3.amazonaws.com"), .agent = STR("aws-cli/2.15"),
			.denied = denied, .reads = str_starts(str_c(call), STR("Get")),
			.what = {.time = MAKE_T0 + (int64_t)i * 1000, .principal = who->text, .key_id = key->text,
			.ip = STR("203.0.113.9"), .region = STR("eu-west-1"),
			.event_id = arena_fmt(&c->mem, "%s-%u", call, i)}};
		deeds_add(c->deeds, &e, &(struct deed_place){STR("logs/a.json"), STR("logs/a.json"), 100 * i + 7});
	}
}

static void counted_over(struct counted_fake *c)
{
	counted_add(c, "GetObject", 40, false);
	counted_add(c, "DeleteTrail", 2, true);
	c->told.reading = false;
	c->told.events = 4711;
	c->told.files = 3;
	deeds_end(c->deeds);
	app_counted(c->f->app, true);
}

static void is_counted_and_listed(void **state)
{
	struct counted_fake c;
	(void)state;
	counted_init(&c);
	assert_int_equal(c.began, 0); /* nobody asked */
	fake_keys(c.f, "T");
	assert_int_equal(c.began, 1);
	assert_true(fake_shows(c.f, "counting ..."));
	c.told.events = 1234;
	app_counted(c.f->app, false);
	assert_true(fake_shows(c.f, "counting ... 1,234 events read so far"));
	counted_over(&c);
	assert_true(fake_shows(c.f, "of 42 events of the principal shown, 2 denied; A shows all"));
	assert_true(fake_shows(c.f, "in 4,711 events of 3 files"));
	fake_keys(c.f, "<Tab>G");
	assert_true(fake_shows(c.f, "DeleteTrail") && fake_shows(c.f, "2, 2 denied"));
	fake_keys(c.f, "<Tab>A");
	assert_true(fake_shows(c.f, "Everything that was done: 42 events"));
	assert_int_equal(c.began, 1); /* a second look costs nothing */
	fake_keys(c.f, "/denied<Enter>");
	assert_true(fake_shows(c.f, "DeleteTrail") && !fake_shows(c.f, "GetObject"));
	fake_keys(c.f, "j<Enter>");
	assert_int_equal(c.opened, 1);
	assert_int_equal(c.at, 107);
	assert_true(fake_shows(c.f, "reading it ..."));
	app_event(c.f->app, STR("{\"eventName\":\"DeleteTrail\",\"all\":[1]}"));
	assert_true(fake_shows(c.f, "\"eventName\": \"DeleteTrail\""));
	/* nothing is decided here */
	fake_keys(c.f, "a");
	assert_int_equal(c.f->n, 0);
	fake_keys(c.f, "<Esc><Esc><Esc>");
	assert_true(fake_shows(c.f, "What happened around it"));
	fake_keys(c.f, "<Esc>3z");
	assert_true(fake_shows(c.f, "of 42 events of the principal shown") && fake_shows(c.f, "T, then A shows all"));
	counted_fini(&c);
}

/* What was there when it was counted, and is not now. */
static void what_is_gone_is_said(void **state)
{
	struct counted_fake c;
	(void)state;
	counted_init(&c);
	fake_keys(c.f, "TA");
	assert_true(fake_shows(c.f, "counting ..."));
	counted_over(&c);
	assert_true(fake_shows(c.f, "42 events"));
	fake_keys(c.f, "<Enter>");
	app_event(c.f->app, STR(""));
	assert_true(fake_shows(c.f, "it is not there any more"));
	counted_fini(&c);
}

/* The rows go with the count that they are of. */
static void another_count_takes_the_rows_along(void **state)
{
	struct counted_fake c;
	(void)state;
	counted_init(&c);
	fake_keys(c.f, "T");
	counted_over(&c);
	fake_keys(c.f, "A");
	assert_true(fake_shows(c.f, "42 events"));
	const struct alert other = {.actor_arn = STR("arn:aws:iam::000100000001:user/other"), .actor = STR("other")};
	fake_count(&c, &other, &(struct err){0});
	fake_keys(c.f, "<Enter>j");
	assert_int_equal(c.opened, 0);
	assert_false(fake_shows(c.f, "42 events"));
	counted_fini(&c);
}

static void what_cannot_be_counted_is_said(void **state)
{
	struct counted_fake c;
	(void)state;
	counted_init(&c);
	c.refuses = true;
	fake_keys(c.f, "T");
	assert_true(fake_shows(c.f, "is not counted: clusters are not asked here"));
	fake_keys(c.f, "A");
	assert_true(fake_shows(c.f, "What happened around it") && fake_shows(c.f, "clusters are not asked here"));
	counted_fini(&c);
}

static void plus_and_minus_change_the_window(void **state)
{
	struct counted_fake c;
	(void)state;
	counted_init(&c);
	fake_keys(c.f, "T+");
	assert_true(fake_shows(c.f, "28d before and after"));
	fake_keys(c.f, "--");
	assert_true(fake_shows(c.f, "7d before and after"));
	counted_fini(&c);
}

static void deeds_screens(void **state)
{
	static const int sizes[][2] = {{24, 80}, {40, 120}};
	static const struct {
		const char *name, *keys;
	} screens[] = {{"timeline", ""}, {"events", "A"}};
	bool ok = true;
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct counted_fake c;
		struct buf out;
		char name[64];
		const int *size = sizes[i % 2];
		counted_init(&c);
		buf_init(&out, 0);
		c.f->height = size[0];
		c.f->width = size[1];
		fake_keys(c.f, "T");
		counted_over(&c);
		fake_keys(c.f, screens[i / 2].keys);
		fake_draw(c.f, size[0], size[1], &out);
		snprintf(name, sizeof(name), "app-deeds-%s-%dx%d", screens[i / 2].name, size[1], size[0]);
		ok = golden_same(name, buf_str(&out)) && ok;
		buf_fini(&out);
		counted_fini(&c);
	}
	assert_true(ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_counted_and_listed),
		cmocka_unit_test(what_is_gone_is_said),
		cmocka_unit_test(another_count_takes_the_rows_along),
		cmocka_unit_test(what_cannot_be_counted_is_said),
		cmocka_unit_test(plus_and_minus_change_the_window),
		cmocka_unit_test(deeds_screens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
