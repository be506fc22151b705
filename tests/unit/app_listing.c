/*
 * The tables of the console: accounts with one verdict for all of an account, and back.
 */
#include "app_fake.h"

#include "../../src/app/app_priv.h"

static void groups_open_and_close(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "X");
	assert_true(fake_shows(f, "Alerts by account"));
	assert_true(fake_shows(f, "spread"));
	fake_keys(f, "E");
	assert_true(fake_shows(f, "Alerts by bucket"));
	fake_keys(f, "<Esc>");
	assert_true(fake_shows(f, "Alerts by account")); /* one step back */
	fake_keys(f, "<Esc>");
	assert_false(fake_shows(f, "Alerts by"));
	assert_int_equal(f->n, 0);
	fake_free(f);
}

/* One step back is the table before, on its row; to go to one again is to go back to it. */
static void esc_goes_back_by_tables(void **state)
{
	static const struct {
		const char *keys, *shows; /* NULL: the list */
	} cases[] = {
		{"X<Esc>", NULL}, {"XW<Esc>", "Alerts by account"}, {"XWE<Esc>", "Alerts by actor"},
		{"XWE<Esc><Esc>", "Alerts by account"}, {"XWE<Esc><Esc><Esc>", NULL}, {"XX<Esc>", NULL},
		{"XWX<Esc>", NULL}, {"XWXW<Esc>", "Alerts by account"}, {"XWXW<Esc><Esc>", NULL},
		{"XW<Enter><Enter>E<Esc>", NULL}, /* from a row to the list: the way there is over */
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fake *f = fake_new(50, "");
		fake_keys(f, cases[i].keys);
		if (cases[i].shows)
			assert_true(fake_shows(f, cases[i].shows));
		else
			assert_false(fake_shows(f, "Alerts by"));
		fake_free(f);
	}
	struct fake *f = fake_new(50, "");
	fake_keys(f, "Ejj");
	struct app *a = f->app;
	assert_int_equal(a->listing.at, 2);
	fake_keys(f, "X");
	assert_int_equal(a->listing.at, 0);
	fake_keys(f, "<Esc>");
	assert_int_equal(a->listing.at, 2);
	fake_free(f);
}

static void opening_twice_filters_the_list(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "E<Enter><Enter>");
	assert_false(fake_shows(f, "Alerts by"));
	assert_true(fake_shows(f, "bucket:\"bucket-"));
	fake_free(f);
}

static void a_verdict_for_all_has_a_preview(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "Xs");
	assert_true(fake_shows(f, "suspicious?"));
	assert_int_equal(f->n, 0);
	fake_keys(f, "<Esc>");
	assert_int_equal(f->n, 0);
	assert_true(fake_shows(f, "Alerts by account"));
	fake_keys(f, "stheft<Enter>");
	assert_true(f->n > 1);
	for (size_t i = 0; i < f->n; i++) {
		assert_int_equal(f->rows[i].verdict, VERDICT_SUSPICIOUS);
		assert_true(str_is(f->rows[i].reason, "theft"));
	}
	assert_true(fake_shows(f, "Alerts by account"));
	fake_free(f);
}

/* A table's verdict looks at all alerts of the row, and leaves the list as it was. */
static void the_filter_outlives_a_verdict(void **state)
{
	static const char *const ends[] = {"<Esc>", "<Enter>"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct fake *f = fake_new(50, "");
		fake_keys(f, "fbucket:bucket-3<Enter>");
		fake_keys(f, "Xs");
		fake_keys(f, ends[i]);
		fake_keys(f, "<Esc>");
		assert_true(fake_shows(f, "bucket:bucket-3"));
		assert_true(i == 0 ? f->n == 0 : f->n > 1);
		assert_true(i == 1 || !fake_shows(f, "marked"));
		fake_free(f);
	}
}

static void pasting_decides_nothing_in_a_table(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "X");
	app_paste(f->app, STR("sa\n"));
	assert_int_equal(f->n, 0);
	assert_true(fake_shows(f, "pasted text is taken only where text is typed"));
	fake_free(f);
}

/* Without related events there is nothing to show, and it is said. */
static void tables_without_context(void **state)
{
	struct fake *f = fake_new(5, "");
	(void)state;
	fake_keys(f, "N");
	assert_true(fake_shows(f, "no events beside the alerts"));
	fake_keys(f, "T");
	assert_true(fake_shows(f, "no events beside the alerts"));
	fake_free(f);
}

/* A refused call is told from one that was done at every width, and both name the same bucket. */
static void the_timeline_marks_what_failed(void **state)
{
	static const int widths[] = {80, 120, 200};
	struct fake *f = fake_new(1, "");
	(void)state;
	const struct alert *a = store_alert(f->desk.store, 0);
	struct context *c = f->desk.context = context_new(f->desk.store);
	struct related r = {.what = {.time = a->time - 1000, .call = CALL_PutBucketReplication, .actor_arn = a->actor_arn,
		.principal = principal_of(a->actor_arn, a->actor), .bucket = a->bucket, .event_id = STR("denied-1"),
		.result = STR("AccessDenied")}};
	context_add(c, &r);
	fake_keys(f, "T");
	for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
		AUTO(buf_fini) struct buf drawn = {0};
		fake_draw(f, 24, widths[i], &drawn);
		const char *denied = strstr(buf_cstr(&drawn), "!x  PutBucketReplication"), *done =
			strstr(buf_cstr(&drawn), ">   PutBucketReplication");
		if (!denied || !done)
			fail_msg("%d columns: %s", widths[i], buf_cstr(&drawn));
		struct str line = {done, strcspn(done, "\n")};
		assert_true(str_find(line, a->bucket) != STR_NONE && str_find(line, STR("copies-")) == STR_NONE);
	}
	app_free(f->app);
	f->app = NULL;
	context_free(c);
	fake_free(f);
}

static void a_table_narrows(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "E/bucket-3<Enter>");
	assert_true(fake_shows(f, "bucket-3"));
	assert_false(fake_shows(f, "bucket-4 "));
	fake_keys(f, "<Esc>");
	assert_true(fake_shows(f, "bucket-4 "));
	fake_free(f);
}

/* What is chosen from the menus of a table is done to its row, never to an alert behind it. */
static void menus_of_a_table_stay_there(void **state)
{
	static const char *const menus[] = {"X?suspicious<Enter>", "X:suspicious<Enter>",
		"X<Tab>?suspicious<Enter>"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(menus); i++) {
		struct fake *f = fake_new(50, "");
		fake_keys(f, menus[i]);
		assert_int_equal(f->n, 0);
		assert_true(fake_shows(f, "suspicious?"));
		assert_true(fake_shows(f, ": all its alerts, whatever the list shows"));
		fake_keys(f, "<Esc>");
		assert_true(fake_shows(f, "Alerts by account"));
		fake_keys(f, "?");
		assert_true(fake_shows(f, "Keys in this table"));
		assert_true(fake_shows(f, "all alerts of this row, after a preview"));
		fake_keys(f, "<Esc>");
		assert_true(fake_shows(f, "Alerts by account"));
		assert_int_equal(f->n, 0);
		fake_free(f);
	}
}

static void unknown_keys_of_a_table_are_told(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "XA");
	assert_true(fake_shows(f, "A does nothing in this table"));
	fake_keys(f, "z");
	assert_true(fake_shows(f, "z does nothing in this table"));
	fake_free(f);
}

/* A table's verdict takes no mark away but those of alerts that it decides. */
static void marks_outlive_a_verdict(void **state)
{
	(void)state;
	struct fake *f = fake_new(50, "");
	fake_keys(f, "<Space><Space><Space>");
	assert_true(fake_shows(f, "3 marked"));
	fake_keys(f, "Xs");
	assert_false(fake_shows(f, "3 marked:"));
	fake_keys(f, "<Esc><Esc>");
	assert_true(fake_shows(f, "3 marked"));
	fake_keys(f, "Xs<Enter>");
	assert_int_equal(f->n, 6);
	fake_keys(f, "<Esc>");
	/* Of the three the group had one; five of the group differ and are left out. */
	assert_int_equal(fake_verdict(f, 49), VERDICT_SUSPICIOUS);
	assert_true(fake_shows(f, "7 marked"));
	fake_free(f);
}

/* The list's filter counts as little after a change in the dialog as before. */
static void the_preview_keeps_to_all_alerts(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "fbucket:bucket-3<Enter>Xs");
	assert_true(fake_shows(f, " 0 outside this filter"));
	fake_keys(f, "<^T><^T>");
	assert_true(fake_shows(f, " 0 outside this filter"));
	fake_free(f);
}

static void what_arrives_moves_no_cursor(void **state)
{
	struct fake *f = fake_new(3, "");
	(void)state;
	fake_keys(f, "E>>j");
	struct buf before, after;
	buf_init(&before, 0);
	buf_init(&after, 0);
	fake_draw(f, 24, 100, &before);
	for (unsigned i = 3; i < 60; i++)
		fake_add(f, i);
	app_arrived(f->app);
	fake_draw(f, 24, 100, &after);
	size_t b = str_find(buf_str(&before), STR("\xE2\x96\x8C")), c = str_find(buf_str(&after), STR("\xE2\x96\x8C"));
	assert_true(b != STR_NONE && c != STR_NONE);
	assert_memory_equal(buf_cstr(&before) + b, buf_cstr(&after) + c, 14);
	buf_fini(&before);
	buf_fini(&after);
	fake_free(f);
}

static void a_page_is_searched(void **state)
{
	struct fake *f = fake_new(50, "");
	(void)state;
	fake_keys(f, "X<Tab>/role<Enter>");
	assert_true(fake_shows(f, " hits "));
	fake_keys(f, "nnN");
	assert_int_equal(f->n, 0);
	fake_keys(f, "/no-such-thing<Enter>");
	assert_true(fake_shows(f, "'no-such-thing' is not on this page"));
	fake_keys(f, "<Esc>");
	assert_true(fake_shows(f, "Alerts by account"));
	fake_free(f);
}

/* A row opened shows the alerts that it counts, and no others: also those of names that would be
 * wildcards or syntax, of one name in two accounts, and those that name none. */
static void opening_a_row_shows_exactly_its_alerts(void **state)
{
	static const char *const tables[] = {"X", "W", "E", "R"};
	static const char *const names[] = {"deploy", "de*", "\"x\" or *", "a\\b", ""};
	(void)state;
	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		struct fake *f = fake_new(40, "");
		bool fresh;
		for (unsigned i = 0; i < 20; i++) {
			struct alert a = make_alert(&f->mem, 100 + i);
			a.actor = a.bucket = a.role = str_c(names[i % ARRAY_LEN(names)]);
			a.actor_arn = i % 2 && a.actor.n ? arena_fmt(&f->mem, "arn:aws:iam::%012u:user/%.*s",
				i % 4, STR_ARG(a.actor)) : STR("");
			a.actor_type = a.actor.n ? a.actor_type : STR("");
			a.n_dests = i % 7 ? a.n_dests : 0;
			store_add(f->desk.store, &a, (struct str){0}, &fresh);
		}
		app_arrived(f->app);
		fake_keys(f, tables[t]);
		assert_true(fake_shows(f, "Alerts by"));
		struct groups *g = f->app->listing.groups[f->app->listing.by];
		for (size_t i = 0; i < groups_count(g); i++) {
			size_t want = groups_at(g, i)->alerts;
			f->app->listing.at = i;
			fake_keys(f, "<Enter><Enter>");
			assert_true(fake_shows(f, "1 Alerts")); /* the filter counts from the next frame on */
			size_t shown = selection_count(f->app->sel);
			if (shown != want)
				fail_msg("%s, row %zu: %zu of %zu, filter %.*s", tables[t], i, shown, want,
					STR_ARG(line_str(&f->app->filter)));
			fake_keys(f, tables[t]);
		}
		fake_free(f);
	}
}

/* A filter and an order belong to the table in which they were typed, and are shown there. */
static void each_table_keeps_its_own_filter(void **state)
{
	(void)state;
	struct fake *f = fake_new(50, "");
	fake_keys(f, "X");
	struct groups *accounts = f->app->listing.groups[GROUP_ACCOUNT];
	size_t all = groups_count(accounts);
	fake_keys(f, "/0006<Enter>><Esc>");
	fake_keys(f, "X");
	fake_keys(f, "/0006<Enter>>");
	assert_int_equal(groups_count(accounts), 1);
	fake_keys(f, "W");
	assert_int_equal(f->app->listing.filter.text.n, 0);
	assert_true(fake_shows(f, "user-0"));
	fake_keys(f, "NX");
	assert_int_equal(f->app->listing.filter.text.n, 4);
	assert_int_equal(groups_count(accounts), 1);
	assert_true(fake_shows(f, "0006"));
	fake_keys(f, "<Esc>");
	assert_int_equal(groups_count(accounts), all);
	fake_keys(f, "W>"); /* from its own order on */
	bool descending;
	assert_int_equal(groups_sorted(f->app->listing.groups[GROUP_ACTOR], &descending), GROUP_SORT_KEY);
	fake_free(f);
}

static bool hides(struct fake *f, const char *text)
{
	struct buf b = {0};
	fake_draw(f, 40, 120, &b);
	bool none = str_find(buf_str(&b), str_c(text)) == STR_NONE;
	buf_fini(&b);
	return none;
}

/* Another filter begins anew, Esc brings back the one before, and what stands hides no message. */
static void a_filter_is_typed_anew(void **state)
{
	(void)state;
	struct fake *f = fake_new(50, "");
	fake_keys(f, "X");
	struct groups *accounts = f->app->listing.groups[GROUP_ACCOUNT];
	size_t all = groups_count(accounts);
	fake_keys(f, "/0006");
	assert_true(fake_shows(f, "Enter keep"));
	assert_true(hides(f, "s suspicious"));
	fake_keys(f, "<Enter>");
	assert_true(fake_shows(f, "Alerts by account  /0006"));
	assert_true(fake_shows(f, "s suspicious"));
	fake_keys(f, "/0003");
	assert_true(fake_shows(f, "Alerts by account  /0003"));
	assert_int_equal(groups_count(accounts), 1);
	fake_keys(f, "<Esc>");
	assert_true(fake_shows(f, "Alerts by account  /0006"));
	assert_int_equal(groups_count(accounts), 1);
	fake_keys(f, "x");
	assert_true(fake_shows(f, "x does nothing in this table"));
	fake_keys(f, "/0003<Enter>/<Enter>");
	assert_int_equal(groups_count(accounts), all);
	fake_free(f);
}

/* What has no row to do it to, or no journal, is not named. */
static void hints_name_what_does_something(void **state)
{
	static const struct {
		const char *keys, *named, *not_named;
	} rows[] = {
		{"", "a approve", NULL}, {"/nothing<Enter>", "/ find", "a approve"},
		{"FX", "Enter open", NULL}, {"/nothing<Enter>", "/ find", "Enter open"},
		{"<Esc><Esc>2/role", "Enter keep", "a approve"}, {"<Esc>1L", "Esc back", "Enter decide"},
		{"<Esc>p", "Esc back", "Enter end"},
	};
	(void)state;
	struct fake *f = fake_new(50, "");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		fake_keys(f, rows[i].keys);
		if (!fake_shows(f, rows[i].named) || (rows[i].not_named && !hides(f, rows[i].not_named)))
			fail_msg("row %zu", i);
	}
	fake_keys(f, "<Esc>F");
	f->desk.read_only = true;
	assert_true(hides(f, "approve") && hides(f, "undo"));
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_a_row_shows_exactly_its_alerts),
		cmocka_unit_test(each_table_keeps_its_own_filter),
		cmocka_unit_test(a_filter_is_typed_anew),
		cmocka_unit_test(hints_name_what_does_something),
		cmocka_unit_test(groups_open_and_close), cmocka_unit_test(esc_goes_back_by_tables),
		cmocka_unit_test(opening_twice_filters_the_list),
		cmocka_unit_test(a_verdict_for_all_has_a_preview),
		cmocka_unit_test(the_filter_outlives_a_verdict),
		cmocka_unit_test(pasting_decides_nothing_in_a_table),
		cmocka_unit_test(tables_without_context),
		cmocka_unit_test(the_timeline_marks_what_failed),
		cmocka_unit_test(a_table_narrows),
		cmocka_unit_test(menus_of_a_table_stay_there),
		cmocka_unit_test(unknown_keys_of_a_table_are_told),
		cmocka_unit_test(marks_outlive_a_verdict),
		cmocka_unit_test(the_preview_keeps_to_all_alerts),
		cmocka_unit_test(what_arrives_moves_no_cursor),
		cmocka_unit_test(a_page_is_searched),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
