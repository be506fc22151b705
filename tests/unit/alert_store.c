#include "s3triage/alert/store.h"

#include "../../src/alert/spool_priv.h"
#include "s3triage/alert/facts.h"

#include <stdio.h>

#include "../unit.h"
#include "alert_make.h"

static void names_verdicts(void **state)
{
	(void)state;
	enum verdict v;
	for (int i = 0; i < VERDICTS; i++) {
		assert_true(verdict_parse(str_c(verdict_name((enum verdict)i)), &v));
		assert_int_equal(v, i);
	}
	assert_true(verdict_parse(STR("Suspicious"), &v) && v == VERDICT_SUSPICIOUS);
	assert_false(verdict_parse(STR("suspiciou"), &v));
	assert_int_equal(verdict_glyph(VERDICT_APPROVED), '+');
}

static void keeps_what_it_copied(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	bool fresh;
	for (unsigned n = 0; n < 3000; n++) {
		struct alert a = make_alert(&mem, n);
		assert_int_equal(store_add(s, &a, arena_fmt(&mem, "{\"n\":%u}", n), &fresh), n);
		assert_true(fresh);
	}
	arena_fini(&mem); /* the store must not point into it */
	assert_int_equal(store_count(s), 3000);
	assert_int_equal(store_count_verdict(s, VERDICT_OPEN), 3000);
	const struct alert *a = store_alert(s, 2999);
	assert_true(str_is(a->event_id, "event-002999"));
	assert_true(str_is(a->source, "logs/a.json:2999"));
	assert_int_equal(a->n_dests, 2);
	assert_true(str_is(a->dests[1].status, "Enabled"));
	assert_ptr_equal(a->rule.p, store_alert(s, 0)->rule.p);
	struct buf raw = {0};
	assert_true(store_raw(s, 2999, &raw, NULL));
	assert_true(str_is(buf_str(&raw), "{\"n\":2999}"));
	buf_fini(&raw);
	store_free(s);
}

static void counts_an_alert_once(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	bool fresh;
	struct alert a = make_alert(&mem, 1), same_event = a, other_rule = a, kibana = a;
	assert_int_equal(store_add(s, &a, STR("one"), &fresh), 0);
	assert_int_equal(store_add(s, &a, STR("two"), &fresh), 0);
	assert_false(fresh);
	same_event.id = STR("another-id");
	assert_int_equal(store_add(s, &same_event, STR("three"), &fresh), 0);
	assert_false(fresh);
	other_rule.id = STR("third-id");
	other_rule.rule_id = STR("other-rule");
	assert_int_equal(store_add(s, &other_rule, STR("four"), &fresh), 1);
	assert_true(fresh);
	kibana.id = STR("uuid-1");
	kibana.from_kibana = true;
	kibana.severity = STR("critical");
	assert_int_equal(store_add(s, &kibana, STR("five"), &fresh), 0);
	assert_false(fresh);
	assert_true(str_is(store_alert(s, 0)->id, "uuid-1"));
	assert_true(str_is(store_alert(s, 0)->severity, "critical"));
	assert_int_equal(store_change_count(s), 1);
	struct buf raw = {0};
	assert_true(store_raw(s, 0, &raw, NULL));
	assert_true(str_is(buf_str(&raw), "five"));
	buf_fini(&raw);
	store_add(s, &a, STR("six"), &fresh); /* the local match does not come back */
	assert_true(store_alert(s, 0)->from_kibana);
	assert_int_equal(store_count(s), 2);
	store_free(s);
	arena_fini(&mem);
}

static struct alert with_status(struct alert a, const char *status, int64_t at, uint32_t workflow)
{
	a.from_kibana = true;
	a.workflow_status = str_c(status);
	a.workflow_at = at;
	a.workflow = workflow;
	return a;
}

/* Somebody closes it in Kibana while it is decided here: both stand, neither replaces the other. */
static void takes_what_changed_in_kibana(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	bool fresh;
	struct alert first = make_alert(&mem, 1), second = make_alert(&mem, 2), twin = first;
	struct alert a = with_status(first, "open", INT64_MIN, 1), other = with_status(second, "open", INT64_MIN, 1);
	store_add(s, &a, STR("one"), &fresh);
	store_add(s, &other, STR("other"), &fresh);
	struct decision d = make_decision(&first, 1, VERDICT_SUSPICIOUS);
	store_decide(s, &d);
	size_t changes = store_change_count(s);
	a = with_status(first, "closed", MAKE_T0, 2);
	for (int again = 0; again < 2; again++) {
		assert_int_equal(store_add(s, &a, STR("two"), &fresh), 0);
		assert_false(fresh);
		assert_true(str_is(store_alert(s, 0)->workflow_status, "closed"));
		assert_int_equal(store_change_count(s), changes + 1);
		assert_true(store_change_of_facts(s, changes) && store_change_at(s, changes) == 0);
	}
	assert_int_equal(store_verdict(s, 0), VERDICT_SUSPICIOUS);
	assert_int_equal(store_count_verdict(s, VERDICT_OPEN), 1);
	assert_int_equal(store_count(s), 2);
	a = with_status(first, "acknowledged", MAKE_T0 - 1, 3); /* an older document */
	store_add(s, &a, STR("three"), &fresh);
	a = with_status(first, "open", INT64_MIN, 1);
	store_add(s, &a, STR("one"), &fresh);
	assert_true(str_is(store_alert(s, 0)->workflow_status, "closed"));
	a = with_status(first, "closed", MAKE_T0, 4); /* a tag: no time of its own */
	store_add(s, &a, STR("four"), &fresh);
	twin.id = STR("alert of the same event"); /* and another's status is not taken */
	twin = with_status(twin, "open", MAKE_T0 + 5, 5);
	assert_int_equal(store_add(s, &twin, STR("twin"), &fresh), 0);
	assert_true(str_eq(store_alert(s, 0)->id, first.id));
	struct buf raw = {0};
	assert_true(store_raw(s, 0, &raw, NULL));
	assert_true(str_is(buf_str(&raw), "four"));
	assert_int_equal(store_change_count(s), changes + 2);
	buf_fini(&raw);
	store_free(s);
	arena_fini(&mem);
}

static void finds_by_id_event_and_prefix(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	bool fresh;
	struct err err = {0};
	assert_true(store_find(s, STR("alert-000001"), &err) == ROW_NONE);
	for (unsigned n = 0; n < 1200; n++) {
		struct alert a = make_alert(&mem, n);
		store_add(s, &a, STR(""), &fresh);
	}
	struct alert twin = make_alert(&mem, 5);
	twin.id = STR("twin");
	twin.rule_id = STR("other-rule");
	store_add(s, &twin, STR(""), &fresh);
	assert_int_equal(store_find(s, STR("alert-000007"), &err), 7);
	assert_int_equal(store_find(s, STR("event-001100"), &err), 1100);
	assert_int_equal(store_find(s, STR("alert-00119"), &err), ROW_NONE);
	assert_non_null(strstr(err.text, "fits 10 alerts"));
	assert_int_equal(store_find(s, STR("event-000005"), &err), ROW_NONE);
	assert_non_null(strstr(err.text, "fits 2 alerts"));
	assert_int_equal(store_find(s, STR("twin"), &err), 1200);
	assert_int_equal(store_find(s, STR("tw"), &err), ROW_NONE);
	assert_non_null(strstr(err.text, "at least 4"));
	assert_int_equal(store_find(s, STR("nobody"), &err), ROW_NONE);
	store_free(s);
	arena_fini(&mem);
}

static void survives_many_alerts_of_one_event(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	bool fresh;
	struct alert a = make_alert(&mem, 1);
	for (unsigned n = 0; n < 20000; n++) {
		a.id = arena_fmt(&mem, "id-%u", n);
		a.rule_id = arena_fmt(&mem, "rule-%u", n);
		store_add(s, &a, STR(""), &fresh);
		assert_true(fresh);
	}
	assert_int_equal(store_find(s, STR("id-19999"), NULL), 19999);
	store_free(s);
	arena_fini(&mem);
}

static void the_newest_decision_stands(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	bool fresh;
	struct alert a = make_alert(&mem, 1);
	struct decision second = make_decision(&a, 2, VERDICT_SUSPICIOUS);
	struct decision first = make_decision(&a, 1, VERDICT_APPROVED);
	store_decide(s, &second);
	store_add(s, &a, STR(""), &fresh);
	assert_int_equal(store_verdict(s, 0), VERDICT_SUSPICIOUS);
	store_decide(s, &first);
	assert_int_equal(store_verdict(s, 0), VERDICT_SUSPICIOUS);
	struct decision undo = make_decision(&a, 3, VERDICT_OPEN);
	undo.alert_id = STR("known-elsewhere-by-another-id");
	store_decide(s, &undo);
	assert_int_equal(store_verdict(s, 0), VERDICT_OPEN);
	assert_int_equal(store_decision(s, 0)->seq, 3);
	assert_true(str_is(store_decision(s, 0)->analyst, "kim"));
	assert_int_equal(store_count_verdict(s, VERDICT_OPEN), 1);
	assert_int_equal(store_count_verdict(s, VERDICT_SUSPICIOUS), 0);
	store_free(s);
	arena_fini(&mem);
}

/* ---- property: any order of alerts and decisions gives the same state -------------------- */

enum { ALERTS = 40, DECISIONS = 160, THINGS = 2 * ALERTS + DECISIONS };

static void shuffle(int *order, int n, uint64_t *seed)
{
	for (int i = n - 1; i > 0; i--) {
		int j = (int)(make_random(seed) % (unsigned)(i + 1)), t = order[i];
		order[i] = order[j];
		order[j] = t;
	}
}

/* Alert i comes twice: as a local match and as Kibana's, with another id. */
static void feed(struct store *s, struct arena *mem, int thing)
{
	bool fresh;
	unsigned n = (unsigned)thing % ALERTS;
	struct alert a = make_alert(mem, n);
	if (thing < 2 * ALERTS && thing >= ALERTS) {
		a.id = arena_fmt(mem, "uuid-%u", n);
		a.from_kibana = true;
	}
	if (thing < 2 * ALERTS) {
		store_add(s, &a, STR("raw"), &fresh);
		return;
	}
	uint64_t seed = (uint64_t)thing;
	struct alert about = make_alert(mem, make_random(&seed) % (ALERTS + 5));
	if (make_random(&seed) % 2)
		about.id = arena_fmt(mem, "uuid-%s", about.id.p + 6);
	struct decision d = make_decision(&about, thing, (enum verdict)(make_random(&seed) % VERDICTS));
	store_decide(s, &d);
}

static void state_of(const struct store *s, struct arena *mem, struct str out[ALERTS])
{
	for (unsigned n = 0; n < ALERTS; n++) {
		char id[32];
		snprintf(id, sizeof(id), "uuid-%u", n);
		row_id r = store_find(s, str_c(id), NULL);
		assert_true(r != ROW_NONE);
		const struct decision *d = store_decision(s, r);
		out[n] = arena_fmt(mem, "%s %d %d %.*s", id, (int)store_verdict(s, r),
			d ? (int)d->seq : 0, STR_ARG(store_alert(s, r)->id));
	}
}

static void order_of_arrival_does_not_matter(void **state)
{
	(void)state;
	struct arena mem = {0};
	uint64_t seed = 7;
	struct str expected[ALERTS], got[ALERTS];
	int order[THINGS];
	for (int i = 0; i < THINGS; i++)
		order[i] = i;
	for (int round = 0; round < 60; round++) {
		struct store *s = store_new();
		for (int i = 0; i < THINGS; i++)
			feed(s, &mem, order[i]);
		state_of(s, &mem, round ? got : expected);
		assert_int_equal(store_count(s), ALERTS);
		for (int i = 0; round && i < ALERTS; i++)
			assert_string_equal(got[i].p, expected[i].p);
		size_t sum = 0;
		for (int v = 0; v < VERDICTS; v++)
			sum += store_count_verdict(s, (enum verdict)v);
		assert_int_equal(sum, ALERTS);
		store_free(s);
		shuffle(order, THINGS, &seed);
	}
	arena_fini(&mem);
}

static void spools_to_a_file_and_back(void **state)
{
	(void)state;
	struct spool s;
	spool_init(&s);
	s.resident_max = 2;
	enum { RECORDS = 900, SIZE = 10007 };
	static char record[SIZE];
	uint64_t at[RECORDS];
	for (int i = 0; i < RECORDS; i++) {
		memset(record, 'a' + i % 26, sizeof(record));
		at[i] = spool_add(&s, (struct str){record, sizeof(record)});
	}
	assert_true(s.first_resident >= 6); /* about 9 MiB, 2 or 3 of them in memory */
	assert_true(s.n - s.first_resident < 4);
	for (int i = 0; i < RECORDS; i++) {
		struct buf out = {0};
		assert_true(spool_read(&s, at[i], SIZE, &out, NULL));
		memset(record, 'a' + i % 26, sizeof(record));
		assert_int_equal(out.n, SIZE);
		assert_memory_equal(out.p, record, SIZE);
		buf_fini(&out);
	}
	struct buf out = {0};
	struct err err = {0};
	assert_false(spool_read(&s, s.size, 1, &out, &err));
	buf_init(&out, 10);
	assert_false(spool_read(&s, 0, SIZE, &out, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_fini(&out);
	spool_fini(&s);
}

/* Whoever only agrees makes it nobody's own, in whatever form the one and the other saw the event. */
static void whose_word_it_is(void **state)
{
	static const struct {
		const char *said, *word; /* kim's in capitals; o a s; u: kim takes her last back */
	} cases[] = {{"a", "lee"}, {"A", ""}, {"o", ""}, {"aA", "lee"}, {"aAA", "lee"}, {"aAS", ""},
		{"aASA", ""}, {"aAOu", "lee"}, {"aASu", "lee"}, {"saA", "lee"}, {"Aa", "lee"}, {"sA", ""}};
	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		const char *said = cases[i / 2].said;
		struct arena mem = {0};
		struct store *s = store_new();
		struct alert a = make_alert(&mem, 1), other_form = a;
		bool fresh;
		int64_t seq = 0;
		other_form.agent = (struct str){0};
		for (; said[seq]; seq++) {
			AUTO(buf_fini) struct buf facts = {0};
			bool lees = said[seq] >= 'a' && said[seq] != 'u';
			char back = said[seq] == 'u' ? said[seq - 2] : said[seq];
			struct decision d = make_decision(&a, seq + 1, (back | 32) == 'a' ? VERDICT_APPROVED
				: (back | 32) == 's' ? VERDICT_SUSPICIOUS : VERDICT_OPEN);
			d.analyst = lees ? STR("lee") : STR("kim");
			d.undoes = said[seq] == 'u' ? seq : 0;
			export_facts(lees && i % 2 ? &other_form : &a, &facts);
			d.facts = buf_str(&facts);
			if (i % 4 < 2 && seq == 0)
				store_add(s, &a, STR(""), &fresh);
			store_decide(s, &d);
		}
		store_add(s, &a, STR(""), &fresh);
		const struct decision *word = store_word(s, 0, STR("kim"));
		assert_true(word ? str_is(word->analyst, cases[i / 2].word) : !cases[i / 2].word[0]);
		store_free(s);
		arena_fini(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_verdicts),
		cmocka_unit_test(keeps_what_it_copied),
		cmocka_unit_test(counts_an_alert_once),
		cmocka_unit_test(takes_what_changed_in_kibana),
		cmocka_unit_test(finds_by_id_event_and_prefix),
		cmocka_unit_test(survives_many_alerts_of_one_event),
		cmocka_unit_test(the_newest_decision_stands),
		cmocka_unit_test(whose_word_it_is),
		cmocka_unit_test(order_of_arrival_does_not_matter),
		cmocka_unit_test(spools_to_a_file_and_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
