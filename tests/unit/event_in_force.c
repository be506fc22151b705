/*
 * What a request set up, against what the bucket has now.
 */
#include "../unit.h"

#include "s3triage/event/in_force.h"

static const struct alert_dest dests[] = {
	{.account = STR_INIT("999988887777"), .bucket = STR_INIT("out"), .rule_id = STR_INIT("sync"),
		.arn = STR_INIT("arn:aws:s3:::out")},
	{.bucket = STR_INIT("unnamed"), .rule_id = STR_INIT("b")},
	{.written = STR_INIT("12-34"), .bucket = STR_INIT("odd")},
	{.bucket = STR_INIT("small"), .prefix = STR_INIT("small/"), .relation = RELATION_UNNAMED},
	{.account = STR_INIT("111122223333"), .bucket = STR_INIT("own"), .relation = RELATION_OWN,
		.claim = true},
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
		dropped[] = {RULE("sync", "", "", "out", true)},
		china[] = {{.account = STR_INIT("999988887777"), .bucket = STR_INIT("out"), .enabled = true,
			.partition = STR_INIT("aws-cn")}},
		wider[] = {{.bucket = STR_INIT("small"), .enabled = true, .prefix = STR_INIT("sma")}},
		other_filter[] = {{.bucket = STR_INIT("small"), .enabled = true, .prefix = STR_INIT("big/")}},
		own[] = {RULE("own", "111122223333", "111122223333", "own", true)},
		odd[] = {RULE("c", "", "12-34", "odd", true)}, less_odd[] = {RULE("c", "", "", "odd", true)};
	const struct {
		const char *name;
		struct replication_now now;
		enum in_force still;
		const char *words;
	} t[] = {
		{"enabled", {.is = {.rules = active, .n_rules = 1}}, IN_FORCE_ACTIVE,
			"still active: copies to 999988887777 (out)"},
		{"disabled", {.is = {.rules = disabled, .n_rules = 1}}, IN_FORCE_DISABLED, "disabled: 999988887777 (out)"},
		{"another account", {.is = {.rules = moved, .n_rules = 1}}, IN_FORCE_ACTIVE,
			"still active: copies to 999988887777 (out), now named as 111122223333"},
		{"account left out", {.is = {.rules = dropped, .n_rules = 1}}, IN_FORCE_ACTIVE,
			"still active: copies to 999988887777 (out), whose account is not named now"},
		{"another partition", {.is = {.rules = china, .n_rules = 1}}, IN_FORCE_CHANGED,
			"changed: none of the request's destinations is left; now also to 999988887777 (out)"},
		{"a wider filter", {.is = {.rules = wider, .n_rules = 1}}, IN_FORCE_ACTIVE,
			"still active: copies to no account named (small), with a wider filter than then"},
		{"another filter", {.is = {.rules = other_filter, .n_rules = 1}}, IN_FORCE_ACTIVE,
			"still active: copies to no account named (small), with another filter than then"},
		{"the own one is left", {.is = {.rules = own, .n_rules = 1}}, IN_FORCE_CHANGED,
			"changed: none of the request's destinations is left"},
		{"another bucket", {.is = {.rules = other_bucket, .n_rules = 1}}, IN_FORCE_CHANGED,
			"changed: none of the request's destinations is left; now also to 999988887777 (elsewhere)"},
		{"no account named", {.is = {.rules = unnamed, .n_rules = 1}}, IN_FORCE_ACTIVE,
			"still active: copies to no account named (unnamed)"},
		{"no valid account", {.is = {.rules = odd, .n_rules = 1}}, IN_FORCE_ACTIVE,
			"still active: copies to no account named (odd)"},
		{"no account in place of none valid", {.is = {.rules = less_odd, .n_rules = 1}}, IN_FORCE_ACTIVE,
			"still active: copies to no account named (odd), whose account is not named now"},
		{"no rule", {.is = {.n_rules = 0}}, IN_FORCE_REMOVED, "removed: the bucket has no replication now"},
		{"none", {.none = true}, IN_FORCE_REMOVED, "removed: the bucket has no replication now"},
		{"no bucket", {.no_bucket = true}, IN_FORCE_NO_BUCKET, "the bucket is no more"},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct buf words = {0};
		in_force_words(&t[i].now, &alert, &words);
		if (in_force_judge(&t[i].now, &alert) != t[i].still || strcmp(buf_cstr(&words), t[i].words) != 0)
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
	assert_ptr_equal(in_force_rule(&now, &dests[0]), &rules[2]);
	now.is.n_rules = 2;
	assert_ptr_equal(in_force_rule(&now, &dests[0]), &rules[1]);
	now.is.n_rules = 1;
	assert_ptr_equal(in_force_rule(&now, &dests[0]), &rules[0]);
	assert_null(in_force_rule(&now, &dests[1]));
	assert_false(in_force_is_new(&rules[0], &alert));
}

/* CloudTrail left the request out, or it could not be read: nothing is said of its destinations. */
static void what_is_not_known_is_not_compared(void **state)
{
	(void)state;
	static const struct replication_rule rules[] = {RULE("r", "999988887777", "", "out", true)};
	const struct alert unread = {.n_dests = 0};
	struct replication_now now = {.is = {.rules = rules, .n_rules = 1}};
	struct buf words = {0};
	assert_int_equal(in_force_judge(&now, &unread), IN_FORCE_UNCOMPARED);
	in_force_words(&now, &unread, &words);
	assert_string_equal(buf_cstr(&words), "not comparable: no destination of the request is known; "
		"the bucket replicates; now also to 999988887777 (out)");
	assert_int_equal(in_force_judge(&(struct replication_now){.none = true}, &unread), IN_FORCE_REMOVED);
	buf_fini(&words);
}

/* What is copied, and how, where it still goes. */
static void other_ways_are_told(void **state)
{
	(void)state;
	static const struct replication_rule rules[] = {{.account = STR_INIT("999988887777"),
		.account_text = STR_INIT("999988887777"), .bucket = STR_INIT("out"), .enabled = true,
		.kms_key = STR_INIT("k2"), .storage_class = STR_INIT("GLACIER"), .replica_modifications = TRI_ON,
		.metrics = TRI_ON, .has_priority = true, .priority = 1}};
	static const struct {
		const char *key, *switches, *manner, *says;
	} t[] = {
#define SAME "storage=GLACIER,replica-modifications,metrics"
		{"k2", "delete-markers", SAME, ", with other switches: delete-markers"},
		{"k1", "delete-markers,priority=7", SAME, ", with another KMS key: k2"},
		{"k2", "plain", SAME, ""}, {"k2", "priority=2", SAME, ""}, {"k2", "", "", ""},
		{"k2", "plain", "plain", ", copied in another manner: " SAME},
#undef SAME
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct replication_rule r = rules[0];
		r.delete_markers = i < 2 ? TRI_ON : TRI_OFF;
		const struct alert_dest d = {.account = STR("999988887777"), .bucket = STR("out"), .kms_key = str_c(t[i].key),
			.switches = i ? str_c(t[i].switches) : STR("plain"), .manner = str_c(t[i].manner)};
		const struct alert a = {.dests = &d, .n_dests = 1};
		const struct replication_now now = {.is = {.rules = &r, .n_rules = 1}};
		AUTO(buf_fini) struct buf words = {0}, want = {0};
		buf_fmt(&want, "still active: copies to 999988887777 (out)%s", t[i].says);
		in_force_words(&now, &a, &words);
		assert_string_equal(buf_cstr(&words), buf_cstr(&want));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states),
		cmocka_unit_test(the_best_rule_tells),
		cmocka_unit_test(other_ways_are_told),
		cmocka_unit_test(what_is_not_known_is_not_compared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
