#include "app_fake.h"
#include "s3triage/base/hash.h"

static struct fake *team(bool shared)
{
	struct fake *f = fake_new(3, "sort = 'bucket'\ndescending = false\n");
	f->desk.out.sender = shared ? (struct sender *)(void *)f : NULL;
	for (row_id r = 0; r < 2; r++) {
		struct decision d = make_decision(store_alert(f->desk.store, r), (int64_t)f->n + 1,
			VERDICT_SUSPICIOUS);
		d.analyst = STR("lee");
		f->rows[f->n++] = d;
		desk_sync(&f->desk, NULL);
	}
	return f;
}

static void asked_first(void **state)
{
	(void)state;
	struct fake *f = team(true);
	fake_keys(f, "a");
	assert_int_equal(store_verdict(f->desk.store, 0), VERDICT_SUSPICIOUS);
	assert_true(fake_shows(f, "it is suspicious by lee"));
	fake_keys(f, "o"); /* another verdict is another question */
	assert_int_equal(store_verdict(f->desk.store, 0), VERDICT_SUSPICIOUS);
	fake_keys(f, "aa");
	assert_int_equal(store_verdict(f->desk.store, 0), VERDICT_APPROVED);
	fake_free(f);
}

static void own_words_need_no_question(void **state)
{
	(void)state;
	struct fake *f = team(true);
	fake_keys(f, "ga"); /* told */
	fake_keys(f, "a");  /* now it is kim's */
	fake_keys(f, "gs");
	assert_int_equal(store_verdict(f->desk.store, 0), VERDICT_SUSPICIOUS);
	fake_free(f);
}

/* Who only says the same does not make it her own: the next step asks, and so after an undo. */
static void agreeing_is_no_way_round(void **state)
{
	(void)state;
	struct fake *f = team(true);
	fake_keys(f, "gn<Tab><Tab>s<Tab>I think so, too<Enter>");
	assert_true(fake_shows(f, "it is already suspicious by lee"));
	assert_int_equal(f->n, 2);
	fake_keys(f, "<Enter>");
	assert_int_equal(f->n, 3);
	assert_true(str_is(store_decision(f->desk.store, 0)->analyst, "kim"));
	for (int i = 0; i < 2; i++) {
		fake_keys(f, "ga");
		assert_true(fake_shows(f, "it is suspicious by lee"));
		assert_int_equal(store_verdict(f->desk.store, 0), VERDICT_SUSPICIOUS);
		fake_keys(f, "a");
		assert_int_equal(store_verdict(f->desk.store, 0), VERDICT_APPROVED);
		fake_keys(f, "u");
	}
	fake_keys(f, "g <Home>Aa<^T>");
	assert_true(fake_shows(f, "2 suspicious by lee"));
	fake_keys(f, "<Enter>");
	assert_true(fake_shows(f, "others decided 2 of them"));
	fake_free(f);
}

static void marked_ones_too(void **state)
{
	(void)state;
	struct fake *f = team(true);
	fake_keys(f, "Aa<^T><Enter>");
	assert_true(fake_shows(f, "others decided 2 of them"));
	assert_int_equal(store_count_verdict(f->desk.store, VERDICT_APPROVED), 0);
	fake_keys(f, "<Enter>");
	assert_int_equal(store_count_verdict(f->desk.store, VERDICT_APPROVED), 3);
	fake_free(f);
}

/* Without a team's place, over one local journal, the other's word counts as much. */
static void asked_without_a_team_too(void **state)
{
	(void)state;
	struct fake *f = team(false);
	fake_keys(f, "a");
	assert_true(fake_shows(f, "it is suspicious by lee"));
	assert_int_equal(store_verdict(f->desk.store, 0), VERDICT_SUSPICIOUS);
	fake_keys(f, "a");
	assert_int_equal(store_verdict(f->desk.store, 0), VERDICT_APPROVED);
	fake_keys(f, "<^O>");
	assert_true(fake_shows(f, "nothing is shared"));
	fake_free(f);
}

static void choosing(void **state)
{
	(void)state;
	struct fake *f = team(true);
	fake_keys(f, "g<^O>");
	assert_string_equal(f->copied, "alert-000000:0");
	fake_keys(f, "<^O>");
	assert_string_equal(f->copied, "alert-000000:1");
	fake_keys(f, "<^T>");
	assert_string_equal(f->copied, "alert-000000:0");
	fake_keys(f, "<^T>");
	assert_string_equal(f->copied, "alert-000000:2");
	fake_keys(f, "<^O>jk<^O>"); /* what was told has gone from the screen */
	assert_string_equal(f->copied, "alert-000000:0");
	fake_free(f);
}

/* Nothing of the last batch stands: told once, and gone past when the same key comes next. */
static bool nothing_stands(struct fake *f, bool redo, struct journal_taken *t)
{
	size_t n = strlen(f->copied);
	snprintf(f->copied + n, sizeof(f->copied) - n, "%s%d ", redo ? "r" : "u", (int)t->told);
	*t = (struct journal_taken){.told = 5, .stays = 1, .seq = f->rows[f->n - 1].seq,
		.verdict = VERDICT_SUSPICIOUS, .who = "lee", .id = "gone~0123"};
	return true;
}

static struct fake *undoing(struct fake *f)
{
	f->undo = nothing_stands;
	f->copied[0] = '\0';
	return f;
}

static void going_on_needs_the_same_key(void **state)
{
	(void)state;
	struct fake *f = undoing(team(false));
	fake_keys(f, "uuu");
	assert_string_equal(f->copied, "u0 u5 u5 ");
	fake_keys(f, "ju<^R>u<^R><^R>");
	assert_string_equal(f->copied, "u0 u5 u5 u0 r0 u0 r0 r5 ");
	app_paste(f->app, STR("u"));
	fake_keys(f, "<^R>");
	assert_string_equal(f->copied, "u0 u5 u5 u0 r0 u0 r0 r5 r0 ");
	fake_free(f);
}

static bool would_overrule(struct fake *f, bool redo, struct journal_taken *t)
{
	bool fine = nothing_stands(f, redo, t);
	t->overrules = true;
	return fine;
}

/* What a redo would replace is named with whose it is, and how to go on. */
static void a_redo_asks_first(void **state)
{
	(void)state;
	struct fake *f = undoing(team(false));
	f->undo = would_overrule;
	fake_keys(f, "<^R>");
	assert_true(fake_shows(f, "bucket-1 stays suspicious by lee; the same key again replaces that"));
	fake_keys(f, "<^R>");
	assert_string_equal(f->copied, "r0 r5 ");
	fake_free(f);
}

/* Of two contents of an id it says which; of what is not loaded, too. */
static void an_undo_says_which_content(void **state)
{
	(void)state;
	struct fake *f = undoing(team(false));
	fake_keys(f, "u");
	assert_true(fake_shows(f, "; bucket-1 stays suspicious by lee"));
	struct alert twin = *store_alert(f->desk.store, 1);
	bool fresh;
	twin.bucket = STR("bucket-1-b");
	store_add(f->desk.store, &twin, STR("{}"), &fresh);
	assert_true(fresh);
	fake_keys(f, "ju");
	AUTO(buf_fini) struct buf text = {0};
	const struct alert *al = store_alert(f->desk.store, 1);
	assert_true(al->plain_id.n);
	buf_fmt(&text, "; %.*s stays suspicious", STR_ARG(al->id));
	assert_true(fake_shows(f, buf_cstr(&text)));
	f->rows[f->n - 1].seq = 99;
	fake_keys(f, "ju");
	assert_true(fake_shows(f, "; gone~0123 stays suspicious"));
	fake_free(f);
}

static bool has_old(const char *name, struct buf *path)
{
	char first[SHA256_HEX], two[SHA256_HEX];
	sha256_hex(STR("alert-000000\n"), first);
	sha256_hex(STR("alert-000000\nalert-000001\n"), two);
	bool is = strcmp(name, first) == 0 || strcmp(name, two) == 0;
	if (is)
		buf_c(path, "/drafts/old");
	return is;
}

/* What a version kept that did not say whose it is, is told, and offered to nobody. */
static void an_old_draft_is_told(void **state)
{
	(void)state;
	struct fake *f = team(false);
	f->old_draft = has_old;
	fake_keys(f, "gn");
	assert_true(fake_shows(f, "remove /drafts/old"));
	fake_keys(f, "<Esc>jn");
	assert_false(fake_shows(f, "/drafts/old"));
	fake_keys(f, "<Esc>g  n");
	assert_true(fake_shows(f, "/drafts/old"));
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asked_first), cmocka_unit_test(own_words_need_no_question),
		cmocka_unit_test(marked_ones_too), cmocka_unit_test(agreeing_is_no_way_round), cmocka_unit_test(asked_without_a_team_too),
		cmocka_unit_test(choosing), cmocka_unit_test(going_on_needs_the_same_key),
		cmocka_unit_test(a_redo_asks_first), cmocka_unit_test(an_undo_says_which_content), cmocka_unit_test(an_old_draft_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
