/*
 * Keys pressed at the worst moment: no key decides what was not on the screen when it was pressed.
 * Each of these waits for the frame in between, or is told why nothing happened.
 */
#include "app_fake.h"

#include "../../src/app/decide_priv.h"

#include "s3triage/export/export.h"

/* Sorted by time, newest first: alert n of N stands at N - 1 - n. */

static void one_that_arrives_never_takes_the_place_under_the_cursor(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	fake_frame(f); /* 9 is under the cursor; no key was pressed yet */
	fake_add(f, 10);
	app_arrived(f->app);
	fake_frame(f);
	fake_burst(f, "a");
	assert_int_equal(fake_verdict(f, 9), VERDICT_APPROVED);
	assert_int_equal(fake_verdict(f, 10), VERDICT_OPEN);
	fake_free(f);
}

static void the_first_reading_takes_no_verdict_for_what_came_on_top(void **state)
{
	struct fake *f = fake_new(0, "");
	(void)state;
	app_status(f->app, STR("reading"), true);
	for (unsigned i = 0; i < 5; i++) {
		fake_add(f, i);
		app_arrived(f->app);
		fake_frame(f);
	}
	fake_burst(f, "s");
	assert_int_equal(f->n, 0);
	assert_true(fake_shows(f, "nothing was decided: the list was still being filled, bucket-4 is on top"));
	fake_add(f, 5);
	app_arrived(f->app);
	fake_frame(f);
	fake_burst(f, "s"); /* the cursor is bound since the key before */
	assert_int_equal(fake_verdict(f, 4), VERDICT_SUSPICIOUS);
	assert_int_equal(f->n, 1);
	fake_free(f);
}

/* Its end is drawn with the order as it stays: from then on one key is enough. */
static void what_was_read_to_its_end_can_be_decided(void **state)
{
	struct fake *f = fake_new(0, "");
	(void)state;
	app_status(f->app, STR("reading"), true);
	for (unsigned i = 0; i < 3; i++) {
		fake_add(f, i);
		app_arrived(f->app);
		fake_frame(f);
	}
	app_status(f->app, STR("read"), false);
	fake_frame(f);
	fake_burst(f, "a");
	assert_int_equal(fake_verdict(f, 2), VERDICT_APPROVED);
	fake_free(f);
}

/* lee decides what kim looks at; with decided ones hidden the next takes its place. */
static void a_row_that_leaves_takes_its_key_along(void **state)
{
	(void)state;
	for (int drawn = 0; drawn < 2; drawn++) {
		struct fake *f = fake_new(10, "hide_decided = true\n");
		fake_keys(f, "j");
		fake_other(f, 8, VERDICT_APPROVED);
		if (drawn)
			assert_true(fake_shows(f, "+ approved by lee: bucket-8 left the list; the cursor went on"));
		fake_burst(f, "s");
		assert_int_equal(f->n, 1);
		assert_true(fake_shows(f, "nothing was decided"));
		fake_burst(f, "s"); /* seen now */
		assert_int_equal(fake_verdict(f, 7), VERDICT_SUSPICIOUS);
		fake_free(f);
	}
}

static void a_word_that_came_since_is_not_overruled(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	fake_frame(f);
	fake_other(f, 9, VERDICT_SUSPICIOUS);
	fake_burst(f, "a");
	assert_int_equal(fake_verdict(f, 9), VERDICT_SUSPICIOUS);
	assert_true(fake_shows(f, "nothing was decided: bucket-9 is suspicious by lee since"));
	fake_burst(f, "a");
	assert_true(fake_shows(f, "it is suspicious by lee"));
	fake_burst(f, "a");
	assert_int_equal(fake_verdict(f, 9), VERDICT_APPROVED);
	fake_free(f);
}

/* In the journal, but not read here yet: the journal itself says so. */
static void a_word_that_nobody_read_yet_is_not_overruled(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	fake_frame(f);
	f->unseen = make_decision(store_alert(f->desk.store, 9), 1, VERDICT_SUSPICIOUS);
	f->unseen.analyst = STR("lee");
	fake_burst(f, "a");
	assert_int_equal(fake_verdict(f, 9), VERDICT_SUSPICIOUS);
	assert_true(fake_shows(f, "it is suspicious by lee"));
	fake_burst(f, "a");
	assert_int_equal(fake_verdict(f, 9), VERDICT_APPROVED);
	fake_free(f);
}

/* The question is told and answered by two keys of one burst: it was not read. */
static void a_question_is_not_answered_in_the_burst_that_asked_it(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	fake_other(f, 9, VERDICT_SUSPICIOUS);
	fake_frame(f);
	fake_burst(f, "aa");
	assert_int_equal(fake_verdict(f, 9), VERDICT_SUSPICIOUS);
	fake_frame(f);
	fake_burst(f, "a");
	assert_int_equal(fake_verdict(f, 9), VERDICT_APPROVED);
	fake_free(f);
}

/* What stands no more on the screen is not what the same key answers. */
static void a_question_that_has_gone_is_asked_anew(void **state)
{
	static const char *const between[] = {"jk", "/bucket<Esc>", "?<Esc>", "<Tab><Tab>", "<Esc>", "u", "o"};
	(void)state;
	for (size_t i = 0; i <= ARRAY_LEN(between); i++) {
		struct fake *f = fake_new(10, "");
		fake_other(f, 9, VERDICT_SUSPICIOUS);
		fake_keys(f, "a");
		assert_true(fake_shows(f, "the same key again replaces it"));
		if (i < ARRAY_LEN(between))
			fake_keys(f, between[i]);
		else
			app_message(f->app, ROLE_WARN, STR("a source says something"));
		fake_keys(f, "a");
		assert_int_equal(fake_verdict(f, 9), VERDICT_SUSPICIOUS);
		assert_true(fake_shows(f, "the same key again replaces it"));
		fake_keys(f, "a");
		assert_int_equal(fake_verdict(f, 9), VERDICT_APPROVED);
		fake_free(f);
	}
}

/* Typed ahead while something ends: none of these letters is a verdict. */
static void what_was_typed_ahead_falls_through_nothing(void **state)
{
	static const char *const bursts[] = {"/bucket<Enter>as", "/bucket<Esc>as", "/bucket<Tab>as",
		"/bucket<Down>as", "/bucket<Up>as", "/bucket<^C>as", ":pane_list<Enter>as", ":x<Esc>as",
		"?<Esc>as", "2/a<Enter>as", "2/a<Esc>as", "n<Esc>as", "nreason<Enter>as", "X<Esc>as", "y<Esc>as",
		"S<Enter>as", "As<Esc>as", "As<Enter>", "As<Enter><Enter>", ":s<Enter>", ":a<Enter>", ":<Enter>",
		"?<Enter>", "?a<Enter>", ":suspicious<Enter>", "4asked", "Xa<Enter>"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bursts); i++) {
		struct fake *f = fake_new(10, "");
		fake_frame(f);
		fake_burst(f, bursts[i]);
		if (f->n)
			fail_msg("%s decided %zu", bursts[i], f->n);
		fake_free(f);
	}
}

/* The same with a frame behind each key. */
static void text_is_no_verdict(void **state)
{
	static const char *const scripts[] = {"/ac<Tab>as", "/ac<Down>as", "/ac<Up>as", "/ac<BackTab>as",
		"/a<PageDown>s<F5>as", ":s<Enter>", ":a<Enter>", ":<Enter>", ":o<Enter>", ":susp<Enter>",
		"?<Enter>", "?s<Enter>", "4asked the owner", "nasked<Enter>", "Anasked<Enter>", "nasked<Enter><Enter>"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
		struct fake *f = fake_new(10, "");
		fake_keys(f, scripts[i]);
		if (f->n)
			fail_msg("%s decided %zu", scripts[i], f->n);
		fake_free(f);
	}
}

static void whole_words_and_choices_of_the_palette_decide(void **state)
{
	static const char *const scripts[] = {":suspicious<Enter>", ":susp<Tab><Enter>", ":s<Down><Up><Enter>"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
		struct fake *f = fake_new(10, "");
		fake_keys(f, scripts[i]);
		assert_int_equal(fake_verdict(f, 9), VERDICT_SUSPICIOUS);
		assert_int_equal(f->n, 1);
		fake_free(f);
	}
}

static void keys_that_see_their_rows_are_one_burst(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	fake_frame(f);
	fake_burst(f, "jasja"); /* all of these rows are on the screen */
	assert_int_equal(fake_verdict(f, 8), VERDICT_APPROVED);
	assert_int_equal(fake_verdict(f, 7), VERDICT_SUSPICIOUS);
	assert_int_equal(fake_verdict(f, 5), VERDICT_APPROVED);
	fake_free(f);
	f = fake_new(50, "");
	fake_frame(f);
	fake_burst(f, "Ga"); /* the last of 50 was not */
	assert_int_equal(f->n, 0);
	assert_true(fake_shows(f, "nothing was decided: bucket-0 was not on the screen yet"));
	fake_burst(f, "a");
	assert_int_equal(fake_verdict(f, 0), VERDICT_APPROVED);
	fake_free(f);
}

/* ---- questions ------------------------------------------------------------------------------ */

static void a_preview_that_is_out_of_date_is_not_carried_out(void **state)
{
	(void)state;
	for (int drawn = 0; drawn < 2; drawn++) {
		struct fake *f = fake_new(10, "");
		fake_keys(f, "  s");
		fake_other(f, 9, VERDICT_APPROVED);
		if (drawn)
			assert_true(fake_shows(f, "1 approved by lee, 1h ago: overruled"));
		fake_burst(f, "<Enter>");
		assert_int_equal(f->n, 1);
		assert_true(fake_shows(f, "it changed meanwhile: look at the numbers again"));
		fake_burst(f, "<Enter>");
		assert_true(fake_shows(f, "others decided 1 of them (lee: approved"));
		fake_burst(f, "<Enter>");
		assert_int_equal(f->n, 3);
		fake_free(f);
	}
}

/* One goes and one comes: the counts are the same, the alerts are not. */
static void equal_counts_are_not_the_same_numbers(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	fake_other(f, 9, VERDICT_SUSPICIOUS);
	fake_keys(f, "g   s");
	assert_true(fake_shows(f, "3 marked: 2 change, 1 suspicious already"));
	fake_other(f, 9, VERDICT_OPEN);
	fake_other(f, 8, VERDICT_SUSPICIOUS);
	assert_true(fake_shows(f, "3 marked: 2 change, 1 suspicious already"));
	fake_burst(f, "<Enter>");
	assert_true(fake_shows(f, "it changed meanwhile: look at the numbers again"));
	assert_int_equal(f->n, 3);
	fake_free(f);
}

static void a_note_on_one_that_another_decided_is_asked_again(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	fake_keys(f, "nmine<Tab><Tab>a");
	fake_other(f, 9, VERDICT_SUSPICIOUS);
	fake_frame(f);
	fake_burst(f, "<Enter>");
	assert_true(fake_shows(f, "it changed meanwhile"));
	assert_true(fake_shows(f, "it is suspicious by lee, 1h ago"));
	assert_int_equal(f->n, 1);
	fake_free(f);
}

static void previews_say_whose_word_they_overrule(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	fake_keys(f, "a");                      /* 9, by kim */
	fake_other(f, 8, VERDICT_APPROVED);
	fake_keys(f, "gA" "s");
	assert_true(fake_shows(f, "8 open now"));
	assert_true(fake_shows(f, "1 approved by you, just now: overruled"));
	assert_true(fake_shows(f, "1 approved by lee, 1h ago: overruled"));
	assert_true(fake_shows(f, "bucket-0, bucket-1, bucket-2, bucket-3, bucket-4 +5"));
	assert_true(fake_shows(f, "by user-0 (4), user-1 (3), user-2 (3)"));
	fake_keys(f, "<Enter><Enter>");
	fake_keys(f, "u");
	assert_true(fake_shows(f, "taken back: 8 now open, 2 approved again"));
	fake_free(f);
}

/* An id that was decided on with other facts is left out of every verdict on many. */
static void other_content_is_decided_by_itself(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	struct alert was = *store_alert(f->desk.store, 9);
	was.bucket = STR("another");
	struct buf facts;
	buf_init(&facts, 0);
	export_facts(&was, &facts);
	struct decision d = make_decision(&was, 1, VERDICT_APPROVED);
	d.facts = buf_str(&facts);
	d.analyst = STR("lee");
	f->rows[f->n++] = d;
	desk_sync(&f->desk, NULL);
	fake_keys(f, "A" "a<^T>");
	assert_true(fake_shows(f, "10 marked: 9 change"));
	assert_true(fake_shows(f, "1 left out: their id was decided on with other facts"));
	fake_keys(f, "<Enter>");
	assert_int_equal(fake_verdict(f, 9), VERDICT_OPEN);
	assert_int_equal(f->n, 10);
	fake_keys(f, "<Esc>gn");
	assert_true(fake_shows(f, "decided on other content: approved by lee"));
	buf_fini(&facts);
	fake_free(f);
}

static struct fake *asks_about_many(const char *keys)
{
	struct fake *f = fake_new(50, "");
	f->height = 16;
	f->width = 60;
	fake_keys(f, "Xs<^T>");
	fake_burst(f, keys);
	fake_keys(f, "<Enter>");
	return f;
}

/* Those that differ are taken in by Enter only when each of them was on the screen. */
static void what_differs_is_read_before_it_is_taken_in(void **state)
{
	static const char down[] = "<PageDown><PageDown><PageDown><PageDown><PageDown><PageDown><PageDown>";
	struct fake *f = asks_about_many("");
	(void)state;
	assert_true(str_find(buf_str(&f->app->message), STR("were not on the screen yet")) != STR_NONE);
	for (int pages = 0; outlier_list_unread(f->app->decide); pages++) {
		assert_int_equal(f->n, 0);
		assert_true(pages < 40);
		fake_keys(f, pages == 2 ? "<^T><^T>" : "<PageDown>"); /* what was read stays so */
		fake_keys(f, "<Enter>");
	}
	assert_int_equal(f->n, 11);
	fake_free(f);
	f = asks_about_many(down); /* passed over, not shown */
	assert_int_equal(f->n, 0);
	fake_free(f);
}

/* ---- notes ---------------------------------------------------------------------------------- */

static void n_asks_for_a_verdict(void **state)
{
	(void)state;
	for (int marked = 0; marked < 2; marked++) {
		struct fake *f = fake_new(10, "");
		fake_keys(f, marked ? "  n" : "n");
		fake_keys(f, "asked the owner<Enter>");
		assert_int_equal(f->n, 0);
		assert_true(fake_shows(f, "no verdict is chosen: a approved, s suspicious, o open"));
		fake_keys(f, marked ? "s<Enter>" : "o<Enter>");
		assert_int_equal(f->n, marked ? 2 : 1);
		assert_int_equal(fake_verdict(f, 9), marked ? VERDICT_SUSPICIOUS : VERDICT_OPEN);
		assert_true(str_is(f->rows[0].reason, "asked the owner"));
		if (!marked) {
			assert_true(fake_shows(f, "? still open: bucket-9, what you wrote is recorded"));
			fake_keys(f, "n");
			assert_true(fake_shows(f, "it is open by you, just now: asked the owner"));
		}
		fake_free(f);
	}
}

static void what_is_being_written_is_kept(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	fake_keys(f, "na long<Tab>finding<Esc>");
	assert_true(fake_shows(f, "nothing was decided; what you wrote is kept"));
	fake_keys(f, "jn");
	assert_false(fake_shows(f, "finding")); /* another alert, another note */
	fake_keys(f, "<Esc>");
	app_free(f->app); /* the terminal is gone, say */
	fake_start(f);
	fake_keys(f, "n");
	assert_true(fake_shows(f, "a long____"));
	assert_true(fake_shows(f, "finding"));
	assert_true(fake_shows(f, "what you wrote before is still here, not recorded yet"));
	fake_keys(f, "<Tab><Tab>s<Enter>");
	assert_true(str_is(f->rows[0].note, "finding"));
	assert_string_equal(f->draft, ""); /* recorded: no more to be kept */
	fake_keys(f, "A" "nfor all<Esc>");
	fake_keys(f, "a");
	assert_true(fake_shows(f, "for all____"));
	fake_free(f);
}

/* Neither to another analyst, nor about something else that has the id. */
static void what_is_being_written_is_offered_to_its_writer_alone(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	fake_keys(f, "nasked the owner<Esc>");
	app_free(f->app);
	f->desk.analyst = STR("lee");
	fake_start(f);
	fake_keys(f, "n");
	assert_false(fake_shows(f, "asked the owner"));
	fake_keys(f, "<Esc>");
	struct fake *other = fake_new(0, "");
	struct alert a = make_alert(&other->mem, 9);
	bool fresh;
	a.bucket = STR("another");
	store_add(other->desk.store, &a, STR("{}"), &fresh);
	app_free(other->app);
	fake_start(other);
	memcpy(other->draft, f->draft, sizeof(f->draft));
	memcpy(other->reason, f->reason, sizeof(f->reason));
	fake_keys(other, "n");
	assert_false(fake_shows(other, "asked the owner"));
	fake_free(other);
	fake_free(f);
}

static void a_verdict_without_what_was_written_says_so(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	fake_keys(f, "nasked the owner<Esc>a");
	assert_int_equal(fake_verdict(f, 9), VERDICT_APPROVED);
	assert_int_equal(f->rows[0].reason.n, 0);
	assert_true(fake_shows(f, "what you wrote is kept, not recorded: n there shows it"));
	fake_keys(f, "gn");
	assert_true(fake_shows(f, "asked the owner"));
	fake_keys(f, "<Esc>js");
	assert_false(fake_shows(f, "what you wrote"));
	fake_free(f);
}

static void what_cannot_be_kept_is_said(void **state)
{
	struct fake *f = fake_new(10, "");
	(void)state;
	f->fail = true;
	fake_keys(f, "nx");
	assert_true(fake_shows(f, "what you write would be lost with this console: No space left"));
	fake_free(f);
}

/* ---- the clipboard -------------------------------------------------------------------------- */

/* Whatever an event writes into its fields: what is copied is one line that can be seen, or nothing. */
static void what_is_copied_is_one_visible_line(void **state)
{
	static const char *const bad[] = {"x\ntouch ./PASTED\n", "x\033[201~", "x\xc2\x9b" "31m", "x\xe2\x80\xae" "y",
		"x\xe2\x80\x8b" "y", "x\ty", "x\xff" "y"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct fake *f = fake_new(0, "");
		struct alert al = make_alert(&f->mem, 1);
		bool fresh;
		al.bucket = al.actor_arn = al.role = str_c(bad[i]);
		store_add(f->desk.store, &al, STR("{\"eventVersion\":\"1.09\",\"x\":\"a\xe2\x80\xae\"}"), &fresh);
		app_arrived(f->app);
		static const char *const menu[] = {"ybucket<Enter>", "yactor<Enter>", "yrole<Enter>"};
		for (size_t k = 0; k < ARRAY_LEN(menu); k++) {
			fake_keys(f, menu[k]);
			assert_string_equal(f->copied, "");
			assert_true(fake_shows(f, "not copied: the "));
		}
		static const char *const more[] = {"yJSON<Enter>", "ysql: same identity<Enter>", "ykql: same identity<Enter>",
			"yeql: same bucket<Enter>", "yshell: events of the user<Enter>"};
		for (size_t k = 0; k < ARRAY_LEN(more); k++) {
			fake_keys(f, more[k]);
			for (const char *c = f->copied; *c; c++)
				assert_true(*c >= ' ' && *c != 127);
			assert_null(strstr(f->copied, "\xe2\x80"));
		}
		fake_free(f);
	}
}

static void all_accounts_are_copied(void **state)
{
	struct fake *f = fake_new(0, "");
	struct alert al = make_alert(&f->mem, 1);
	bool fresh;
	(void)state;
	al.n_dests = 150;
	struct alert_dest *dests = arena_array(&f->mem, al.n_dests, sizeof(*dests));
	al.dests = dests;
	for (size_t i = 0; i < al.n_dests; i++)
		dests[i] = (struct alert_dest){.account = arena_fmt(&f->mem, "%012zu", i), .relation = RELATION_OTHER};
	store_add(f->desk.store, &al, STR("{}"), &fresh);
	app_arrived(f->app);
	fake_keys(f, "ydestination<Enter>");
	assert_true(fake_shows(f, "sent the destination to the terminal's clipboard (OSC 52), 1949 bytes"));
	fake_free(f);
}

static const char *no_home(const char *name)
{
	(void)name;
	return NULL;
}

/* It says so wherever one looks, in the place of a milder warning, and no key is recorded. */
static void a_journal_that_went_away_takes_nothing(void **state)
{
	(void)state;
	struct fake *f = fake_new(3, "");
	fake_frame(f);
	fake_burst(f, "s");
	assert_int_equal(f->n, 1);
	f->place = JOURNAL_GONE;
	f->desk.env = no_home;
	f->desk.journal_path = (char[]){"j.db"};
	fake_frame(f);
	fake_burst(f, "a");
	assert_int_equal(f->n, 1);
	assert_true(fake_shows(f, "JOURNAL GONE: nothing is recorded any more. "));
	assert_true(fake_shows(f, "its 3 rows could not be"));
	assert_true(fake_shows(f, "kept (the disk is full)"));
	f->place = JOURNAL_IN_PLACE; /* what it missed meanwhile nobody knows */
	fake_frame(f);
	fake_burst(f, "au<Space>s");
	assert_int_equal(f->n, 1);
	f->desk.journal_path = NULL;
	fake_free(f);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		TEST(one_that_arrives_never_takes_the_place_under_the_cursor),
		TEST(the_first_reading_takes_no_verdict_for_what_came_on_top),
		TEST(what_was_read_to_its_end_can_be_decided),
		TEST(a_row_that_leaves_takes_its_key_along),
		TEST(a_word_that_came_since_is_not_overruled),
		TEST(a_word_that_nobody_read_yet_is_not_overruled),
		TEST(a_question_is_not_answered_in_the_burst_that_asked_it),
		TEST(a_question_that_has_gone_is_asked_anew),
		TEST(what_was_typed_ahead_falls_through_nothing), TEST(text_is_no_verdict),
		TEST(whole_words_and_choices_of_the_palette_decide),
		TEST(keys_that_see_their_rows_are_one_burst),
		TEST(a_preview_that_is_out_of_date_is_not_carried_out),
		TEST(equal_counts_are_not_the_same_numbers),
		TEST(a_note_on_one_that_another_decided_is_asked_again),
		TEST(previews_say_whose_word_they_overrule), TEST(other_content_is_decided_by_itself),
		TEST(what_differs_is_read_before_it_is_taken_in),
		TEST(n_asks_for_a_verdict),
		TEST(what_is_being_written_is_kept), TEST(a_verdict_without_what_was_written_says_so),
		TEST(what_is_being_written_is_offered_to_its_writer_alone), TEST(what_cannot_be_kept_is_said),
		TEST(a_journal_that_went_away_takes_nothing),
		TEST(what_is_copied_is_one_visible_line), TEST(all_accounts_are_copied),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
