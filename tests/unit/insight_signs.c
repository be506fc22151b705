/*
 * What stands around an alert and weighs: each sign with what makes it, and with what is next to it and
 * does not.
 */
#include "alert_make.h"

#include "../unit.h"

#include "s3triage/insight/signs.h"

#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)
#define ARN "arn:aws:iam::000100000001:user/user-0"

struct place {
	struct arena mem;
	struct store *store;
	struct context *context;
	unsigned n;
};

static void place_open(struct place *p)
{
	*p = (struct place){.store = store_new()};
	p->context = context_new(p->store);
}

static void place_close(struct place *p)
{
	context_free(p->context);
	store_free(p->store);
	arena_fini(&p->mem);
}

static struct alert config(struct place *p, const char *bucket, int64_t time)
{
	struct alert a = make_alert(&p->mem, p->n++ * 2);
	a.bucket = str_c(bucket);
	a.time = time;
	a.actor = STR("user-0");
	a.actor_arn = STR(ARN);
	return a;
}

static row_id put(struct place *p, const struct alert *a)
{
	bool fresh;
	return store_add(p->store, a, STR("{}"), &fresh);
}

/* A call by the alert's principal; members of `more` that are set count instead. */
static void call(struct place *p, enum call c, int64_t time, struct activity more)
{
	struct related r = {.what = more, .replication = c == CALL_CreateJob && more.tame};
	r.what.call = c;
	r.what.time = time;
	r.what.event_id = arena_fmt(&p->mem, "e-%u", p->n++);
	r.what.principal = r.what.actor_arn = more.principal.n ? more.principal : STR(ARN);
	r.what.ip = more.ip.n ? more.ip : STR("203.0.113.77");
	r.what.key_id = more.key_id.n ? more.key_id : STR("AKIAOTHER");
	r.alert = (struct alert){.id = r.what.event_id, .event_id = r.what.event_id, .time = time,
		.bucket = more.bucket};
	const struct alert_dest d = {.bucket = more.target, .account = more.other};
	r.alert.dests = &d;
	r.alert.n_dests = d.bucket.n > 0;
	context_add(p->context, &r);
}

static void look(struct place *p, row_id r, struct signs *out)
{
	context_signs(p->context, r, &p->mem, out);
}

struct one {
	enum call call;
	int64_t at; /* after the alert */
	struct activity with;
	char sign; /* its letter below; 0: none */
};

static void each_sign_has_its_event(void **state)
{
	(void)state;
	static const struct one cases[] = {
		{CALL_ListBuckets, -5 * DAY, {0}, 'l'},
		{CALL_ListBuckets, -HOUR / 2, {0}, 'l'},
		{CALL_ListBuckets, -15 * DAY, {0}, 0},
		{CALL_ListBuckets, HOUR, {0}, 0},
		{CALL_ListBuckets, -5 * DAY, {.ip = STR("198.51.100.7")}, 0},
		{CALL_ListBuckets, -5 * DAY, {.ip = STR("198.51.100.7"), .key_id = STR("AKIAEXAMPLE")}, 'l'},
		{CALL_GetBucketReplication, -2 * HOUR, {.bucket = STR("payroll")}, 'l'},
		{CALL_GetBucketReplication, -60000, {.bucket = STR("payroll")}, 0}, /* as tools do before a change */
		{CALL_GetBucketVersioning, -60000, {0}, 0}, {CALL_GetCallerIdentity, -5 * DAY, {0}, 0},
		{CALL_PutRolePolicy, -HOUR / 2, {0}, 'p'},
		{CALL_PutRolePolicy, -2 * HOUR, {0}, 0},
		{CALL_PutBucketReplication, -HOUR, {.result = STR("AccessDenied")}, 'd'},
		{CALL_PutBucketReplication, -HOUR, {.result = STR("InvalidRequest")}, 0},
		{CALL_PutBucketReplication, -2 * DAY, {.result = STR("AccessDenied")}, 0},
		{CALL_StopLogging, HOUR / 2, {0}, 's'}, {CALL_DeleteTrail, -HOUR, {0}, 's'},
		{CALL_DeleteFlowLogs, HOUR, {0}, 's'}, {CALL_DeleteDetector, HOUR, {0}, 's'},
		{CALL_DisableSecurityHub, HOUR, {0}, 's'},
		{CALL_StopConfigurationRecorder, HOUR, {0}, 's'},
		{CALL_PutEventSelectors, HOUR, {0}, 's'},
		{CALL_PutEventSelectors, HOUR, {.tame = true}, 0},
		{CALL_StopLogging, HOUR, {.result = STR("AccessDenied")}, 0}, {CALL_StopLogging, 2 * DAY, {0}, 0},
		{CALL_StopLogging, HOUR, {.principal = STR("arn:aws:iam::000100000001:user/another")}, 0},
		{CALL_CreateRole, -3 * DAY, {.target = STR("repl")}, 'r'},
		{CALL_CreateRole, -3 * DAY, {.target = STR("other")}, 0},
		{CALL_CreateBucket, -3 * DAY, {.bucket = STR("copies-0")}, 'b'},
		{CALL_CreateBucket, -3 * DAY, {.bucket = STR("else")}, 0},
		{CALL_PutBucketVersioning, -2 * HOUR, {.bucket = STR("payroll")}, 'v'},
		{CALL_PutBucketVersioning, -2 * HOUR, {.bucket = STR("else")}, 0},
		{CALL_CreateJob, 3 * DAY, {.tame = true, .bucket = STR("payroll")}, 'j'}, /* a near miss */
		{CALL_CreateJob, 3 * DAY, {.tame = true, .bucket = STR("else")}, 0},
		{CALL_CreateJob, 3 * DAY, {.tame = true, .bucket = STR("payroll"), .result = STR("AccessDenied")}, 0},
		{CALL_CreateJob, HOUR, {.tame = true, .bucket = STR("else")}, 0},
		{CALL_CreateJob, HOUR, {.tame = true}, 'm'}, /* of what bucket is not said */
		{CALL_CreateJob, 3 * DAY, {.tame = true}, 0},
		{CALL_CreateJob, HOUR, {.tame = true, .bucket = STR("else"), .target = STR("copies-0")}, 'j'},
		{CALL_CreateJob, 3 * DAY, {.tame = true, .bucket = STR("payroll"), .target = STR("copies-0")}, 'j'},
		{CALL_CreateJob, HOUR, {.tame = true, .bucket = STR("payroll"), .target = STR("own-copies")}, 0},
		{CALL_CreateJob, HOUR, {.tame = true, .target = STR("own-copies")}, 0},
		{CALL_CreateJob, HOUR, {0}, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct one *x = &cases[i];
		struct place p;
		struct signs s;
		place_open(&p);
		struct alert a = config(&p, "payroll", MAKE_T0);
		row_id r = put(&p, &a);
		call(&p, x->call, MAKE_T0 + x->at, x->with);
		look(&p, r, &s);
		const struct {
			char sign;
			bool is;
		} all[] = {{'l', s.looked}, {'p', s.prepared}, {'d', s.denied}, {'s', s.silenced}, {'r', s.role},
			{'b', s.bucket}, {'v', s.versioned}, {'j', s.job && !s.job_maybe}, {'m', s.job_maybe}};
		for (size_t k = 0; k < ARRAY_LEN(all); k++)
			if (all[k].is != (all[k].sign == x->sign))
				fail_msg("case %zu, %s: %c", i, call_name(x->call), all[k].sign);
		place_close(&p);
	}
}

/* What one does on three other days anyway is no sign. */
static void what_is_daily_weighs_nothing(void **state)
{
	(void)state;
	for (int days = 0; days <= 3; days++) {
		struct place p;
		struct signs s;
		place_open(&p);
		struct alert a = config(&p, "payroll", MAKE_T0);
		row_id r = put(&p, &a);
		call(&p, CALL_ListBuckets, MAKE_T0 - 60000, (struct activity){0});
		call(&p, CALL_PutRolePolicy, MAKE_T0 - 60000, (struct activity){0});
		for (int d = 1; d <= days; d++) {
			call(&p, CALL_ListBuckets, MAKE_T0 - d * 20 * DAY, (struct activity){0});
			call(&p, CALL_PutRolePolicy, MAKE_T0 + d * DAY, (struct activity){0});
			call(&p, CALL_PutRolePolicy, MAKE_T0 + d * DAY + 1, (struct activity){0});
		}
		look(&p, r, &s);
		assert_int_equal(s.looked == 0, days == 3);
		assert_int_equal(s.prepared == 0, days == 3);
		place_close(&p);
	}
}

static void bursts_are_counted_and_known(void **state)
{
	(void)state;
	static const char *const buckets[] = {"a", "b", "b", "c"};
	struct place p;
	struct signs s;
	place_open(&p);
	row_id r = ROW_NONE;
	for (int day = 0; day < 4; day++)
		for (size_t i = 0; i < ARRAY_LEN(buckets); i++) {
			struct alert a = config(&p, buckets[i], MAKE_T0 + day * DAY + (int64_t)i * 60000);
			r = put(&p, &a);
			look(&p, r, &s);
			assert_int_equal(s.burst, i == 3 && day < 2 ? 3 : 0); /* twice before: known */
		}
	place_close(&p);
}

static void a_key_in_two_networks(void **state)
{
	(void)state;
	static const struct {
		const char *key, *ip;
		int64_t at;
		bool told;
	} cases[] = {{"AKIAEXAMPLE", "198.51.100.7", HOUR, true}, {"AKIAEXAMPLE", "203.0.113.9", HOUR, false},
		{"AKIAELSE", "198.51.100.7", HOUR, false}, {"AKIAEXAMPLE", "198.51.100.7", DAY, false},
		{"AKIAEXAMPLE", "cloudformation.amazonaws.com", HOUR, false},
		{"AKIAEXAMPLE", "2001:db8:1::7", -HOUR, true}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct place p;
		struct signs s;
		place_open(&p);
		struct alert a = config(&p, "payroll", MAKE_T0);
		row_id r = put(&p, &a);
		call(&p, CALL_GetCallerIdentity, MAKE_T0 + cases[i].at,
			(struct activity){.key_id = str_c(cases[i].key), .ip = str_c(cases[i].ip)});
		look(&p, r, &s);
		if (!s.elsewhere.n == cases[i].told)
			fail_msg("case %zu", i);
		place_close(&p);
	}
}

/* One who is in both networks on three other days anyway is told of no second place. */
static void a_key_that_travels_every_day(void **state)
{
	(void)state;
	for (int both = 0; both < 2; both++) {
		struct place p;
		struct signs s;
		place_open(&p);
		struct alert a = config(&p, "payroll", MAKE_T0);
		row_id r = put(&p, &a);
		const struct activity away = {.key_id = a.key_id, .ip = STR("198.51.100.7")},
			home = {.key_id = a.key_id, .ip = a.ip};
		for (int day = 0; day <= 3; day++) {
			call(&p, CALL_GetCallerIdentity, MAKE_T0 - day * DAY - HOUR, away);
			if (both)
				call(&p, CALL_GetCallerIdentity, MAKE_T0 - day * DAY - 2 * HOUR, home);
		}
		look(&p, r, &s);
		assert_int_equal(s.elsewhere.n > 0, !both);
		place_close(&p);
	}
}

/* From the first to the last of several, not the nearest alone. */
static void looks_are_told_from_to(void **state)
{
	(void)state;
	struct place p;
	struct signs s;
	place_open(&p);
	struct alert a = config(&p, "payroll", MAKE_T0);
	row_id r = put(&p, &a);
	for (int i = 0; i < 3; i++)
		call(&p, CALL_ListBuckets, MAKE_T0 - (12 + i) * 60000, (struct activity){0});
	look(&p, r, &s);
	assert_int_equal(s.looked_at, MAKE_T0 - 14 * 60000);
	assert_int_equal(s.looked_until, MAKE_T0 - 12 * 60000);
	place_close(&p);
}

/* The calls that are kept say where it was, and who was asked for, as alerts do. */
static void other_calls_are_before_too(void **state)
{
	(void)state;
	static const struct {
		int64_t at;
		bool met;
	} cases[] = {{-DAY, true}, {-300 * DAY, true}, {0, false}, {HOUR, false}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct place p;
		struct signs s;
		place_open(&p);
		struct alert a = config(&p, "payroll", MAKE_T0);
		row_id r = put(&p, &a);
		call(&p, CALL_GetCallerIdentity, MAKE_T0 + cases[i].at, (struct activity){.ip = a.ip});
		call(&p, CALL_GetCallerIdentity, MAKE_T0 - DAY, (struct activity){.ip = a.ip, .principal = STR("x")});
		call(&p, CALL_CreateJob, MAKE_T0 + cases[i].at, (struct activity){.tame = true,
			.target = STR("b"), .other = a.dests[0].account, .result = STR("AccessDenied")});
		look(&p, r, &s);
		assert_int_equal(s.address_met, cases[i].met);
		assert_true((s.asked[0].at == MAKE_T0 + cases[i].at) == cases[i].met);
		if (cases[i].met)
			assert_string_equal(s.asked[0].result.p, "AccessDenied");
		place_close(&p);
	}
}

/* A later event on the bucket; `dests`: 0 none to read, 1 the alert's own, 2 others. */
static void later(struct place *p, enum call c, int64_t time, int dests, const struct alert *a)
{
	static const struct alert_dest others[] = {{.account = STR("9"), .bucket = STR("else"), .status = STR("Enabled")}};
	struct str id = arena_fmt(&p->mem, "later-%u", p->n++);
	struct related r = {.what = {.call = c, .time = time, .event_id = id, .bucket = STR("payroll"),
		.principal = STR("x")}, .replication = c != CALL_DeleteBucket, .why = STR("no match")};
	r.alert = (struct alert){.id = id, .event_id = id, .time = time, .bucket = STR("payroll"),
		.dests = dests == 1 ? a->dests : others, .n_dests = dests == 1 ? a->n_dests : dests == 2,
		.role = dests == 1 ? a->role : STR("")};
	context_add(p->context, &r);
}

static void what_became_is_known_or_not(void **state)
{
	(void)state;
	static const struct {
		struct {
			enum call call;
			int64_t at;
			int dests;
		} events[2];
		enum now_state now;
	} cases[] = {
		{{{CALL_ListBuckets, 0, 0}}, NOW_ACTIVE},
		{{{CALL_PutBucketReplication, HOUR, 1}}, NOW_ACTIVE},
		{{{CALL_PutBucketReplication, HOUR, 2}}, NOW_CHANGED},
		{{{CALL_PutBucketReplication, HOUR, 0}}, NOW_UNKNOWN},
		{{{CALL_DeleteBucketReplication, HOUR, 0}}, NOW_REMOVED},
		{{{CALL_DeleteBucket, HOUR, 0}}, NOW_REMOVED}, {{{CALL_DeleteBucket, -HOUR, 0}}, NOW_ACTIVE},
		{{{CALL_DeleteBucketReplication, HOUR, 0}, {CALL_PutBucketReplication, 2 * HOUR, 1}}, NOW_ACTIVE},
		{{{CALL_DeleteBucketReplication, HOUR, 0}, {CALL_PutBucketReplication, HOUR, 1}}, NOW_UNKNOWN},
		{{{CALL_PutBucketReplication, HOUR, 2}, {CALL_DeleteBucketReplication, HOUR, 0}}, NOW_UNKNOWN},
		{{{CALL_DeleteBucketReplication, HOUR, 0}, {CALL_DeleteBucket, HOUR, 0}}, NOW_REMOVED},
		{{{CALL_DeleteBucketReplication, 0, 0}}, NOW_UNKNOWN}, {{{CALL_PutBucketReplication, 0, 2}}, NOW_UNKNOWN},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct place p;
		struct signs s;
		place_open(&p);
		struct alert a = config(&p, "payroll", MAKE_T0);
		row_id r = put(&p, &a);
		for (size_t k = 0; k < 2 && cases[i].events[k].at + cases[i].events[k].dests +
			(int)cases[i].events[k].call; k++)
			if (cases[i].events[k].call != CALL_ListBuckets)
				later(&p, cases[i].events[k].call, MAKE_T0 + cases[i].events[k].at,
					cases[i].events[k].dests, &a);
		look(&p, r, &s);
		if (s.now != cases[i].now)
			fail_msg("case %zu: %s", i, now_name(s.now));
		place_close(&p);
	}
}

static void what_was_never_on_is_not_active(void **state)
{
	(void)state;
	for (int which = 0; which < 2; which++) {
		struct place p;
		struct signs s;
		place_open(&p);
		struct alert a = config(&p, which ? "" : "payroll", MAKE_T0);
		struct alert_dest d = a.dests[0];
		d.status = which ? d.status : STR("Disabled");
		a.dests = &d;
		a.n_dests = 1;
		row_id r = put(&p, &a);
		look(&p, r, &s);
		assert_int_equal(s.now, which ? NOW_UNKNOWN : NOW_DISABLED);
		place_close(&p);
	}
}

/* Where nobody asked for deletions, that there is none says nothing. */
static void of_a_cluster_nobody_knows_what_stands(void **state)
{
	(void)state;
	static const char *const origins[] = {"", ":demo", "prod@0123"};
	for (size_t i = 0; i < ARRAY_LEN(origins); i++) {
		struct place p;
		struct signs s;
		place_open(&p);
		struct alert a = config(&p, "payroll", MAKE_T0);
		a.origin = str_c(origins[i]);
		look(&p, put(&p, &a), &s);
		assert_int_equal(s.now, i < 2 ? NOW_ACTIVE : NOW_UNKNOWN);
		place_close(&p);
	}
}

/* The facts say of each difference what the records would. */
static void differences_come_of_facts(void **state)
{
	(void)state;
	static const struct alert_dest before = {.account = STR("000000000009"), .written = STR("000000000009"),
		.bucket = STR("b"), .rule_id = STR("r"), .status = STR("Enabled"), .prefix = STR("data/"),
		.tags = STR("a\\,b=c,k=v"), .switches = STR("owner-override,priority=1"), .manner = STR("storage=GLACIER")};
	static const struct {
		size_t at;
		const char *value;
		enum diff_kind kind;
		bool more;
	} cases[] = {
		{offsetof(struct alert_dest, prefix), "data/", DIFF_SAME, false},
		{offsetof(struct alert_dest, prefix), "", DIFF_FILTER_WIDER, true},
		{offsetof(struct alert_dest, prefix), "data/x", DIFF_FILTER_NARROWER, false},
		{offsetof(struct alert_dest, tags), "k=v", DIFF_FILTER_WIDER, true},
		{offsetof(struct alert_dest, tags), "k=v,a\\,b=c", DIFF_SAME, false},
		{offsetof(struct alert_dest, bucket), "drop", DIFF_DEST_ADDED, true},
		{offsetof(struct alert_dest, account), "000000000008", DIFF_DEST_ADDED, true},
		{offsetof(struct alert_dest, switches), "owner-override,delete-markers,priority=1", DIFF_TURNED_ON, true},
		{offsetof(struct alert_dest, switches), "priority=1", DIFF_TURNED_OFF, false},
		{offsetof(struct alert_dest, switches), "owner-override,priority=2", DIFF_OTHER, false},
		{offsetof(struct alert_dest, manner), "plain", DIFF_OTHER, false},
		{offsetof(struct alert_dest, manner), "storage=GLACIER,replica-modifications", DIFF_TURNED_ON, true},
		{offsetof(struct alert_dest, status), "Disabled", DIFF_TURNED_OFF, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena mem = {0};
		struct diff d;
		struct alert_dest now = before;
		*(struct str *)(void *)((char *)&now + cases[i].at) = str_c(cases[i].value);
		const struct alert a = {.dests = &before, .n_dests = 1}, b = {.dests = &now, .n_dests = 1};
		diff_facts(&a, &b, &mem, &d);
		if (!d.n_lines || d.lines[0].kind != cases[i].kind || d.lines[0].more != cases[i].more)
			fail_msg("case %zu: %s", i, d.n_lines ? diff_kind_name(d.lines[0].kind) : "nothing");
		arena_fini(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(each_sign_has_its_event),
		cmocka_unit_test(what_is_daily_weighs_nothing), cmocka_unit_test(bursts_are_counted_and_known),
		cmocka_unit_test(a_key_in_two_networks), cmocka_unit_test(a_key_that_travels_every_day),
		cmocka_unit_test(looks_are_told_from_to), cmocka_unit_test(what_became_is_known_or_not),
		cmocka_unit_test(what_was_never_on_is_not_active), cmocka_unit_test(other_calls_are_before_too),
		cmocka_unit_test(of_a_cluster_nobody_knows_what_stands), cmocka_unit_test(differences_come_of_facts)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
