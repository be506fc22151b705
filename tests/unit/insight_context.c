/*
 * What stands around an alert: timelines, bounds, near misses, and what a request changed.
 */
#include "alert_make.h"

#include "../unit.h"

#include "s3triage/base/when.h"
#include "s3triage/insight/diff.h"

#include <stdio.h>

#define MINUTE INT64_C(60000)

/* Two alerts of one principal on two buckets; the first is the one that is asked about. */
struct place {
	struct arena mem;
	struct store *store;
	struct context *context;
	row_id row;
};

static struct alert config_alert(struct arena *mem, unsigned n, const char *bucket, int64_t time)
{
	struct alert a = make_alert(mem, n);
	a.bucket = str_c(bucket);
	a.time = time;
	a.actor_arn = STR("arn:aws:sts::1:assumed-role/deploy/s1");
	return a;
}

static void setup(struct place *p)
{
	bool fresh;
	*p = (struct place){.store = store_new()};
	p->context = context_new(p->store);
	struct alert a = config_alert(&p->mem, 1, "payroll", MAKE_T0);
	p->row = store_add(p->store, &a, STR("{}"), &fresh);
	a = config_alert(&p->mem, 2, "other", MAKE_T0 + MINUTE);
	store_add(p->store, &a, STR("{}"), &fresh);
}

static void teardown(struct place *p)
{
	context_free(p->context);
	store_free(p->store);
	arena_fini(&p->mem);
}

static void add(struct place *p, enum call call, const char *arn, const char *bucket, int64_t time)
{
	struct related r = {.what = {.time = time, .call = call, .actor_arn = str_c(arn), .bucket = str_c(bucket),
		.event_id = arena_fmt(&p->mem, "%d-%lld-%s-%s", call, (long long)time, arn, bucket)}};
	r.what.principal = principal_of(r.what.actor_arn, r.what.actor);
	if (call == CALL_AssumeRole)
		r.what.other = STR("arn:aws:sts::1:assumed-role/deploy");
	context_add(p->context, &r);
}

#define DEPLOY2 "arn:aws:sts::1:assumed-role/deploy/s2"
#define KIM "arn:aws:iam::1:user/kim"

static struct timeline ask(struct place *p, int64_t window, size_t max)
{
	struct timeline t;
	context_timeline(p->context, p->row, &(struct timeline_want){.window_ms = window, .max = max}, &p->mem, &t);
	return t;
}

static void timelines_hold_the_principals_and_the_buckets(void **state)
{
	(void)state;
	struct place p;
	setup(&p);
	add(&p, CALL_DeleteBucketReplication, KIM, "payroll", MAKE_T0 + 3 * MINUTE);
	add(&p, CALL_ListBuckets, DEPLOY2, "", MAKE_T0 - 2 * MINUTE);
	add(&p, CALL_ListBuckets, DEPLOY2, "", MAKE_T0 - 2 * MINUTE); /* the same event again */
	add(&p, CALL_AssumeRole, KIM, "", MAKE_T0 - 5 * MINUTE);
	add(&p, CALL_ListBuckets, KIM, "", MAKE_T0);                /* neither */
	add(&p, CALL_CreateRole, DEPLOY2, "", MAKE_T0 - 61 * MINUTE); /* too early */
	assert_int_equal(context_count(p.context), 5);
	struct timeline t = ask(&p, 60 * MINUTE, 0);
	static const char *const want[] = {"AssumeRole", "ListBuckets", "PutBucketReplication",
		"PutBucketReplication", "DeleteBucketReplication"};
	assert_int_equal(t.n, ARRAY_LEN(want));
	for (size_t i = 0; i < t.n; i++)
		assert_true(str_is(t.entries[i].action, want[i]));
	assert_true(!t.entries[0].same_principal && !t.entries[0].same_bucket && !t.entries[0].named);
	assert_true(t.entries[0].opens && !t.entries[0].behind && str_is(t.entries[0].part, "opened a session of the role"));
	assert_true(t.entries[1].same_principal && t.entries[1].named && t.entries[1].row == ROW_NONE);
	assert_true(t.entries[2].self && t.entries[2].row == p.row && t.entries[2].same_bucket);
	assert_true(!t.entries[3].self && t.entries[3].same_principal && !t.entries[3].same_bucket);
	assert_true(!t.entries[4].same_principal && t.entries[4].same_bucket);
	assert_int_equal(t.left_out, 0);
	t = ask(&p, 60 * MINUTE, 2); /* the nearest, the alert itself first */
	assert_int_equal(t.n, 2);
	assert_int_equal(t.left_out, 3);
	assert_true(t.entries[0].self);
	struct related refused = {.what = {.time = MAKE_T0 - 1 * MINUTE, .call = CALL_StopLogging,
		.actor_arn = STR(DEPLOY2), .event_id = STR("r1"), .result = STR("AccessDenied"),
		.principal = principal_of(STR(DEPLOY2), STR("")) }};
	context_add(p.context, &refused);
	uint64_t denied, calls = context_calls(p.context, p.row, 60 * MINUTE, &denied);
	assert_int_equal(calls, UINT64_C(1) << CALL_ListBuckets | UINT64_C(1) << CALL_StopLogging);
	assert_int_equal(denied, UINT64_C(1) << CALL_StopLogging);
	struct call_seen seen[CALL_COUNT];
	assert_int_equal(context_calls_around(p.context, p.row, 62 * MINUTE, seen), 5); /* opening it is another's call */
	assert_true(seen[CALL_StopLogging].n == 1 && seen[CALL_StopLogging].refused == 1);
	assert_true(seen[CALL_CreateRole].n == 1 && seen[CALL_CreateRole].first == MAKE_T0 - 61 * MINUTE);
	assert_int_equal(seen[CALL_DeleteBucketReplication].n, 0); /* another's */
	refused.what.event_id = STR("r2"); /* once it did not fail */
	refused.what.result = STR("");
	context_add(p.context, &refused);
	calls = context_calls(p.context, p.row, 60 * MINUTE, &denied);
	assert_int_equal(denied, 0);
	assert_int_equal(calls, UINT64_C(1) << CALL_ListBuckets | UINT64_C(1) << CALL_StopLogging);
	calls = context_calls(p.context, p.row, 62 * MINUTE, NULL);
	assert_int_equal(calls, UINT64_C(1) << CALL_ListBuckets | UINT64_C(1) << CALL_CreateRole |
		UINT64_C(1) << CALL_StopLogging);
	teardown(&p);
}

/* By the key that AssumeRole's answer names: who opened the alert's session, and who opened theirs. */
static void who_was_behind_a_session_is_shown_with_it(void **state)
{
	(void)state;
	static const struct {
		enum call call;
		const char *arn, *key, *made, *other;
		int minute;
		const char *part;
		bool same;
	} calls[] = {
		{CALL_ListBuckets, KIM, "AKIAKIM", "", "", -9, "behind the session", false},
		{CALL_AssumeRole, KIM, "AKIAKIM", "ASIAHOP", "arn:aws:sts::1:assumed-role/hop", -8, "behind the session", false},
		{CALL_GetBucketReplication, "arn:aws:sts::1:assumed-role/hop/h", "ASIAHOP", "", "", -7, "behind the session", false},
		{CALL_AssumeRole, "arn:aws:sts::1:assumed-role/hop/h", "ASIAHOP", "ASIADEPLOY",
			"arn:aws:sts::1:assumed-role/deploy", -6, "opened the session", false},
		{CALL_AssumeRole, "arn:aws:iam::1:user/lee", "AKIALEE", "ASIALEE", "arn:aws:sts::1:assumed-role/deploy", -5,
			"opened a session of the role", false},
		{CALL_ListBuckets, "arn:aws:iam::1:user/lee", "AKIALEE", "", "", -4, NULL, false}, /* another's session */
		{CALL_ListBuckets, DEPLOY2, "ASIADEPLOY", "", "", -3, "", true},
		{CALL_StopLogging, KIM, "AKIAKIM", "", "", 4, "behind the session", false},
	};
	struct place p;
	bool fresh;
	setup(&p);
	struct alert a = config_alert(&p.mem, 3, "deep", MAKE_T0 - MINUTE);
	a.key_id = STR("ASIADEPLOY");
	p.row = store_add(p.store, &a, STR("{}"), &fresh);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		struct related r = {.what = {.time = MAKE_T0 + calls[i].minute * MINUTE, .call = calls[i].call,
			.actor_arn = str_c(calls[i].arn), .event_id = arena_fmt(&p.mem, "c%zu", i), .key_id = str_c(calls[i].key),
			.made = str_c(calls[i].made), .other = str_c(calls[i].other)}};
		r.what.principal = principal_of(r.what.actor_arn, r.what.actor);
		context_add(p.context, &r);
	}
	struct timeline t = ask(&p, 60 * MINUTE, 0);
	size_t at = 0;
	for (size_t i = 0; i < t.n; i++) {
		if (t.entries[i].row != ROW_NONE)
			continue;
		while (!calls[at].part)
			at++;
		assert_true(str_is(t.entries[i].part, calls[at].part) && t.entries[i].same_principal == calls[at].same);
		assert_int_equal(t.entries[i].kind, calls[at++].call);
	}
	assert_int_equal(at, ARRAY_LEN(calls));
	assert_int_equal(t.n, ARRAY_LEN(calls) - 1 + 3);
	assert_int_equal(t.left_out, 0);
	teardown(&p);
}

static void the_rules_guide_names_actions_as_words(void **state)
{
	(void)state;
	struct place p;
	setup(&p);
	add(&p, CALL_AssumeRole, DEPLOY2, "", MAKE_T0 - MINUTE);
	add(&p, CALL_ListBuckets, DEPLOY2, "", MAKE_T0 - 2 * MINUTE);
	struct timeline t;
	const struct timeline_want want = {.window_ms = 5 * MINUTE, .guide = STR("look for `AssumeRole`, MyListBucketsX")};
	context_timeline(p.context, p.row, &want, &p.mem, &t);
	assert_int_equal(t.n, 4);
	assert_false(t.entries[0].named);
	assert_true(t.entries[1].named);
	teardown(&p);
}

static void a_flood_pushes_nothing_else_out(void **state)
{
	(void)state;
	struct place p;
	setup(&p);
	for (int i = 0; i < CONTEXT_SAME_MAX + 500; i++)
		add(&p, CALL_DeleteObject, DEPLOY2, "", MAKE_T0 + i);
	assert_int_equal(context_dropped(p.context), 500);
	add(&p, CALL_CreateRole, DEPLOY2, "", MAKE_T0 - MINUTE);
	assert_int_equal(context_count(p.context), CONTEXT_SAME_MAX + 1);
	struct timeline t = ask(&p, 60 * MINUTE, 0);
	assert_int_equal(t.n, TIMELINE_MAX);
	assert_int_equal(t.n + t.left_out, CONTEXT_SAME_MAX + 3);
	teardown(&p);
}

static void a_hundred_thousand_events_are_no_wait(void **state)
{
	(void)state;
	struct place p;
	setup(&p);
	uint64_t seed = 3;
	for (int i = 0; i < 100000; i++) {
		char arn[64];
		snprintf(arn, sizeof(arn), "arn:aws:iam::1:user/u%u", make_random(&seed) % 2000);
		add(&p, (enum call)(make_random(&seed) % CALL_AssumeRole), arn, "", MAKE_T0 + make_random(&seed) % 1000000);
	}
	add(&p, CALL_CreateRole, DEPLOY2, "", MAKE_T0 - MINUTE);
	for (int i = 0; i < 1000; i++) {
		struct timeline t = ask(&p, 60 * MINUTE, 50);
		assert_int_equal(t.n, 3);
		assert_int_equal(context_calls(p.context, p.row, 2 * MINUTE, NULL), UINT64_C(1) << CALL_CreateRole);
	}
	teardown(&p);
}

/* ---- near misses and configurations ---------------------------------------------------------- */

#define CONFIG(bucket, id, rule) "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-11-24T00:00:00Z\",\"eventSource\":" \
	"\"s3.amazonaws.com\",\"eventName\":\"PutBucketReplication\",\"eventID\":\"" id "\",\"requestParameters\":" \
	"{\"bucketName\":\"" bucket "\",\"ReplicationConfiguration\":{\"Role\":\"r\",\"Rule\":" rule "}}}"

static void add_config(struct place *p, enum call call, const char *id, int64_t time, const char *raw)
{
	struct related r = {.replication = true, .raw = str_c(raw), .why = STR("names no account"),
		.what = {.time = time, .call = call, .actor_arn = STR(KIM), .principal = STR(KIM), .bucket = STR("payroll"),
			.event_id = str_c(id)}};
	r.alert = make_alert(&p->mem, 900);
	r.alert.id = r.alert.event_id = r.what.event_id;
	r.alert.bucket = r.what.bucket;
	r.alert.time = time;
	r.alert.actor = STR("kim");
	context_add(p->context, &r);
}

static void near_misses_are_told_once_and_no_more_as_alerts(void **state)
{
	(void)state;
	struct place p;
	size_t n;
	bool fresh;
	setup(&p);
	add_config(&p, CALL_PutBucketReplication, "n2", MAKE_T0 + MINUTE, "{}");
	add_config(&p, CALL_PutBucketReplication, "n1", MAKE_T0 - MINUTE, "{}");
	add_config(&p, CALL_PutBucketReplication, "n1", MAKE_T0 - MINUTE, "{}");
	struct near_miss *v = context_near_misses(p.context, &p.mem, &n);
	assert_int_equal(n, 2);
	assert_true(str_is(v[0].alert->event_id, "n1") && str_is(v[1].alert->event_id, "n2"));
	assert_true(str_is(v[0].why, "names no account") && str_is(v[0].action, "PutBucketReplication"));
	context_near_of(p.context, p.row, &p.mem, &n);
	assert_int_equal(n, 2);
	context_near_of(p.context, 1, &p.mem, &n);
	assert_int_equal(n, 0);
	struct alert late = make_alert(&p.mem, 77);
	late.event_id = STR("n1");
	store_add(p.store, &late, STR("{}"), &fresh);
	v = context_near_misses(p.context, &p.mem, &n);
	assert_int_equal(n, 1);
	assert_true(str_is(v[0].alert->event_id, "n2"));
	teardown(&p);
}

#define RULE(id, status, account, more) "{\"ID\":\"" id "\",\"Status\":\"" status "\",\"Destination\":{\"Bucket\":" \
	"\"arn:aws:s3:::copies\",\"Account\":" account more "}}"

static void diffs_say_what_came_before_and_after(void **state)
{
	(void)state;
	struct place p;
	struct diff d;
	bool fresh;
	setup(&p);
	diff_alert(p.context, p.store, p.row, &p.mem, &d);
	assert_int_equal(d.base, DIFF_BASE_NONE);
	assert_true(str_is(d.head, "No earlier configuration in these sources."));
	struct alert a = config_alert(&p.mem, 5, "payroll", MAKE_T0 + 10 * MINUTE);
	row_id row = store_add(p.store, &a, STR(CONFIG("payroll", "e5", "[" RULE("sync", "Enabled", "999988887777",
		",\"AccessControlTranslation\":{\"Owner\":\"Destination\"}") "]")), &fresh);
	add_config(&p, CALL_PutBucketReplication, "c1", MAKE_T0 + 9 * MINUTE,
		CONFIG("payroll", "c1", RULE("sync", "Disabled", "111122223333", "")));
	add_config(&p, CALL_DeleteBucketReplication, "c2", MAKE_T0 + 12 * MINUTE, "{}");
	diff_alert(p.context, p.store, row, &p.mem, &d);
	assert_int_equal(d.base, DIFF_BASE_CONFIG);
	static const char *const want[] = {"Destination added: bucket copies of account 999988887777.",
		"Destination removed: bucket copies of account 111122223333.",
		("What rule \"sync\" takes (all objects) goes elsewhere: from bucket copies of account 111122223333 "
		"to bucket copies of account 999988887777."),
		"Replication turned on in rule \"sync\".", "Owner override turned on in rule \"sync\"."};
	assert_int_equal(d.n_lines, ARRAY_LEN(want));
	for (size_t i = 0; i < d.n_lines; i++)
		if (!str_is(d.lines[i].text, want[i]))
			fail_msg("line %zu: %.*s", i, STR_ARG(d.lines[i].text));
	assert_true(d.has_after && str_starts(d.later, STR("Later deleted by kim on ")));
	diff_alert(p.context, p.store, p.row, &p.mem, &d);
	assert_true(str_starts(d.later, STR("Later replaced by another configuration by kim on ")));
	a = config_alert(&p.mem, 6, "payroll", MAKE_T0 + 20 * MINUTE);
	row = store_add(p.store, &a, STR("{}"), &fresh);
	diff_alert(p.context, p.store, row, &p.mem, &d);
	assert_int_equal(d.base, DIFF_BASE_DELETED);
	teardown(&p);
}

static void filters_are_wider_narrower_or_other(void **state)
{
	(void)state;
	const struct replication_tag tag = {STR_INIT("k"), STR_INIT("v")};
	static const struct {
		const char *before, *now;
		bool before_tag, now_tag;
		enum diff_kind kind;
	} cases[] = {
		{"a/", "", false, false, DIFF_FILTER_WIDER}, {"", "a/", false, false, DIFF_FILTER_NARROWER},
		{"a/", "b/", false, false, DIFF_FILTER_OTHER}, {"a/b", "a/", false, false, DIFF_FILTER_WIDER},
		{"a", "a", true, false, DIFF_FILTER_WIDER}, {"a", "a", false, true, DIFF_FILTER_NARROWER},
		{"", "a", true, false, DIFF_FILTER_OTHER}, {"a", "a", true, true, DIFF_SAME},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena mem = {0};
		struct diff d = {0};
		struct replication_rule b = {.id = STR("x"), .enabled = true, .bucket = STR("d"),
			.prefix = str_c(cases[i].before), .tags = &tag, .n_tags = cases[i].before_tag};
		struct replication_rule n = b;
		n.prefix = str_c(cases[i].now);
		n.n_tags = cases[i].now_tag;
		struct replication before = {.rules = &b, .n_rules = 1}, now = {.rules = &n, .n_rules = 1};
		diff_requests(&before, &now, &mem, &d);
		assert_int_equal(d.n_lines, 1);
		if (d.lines[0].kind != cases[i].kind)
			fail_msg("case %zu: %s", i, diff_kind_name(d.lines[0].kind));
		arena_fini(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timelines_hold_the_principals_and_the_buckets),
		cmocka_unit_test(who_was_behind_a_session_is_shown_with_it),
		cmocka_unit_test(the_rules_guide_names_actions_as_words),
		cmocka_unit_test(a_flood_pushes_nothing_else_out),
		cmocka_unit_test(a_hundred_thousand_events_are_no_wait),
		cmocka_unit_test(near_misses_are_told_once_and_no_more_as_alerts),
		cmocka_unit_test(diffs_say_what_came_before_and_after),
		cmocka_unit_test(filters_are_wider_narrower_or_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
