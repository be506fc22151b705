/*
 * Approvals in the console: the form with its live preview, granting, the question after it, and
 * the table of what is proposed. Nothing is decided without Enter.
 */
#include "app_fake.h"

struct bench {
	struct fake f;
};

static void bench_app(struct bench *b, bool read_only)
{
	app_free(b->f.app);
	struct app_setup setup = {.desk = &b->f.desk, .config = b->f.config,
		.source = STR("logs/2026-11"),
		.io = {.ctx = b, .stop_scan = fake_stop, .copy = fake_copy}};
	b->f.desk.read_only = read_only;
	b->f.app = app_new(&setup);
}

static struct bench *bench_new(unsigned alerts, bool read_only)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct err err = {0};
	fake_init(&b->f);
	b->f.config = config_new(STR(""), "config.toml", &err);
	assert_non_null(b->f.config);
	b->f.desk.rule = rule_builtin();
	for (unsigned i = 0; i < alerts; i++)
		fake_add(&b->f, i);
	b->f.desk.approvals = approvals_new();
	bench_app(b, read_only);
	return b;
}

static void bench_free(struct bench *b)
{
	approvals_free(b->f.desk.approvals);
	app_free(b->f.app);
	habits_free(b->f.desk.habits);
	arena_fini(&b->f.desk.guide.mem);
	rule_free(b->f.desk.rule);
	config_free(b->f.config);
	store_free(b->f.desk.store);
	arena_fini(&b->f.mem);
	free(b);
}

static void the_form_starts_with_what_is_usual(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	fake_keys(&b->f, "XP");
	assert_true(fake_shows(&b->f, "Approve account 0001"));
	assert_true(fake_shows(&b->f, "arn:aws:iam::000100000001:role/repl"));
	assert_true(fake_shows(&b->f, "bucket-*"));
	assert_true(fake_shows(&b->f, "2027-01-30"));
	assert_true(fake_shows(&b->f, "stay open"));
	assert_int_equal(b->f.granted, 0);
	fake_keys(&b->f, "<Esc>");
	assert_true(fake_shows(&b->f, "nothing was approved"));
	assert_true(fake_shows(&b->f, "Alerts by account"));
	assert_int_equal(b->f.granted, 0);
	bench_free(b);
}

static void the_preview_follows_the_fields(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	fake_keys(&b->f, "XP<^U>no-such-role");
	assert_true(fake_shows(&b->f, "0 open alerts fit, "));
	assert_true(fake_shows(&b->f, "role differs "));
	fake_keys(&b->f, "<BackTab><BackTab><BackTab><BackTab><^U>2020-01-01");
	assert_true(fake_shows(&b->f, "has passed"));
	fake_keys(&b->f, "<Enter>");
	assert_int_equal(b->f.granted, 0);
	fake_keys(&b->f, "<^U>30d");
	assert_false(fake_shows(&b->f, "has passed"));
	fake_keys(&b->f, "<^U><Up><Up>all");
	assert_true(fake_shows(&b->f, "also: write owner_override"));
	fake_keys(&b->f, "<^U><Up><Up><Up><Up><Up><Up><Up><Up><Up><^U><Up><^U><Up><^U><Up><^U>");
	assert_true(fake_shows(&b->f, "without owner override an account is only claimed"));
	fake_keys(&b->f, "<Enter>");
	assert_int_equal(b->f.granted, 0);
	fake_keys(&b->f, "<BackTab><BackTab><BackTab><BackTab><BackTab><BackTab>owner_override");
	assert_true(fake_shows(&b->f, "no limit: anything may be replicated"));
	assert_true(fake_shows(&b->f, "it never ends"));
	bench_free(b);
}

/* What the verb warns of is in the form, on a small screen too, where fields give way. */
static void slips_stand_in_the_form(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	struct buf out;
	buf_init(&out, 0);
	fake_keys(&b->f, "XP<Tab><^U>Logs<Tab><Tab><^U>arn:aws:s3:::copies/x<Tab><^U>eu-west-9");
	fake_draw(&b->f, 24, 80, &out);
	assert_true(str_find(buf_str(&out), STR("no bucket has capitals")) != STR_NONE);
	assert_true(str_find(buf_str(&out), STR("arn:aws:s3:::copies/x is no bucket's ARN")) != STR_NONE);
	assert_true(str_find(buf_str(&out), STR("eu-west-9 is no region")) != STR_NONE);
	assert_true(str_find(buf_str(&out), STR("region      eu-west-9")) != STR_NONE);
	buf_fini(&out);
	bench_free(b);
}

/* Whoever agrees reads where it goes, in the form and in the question that follows. */
static void what_leaves_is_named(void **state)
{
	static const struct outbox_place team[] = {{.name = STR("soc"),
		.place = STR("https://soc.example/decisions"), .team = true}};
	struct bench *b = bench_new(50, false);
	(void)state;
	b->f.desk.out.routes = (struct outbox_routes){team, 1, false};
	fake_keys(&b->f, "XP");
	assert_true(fake_shows(&b->f, "goes to soc"));
	fake_keys(&b->f, "<Enter>");
	assert_int_equal(b->f.granted, 1);
	assert_true(fake_shows(&b->f, "Mark 3 alerts approved"));
	assert_true(fake_shows(&b->f, "goes to soc"));
	bench_free(b);
}

static void granting_decides_nothing(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	fake_keys(&b->f, "XP<BackTab><BackTab><BackTab>kim<Tab>CHG-7<Enter>");
	assert_int_equal(b->f.granted, 1);
	assert_true(str_is(b->f.last.owner, "kim"));
	assert_true(str_is(b->f.last.ticket, "CHG-7"));
	assert_false(b->f.last.automatic);
	assert_int_equal(b->f.n, 0);
	assert_true(fake_shows(&b->f, "approved (approval 3)?"));
	fake_keys(&b->f, "<Esc>");
	assert_int_equal(b->f.n, 0);
	assert_int_equal(b->f.applied, 0);
	assert_true(fake_shows(&b->f, "it stays proposed"));
	bench_free(b);
}

static void a_second_enter_decides_what_fits(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	fake_keys(&b->f, "XP<Enter><Enter>");
	assert_int_equal(b->f.applied, 1);
	assert_true(b->f.n > 0);
	for (size_t i = 0; i < b->f.n; i++) {
		const struct alert *al = store_alert(b->f.desk.store,
			store_find(b->f.desk.store, b->f.rows[i].alert_id, NULL));
		assert_int_equal(b->f.rows[i].verdict, VERDICT_APPROVED);
		assert_int_equal(b->f.rows[i].approval, 3);
		assert_false(al->disagreement);
		assert_int_equal(approval_misfit(&b->f.last, al, fake_now()), 0);
	}
	assert_true(fake_shows(&b->f, "by approvals: "));
	bench_free(b);
}

static void automatic_is_a_choice(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	fake_keys(&b->f, "XP<BackTab>y");
	assert_true(fake_shows(&b->f, "yes: decides by itself"));
	fake_keys(&b->f, "<Enter>");
	assert_true(b->f.last.automatic);
	assert_int_equal(b->f.n, 0);
	bench_free(b);
}

static void a_failure_keeps_the_form(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	b->f.fail = true;
	fake_keys(&b->f, "XP<Enter>");
	assert_true(fake_shows(&b->f, "Approve account"));
	assert_true(fake_shows(&b->f, "nothing was approved: cannot write the journal"));
	b->f.fail = false;
	fake_keys(&b->f, "<Enter>");
	b->f.fail = true;
	fake_keys(&b->f, "<Enter>");
	assert_true(fake_shows(&b->f, "(approval 3)?"));
	assert_int_equal(b->f.n, 0);
	bench_free(b);
}

/* Written and not read back is recorded: nothing may say otherwise. */
static void recorded_is_said_to_be(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	b->f.unread = true;
	fake_keys(&b->f, "XP<Enter>");
	assert_int_equal(b->f.granted, 1);
	assert_true(fake_shows(&b->f, "it is recorded, but not shown yet: cannot read the journal"));
	assert_false(fake_shows(&b->f, "nothing was approved"));
	assert_false(fake_shows(&b->f, "Approve account"));
	bench_free(b);
}

static const struct approval *granted(struct bench *b)
{
	return approvals_find(b->f.desk.approvals, 3);
}

static void an_approval_is_ended_when_confirmed(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	fake_keys(&b->f, "p");
	assert_true(fake_shows(&b->f, "no approval was granted yet"));
	fake_keys(&b->f, "<Enter>XP<Enter><Enter><Esc>p");
	size_t n = b->f.n;
	assert_true(n > 0);
	assert_true(fake_shows(&b->f, "stands"));
	fake_keys(&b->f, "<Enter>");
	assert_true(fake_shows(&b->f, "This approval"));
	fake_keys(&b->f, "<Enter>");
	assert_true(fake_shows(&b->f, "End approval 3?"));
	assert_true(fake_shows(&b->f, "here that it approved"));
	app_paste(b->f.app, STR("x\ny\n"));
	assert_int_equal(b->f.amended, 0);
	fake_keys(&b->f, "<Esc>");
	assert_true(fake_shows(&b->f, "nothing was changed"));
	assert_int_equal(b->f.amended, 0);
	fake_keys(&b->f, "<Enter><Enter>vendor left<Enter>");
	assert_int_equal(b->f.amended, 1);
	assert_int_equal(granted(b)->ended, MAKE_T0 + 1);
	assert_true(str_is(granted(b)->ended_reason, "vendor left"));
	assert_int_equal(b->f.n, n);
	assert_true(fake_shows(&b->f, "open again (approval 3)?"));
	fake_keys(&b->f, "<Enter>");
	assert_int_equal(b->f.n, 2 * n);
	assert_true(fake_shows(&b->f, "ended"));
	fake_keys(&b->f, "<Enter>");
	assert_true(fake_shows(&b->f, "it has ended: nothing of it can be changed"));
	bench_free(b);
}

static void automatic_use_is_changed_when_confirmed(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	fake_keys(&b->f, "XP<Enter><Esc>p<Enter>auto<Enter>");
	assert_true(fake_shows(&b->f, "Let approval 3 decide by itself?"));
	assert_true(fake_shows(&b->f, "fit now"));
	app_paste(b->f.app, STR("y"));
	assert_false(granted(b)->automatic);
	fake_keys(&b->f, "<Enter>");
	assert_true(granted(b)->automatic);
	assert_int_equal(b->f.n, 0);
	assert_true(fake_shows(&b->f, "approved (approval 3)?"));
	fake_keys(&b->f, "<Esc>");
	assert_true(fake_shows(&b->f, "by itself"));
	fake_keys(&b->f, "<Enter>auto<Enter>");
	assert_true(fake_shows(&b->f, "Let approval 3 only propose?"));
	b->f.fail = true;
	fake_keys(&b->f, "<Enter>");
	assert_true(granted(b)->automatic);
	assert_true(fake_shows(&b->f, "nothing was changed: cannot write the journal"));
	b->f.fail = false;
	fake_keys(&b->f, "<Enter>");
	assert_false(granted(b)->automatic);
	assert_int_equal(b->f.n, 0);
	bench_free(b);
}

static void read_only_refuses(void **state)
{
	struct bench *b = bench_new(50, true);
	(void)state;
	fake_keys(&b->f, "XP");
	assert_true(fake_shows(&b->f, "read-only: nothing can be approved here"));
	fake_grant(&b->f, &(struct approval){.id = 3, .account = STR("000100000002"), .until = WHEN_NONE,
		.ended = WHEN_NONE}, 3);
	fake_keys(&b->f, "L<Enter><Enter>");
	assert_true(fake_shows(&b->f, "read-only: nothing can be decided here"));
	assert_int_equal(b->f.n, 0);
	bench_free(b);
}

static void pasting_grants_and_decides_nothing(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	fake_keys(&b->f, "XP");
	app_paste(b->f.app, STR("x\ny\n"));
	assert_int_equal(b->f.granted, 0);
	assert_true(fake_shows(&b->f, "replx y"));
	fake_keys(&b->f, "<^U><BackTab>");
	app_paste(b->f.app, STR("y"));
	fake_keys(&b->f, "<Enter>");
	assert_false(b->f.last.automatic);
	app_paste(b->f.app, STR("y\n"));
	assert_int_equal(b->f.n, 0);
	bench_free(b);
}

static void proposals_tell_fits_and_why_not(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	fake_keys(&b->f, "L");
	assert_true(fake_shows(&b->f, "no approval proposes anything"));
	fake_grant(&b->f, &(struct approval){.id = 5, .account = STR("000100000002"),
		.bucket = STR("bucket-1*"), .until = WHEN_NONE, .ended = WHEN_NONE}, 5);
	assert_true(fake_shows(&b->f, "What approvals propose"));
	assert_true(fake_shows(&b->f, "outside"));
	assert_true(fake_shows(&b->f, "bucket is not under bucket-1*"));
	fake_keys(&b->f, "G<Enter>");
	assert_true(fake_shows(&b->f, "it stays open, nothing is proposed"));
	fake_keys(&b->f, "g<Enter>");
	assert_true(fake_shows(&b->f, "(approval 5)?"));
	assert_int_equal(b->f.n, 0);
	fake_keys(&b->f, "<Enter>");
	assert_true(b->f.n > 0);
	assert_true(fake_shows(&b->f, "What approvals propose"));
	bench_free(b);
}

static void what_ended_is_opened_again_when_asked(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	fake_keys(&b->f, "XP<Enter><Enter><Esc>");
	size_t n = b->f.n;
	approvals_take(b->f.desk.approvals, &(struct approval_row){.seq = ++b->f.agreed,
		.event = APPROVAL_ENDED, .id = 3, .at = MAKE_T0 + 1, .analyst = STR("kim")});
	fake_keys(&b->f, "L");
	assert_true(fake_shows(&b->f, "the approval has ended"));
	fake_keys(&b->f, "<Enter>");
	assert_true(fake_shows(&b->f, "open again (approval 3)?"));
	assert_int_equal(b->f.n, n);
	fake_keys(&b->f, "<Enter>");
	assert_int_equal(b->f.n, 2 * n);
	assert_int_equal(b->f.rows[n].verdict, VERDICT_OPEN);
	bench_free(b);
}

/* A verdict of somebody else while the question stands: its numbers are asked about again. */
static void a_question_does_not_outlive_its_numbers(void **state)
{
	struct bench *b = bench_new(50, false);
	(void)state;
	fake_keys(&b->f, "XP<Enter><Enter>");
	struct decision first = b->f.rows[0];
	size_t n = b->f.n;
	first.verdict = VERDICT_OPEN;
	first.approval = 0;
	fake_append(&b->f, first);
	desk_sync(&b->f.desk, NULL);
	fake_keys(&b->f, "L<Enter>");
	assert_true(fake_shows(&b->f, "Mark 1 alert approved (approval 3)?"));
	first.verdict = VERDICT_SUSPICIOUS;
	fake_append(&b->f, first);
	desk_sync(&b->f.desk, NULL);
	fake_keys(&b->f, "<Enter>");
	assert_true(fake_shows(&b->f, "it changed meanwhile"));
	assert_int_equal(b->f.n, n + 2);
	bench_free(b);
}

/* A bucket that is called like a limit is not proposed as one. */
static void names_do_not_become_limits(void **state)
{
	struct bench *b = bench_new(0, false);
	struct alert al = make_alert(&b->f.mem, 2);
	bool fresh;
	(void)state;
	al.role = STR("arn:aws:iam::*");
	al.bucket = STR("b*");
	store_add(b->f.desk.store, &al, STR("{}"), &fresh);
	app_arrived(b->f.app);
	fake_keys(&b->f, "P");
	assert_true(fake_shows(&b->f, "Approve account"));
	fake_keys(&b->f, "<Enter>");
	assert_int_equal(b->f.granted, 1);
	assert_int_equal(b->f.last.role.n, 0);
	assert_int_equal(b->f.last.bucket.n, 0);
	bench_free(b);
}

/* What an event holds and no approval can have: left empty, and said. */
static void what_no_approval_has_is_not_proposed(void **state)
{
	struct bench *b = bench_new(0, false);
	struct alert al = make_alert(&b->f.mem, 2);
	bool fresh;
	(void)state;
	al.bucket = STR("b3");
	al.region = STR("moon");
	store_add(b->f.desk.store, &al, STR("{}"), &fresh);
	app_arrived(b->f.app);
	fake_keys(&b->f, "P");
	assert_true(fake_shows(&b->f, "no approval can name buckets 'b3', region 'moon'"));
	assert_true(fake_shows(&b->f, "1 open alert fits, 0 stay open"));
	fake_keys(&b->f, "<Enter>");
	assert_int_equal(b->f.granted, 1);
	assert_int_equal(b->f.last.bucket.n + b->f.last.region.n, 0);
	assert_int_equal(b->f.last.role.n, al.role.n);
	bench_free(b);
}

static void screens(void **state)
{
	static const struct {
		const char *name, *keys;
		int rows, cols;
	} cases[] = {
		{"app-approve-80x24", "XP", 24, 80},
		{"app-approve-120x40", "XP", 40, 120},
		{"app-propose-80x24", "XP<Enter>", 24, 80},
		{"app-proposals-120x40", "XP<Enter><Esc>L", 40, 120},
		{"app-approvals-120x40", "XP<Enter><Esc>p", 40, 120},
		{"app-approvals-80x24", "XP<Enter><Esc>p", 24, 80},
		{"app-approval-end-80x24", "XP<Enter><Enter><Esc>p<Enter><Enter>", 24, 80},
		{"app-approval-menu-80x24", "XP<Enter><Enter><Esc>p<Enter>", 24, 80},
	};
	bool ok = true;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench *b = bench_new(50, false);
		struct buf out;
		buf_init(&out, 0);
		b->f.height = cases[i].rows;
		b->f.width = cases[i].cols;
		fake_keys(&b->f, cases[i].keys);
		fake_draw(&b->f, cases[i].rows, cases[i].cols, &out);
		ok = golden_same(cases[i].name, buf_str(&out)) && ok;
		buf_fini(&out);
		bench_free(b);
	}
	assert_true(ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_form_starts_with_what_is_usual),
		cmocka_unit_test(the_preview_follows_the_fields),
		cmocka_unit_test(slips_stand_in_the_form),
		cmocka_unit_test(what_leaves_is_named),
		cmocka_unit_test(granting_decides_nothing),
		cmocka_unit_test(a_second_enter_decides_what_fits),
		cmocka_unit_test(automatic_is_a_choice),
		cmocka_unit_test(a_failure_keeps_the_form),
		cmocka_unit_test(recorded_is_said_to_be),
		cmocka_unit_test(an_approval_is_ended_when_confirmed),
		cmocka_unit_test(automatic_use_is_changed_when_confirmed),
		cmocka_unit_test(read_only_refuses),
		cmocka_unit_test(pasting_grants_and_decides_nothing),
		cmocka_unit_test(proposals_tell_fits_and_why_not),
		cmocka_unit_test(what_ended_is_opened_again_when_asked),
		cmocka_unit_test(a_question_does_not_outlive_its_numbers),
		cmocka_unit_test(names_do_not_become_limits),
		cmocka_unit_test(what_no_approval_has_is_not_proposed),
		cmocka_unit_test(screens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
