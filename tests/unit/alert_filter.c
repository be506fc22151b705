#include "s3triage/alert/filter.h"

#include <stdio.h>

#include "../unit.h"
#include "s3triage/alert/fact.h"
#include "s3triage/alert/signal.h"
#include "s3triage/view/screen.h"
#include "alert_make.h"

/* A handful of alerts that tell the columns apart. */
static struct store *make_store(struct arena *mem)
{
	static const struct alert_dest foreign[] = {{.account = STR_INIT("999988887777"),
		.written = STR_INIT("999988887777"), .bucket = STR_INIT("nightly-sync"),
		.rule_id = STR_INIT("sync"), .status = STR_INIT("Enabled"), .relation = RELATION_OTHER}};
	static const struct alert_dest own[] = {{.account = STR_INIT("111122221111"),
		.bucket = STR_INIT("copy"), .status = STR_INIT("Disabled"), .relation = RELATION_OWN}};
	static const struct alert_dest mixed[] = {
		{.account = STR_INIT("111122221111"), .relation = RELATION_OWN},
		{.account = STR_INIT("777700001111"), .relation = RELATION_OTHER}};
	static const struct alert_dest forged[] = {{.written = STR_INIT("own"),
		.bucket = STR_INIT("b"), .relation = RELATION_INVALID}};
	static const struct alert_dest *const dests[] = {foreign, own, mixed, forged};
	struct store *s = store_new();
	for (unsigned n = 0; n < 4; n++) {
		struct alert a = make_alert(mem, n);
		bool fresh;
		a.owner = STR("111122221111");
		a.dests = dests[n];
		a.n_dests = n == 2 ? 2 : 1;
		a.risk = n == 0 ? 73 : 47;
		a.time = MAKE_T0 - (int64_t)n * 86400000 * 3;
		a.bucket = n == 0 ? STR("acme-payroll-prod") : STR("media");
		a.agent = n == 3 ? STR("Boto3 \"evil\" (and) or:not") : a.agent;
		store_add(s, &a, STR("{}"), &fresh);
		if (n == 1) {
			struct decision d = make_decision(&a, 1, VERDICT_APPROVED);
			d.note = STR("ticket OPS-7 \303\234n\303\257 gro\303\237");
			store_decide(s, &d);
		}
	}
	return s;
}

static void asks_columns(void **state)
{
	(void)state;
	static const struct {
		const char *text, *rows; /* rows that match */
	} cases[] = {
		{"", "0123"}, {"   ", "0123"}, {"verdict:open", "023"}, {"verdict:approved", "1"},
		{"!verdict:open", "1"}, {"dest:9999*", "0"}, {"destination:999988887777", "0"},
		{"dest:own", "1"}, {"dest:!own", "023"}, {"dest:other", "02"},
		{"dest:invalid", "3"}, {"relation:own", "12"}, {"written:own", "3"},
		{"age<1d", "0"}, {"age>=3d", "123"}, {"time>=2026-10-29", "01"},
		{"risk>50", "0"}, {"risk<=47", "123"}, {"RISK_SCORE:73", "0"},
		/* numbers are compared as numbers, not looked for in the digits of others */
		{"risk:4", ""}, {"risk:47.0", "123"}, {"risk:\"47\"", "123"}, {"risk:4*", "123"},
		{"risk:(7 or 3)", ""}, {"risk:!7", "0123"}, {"risk:*", "0123"}, {"signals:0", "0123"},
		{"signals>=00", "0123"}, {"age:60", "0"}, {"age:6", ""}, {"age:1m", "0"},
		/* a date is a day: its end where that counts; they are of Nov 1, Oct 29, 26, 23 */
		{"time<=2026-11-01", "0123"}, {"time>2026-11-01", ""}, {"time<2026-11-01", "123"},
		{"time>=2026-11-01", "0"}, {"time:<=2026-10-26", "23"}, {"time:>2026-10-26", "01"},
		{"time:2026-10-29", "1"}, {"time:\"2026-10-26\"", "2"}, {"time:2026-10", "123"},
		{"time:2026-10-2", "123"}, {"time>1d", "0"}, {"@timestamp<=now-3d", "123"},
		/* case, beyond ASCII: what is folded may be longer than what it was */
		{"note:\303\274N\303\217", "1"}, {"*\303\234n\303\257*", "1"},
		{"note:*gro\341\272\236", "1"}, {"note:\"ticket ops-7 \303\274n\303\217 gro\303\237\"", "1"},
		{"note:*gro\341\272\236*7", ""}, {"note:t*\303\234N*\303\237", "1"},
		{"payroll", "0"}, {"PAYROLL", "0"}, {"!payroll", "123"}, {"OPS-7", "1"},
		{"note:\"ticket OPS-7\"", ""}, {"reason:*", "1"}, {"analyst:kim", "1"},
		{"media verdict:open", "23"}, {"media and not verdict:open", "1"},
		{"bucket:media or bucket:acme*", "0123"}, {"status:disabled", "1"},
		{"ip:203.0.113.0/24", "0123"}, {"source.ip:203.0.113.77", "0123"},
		{"disagreement:true", "0"}, {"read_from:original", "0123"},
		{"region:(us-east-1 or nowhere)", "02"}, {"event:event-000002", "2"},
		{"agent:evil", "3"}, {"kibana:true", ""}, {"nosuchword", ""},
	};
	struct arena mem = {0};
	struct store *s = make_store(&mem);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = {0};
		struct filter *f = filter_compile(str_c(cases[i].text), MAKE_T0 + 60000, &err);
		char got[8] = "";
		if (!f)
			fail_msg("%s: %s", cases[i].text, err.text);
		for (row_id r = 0; r < store_count(s); r++)
			if (filter_match(f, s, r))
				got[strlen(got)] = (char)('0' + r);
		if (strcmp(got, cases[i].rows) != 0)
			fail_msg("%s: rows %s, not %s", cases[i].text, got, cases[i].rows);
		filter_free(f);
	}
	store_free(s);
	arena_fini(&mem);
}

/* Of row 0, at MAKE_T0: a clock may be a little late, but what is still to come has no age. */
static void what_is_to_come_is_not_young(void **state)
{
	(void)state;
	static const struct {
		int64_t now;
		const char *text;
		bool matches;
	} cases[] = {{MAKE_T0 + 1000, "age<30d", true}, {MAKE_T0 - 60000, "age<30d", true},
		{MAKE_T0 - 60000, "age:0", true}, {MAKE_T0 - 3600000, "age<30d", false},
		{MAKE_T0 - INT64_C(400) * 86400000, "age<30d", false},
		{MAKE_T0 - INT64_C(400) * 86400000, "age>=0", false}};
	struct arena mem = {0};
	struct store *s = make_store(&mem);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct filter *f = filter_compile(str_c(cases[i].text), cases[i].now, NULL);
		if (filter_match(f, s, 0) != cases[i].matches)
			fail_msg("case %zu: %s", i, cases[i].text);
		filter_free(f);
	}
	store_free(s);
	arena_fini(&mem);
}

static void says_what_is_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"verdit:open", "did you mean verdict?"}, {"dst:999", "did you mean dest?"},
		{"buckets:a", "did you mean bucket?"}, {"xyzzy:1", "no column \"xyzzy\""},
		{"useragent:a", "did you mean agent?"},
		{"risk:high", "risk holds numbers"}, {"signals>many", "signals holds numbers"},
		{"risk:(47 or x)", "risk holds numbers"}, {"age<\"\"", "age holds numbers"},
		{"time>yesterday", "is not a time"}, {"decided<=2026-13-01", "is not a time"},
		{"verdict:", ""}, {"(payroll", ""}, {"risk>", ""}, {"bucket:\"a", ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = {0};
		assert_null(filter_compile(str_c(cases[i].text), MAKE_T0, &err));
		assert_int_equal(err.code, ERR_PARSE);
		if (!strstr(err.text, cases[i].says))
			fail_msg("%s: %s", cases[i].text, err.text);
	}
}

static void names_sort_keys(void **state)
{
	(void)state;
	enum sort_key k;
	for (int i = 0; i < SORT_KEYS; i++) {
		assert_true(sort_parse(str_c(sort_name((enum sort_key)i)), &k));
		assert_int_equal(k, i);
	}
	assert_true(sort_parse(STR("Destination"), &k) && k == SORT_DEST);
	assert_false(sort_parse(STR("colour"), &k));
}

/* ---- the selection ------------------------------------------------------------------------ */

static struct str sort_text(const struct store *s, row_id r, enum sort_key k)
{
	const struct alert *a = store_alert(s, r);
	const struct alert_dest *d = alert_main_dest(a);
	switch (k) {
	case SORT_BUCKET:
		return a->bucket;
	case SORT_OWNER:
		return a->owner;
	case SORT_DEST:
		return d ? d->account : (struct str){0};
	case SORT_ACTOR:
		return a->actor;
	case SORT_REGION:
		return a->region;
	case SORT_SOURCE:
		return a->source;
	default:
		return (struct str){0};
	}
}

static int rank(const struct store *s, row_id r, enum sort_key k)
{
	static const char *const severities[] = {"low", "medium", "high", "critical"};
	const struct alert *a = store_alert(s, r);
	if (k == SORT_VERDICT)
		return (int)store_verdict(s, r);
	for (int i = 0; k == SORT_SEVERITY && i < 4; i++)
		if (str_is(a->severity, severities[i]))
			return i * 1000 + a->risk;
	return 0;
}

/* The order, said in another way than the code says it. */
static bool in_order(const struct store *s, row_id a, row_id b, enum sort_key k, bool down)
{
	int c = rank(s, a, k) - rank(s, b, k);
	if (c == 0)
		c = str_cmp(sort_text(s, a, k), sort_text(s, b, k));
	if (c)
		return down ? c > 0 : c < 0;
	int64_t ta = store_alert(s, a)->time, tb = store_alert(s, b)->time;
	if (ta != tb)
		return k == SORT_TIME && !down ? ta < tb : ta > tb;
	return str_cmp(store_alert(s, a)->id, store_alert(s, b)->id) < 0;
}

static void assert_selection(const struct store *s, const struct selection *sel,
	const struct filter *f, enum sort_key k, int flags)
{
	bool down = flags & 1, hide = flags & 2;
	size_t on = 0, open = 0;
	for (row_id r = 0; r < store_count(s); r++) {
		bool decided = store_verdict(s, r) != VERDICT_OPEN;
		bool belongs = !(hide && decided) && (!f || filter_match(f, s, r));
		size_t at = selection_index(sel, r);
		assert_int_equal(at != STR_NONE, belongs);
		if (belongs)
			assert_int_equal(selection_at(sel, at), r);
		on += belongs;
		open += belongs && !decided;
	}
	assert_int_equal(selection_count(sel), on);
	assert_int_equal(selection_open(sel), open);
	for (size_t i = 1; i < on; i++)
		assert_true(in_order(s, selection_at(sel, i - 1), selection_at(sel, i), k, down));
	assert_true(selection_at(sel, on) == ROW_NONE);
}

static const char *const filters[] = {"", "verdict:open", "bucket-1", "dest:own or risk>60",
	"!user-1 and region:eu*", "analyst:kim"};

/* Rows arrive, verdicts change, the user sorts, filters and hides, in any order. */
static void stays_right_whatever_happens(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	struct selection *sel = selection_new(s);
	struct filter *f = NULL;
	enum sort_key k = SORT_TIME;
	uint64_t seed = 3;
	int flags = 1;
	int64_t seq = 0;
	unsigned made = 0;
	for (int step = 0; step < 600; step++) {
		uint32_t what = make_random(&seed) % 10;
		for (uint32_t i = make_random(&seed) % 9; what < 5 && i; i--) {
			struct alert a = make_alert(&mem, made++ * 7919 % 100003);
			bool fresh;
			store_add(s, &a, STR(""), &fresh);
		}
		for (uint32_t i = make_random(&seed) % 5; what >= 3 && what < 7 && i && made; i--) {
			row_id r = make_random(&seed) % (uint32_t)store_count(s);
			struct decision d = make_decision(store_alert(s, r), ++seq,
				(enum verdict)(make_random(&seed) % VERDICTS));
			store_decide(s, &d);
		}
		if (what == 7) {
			const char *text = filters[make_random(&seed) % ARRAY_LEN(filters)];
			f = filter_compile(str_c(text), MAKE_T0, NULL);
			assert_non_null(f);
			selection_filter(sel, f);
		} else if (what == 8) {
			k = (enum sort_key)(make_random(&seed) % SORT_KEYS);
			flags ^= (int)make_random(&seed) & 1;
			selection_sort(sel, k, flags & 1);
		} else if (what == 9) {
			flags ^= 2;
			selection_hide_decided(sel, flags & 2);
		}
		selection_update(sel);
		assert_selection(s, sel, f, k, flags);
	}
	assert_true(store_count(s) > 500);
	selection_free(sel);
	store_free(s);
	arena_fini(&mem);
}

static void goes_to_the_next_open_row(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	struct selection *sel = selection_new(s);
	assert_true(selection_next_open(sel, 0) == STR_NONE);
	for (unsigned n = 0; n < 6; n++) {
		struct alert a = make_alert(&mem, n);
		bool fresh;
		store_add(s, &a, STR(""), &fresh);
	}
	for (unsigned n = 0; n < 6; n++) {
		struct alert a = make_alert(&mem, n);
		struct decision d = make_decision(&a, n + 1, VERDICT_APPROVED);
		if (n != 1 && n != 4)
			store_decide(s, &d);
	}
	selection_update(sel); /* newest first: position 1 is n = 4, position 4 is n = 1 */
	assert_int_equal(selection_next_open(sel, STR_NONE), 1);
	assert_int_equal(selection_next_open(sel, 0), 1);
	assert_int_equal(selection_next_open(sel, 1), 4);
	assert_int_equal(selection_next_open(sel, 4), 1);
	assert_int_equal(selection_next_open(sel, 5), 1);
	selection_filter(sel, filter_compile(STR("id:alert-000004"), 0, NULL));
	assert_int_equal(selection_next_open(sel, 0), 0); /* the only one is itself */
	assert_int_equal(selection_open(sel), 1);
	selection_free(sel);
	store_free(s);
	arena_fini(&mem);
}

/* Each column is a field, and what it shows is what the field matches, whole. */
static void a_column_is_asked_by_what_it_shows(void **state)
{
	(void)state;
	static const struct alert_dest dests[] = {{.account = STR_INIT("777788889999"), .relation = RELATION_OTHER},
		{.account = STR_INIT("111122221111"), .relation = RELATION_OWN}, {.relation = RELATION_UNNAMED},
		{.written = STR_INIT("x"), .relation = RELATION_INVALID}};
	static const char *const shown[] = {"777788889999", "own account", "not named", "invalid id"};
	static const char *const people[][2] = {{"", ""}, {"dana", ""}, {"", "arn:aws:iam::111122221111:oidc-provider/web.example"},
		{"dana", "accounts.google.com"}};
	for (int c = 0; c < COLUMNS; c++)
		if (!fact_find(str_c(column_name((enum column)c))))
			fail_msg("no field %s", column_name((enum column)c));
	struct arena mem = {0};
	struct store *s = store_new();
	for (unsigned i = 0; i < ARRAY_LEN(dests); i++) {
		struct alert a = make_alert(&mem, i);
		AUTO(buf_fini) struct buf query = {0};
		char who[ALERT_WHO_MAX];
		struct err err = {0};
		bool fresh;
		a.dests = &dests[i];
		a.n_dests = 1;
		a.actor_arn = STR("arn:aws:sts::111122221111:assumed-role/deploy/x");
		a.actor = STR("deploy");
		a.session = STR("x");
		a.person = str_c(people[i][0]);
		a.provider = str_c(people[i][1]);
		row_id r = store_add(s, &a, STR("{}"), &fresh);
		store_set_signals(s, r, (signal_set)SIGNAL_AHEAD | (signal_set)1 << i);
		buf_fmt(&query, "verdict:\"open\" and severity:\"%.*s\" and bucket:\"%.*s\" and owner:\"%.*s\" and"
			" destination:\"%s\" and signal:\"%s\" and actor:\"%.*s\" and region:\"%.*s\" and source:\"%.*s\"",
			STR_ARG(a.severity), STR_ARG(a.bucket), STR_ARG(a.owner), shown[i],
			signals_marks(signals_score(store_signals(s, r))), STR_ARG(alert_who(&a, who)), STR_ARG(a.region),
			STR_ARG(a.source));
		struct filter *f = filter_compile(buf_str(&query), MAKE_T0, &err);
		if (!f || !filter_match(f, s, r))
			fail_msg("%u: %s %s", i, err.text, buf_cstr(&query));
		filter_free(f);
		f = filter_compile(STR("actor:*x* and actor:deploy"), MAKE_T0, &err);
		assert_true(filter_match(f, s, r));
		filter_free(f);
	}
	store_free(s);
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_column_is_asked_by_what_it_shows),
		cmocka_unit_test(asks_columns), cmocka_unit_test(what_is_to_come_is_not_young),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(names_sort_keys),
		cmocka_unit_test(stays_right_whatever_happens),
		cmocka_unit_test(goes_to_the_next_open_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
