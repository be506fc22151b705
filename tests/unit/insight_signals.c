#include "s3triage/insight/signals.h"

#include "../unit.h"
#include "s3triage/event/call.h"
#include "s3triage/event/json.h"
#include "s3triage/alert/filter.h"
#include "alert_make.h"

#define DAY (INT64_C(24) * 3600 * 1000)

struct fixture {
	struct arena mem;
	struct store *store;
	struct signals *signals;
	unsigned n;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	f->store = store_new();
	f->signals = signals_new(f->store);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	signals_free(f->signals);
	store_free(f->store);
	arena_fini(&f->mem);
	free(f);
	return 0;
}

/* An alert that shows nothing by itself. */
static struct alert plain(struct fixture *f, const char *account, int64_t time)
{
	struct alert a = make_alert(&f->mem, 2 * f->n++);
	struct alert_dest *d = arena_alloc(&f->mem, sizeof(*d));
	*d = (struct alert_dest){.account = str_c(account), .written = str_c(account),
		.bucket = STR("copies"), .status = STR("Enabled"), .relation = RELATION_OTHER};
	a.dests = d;
	a.n_dests = 1;
	a.time = time;
	a.traits = TRAIT_AGENT_CODE | TRAIT_MFA_UNSAID | TRAIT_KEY_TEMPORARY;
	a.actor_type = STR("AssumedRole");
	a.actor = STR("tf");
	a.actor_arn = arena_fmt(&f->mem, "arn:aws:sts::000100000001:assumed-role/tf/run-%u", f->n);
	a.disagreement = false;
	return a;
}

static row_id add(struct fixture *f, const struct alert *a)
{
	bool fresh;
	return store_add(f->store, a, (struct str){0}, &fresh);
}

static bool has(const struct fixture *f, row_id r, enum signal_bit bit)
{
	return store_signals(f->store, r) & (signal_set)bit;
}

static void old_account(struct fixture *f)
{
	struct alert a = plain(f, "000000000009", MAKE_T0 - 100 * DAY);
	add(f, &a);
}

static void traits_become_signals(void **state)
{
	struct fixture *f = *state;
	static const struct {
		uint64_t traits, bits;
		const char *type;
	} cases[] = {
		{TRAIT_AGENT_CODE | TRAIT_MFA_UNSAID, 0, "AssumedRole"},
		{TRAIT_ROOT | TRAIT_MFA, SIGNAL_ROOT, "Root"},
		{TRAIT_ROOT | TRAIT_MFA_NOT, SIGNAL_ROOT | SIGNAL_MFA_NONE, "Root"},
		{TRAIT_KEY_LONG | TRAIT_MFA_UNSAID, SIGNAL_KEY_LONG | SIGNAL_MFA_NONE, "IAMUser"},
		{TRAIT_KEY_LONG | TRAIT_MFA_UNSAID | TRAIT_SERVICE, SIGNAL_KEY_LONG, "IAMUser"},
		{TRAIT_AGENT_CLI, SIGNAL_CLI, "AssumedRole"},
		{TRAIT_AGENT_CONSOLE | TRAIT_MFA_NOT, SIGNAL_CONSOLE | SIGNAL_MFA_NONE, "AssumedRole"},
		{TRAIT_AGENT_CONSOLE | TRAIT_MFA, SIGNAL_CONSOLE, "AssumedRole"},
		{TRAIT_AGENT_UNKNOWN, SIGNAL_AGENT_UNKNOWN, "AssumedRole"},
		{TRAIT_AGENT_UNKNOWN | TRAIT_SERVICE, 0, "AWSService"},
		{TRAIT_OWNER_OVERRIDE | TRAIT_DELETE_MARKERS | TRAIT_DELETES_OUT | TRAIT_WHOLE_BUCKET,
			SIGNAL_OVERRIDE | SIGNAL_DELETES | SIGNAL_WHOLE, "AssumedRole"},
		{TRAIT_DELETE_MARKERS, 0, "AssumedRole"}, /* of a disabled rule, or to the own account */
		{TRAIT_FORGED | TRAIT_DISAGREE | TRAIT_OMITTED,
			SIGNAL_FORGED | SIGNAL_DISAGREE | SIGNAL_OMITTED, "AssumedRole"},
		{TRAIT_PARTITION_FOREIGN | TRAIT_ROLE_FOREIGN | TRAIT_CALLER_FOREIGN,
			SIGNAL_PARTITION | SIGNAL_ROLE_FOREIGN | SIGNAL_CALLER_FOREIGN, "AssumedRole"},
	};
	old_account(f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct alert a = plain(f, "000000000009", MAKE_T0);
		a.traits = cases[i].traits;
		a.actor_type = str_c(cases[i].type);
		row_id r = add(f, &a);
		signals_update(f->signals, 0);
		if (store_signals(f->store, r) != cases[i].bits)
			fail_msg("case %zu: %#llx, not %#llx", i, (unsigned long long)store_signals(f->store, r),
				(unsigned long long)cases[i].bits);
	}
}

static void every_signal_says_its_value(void **state)
{
	struct fixture *f = *state;
	struct alert a = plain(f, "999988887777", MAKE_T0);
	struct signal v[SIGNAL_COUNT];
	a.traits = TRAIT_ROLE_FOREIGN | TRAIT_KEY_LONG | TRAIT_DISAGREE;
	a.role_account = STR("555500000005");
	a.dest_region = STR("us-west-2");
	row_id r = add(f, &a);
	size_t n = signals_list(f->signals, r, &f->mem, v);
	static const char *const says[] = {
		"the role is of account 555500000005, the bucket of 000100000001",
		"destination 999988887777 was first seen with this alert",
		"the forms of the request disagree; the original form was believed",
		"long-lived key AKIAEXAMPLE",
		"the copies' key is in us-west-2, the request was made in us-east-1",
	};
	assert_int_equal(n, ARRAY_LEN(says));
	for (size_t i = 0; i < n; i++)
		assert_string_equal(v[i].text.p, says[i]);
	for (size_t i = 1; i < n; i++)
		assert_true(v[i - 1].weight >= v[i].weight);
}

static void new_is_told_by_time_not_by_arrival(void **state)
{
	struct fixture *f = *state;
	const int64_t times[] = {MAKE_T0, MAKE_T0 - 3 * DAY, MAKE_T0 - 40 * DAY, MAKE_T0 + DAY};
	row_id r[4];
	for (size_t i = 0; i < 2; i++) {
		struct alert a = plain(f, "444455556666", times[i]);
		r[i] = add(f, &a);
		signals_update(f->signals, 0);
	}
	assert_true(has(f, r[0], SIGNAL_ACCOUNT_NEW));
	assert_true(has(f, r[1], SIGNAL_ACCOUNT_NEW));
	for (size_t i = 2; i < 4; i++) {
		struct alert a = plain(f, "444455556666", times[i]);
		r[i] = add(f, &a);
		signals_update(f->signals, 0);
	}
	assert_false(has(f, r[0], SIGNAL_ACCOUNT_NEW));
	assert_false(has(f, r[1], SIGNAL_ACCOUNT_NEW));
	assert_true(has(f, r[2], SIGNAL_ACCOUNT_NEW));
	assert_false(has(f, r[3], SIGNAL_ACCOUNT_NEW));
}

static void places_are_new_once(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *ip, *country;
		int day;
		bool address, abroad;
	} cases[] = {{"192.0.2.1", "SE", 0, false, false}, {"192.0.2.1", "SE", 1, false, false},
		{"192.0.2.2", "SE", 2, true, false}, {"203.0.113.9", "NL", 3, true, true},
		{"203.0.113.9", "NL", 4, false, false}, {"", "", 5, false, false}};
	row_id r[ARRAY_LEN(cases)];
	for (size_t i = ARRAY_LEN(cases); i--;) { /* newest first, as sources may bring them */
		struct alert a = plain(f, "444455556666", MAKE_T0 + cases[i].day * DAY);
		a.ip = str_c(cases[i].ip);
		a.country = str_c(cases[i].country);
		r[i] = add(f, &a);
	}
	signals_update(f->signals, 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(has(f, r[i], SIGNAL_ADDRESS_NEW), cases[i].address);
		assert_int_equal(has(f, r[i], SIGNAL_COUNTRY_NEW), cases[i].abroad);
	}
}

/* ---- asks --------------------------------------------------------------------------------- */

static enum signal_account book(void *ctx, struct str account)
{
	(void)ctx;
	return str_is(account, "999988887777") ? SIGNAL_ACCOUNT_FLAGGED :
		str_is(account, "000000000009") ? SIGNAL_ACCOUNT_KNOWN : SIGNAL_ACCOUNT_UNKNOWN;
}

static void signs(void *ctx, row_id r, struct arena *mem, struct signs *out)
{
	(void)ctx;
	(void)mem;
	out->refused = UINT64_C(1) << CALL_PutRolePolicy;
	out->prepared = r ? 0 : UINT64_C(1) << CALL_CreateRole | UINT64_C(1) << CALL_PutRolePolicy;
}

static void others_are_asked(void **state)
{
	struct fixture *f = *state;
	static const char *const accounts[] = {"999988887777", "000000000009", "123400000005"};
	for (size_t i = 0; i < ARRAY_LEN(accounts); i++) {
		struct alert a = plain(f, accounts[i], MAKE_T0);
		add(f, &a);
	}
	signals_update(f->signals, 0);
	assert_false(has(f, 0, SIGNAL_FLAGGED) || has(f, 2, SIGNAL_UNLISTED));
	const struct signals_asks asks = {.account = book, .signs = signs};
	signals_ask(f->signals, &asks);
	signals_update(f->signals, 0);
	assert_true(has(f, 0, SIGNAL_FLAGGED) && !has(f, 0, SIGNAL_UNLISTED));
	assert_false(has(f, 1, SIGNAL_FLAGGED) || has(f, 1, SIGNAL_UNLISTED));
	assert_true(has(f, 2, SIGNAL_UNLISTED) && !has(f, 2, SIGNAL_PREPARED));
	struct signal v[SIGNAL_COUNT];
	assert_true(signals_list(f->signals, 0, &f->mem, v) >= 2);
	assert_true(v[1].index == SIGNAL_INDEX_PREPARED);
	assert_string_equal(v[1].text.p, "arn:aws:sts::000100000001:assumed-role/tf did this"
		" within the hour before, and not on three other days: CreateRole, PutRolePolicy (refused)");
}

static int64_t a_clock(void *ctx)
{
	(void)ctx;
	return MAKE_T0;
}

/* Clocks differ by minutes; years ahead is a clock that is wrong, or a time that is forged. */
static void what_is_dated_ahead_is_told(void **state)
{
	struct fixture *f = *state;
	static const int64_t ahead[] = {-DAY, 0, 14 * 60000, 16 * 60000, 400 * DAY};
	for (size_t i = 0; i < ARRAY_LEN(ahead); i++) {
		struct alert a = plain(f, "000100000001", MAKE_T0 + ahead[i]);
		((struct alert_dest *)(uintptr_t)a.dests)->relation = RELATION_OWN;
		add(f, &a);
	}
	signals_update(f->signals, 0);
	assert_false(has(f, 4, SIGNAL_AHEAD));
	signals_ask(f->signals, &(struct signals_asks){.now = a_clock});
	signals_update(f->signals, 0);
	for (row_id r = 0; r < ARRAY_LEN(ahead); r++)
		assert_int_equal(has(f, r, SIGNAL_AHEAD), r == 3 || r == 4);
	struct signal v[SIGNAL_COUNT];
	assert_int_equal(signals_list(f->signals, 4, &f->mem, v), 1);
	assert_string_equal(v[0].text.p,
		"dated 400d ahead of this clock: a clock is wrong, or the time is forged");
}

static void own_accounts_are_no_news(void **state)
{
	struct fixture *f = *state;
	struct alert a = plain(f, "000100000001", MAKE_T0);
	((struct alert_dest *)(uintptr_t)a.dests)->relation = RELATION_OWN;
	row_id r = add(f, &a);
	const struct signals_asks asks = {.account = book};
	signals_ask(f->signals, &asks);
	signals_update(f->signals, 0);
	assert_int_equal(store_signals(f->store, r), 0);
}

/* ---- scores, sorting, JSON ------------------------------------------------------------------ */

static void sums_are_the_table(void **state)
{
	(void)state;
	assert_int_equal(signals_score(0), 0);
	assert_int_equal(signals_score(SIGNAL_ROOT | SIGNAL_CLI), 4);
	signal_set all = 0;
	int sum = 0;
	for (int i = 0; i < SIGNAL_COUNT; i++) {
		all |= UINT64_C(1) << i;
		sum += signal_weight((enum signal_index)i);
		assert_true(*signal_name((enum signal_index)i) && *signal_help((enum signal_index)i));
	}
	assert_int_equal(signals_score(all), sum);
	static const struct {
		int score;
		const char *marks;
	} cases[] = {{0, ""}, {1, "."}, {3, "."}, {4, "!"}, {6, "!"}, {7, "!!"}, {9, "!!"},
		{10, "!!!"}, {50, "!!!"}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(signals_marks(cases[i].score), cases[i].marks);
}

static void lists_sort_and_filter_by_signals(void **state)
{
	struct fixture *f = *state;
	old_account(f);
	for (unsigned i = 0; i < 4; i++) {
		struct alert a = plain(f, "000000000009", MAKE_T0);
		a.traits |= (i & 1 ? TRAIT_ROOT : 0) | (i & 2 ? TRAIT_OWNER_OVERRIDE : 0);
		add(f, &a);
	}
	struct selection *sel = selection_new(f->store);
	selection_sort(sel, SORT_SIGNAL, true);
	selection_update(sel);
	assert_int_equal(selection_count(sel), 5);
	signals_update(f->signals, 0); /* found out afterwards: the list follows */
	selection_update(sel);
	assert_int_equal(selection_at(sel, 0), 4);
	assert_int_equal(selection_at(sel, 1), 2);
	/* The first is new with its own account. */
	assert_int_equal(selection_at(sel, 2), 0);
	assert_int_equal(selection_at(sel, 3), 3);
	struct filter *root = filter_compile(STR("signal:root"), MAKE_T0, NULL);
	struct filter *three = filter_compile(STR("signals>=5"), MAKE_T0, NULL);
	assert_true(root && three);
	for (row_id r = 0; r < 5; r++) {
		assert_int_equal(filter_match(root, f->store, r), r == 2 || r == 4);
		assert_int_equal(filter_match(three, f->store, r), r == 4);
	}
	filter_free(root);
	filter_free(three);
	selection_free(sel);
}

static void json_has_every_signal(void **state)
{
	struct fixture *f = *state;
	struct alert a = plain(f, "999988887777", MAKE_T0);
	a.agent = STR("evil\x1b]0;\"\n");
	a.traits = TRAIT_AGENT_CLI;
	row_id r = add(f, &a);
	struct buf out = {0};
	struct members m = members_open(&out, '{');
	member_int(&m, "a", 1);
	signals_json(&m, f->signals, r);
	members_close(&m);
	struct json *doc = json_parse(buf_str(&out), NULL);
	assert_non_null(doc);
	assert_int_equal(json_count(json_get(doc, "signals")), 2);
	assert_true(json_num(json_get(doc, "signal_score")) == 3.0);
	const struct json *last = json_at(json_get(doc, "signals"), 1);
	assert_true(str_is(json_str(json_get(last, "name")), "cli"));
	assert_true(str_is(json_str(json_get(last, "text")),
		"done with a command line tool: evil\x1b]0;\"\n"));
	json_free(doc);
	buf_fini(&out);
}

/* Of a set three are named and the rest counted, each once; a newer one does not hide behind an older. */
static void sets_are_named_and_counted(void **state)
{
	struct fixture *f = *state;
	static const char *const accounts[] = {"100000000001", "100000000002", "100000000002", "100000000003",
		"100000000004", "100000000005"};
	struct alert_dest dests[ARRAY_LEN(accounts)] = {0};
	struct alert a = plain(f, "100000000005", MAKE_T0 - 2 * DAY), old = plain(f, "000000000009", MAKE_T0 - 90 * DAY);
	add(f, &old);
	add(f, &a); /* known for two days, the others are not */
	a = plain(f, "", MAKE_T0);
	for (size_t i = 0; i < ARRAY_LEN(accounts); i++)
		dests[i] = (struct alert_dest){.account = str_c(accounts[i]), .written = str_c(accounts[i]),
			.bucket = str_c(i < 3 ? "b1" : "b2"), .status = STR("Enabled"), .relation = RELATION_OTHER,
			.claim = i < 3};
	a.dests = dests;
	a.n_dests = ARRAY_LEN(accounts);
	a.traits |= TRAIT_CLAIM | TRAIT_OWNER_OVERRIDE;
	row_id r = add(f, &a);
	signals_update(f->signals, 0);
	struct buf all = {0};
	struct signal v[SIGNAL_COUNT];
	size_t n = signals_list(f->signals, r, &f->mem, v);
	for (size_t i = 0; i < n; i++)
		buf_fmt(&all, "%.*s\n", STR_ARG(v[i].text));
	static const char *const says[] = {
		"destination 100000000001, 100000000002, 100000000003 and 2 more was first seen at most 2d before it\n",
		"the copies will belong to the destination, 100000000003, 100000000004, 100000000005\n",
		"100000000001, 100000000002 is only claimed: without owner override S3 does not check whose bucket b1 is\n"};
	for (size_t i = 0; i < ARRAY_LEN(says); i++)
		if (!strstr(buf_cstr(&all), says[i]))
			fail_msg("%s is not in %s", says[i], buf_cstr(&all));
	buf_fini(&all);
}

/* Whatever the order of arrival and however small the slices, the bits are the same. */
static void order_and_slices_change_nothing(void **state)
{
	struct fixture *f = *state;
	enum { N = 600 };
	struct alert alerts[N];
	uint64_t seed = 11;
	for (unsigned i = 0; i < N; i++) {
		static const char *const ips[] = {"192.0.2.1", "192.0.2.2", "198.51.100.3"};
		alerts[i] = plain(f, i % 3 ? "000000000009" : "000000000008",
			MAKE_T0 + (int64_t)(make_random(&seed) % 900) * DAY / 10);
		alerts[i].ip = str_c(ips[make_random(&seed) % 3]);
	}
	for (unsigned i = 0; i < N; i++)
		add(f, &alerts[i]);
	signals_update(f->signals, 0);
	for (unsigned round = 0; round < 3; round++) {
		struct store *s = store_new();
		struct signals *g = signals_new(s);
		static const unsigned steps[] = {101, 7, 599}; /* share no factor with N */
		for (unsigned i = 0, k = 0; i < N; i++, k = (k + steps[round]) % N) {
			bool fresh;
			store_add(s, &alerts[k], (struct str){0}, &fresh);
			if (i % 5 == 0)
				signals_update(g, round + 1);
		}
		while (signals_update(g, 3))
			;
		assert_int_equal(store_count(s), N);
		for (row_id r = 0; r < N; r++) {
			row_id same = store_find(f->store, store_alert(s, r)->id, NULL);
			assert_int_equal(store_signals(s, r), store_signals(f->store, same));
		}
		signals_free(g);
		store_free(s);
	}
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(traits_become_signals), WITH(every_signal_says_its_value),
		WITH(new_is_told_by_time_not_by_arrival), WITH(places_are_new_once),
		WITH(others_are_asked), WITH(what_is_dated_ahead_is_told), WITH(own_accounts_are_no_news), WITH(sums_are_the_table),
		WITH(lists_sort_and_filter_by_signals), WITH(sets_are_named_and_counted), WITH(json_has_every_signal),
		WITH(order_and_slices_change_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
