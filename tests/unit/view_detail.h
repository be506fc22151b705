/*
 * One alert in full, made by hand: a document, a request, a rule, decisions.
 */
#ifndef TESTS_UNIT_VIEW_DETAIL_H
#define TESTS_UNIT_VIEW_DETAIL_H

#include "s3triage/base/when.h"
#include "s3triage/view/panes.h"

#include "../unit.h"

#define OTHER .relation = RELATION_OTHER, .account = STR_INIT("999988887777"), \
	.account_text = STR_INIT("999988887777")
#define BUCKET(name) .bucket = STR_INIT(name), .bucket_arn = STR_INIT("arn:aws:s3:::" name), \
	.partition = STR_INIT("aws")
#define ON .status = STR_INIT("Enabled"), .enabled = true

static const char document[] = "{\"@timestamp\":\"2026-11-24T02:13:07Z\",\"event\":{\"action\":"
	"\"PutBucketReplication\",\"outcome\":\"success\",\"provider\":\"s3.amazonaws.com\"},"
	"\"cloud\":{\"account\":{\"id\":\"111122223333\"},\"region\":\"us-east-1\"},\"aws\":{"
	"\"cloudtrail\":{\"user_identity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:"
	"user/deploy\",\"access_key_id\":\"AKIAEXAMPLE0DEPLOY7\"},\"request_parameters\":"
	"\"{bucketName=acme-payroll-prod, ReplicationConfiguration={Rule={Destination={Account=999988887777, "
	"Bucket=arn:aws:s3:::nightly-sync-7f3}}}}\"}},\"source\":{\"ip\":\"203.0.113.77\",\"address\":"
	"\"203.0.113.77\",\"geo\":{\"country_name\":\"Netherlands\",\"country_iso_code\":\"NL\"},\"as\":"
	"{\"number\":64500,\"organization\":{\"name\":\"Example Hosting\"}}},\"user_agent\":{"
	"\"original\":\"[aws-cli/2.15.0 Python/3.11.6 Linux/6.1.0 source/x86_64]\"}}";

static const char session_document[] = "{\"cloud\":{\"account\":{\"id\":\"555566667777\"}},\"aws\":{"
	"\"cloudtrail\":{\"user_identity\":{\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::"
	"555566667777:assumed-role/tf-replication/github-actions\",\"access_key_id\":"
	"\"ASIAEXAMPLETFREPL001\",\"invoked_by\":\"cloudformation.amazonaws.com\",\"session_context\":"
	"{\"mfa_authenticated\":\"false\",\"creation_date\":\"2026-10-06T08:00:00Z\",\"session_issuer\":"
	"{\"arn\":\"arn:aws:iam::555566667777:role/automation/tf-replication\"}}},"
	"\"session_credential_from_console\":\"true\"}},\"source\":{\"address\":"
	"\"cloudformation.amazonaws.com\"}}";

static const struct str fields[] = {STR_INIT("@timestamp"), STR_INIT("user.name"),
	STR_INIT("user_agent.original"), STR_INIT("source.ip"),
	STR_INIT("aws.cloudtrail.user_identity.arn"), STR_INIT("aws.cloudtrail.user_identity.type"),
	STR_INIT("aws.cloudtrail.user_identity.access_key_id"), STR_INIT("aws.cloudtrail.resources.arn"),
	STR_INIT("aws.cloudtrail.resources.type"), STR_INIT("event.action"), STR_INIT("event.outcome"),
	STR_INIT("cloud.account.id"), STR_INIT("cloud.region"),
	STR_INIT("aws.cloudtrail.request_parameters")};
static const struct str positives[] = {STR_INIT("Backup accounts of your own\n    organisation, set up "
	"for many buckets."), STR_INIT("A migration with a ticket.")};
static const struct str links[] = {STR_INIT("https://docs.example/replication.html")};
static const struct str skipped[] = {STR_INIT("exceptions_list")};
static const struct rule_technique techniques[] = {
	{.tactic = STR_INIT("Exfiltration"), .id = STR_INIT("T1537"),
		.name = STR_INIT("Transfer Data to Cloud Account")},
	{.tactic = STR_INIT("Exfiltration"), .id = STR_INIT("T1567.002"),
		.name = STR_INIT("Exfiltration to Cloud Storage")}};
static const struct rule rule = {.name = STR_INIT("AWS S3 Bucket Replicated to Another Account"),
	.rule_id = STR_INIT("d488f026-7907-4f56-ad51-742feb3db01c"), .severity = STR_INIT("high"),
	.risk = 73, .language_name = STR_INIT("eql"), .from = STR_INIT("now-6m"),
	.description = STR_INIT("Somebody stored a replication configuration\nthat names an account."),
	.note = STR_INIT("## Triage and analysis\n\n### AWS S3 Bucket Replicated to Another Account\n\nOne question: **whose account is it?**\n\n- See `source.ip` and "
		"`user.name`.\n- Ask the owner.\n"),
	.query = STR_INIT("info where event.action == \"PutBucketReplication\"\n    and "
		"event.outcome == \"success\"\n"),
	.investigation_fields = {fields, ARRAY_LEN(fields)},
	.false_positives = {positives, ARRAY_LEN(positives)}, .references = {links, 1},
	.not_evaluated = {skipped, 1}, .techniques = techniques, .n_techniques = 2};

static const struct replication_tag tags[] = {{STR_INIT("class"), STR_INIT("secret")},
	{STR_INIT("team"), STR_INIT("payroll, Account=1")}};

static const struct replication_rule theft[] = {{.id = STR_INIT("sync"), ON, .has_priority = true,
	.priority = 1, .filter = FILTER_ALL, OTHER, BUCKET("nightly-sync-7f3"), .owner_override = true,
	.delete_markers = TRI_ON, .kms_objects = TRI_ON,
	.kms_key = STR_INIT("arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
	.storage_class = STR_INIT("GLACIER"), .existing_objects = TRI_ON}};

static const struct replication_rule mixed[] = {
	{.id = STR_INIT("own"), ON, .relation = RELATION_OWN, .account = STR_INIT("111122223333"),
		.account_text = STR_INIT("111122223333"), BUCKET("acme-copy"), .prefix = STR_INIT("a/"),
		.filter = FILTER_PREFIX},
	{.id = STR_INIT("silent"), ON, .relation = RELATION_UNNAMED, BUCKET("somewhere")},
	{.id = STR_INIT("out 1"), ON, OTHER, BUCKET("nightly-sync-7f3"), .filter = FILTER_AND,
		.prefix = STR_INIT("hr/"), .tags = tags, .n_tags = 2},
	{.id = STR_INIT("out 2"), .status = STR_INIT("Disabled"), OTHER, BUCKET("nightly-sync-7f3"),
		.owner_override = true},
	{.id = STR_INIT("odd"), ON, .relation = RELATION_INVALID, .account_text = STR_INIT("12\x1b[31m"),
		.bucket = STR_INIT("china"), .bucket_arn = STR_INIT("arn:aws-cn:s3:::china"),
		.partition = STR_INIT("aws-cn"), .filter = FILTER_V1_PREFIX, .prefix = STR_INIT("logs/")},
};

static const struct alert alert = {.bucket = STR_INIT("acme-payroll-prod"),
	.owner = STR_INIT("111122223333"), .actor = STR_INIT("deploy"),
	.key_id = STR_INIT("AKIAEXAMPLE0DEPLOY7"), .ip = STR_INIT("203.0.113.77"),
	.region = STR_INIT("us-east-1"), .actor_type = STR_INIT("IAMUser")};

static inline struct replication request(const struct replication_rule *rules, size_t n)
{
	return (struct replication){.bucket = STR("acme-payroll-prod"), .owner = STR("111122223333"),
		.owner_from = "aws.cloudtrail.resources.account_id", .caller_account = STR("111122223333"),
		.role = STR("arn:aws:iam::111122223333:role/s3-repl"), .role_account = STR("111122223333"),
		.rules = rules, .n_rules = n, .read_from = READ_ORIGINAL};
}

static const struct decision first = {.seq = 1, .at = 1795486387000, .analyst = STR_INIT("kim"),
	.verdict = VERDICT_APPROVED, .reason = STR_INIT("backup")};
static const struct decision second = {.seq = 4, .at = 1795487000000, .analyst = STR_INIT("lee"),
	.verdict = VERDICT_SUSPICIOUS, .reason = STR_INIT("theft"),
	.note = STR_INIT("IR-204\nkeys disabled 02:40")};
static const struct decision *const history[] = {&first, &second};

#endif
