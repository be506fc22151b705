/*
 * ocsf: a CloudTrail event as Amazon Security Lake keeps it (OCSF 1.0 and later, API Activity 6003 and the
 * classes beside it), as the raw event that it was made of. What OCSF has no place for lies in `unmapped`,
 * under CloudTrail's own names, with dots for the levels. Mapping: ocsf/examples, AWS CloudTrail v1.1.0.
 */
#include "ocsf.h"

#include "ecs_priv.h"
#include "json_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"

/* Where OCSF says it: the first path that has a value. */
struct ocsf_field {
	const char *to;
	const char *from[3];
};

static const struct ocsf_field fields[] = {
	{"eventName", {"api.operation"}},
	{"eventSource", {"api.service.name"}},
	{"eventID", {"metadata.uid", "metadata.original_event_uid"}},
	{"eventVersion", {"metadata.product.version"}},
	{"requestID", {"api.request.uid"}},
	{"awsRegion", {"cloud.region", "metadata.product.feature.region"}},
	{"errorCode", {"api.response.error"}},
	{"errorMessage", {"api.response.error_message", "api.response.message"}},
	{"sourceIPAddress", {"src_endpoint.ip", "src_endpoint.domain", "src_endpoint.svc_name"}},
	{"vpcEndpointId", {"src_endpoint.vpc_endpoint_uid", "src_endpoint.uid"}},
	{"userAgent", {"http_request.user_agent"}},
	{"responseElements", {"api.response.data"}},
	{"userIdentity.type", {"actor.user.type"}},
	{"userIdentity.accountId", {"actor.user.account.uid", "actor.user.account_uid"}},
	{"userIdentity.accessKeyId", {"actor.user.credential_uid", "actor.session.credential_uid"}},
	{"userIdentity.userName", {"actor.user.name"}},
	{"userIdentity.invokedBy", {"actor.invoked_by", "actor.app_name"}},
	{"userIdentity.identityProvider", {"actor.idp.name"}},
	{"userIdentity.sessionContext.sessionIssuer.arn", {"actor.session.issuer"}},
	{"userIdentity.sessionContext.attributes.mfaAuthenticated",
		{"actor.session.is_mfa", "actor.session.mfa", "is_mfa"}},
	{"tlsDetails.tlsVersion", {"tls.version"}},
	{"tlsDetails.cipherSuite", {"tls.cipher"}},
	{"tlsDetails.clientProvidedHostHeader", {"tls.sni"}},
	{"requestParameters", {"api.request.data"}},
};

static bool is_ocsf(const struct json *v)
{
	const struct json *metadata = json_get(v, "metadata");
	return json_get(v, "class_uid") && json_type(metadata) == JSON_OBJECT &&
		(json_get(metadata, "product") || json_get(metadata, "version"));
}

static bool of_cloudtrail(const struct json *v)
{
	static const char *const paths[] = {"metadata.product.name", "metadata.product.feature.name",
		"metadata.log_provider", "metadata.log_name"};
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		if (str_find_fold(doc_str(v, paths[i]), STR("CloudTrail")) != STR_NONE)
			return true;
	return false;
}

enum ocsf_kind ocsf_kind(const struct json *v)
{
	if (!is_ocsf(v))
		return OCSF_NONE;
	return of_cloudtrail(v) && doc_str(v, "api.operation").n ? OCSF_CLOUDTRAIL : OCSF_OTHER;
}

/* ---- what is unmapped ----------------------------------------------------------------------- */

static bool counts_on(const struct json *v, size_t i)
{
	int64_t n;
	return str_int(json_key(v), &n) && n == (int64_t)i;
}

/* Objects whose keys count from 0 were lists. */
static struct json *with_lists(const struct json *v)
{
	if (json_type(v) != JSON_OBJECT)
		return json_copy(v);
	bool list = json_first(v) != NULL;
	size_t i = 0;
	for (const struct json *m = json_first(v); m && list; m = json_next(m))
		list = counts_on(m, i++);
	struct json *out = list ? json_new_array() : json_new_object();
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		struct json *inner = with_lists(m);
		if (list)
			json_push(out, inner);
		else
			json_put_new(out, json_key(m), inner);
	}
	return out;
}

/* "requestParameters.Rule[0].ID" as "requestParameters.Rule.0.ID"; what is no path stays out. */
static bool path_of(struct str key, struct buf *out)
{
	enum { PATH_MAX_BYTES = 512, PATH_LEVELS = 32 };
	size_t levels = 0;
	if (!key.n || key.n > PATH_MAX_BYTES || key.p[0] == '.' || key.p[key.n - 1] == '.')
		return false;
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];
		levels += c == '.' || c == '[';
		if (!c || (c == '.' && i && key.p[i - 1] == '.'))
			return false;
		if (c != ']')
			buf_char(out, c == '[' ? '.' : c);
	}
	return levels < PATH_LEVELS;
}

static void put_unmapped(struct json *to, struct str key, const struct json *value)
{
	AUTO(buf_fini) struct buf path = {0};
	if (json_type(value) != JSON_NULL && path_of(key, &path) && !doc_get(to, buf_str(&path)))
		ecs_put_copied(to, buf_cstr(&path), json_copy(value));
}

/* A map is an object, or what writers of Parquet make of one: pairs, or objects of key and value. */
static struct json *read_unmapped(const struct json *v)
{
	enum { UNMAPPED_MAX = 2000 };
	AUTO(json_free_ptr) struct json *out = json_new_object();
	size_t n = 0;
	for (const struct json *m = json_first(v); m && n < UNMAPPED_MAX; m = json_next(m), n++) {
		const struct json *key = json_get(m, "key"), *value = json_get(m, "value");
		if (json_type(v) == JSON_OBJECT)
			put_unmapped(out, json_key(m), m);
		else if (json_type(m) == JSON_ARRAY && json_count(m) == 2)
			put_unmapped(out, json_str(json_first(m)), json_next(json_first(m)));
		else if (key && value)
			put_unmapped(out, json_str(key), value);
	}
	return with_lists(out);
}

/* What is there already stays as it is. */
static void merge(struct json *to, const struct json *from)
{
	for (const struct json *m = json_first(from); m; m = json_next(m)) {
		struct json *there = (struct json *)(uintptr_t)json_get_str(to, json_key(m));
		if (!there)
			json_set_key(to, json_key(m), json_copy(m));
		else if (json_type(there) == JSON_OBJECT && json_type(m) == JSON_OBJECT)
			merge(there, m);
	}
}

/* ---- what is mapped ------------------------------------------------------------------------- */

/* Which of the ids of a user is the ARN has changed with the versions. */
static void put_user(const struct json *v, struct json *raw)
{
	static const char *const ids[] = {"actor.user.uid", "actor.user.uid_alt", "actor.user.uuid"};
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct str id = doc_str(v, ids[i]);
		const char *to = str_starts(id, STR("arn:")) ? "userIdentity.arn" : "userIdentity.principalId";
		if (id.n && !doc_get(raw, str_c(to)))
			ecs_put_str(raw, to, id);
	}
	if (doc_get(raw, STR("userIdentity.sessionContext.sessionIssuer.arn")))
		ecs_put_str(raw, "userIdentity.sessionContext.sessionIssuer.type", STR("Role"));
}

static void put_time(const struct json *v, const char *path, const char *to, struct json *raw)
{
	char tmp[JSON_SCALAR_MAX], text[WHEN_TEXT_MAX];
	int64_t ms;
	struct str said = doc_text(v, path, tmp);
	if (!doc_get(raw, str_c(to)) && when_read(said, &ms))
		ecs_put_str(raw, to, str_c(when_format(ms, text)));
}

static void ocsf_put_resources(const struct json *v, struct json *raw)
{
	static const struct ocsf_field parts[] = {
		{"ARN", {"uid"}}, {"accountId", {"owner.account.uid", "owner.account_uid", "account_uid"}},
		{"type", {"type"}}};
	const struct json *list = json_get(v, "resources");
	struct json *out = json_new_array();
	for (const struct json *m = json_first(list); m; m = json_next(m)) {
		struct json *one = json_new_object();
		for (size_t i = 0; i < ARRAY_LEN(parts); i++)
			for (size_t k = 0; k < 3 && parts[i].from[k] && !json_get(one, parts[i].to); k++)
				ecs_put(one, parts[i].to, json_copy(doc_get(m, str_c(parts[i].from[k]))));
		json_push(out, one);
	}
	ecs_put(raw, "resources", out);
}

/* The account whose trail it is: Security Lake keeps that as the cloud's. */
static void put_recipient(const struct json *v, struct json *raw)
{
	static const char *const paths[] = {"cloud.account.uid", "cloud.account_uid"};
	for (size_t i = 0; i < ARRAY_LEN(paths) && !json_get(raw, "recipientAccountId"); i++)
		ecs_put(raw, "recipientAccountId", json_copy(doc_get(v, str_c(paths[i]))));
}

static void put_type(const struct json *v, struct json *raw)
{
	static const char *const paths[] = {"metadata.event_code", "metadata.log_name"};
	for (size_t i = 0; i < ARRAY_LEN(paths) && !json_get(raw, "eventType"); i++)
		if (str_starts(doc_str(v, paths[i]), STR("Aws")))
			ecs_put_str(raw, "eventType", doc_str(v, paths[i]));
}

static bool has_request(const struct json *raw)
{
	const struct json *request = json_get(raw, "requestParameters");
	AUTO(json_free_ptr) struct json *read = json_str(request).n ? json_parse(json_str(request), NULL) : NULL;
	return json_type(read ? read : request) == JSON_OBJECT;
}

struct json *ocsf_to_cloudtrail(const struct json *v, bool *lossy)
{
	struct json *raw = json_new_object();
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		for (size_t k = 0; k < 3 && fields[i].from[k] && !doc_get(raw, str_c(fields[i].to)); k++)
			ecs_put(raw, fields[i].to, json_copy(doc_get(v, str_c(fields[i].from[k]))));
	put_user(v, raw);
	put_time(v, "time_dt", "eventTime", raw);
	put_time(v, "time", "eventTime", raw);
	put_time(v, "actor.session.created_time_dt", "userIdentity.sessionContext.attributes.creationDate", raw);
	put_time(v, "actor.session.created_time", "userIdentity.sessionContext.attributes.creationDate", raw);
	ocsf_put_resources(v, raw);
	bool whole = has_request(raw);
	AUTO(json_free_ptr) struct json *unmapped = read_unmapped(json_get(v, "unmapped"));
	merge(raw, unmapped);
	/* There as one JSON text; parts in a map of texts have lost what was empty, and what was a list. */
	*lossy = !whole && !(json_type(json_get(raw, "requestParameters")) == JSON_STRING && has_request(raw));
	put_recipient(v, raw);
	put_type(v, raw);
	return raw;
}
