/*
 * The console by keys: what they decide, where the cursor goes, what is said.
 */
#include "app_fake.h"

/* Sorted by time, newest first; alerts 0 to 49 are a minute apart: alert n stands at 49 - n. */

static void one_key_decides(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "a");
	assert_int_equal(fake_verdict(f, 49), VERDICT_APPROVED);
	assert_int_equal(f->n, 1);
	assert_true(fake_shows(f, "+ approved: bucket-10"));
	fake_keys(f, "s");
	assert_int_equal(fake_verdict(f, 48), VERDICT_SUSPICIOUS);
	fake_keys(f, "ko");
	assert_int_equal(fake_verdict(f, 48), VERDICT_OPEN);
	fake_keys(f, "o");
	assert_int_equal(f->n, 3);
	assert_true(fake_shows(f, "it is open already"));
	fake_free(f);
}

static void advance_within_filter(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "/bucket-3<Enter>");
	fake_keys(f, "aaaa");
	assert_int_equal(fake_verdict(f, 42), VERDICT_APPROVED);
	assert_int_equal(fake_verdict(f, 29), VERDICT_APPROVED);
	assert_int_equal(fake_verdict(f, 16), VERDICT_APPROVED);
	assert_int_equal(fake_verdict(f, 3), VERDICT_APPROVED);
	assert_true(fake_shows(f, "no open alert is left within the filter"));
	fake_keys(f, "a");
	assert_int_equal(f->n, 4);
	fake_free(f);
}

/* Recorded, but not read back: it is never called undecided, and nothing is shown as decided. */
static void recorded_is_said_to_be(void **state)
{
	struct fake *f = fake_new(5, "");
	(void)state;
	f->unread = true;
	fake_keys(f, "s");
	assert_true(fake_shows(f, "it is recorded, but not shown yet: cannot read the journal"));
	assert_int_equal(f->n, 0);
	fake_keys(f, "A" "s<Enter>");
	assert_true(fake_shows(f, "it is recorded, but not shown yet"));
	assert_false(fake_shows(f, "nothing was decided"));
	fake_free(f);
}

static void nothing_without_journal(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	f->fail = true;
	fake_keys(f, "a");
	assert_int_equal(fake_verdict(f, 49), VERDICT_OPEN);
	assert_true(fake_shows(f, "nothing was decided: cannot write the journal"));
	f->fail = false;
	fake_keys(f, "s");
	assert_int_equal(fake_verdict(f, 49), VERDICT_SUSPICIOUS);
	fake_free(f);
}

static void undo_and_redo(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "as");
	fake_keys(f, "u");
	assert_int_equal(fake_verdict(f, 48), VERDICT_OPEN);
	assert_true(fake_shows(f, "taken back: bucket-9 is open again (was suspicious)"));
	fake_keys(f, "uu");
	assert_int_equal(fake_verdict(f, 49), VERDICT_OPEN);
	assert_true(fake_shows(f, "no decision to take back"));
	fake_keys(f, "<^R><^R>");
	assert_int_equal(fake_verdict(f, 48), VERDICT_SUSPICIOUS);
	assert_int_equal(fake_verdict(f, 49), VERDICT_APPROVED);
	fake_free(f);
}

static void bulk_has_a_preview(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "a");               /* 49 is approved before */
	fake_keys(f, "g <Down><Down>V"); /* marks 49, then to 46 */
	fake_keys(f, "a<^T>"); /* they have little in common: all of them all the same */
	assert_int_equal(f->n, 1);
	assert_true(fake_shows(f, "4 marked: 3 change, 1 approved already, 0 outside this filter"));
	fake_keys(f, "backup<Tab>CHG-1<Enter>");
	assert_int_equal(f->n, 4);
	assert_int_equal(fake_verdict(f, 46), VERDICT_APPROVED);
	assert_true(str_is(f->rows[3].reason, "backup"));
	assert_true(str_is(f->rows[3].note, "CHG-1"));
	assert_true(str_eq(f->rows[1].batch, f->rows[3].batch));
	fake_keys(f, "u");
	assert_int_equal(fake_verdict(f, 46), VERDICT_OPEN);
	assert_int_equal(fake_verdict(f, 49), VERDICT_APPROVED);
	fake_free(f);
}

static void bulk_leaves_out_what_is_filtered(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "A/bucket-3<Enter>s");
	assert_true(fake_shows(f, "50 marked: 4 change, 0 suspicious already, 46 outside this filter"));
	fake_keys(f, "<Esc>");
	assert_int_equal(f->n, 0);
	assert_true(fake_shows(f, "nothing was decided"));
	fake_keys(f, "s<Enter>");
	assert_int_equal(f->n, 4);
	fake_free(f);
}

static void many_ask_for_their_number(void **state)
{
	struct fake *f = fake_new(300, "");
	(void)state;
	fake_keys(f, "As<Enter>");
	assert_int_equal(f->n, 0);
	assert_true(fake_shows(f, "type 300, the number of alerts"));
	fake_keys(f, "30<Enter>");
	assert_int_equal(f->n, 0);
	fake_keys(f, "0<Enter>");
	assert_int_equal(f->n, 300);
	fake_free(f);
}

static void note_with_verdict(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "n");
	fake_keys(f, "exfil<Tab>IR 7<Tab>s");
	assert_true(fake_shows(f, "x suspicious"));
	fake_keys(f, "<Enter>");
	assert_int_equal(fake_verdict(f, 49), VERDICT_SUSPICIOUS);
	assert_true(str_is(f->rows[0].reason, "exfil"));
	assert_true(str_is(f->rows[0].note, "IR 7"));
	fake_free(f);
}

/* The question names the worst destination, also one without a name, and says that there are others. */
static void the_question_says_where_to(void **state)
{
	struct alert_dest to[] = {{.account = STR("777788889999"), .relation = RELATION_OTHER},
		{.relation = RELATION_UNNAMED}, {.account = STR("555566667777"), .relation = RELATION_OTHER},
		{.account = STR("777788889999"), .relation = RELATION_OTHER}};
	struct fake *f = fake_new(3, "");
	bool fresh;
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct alert a = make_alert(&f->mem, 60 + i);
		a.bucket = i ? STR("one") : STR("many");
		a.dests = i ? &to[1] : to;
		a.n_dests = i ? 1 : ARRAY_LEN(to);
		store_add(f->desk.store, &a, STR("{}"), &fresh);
	}
	app_arrived(f->app);
	fake_keys(f, "/bucket:one<Enter>n");
	assert_true(fake_shows(f, "one > not named  "));
	fake_keys(f, "<Esc>F/bucket:many<Enter>n");
	assert_true(fake_shows(f, "many > not named +2 "));
	fake_free(f);
}

static void same_destination(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "D");
	assert_true(fake_shows(f, "marked 11 within the filter with destination account 000100000000"));
	fake_keys(f, "<Esc>");
	fake_keys(f, "B");
	assert_true(fake_shows(f, "with bucket bucket-10"));
	fake_free(f);
}

static void others_do_not_move_the_cursor(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "jjj");
	for (unsigned i = 60; i < 70; i++)
		fake_add(f, i); /* at times among the others */
	app_arrived(f->app);
	assert_true(fake_shows(f, "10 new"));
	struct alert other = make_alert(&f->mem, 49);
	struct decision d = make_decision(&other, 900, VERDICT_APPROVED);
	f->rows[f->n++] = d;
	desk_sync(&f->desk, NULL);
	fake_keys(f, "a");
	assert_int_equal(fake_verdict(f, 46), VERDICT_APPROVED);
	assert_int_equal(fake_verdict(f, 49), VERDICT_APPROVED);
	fake_free(f);
}

/* What the panes show is read again when the server says something else. */
static void a_status_changed_in_kibana_is_shown(void **state)
{
	struct fake *f = fake_new(50, "");
	bool fresh;
	(void)state;

	struct alert a = make_alert(&f->mem, 49);
	a.from_kibana = true;
	for (uint32_t n = 1; n <= 2; n++) {
		a.workflow_status = str_c(n == 1 ? "open" : "acknowledged");
		a.workflow = n;
		row_id r = store_add(f->desk.store, &a, STR("{}"), &fresh);
		assert_false(fresh || r != 49);
		app_arrived(f->app);
		assert_true(fake_shows(f, n == 1 ? "In Kibana" : "acknowledged"));
	}
	assert_true(fake_shows(f, "50 of 50 open"));
	fake_keys(f, "a");
	assert_int_equal(fake_verdict(f, 49), VERDICT_APPROVED);
	fake_free(f);
}

static void half_typed_filter_keeps_the_list(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "/bucket:\"bucket-3\" ");
	assert_true(fake_shows(f, "1/4"));
	fake_keys(f, "and (");
	assert_true(fake_shows(f, "1/4"));
	fake_keys(f, "<Enter>");
	assert_true(fake_shows(f, "not a filter yet"));
	fake_keys(f, "<Esc>");
	assert_true(fake_shows(f, "1/50"));
	fake_free(f);
}

static void hide_and_sort(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "aaaH");
	assert_true(fake_shows(f, "1/47"));
	fake_keys(f, "H>");
	assert_true(fake_shows(f, "by time v"));
	fake_keys(f, "r");
	assert_true(fake_shows(f, "by time ^"));
	fake_keys(f, "Sbucket<Enter>");
	assert_true(fake_shows(f, "by bucket ^"));
	fake_free(f);
}

static void pasting_decides_nothing(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	app_paste(f->app, STR("a\nsssq"));
	assert_int_equal(f->n, 0);
	assert_true(fake_shows(f, "pasted text is taken only where text is typed"));
	fake_keys(f, "n");
	app_paste(f->app, STR("keys off\r\n02:40\n"));
	assert_int_equal(f->n, 0);
	assert_true(fake_shows(f, "keys off  02:40"));
	fake_keys(f, "<Enter>"); /* no verdict is chosen */
	assert_int_equal(f->n, 0);
	fake_keys(f, "s<Enter>");
	assert_true(str_is(f->rows[0].reason, "keys off  02:40"));
	fake_free(f);
}

static void alt_letters_do_nothing(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "<Alt-a><Alt-s><Alt-q>");
	assert_int_equal(f->n, 0);
	assert_int_equal(f->after & APP_QUIT, 0);
	fake_keys(f, "q");
	assert_int_equal(f->after & APP_QUIT, APP_QUIT);
	fake_free(f);
}

static void search_in_a_pane(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "4/account<Enter>");
	assert_true(fake_shows(f, "hits"));
	fake_keys(f, "nnN");
	assert_int_equal(f->n, 0);
	fake_keys(f, "/zzzz<Enter>");
	assert_true(fake_shows(f, "'zzzz' is not in this pane"));
	fake_free(f);
}

static void help_runs(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "?");
	assert_true(fake_shows(f, "Keys on the list"));
	fake_keys(f, "suspicious:<Enter>");
	assert_int_equal(fake_verdict(f, 49), VERDICT_SUSPICIOUS);
	fake_keys(f, ":pane_g<Enter>");
	assert_true(fake_shows(f, "[4 Guide]"));
	fake_keys(f, "yevent<Enter>");
	assert_string_equal(f->copied, "event-000048");
	fake_free(f);
}

static void escape_stops_the_scan_last(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	app_status(f->app, STR("reading"), true);
	fake_keys(f, " 2z<Esc><Esc>");
	assert_false(f->stopped);
	fake_keys(f, "<Esc>");
	assert_false(f->stopped);
	fake_keys(f, "<Esc>");
	assert_true(f->stopped);
	fake_free(f);
}

static void read_only(void **state)
{
	struct fake *f = fake_new(5, "");
	struct app_setup setup = {.desk = &f->desk, .config = f->config,
		.io = {.ctx = f}};
	(void)state;
	f->desk.read_only = true;
	app_free(f->app);
	f->app = app_new(&setup);
	fake_keys(f, "a");
	assert_true(fake_shows(f, "read-only: nothing can be decided"));
	fake_keys(f, "nu A");
	assert_int_equal(f->n, 0);
	fake_free(f);
}

/* As `open --filter TEXT --sort COLUMN` asks for. */
static void begins_with_a_filter_and_an_order(void **state)
{
	struct fake *f = fake_new(12, "");
	struct app_setup setup = {.desk = &f->desk, .config = f->config,
		.filter = STR("nothing-like-that"), .sort = STR("-bucket"),
		.io = {.ctx = f}};
	(void)state;
	app_free(f->app);
	f->app = app_new(&setup);
	assert_true(fake_shows(f, "nothing-like-that"));
	assert_true(fake_shows(f, "None of 12 alerts is within the filter"));
	fake_keys(f, "F");
	assert_false(fake_shows(f, "within the filter"));
	fake_free(f);
}

static void empty_lists(void **state)
{
	struct fake *f = fake_new(0, "");
	(void)state;
	assert_true(fake_shows(f, "No alert"));
	fake_keys(f, "ajkGgnu DVA 2jjn/x<Enter>v?<Esc>y<Enter>");
	assert_int_equal(f->n, 0);
	fake_free(f);
	f = fake_new(5, "");
	fake_keys(f, "/nothing<Enter>a");
	assert_true(fake_shows(f, "None of 5 alerts is within the filter"));
	fake_free(f);
}

/* Keys at random, at sizes at random: nothing may break, and only verdict keys write. */
static void any_keys_at_any_size(void **state)
{
	static const uint32_t special[] = {KEY_CODE_UP, KEY_CODE_DOWN, KEY_CODE_ENTER, KEY_CODE_ESC,
		KEY_CODE_TAB, KEY_CODE_BACKSPACE, KEY_CODE_PAGE_DOWN, KEY_CODE_PAGE_UP, 18, 4, 21};
	struct fake *f = fake_new(60, "");
	uint64_t seed = 7;
	(void)state;
	for (int i = 0; i < 3000 && f->n < FAKE_ROWS - 400 && f->n_stack < 60 && f->n_undone < 60; i++) {
		uint32_t n = make_random(&seed);
		struct key k = {n % 3 ? 33 + n / 3 % 94 : special[n / 3 % ARRAY_LEN(special)], false};
		app_key(f->app, k);
		if (i % 10)
			continue;
		struct buf b;
		buf_init(&b, 0);
		fake_draw(f, 1 + (int)(make_random(&seed) % 60), 1 + (int)(make_random(&seed) % 220), &b);
		buf_fini(&b);
	}
	fake_free(f);
}

/* ":so" offers sort before note, whose help has the word "reason". */
static void palette_puts_beginnings_first(void **state)
{
	struct fake *f = fake_new(5, "");
	(void)state;
	fake_keys(f, ":so<Enter>");
	assert_true(fake_shows(f, "Sort by"));
	fake_free(f);
}

/* ---- whole screens -------------------------------------------------------------------------- */

static void screens(void **state)
{
	static const struct {
		const char *name, *keys;
		int rows, cols;
	} cases[] = {
		{"app-start-120x40", "", 40, 120},
		{"app-decided-80x24", "asjs", 24, 80},
		{"app-bulk-120x40", "DA/bucket-1<Enter>s", 40, 120},
		{"app-note-80x24", "nexfil<Tab>IR-204", 24, 80},
		{"app-help-80x24", "?", 24, 80},
		{"app-help-find-120x40", "2?scr", 40, 120},
		{"app-palette-80x24", ":pane", 24, 80},
		{"app-search-200x50", "4/destination<Enter>n", 50, 200},
		{"app-raw-80x24", "2v", 24, 80},
		{"app-why-120x40", "w", 40, 120},
		{"app-why-80x24", "w", 24, 80},
		{"app-guide-40x10", "4", 10, 40},
		{"app-filter-error-80x24", "/bucket-3 and (", 24, 80},
		{"app-copy-80x24", "y", 24, 80},
	};
	(void)state;
	bool ok = true;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fake *f = fake_new(50, "");
		struct buf b;
		buf_init(&b, 0);
		f->height = cases[i].rows;
		f->width = cases[i].cols;
		fake_keys(f, cases[i].keys);
		fake_draw(f, cases[i].rows, cases[i].cols, &b);
		ok = golden_same(cases[i].name, buf_str(&b)) && ok;
		buf_fini(&b);
		fake_free(f);
	}
	assert_true(ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_key_decides), cmocka_unit_test(advance_within_filter),
		cmocka_unit_test(recorded_is_said_to_be),
		cmocka_unit_test(nothing_without_journal), cmocka_unit_test(undo_and_redo),
		cmocka_unit_test(bulk_has_a_preview), cmocka_unit_test(bulk_leaves_out_what_is_filtered),
		cmocka_unit_test(many_ask_for_their_number), cmocka_unit_test(note_with_verdict),
		cmocka_unit_test(the_question_says_where_to),
		cmocka_unit_test(same_destination), cmocka_unit_test(others_do_not_move_the_cursor),
		cmocka_unit_test(a_status_changed_in_kibana_is_shown),
		cmocka_unit_test(half_typed_filter_keeps_the_list), cmocka_unit_test(hide_and_sort),
		cmocka_unit_test(pasting_decides_nothing), cmocka_unit_test(alt_letters_do_nothing),
		cmocka_unit_test(search_in_a_pane), cmocka_unit_test(help_runs),
		cmocka_unit_test(escape_stops_the_scan_last), cmocka_unit_test(read_only),
		cmocka_unit_test(begins_with_a_filter_and_an_order),
		cmocka_unit_test(empty_lists), cmocka_unit_test(any_keys_at_any_size),
		cmocka_unit_test(palette_puts_beginnings_first), cmocka_unit_test(screens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
