/*
 * finding: Macie's word that a bucket is replicated to an account outside the organisation (API model of
 * macie2: Finding). It is no call of CloudTrail's and names no destination: bucket, time and actor are what
 * joins it to the call behind it.
 */
#include "finding.h"

#include "ecs_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"

#define REPLICATED "S3BucketReplicatedExternally"
#define DATASET "aws.macie"

enum { PATHS = 5 };
enum finding_how { FINDING_TEXT, FINDING_TIME, FINDING_ID, FINDING_ACCOUNT };

/* Where Macie, ASFF and OCSF say it; the first path that has a value. */
struct finding_part {
	const char *to;
	enum finding_how how;
	const char *from[PATHS];
};

static const struct finding_part parts[] = {
	{"@timestamp", FINDING_TIME, {"policyDetails.action.apiCallDetails.firstSeen", "createdAt",
		"FirstObservedAt", "CreatedAt", "time"}}, /* what an update of the finding does not change */
	{"event.id", FINDING_ID, {"id", "Id", "finding_info.uid", "finding.uid"}},
	{"event.reason", FINDING_TEXT, {"description", "Description", "finding_info.desc", "finding.desc"}},
	{"message", FINDING_TEXT, {"title", "Title", "finding_info.title", "finding.title"}},
	{"cloud.account.id", FINDING_ACCOUNT, {"accountId", "AwsAccountId", "cloud.account.uid",
		"cloud.account_uid"}},
	{"cloud.region", FINDING_TEXT, {"region", "Region", "cloud.region", "Resources.Region"}},
	{"source.ip", FINDING_TEXT, {"policyDetails.actor.ipAddressDetails.ipAddressV4",
		"Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4"}},
	{"source.geo.country_iso_code", FINDING_TEXT, {"policyDetails.actor.ipAddressDetails.ipCountry.code",
		"Action.AwsApiCallAction.RemoteIpDetails.Country.CountryCode"}},
	{"aws.cloudtrail.user_identity.type", FINDING_TEXT, {"policyDetails.actor.userIdentity.type"}},
};

/* Of the kinds of a user one is there. */
static const char *const users[] = {"iamUser", "assumedRole", "federatedUser", "root", "awsAccount",
	"awsService"};

static bool names_it(const struct json *v, const char *path)
{
	struct doc_values types;
	doc_values(v, str_c(path), &types);
	for (size_t i = 0; i < types.n; i++)
		if (str_find(json_str(types.v[i]), STR(REPLICATED)) != STR_NONE)
			return true;
	return false;
}

static bool is_macie(const struct json *v)
{
	struct str type = json_str(json_get(v, "type"));
	return (str_starts(type, STR("Policy:")) || str_starts(type, STR("SensitiveData:"))) &&
		(json_get(v, "policyDetails") || json_get(v, "classificationDetails") ||
			json_get(v, "resourcesAffected"));
}

enum finding_kind finding_kind(const struct json *v)
{
	bool asff = json_get(v, "SchemaVersion") && json_get(v, "ProductArn") && json_get(v, "Types");
	if (is_macie(v))
		return names_it(v, "type") ? FINDING_REPLICATED : FINDING_OTHER;
	if (asff)
		return names_it(v, "Types") ? FINDING_REPLICATED : FINDING_OTHER;
	bool ocsf = json_get(v, "class_uid") && json_get(v, "metadata") &&
		(names_it(v, "finding_info.types") || names_it(v, "finding.types"));
	return ocsf ? FINDING_REPLICATED : FINDING_NONE;
}

static void finding_put_part(const struct json *v, const char *from, const char *to, enum finding_how how,
	struct json *doc)
{
	char tmp[JSON_SCALAR_MAX], time[WHEN_TEXT_MAX];
	int64_t ms;
	struct str text = doc_text(v, from, tmp);
	if (!text.n)
		return;
	if (how == FINDING_ACCOUNT)
		ecs_put(doc, to, ecs_account(doc_get(v, str_c(from))));
	else if (how == FINDING_TIME)
		ecs_put_str(doc, to, when_read(text, &ms) ? str_c(when_format(ms, time)) : text);
	else if (how == FINDING_ID)
		ecs_put_str(doc, to, str_sub(text, str_rfind_char(text, '/') + 1, text.n));
	else
		ecs_put_str(doc, to, text);
}

static void finding_put_actor(const struct json *v, struct json *doc)
{
	static const char *const fields[][2] = {{"arn", "aws.cloudtrail.user_identity.arn"},
		{"accessKeyId", "aws.cloudtrail.user_identity.access_key_id"}, {"userName", "user.name"},
		{"principalId", "user.id"}, {"invokedBy", "aws.cloudtrail.user_identity.invoked_by"}};
	const struct json *identity = doc_get(v, STR("policyDetails.actor.userIdentity"));
	for (size_t i = 0; i < ARRAY_LEN(users); i++)
		for (size_t k = 0; k < ARRAY_LEN(fields); k++)
			ecs_put(doc, fields[k][1], json_copy(json_get(json_get(identity, users[i]), fields[k][0])));
}

/* The bucket, of the account that the finding is of: Macie's `owner` is a canonical id. */
static void finding_put_bucket(const struct json *v, struct json *doc)
{
	static const char *const paths[] = {"resourcesAffected.s3Bucket.arn", "Resources.Id", "resources.uid"};
	struct str arn = {0};
	for (size_t i = 0; i < ARRAY_LEN(paths) && !arn.n; i++) {
		struct doc_values ids;
		doc_values(v, str_c(paths[i]), &ids);
		for (size_t k = 0; k < ids.n && !arn.n; k++)
			if (str_find(json_str(ids.v[k]), STR(":s3:::")) != STR_NONE)
				arn = json_str(ids.v[k]);
	}
	if (!arn.n)
		return;
	struct json *list = json_new_array(), *bucket = json_push(list, json_new_object());
	json_set_str(bucket, "arn", arn);
	json_set(bucket, "account_id", json_copy(doc_get(doc, STR("cloud.account.id"))));
	json_set_str(bucket, "type", STR("AWS::S3::Bucket"));
	ecs_put(doc, "aws.cloudtrail.resources", list);
}

/* By way of Security Hub it says less, so that the two are two alerts. */
static void finding_put_rule(const struct json *v, struct json *doc)
{
	bool hub = !is_macie(v), sample = json_bool(json_get(v, "sample"));
	AUTO(buf_fini) struct buf name = {0};
	static const struct {
		const char *said, *severity;
		int64_t risk;
	} levels[] = {{"low", "low", 21}, {"medium", "medium", 47}, {"high", "high", 73},
		{"critical", "critical", 99}};
	static const char *const paths[] = {"severity.description", "Severity.Label", "severity"};
	char tmp[JSON_SCALAR_MAX];
	buf_fmt(&name, "Macie%s: bucket replicated outside the organisation%s", hub ? " by Security Hub" : "",
		sample ? " (a sample finding)" : "");
	ecs_put_str(doc, "rule.name", buf_str(&name));
	ecs_put_str(doc, "rule.id", hub ? STR("SecurityHub/Policy:IAMUser/" REPLICATED)
		: STR("Policy:IAMUser/" REPLICATED));
	for (size_t p = 0; p < ARRAY_LEN(paths); p++)
		for (size_t i = 0; i < ARRAY_LEN(levels); i++)
			if (str_eq_fold(doc_text(v, paths[p], tmp), str_c(levels[i].said))) {
				ecs_put_str(doc, "log.level", str_c(levels[i].severity));
				ecs_put(doc, "event.risk_score", json_new_int(levels[i].risk));
			}
}

struct json *finding_to_ecs(const struct json *v)
{
	struct json *doc = json_new_object();
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		for (size_t k = 0; k < PATHS && parts[i].from[k] && !doc_get(doc, str_c(parts[i].to)); k++)
			finding_put_part(v, parts[i].from[k], parts[i].to, parts[i].how, doc);
	finding_put_actor(v, doc);
	finding_put_bucket(v, doc);
	finding_put_rule(v, doc);
	AUTO(buf_fini) struct buf original = {0};
	json_print_stable(v, &original);
	ecs_put_str(doc, "event.kind", STR("alert"));
	ecs_put_str(doc, "event.action", STR(REPLICATED));
	ecs_put_str(doc, "event.dataset", STR(DATASET));
	ecs_put_str(doc, "event.provider", STR("macie2.amazonaws.com"));
	ecs_put_str(doc, "event.original", buf_str(&original));
	json_set(doc, EVENT_LOSSY, json_new_bool(true));
	return doc;
}

bool event_is_finding(const struct json *ecs)
{
	return str_is(doc_str(ecs, "event.dataset"), DATASET) && str_is(doc_str(ecs, "event.action"), REPLICATED);
}
