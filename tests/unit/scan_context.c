/*
 * The prefilter of many strings, and scans that bring the events around the alerts.
 */
#include "../../src/scan/multi_needle.h"

#include "../unit.h"

#include "s3triage/base/when.h"
#include "s3triage/scan/scan.h"

#include <ctype.h>
#include <stdio.h>

static uint32_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

/* Two hexadecimal digits that mean a byte of some string that is looked for, or a backslash. */
static bool slow_spelled(const char *digits)
{
	unsigned c;
	if (!isxdigit((unsigned char)digits[0]) || !isxdigit((unsigned char)digits[1]) ||
		sscanf((char[]){digits[0], digits[1], 0}, "%2x", &c) != 1)
		return false;
	bool meant = strchr("PutBucketReplication\"signalkibana\\", (int)c) != NULL;
	for (unsigned i = 0; i < CALL_COUNT && !meant; i++)
		meant = strchr(call_name((enum call)i), (int)c) != NULL;
	return c && meant;
}

/* Said the slow way: does a string that is looked for begin at p? */
static bool slow_begins(const char *p, size_t n)
{
	static const char *const open[] = {"PutBucketReplication", "\"signal", "\"kibana"};
	struct str rest = {p, n};
	for (size_t i = 0; i < ARRAY_LEN(open); i++)
		if (str_starts(rest, str_c(open[i])))
			return true;
	if (str_starts(rest, STR("\\u00")) && n > 5 && slow_spelled(p + 4))
		return true;
	for (unsigned i = 0; n && p[0] == '"' && i < CALL_COUNT; i++) {
		struct str name = str_c(call_name((enum call)i));
		if (n > name.n + 1 && str_starts(str_sub(rest, 1, n), name) &&
			(p[name.n + 1] == '"' || p[name.n + 1] == '\\'))
			return true;
	}
	return false;
}

static size_t slow_find(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slow_begins(p + i, n - i))
			return i;
	return STR_NONE;
}

static void finds_what_the_slow_way_finds(void **state)
{
	(void)state;
	static const char *const words[] = {"\"", "Put", "BucketReplication", "Bucket", "Policy", "\"Get",
		"\\u00", "50", "4", "\"signal", "\"kibana", "\\\"AssumeRole\\\"", "\"AssumeRole\"",
		"\"AssumeRoleWithSAML\"", "PutBucketReplication", "x", "eventName", ":", "\"ListBuckets\"",
		"\"CreateRole", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "\xff\x80"};
	struct needles rule;
	struct multi_needle *many = mem_alloc(sizeof(*many));
	struct str literal = STR("PutBucketReplication");
	assert_true(needles_init(&rule, &literal, 1));
	multi_needle_init(many, &rule);
	uint64_t seed = 7;
	size_t hits = 0;
	for (int round = 0; round < 20000; round++) {
		struct buf text = {0};
		for (unsigned i = next(&seed) % 12; i; i--)
			buf_c(&text, words[next(&seed) % ARRAY_LEN(words)]);
		size_t want = slow_find(text.p, text.n), got = multi_needle_find(many, text.p, text.n);
		if (want != got)
			fail_msg("%zu, not %zu in %s", got, want, buf_cstr(&text));
		hits += want != STR_NONE;
		buf_fini(&text);
	}
	assert_true(hits > 2000 && hits < 18000);
	free(many);
}

static void put_event(struct buf *out, const char *name, int n)
{
	buf_fmt(out, "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":"
		"\"arn:aws:iam::111122223333:user/kim\"},\"eventTime\":\"2026-11-24T02:%02d:00Z\","
		"\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"%s\",\"requestParameters\":{\"bucketName\":"
		"\"b%d\"},\"eventID\":\"e-%s-%d\"}", n % 60, name, n, name, n);
}

static void put_all(struct buf *out, int layout)
{
	static const char *const noise[] = {"GetObject", "AssumeRoleWithSAML", "Decrypt", "PutBucketPolicyX"};
	buf_c(out, layout == 1 ? "{\"Records\":[" : layout == 2 ? "{\"Events\":[" : "");
	for (unsigned i = 0; i < CALL_COUNT + ARRAY_LEN(noise); i++) {
		struct buf one = {0};
		const char *name = i < CALL_COUNT ? call_name((enum call)i) : noise[i - CALL_COUNT];
		put_event(&one, name, (int)i);
		if (i)
			buf_c(out, layout ? "," : "\n");
		if (layout == 2) {
			buf_c(out, "{\"CloudTrailEvent\":");
			json_quote(buf_str(&one), out);
			buf_char(out, '}');
		} else {
			buf_add(out, buf_str(&one));
		}
		buf_fini(&one);
	}
	buf_c(out, layout ? "]}" : "\n");
}

struct result {
	size_t related, near, why;
	struct scan_progress p;
	uint64_t calls;
	struct buf whys;
};

static struct result scan(struct str text, bool context, int64_t since)
{
	struct result r = {0};
	struct rule *rule = rule_builtin();
	struct scan_options o = {.rule = rule, .demo = text, .since = since, .until = WHEN_NONE,
		.context = context, .threads = 1};
	struct scan *s = scan_start(&o, NULL);
	struct scan_batch b;
	assert_non_null(s);
	while (scan_wait(s))
		while (scan_take(s, &b)) {
			for (size_t i = 0; i < b.n_related; i++) {
				const struct related *e = &b.related[i];
				r.calls |= UINT64_C(1) << e->what.call;
				r.related++;
				r.near += e->replication;
				r.why += e->why.n > 0;
				assert_true(e->what.time != WHEN_NONE && e->what.principal.n);
				assert_int_equal(e->replication, e->raw.n > 0);
				buf_add(&r.whys, e->why);
				buf_char(&r.whys, '\n');
			}
			arena_fini(&b.mem);
		}
	scan_progress(s, &r.p);
	scan_free(s);
	rule_free(rule);
	return r;
}

static void every_call_comes_in_every_layout(void **state)
{
	(void)state;
	for (int layout = 0; layout < 3; layout++) {
		struct buf text = {0};
		put_all(&text, layout);
		struct result r = scan(buf_str(&text), true, WHEN_NONE);
		assert_int_equal(r.related, CALL_COUNT);
		assert_int_equal(r.calls, (UINT64_C(1) << CALL_COUNT) - 1);
		assert_int_equal(r.p.related, CALL_COUNT);
		assert_int_equal(r.p.problems, 0);
		assert_int_equal(r.p.events, CALL_COUNT + 4);
		assert_int_equal(r.near, 3);
		assert_int_equal(r.why, 3);
		if (layout == 0)
			assert_true(r.p.candidates < CALL_COUNT + 4); /* what is of no use is passed over */
		buf_fini(&r.whys);
		r = scan(buf_str(&text), false, WHEN_NONE);
		assert_int_equal(r.related, 0);
		buf_fini(&r.whys);
		buf_fini(&text);
	}
}

static void names_spelled_with_escapes_are_found(void **state)
{
	(void)state;
	struct buf text = {0};
	for (int i = 0; i < 3; i++) {
		put_event(&text, i == 1 ? "Create\\u0052ole" : "GetObject", i);
		buf_char(&text, '\n');
	}
	struct result r = scan(buf_str(&text), true, WHEN_NONE);
	assert_int_equal(r.related, 1);
	assert_int_equal(r.calls, UINT64_C(1) << CALL_CreateRole);
	buf_fini(&r.whys);
	buf_fini(&text);
}

/* A match outside the time asked for stands beside the alerts, but is no near miss. */
static void time_bounds_do_not_hide_what_stands_around(void **state)
{
	(void)state;
	struct str text = STR("{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-11-20T02:00:00Z\",\"eventSource\":"
		"\"s3.amazonaws.com\",\"eventName\":\"PutBucketReplication\",\"userIdentity\":{\"arn\":\"a\"},"
		"\"requestParameters\":{\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"Rule\":{\"Destination\":"
		"{\"Account\":112233445566}}}},\"eventID\":\"e\"}");
	int64_t since;
	assert_true(when_parse(STR("2026-11-24T00:00:00Z"), &since));
	struct result r = scan(text, true, since);
	assert_int_equal(r.p.matches, 0);
	assert_int_equal(r.related, 1);
	assert_int_equal(r.near, 1);
	assert_int_equal(r.why, 0);
	buf_fini(&r.whys);
	r = scan(text, true, WHEN_NONE);
	assert_int_equal(r.p.matches, 1);
	assert_int_equal(r.related, 0);
	buf_fini(&r.whys);
}

static void near_misses_say_why(void **state)
{
	(void)state;
#define EVENT(name, more) "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-11-20T02:00:00Z\",\"eventSource\":" \
	"\"s3.amazonaws.com\",\"userIdentity\":{\"arn\":\"a\"},\"eventID\":\"e\",\"eventName\":\"" name "\"," more "}"
	static const char *const cases[][2] = {
		{EVENT("PutBucketReplication", "\"requestParameters\":{\"bucketName\":\"b\",\"ReplicationConfiguration\":"
			"{\"Rule\":{\"Destination\":{\"Bucket\":\"arn:aws:s3:::d\"}}}}"), "names no account\n"},
		{EVENT("PutBucketReplication", "\"errorCode\":\"AccessDenied\",\"requestParameters\":{\"bucketName\":\"b\","
			"\"ReplicationConfiguration\":{\"Rule\":{\"Destination\":{\"Account\":112233445566}}}}"),
			"the call failed: AccessDenied\n"},
		{EVENT("PutBucketReplication", "\"errorCode\":\"NoSuchBucket\",\"requestParameters\":{\"bucketName\":\"b\"}"),
			"the call failed: NoSuchBucket; the request holds no replication rule\n"},
		{EVENT("PutBucketReplication", "\"requestParameters\":{\"omitted\":true,\"reason\":\"requestParameters too large\"}"),
			"the request was too large for CloudTrail and is left out\n"},
		{EVENT("DeleteBucketReplication", "\"requestParameters\":{\"bucketName\":\"b\",\"replication\":\"\"}"),
			"takes the replication away\n"},
		{EVENT("PutReplicationConfiguration", "\"requestParameters\":{\"bucketName\":\"b, Account=1\"}"),
			"S3 has no call named PutReplicationConfiguration: that is a permission; the request holds"},
		{"{\"@timestamp\":\"2026-11-20T02:00:00Z\",\"event\":{\"action\":\"PutBucketReplication\",\"outcome\":"
			"\"success\",\"type\":[\"info\"]},\"aws\":{\"cloudtrail\":{\"user_identity\":{\"arn\":\"a\"},"
			"\"request_parameters\":\"{bucketName=b, ReplicationConfiguration={Rule={Destination={Account=1}}}}\"}}}",
			"the document has no data_stream.dataset\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct result r = scan(str_c(cases[i][0]), true, WHEN_NONE);
		size_t n = strlen(cases[i][1]);
		if (i == 5)
			n = strlen("S3 has no call named PutReplicationConfiguration: that is a permission");
		if (r.near != 1 || strncmp(buf_cstr(&r.whys), cases[i][1], n) != 0)
			fail_msg("case %zu: %zu: %s", i, r.near, buf_cstr(&r.whys));
		buf_fini(&r.whys);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_the_slow_way_finds),
		cmocka_unit_test(every_call_comes_in_every_layout),
		cmocka_unit_test(names_spelled_with_escapes_are_found),
		cmocka_unit_test(time_bounds_do_not_hide_what_stands_around),
		cmocka_unit_test(near_misses_say_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
