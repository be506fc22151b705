#include "../unit.h"

#include "alert_make.h"

#include "s3triage/base/when.h"
#include "s3triage/account/accounts.h"

#include <time.h>

static int signal_of(void *ctx, row_id r)
{
	return (int)(store_signals(ctx, r) & 15);
}

static struct groups *groups_by(struct store *s, enum group_by by, const struct book *b)
{
	return groups_new(&(struct groups_setup){.store = s, .by = by, .book = b,
		.signal = signal_of, .ctx = s});
}

static struct str key_of(const struct alert *a, enum group_by by, size_t dest)
{
	return by == GROUP_ACCOUNT ? a->dests[dest].account : by == GROUP_ACTOR ? a->actor_arn :
		by == GROUP_BUCKET ? a->bucket : a->role;
}

static bool has_key(const struct alert *a, enum group_by by, struct str key)
{
	for (size_t i = 0; i < a->n_dests; i++)
		if (str_eq(key_of(a, by, i), key))
			return true;
	return false;
}

/* Buckets of rows with the key, each counted at its first row. */
static size_t different_buckets(const struct store *s, enum group_by by, struct str key)
{
	size_t n = 0;
	for (row_id r = 0; r < store_count(s); r++) {
		const struct alert *a = store_alert(s, r);
		bool first = has_key(a, by, key);
		for (row_id q = 0; q < r && first; q++)
			first = !has_key(store_alert(s, q), by, key) ||
				!str_eq(store_alert(s, q)->bucket, a->bucket);
		n += first;
	}
	return n;
}

/* The slow way, row by row. */
static void check_group(const struct groups *g, struct store *s, enum group_by by,
	const struct group *x)
{
	size_t alerts = 0, open = 0;
	int signal = 0;
	int64_t first = WHEN_NONE, last = WHEN_NONE;
	row_id rows[512];
	for (row_id r = 0; r < store_count(s); r++) {
		const struct alert *a = store_alert(s, r);
		if (!has_key(a, by, x->key))
			continue;
		alerts++;
		open += store_verdict(s, r) == VERDICT_OPEN;
		signal = signal_of(s, r) > signal ? signal_of(s, r) : signal;
		first = first == WHEN_NONE || a->time < first ? a->time : first;
		last = a->time > last ? a->time : last;
	}
	assert_int_equal(x->alerts, alerts);
	assert_int_equal(x->verdicts[VERDICT_OPEN], open);
	assert_int_equal(x->signal, signal);
	assert_true(x->first == first && x->last == last);
	assert_int_equal(x->buckets, different_buckets(s, by, x->key));
	size_t n = groups_rows(g, x->key, rows, 512);
	assert_int_equal(n, alerts);
	for (size_t i = 0; i < n; i++)
		assert_true(has_key(store_alert(s, rows[i]), by, x->key) &&
			(!i || rows[i - 1] < rows[i]));
}

static void check_all(const struct groups *g, struct store *s, enum group_by by)
{
	size_t total = 0, want = 0;
	for (size_t i = 0; i < groups_count(g); i++) {
		check_group(g, s, by, groups_at(g, i));
		assert_int_equal(groups_index(g, groups_at(g, i)->key), i);
		total += groups_at(g, i)->alerts;
	}
	for (row_id r = 0; r < store_count(s); r++)
		want += by == GROUP_ACCOUNT ? store_alert(s, r)->n_dests : 1;
	assert_int_equal(total, want);
}

/* Alerts, decisions and signals in a random order, Kibana's facts over local ones. */
static void agrees_with_counting_row_by_row(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		uint64_t random = seed;
		struct arena mem = {0};
		struct store *s = store_new();
		struct groups *g[GROUP_BYS];
		for (int by = 0; by < GROUP_BYS; by++)
			g[by] = groups_by(s, (enum group_by)by, NULL);
		for (int64_t step = 1; step <= 120; step++) {
			struct alert a = make_alert(&mem, make_random(&random) % 60);
			struct decision d = make_decision(&a, step,
				(enum verdict)(make_random(&random) % VERDICTS));
			bool fresh;
			a.from_kibana = make_random(&random) % 4 == 0;
			if (a.from_kibana)
				a.bucket = STR("renamed");
			if (make_random(&random) % 2)
				store_add(s, &a, (struct str){0}, &fresh);
			else
				store_decide(s, &d);
			if (store_count(s))
				store_set_signals(s, make_random(&random) % (uint32_t)store_count(s),
					make_random(&random) % 16);
			for (int by = 0; by < GROUP_BYS && step % 7 == 0; by++)
				groups_update(g[by]);
		}
		for (int by = 0; by < GROUP_BYS; by++) {
			groups_update(g[by]);
			assert_false(groups_update(g[by]));
			check_all(g[by], s, (enum group_by)by);
			groups_recount(g[by]);
			check_all(g[by], s, (enum group_by)by);
			groups_free(g[by]);
		}
		store_free(s);
		arena_fini(&mem);
	}
}

static void sorts_and_filters(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	struct book *b = book_new();
	bool fresh;
	assert_true(book_read(b, STR("id,name,kind\n000100000001,Alpha,approved\n"
		"000100000002,Beta,flagged\n"), "f", NULL));
	for (unsigned i = 0; i < 40; i++) {
		struct alert a = make_alert(&mem, i);
		store_add(s, &a, (struct str){0}, &fresh);
	}
	struct groups *g = groups_by(s, GROUP_ACCOUNT, b);
	assert_true(groups_update(g));
	assert_int_equal(groups_count(g), 7);
	for (int key = 0; key < GROUP_SORTS; key++) {
		enum group_sort parsed;
		assert_true(group_sort_parse(str_c(group_sort_name((enum group_sort)key)), &parsed));
		assert_int_equal(parsed, key);
		groups_sort(g, (enum group_sort)key, key % 2);
		assert_int_equal(groups_count(g), 7);
	}
	groups_sort(g, GROUP_SORT_KEY, false);
	assert_true(str_is(groups_at(g, 0)->key, "000100000000"));
	groups_sort(g, GROUP_SORT_KIND, true);
	assert_true(str_is(groups_at(g, 0)->known->name, "Beta"));
	groups_sort(g, GROUP_SORT_ALERTS, true);
	for (size_t i = 1; i < 7; i++)
		assert_true(groups_at(g, i - 1)->alerts >= groups_at(g, i)->alerts);
	const struct {
		const char *words;
		size_t n;
	} cases[] = {{"beta", 1}, {"FLAGGED", 1}, {"unknown", 5}, {"00010000000", 7}, {"beta alpha", 0},
		{"  beta  0001", 1}, {"", 7}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		groups_filter(g, str_c(cases[i].words));
		if (groups_count(g) != cases[i].n)
			fail_msg("'%s': %zu", cases[i].words, groups_count(g));
	}
	groups_filter(g, STR("beta"));
	assert_int_equal(groups_index(g, STR("000100000001")), STR_NONE);
	assert_non_null(groups_find(g, STR("000100000001")));
	assert_null(groups_find(g, STR("nothing")));
	groups_free(g);
	book_free(b);
	store_free(s);
	arena_fini(&mem);
}

/* The words of a filter are looked for in what the row shows, in every table. */
static void filters_by_what_is_shown(void **state)
{
	static const struct {
		enum group_by by;
		const char *words;
		size_t n;
	} cases[] = {
		{GROUP_ACCOUNT, "not named", 1}, {GROUP_ACCOUNT, "named 7777", 0}, {GROUP_ACCOUNT, "unknown", 2},
		{GROUP_ACTOR, "iamuser", 2}, {GROUP_ACTOR, "kim iamuser", 1}, {GROUP_ACTOR, "111122223333", 2},
		{GROUP_ACTOR, "unknown", 0}, {GROUP_BUCKET, "LOGS", 1}, {GROUP_BUCKET, "not", 0},
		{GROUP_ROLE, "not named", 1}, {GROUP_ROLE, "unknown", 0}, {GROUP_ROLE, "", 2},
	};
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	bool fresh;
	for (unsigned i = 0; i < 2; i++) {
		struct alert a = make_alert(&mem, i);
		a.actor = i ? STR("lee") : STR("kim");
		a.actor_arn = i ? STR("arn:aws:iam::111122223333:user/lee") : STR("arn:aws:iam::111122223333:user/kim");
		a.actor_type = STR("IAMUser");
		a.caller_account = STR("111122223333");
		a.bucket = i ? STR("acme-logs") : STR("acme-data");
		a.role = i ? STR("") : STR("arn:aws:iam::111122223333:role/repl");
		struct alert_dest to = a.dests[0];
		to.account = i ? STR("") : STR("777788889999");
		a.dests = &to;
		a.n_dests = 1;
		store_add(s, &a, (struct str){0}, &fresh);
	}
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct groups *g = groups_by(s, cases[i].by, NULL);
		groups_update(g);
		groups_filter(g, str_c(cases[i].words));
		if (groups_count(g) != cases[i].n)
			fail_msg("table %d, '%s': %zu", cases[i].by, cases[i].words, groups_count(g));
		groups_free(g);
	}
	store_free(s);
	arena_fini(&mem);
}

/* Each destination is worse than the one before it. */
static void the_worst_destination_stands_for_all(void **state)
{
	(void)state;
	static const struct alert_dest dests[] = {
		{.account = STR_INIT("000100000001"), .relation = RELATION_OWN},
		{.account = STR_INIT("000100000001"), .relation = RELATION_OWN, .claim = true},
		{.account = STR_INIT("000100000002")}, {.account = STR_INIT("000100000003")},
		{.account = STR_INIT("000100000004")}, {.account = STR_INIT("000100000002"), .claim = true},
		{.account = STR_INIT("000100000005")}, {.relation = RELATION_UNNAMED},
		{.written = STR_INIT("***"), .relation = RELATION_INVALID},
		{.account = STR_INIT("000100000006"), .claim = true},
	};
	struct arena mem = {0};
	struct store *s = store_new();
	struct book *b = book_new();
	bool fresh;
	assert_true(book_read(b, STR("id,kind\n000100000002,organisation\n000100000003,approved\n"
		"000100000004,vendor\n000100000006,flagged\n"), "f", NULL));
	store_set_book(s, b);
	for (size_t i = 0; i < ARRAY_LEN(dests); i++)
		for (size_t k = 0; k < ARRAY_LEN(dests); k++) {
			const struct alert_dest two[] = {dests[i], dests[k]};
			struct alert a = make_alert(&mem, (unsigned)(i * 16 + k));
			a.dests = two;
			a.n_dests = 2;
			const struct alert *kept = store_alert(s, store_add(s, &a, (struct str){0}, &fresh));
			const struct alert_dest *worst = alert_main_dest(kept), *want = &dests[i > k ? i : k];
			assert_true(str_eq(worst->account, want->account));
			assert_true(worst->relation == want->relation && worst->claim == want->claim);
		}
	store_free(s);
	book_free(b);
	arena_fini(&mem);
}

/* Whoever writes a request chooses how many rules it has, and in which order. */
static void every_destination_has_a_row(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	struct alert_dest dests[300];
	struct alert a = make_alert(&mem, 1);
	bool fresh;
	for (unsigned i = 0; i < ARRAY_LEN(dests); i++)
		dests[i] = (struct alert_dest){.account = arena_fmt(&mem, "%012u", 5000 + i % 290)};
	a.dests = dests;
	a.n_dests = ARRAY_LEN(dests);
	store_add(s, &a, (struct str){0}, &fresh);
	struct groups *g = groups_by(s, GROUP_ACCOUNT, NULL);
	groups_update(g);
	assert_int_equal(groups_count(g), 290);
	assert_int_equal(groups_find(g, STR("000000005289"))->accounts, 290);
	groups_free(g);
	store_free(s);
	arena_fini(&mem);
}

/* The same name in two accounts, of two kinds, of two partitions, with and without an ARN. */
static void an_actor_is_more_than_a_name(void **state)
{
	(void)state;
	static const struct {
		const char *arn, *type, *account, *label, *person, *provider;
	} actors[] = {
		{"arn:aws:iam::000100000001:user/deploy", "IAMUser", "000100000001", "deploy of 000100000001, IAMUser",
			NULL, NULL},
		{"arn:aws:iam::000100000002:user/deploy", "IAMUser", "000100000002", "deploy of 000100000002, IAMUser",
			NULL, NULL},
		{"arn:aws-cn:iam::000100000001:user/deploy", "IAMUser", "000100000001", NULL, NULL, NULL},
		{"arn:aws:sts::000100000001:assumed-role/deploy/a", "AssumedRole", "000100000001", NULL, NULL, NULL},
		{"arn:aws:sts::000100000001:assumed-role/deploy/a", "AssumedRole", "000100000001", NULL, "dana", ""},
		{"arn:aws:sts::000100000001:assumed-role/deploy/a", "AssumedRole", "000100000001", NULL, "eve", ""},
		{"arn:aws:sts::000100000001:assumed-role/deploy/a", "AssumedRole", "000100000001", NULL, "", "web.example"},
		{"arn:aws:sts::000100000001:assumed-role/deploy/a", "AssumedRole", "000100000001", NULL, "", "other.example"},
		{"", "SAMLUser", "000100000001", "deploy of 000100000001, SAMLUser", NULL, NULL},
		{"", "SAMLUser", "000100000002", NULL, NULL, NULL},
		{"", "WebIdentityUser", "000100000002", NULL, NULL, NULL},
	};
	struct arena mem = {0};
	struct store *s = store_new();
	bool fresh;
	for (unsigned i = 0; i < 3 * ARRAY_LEN(actors); i++) {
		struct alert a = make_alert(&mem, i);
		size_t k = i % ARRAY_LEN(actors);
		a.actor = STR("deploy");
		a.actor_arn = str_c(actors[k].arn);
		a.actor_type = str_c(actors[k].type);
		a.caller_account = str_c(actors[k].account);
		a.person = str_c(actors[k].person ? actors[k].person : "");
		a.provider = str_c(actors[k].provider ? actors[k].provider : "");
		if (k == 3)
			a.actor_arn = arena_fmt(&mem, "arn:aws:sts::000100000001:assumed-role/deploy/%u", i);
		a.bucket = STR("one");
		store_add(s, &a, (struct str){0}, &fresh);
	}
	struct groups *g = groups_by(s, GROUP_ACTOR, NULL), *b = groups_by(s, GROUP_BUCKET, NULL);
	groups_update(g);
	groups_update(b);
	assert_int_equal(groups_count(g), ARRAY_LEN(actors));
	assert_int_equal(groups_find(b, STR("one"))->actors, ARRAY_LEN(actors));
	for (size_t i = 0; i < groups_count(g); i++) {
		struct buf label = {0};
		assert_int_equal(groups_at(g, i)->alerts, 3);
		group_label(groups_at(g, i), GROUP_ACTOR, &label);
		for (size_t k = 0; k < ARRAY_LEN(actors); k++)
			if (actors[k].label && str_is(groups_at(g, i)->key, actors[k].arn))
				assert_string_equal(buf_cstr(&label), actors[k].label);
		buf_fini(&label);
	}
	groups_free(b);
	groups_free(g);
	store_free(s);
	arena_fini(&mem);
}

/* A newer record of an alert that says who it was: it is another's row then. */
static void a_row_moves_with_its_person(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	bool fresh;
	struct alert a = make_alert(&mem, 1);
	a.actor_arn = STR("arn:aws:sts::000100000001:assumed-role/deploy/a");
	row_id r = store_add(s, &a, (struct str){0}, &fresh);
	struct groups *g = groups_by(s, GROUP_ACTOR, NULL);
	groups_update(g);
	a.person = STR("dana");
	store_add(s, &a, (struct str){0}, &fresh);
	groups_update(g);
	char tmp[ALERT_PRINCIPAL_MAX];
	assert_int_equal(groups_count(g), 1);
	assert_true(str_eq(groups_at(g, 0)->key, alert_principal(store_alert(s, r), tmp)));
	groups_free(g);
	store_free(s);
	arena_fini(&mem);
}

static int64_t ticks_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* 1,000 accounts, 100,000 alerts. In processor time, as other programs run beside a test. */
static void is_quick(void **state)
{
	(void)state;
	enum { ALERTS = 100000, ACCOUNTS = 1000 };
	struct arena mem = {0};
	struct store *s = store_new();
	struct str accounts[ACCOUNTS];
	bool fresh;
	for (unsigned i = 0; i < ACCOUNTS; i++)
		accounts[i] = arena_fmt(&mem, "%012u", 100000 + i);
	for (unsigned i = 0; i < ALERTS; i++) {
		struct alert_dest d = {.account = accounts[i * 7919u % ACCOUNTS]};
		struct alert a = make_alert(&mem, i);
		a.dests = &d;
		a.n_dests = 1;
		a.bucket = arena_fmt(&mem, "b-%u", i % 20000);
		store_add(s, &a, (struct str){0}, &fresh);
	}
	struct groups *g = groups_by(s, GROUP_ACCOUNT, NULL);
	int64_t start = ticks_ms();
	groups_update(g);
	int64_t built = ticks_ms();
	assert_int_equal(groups_count(g), ACCOUNTS);
	for (unsigned i = 0; i < 100; i++) {
		struct decision d = make_decision(store_alert(s, i), i + 1, VERDICT_APPROVED);
		store_decide(s, &d);
		assert_true(groups_update(g));
	}
	int64_t updated = ticks_ms();
	print_message("built in %lld ms, 100 updates in %lld ms\n", (long long)(built - start),
		(long long)(updated - built));
	assert_true(built - start < 2000 && updated - built < 1000);
	groups_free(g);
	store_free(s);
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_counting_row_by_row),
		cmocka_unit_test(sorts_and_filters),
		cmocka_unit_test(filters_by_what_is_shown),
		cmocka_unit_test(the_worst_destination_stands_for_all),
		cmocka_unit_test(every_destination_has_a_row),
		cmocka_unit_test(an_actor_is_more_than_a_name),
		cmocka_unit_test(a_row_moves_with_its_person),
		cmocka_unit_test(is_quick),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
