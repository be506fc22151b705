#include "../unit.h"

#include "alert_make.h"

#include "s3triage/export/export.h"
#include "s3triage/insight/precedent.h"

/* ---- seen before -------------------------------------------------------------------------- */

static void take(struct precedents *s, const struct alert *a, int64_t seq, enum verdict v)
{
	struct buf facts = {0};
	struct decision d = make_decision(a, seq, v);
	export_facts(a, &facts);
	d.facts = buf_str(&facts);
	d.note = STR("IR-204");
	precedent_take(s, &d);
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
	struct precedents *s = precedent_new();
	struct precedent_hit hits[8];
	assert_int_equal(precedent_find(s, &now, hits, 8), 0);
	take(s, &same_dest, 3, VERDICT_SUSPICIOUS);
	take(s, &same_actor, 4, VERDICT_APPROVED);
	take(s, &same_both, 1, VERDICT_SUSPICIOUS);
	take(s, &stranger, 5, VERDICT_SUSPICIOUS);
	take(s, &now, 6, VERDICT_APPROVED); /* itself is not "before" */
	assert_int_equal(precedent_find(s, &now, hits, 8), 3);
	struct alert recorded = now; /* nor is the other recording of its call, which has other ids */
	recorded.id = recorded.event_id = STR("other trail");
	recorded.shared_id = now.shared_id = STR("shared-1");
	take(s, &recorded, 7, VERDICT_APPROVED);
	assert_int_equal(precedent_find(s, &now, hits, 8), 3);
	assert_true(str_is(hits[0].alert_id, "b") && str_is(hits[1].alert_id, "a") &&
		str_is(hits[2].alert_id, "c"));
	assert_int_equal(hits[0].same, 1u << PRECEDENT_DEST | 1u << PRECEDENT_ROLE | 1u << PRECEDENT_BUCKET);
	assert_int_equal(hits[2].same, 1u << PRECEDENT_ACTOR);
	assert_true(hits[1].verdict == VERDICT_SUSPICIOUS && str_is(hits[1].analyst, "kim") &&
		str_is(hits[1].note, "IR-204") && str_is(hits[1].bucket, "hr"));
	struct precedent_hit first;
	assert_int_equal(precedent_find(s, &now, &first, 1), 3);
	assert_true(str_is(first.alert_id, "b"));
	struct precedent_count n[PRECEDENT_KINDS];
	precedent_counts(s, &now, n);
	assert_int_equal(n[PRECEDENT_DEST].by_verdict[VERDICT_SUSPICIOUS], 2);
	assert_int_equal(n[PRECEDENT_ACTOR].by_verdict[VERDICT_APPROVED], 1);
	assert_int_equal(n[PRECEDENT_BUCKET].by_verdict[VERDICT_SUSPICIOUS], 1);
	struct buf line = {0};
	precedent_sentence(s, &now, &line);
	assert_string_equal(buf_cstr(&line), "same destination: 2 suspicious (suspicious 2026-11-01,"
		" kim: exfiltration, IR-204)");
	buf_fini(&line);
	precedent_free(s);
}

/* A verdict that was taken back or changed counts no more, in whichever order the rows come. */
/* One name in two accounts, of two persons, through two providers; and with an odd name, whose facts are read
 * as a whole. */
static void a_name_is_no_actor(void **state)
{
	(void)state;
	static const struct {
		const char *name, *arn, *person, *provider;
	} who[] = {{"deploy", "arn:aws:sts::111122223333:assumed-role/deploy/x", "", ""},
		{"deploy", "arn:aws:sts::444455556666:assumed-role/deploy/x", "", ""},
		{"deploy", "arn:aws:sts::111122223333:assumed-role/deploy/x", "dana", ""},
		{"deploy", "arn:aws:sts::111122223333:assumed-role/deploy/x", "da\"na", ""},
		{"deploy", "arn:aws:sts::111122223333:assumed-role/deploy/x", "", "accounts.google.com"},
		{"deploy", "", "", "accounts.google.com"}, {"deploy", "", "", "graph.facebook.com"}};
	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		struct precedents *s = precedent_new();
		for (size_t k = 0; k <= ARRAY_LEN(who); k++) {
			const size_t at = k < ARRAY_LEN(who) ? k : i;
			struct alert_dest d = dest("777788889999", RELATION_OTHER);
			char id[] = {'i', (char)('a' + k), '\0'};
			struct alert a = plain(id, "b", who[at].name, &d);
			struct precedent_hit hits[9];
			a.actor_arn = str_c(who[at].arn);
			a.person = str_c(who[at].person);
			a.provider = str_c(who[at].provider);
			if (k < ARRAY_LEN(who)) {
				take(s, &a, (int64_t)k + 1, VERDICT_APPROVED);
				continue;
			}
			size_t n = precedent_find(s, &a, hits, 9), same = 0;
			assert_int_equal(n, ARRAY_LEN(who));
			for (size_t h = 0; h < n; h++)
				same += hits[h].same >> PRECEDENT_ACTOR & 1;
			assert_int_equal(same, 1);
			assert_int_equal(hits[0].seq, i + 1);
		}
		precedent_free(s);
	}
}

static void only_the_newest_verdict_counts(void **state)
{
	(void)state;
	struct alert_dest d = dest("999988887777", RELATION_OTHER);
	struct alert now = plain("now", "x", "y", &d), past = plain("p", "z", "w", &d);
	static const int orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}};
	static const enum verdict verdicts[] = {VERDICT_SUSPICIOUS, VERDICT_OPEN, VERDICT_APPROVED};
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct precedent_hit hit;
		struct precedents *s = precedent_new();
		for (int k = 0; k < 3; k++)
			take(s, &past, orders[i][k] + 1, verdicts[orders[i][k]]);
		assert_int_equal(precedent_find(s, &now, &hit, 1), 1);
		assert_true(hit.verdict == VERDICT_APPROVED && hit.seq == 3);
		take(s, &past, 4, VERDICT_OPEN);
		assert_int_equal(precedent_find(s, &now, &hit, 1), 0);
		precedent_free(s);
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
		struct precedent_hit hit;
		a.role = STR("arn:other");
		fake.role = STR("r");
		struct precedents *s = precedent_new();
		take(s, &a, 1, VERDICT_SUSPICIOUS);
		assert_int_equal(precedent_find(s, &now, &hit, 1), 1);
		assert_int_equal(hit.same, 1u << PRECEDENT_BUCKET); /* the owner's own account is nothing */
		assert_int_equal(precedent_find(s, &fake, &hit, 1), 0);
		precedent_free(s);
	}
}

static void many_are_quick(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct precedents *s = precedent_new();
	for (unsigned i = 0; i < 20000; i++) {
		struct alert a = make_alert(&mem, i);
		take(s, &a, i + 1, i % 2 ? VERDICT_APPROVED : VERDICT_SUSPICIOUS);
	}
	struct alert now = make_alert(&mem, 30001);
	struct precedent_hit hits[5];
	size_t n = precedent_find(s, &now, hits, 5);
	assert_int_equal(n, 20000); /* all have the role in common */
	for (int i = 1; i < 5; i++) {
		int before = __builtin_popcount(hits[i - 1].same), here = __builtin_popcount(hits[i].same);
		assert_true(before > here || (before == here && hits[i - 1].seq > hits[i].seq));
	}
	precedent_free(s);
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_in_common),
		cmocka_unit_test(a_name_is_no_actor),
		cmocka_unit_test(only_the_newest_verdict_counts),
		cmocka_unit_test(hostile_names_are_read_whole),
		cmocka_unit_test(many_are_quick),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
