/*
 * activity: an event of a known action in few words. What the request names is read from the most
 * trusted form that has it, as for replications.
 */
#include "s3triage/event/activity.h"

#include "alert_priv.h"
#include "replication_priv.h"
#include "tame.h"

#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"
#include "s3triage/event/ecs.h"

#define REQUEST "aws.cloudtrail.flattened.request_parameters."

/* The request's parameters: borrowed from `owned`, or the flattened twin when NULL. */
struct parameters {
	const struct json *ecs, *request;
	struct json *owned;
};

static void open_parameters(const struct json *ecs, const struct json *raw, struct parameters *out)
{
	bool doubtful, cut;
	struct str original = doc_str(ecs, "event.original");
	*out = (struct parameters){.ecs = ecs, .request = json_get(raw, "requestParameters")};
	if (json_type(out->request) == JSON_OBJECT)
		return;
	out->owned = original.n ? json_parse(original, NULL) : NULL;
	out->request = json_get(out->owned, "requestParameters");
	if (json_type(out->request) == JSON_OBJECT)
		return;
	json_free(out->owned);
	out->owned = NULL;
	out->request = NULL;
	if (doc_get(ecs, STR("aws.cloudtrail.flattened.request_parameters")))
		return; /* parameter() reads it */
	struct str text = doc_str(ecs, "aws.cloudtrail.request_parameters");
	out->owned = text.n ? mapstring_parse(text, &doubtful, &cut) : NULL;
	out->request = out->owned;
}

static struct str parameter(const struct parameters *p, const char *key, struct arena *mem)
{
	char tmp[JSON_SCALAR_MAX], path[128] = REQUEST;
	struct str text = json_text(json_get(p->request, key), tmp);
	if (!text.n) {
		size_t n = sizeof(REQUEST) - 1;
		for (; *key && n + 1 < sizeof(path); key++)
			path[n++] = *key;
		path[n] = '\0';
		text = doc_text(p->ecs, path, tmp);
	}
	return text.n ? arena_str(mem, text_cut(text, 1024)) : text;
}

/* The name of the bucket behind an ARN of S3, without an object's key. */
static struct str arn_bucket(struct str arn)
{
	if (!str_is(arn_part(arn, 2), "s3"))
		return (struct str){0};
	struct str name = arn_part(arn, 5);
	return str_cut(&name, '/');
}

static struct str read_bucket(const struct parameters *p, struct arena *mem)
{
	struct str name = parameter(p, "bucketName", mem);
	if (name.n)
		return name;
	struct doc_values arns;
	doc_values(p->ecs, STR("aws.cloudtrail.resources.arn"), &arns);
	for (size_t i = 0; i < arns.n && !name.n; i++)
		name = arn_bucket(json_str(arns.v[i]));
	return name.n ? arena_str(mem, text_cut(name, 1024)) : name;
}

static struct str read_target(const struct parameters *p, struct arena *mem)
{
	static const char *const keys[] = {"roleName", "roleArn", "userName", "keyId", "snapshotId",
		"trailName", "name", "key"};
	struct str text = {0};
	for (size_t i = 0; i < ARRAY_LEN(keys) && !text.n; i++)
		text = parameter(p, keys[i], mem);
	return text;
}

static struct str read_result(const struct json *ecs, struct arena *mem)
{
	struct str code = TEXT(ecs, mem, "aws.cloudtrail.error_code");
	if (code.n)
		return code;
	return str_is(doc_str(ecs, "event.outcome"), "failure") ? STR("failed") : code;
}

/* arn:aws:iam::1:role/path/name -> arn:aws:sts::1:assumed-role/name, as its sessions are called. */
static struct str sessions_of(struct str role, struct arena *mem)
{
	struct str name = arn_part(role, 5);
	if (!str_is(arn_part(role, 2), "iam") || !str_starts(name, STR("role/")))
		return (struct str){0};
	name = str_sub(name, str_rfind_char(name, '/') + 1, name.n);
	return arena_fmt(mem, "arn:%.*s:sts::%.*s:assumed-role/%.*s", STR_ARG(arn_part(role, 1)),
		STR_ARG(arn_part(role, 4)), STR_ARG(name));
}

/* A source identity is the session's that AssumeRole opens, given now or kept from before. */
static struct str sessions_as(struct str sessions, const struct parameters *p, const struct alert *who,
	struct arena *mem)
{
	char tmp[ALERT_PRINCIPAL_MAX];
	struct str given = parameter(p, "sourceIdentity", mem);
	return arena_str(mem, principal_as(sessions, given.n ? given : identity_sticks(who), tmp));
}

/* The answer's credentials.accessKeyId: of the event, its source, the flattened twin or the text. */
static struct str read_key_made(const struct parameters *p, const struct json *raw, struct arena *mem)
{
	char tmp[JSON_SCALAR_MAX];
	bool doubtful, cut;
	const struct json *const events[] = {raw, p->owned};
	struct str key = doc_text(p->ecs, "aws.cloudtrail.flattened.response_elements.credentials.accessKeyId", tmp);
	for (size_t i = 0; i < ARRAY_LEN(events) && !key.n; i++)
		if (events[i])
			key = doc_text(events[i], "responseElements.credentials.accessKeyId", tmp);
	struct str text = key.n ? (struct str){0} : doc_str(p->ecs, "aws.cloudtrail.response_elements");
	struct json *owned = text.n ? mapstring_parse(text, &doubtful, &cut) : NULL;
	if (owned)
		key = doc_text(owned, "credentials.accessKeyId", tmp);
	if (key.n)
		key = arena_str(mem, text_cut(key, 128));
	json_free(owned);
	return key;
}

static void activity_fill(const struct json *ecs, const struct json *raw, struct arena *mem,
	struct activity *out, struct alert *who)
{
	char tmp[ALERT_PRINCIPAL_MAX], shown[ALERT_WHO_MAX];
	struct parameters p;
	*out = (struct activity){.call = call_parse(doc_str(ecs, "event.action"))};
	out->time = fact_time(ecs, "@timestamp");
	out->event_id = TEXT(ecs, mem, "event.id");
	actor_read(ecs, mem, who);
	identity_read(ecs, raw, mem, who);
	out->actor = who->actor;
	out->who = arena_str(mem, alert_who(who, shown));
	out->actor_arn = who->actor_arn;
	out->key_id = who->key_id;
	out->ip = who->ip;
	out->region = who->region;
	out->principal = arena_str(mem, alert_acting(who, tmp));
	open_parameters(ecs, raw, &p);
	out->bucket = read_bucket(&p, mem);
	out->target = read_target(&p, mem);
	if (out->call == CALL_AssumeRole)
		out->other = sessions_as(sessions_of(out->target, mem), &p, who, mem);
	if (out->call == CALL_AssumeRole)
		out->made = read_key_made(&p, raw, mem);
	out->tame = call_is_tame(out->call, p.request);
	json_free(p.owned);
	out->result = read_result(ecs, mem);
}

bool activity_read(const struct json *ecs, const struct json *raw, struct arena *mem, struct activity *out)
{
	struct alert who = {0};
	if (call_parse(doc_str(ecs, "event.action")) == CALL_NONE) {
		*out = (struct activity){.call = CALL_NONE};
		return false;
	}
	activity_fill(ecs, raw, mem, out, &who);
	return true;
}

/* As AWS names calls that only read. */
static bool deed_name_reads(struct str name)
{
	static const char *const words[] = {"Get", "List", "Describe", "Head", "Lookup", "BatchGet", "Search",
		"Query", "Scan", "View", "Check", "Simulate", "Select", "Verify", "Validate",
		"Preview", "Estimate", "Discover"};
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_starts(name, str_c(words[i])))
			return true;
	return false;
}

/* AccessDenied, AccessDeniedException, Client.UnauthorizedOperation, AuthorizationError,
 * NotAuthorizedException, Forbidden, AuthFailure. */
bool deed_code_denies(struct str code)
{
	static const char *const words[] = {"denied", "authoriz", "forbidden", "authfailure"};
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_find_fold(code, str_c(words[i])) != STR_NONE)
			return true;
	return false;
}

/* Of an alert id and @timestamp are its own, and its event's beside them. */
static void deed_of_alert(const struct json *ecs, struct arena *mem, struct activity *out)
{
	static const char *const times[] = {"kibana.alert.original_time", "signal.original_time"};
	struct str id = TEXT(ecs, mem, "kibana.alert.original_event.id", "signal.original_event.id");
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		int64_t ms = fact_time(ecs, times[i]);
		out->time = ms == WHEN_NONE ? out->time : ms;
	}
	out->event_id = id.n ? id : out->event_id;
}

/* Where the caller has no account the document has the trail's. */
static bool deed_has_account(const struct alert *who, const struct json *raw)
{
	return !str_is(who->actor_type, "AWSService") && (!raw || doc_get(raw, STR("userIdentity.accountId")));
}

bool deed_read(const struct json *ecs, const struct json *raw, struct arena *mem, struct deed *out)
{
	struct alert who = {0};
	char tmp[JSON_SCALAR_MAX], told[ALERT_PRINCIPAL_MAX];
	*out = (struct deed){.name = TEXT(ecs, mem, "event.action")};
	if (!out->name.n)
		return false;
	activity_fill(ecs, raw, mem, &out->what, &who);
	out->service = TEXT(ecs, mem, "event.provider");
	out->agent = who.agent;
	out->account = TEXT(ecs, mem, "aws.cloudtrail.recipient_account_id", "cloud.account.id");
	if (deed_has_account(&who, raw))
		who.caller_account = raw ? TEXT(raw, mem, "userIdentity.accountId") : TEXT(ecs, mem, "cloud.account.id");
	out->told = arena_str(mem, alert_principal(&who, told));
	deed_of_alert(ecs, mem, &out->what);
	struct str said = doc_text(ecs, "aws.cloudtrail.read_only", tmp);
	out->reads = said.n ? str_is(said, "true") : deed_name_reads(out->name);
	out->denied = deed_code_denies(out->what.result);
	return true;
}
