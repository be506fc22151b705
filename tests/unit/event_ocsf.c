/*
 * Events as Security Lake keeps them are the events that they were made of.
 */
#include "../unit.h"

#include "s3triage/event/alert.h"
#include "s3triage/event/doc.h"

#define CONFIGURATION "\"ReplicationConfiguration\":{\"Rule\":[{\"ID\":\"r\",\"Status\":\"Enabled\",\"Destination\":" \
	"{\"Bucket\":\"arn:aws:s3:::partner-in\",\"Account\":\"999911112222\"}}]}"
#define REQUEST "{\"bucketName\":\"ledger\"," CONFIGURATION "}"

static const char raw_event[] =
	"{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":\"AROA1:mira\","
	"\"arn\":\"arn:aws:sts::444455556666:assumed-role/Ops/mira\",\"accountId\":\"444455556666\","
	"\"accessKeyId\":\"ASIA1\",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\","
	"\"arn\":\"arn:aws:iam::444455556666:role/Ops\",\"userName\":\"Ops\"},\"attributes\":{\"creationDate\":"
	"\"2026-05-04T09:00:00Z\",\"mfaAuthenticated\":\"false\"}}},\"eventTime\":\"2026-05-04T09:30:00Z\","
	"\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"PutBucketReplication\",\"awsRegion\":\"eu-central-1\","
	"\"sourceIPAddress\":\"198.51.100.7\",\"userAgent\":\"aws-cli/2.17.40\",\"requestParameters\":" REQUEST ","
	"\"requestID\":\"R1\",\"eventID\":\"e-1\",\"readOnly\":false,\"resources\":[{\"accountId\":\"444455556666\","
	"\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::ledger\"}],\"eventType\":\"AwsApiCall\","
	"\"recipientAccountId\":\"444455556666\",\"sharedEventID\":\"s-1\",\"vpcEndpointId\":\"vpce-1\"}";

/* The same event as OCSF: `data` behind api.request's uid, `more` in unmapped. */
static void put_ocsf(struct buf *out, const char *data, const char *more)
{
	buf_fmt(out, "{\"class_uid\":6003,\"time\":1777887000000,\"metadata\":{\"uid\":\"e-1\",\"version\":\"1.1.0\","
		"\"log_name\":\"AwsApiCall\",\"product\":{\"name\":\"CloudTrail\",\"vendor_name\":\"AWS\",\"version\":\"1.11\"}},"
		"\"api\":{\"operation\":\"PutBucketReplication\",\"service\":{\"name\":\"s3.amazonaws.com\"},"
		"\"request\":{\"uid\":\"R1\"%s},\"response\":{\"error\":null}},\"actor\":{\"user\":{\"type\":\"AssumedRole\","
		"\"uid\":\"arn:aws:sts::444455556666:assumed-role/Ops/mira\",\"uid_alt\":\"AROA1:mira\","
		"\"account\":{\"uid\":\"444455556666\"},\"credential_uid\":\"ASIA1\"},\"session\":{\"issuer\":"
		"\"arn:aws:iam::444455556666:role/Ops\",\"created_time\":1777885200000,\"is_mfa\":false}},"
		"\"cloud\":{\"region\":\"eu-central-1\",\"provider\":\"AWS\"},\"src_endpoint\":{\"ip\":\"198.51.100.7\","
		"\"uid\":\"vpce-1\"},\"http_request\":{\"user_agent\":\"aws-cli/2.17.40\"},\"resources\":[{\"uid\":"
		"\"arn:aws:s3:::ledger\",\"type\":\"AWS::S3::Bucket\",\"account_uid\":\"444455556666\"}],"
		"\"unmapped\":{\"recipientAccountId\":\"444455556666\",\"sharedEventID\":\"s-1\",\"readOnly\":\"false\","
		"\"userIdentity.sessionContext.sessionIssuer.userName\":\"Ops\"%s}}", data, more);
}

static struct json *document_of(const char *text, enum event_shape *shape)
{
	struct err err = {0};
	AUTO(json_free_ptr) struct json *v = json_parse(str_c(text), &err);
	if (!v)
		fail_msg("%s: %s", err.text, text);
	return event_to_ecs(v, shape, &err);
}

static void is_the_event_that_it_was(void **state)
{
	(void)state;
	static const char *const fields[] = {"@timestamp", "event.id", "event.action", "event.provider", "event.outcome",
		"user.name", "user.id", "source.ip", "cloud.region", "cloud.account.id", "user_agent.original",
		"aws.cloudtrail.request_parameters", "aws.cloudtrail.user_identity.type", "aws.cloudtrail.user_identity.arn",
		"aws.cloudtrail.user_identity.access_key_id", "aws.cloudtrail.user_identity.session_context.creation_date",
		"aws.cloudtrail.user_identity.session_context.mfa_authenticated", "aws.cloudtrail.event_type",
		"aws.cloudtrail.user_identity.session_context.session_issuer.arn", "aws.cloudtrail.request_id",
		"aws.cloudtrail.user_identity.session_context.session_issuer.type", "aws.cloudtrail.vpc_endpoint_id",
		"aws.cloudtrail.resources", "aws.cloudtrail.recipient_account_id", "aws.cloudtrail.event_version"};
	static const struct {
		const char *data, *more;
		bool lossy;
	} forms[] = {
		{",\"data\":" REQUEST, "", false},
		{",\"data\":\"{\\\"bucketName\\\":\\\"ledger\\\",\\\"ReplicationConfiguration\\\":{\\\"Rule\\\":[{\\\"ID\\\":"
		 "\\\"r\\\",\\\"Status\\\":\\\"Enabled\\\",\\\"Destination\\\":{\\\"Bucket\\\":\\\"arn:aws:s3:::partner-in\\\","
		 "\\\"Account\\\":\\\"999911112222\\\"}}]}}\"", "", false},
		{"", ",\"requestParameters\":\"{\\\"bucketName\\\":\\\"ledger\\\",\\\"ReplicationConfiguration\\\":{\\\"Rule\\\":"
		 "[{\\\"ID\\\":\\\"r\\\",\\\"Status\\\":\\\"Enabled\\\",\\\"Destination\\\":{\\\"Bucket\\\":"
		 "\\\"arn:aws:s3:::partner-in\\\",\\\"Account\\\":\\\"999911112222\\\"}}]}}\"", false},
		{",\"data\":null", ",\"requestParameters.bucketName\":\"ledger\",\"requestParameters.ReplicationConfiguration."
		 "Rule[0].ID\":\"r\",\"requestParameters.ReplicationConfiguration.Rule[0].Status\":\"Enabled\","
		 "\"requestParameters.ReplicationConfiguration.Rule[0].Destination.Bucket\":\"arn:aws:s3:::partner-in\","
		 "\"requestParameters.ReplicationConfiguration.Rule[0].Destination.Account\":\"999911112222\"", true},
		{",\"data\":null", ",\"requestParameters\":" REQUEST, true},
	};
	enum event_shape shape;
	AUTO(json_free_ptr) struct json *want = document_of(raw_event, &shape);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		AUTO(buf_fini) struct buf text = {0};
		struct arena mem = {0};
		struct alert a, b;
		put_ocsf(&text, forms[i].data, forms[i].more);
		AUTO(json_free_ptr) struct json *got = document_of(buf_cstr(&text), &shape);
		assert_int_equal(shape, SHAPE_CLOUDTRAIL);
		for (size_t f = 0; f < ARRAY_LEN(fields); f++) {
			AUTO(buf_fini) struct buf x = {0}, y = {0};
			json_print(doc_get(got, str_c(fields[f])), &x);
			json_print(doc_get(want, str_c(fields[f])), &y);
			if (!str_eq(buf_str(&x), buf_str(&y)) || !y.n)
				fail_msg("form %zu, %s: %s, not %s", i, fields[f], buf_cstr(&x), buf_cstr(&y));
		}
		assert_true(alert_read(want, SHAPE_CLOUDTRAIL, NULL, &mem, &a));
		assert_true(alert_read(got, shape, NULL, &mem, &b));
		assert_true(str_eq(a.id, b.id) && str_eq(a.shared_id, b.shared_id) && str_eq(a.owner, b.owner));
		assert_int_equal(b.n_dests, 1);
		assert_true(str_is(b.dests[0].account, "999911112222"));
		assert_int_equal(!!(b.traits & TRAIT_LOSSY), forms[i].lossy);
		arena_fini(&mem);
	}
}

/* Pairs, and objects of key and value, as writers of Parquet make of a map; the older names. */
static void reads_older_tables(void **state)
{
	(void)state;
	static const char *const unmapped[] = {
		"{\"requestParameters.bucketName\":\"ledger\",\"recipientAccountId\":\"444455556666\"}",
		"[[\"requestParameters.bucketName\",\"ledger\"],[\"recipientAccountId\",\"444455556666\"]]",
		"[{\"key\":\"requestParameters.bucketName\",\"value\":\"ledger\"},{\"key\":\"recipientAccountId\",\"value\":\"444455556666\"}]",
	};
	for (size_t i = 0; i < ARRAY_LEN(unmapped); i++) {
		AUTO(buf_fini) struct buf text = {0};
		enum event_shape shape;
		buf_fmt(&text, "{\"class_uid\":\"3001\",\"time_dt\":\"2026-05-04 09:30:00.000\",\"metadata\":{\"uid\":\"e\","
			"\"version\":\"1.0.0-rc.2\",\"product\":{\"name\":\"CloudTrail\"}},\"api\":{\"operation\":\"CreateUser\","
			"\"service\":{\"name\":\"iam.amazonaws.com\"},\"response\":{\"error\":\"AccessDenied\",\"message\":\"no\"}},"
			"\"actor\":{\"user\":{\"uuid\":\"AIDA1\",\"uid\":\"arn:aws:iam::444455556666:user/kim\","
			"\"account_uid\":\"444455556666\"}},\"unmapped\":%s}", unmapped[i]);
		AUTO(json_free_ptr) struct json *got = document_of(buf_cstr(&text), &shape);
		assert_true(str_is(doc_str(got, "@timestamp"), "2026-05-04T09:30:00.000Z"));
		assert_true(str_is(doc_str(got, "aws.cloudtrail.request_parameters"), "{bucketName=ledger}"));
		assert_true(str_is(doc_str(got, "aws.cloudtrail.recipient_account_id"), "444455556666"));
		assert_true(str_is(doc_str(got, "user.id"), "AIDA1") && str_is(doc_str(got, "cloud.account.id"), "444455556666"));
		assert_true(str_is(doc_str(got, "event.outcome"), "failure"));
		assert_true(str_is(doc_str(got, "aws.cloudtrail.error_message"), "no"));
	}
}

static void others_are_told_apart(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum event_shape shape;
	} t[] = {
		{"{\"class_uid\":4001,\"metadata\":{\"version\":\"1.1.0\",\"product\":{\"name\":\"Amazon VPC\"}}}", SHAPE_FOREIGN},
		{"{\"class_uid\":6003,\"metadata\":{\"product\":{\"name\":\"Route 53\"}},\"api\":{\"operation\":\"x\"}}", SHAPE_FOREIGN},
		{"{\"class_uid\":6003,\"metadata\":{\"product\":{\"name\":\"CloudTrail\"}},\"api\":{}}", SHAPE_FOREIGN},
		{"{\"class_uid\":6003,\"metadata\":{\"product\":{\"name\":\"CloudTrail\"}},\"api\":{\"operation\":\"x\"}}", SHAPE_CLOUDTRAIL},
		{"{\"_id\":\"1\",\"_index\":\"l\",\"_source\":{\"class_uid\":6003,\"@timestamp\":\"x\",\"metadata\":{\"product\":"
		 "{\"feature\":{\"name\":\"CloudTrail\"}}},\"api\":{\"operation\":\"x\"}}}", SHAPE_CLOUDTRAIL},
		{"{\"class_uid\":6003}", SHAPE_UNKNOWN}, {"{\"class_uid\":6003,\"metadata\":\"x\"}", SHAPE_UNKNOWN},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		AUTO(json_free_ptr) struct json *v = json_parse(str_c(t[i].text), NULL);
		if (event_shape(v) != t[i].shape)
			fail_msg("%s: %d", t[i].text, event_shape(v));
	}
}

/* What is unmapped is named by whoever wrote it, and replaces nothing. */
static void unmapped_fields_replace_nothing(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf text = {0};
	enum event_shape shape;
	put_ocsf(&text, ",\"data\":" REQUEST, ",\"eventID\":\"forged\",\"eventName\":\"GetObject\",\"userIdentity.arn\":\"x\","
		"\"requestParameters.bucketName\":\"other\",\"requestParameters.more\":\"1\",\"eventTime.x\":\"1\",\"..\":\"1\","
		"\"a..b\":\"1\",\"[0]\":\"1\",\"\":\"1\",\"resources\":\"x\"");
	AUTO(json_free_ptr) struct json *got = document_of(buf_cstr(&text), &shape);
	assert_true(str_is(doc_str(got, "event.id"), "e-1") && str_is(doc_str(got, "event.action"), "PutBucketReplication"));
	assert_true(str_is(doc_str(got, "@timestamp"), "2026-05-04T09:30:00.000Z"));
	assert_true(str_starts(doc_str(got, "aws.cloudtrail.user_identity.arn"), STR("arn:aws:sts:")));
	assert_true(str_is(doc_str(got, "aws.cloudtrail.flattened.request_parameters.bucketName"), "ledger"));
	assert_true(doc_get(got, STR("aws.cloudtrail.resources")) != NULL);
}

static void a_replication_without_its_request_is_told(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf without = {0}, with = {0};
	struct err err = {0};
	put_ocsf(&without, "", "");
	put_ocsf(&with, ",\"data\":" REQUEST, "");
	AUTO(json_free_ptr) struct json *a = json_parse(buf_str(&without), NULL);
	AUTO(json_free_ptr) struct json *b = json_parse(buf_str(&with), NULL);
	assert_false(event_check(a, &err));
	assert_non_null(strstr(err.text, "without the request"));
	assert_true(event_check(b, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_event_that_it_was),
		cmocka_unit_test(reads_older_tables),
		cmocka_unit_test(others_are_told_apart),
		cmocka_unit_test(unmapped_fields_replace_nothing),
		cmocka_unit_test(a_replication_without_its_request_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
