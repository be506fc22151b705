/*
 * What a request set up, against what the bucket has now.
 */
#include "../unit.h"

#include "s3triage/event/still.h"

static const struct alert_dest dests[] = {
	{.account = STR_INIT("999988887777"), .bucket = STR_INIT("out"), .rule_id = STR_INIT("sync")},
	{.bucket = STR_INIT("unnamed"), .rule_id = STR_INIT("b")},
	{.written = STR_INIT("12-34"), .bucket = STR_INIT("odd")},
};
static const struct alert alert = {.dests = dests, .n_dests = ARRAY_LEN(dests)};

#define RULE(i, acc, text, buck, on)                                                               \
	{.id = STR_INIT(i), .account = STR_INIT(acc), .account_text = STR_INIT(text), .bucket = STR_INIT(buck), \
		.enabled = on, .status = STR_INIT("S")}

static void states(void **state)
{
	(void)state;
	static const struct replication_rule active[] = {RULE("new-id", "999988887777", "999988887777", "out", true)},
		disabled[] = {RULE("sync", "999988887777", "999988887777", "out", false)},
		moved[] = {RULE("sync", "111122223333", "111122223333", "out", true)},
		other_bucket[] = {RULE("sync", "999988887777", "999988887777", "elsewhere", true)},
		unnamed[] = {RULE("b", "", "", "unnamed", true)},
		odd[] = {RULE("c", "", "12-34", "odd", true)}, less_odd[] = {RULE("c", "", "", "odd", true)};
	const struct {
		const char *name;
		struct replication_now now;
		enum still still;
		const char *words;
	} t[] = {
		{"enabled", {.is = {.rules = active, .n_rules = 1}}, STILL_ACTIVE,
			"still active: copies to 999988887777 (out)"},
		{"disabled", {.is = {.rules = disabled, .n_rules = 1}}, STILL_DISABLED, "disabled: 999988887777 (out)"},
		{"another account", {.is = {.rules = moved, .n_rules = 1}}, STILL_CHANGED,
			"changed: none of the request's destinations is left; now also to 111122223333 (out)"},
		{"another bucket", {.is = {.rules = other_bucket, .n_rules = 1}}, STILL_CHANGED,
			"changed: none of the request's destinations is left; now also to 999988887777 (elsewhere)"},
		{"no account named", {.is = {.rules = unnamed, .n_rules = 1}}, STILL_ACTIVE,
			"still active: copies to no account named (unnamed)"},
		{"no valid account", {.is = {.rules = odd, .n_rules = 1}}, STILL_ACTIVE,
			"still active: copies to no account named (odd)"},
		{"no account in place of none valid", {.is = {.rules = less_odd, .n_rules = 1}}, STILL_CHANGED,
			"changed: none of the request's destinations is left; now also to no account named (odd)"},
		{"no rule", {.is = {.n_rules = 0}}, STILL_REMOVED, "removed: the bucket has no replication now"},
		{"none", {.none = true}, STILL_REMOVED, "removed: the bucket has no replication now"},
		{"no bucket", {.no_bucket = true}, STILL_NO_BUCKET, "the bucket is no more"},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct buf words = {0};
		still_words(&t[i].now, &alert, &words);
		if (still_judge(&t[i].now, &alert) != t[i].still || strcmp(buf_cstr(&words), t[i].words) != 0)
			fail_msg("%s: %s", t[i].name, buf_cstr(&words));
		buf_fini(&words);
	}
}

/* Two rules to the same place: one that is enabled tells, then one of the same id. */
static void the_best_rule_tells(void **state)
{
	(void)state;
	static const struct replication_rule rules[] = {RULE("sync", "999988887777", "", "out", false),
		RULE("x", "999988887777", "", "out", true), RULE("sync", "999988887777", "", "out", true)};
	struct replication_now now = {.is = {.rules = rules, .n_rules = 3}};
	assert_ptr_equal(still_rule(&now, &dests[0]), &rules[2]);
	now.is.n_rules = 2;
	assert_ptr_equal(still_rule(&now, &dests[0]), &rules[1]);
	now.is.n_rules = 1;
	assert_ptr_equal(still_rule(&now, &dests[0]), &rules[0]);
	assert_null(still_rule(&now, &dests[1]));
	assert_false(still_is_new(&rules[0], &alert));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states),
		cmocka_unit_test(the_best_rule_tells),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
