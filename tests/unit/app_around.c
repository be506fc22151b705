/*
 * A console that knows signals and ticks: steps ticked by keys, what a verdict says of them, queries
 * to copy, and golden screens of list, guide and tables.
 */
#include "app_fake.h"
#include "s3triage/export/export.h"

struct guided {
	struct fake *f;
	struct signals *signals;
	struct ticks *ticks;
};

static void guided_init(struct guided *d)
{
	*d = (struct guided){.f = fake_new(50, ""), .ticks = ticks_new()};
	d->signals = d->f->desk.signals = signals_new(d->f->desk.store);
	d->f->desk.ticks = d->ticks;
	app_free(d->f->app);
	struct app_setup setup = {.desk = &d->f->desk, .config = d->f->config,
		.source = STR("logs/2026-11"),
		.io = {.ctx = d->f, .copy = fake_copy}};
	d->f->app = app_new(&setup);
}

static void guided_fini(struct guided *d)
{
	app_free(d->f->app);
	d->f->app = NULL;
	signals_free(d->signals);
	ticks_free(d->ticks);
	fake_free(d->f);
}

static bool shows(struct guided *d, const char *text)
{
	return fake_shows(d->f, text);
}

static void steps_are_ticked_and_taken_back(void **state)
{
	struct guided d;
	(void)state;
	guided_init(&d);
	fake_keys(d.f, "4..");
	assert_false(shows(&d, "[x]"));
	fake_keys(d.f, " ");
	assert_int_equal(ticks_version(d.ticks), 1);
	assert_true(shows(&d, "[x]"));
	fake_keys(d.f, ", ");
	assert_int_equal(ticks_version(d.ticks), 2);
	assert_false(shows(&d, "[x]"));
	guided_fini(&d);
}

static void a_tick_on_other_content_is_told(void **state)
{
	struct guided d;
	(void)state;
	guided_init(&d);
	struct checklist guide;
	checklist_read(d.f->desk.rule->note, &d.f->mem, &guide);
	for (row_id r = 0; r < store_count(d.f->desk.store); r++) {
		struct alert other = *store_alert(d.f->desk.store, r);
		other.bucket = STR("payroll");
		assert_true(desk_tick(&d.f->desk, &(struct tick){.about = &other, .alert_id = other.id,
			.event_id = other.event_id, .rule_id = other.rule_id, .step = guide.steps[0].key,
			.done = true}, NULL));
	}
	fake_keys(d.f, "g4");
	assert_false(shows(&d, "[x]"));
	assert_true(shows(&d, "ticked on other"));
	fake_keys(d.f, " ");
	assert_true(shows(&d, "[x]"));
	assert_false(shows(&d, "ticked on other"));
	guided_fini(&d);
}

/* A note to a step is typed in a line of its own; until then letters decide nothing there. */
static void a_step_takes_a_note(void **state)
{
	struct guided d;
	(void)state;
	guided_init(&d);
	fake_keys(d.f, "4as");
	assert_int_equal(d.f->n, 0);
	assert_true(shows(&d, "in the guide letters decide nothing"));
	fake_keys(d.f, "<Enter>asked kim; a CHG says so");
	assert_true(shows(&d, "note to this step: asked kim; a CHG says so"));
	fake_keys(d.f, "<Esc>");
	assert_int_equal(ticks_version(d.ticks), 0);
	fake_keys(d.f, "<Enter>asked kim<Enter>");
	assert_int_equal(ticks_version(d.ticks), 1);
	assert_true(shows(&d, ": asked kim"));
	assert_int_equal(d.f->n, 0);
	fake_keys(d.f, ",<Enter>");
	assert_true(shows(&d, "note to this step: asked kim")); /* to be changed */
	guided_fini(&d);
}

static void a_failing_journal_ticks_nothing(void **state)
{
	struct guided d;
	(void)state;
	guided_init(&d);
	d.f->fail = true;
	fake_keys(d.f, "4 ");
	assert_true(shows(&d, "nothing was ticked: cannot write the journal: No space left"));
	assert_false(shows(&d, "[x]"));
	guided_fini(&d);
}

static void a_verdict_names_unticked_steps(void **state)
{
	struct guided d;
	(void)state;
	guided_init(&d);
	fake_keys(d.f, "n");
	assert_true(shows(&d, "steps of the guide are not ticked:"));
	fake_keys(d.f, "<Esc>a");
	assert_true(shows(&d, "steps of the guide unticked"));
	guided_fini(&d);
}

static void a_query_is_copied_whole(void **state)
{
	struct guided d;
	(void)state;
	guided_init(&d);
	fake_keys(d.f, "ykql: same access<Enter>");
	assert_true(strstr(d.f->copied, "access_key_id: \"AKIAEXAMPLE\" and @timestamp >=") != NULL);
	guided_fini(&d);
}

static void screens(void **state)
{
	static const struct {
		const char *keys, *name;
	} scenes[] = {{"", "signals"}, {"X", "accounts"}, {"X<Enter>", "account"}, {"Xs", "group"},
		{"4 .. ", "ticked"}};
	static const int sizes[][2] = {{24, 80}, {40, 120}, {50, 200}};
	bool ok = true;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scenes) * ARRAY_LEN(sizes); i++) {
		const int *size = sizes[i % ARRAY_LEN(sizes)];
		struct guided d;
		struct buf out;
		char name[64];
		guided_init(&d);
		buf_init(&out, 0);
		d.f->height = size[0];
		d.f->width = size[1];
		fake_keys(d.f, scenes[i / ARRAY_LEN(sizes)].keys);
		fake_draw(d.f, size[0], size[1], &out);
		snprintf(name, sizeof(name), "app-%s-%dx%d", scenes[i / ARRAY_LEN(sizes)].name, size[1],
			size[0]);
		ok = golden_same(name, buf_str(&out)) && ok;
		buf_fini(&out);
		guided_fini(&d);
	}
	assert_true(ok);
}

/* A verdict stands on the id of the alert under the cursor, made when it had other facts. */
static void other_content_is_told_and_decided_alone(void **state)
{
	struct guided d;
	struct buf facts = {0};
	(void)state;
	guided_init(&d);
	struct alert before = *store_alert(d.f->desk.store, 49);
	before.bucket = STR("another");
	export_facts(&before, &facts);
	struct json *read = json_parse(buf_str(&facts), NULL);
	assert_int_equal(json_repeated(read), 0); /* a server refuses a key that comes twice */
	json_free(read);
	struct decision approved = make_decision(&before, 1, VERDICT_APPROVED);
	approved.facts = buf_str(&facts);
	store_decide(d.f->desk.store, &approved);
	buf_fini(&facts);
	app_arrived(d.f->app);
	fake_keys(d.f, "g");
	assert_true(shows(&d, "50 of 50 open"));
	assert_true(shows(&d, "decided on other content"));
	fake_keys(d.f, " a"); /* marked alone, too, it is one of a bulk */
	assert_true(shows(&d, "1 to be decided by itself"));
	fake_keys(d.f, "<Down> a");
	assert_true(shows(&d, "1 left out: their id was decided on"));
	fake_keys(d.f, "<Enter>");
	assert_int_equal(fake_verdict(d.f, 49), VERDICT_OPEN);
	fake_keys(d.f, "<Esc>g <Down> ga"); /* no longer marked */
	assert_int_equal(fake_verdict(d.f, 49), VERDICT_APPROVED);
	guided_fini(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_ticked_and_taken_back), cmocka_unit_test(a_step_takes_a_note),
		cmocka_unit_test(a_tick_on_other_content_is_told),
		cmocka_unit_test(a_failing_journal_ticks_nothing),
		cmocka_unit_test(a_verdict_names_unticked_steps),
		cmocka_unit_test(a_query_is_copied_whole),
		cmocka_unit_test(other_content_is_told_and_decided_alone),
		cmocka_unit_test(screens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
