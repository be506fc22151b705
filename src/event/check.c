/*
 * check: what a raw CloudTrail event should hold and does not. The conversion takes what it can
 * use and drops the rest silently; whoever reads the list has to know that something was dropped.
 */
#include "ecs_priv.h"
#include "ocsf.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"
#include "s3triage/event/replication.h"
#include "s3triage/event/table.h"

enum want { A_TEXT, A_TIME, AN_ACCOUNT, AN_OBJECT, A_LIST, OBJECTS, PARAMETERS };

struct check {
	const char *field;
	enum want want;
	bool required; /* AWS writes it into every event; what is not may be absent or null */
};

static const struct check checks[] = {
	{"eventTime", A_TIME, true},
	{"eventName", A_TEXT, true},
	{"eventID", A_TEXT, true},
	{"eventSource", A_TEXT, false},
	{"awsRegion", A_TEXT, false},
	{"sourceIPAddress", A_TEXT, false},
	{"userAgent", A_TEXT, false},
	{"recipientAccountId", AN_ACCOUNT, false},
	{"userIdentity", AN_OBJECT, false},
	{"userIdentity.arn", A_TEXT, false},
	{"userIdentity.accountId", AN_ACCOUNT, false},
	{"userIdentity.accessKeyId", A_TEXT, false},
	{"userIdentity.sessionContext", AN_OBJECT, false},
	{"requestParameters", PARAMETERS, false},
	{"requestParameters.bucketName", A_TEXT, false},
	{"requestParameters.ReplicationConfiguration", AN_OBJECT, false},
	{"requestParameters.ReplicationConfiguration.Rule", OBJECTS, false},
	{"resources", A_LIST, false},
};

/* An object, or a list of nothing else. */
static bool are_objects(const struct json *v)
{
	const struct json *m = json_type(v) == JSON_ARRAY ? json_first(v) : NULL;
	while (m && json_type(m) == JSON_OBJECT)
		m = json_next(m);
	return json_type(v) == JSON_ARRAY ? !m : json_type(v) == JSON_OBJECT;
}

/* The map string ends before it is closed. */
static bool text_is_cut(struct str text)
{
	bool doubtful, cut = false;
	if (str_starts(text, STR("{")))
		json_free(mapstring_parse(text, &doubtful, &cut));
	return cut;
}

/* An object, or the text of one: JSON, or what java prints of a map. */
static bool are_parameters(const struct json *v)
{
	struct str text = json_str(v);
	AUTO(json_free_ptr) struct json *inner = text.n ? json_parse(text, NULL) : NULL;
	return json_type(inner ? inner : v) == JSON_OBJECT ||
		(!inner && str_starts(text, STR("{")) && !str_starts(text, STR("{\"")) && !text_is_cut(text));
}

/* Numbers are accounts as well, where a table or another reader made them of the text. */
static bool is_account(const struct json *v)
{
	char tmp[JSON_SCALAR_MAX];
	struct arena mem = {0};
	bool is = account_normal(json_text(v, tmp), &mem).n > 0;
	arena_fini(&mem);
	return is;
}

static bool is_wanted(enum want want, const struct json *v)
{
	int64_t ms;
	char tmp[JSON_SCALAR_MAX];
	switch (want) {
	case A_TIME:
		return when_read(json_text(v, tmp), &ms);
	case AN_ACCOUNT:
		return json_type(v) == JSON_STRING || is_account(v);
	case AN_OBJECT:
		return json_type(v) == JSON_OBJECT;
	case A_LIST:
		return json_type(v) == JSON_ARRAY;
	case OBJECTS:
		return are_objects(v);
	case PARAMETERS:
		return are_parameters(v);
	default:
		return json_type(v) == JSON_STRING;
	}
}

/* What came: a short value as it is written, of the others only what it is. */
static void describe(const struct json *v, struct buf *out)
{
	enum { SHOWN_MAX = 40 };
	if (json_type(v) == JSON_OBJECT || json_type(v) == JSON_ARRAY) {
		buf_c(out, json_type(v) == JSON_OBJECT ? "an object" : "a list");
		return;
	}
	AUTO(buf_fini) struct buf text = {0};
	json_print(v, &text);
	if (text.n <= SHOWN_MAX)
		buf_add(out, buf_str(&text));
	else
		buf_c(out, json_type(v) == JSON_STRING ? "a long text" : "a long number");
}

static void check_field(const struct json *raw, const struct check *c, struct buf *out)
{
	static const char *const names[] = {
		[A_TEXT] = "text", [A_TIME] = "a time such as 2026-03-01T10:00:00Z",
		[AN_ACCOUNT] = "text", [AN_OBJECT] = "an object", [A_LIST] = "a list",
		[OBJECTS] = "an object or a list of them", [PARAMETERS] = "an object",
	};
	const struct json *v = doc_get(raw, str_c(c->field));
	if (!v && c->want == A_TIME)
		v = json_get(raw, "@timestamp"); /* a codec of Logstash calls it so */
	bool missing = !v || json_type(v) == JSON_NULL ||
		(c->required && json_type(v) == JSON_STRING && !json_str(v).n);
	if (missing ? !c->required || json_get(raw, TABLE_MARK) : is_wanted(c->want, v))
		return;
	buf_c(out, out->n ? "; " : "");
	buf_c(out, c->field);
	if (missing) {
		buf_c(out, " is missing");
		return;
	}
	buf_fmt(out, " should be %s and is ", names[c->want]);
	describe(v, out);
}

/* Of every rule; the first that is wrong is enough. */
static void check_destinations(const struct json *raw, struct buf *out)
{
	const struct json *rule = doc_get(raw, STR("requestParameters.ReplicationConfiguration.Rule"));
	bool many = json_type(rule) == JSON_ARRAY;
	for (const struct json *m = many ? json_first(rule) : rule; m; m = many ? json_next(m) : NULL) {
		const struct json *d = json_get(m, "Destination");
		if (!d || json_type(d) == JSON_NULL || are_objects(d))
			continue;
		buf_fmt(out, "%sa rule's Destination should be an object and is ", out->n ? "; " : "");
		describe(d, out);
		return;
	}
}

/* What is there depends on who wrote it; without a request nothing can be said of a replication. */
static bool check_ocsf(const struct json *v, struct err *err)
{
	bool lossy;
	AUTO(json_free_ptr) struct json *raw = ocsf_to_cloudtrail(v, &lossy);
	return !str_is(doc_str(raw, "eventName"), "PutBucketReplication") || json_get(raw, "errorCode") ||
		json_get(raw, "requestParameters") || err_set(err, ERR_INPUT, "the OCSF record is without the "
			"request (api.request.data is empty): where the copies go is not known; look in the log file "
			"of CloudTrail, or with lookup-events");
}

/* The request's text ends before it is closed, and not because a name in the original reads so. */
static bool request_is_cut(const struct json *doc)
{
	static const char field[] = "aws.cloudtrail.request_parameters";
	if (json_get(doc, "CloudTrailEvent") || !str_is(doc_str(doc, "event.action"), "PutBucketReplication") ||
		!text_is_cut(doc_str(doc, field)))
		return false;
	AUTO(json_free_ptr) struct json *original = shell_event(doc);
	AUTO(json_free_ptr) struct json *whole = original ? cloudtrail_to_ecs(original, NULL) : NULL;
	return !whole || !str_eq(doc_str(whole, field), doc_str(doc, field));
}

bool event_check(const struct json *record, struct err *err)
{
	const struct json *raw = ecs_unwrap(record);
	if (request_is_cut(raw))
		return err_set(err, ERR_INPUT, "the request's text ends before it is closed: what was not read "
			"of it is not known, and rules may be missing");
	if (json_get(raw, "CloudTrailEvent") || event_shape(raw) != SHAPE_CLOUDTRAIL)
		return true;
	if (ocsf_kind(raw) != OCSF_NONE)
		return check_ocsf(raw, err);
	AUTO(json_free_ptr) struct json *carried = ecs_is_cloudtrail(raw) ? NULL : shell_event(raw);
	raw = carried ? carried : raw;
	AUTO(json_free_ptr) struct json *mended = cloudtrail_mended(raw);
	raw = mended ? mended : raw;
	AUTO(buf_fini) struct buf wrong = {0};
	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		check_field(raw, &checks[i], &wrong);
	check_destinations(raw, &wrong);
	return !wrong.n || err_set(err, ERR_INPUT, "%s", buf_cstr(&wrong));
}
