/*
 * Traits, and events as a timeline needs them.
 */
#include "../unit.h"

#include "s3triage/base/when.h"
#include "s3triage/event/activity.h"

#define T(x) TRAIT_##x

/* A raw event: the identity, the user agent, the rest of the top level, role and rule of the request. */
struct trait_case {
	const char *identity, *agent, *role, *rule;
	trait_set has, lacks;
};

static const struct trait_case trait_cases[] = {
	{"\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/kim\",\"accountId\":\"111122223333\","
	 "\"accessKeyId\":\"AKIAEXAMPLE000000001\"", "aws-cli/2.15.0", "arn:aws:iam::111122223333:role/r",
		"\"Status\":\"Enabled\",\"Destination\":{\"Account\":1,\"Bucket\":\"arn:aws:s3:::d\","
		"\"AccessControlTranslation\":{\"Owner\":\"Destination\"}},\"Filter\":\"\","
		"\"DeleteMarkerReplication\":{\"Status\":\"Enabled\"}",
		T(KEY_LONG) | T(AGENT_CLI) | T(OWNER_OVERRIDE) | T(DELETE_MARKERS) | T(WHOLE_BUCKET) | T(MFA_UNSAID),
		T(ROOT) | T(KEY_TEMPORARY) | T(ROLE_FOREIGN) | T(CALLER_FOREIGN) | T(PARTITION_FOREIGN) |
		T(ALL_DISABLED) | T(EXISTING_OBJECTS) | T(KMS) | T(FORGED) | T(DISAGREE) | T(MFA) | T(SERVICE)},
	{"\"type\":\"Root\",\"arn\":\"arn:aws:iam::999988887777:root\",\"accountId\":\"999988887777\","
	 "\"accessKeyId\":\"ASIAEXAMPLE000000001\",\"sessionContext\":{\"attributes\":{\"mfaAuthenticated\":\"true\"}}",
		"[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12]", "arn:aws:iam::444455556666:role/r",
		"\"Status\":\"Disabled\",\"Destination\":{\"Account\":1,\"Bucket\":\"arn:aws-cn:s3:::d\","
		"\"EncryptionConfiguration\":{\"ReplicaKmsKeyID\":\"arn:aws-cn:kms:cn-north-1:1:key/k\"}},"
		"\"Filter\":{\"Prefix\":\"a/\"},\"ExistingObjectReplication\":{\"Status\":\"Enabled\"}",
		T(ROOT) | T(KEY_TEMPORARY) | T(MFA) | T(AGENT_CONSOLE) | T(ROLE_FOREIGN) | T(CALLER_FOREIGN) |
		T(PARTITION_FOREIGN) | T(ALL_DISABLED) | T(EXISTING_OBJECTS) | T(KMS),
		T(KEY_LONG) | T(WHOLE_BUCKET) | T(OWNER_OVERRIDE) | T(AGENT_SDK) | T(MFA_NOT) | T(MFA_UNSAID)},
	{"\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/tf/s\",\"accountId\":\"111122223333\","
	 "\"sessionContext\":{\"attributes\":{\"mfaAuthenticated\":\"false\"}}",
		"APN/1.0 HashiCorp/1.0 Terraform/1.9.8 aws-sdk-go-v2/1.32.4", "arn:aws:iam::111122223333:role/r",
		"\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::d\"},"
		"\"Filter\":{\"Prefix\":\"x, Account=444455556666}\"}",
		T(AGENT_CODE) | T(MFA_NOT) | T(FORGED) | T(DISAGREE), T(AGENT_SDK) | T(WHOLE_BUCKET) | T(KEY_LONG)},
	{"\"type\":\"AWSService\",\"invokedBy\":\"cloudformation.amazonaws.com\"", "cloudformation.amazonaws.com",
		"arn:aws:iam::111122223333:role/r",
		"\"Status\":\"Enabled\",\"Destination\":{\"Account\":1,\"Bucket\":\"arn:aws:s3:::d\"},\"Prefix\":\"p\"",
		T(SERVICE) | T(AGENT_CODE), T(WHOLE_BUCKET) | T(AGENT_UNKNOWN)},
	{"\"type\":\"IAMUser\",\"accountId\":\"111122223333\"", "Boto3/1.34 Botocore/1.34", "",
		"\"Status\":\"Enabled\",\"Destination\":{\"Account\":1,\"Bucket\":\"arn:aws:s3:::d\"},"
		"\"Filter\":{\"Tag\":{\"Key\":\"a\",\"Value\":\"b\"}}",
		T(AGENT_SDK) | T(MFA_UNSAID), T(WHOLE_BUCKET) | T(AGENT_UNKNOWN) | T(SERVICE) | T(ROLE_FOREIGN)},
	{"\"type\":\"IAMUser\"", "something/1", "", "\"Status\":\"Enabled\"", T(AGENT_UNKNOWN) | T(WHOLE_BUCKET),
		T(AGENT_SDK) | T(AGENT_CLI)},
};

static struct json *event_of(const struct trait_case *c)
{
	struct buf text = {0};
	buf_fmt(&text, "{\"eventVersion\":\"1.11\",\"userIdentity\":{%s},\"eventTime\":\"2026-11-24T02:13:07Z\","
		"\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"PutBucketReplication\",\"awsRegion\":\"eu-west-1\","
		"\"userAgent\":\"%s\",\"requestParameters\":{\"bucketName\":\"b\",\"ReplicationConfiguration\":"
		"{\"Role\":\"%s\",\"Rule\":{%s}}},\"resources\":[{\"accountId\":\"111122223333\","
		"\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::b\"}],\"eventID\":\"e\"}",
		c->identity, c->agent, c->role, c->rule);
	struct json *raw = json_parse(buf_str(&text), NULL);
	assert_non_null(raw);
	struct json *ecs = cloudtrail_to_ecs(raw, NULL);
	assert_non_null(ecs);
	json_free(raw);
	buf_fini(&text);
	return ecs;
}

static void traits_are_what_the_event_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(trait_cases); i++) {
		struct arena mem = {0};
		struct alert a;
		struct json *ecs = event_of(&trait_cases[i]);
		assert_true(alert_read(ecs, SHAPE_CLOUDTRAIL, NULL, &mem, &a));
		for (unsigned t = 0; t < TRAIT_COUNT; t++) {
			bool on = a.traits >> t & 1;
			if ((trait_cases[i].has >> t & 1 && !on) || (trait_cases[i].lacks >> t & 1 && on))
				fail_msg("case %zu: %s is %s", i, trait_name((enum trait_index)t), on ? "on" : "off");
		}
		if (i == 1) {
			assert_true(str_is(a.role_account, "444455556666"));
			assert_true(str_is(a.caller_account, "999988887777"));
			assert_true(str_is(a.dest_partition, "aws-cn"));
			assert_true(str_is(a.dest_region, "cn-north-1"));
		}
		json_free(ecs);
		arena_fini(&mem);
	}
}

static void names_of_traits_and_calls_go_both_ways(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TRAIT_COUNT; i++)
		assert_int_equal(trait_parse(str_c(trait_name((enum trait_index)i))), UINT64_C(1) << i);
	assert_int_equal(trait_parse(STR("Root")), 0);
	for (unsigned i = 0; i < CALL_COUNT; i++)
		assert_int_equal(call_parse(str_c(call_name((enum call)i))), i);
	assert_int_equal(call_parse(STR("putbucketreplication")), CALL_NONE);
	assert_true(CALL_COUNT <= 64);
	assert_true(call_replicates(CALL_PutBucketReplication));
	assert_false(call_replicates(CALL_NONE));
	assert_false(call_replicates(CALL_GetBucketReplication));
}

static void principals_leave_out_the_session(void **state)
{
	(void)state;
	static const char *const cases[][3] = {
		{"arn:aws:sts::111122223333:assumed-role/tf/s", "tf", "arn:aws:sts::111122223333:assumed-role/tf"},
		{"arn:aws-cn:sts::111122223333:assumed-role/a.b/s@x", "", "arn:aws-cn:sts::111122223333:assumed-role/a.b"},
		{"arn:aws:sts::111122223333:assumed-role/tf", "", "arn:aws:sts::111122223333:assumed-role/tf"},
		{"arn:aws:iam::111122223333:user/path/kim", "kim", "arn:aws:iam::111122223333:user/path/kim"},
		{"", "config.amazonaws.com", "config.amazonaws.com"},
		{"/:assumed-role/", "", "/:assumed-role/"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str p = principal_of(str_c(cases[i][0]), str_c(cases[i][1]));
		if (!str_is(p, cases[i][2]))
			fail_msg("case %zu: %.*s", i, STR_ARG(p));
	}
}

/* Read from a raw event, and from an ECS document that kept only the map string. */
static void activities_are_read(void **state)
{
	(void)state;
	static const char raw[] = "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-11-24T02:00:00Z\",\"eventSource\":"
		"\"sts.amazonaws.com\",\"eventName\":\"AssumeRole\",\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":"
		"\"203.0.113.7\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/kim\","
		"\"userName\":\"kim\"},\"errorCode\":\"AccessDenied\",\"requestParameters\":{\"roleArn\":"
		"\"arn:aws:iam::111122223333:role/ci/deploy\"},\"eventID\":\"e1\"}";
	static const char ecs_text[] = "{\"@timestamp\":\"2026-11-24T02:00:00Z\",\"event\":{\"action\":\"PutBucketPolicy\","
		"\"outcome\":\"failure\"},\"aws\":{\"cloudtrail\":{\"request_parameters\":\"{bucketName=b-1, Host=h}\"}}}";
	struct arena mem = {0};
	struct activity a;
	struct json *v = json_parse(str_c(raw), NULL), *ecs = cloudtrail_to_ecs(v, NULL);
	assert_true(activity_read(ecs, NULL, &mem, &a));
	assert_int_equal(a.call, CALL_AssumeRole);
	assert_true(str_is(a.result, "AccessDenied"));
	assert_true(str_is(a.principal, "arn:aws:iam::111122223333:user/kim"));
	assert_true(str_is(a.other, "arn:aws:sts::111122223333:assumed-role/deploy"));
	assert_true(str_is(a.ip, "203.0.113.7"));
	assert_true(a.time != WHEN_NONE);
	json_free(v);
	json_free(ecs);
	v = json_parse(str_c(ecs_text), NULL);
	assert_true(activity_read(v, NULL, &mem, &a));
	assert_true(str_is(a.bucket, "b-1"));
	assert_true(str_is(a.result, "failed"));
	json_free(v);
	v = json_parse(STR("{\"event.action\":[\"ListObjects\"]}"), NULL);
	assert_false(activity_read(v, NULL, &mem, &a));
	json_free(v);
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(traits_are_what_the_event_says),
		cmocka_unit_test(names_of_traits_and_calls_go_both_ways),
		cmocka_unit_test(principals_leave_out_the_session),
		cmocka_unit_test(activities_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
