#include "s3triage/event/replication.h"

#include "s3triage/base/file.h"
#include "s3triage/event/doc.h"
#include "s3triage/event/ecs.h"

#include <stdio.h>

#include "../unit.h"

static void put_rule(const struct replication_rule *r, struct buf *b)
{
	static const char *const filters[] = {"none", "all", "prefix", "tag", "and", "v1"};
	static const char tri[] = "-01";
	buf_fmt(b, " [%.*s %s %.*s %s", STR_ARG(r->id), r->enabled ? "on" : "off",
		STR_ARG(r->account_text), relation_name(r->relation));
	buf_fmt(b, " %.*s %s:%.*s", STR_ARG(r->bucket), filters[r->filter], STR_ARG(r->prefix));
	for (size_t i = 0; i < r->n_tags; i++)
		buf_fmt(b, " %.*s=%.*s", STR_ARG(r->tags[i].key), STR_ARG(r->tags[i].value));
	if (r->has_priority)
		buf_fmt(b, " p%lld", (long long)r->priority);
	buf_fmt(b, " %c%c%c%c%c%c%s]", tri[r->replication_time], tri[r->metrics], tri[r->delete_markers],
		tri[r->existing_objects], tri[r->replica_modifications], tri[r->kms_objects],
		r->owner_override ? " override" : "");
}

static void summary(const struct replication *r, struct buf *b)
{
	buf_fmt(b, "%s %.*s %.*s", read_from_name(r->read_from), STR_ARG(r->bucket), STR_ARG(r->owner));
	for (size_t i = 0; i < r->n_rules; i++)
		put_rule(&r->rules[i], b);
	if (r->omitted)
		buf_c(b, " omitted");
	if (r->look_alike)
		buf_c(b, " look-alike");
	if (r->text_cut)
		buf_c(b, " cut");
	if (r->original_cut)
		buf_c(b, " cut-original");
	if (r->string_doubtful)
		buf_c(b, " doubtful");
	if (r->way)
		buf_fmt(b, " way%d", r->way);
	if (r->account_in_text)
		buf_c(b, " in-text");
	if (r->disagreement)
		buf_fmt(b, " ! %.*s", STR_ARG(r->disagreement_text));
	assert_int_equal(r->disagreement, r->disagreement_text.n > 0);
	assert_int_equal(r->no_configuration, r->n_rules == 0);
}

static void assert_reads(const struct json *ecs, const char *want)
{
	struct arena mem = {0};
	struct replication r;
	AUTO(buf_fini) struct buf got = {0};
	replication_read(ecs, &mem, &r);
	summary(&r, &got);
	assert_string_equal(buf_cstr(&got), want);
	arena_fini(&mem);
}

/* A raw event of bucket b, owned by 111122223333, with these request parameters. */
static struct json *event(const char *parameters)
{
	AUTO(buf_fini) struct buf b = {0};
	buf_fmt(&b, "{\"eventName\":\"PutBucketReplication\",\"eventID\":\"1\",\"recipientAccountId\":\"111122223333\","
		"\"resources\":[{\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::b\",\"accountId\":\"111122223333\"}],"
		"\"requestParameters\":%s}", parameters);
	struct err err = {0};
	AUTO(json_free_ptr) struct json *raw = json_parse(buf_str(&b), &err);
	if (!raw)
		fail_msg("%s: %s", parameters, err.text);
	return cloudtrail_to_ecs(raw, NULL);
}

#define CONF(rule) "{\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"Role\":\"arn:aws:iam::111122223333:role/r\",\"Rule\":" rule "}}"
#define DEST(account) "\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::d\",\"Account\":" account "}"

static const struct {
	const char *parameters, *want;
} traps[] = {
	/* 1: an object, a list, nothing, a mixture */
	{CONF("{" DEST("999988887777") "}"), "original b 111122223333 [ on 999988887777 other d none: ------]"},
	{CONF("[{\"ID\":\"a\"," DEST("\"111122223333\"") "},{\"ID\":\"f\"," DEST("999988887777") "},"
	      "{\"ID\":\"u\",\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::x\"}},"
	      "{\"ID\":\"off\",\"Status\":\"Disabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::y\",\"Account\":999988887777}}]"),
		"original b 111122223333 [a on 111122223333 own d none: ------] [f on 999988887777 other d none: ------]"
		" [u on  unnamed x none: ------] [off off 999988887777 other y none: ------]"},
	{"{\"bucketName\":\"b\",\"replication\":\"\"}", "original b 111122223333"},
	{"null", "original b 111122223333"},
	{CONF("\"\""), "original b 111122223333"},
	{CONF("[]"), "original b 111122223333"},
	{CONF("[1,{" DEST("1234567890") "}]"), "original b 111122223333 [ on 1234567890 other d none: ------]"},
	/* 2: the account */
	{CONF("{" DEST("\"012345678901\"") "}"), "original b 111122223333 [ on 012345678901 other d none: ------]"},
	{CONF("{" DEST("111122223333") "}"), "original b 111122223333 [ on 111122223333 own d none: ------]"},
	{CONF("{" DEST("1.11122223333E11") "}"), "original b 111122223333 [ on 111122223333 own d none: ------]"},
	{CONF("{" DEST("\"****\"") "}"), "original b 111122223333 [ on **** invalid d none: ------]"},
	{CONF("{" DEST("\"000000000\"") "}"), "original b 111122223333 [ on 000000000 invalid d none: ------]"},
	{CONF("{" DEST("\"1234567890123\"") "}"), "original b 111122223333 [ on 1234567890123 invalid d none: ------]"},
	{CONF("{" DEST("[\"999988887777\",\"999988887777\"]") "}"),
		"original b 111122223333 [ on 999988887777 other d none: ------]"},
	{CONF("{" DEST("true") "}"), "original b 111122223333 [ on true invalid d none: ------]"},
	{CONF("{" DEST("\"\"") "}"), "original b 111122223333 [ on  unnamed d none: ------]"},
	/* 3: filters, and what was dropped of them */
	{CONF("{" DEST("5") ",\"Filter\":\"\"}"), "original b 111122223333 [ on 5 other d all: ------]"},
	{CONF("{" DEST("5") ",\"Filter\":{\"Prefix\":\"\"}}"), "original b 111122223333 [ on 5 other d all: ------]"},
	{CONF("{" DEST("5") ",\"Filter\":{\"Prefix\":2024}}"), "original b 111122223333 [ on 5 other d prefix:2024 ------]"},
	{CONF("{" DEST("5") ",\"Filter\":{\"Prefix\":\"none\"}}"), "original b 111122223333 [ on 5 other d prefix:none ------]"},
	{CONF("{" DEST("5") ",\"Filter\":{\"Tag\":{\"Key\":\"k\",\"Value\":true}}}"),
		"original b 111122223333 [ on 5 other d tag: k=true ------]"},
	{CONF("{" DEST("5") ",\"Filter\":{\"And\":{\"Prefix\":\"x/\",\"Tag\":[{\"Key\":\"k\",\"Value\":1},{\"Key\":\"e\",\"Value\":\"\"}]}}}"),
		"original b 111122223333 [ on 5 other d and:x/ k=1 e= ------]"},
	{CONF("{" DEST("5") ",\"Prefix\":\"old/\"}"), "original b 111122223333 [ on 5 other d v1:old/ ------]"},
	{CONF("{" DEST("5") ",\"Prefix\":\"\"}"), "original b 111122223333 [ on 5 other d none: ------]"},
	/* everything a rule can have */
	{CONF("{\"ID\":\"all\",\"Priority\":\"7\",\"Status\":[\"Enabled\",\"Enabled\"],\"DeleteMarkerReplication\":{\"Status\":\"Enabled\"},"
	      "\"ExistingObjectReplication\":{\"Status\":\"Disabled\"},\"SourceSelectionCriteria\":{\"SseKmsEncryptedObjects\":"
	      "{\"Status\":\"Enabled\"},\"ReplicaModifications\":{\"Status\":\"Disabled\"}},\"Destination\":{\"Bucket\":\"plain\","
	      "\"Account\":5,\"AccessControlTranslation\":{\"Owner\":\"Destination\"},\"Metrics\":{\"Status\":\"Enabled\"},"
	      "\"ReplicationTime\":{\"Status\":\"Enabled\",\"Time\":{\"Minutes\":15}}}}"),
		"original b 111122223333 [all on 5 other plain none: p7 111001 override]"},
	{CONF("{\"ID\":\"two\",\"Status\":\"Enabled\",\"Destination\":[{\"Bucket\":\"arn:aws:s3:::d\",\"Account\":5},{\"Bucket\":\"e\"}]}"),
		"original b 111122223333 [two on 5 other d none: ------] [two on  unnamed e none: ------]"},
	/* 4: forged */
	{CONF("{\"Filter\":{\"Prefix\":\"a, Account=444455556666}, Rule={\"}," DEST("999988887777") "}"),
		"original b 111122223333 [ on 999988887777 other d prefix:a, Account=444455556666}, Rule={ ------]"
		" ! the string form holds \"Account=444455556666\" where no destination has it"},
	{CONF("{\"Filter\":{\"Prefix\":\"a, Account=444455556666\"}," DEST("999988887777") "}"),
		"original b 111122223333 [ on 999988887777 other d prefix:a, Account=444455556666 ------]"
		" ! the string form holds \"Account=444455556666\" where no destination has it"},
	{CONF("{\"ID\":\"a}Account=444455556666\"," DEST("999988887777") "}"),
		"original b 111122223333 [a}Account=444455556666 on 999988887777 other d none: ------]"
		" doubtful ! the string form holds \"Account=444455556666\" where no destination has it"},
	/* nothing forged: the trusted form holds the same words as plain text */
	{CONF("{\"ID\":\"Account=444455556666\",\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"d\"}}"),
		"original b 111122223333 [Account=444455556666 on  unnamed d none: ------] in-text"},
	{CONF("{\"ID\":\"Account=\",\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"d\"}}"),
		"original b 111122223333 [Account= on  unnamed d none: ------] in-text"},
	{CONF("{\"Filter\":{\"Prefix\":\"lake/Account=ledger/Account=7,8/dt=2026-05-04/\"}," DEST("5") "}"),
		"original b 111122223333 [ on 5 other d prefix:lake/Account=ledger/Account=7,8/dt=2026-05-04/ ------]"
		" in-text"},
	{CONF("{\"Filter\":{\"And\":{\"Prefix\":\"Account=7/\",\"Tag\":{\"Key\":\"k\",\"Value\":\"Account=9\"}}}," DEST("5") "}"),
		"original b 111122223333 [ on 5 other d and:Account=7/ k=Account=9 ------] in-text"},
	/* a number that a table rounded to a float is the number */
	{CONF("{" DEST("999911112222.0") "}"), "original b 111122223333 [ on 999911112222 other d none: ------]"},
	{CONF("{" DEST("\"999911112222.0\"") "}"), "original b 111122223333 [ on 999911112222.0 other d none: ------]"},
	{CONF("{" DEST("1.11122223333e11") "}"), "original b 111122223333 [ on 111122223333 own d none: ------]"},
	{CONF("{\"ID\":\"a=b, c\"," DEST("5") ",\"Filter\":{\"Prefix\":\"x{\"}}"),
		"original b 111122223333 [a=b, c on 5 other d prefix:x{ ------] doubtful"},
	/* 5: left out by CloudTrail */
	{"{\"reason\":\"requestParameters too large\",\"omitted\":true,\"originalSize\":123456}", "original b 111122223333 omitted"},
	{"{\"reason\":\"requestParameters too large\",\"omitted\":\"true\"}", "original b 111122223333 omitted"},
	/* 1.5: look-alikes */
	{"{\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"rules\":[{\"destination\":{\"account\":\"5\"}}]}}",
		"original b 111122223333 look-alike"},
	{"{\"bucketName\":\"b\",\"Destination\":{\"Account\":\"5\"}}", "original b 111122223333 look-alike"
		" ! the string form holds \"Account=5\" where no destination has it"},
	/* another way to the same place */
	{"{\"CreateJobRequest\":{\"Operation\":{\"S3ReplicateObject\":\"\"},\"ManifestGenerator\":"
	 "{\"S3JobManifestGenerator\":{\"SourceBucket\":\"arn:aws:s3:::b\",\"Filter\":{\"EligibleForReplication\":true}}}}}",
		"original b 111122223333 way1"},
	{"{\"CreateJobRequest\":{\"Operation\":{\"S3PutObjectCopy\":{\"TargetResource\":\"arn:aws:s3:::d\"}}}}",
		"original b 111122223333 [ off  unnamed d none: ------] way2"},
	{"{\"CreateJobRequest\":{\"Operation\":{\"S3PutObjectTagging\":{\"TagSet\":\"x\"}}}}", "original b 111122223333"},
	{"{\"CreateMultiRegionAccessPointRequest\":{\"Details\":{\"Regions\":{\"Region\":[{\"Bucket\":\"b\"},"
	 "{\"Bucket\":\"d\",\"BucketAccountId\":99988887777}]}}}}",
		"original b 111122223333 [ off 99988887777 other d none: ------] way3"},
	{"{\"CreateMultiRegionAccessPointRequest\":{\"Details\":{\"Regions\":{\"Region\":"
	 "{\"Bucket\":\"d\",\"BucketAccountId\":111122223333}}}}}",
		"original b 111122223333 [ off 111122223333 own d none: ------] way3"},
	/* 11, 13: hostile text and other partitions */
	{CONF("{\"ID\":\"\\u001b[31m\\n\",\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws-us-gov:s3:::g\",\"Account\":5}}"),
		"original b 111122223333 [\x1b[31m\n on 5 other g none: ------]"},
};

static void reads_what_was_asked_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(traps); i++) {
		AUTO(json_free_ptr) struct json *ecs = event(traps[i].parameters);
		assert_reads(ecs, traps[i].want);
	}
}

/* 5, 6, 9, 10: documents as clusters have them. */
static const struct {
	const char *ecs, *want;
} documents[] = {
	{"{\"event.action\":\"DeleteBucketReplication\"}", "none  "},
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={Role=r, Rule={Status=Enabled, "
	 "Destination={Account=5, Bucket=arn:aws:s3:::d}, Priority=1}}}\",\"cloud.account.id\":\"111122223333\"}",
		"string b 111122223333 [ on 5 other d none: p1 ------]"},
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={Role=r, Rule=[{Status=Enabled, "
	 "Destination={Account=5, Bucket=d}}, {Status=Disabled, Filter=, Destination={Bucket=e}}]}}\"}",
		"string b  [ on 5 other d none: ------] [ off  unnamed e all: ------]"},
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={Rule={Destination={Account=5, Buc\"}",
		"string b  [ off 5 other ... prefix:... ------] cut"},
	/* a text that is cut: in an account, before one, in a status, before a filter, in one, before a rule */
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={Rule={Status=Enabled, "
	 "Destination={AccessControlTranslation={Owner=Destination}, Account=7777888\"}",
		"string b  [ on 7777888... invalid ... prefix:... ------ override] cut"},
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={Rule={Status=Enabled, "
	 "Destination={Bucket=arn:aws:s3:::d\"}", "string b  [ on ... invalid d... prefix:... ------] cut"},
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={Rule={Filter={Prefix=p/}, Status=Ena\"}",
		"string b  [ off ... invalid ... prefix:p/ ------] cut"},
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={Rule=[{Status=Enabled, "
	 "Destination={Account=5, Bucket=d}, Priority=1, ID=r1\"}", "string b  [r1... on 5 other d prefix:... p1 ------] cut"},
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={Rule=[{Status=Enabled, "
	 "Destination={Account=5, Bucket=d}, Filter={Prefix=log\"}", "string b  [ on 5 other d prefix:log... ------] cut"},
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={Rule=[{Status=Enabled, "
	 "Destination={Account=5, Bucket=d}, Filter={Prefix=}}, {Destination={Account=99\"}",
		"string b  [ on 5 other d all: ------] [ off 99... invalid ... prefix:... ------] cut"},
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={Rule=[{Status=Enabled, "
	 "Destination={Account=5, Bucket=d}, Filter={Prefix=p/}}, \"}",
		"string b  [ on 5 other d prefix:p/ ------] cut"},
	{"{\"aws.cloudtrail.request_parameters\":\"{\\\"bucketName\\\":\\\"b\\\",\\\"Rep\"}", "string   cut"},
	/* JSON in the text */
	{"{\"aws.cloudtrail.request_parameters\":\"{\\\"bucketName\\\":\\\"b\\\",\\\"ReplicationConfiguration\\\":{\\\"Rule\\\":"
	 "{\\\"Status\\\":\\\"Enabled\\\",\\\"Destination\\\":{\\\"Account\\\":5}}}}\"}",
		"string b  [ on 5 other  none: ------]"},
	/* an original that keeps them as text */
	{"{\"event.original\":\"{\\\"eventName\\\":\\\"x\\\",\\\"requestParameters\\\":\\\"{bucketName=b}\\\"}\","
	 "\"aws.cloudtrail.request_parameters\":\"{bucketName=b}\"}", "string b "},
	{"{\"event.original\":\"{\\\"eventName\\\":\\\"x\\\",\\\"requestParameters\\\":\\\"{\\\\\\\"bucketName\\\\\\\":\\\\\\\"b\\\\\\\"}\\\"}\"}",
		"original b "},
	{"{\"aws.cloudtrail.request_parameters\":\"{reason=requestParameters too large, omitted=true}\"}", "string   omitted"},
	{"{\"aws\":{\"cloudtrail\":{\"flattened\":{\"request_parameters\":{\"bucketName\":\"b\",\"ReplicationConfiguration\":"
	 "{\"Rule\":{\"Status\":\"Enabled\",\"Destination\":{\"Account\":\"5\",\"Bucket\":\"d\"}}}}},"
	 "\"request_parameters\":\"{bucketName=c, ReplicationConfiguration={Rule={Status=Enabled, Destination={Account=6, Bucket=d}}}}\"}}}",
		"flattened b  [ on 5 other d none: ------] ! the string form also names account 000000000006; the string form "
		"leaves out account 000000000005; the string form names bucket c instead of b"},
	{"{\"aws.cloudtrail.flattened.request_parameters\":[{\"bucketName\":\"b\",\"ReplicationConfiguration\":"
	 "{\"Rule\":[{\"Status\":\"Enabled\",\"Destination\":{\"Account\":\"5\",\"Bucket\":\"d\"}}]}}],"
	 "\"aws.cloudtrail.resources.account_id\":[\"111122223333\"],\"aws.cloudtrail.resources.type\":[\"AWS::S3::Bucket\"]}",
		"flattened b 111122223333 [ on 5 other d none: ------]"},
	/* the same accounts and buckets, but each with the other: in another order they agree */
	{"{\"aws.cloudtrail.flattened.request_parameters\":{\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"Rule\":["
	 "{\"Status\":\"Enabled\",\"Destination\":{\"Account\":\"5\",\"Bucket\":\"d\"}},{\"Status\":\"Enabled\",\"Destination\":"
	 "{\"Account\":\"6\",\"Bucket\":\"e\"}}]}},\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={"
	 "Rule=[{Status=Enabled, Destination={Account=6, Bucket=d}}, {Status=Enabled, Destination={Account=5, Bucket=e}}]}}\"}",
		"flattened b  [ on 5 other d none: ------] [ on 6 other e none: ------] ! the string form has a rule with other "
		"switches, another filter or another destination"},
	{"{\"aws.cloudtrail.flattened.request_parameters\":{\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"Rule\":["
	 "{\"Status\":\"Enabled\",\"Destination\":{\"Account\":\"5\",\"Bucket\":\"d\"}},{\"Status\":\"Enabled\",\"Destination\":"
	 "{\"Account\":\"6\",\"Bucket\":\"e\"}}]}},\"aws.cloudtrail.request_parameters\":\"{bucketName=b, ReplicationConfiguration={"
	 "Rule=[{Status=Enabled, Destination={Account=6, Bucket=e}}, {Status=Enabled, Destination={Account=5, Bucket=d}}]}}\"}",
		"flattened b  [ on 5 other d none: ------] [ on 6 other e none: ------]"},
	{"{\"aws.cloudtrail.flattened.request_parameters.bucketName\":\"b\","
	 "\"aws.cloudtrail.flattened.request_parameters.ReplicationConfiguration.Rule.Destination.Account\":[\"5\"],"
	 "\"aws.cloudtrail.flattened.request_parameters.ReplicationConfiguration.Rule.Status\":\"Enabled\"}",
		"flattened b  [ on 5 other  none: ------]"},
	/* a twin that kept chosen keys only */
	{"{\"aws.cloudtrail.flattened.request_parameters\":{\"bucketName\":\"b\"},\"aws.cloudtrail.request_parameters\":"
	 "\"{bucketName=b, ReplicationConfiguration={Rule={Destination={Account=5, Bucket=d}}}}\"}",
		"string b  [ off 5 other d none: ------]"},
	/* an original that is cut is no original */
	{"{\"event.original\":\"{\\\"eventName\\\":\",\"aws.cloudtrail.request_parameters\":\"{bucketName=b}\"}", "string b  cut-original"},
	{"{\"event.original\":\"{\\\"detail\\\":{\\\"eventName\\\":\\\"x\\\",\\\"requestParameters\\\":{\\\"bucketName\\\":\\\"e\\\"}}}\"}",
		"original e "},
	{"{\"event.original\":\"{\\\"eventName\\\":\\\"x\\\",\\\"requestParameters\\\":null}\",\"aws.cloudtrail.request_parameters\":"
	 "\"{bucketName=b, ReplicationConfiguration={Rule={Destination={Account=5}}}}\"}",
		"original   ! the string form also names account 000000000005; the string form names bucket b"},
	/* an account is the same as the number that a table made of it, and no other */
	{"{\"event.original\":\"{\\\"eventName\\\":\\\"x\\\",\\\"recipientAccountId\\\":\\\"12345678901.0\\\"}\","
	 "\"aws.cloudtrail.recipient_account_id\":\"012345678901\"}", "original  012345678901"},
	{"{\"event.original\":\"{\\\"eventName\\\":\\\"x\\\",\\\"recipientAccountId\\\":\\\"12345678901.0\\\"}\","
	 "\"aws.cloudtrail.recipient_account_id\":\"012345678902\"}", "original  012345678901 ! the original names account of the trail "
		"12345678901.0, the document 012345678902"},
	/* 7, 12: whose bucket */
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b}\",\"cloud.account.id\":\"222222222222\","
	 "\"aws.cloudtrail.recipient_account_id\":\"333333333333\",\"aws.cloudtrail.resources\":[{\"type\":\"AWS::S3::Object\","
	 "\"account_id\":\"444444444444\"},{\"type\":\"AWS::S3::Bucket\",\"arn\":\"arn:aws:s3:::other\",\"account_id\":\"555555555555\"},"
	 "{\"type\":\"AWS::S3::Bucket\",\"arn\":\"arn:aws:s3:::b\",\"account_id\":\"666666666666\"}]}", "string b 666666666666 ! the event's resources name another bucket, or another owner"},
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b}\",\"cloud.account.id\":\"222222222222\","
	 "\"aws.cloudtrail.recipient_account_id\":\"333333333333\",\"aws.cloudtrail.resources\":[{\"type\":\"AWS::S3::Bucket\","
	 "\"arn\":\"arn:aws:s3:::b\",\"account_id\":\"****\"}]}", "string b 333333333333"},
	{"{\"aws.cloudtrail.request_parameters\":\"{bucketName=b}\",\"cloud.account.id\":\"222222222222\","
	 "\"aws.cloudtrail.recipient_account_id\":\"000000000\"}", "string b 222222222222"},
	{"{\"aws.cloudtrail.resources.arn\":[\"arn:aws:s3:::a\",\"arn:aws:s3:::b\"],\"aws.cloudtrail.resources.type\":[\"AWS::S3::Bucket\","
	 "\"AWS::S3::Bucket\"],\"aws.cloudtrail.resources.account_id\":[\"111111111112\",\"111111111113\"],"
	 "\"aws.cloudtrail.request_parameters\":\"{bucketName=b}\"}", "string b 111111111113 ! the event's resources name another"
		" bucket, or another owner"},
};

static void reads_documents_of_clusters(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
		AUTO(json_free_ptr) struct json *ecs = json_parse(str_c(documents[i].ecs), NULL);
		assert_non_null(ecs);
		assert_reads(ecs, documents[i].want);
	}
}

static void knows_roles_and_callers(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct replication r;
	AUTO(buf_fini) struct buf text = {0};
	assert_true(file_read("tests/data/event/assumed-role.raw.json", &text, NULL));
	AUTO(json_free_ptr) struct json *raw = json_parse(buf_str(&text), NULL);
	AUTO(json_free_ptr) struct json *ecs = cloudtrail_to_ecs(raw, NULL);
	replication_read(ecs, &mem, &r);
	assert_true(str_is(r.role, "arn:aws-us-gov:iam::111122223333:role/s3-repl"));
	assert_true(str_is(r.role_account, "111122223333"));
	assert_true(str_is(r.caller_account, "444455556666"));
	assert_true(str_is(r.owner, "111122223333"));
	assert_string_equal(r.owner_from, "aws.cloudtrail.resources.account_id");
	assert_true(str_is(r.bucket_arn, "arn:aws-us-gov:s3:::payroll"));
	assert_int_equal(r.n_rules, 2);
	assert_true(str_is(r.rules[0].partition, "aws-us-gov"));
	assert_true(str_is(r.rules[0].prefix, "none"));
	assert_true(str_is(r.rules[0].account, "012345678901"));
	assert_string_equal(r.disagreement_text.n ? r.disagreement_text.p : "", "");
	arena_fini(&mem);
}

/* Whose bucket it is, from every mixture of what an event may hold: a resource of this bucket, of
 * another, of none; the account of the trail; the caller's. The destination is the caller's own. */
static void an_owner_is_known_or_guessed(void **state)
{
	(void)state;
	static const char *const accounts[] = {NULL, "111122223333", "444455556666"};
	static const char *const arns[] = {NULL, "arn:aws:s3:::victim", "arn:aws:s3:::mine"};
	for (int i = 0; i < 3 * 3 * 3 * 3; i++) {
		const char *arn = arns[i % 3], *resource = accounts[i / 3 % 3], *recipient = accounts[i / 9 % 3],
			*caller = accounts[i / 27];
		AUTO(buf_fini) struct buf b = {0};
		buf_c(&b, "{\"eventName\":\"PutBucketReplication\",\"eventID\":\"1\",\"userIdentity\":{\"type\":\"IAMUser\"");
		if (caller)
			buf_fmt(&b, ",\"accountId\":\"%s\"", caller);
		buf_c(&b, "},\"requestParameters\":{\"bucketName\":\"victim\",\"ReplicationConfiguration\":{\"Rule\":{"
			"\"Destination\":{\"Bucket\":\"arn:aws:s3:::mine\",\"Account\":\"444455556666\"}}}}");
		if (recipient)
			buf_fmt(&b, ",\"recipientAccountId\":\"%s\"", recipient);
		if (arn && resource)
			buf_fmt(&b, ",\"resources\":[{\"type\":\"AWS::S3::Bucket\",\"ARN\":\"%s\",\"accountId\":\"%s\"}]",
				arn, resource);
		buf_char(&b, '}');
		AUTO(json_free_ptr) struct json *raw = json_parse(buf_str(&b), NULL);
		enum event_shape shape;
		AUTO(json_free_ptr) struct json *ecs = event_to_ecs(raw, &shape, NULL);
		struct arena mem = {0};
		struct replication r;
		replication_read(ecs, &mem, &r);
		bool named = arn == arns[1] && resource;
		const char *owner = named ? resource : recipient ? recipient : caller;
		bool guessed = !named && owner && caller && strcmp(owner, caller) == 0;
		bool own = owner && !guessed && strcmp(owner, accounts[2]) == 0;
		if (!str_eq(r.owner, str_c(owner)) || r.owner_guessed != guessed ||
			!str_eq(r.caller_account, str_c(caller)) || r.rules[0].relation != (own ? RELATION_OWN : RELATION_OTHER))
			fail_msg("%s: owner %.*s, guessed %d, caller %.*s, %s", buf_cstr(&b), STR_ARG(r.owner),
				r.owner_guessed, STR_ARG(r.caller_account), relation_name(r.rules[0].relation));
		arena_fini(&mem);
	}
}

static void caps_the_rules(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct replication r;
	AUTO(buf_fini) struct buf b = {0};
	buf_c(&b, "{\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"Rule\":[");
	for (int i = 0; i <= REPLICATION_RULES_MAX; i++)
		buf_fmt(&b, "%s{\"ID\":\"r%d\",\"Destination\":{\"Account\":%d}}", i ? "," : "", i, i + 1);
	buf_c(&b, "]}}");
	AUTO(json_free_ptr) struct json *ecs = event(buf_cstr(&b));
	replication_read(ecs, &mem, &r);
	assert_int_equal(r.n_rules, REPLICATION_RULES_MAX);
	assert_true(r.rules_cut);
	assert_true(str_is(r.rules[REPLICATION_RULES_MAX - 1].account, "000000001000"));
	arena_fini(&mem);
}

static void pads_account_ids(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} t[] = {
		{"123456789012", "123456789012"}, {"12345678901", "012345678901"}, {" 5 ", "000000000005"},
		{"1234567890123", ""}, {"000000000000", ""}, {"0", ""}, {"", ""}, {"-1", ""}, {"12345678901x", ""},
		{"****", ""}, {"444455556666.0", "444455556666"}, {"444455556666.00", "444455556666"}, {"5.", "000000000005"},
		{"4.44455556666E11", "444455556666"}, {"1.2345678901e+10", "012345678901"}, {"4.44456E+11", ""},
		{"444455556666.5", ""}, {"4.444555566661E11", ""}, {"4.44455556666E12", ""}, {"4.44455556666E-1", ""},
		{".5", ""}, {"E11", ""}, {"4E", ""}, {"4.44455556666E1111", ""}, {"'012345678901", "012345678901"},
		{"=\"012345678901\"", "012345678901"}, {"=\"\"", ""}, {"'", ""},
		{"44445555666600000000000000000", ""},
	};
	struct arena mem = {0};
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		assert_true(str_is(account_normal(str_c(t[i].text), &mem), t[i].want));
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_was_asked_for),
		cmocka_unit_test(reads_documents_of_clusters),
		cmocka_unit_test(knows_roles_and_callers),
		cmocka_unit_test(an_owner_is_known_or_guessed), cmocka_unit_test(caps_the_rules),
		cmocka_unit_test(pads_account_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
