#include "../unit.h"

#include "triage_make.h"

#include "s3triage/triage/export.h"
#include "s3triage/triage/outliers.h"
#include "s3triage/triage/seen.h"

/* ---- seen before -------------------------------------------------------------------------- */

static void take(struct seen *s, const struct alert *a, int64_t seq, enum verdict v)
{
	struct buf facts = {0};
	struct decision d = make_decision(a, seq, v);
	export_facts(a, &facts);
	d.facts = buf_str(&facts);
	d.note = STR("IR-204");
	seen_take(s, &d);
	buf_fini(&facts);
}

static struct alert_dest dest(const char *account, enum relation r)
{
	return (struct alert_dest){.account = str_c(account), .written = str_c(account), .relation = r};
}

static struct alert plain(const char *id, const char *bucket, const char *actor,
	const struct alert_dest *d)
{
	return (struct alert){.id = str_c(id), .event_id = str_c(id), .rule_id = STR("R"),
		.time = MAKE_T0, .made = MAKE_T0, .ingested = INT64_MIN, .bucket = str_c(bucket),
		.actor = str_c(actor), .role = STR("arn:r"), .dests = d, .n_dests = d ? 1 : 0};
}

static void finds_what_is_in_common(void **state)
{
	(void)state;
	struct alert_dest bad = dest("999988887777", RELATION_OTHER),
		other = dest("444455556666", RELATION_OTHER);
	struct alert now = plain("now", "payroll", "deploy", &bad);
	struct alert same_dest = plain("a", "hr", "kim", &bad);
	struct alert same_both = plain("b", "payroll", "lee", &bad);
	struct alert same_actor = plain("c", "logs", "deploy", &other);
	struct alert stranger = plain("d", "logs", "kim", &other);
	same_dest.role = same_actor.role = stranger.role = STR("arn:q");
	struct seen *s = seen_new();
	struct seen_hit hits[8];
	assert_int_equal(seen_find(s, &now, hits, 8), 0);
	take(s, &same_dest, 3, VERDICT_SUSPICIOUS);
	take(s, &same_actor, 4, VERDICT_APPROVED);
	take(s, &same_both, 1, VERDICT_SUSPICIOUS);
	take(s, &stranger, 5, VERDICT_SUSPICIOUS);
	take(s, &now, 6, VERDICT_APPROVED); /* itself is not "before" */
	assert_int_equal(seen_find(s, &now, hits, 8), 3);
	assert_true(str_is(hits[0].alert_id, "b") && str_is(hits[1].alert_id, "a") &&
		str_is(hits[2].alert_id, "c"));
	assert_int_equal(hits[0].same, 1u << SEEN_DEST | 1u << SEEN_ROLE | 1u << SEEN_BUCKET);
	assert_int_equal(hits[2].same, 1u << SEEN_ACTOR);
	assert_true(hits[1].verdict == VERDICT_SUSPICIOUS && str_is(hits[1].analyst, "kim") &&
		str_is(hits[1].note, "IR-204") && str_is(hits[1].bucket, "hr"));
	struct seen_hit first;
	assert_int_equal(seen_find(s, &now, &first, 1), 3);
	assert_true(str_is(first.alert_id, "b"));
	struct seen_count n[SEEN_KINDS];
	seen_counts(s, &now, n);
	assert_int_equal(n[SEEN_DEST].by_verdict[VERDICT_SUSPICIOUS], 2);
	assert_int_equal(n[SEEN_ACTOR].by_verdict[VERDICT_APPROVED], 1);
	assert_int_equal(n[SEEN_BUCKET].by_verdict[VERDICT_SUSPICIOUS], 1);
	struct buf line = {0};
	seen_sentence(s, &now, &line);
	assert_string_equal(buf_cstr(&line), "same destination: 2 suspicious (suspicious 2026-11-01,"
		" kim: exfiltration, IR-204)");
	buf_fini(&line);
	seen_free(s);
}

/* A verdict that was taken back or changed counts no more, in whichever order the rows come. */
static void only_the_newest_verdict_counts(void **state)
{
	(void)state;
	struct alert_dest d = dest("999988887777", RELATION_OTHER);
	struct alert now = plain("now", "x", "y", &d), past = plain("p", "z", "w", &d);
	static const int orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}};
	static const enum verdict verdicts[] = {VERDICT_SUSPICIOUS, VERDICT_OPEN, VERDICT_APPROVED};
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct seen_hit hit;
		struct seen *s = seen_new();
		for (int k = 0; k < 3; k++)
			take(s, &past, orders[i][k] + 1, verdicts[orders[i][k]]);
		assert_int_equal(seen_find(s, &now, &hit, 1), 1);
		assert_true(hit.verdict == VERDICT_APPROVED && hit.seq == 3);
		take(s, &past, 4, VERDICT_OPEN);
		assert_int_equal(seen_find(s, &now, &hit, 1), 0);
		seen_free(s);
	}
}


/* Reading facts quickly and reading them whole give the same: escapes, tricks in names. */
static void hostile_names_are_read_whole(void **state)
{
	(void)state;
	static const char *const names[] = {"plain", "a\"b", "x\",\"actor\":\"root", "\\", "\\\",\"role\":\"r",
		"}],\"bucket\":\"", "\xc3\xa4\xf0\x9f\x92\xa9", "\x01\n", "\"account\":\"111122223333\""};
	struct alert_dest own = dest("111122221111", RELATION_OWN);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct alert a = plain("a", names[i], "someone", &own);
		struct alert now = plain("now", names[i], "me", &own);
		struct alert fake = plain("fake", "else", "root", &own);
		struct seen_hit hit;
		a.role = STR("arn:other");
		fake.role = STR("r");
		struct seen *s = seen_new();
		take(s, &a, 1, VERDICT_SUSPICIOUS);
		assert_int_equal(seen_find(s, &now, &hit, 1), 1);
		assert_int_equal(hit.same, 1u << SEEN_BUCKET); /* the owner's own account is nothing */
		assert_int_equal(seen_find(s, &fake, &hit, 1), 0);
		seen_free(s);
	}
}

static void many_are_quick(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct seen *s = seen_new();
	for (unsigned i = 0; i < 20000; i++) {
		struct alert a = make_alert(&mem, i);
		take(s, &a, i + 1, i % 2 ? VERDICT_APPROVED : VERDICT_SUSPICIOUS);
	}
	struct alert now = make_alert(&mem, 30001);
	struct seen_hit hits[5];
	size_t n = seen_find(s, &now, hits, 5);
	assert_int_equal(n, 20000); /* all have the role in common */
	for (int i = 1; i < 5; i++) {
		int before = __builtin_popcount(hits[i - 1].same), here = __builtin_popcount(hits[i].same);
		assert_true(before > here || (before == here && hits[i - 1].seq > hits[i].seq));
	}
	seen_free(s);
	arena_fini(&mem);
}

/* ---- outliers ----------------------------------------------------------------------------- */

struct rows {
	struct store *s;
	struct arena mem;
	row_id v[64];
	size_t n;
};

static struct alert usual(struct rows *r)
{
	struct alert_dest *d = arena_alloc(&r->mem, sizeof(*d));
	*d = dest("999988887777", RELATION_OTHER);
	struct alert a = plain("", "b", "deploy", d);
	a.id = a.event_id = arena_fmt(&r->mem, "a%zu", r->n);
	a.owner = STR("111122221111");
	a.country = STR("NL");
	a.key_id = STR("ASIAX");
	a.time = INT64_C(1793491200000) + 9 * 3600000; /* 09:00 of a day */
	return a;
}

static void add(struct rows *r, const struct alert *a)
{
	bool fresh;
	r->v[r->n++] = store_add(r->s, a, (struct str){0}, &fresh);
}

static void done(struct rows *r)
{
	store_free(r->s);
	arena_fini(&r->mem);
}

static void those_that_differ_are_pulled_out(void **state)
{
	(void)state;
	const struct {
		enum outlier_way way;
		const char *says;
	} cases[] = {
		{OUT_DEST, "other destination: 444455556666 (usual: 999988887777)"},
		{OUT_ACTOR, "other actor: ci-bot (usual: deploy)"},
		{OUT_COUNTRY, "other country: RU (usual: NL)"},
		{OUT_ROLE, "other role: arn:admin (usual: arn:r)"},
		{OUT_OWNER, "other owner: 333322221111 (usual: 111122221111)"},
		{OUT_KEY, "long-lived key"},
		{OUT_HOURS, "outside the usual hours: 03:00 (usual: 09-10)"},
		{OUT_OVERRIDE, "owner override"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rows r = {.s = store_new()};
		struct outliers o;
		struct buf text = {0};
		for (int k = 0; k < 7; k++) {
			struct alert a = usual(&r);
			add(&r, &a);
		}
		struct alert odd = usual(&r);
		struct alert_dest d = dest("444455556666", RELATION_OTHER);
		if (cases[i].way == OUT_DEST)
			odd.dests = &d;
		odd.actor = cases[i].way == OUT_ACTOR ? STR("ci-bot") : odd.actor;
		odd.country = cases[i].way == OUT_COUNTRY ? STR("RU") : odd.country;
		odd.role = cases[i].way == OUT_ROLE ? STR("arn:admin") : odd.role;
		odd.owner = cases[i].way == OUT_OWNER ? STR("333322221111") : odd.owner;
		odd.key_id = cases[i].way == OUT_KEY ? STR("AKIAX") : odd.key_id;
		odd.time -= cases[i].way == OUT_HOURS ? 6 * 3600000 : 0;
		odd.traits = cases[i].way == OUT_OVERRIDE ? TRAIT_OWNER_OVERRIDE : 0;
		add(&r, &odd);
		outliers_find(r.s, r.v, r.n, &o);
		assert_int_equal(o.n, 1);
		assert_int_equal(o.v[0].row, r.v[7]);
		assert_int_equal(o.v[0].ways, 1u << cases[i].way);
		outlier_explain(&o, r.s, &o.v[0], &text);
		assert_string_equal(buf_cstr(&text), cases[i].says);
		buf_fini(&text);
		outliers_fini(&o);
		done(&r);
	}
}

/* Two thirds and three rows make a majority; fewer make none, and nobody differs. */
static void no_majority_no_outlier(void **state)
{
	(void)state;
	const struct {
		int same, other;
		size_t outliers;
	} cases[] = {{0, 0, 0}, {1, 0, 0}, {2, 1, 0}, {3, 1, 1}, {4, 2, 2}, {3, 2, 0}, {5, 5, 0}, {20, 10, 10}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rows r = {.s = store_new()};
		struct outliers o;
		for (int k = 0; k < cases[i].same + cases[i].other; k++) {
			struct alert a = usual(&r);
			if (k < cases[i].other)
				a.actor = arena_fmt(&r.mem, "other%d", k % 2);
			add(&r, &a);
		}
		outliers_find(r.s, r.v, r.n, &o);
		if (o.n != cases[i].outliers)
			fail_msg("case %zu: %zu", i, o.n);
		outliers_fini(&o);
		done(&r);
	}
}

static void what_is_not_known_is_no_difference(void **state)
{
	(void)state;
	struct rows r = {.s = store_new()};
	struct outliers o;
	for (int k = 0; k < 8; k++) {
		struct alert a = usual(&r);
		if (k == 3)
			a.actor = a.country = a.role = a.key_id = a.owner = (struct str){0};
		if (k == 4)
			a.time = INT64_MIN;
		if (k == 5)
			a.time += 3600000; /* an hour beside the usual ones */
		a.key_id = k == 3 ? a.key_id : STR("AKIAX"); /* usual, hence no difference */
		add(&r, &a);
	}
	outliers_find(r.s, r.v, r.n, &o);
	assert_int_equal(o.n, 0);
	outliers_fini(&o);
	done(&r);
}

/* Nights go round midnight. */
static void hours_go_round_midnight(void **state)
{
	(void)state;
	struct rows r = {.s = store_new()};
	struct outliers o;
	static const int hours[] = {22, 23, 0, 1, 23, 0, 22, 1, 12};
	for (size_t k = 0; k < ARRAY_LEN(hours); k++) {
		struct alert a = usual(&r);
		a.time += (hours[k] - 9) * 3600000;
		add(&r, &a);
	}
	outliers_find(r.s, r.v, r.n, &o);
	assert_true(o.hour_first >= 22 && o.hour_last <= 1);
	assert_int_equal(o.n, 1);
	assert_int_equal(o.v[0].row, r.v[8]);
	outliers_fini(&o);
	done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_in_common),
		cmocka_unit_test(only_the_newest_verdict_counts),
		cmocka_unit_test(hostile_names_are_read_whole),
		cmocka_unit_test(many_are_quick),
		cmocka_unit_test(those_that_differ_are_pulled_out),
		cmocka_unit_test(no_majority_no_outlier),
		cmocka_unit_test(what_is_not_known_is_no_difference),
		cmocka_unit_test(hours_go_round_midnight),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
