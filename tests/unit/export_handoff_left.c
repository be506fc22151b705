/* What no clause and no exception may be made of though it was approved, and what approvals say of it. */
#include "s3triage/export/handoff.h"

#include "../../src/export/handoff_priv.h"
#include "../unit.h"
#include "alert_make.h"
#include "s3triage/account/approval.h"
#include "s3triage/base/when.h"
#include "s3triage/event/ecs.h"

#define KIM "\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/kim\",\"accountId\":\"111122223333\",\"userName\":\"kim\""
#define BUCKET(name, owner) "{\"type\":\"AWS::S3::Bucket\",\"accountId\":\"" owner "\",\"ARN\":\"arn:aws:s3:::" name "\"}"
#define LOGS BUCKET("logs", "111122223333")
#define ROLE "\"arn:aws:iam::111122223333:role/repl\""
#define COPIES "\"arn:aws:s3:::copies\""

struct request {
	const char *identity, *bucket, *resources, *role, *dest;
};

struct left {
	struct arena mem;
	struct json *ecs;
	struct alert alert;
	struct decision decision;
	struct handoff_row row;
	struct handoff_report report;
	size_t scopes;
};

static void left_open(struct left *l, const struct request *q)
{
	static const struct alert_rule rule = {STR_INIT("x"), STR_INIT("x"), STR_INIT("low"), 1};
	AUTO(buf_fini) struct buf text = {0};
	enum event_shape shape;
	*l = (struct left){0};
	buf_fmt(&text, "{\"eventVersion\":\"1.11\",\"eventSource\":\"s3.amazonaws.com\",\"eventID\":\"e\",\"eventName\":"
		"\"PutBucketReplication\",\"eventTime\":\"2026-11-02T00:00:00Z\",\"awsRegion\":\"eu-west-1\","
		"\"recipientAccountId\":\"111122223333\",\"userIdentity\":{%s},\"resources\":[%s],", q->identity, q->resources);
	buf_fmt(&text, "\"requestParameters\":{\"bucketName\":%s,\"ReplicationConfiguration\":{\"Role\":%s,\"Rule\":{"
		"\"Status\":\"Enabled\",\"Priority\":1,\"ID\":\"r\",\"Filter\":\"\",\"DeleteMarkerReplication\":{\"Status\":"
		"\"Disabled\"},\"Destination\":{\"Account\":\"777788889999\",\"AccessControlTranslation\":{\"Owner\":"
		"\"Destination\"},\"Bucket\":%s}}}}}", q->bucket, q->role, q->dest);
	AUTO(json_free_ptr) struct json *raw = json_parse(buf_str(&text), NULL);
	assert_non_null(raw);
	l->ecs = event_to_ecs(raw, &shape, NULL);
	assert_true(l->ecs && alert_read(l->ecs, shape, &rule, &l->mem, &l->alert));
	l->decision = make_decision(&l->alert, 1, VERDICT_APPROVED);
	l->row = (struct handoff_row){.row = {.alert = &l->alert, .decision = &l->decision}, .begins = WHEN_NONE,
		.expires = WHEN_NONE};
}

static void left_scopes(struct left *l)
{
	const struct handoff_rows rows = {&l->row, 1, MAKE_T0};
	struct handoff_scopes s;
	l->report = (struct handoff_report){0};
	handoff_scopes_of(&rows, &l->mem, &s, &l->report);
	l->scopes = s.n;
}

static void left_close(struct left *l)
{
	json_free(l->ecs);
	arena_fini(&l->mem);
}

/* Requests that S3 would not carry out, or that say two things: in no clause, tried or not, and within no
 * approval. */
static void odd_requests_are_in_no_clause(void **state)
{
	(void)state;
	static const struct {
		struct request q;
		bool odd;
	} cases[] = {
		{{KIM, "\"logs\"", LOGS, ROLE, COPIES}, false},
		{{KIM, "\"logs\"", LOGS "," LOGS, ROLE, COPIES}, false},
		{{KIM, "\"logs\"", LOGS ",{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::logs/x\"}", ROLE, COPIES}, false},
		{{KIM, "\"logs\"", BUCKET("other", "111122223333"), ROLE, COPIES}, true},
		{{KIM, "\"logs\"", LOGS "," BUCKET("other", "111122223333"), ROLE, COPIES}, true},
		{{KIM, "\"logs\"", BUCKET("other", "111122223333") "," LOGS, ROLE, COPIES}, true},
		{{KIM, "\"logs\"", LOGS "," BUCKET("logs", "222233334444"), ROLE, COPIES}, true},
		{{KIM, "[\"logs\",\"other\"]", LOGS, ROLE, COPIES}, true},
		{{KIM, "\"logs\"", LOGS, "[" ROLE ",\"arn:aws:iam::111122223333:role/evil\"]", COPIES}, true},
		{{KIM, "\"logs\"", LOGS, ROLE, "[" COPIES ",\"arn:aws:s3:::evil\"]"}, true},
		{{KIM, "\"logs\"", LOGS, ROLE, COPIES ",\"ARN\":\"arn:aws:s3:::evil\""}, true},
		{{KIM, "\"logs\"", LOGS, ROLE, "\"arn:aws:s3:::copies:arn:aws:s3:::evil\""}, true},
		{{KIM, "\"logs\"", LOGS, ROLE, "\"arn:aws:s3:::copies, Bucket=arn:aws:s3:::evil\""}, true},
		{{KIM, "\"logs\"", LOGS, ROLE, "\"arn:aws:s3:eu-west-1:999988887777:accesspoint/ap\""}, true},
		{{KIM, "\"backup-777},x\"", BUCKET("backup-777},x", "111122223333"), ROLE, COPIES}, true},
		{{KIM, "\"backup-777},x\"", BUCKET("backup-777", "111122223333"), ROLE, COPIES}, true},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct left l;
		const struct approval any = {.account = STR("777788889999"), .from = WHEN_NONE, .until = WHEN_NONE,
			.ended = WHEN_NONE, .allows = 31};
		left_open(&l, &cases[i].q);
		left_scopes(&l);
		unsigned misfit = approval_misfit(&any, &l.alert, l.alert.time);
		if (l.scopes != !cases[i].odd || l.report.used != !cases[i].odd ||
			((misfit & MISFIT_DOUBT) != 0) != cases[i].odd)
			fail_msg("%zu: %zu scopes, misfit %x", i, l.scopes, misfit);
		handoff_try(&l.row, l.ecs);
		left_scopes(&l);
		assert_int_equal(l.scopes, !cases[i].odd);
		left_close(&l);
	}
}

/* The clause of an honest request does not take one away whose bucketName is another. */
static void a_clause_asks_for_the_requests_own_bucket(void **state)
{
	(void)state;
	struct left own, other;
	struct handoff_scopes s;
	left_open(&own, &(struct request){KIM, "\"logs\"", LOGS, ROLE, COPIES});
	left_open(&other, &(struct request){KIM, "\"other\"", LOGS, ROLE, COPIES});
	const struct handoff_rows rows = {&own.row, 1, MAKE_T0};
	handoff_scopes_of(&rows, &own.mem, &s, &own.report);
	assert_int_equal(s.n, 1);
	assert_true(handoff_scope_takes(&s.v[0], own.ecs));
	assert_false(handoff_scope_takes(&s.v[0], other.ecs));
	left_close(&own);
	left_close(&other);
}

#define SESSION(more) "\"type\":\"AssumedRole\",\"principalId\":\"AROAX:x\",\"accountId\":\"111122223333\","       \
	"\"arn\":\"arn:aws:sts::111122223333:assumed-role/tf/x\",\"sessionContext\":{" more                  \
	"\"sessionIssuer\":{\"type\":\"Role\",\"userName\":\"tf\"}}"

/* Whom only a source identity or a provider tells from others is in no clause, nor what an approval of such
 * a one decided: both are counted as that. */
static void who_no_field_names_is_in_no_clause(void **state)
{
	(void)state;
	static const struct {
		const char *identity;
		bool of_person, left;
	} cases[] = {
		{KIM, false, false}, {KIM, true, true}, {SESSION(""), false, false},
		{SESSION("\"sourceIdentity\":\"dana\","), false, true},
		{SESSION("\"webIdFederationData\":{\"federatedProvider\":\"accounts.google.com\"},"), false, true},
		{SESSION("") ",\"onBehalfOf\":{\"userId\":\"5448\",\"identityStoreArn\":\"arn:aws:identitystore::111122223333:"
			"identitystore/d-906\"}", false, true},
		{"\"type\":\"AssumedRole\",\"accountId\":\"111122223333\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/"
			"AWSReservedSSO_Admin_1/kim\"", false, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct left l;
		left_open(&l, &(struct request){cases[i].identity, "\"logs\"", LOGS, ROLE, COPIES});
		l.row.of_person = cases[i].of_person;
		left_scopes(&l);
		if (l.scopes == cases[i].left || l.report.left[HANDOFF_WHY_PERSON] != cases[i].left)
			fail_msg("%zu: %zu scopes, %zu left out", i, l.scopes, l.report.left[HANDOFF_WHY_PERSON]);
		left_close(&l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_requests_are_in_no_clause),
		cmocka_unit_test(who_no_field_names_is_in_no_clause),
		cmocka_unit_test(a_clause_asks_for_the_requests_own_bucket),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
