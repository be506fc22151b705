/*
 * Macie's findings that a bucket is replicated: as Macie, its bus and Security Hub write them.
 */
#include "../unit.h"

#include "s3triage/base/when.h"
#include "s3triage/event/alert.h"
#include "s3triage/event/doc.h"

#define ACTOR "\"actor\":{\"ipAddressDetails\":{\"ipAddressV4\":\"198.51.100.7\"},\"userIdentity\":{\"type\":\"AssumedRole\"," \
	"\"assumedRole\":{\"arn\":\"arn:aws:sts::444455556666:assumed-role/Ops/mira\",\"accessKeyId\":\"ASIA1\"}}}"

static const char macie[] = "{\"accountId\":\"444455556666\",\"category\":\"POLICY\",\"id\":\"f-1\",\"region\":\"eu-central-1\","
	"\"type\":\"Policy:IAMUser/S3BucketReplicatedExternally\",\"createdAt\":\"2026-05-04T09:40:00Z\","
	"\"updatedAt\":\"2026-05-05T09:41:00Z\",\"severity\":{\"score\":3,\"description\":\"High\"},\"policyDetails\":{\"action\":"
	"{\"apiCallDetails\":{\"api\":\"PutBucketReplication\",\"firstSeen\":\"2026-05-04T09:30:00.000Z\",\"lastSeen\":"
	"\"2026-05-05T09:30:00.000Z\"}}," ACTOR "},\"resourcesAffected\":{\"s3Bucket\":{\"arn\":\"arn:aws:s3:::ledger\","
	"\"owner\":{\"id\":\"canonical\"}}}}";
static const char asff[] = "{\"SchemaVersion\":\"2018-10-08\",\"Id\":\"arn:aws:macie2:r:444455556666:finding/f-1\",\"ProductArn\":"
	"\"arn:aws:securityhub:r::product/aws/macie\",\"AwsAccountId\":\"444455556666\",\"Types\":[\"Software and Configuration "
	"Checks/Policy:IAMUser-S3BucketReplicatedExternally\"],\"CreatedAt\":\"2026-05-04T09:40:00Z\",\"Region\":\"eu-central-1\","
	"\"Severity\":{\"Label\":\"MEDIUM\"},\"Resources\":[{\"Type\":\"Other\",\"Id\":\"x\"},{\"Type\":\"AwsS3Bucket\","
	"\"Id\":\"arn:aws:s3:::ledger\"}]}";
static const char ocsf[] = "{\"class_uid\":2004,\"metadata\":{\"version\":\"1.1.0\",\"product\":{\"name\":\"Security Hub\"}},"
	"\"time\":1777887600000,\"cloud\":{\"region\":\"eu-central-1\",\"account\":{\"uid\":444455556666}},\"severity\":\"Low\","
	"\"finding_info\":{\"uid\":\"f-1\",\"types\":[\"Policy:IAMUser-S3BucketReplicatedExternally\"]},"
	"\"resources\":[{\"uid\":\"arn:aws:s3:::ledger\"}]}";

static const struct alert_rule built_in = {STR_INIT("Rule"), STR_INIT("rule-1"), STR_INIT("medium"), 47};

static void are_alerts_of_their_own(void **state)
{
	(void)state;
	static const struct {
		const char *text, *time, *severity, *rule_id, *actor;
	} t[] = {
		{macie, "2026-05-04T09:30:00Z", "high", "Policy:IAMUser/S3BucketReplicatedExternally", "mira"},
		{asff, "2026-05-04T09:40:00Z", "medium", "SecurityHub/Policy:IAMUser/S3BucketReplicatedExternally", ""},
		{ocsf, "2026-05-04T09:40:00Z", "low", "SecurityHub/Policy:IAMUser/S3BucketReplicatedExternally", ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct arena mem = {0};
		struct alert a;
		enum event_shape shape;
		char when[WHEN_TEXT_MAX];
		AUTO(json_free_ptr) struct json *v = json_parse(str_c(t[i].text), NULL);
		assert_non_null(v);
		AUTO(json_free_ptr) struct json *ecs = event_to_ecs(v, &shape, NULL);
		assert_int_equal(shape, SHAPE_FINDING);
		assert_true(event_is_finding(ecs));
		assert_true(event_check(v, NULL));
		assert_true(alert_read(ecs, shape, &built_in, &mem, &a));
		assert_string_equal(when_format(a.time, when), t[i].time);
		assert_true(str_is(a.severity, t[i].severity) && str_is(a.rule_id, t[i].rule_id));
		assert_true(str_is(a.bucket, "ledger") && str_is(a.owner, "444455556666") && str_is(a.event_id, "f-1"));
		assert_true(str_is(a.actor, t[i].actor) && str_is(a.region, "eu-central-1"));
		assert_false(a.traits & TRAIT_AGENT_UNKNOWN);
		assert_true((a.traits & TRAIT_LOSSY) && !a.n_dests && !a.from_kibana && a.read_from == READ_NOTHING);
		arena_fini(&mem);
	}
}

static void other_findings_are_foreign(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum event_shape shape;
	} t[] = {
		{"{\"type\":\"SensitiveData:S3Object/Personal\",\"classificationDetails\":{}}", SHAPE_FOREIGN},
		{"{\"type\":\"Policy:IAMUser/S3BucketPublic\",\"policyDetails\":{}}", SHAPE_FOREIGN},
		{"{\"SchemaVersion\":\"1\",\"ProductArn\":\"p\",\"Types\":[\"TTPs\"]}", SHAPE_FOREIGN},
		{"{\"type\":\"Policy:IAMUser/S3BucketReplicatedExternally\"}", SHAPE_UNKNOWN},
		{"{\"Types\":[\"S3BucketReplicatedExternally\"]}", SHAPE_UNKNOWN},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		AUTO(json_free_ptr) struct json *v = json_parse(str_c(t[i].text), NULL);
		if (event_shape(v) != t[i].shape)
			fail_msg("%s: %d", t[i].text, event_shape(v));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(are_alerts_of_their_own),
		cmocka_unit_test(other_findings_are_foreign),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
