/*
 * cloudtrail_fields: the fields of a raw event that are one field of the ECS document each. Most of
 * a matching record's cost was here: the objects on both sides are found once for an event, and
 * keys are not copied. An event with dotted keys or lists on the way is read by the slow way of
 * doc_get(), which gives the same wherever both apply.
 */
#include "ecs_priv.h"
#include "json_priv.h"
#include "mapstring_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"
#include "s3triage/event/replication.h"

#define S(text) {text, sizeof(text) - 1}

/* The objects of a raw event, and how to come to them. */
enum within {
	EVENT, IDENTITY, SESSION, ATTRIBUTES, ISSUER, TLS, REQUEST, RESPONSE, MADE_GROUP, MADE_USER,
	WITHINS,
};

struct way_in {
	enum within parent;
	struct str key;
	const char *path;
};

static const struct way_in withins[WITHINS] = {
	[IDENTITY] = {EVENT, S("userIdentity"), "userIdentity."},
	[SESSION] = {IDENTITY, S("sessionContext"), "userIdentity.sessionContext."},
	[ATTRIBUTES] = {SESSION, S("attributes"), "userIdentity.sessionContext.attributes."},
	[ISSUER] = {SESSION, S("sessionIssuer"), "userIdentity.sessionContext.sessionIssuer."},
	[TLS] = {EVENT, S("tlsDetails"), "tlsDetails."},
	[REQUEST] = {EVENT, S("requestParameters"), "requestParameters."},
	[RESPONSE] = {EVENT, S("responseElements"), "responseElements."},
	[MADE_GROUP] = {RESPONSE, S("group"), "responseElements.group."},
	[MADE_USER] = {RESPONSE, S("user"), "responseElements.user."},
};

/* The objects of the document. */
enum place {
	DOC, DOC_EVENT, DOC_CLOUD, DOC_ACCOUNT, DOC_USER, DOC_CHANGES, DOC_TARGET, DOC_AWS, DOC_TRAIL,
	DOC_IDENTITY, DOC_SESSION, DOC_ISSUER, DOC_SOURCE, DOC_AGENT, DOC_TLS, DOC_CLIENT, DOC_GROUP,
	PLACES,
};

struct way_out {
	enum place parent;
	struct str key;
};

static const struct way_out places[PLACES] = {
	[DOC_EVENT] = {DOC, S("event")},
	[DOC_CLOUD] = {DOC, S("cloud")},
	[DOC_ACCOUNT] = {DOC_CLOUD, S("account")},
	[DOC_USER] = {DOC, S("user")},
	[DOC_CHANGES] = {DOC_USER, S("changes")},
	[DOC_TARGET] = {DOC_USER, S("target")},
	[DOC_AWS] = {DOC, S("aws")},
	[DOC_TRAIL] = {DOC_AWS, S("cloudtrail")},
	[DOC_IDENTITY] = {DOC_TRAIL, S("user_identity")},
	[DOC_SESSION] = {DOC_IDENTITY, S("session_context")},
	[DOC_ISSUER] = {DOC_SESSION, S("session_issuer")},
	[DOC_SOURCE] = {DOC, S("source")},
	[DOC_AGENT] = {DOC, S("user_agent")},
	[DOC_TLS] = {DOC, S("tls")},
	[DOC_CLIENT] = {DOC_TLS, S("client")},
	[DOC_GROUP] = {DOC, S("group")},
};

enum how { AS_IS, AS_TEXT, AS_DATE, AS_ACCOUNT };

struct field {
	enum within in;
	struct str key;
	enum place to;
	struct str name;
	enum how how;
};

static const struct field fields[] = {
	{EVENT, S("eventTime"), DOC, S("@timestamp"), AS_DATE},
	{EVENT, S("@timestamp"), DOC, S("@timestamp"), AS_DATE}, /* what a codec of Logstash makes of it */
	{EVENT, S("eventSource"), DOC_EVENT, S("provider"), AS_IS},
	{EVENT, S("eventName"), DOC_EVENT, S("action"), AS_IS},
	{EVENT, S("eventID"), DOC_EVENT, S("id"), AS_IS},
	{EVENT, S("awsRegion"), DOC_CLOUD, S("region"), AS_IS},
	{IDENTITY, S("accountId"), DOC_ACCOUNT, S("id"), AS_ACCOUNT},
	{EVENT, S("recipientAccountId"), DOC_ACCOUNT, S("id"), AS_ACCOUNT},
	{IDENTITY, S("userName"), DOC_USER, S("name"), AS_IS},
	{IDENTITY, S("principalId"), DOC_USER, S("id"), AS_IS},
	{IDENTITY, S("type"), DOC_IDENTITY, S("type"), AS_IS},
	{IDENTITY, S("arn"), DOC_IDENTITY, S("arn"), AS_IS},
	{IDENTITY, S("accessKeyId"), DOC_IDENTITY, S("access_key_id"), AS_IS},
	{IDENTITY, S("invokedBy"), DOC_IDENTITY, S("invoked_by"), AS_IS},
	{ATTRIBUTES, S("mfaAuthenticated"), DOC_SESSION, S("mfa_authenticated"), AS_TEXT},
	{ATTRIBUTES, S("creationDate"), DOC_SESSION, S("creation_date"), AS_DATE},
	{ISSUER, S("type"), DOC_ISSUER, S("type"), AS_IS},
	{ISSUER, S("principalId"), DOC_ISSUER, S("principal_id"), AS_IS},
	{ISSUER, S("arn"), DOC_ISSUER, S("arn"), AS_IS},
	{ISSUER, S("accountId"), DOC_ISSUER, S("account_id"), AS_ACCOUNT},
	{EVENT, S("sourceIPAddress"), DOC_SOURCE, S("address"), AS_IS},
	{EVENT, S("userAgent"), DOC_AGENT, S("original"), AS_IS},
	{EVENT, S("errorCode"), DOC_TRAIL, S("error_code"), AS_IS},
	{EVENT, S("errorMessage"), DOC_TRAIL, S("error_message"), AS_IS},
	{EVENT, S("eventVersion"), DOC_TRAIL, S("event_version"), AS_IS},
	{EVENT, S("eventCategory"), DOC_TRAIL, S("event_category"), AS_IS},
	{EVENT, S("eventType"), DOC_TRAIL, S("event_type"), AS_IS},
	{EVENT, S("apiVersion"), DOC_TRAIL, S("api_version"), AS_IS},
	{EVENT, S("requestID"), DOC_TRAIL, S("request_id"), AS_IS},
	{EVENT, S("managementEvent"), DOC_TRAIL, S("management_event"), AS_TEXT},
	{EVENT, S("readOnly"), DOC_TRAIL, S("read_only"), AS_IS},
	{EVENT, S("recipientAccountId"), DOC_TRAIL, S("recipient_account_id"), AS_ACCOUNT},
	{EVENT, S("vpcEndpointId"), DOC_TRAIL, S("vpc_endpoint_id"), AS_IS},
	{EVENT, S("sessionCredentialFromConsole"), DOC_TRAIL, S("session_credential_from_console"), AS_TEXT},
	{TLS, S("cipherSuite"), DOC_TLS, S("cipher"), AS_IS},
	{TLS, S("clientProvidedHostHeader"), DOC_CLIENT, S("server_name"), AS_IS},
	{REQUEST, S("groupName"), DOC_GROUP, S("name"), AS_IS},
	{REQUEST, S("newUserName"), DOC_CHANGES, S("name"), AS_IS},
	{REQUEST, S("userName"), DOC_TARGET, S("name"), AS_IS},
	{MADE_GROUP, S("groupId"), DOC_GROUP, S("id"), AS_IS},
	{MADE_USER, S("userId"), DOC_TARGET, S("id"), AS_IS},
};

struct move {
	const struct json *from[WITHINS];
	bool plain; /* no key with a dot, no list on the way */
	struct json *to[PLACES];
};

static bool has_dotted_key(const struct json *v)
{
	for (const struct json *m = json_first(v); m; m = json_next(m))
		if (str_find_char(json_key(m), '.') != STR_NONE)
			return true;
	return false;
}

static void find_objects(const struct json *raw, struct move *m)
{
	m->from[EVENT] = raw;
	m->plain = true;
	for (int i = EVENT; i < WITHINS; i++) {
		if (i != EVENT)
			m->from[i] = json_get_str(m->from[withins[i].parent], withins[i].key);
		if (json_type(m->from[i]) == JSON_ARRAY || has_dotted_key(m->from[i]))
			m->plain = false;
	}
}

static const struct json *cloudtrail_fields_value_of(const struct move *m, const struct field *f)
{
	if (m->plain)
		return json_get_str(m->from[f->in], f->key);
	AUTO(buf_fini) struct buf path = {0};
	if (f->in != EVENT)
		buf_c(&path, withins[f->in].path);
	buf_add(&path, f->key);
	return doc_get(m->from[EVENT], buf_str(&path));
}

static struct json *object_at(struct move *m, enum place p)
{
	if (!m->to[p]) {
		m->to[p] = json_new_object();
		json_put_static(object_at(m, places[p].parent), places[p].key, m->to[p]);
	}
	return m->to[p];
}

static struct json *cloudtrail_fields_date(const struct json *v)
{
	int64_t ms;
	char text[WHEN_TEXT_MAX];
	char tmp[JSON_SCALAR_MAX];
	if (!when_read(json_text(v, tmp), &ms))
		return NULL;
	struct str s = str_c(when_format(ms, text));
	if (ms % 1000 || !s.n)
		return json_new_str(s);
	AUTO(buf_fini) struct buf b = {0};
	buf_add(&b, str_sub(s, 0, s.n - 1));
	buf_c(&b, ".000Z");
	return json_new_str(buf_str(&b));
}

struct json *ecs_account(const struct json *v)
{
	char tmp[JSON_SCALAR_MAX];
	struct arena mem = {0};
	struct str id = account_normal(json_text(v, tmp), &mem);
	struct json *out = id.n ? json_new_str(id) : ecs_kept(v);
	arena_fini(&mem);
	return out;
}

static struct json *as(enum how how, const struct json *v)
{
	char tmp[JSON_SCALAR_MAX];
	if (how == AS_ACCOUNT)
		return ecs_account(v);
	if (how == AS_DATE)
		return cloudtrail_fields_date(v);
	if (how == AS_TEXT)
		return json_new_str(json_text(v, tmp));
	return ecs_kept(v);
}

/* Of neighbours in the table with the same target, the first that has a value wins. */
void cloudtrail_put_fields(const struct json *raw, struct json *doc)
{
	struct move m = {.to[DOC] = doc};
	const struct field *last = NULL;
	find_objects(raw, &m);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const struct field *f = &fields[i];
		if (last && last->to == f->to && str_eq(last->name, f->name))
			continue;
		const struct json *v = cloudtrail_fields_value_of(&m, f);
		if (!v || value_is_empty(v))
			continue;
		struct json *item = as(f->how, v);
		last = f;
		if (value_is_empty(item))
			json_free(item);
		else
			json_put_static(object_at(&m, f->to), f->name, item);
	}
}
