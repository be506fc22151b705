#include "s3triage/event/ecs.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/event/doc.h"

#include <stdio.h>

#include "../unit.h"

static struct json *load(const char *path)
{
	AUTO(buf_fini) struct buf text = {0};
	struct err err = {0};
	if (!file_read(path, &text, &err))
		return NULL;
	struct json *v = json_parse(buf_str(&text), &err);
	if (!v)
		fail_msg("%s: %s", path, err.text);
	return v;
}

/* tests/data/event/NAME.raw.json becomes NAME.ecs.json. EVENT_GOLDEN=1 writes the latter anew. */
static void converts_like_the_pipeline(void **state)
{
	(void)state;
	static const char *const names[] = {"iam-user", "assumed-role", "service", "console-login",
		"create-user"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[128];
		struct err err = {0};
		enum event_shape shape;
		snprintf(path, sizeof(path), "tests/data/event/%s.raw.json", names[i]);
		AUTO(json_free_ptr) struct json *raw = load(path);
		assert_non_null(raw);
		AUTO(json_free_ptr) struct json *ecs = event_to_ecs(raw, &shape, &err);
		assert_int_equal(shape, SHAPE_CLOUDTRAIL);
		AUTO(buf_fini) struct buf got = {0}, want = {0};
		json_print_pretty(ecs, &got);
		buf_char(&got, '\n');
		snprintf(path, sizeof(path), "tests/data/event/%s.ecs.json", names[i]);
		if (getenv("EVENT_GOLDEN"))
			assert_true(file_write(path, buf_str(&got), FILE_REPLACE, &err));
		assert_true(file_read(path, &want, &err));
		assert_string_equal(buf_cstr(&got), buf_cstr(&want));
	}
}

static void print_without_original(struct json *ecs, struct buf *out)
{
	struct json *event = (struct json *)(uintptr_t)json_get(ecs, "event");
	json_remove(event, "original");
	json_print_pretty(ecs, out);
}

/* A key with a dot makes the conversion look for its fields the slow way; a pool makes it share
 * what it copies. The document is the same. */
static void same_both_ways(const struct json *raw)
{
	struct err err = {0};
	struct arena mem = {0};
	AUTO(buf_fini) struct buf quick = {0}, slow = {0}, pooled = {0}, text = {0};
	AUTO(json_free_ptr) struct json *a = cloudtrail_to_ecs(raw, &err);
	AUTO(json_free_ptr) struct json *dotted = json_copy(raw);
	json_set(dotted, "no.field", json_new_int(1));
	AUTO(json_free_ptr) struct json *b = cloudtrail_to_ecs(dotted, &err);
	print_without_original(a, &quick);
	print_without_original(b, &slow);
	assert_string_equal(buf_cstr(&quick), buf_cstr(&slow));
	json_print(raw, &text);
	json_pool_enter(&mem);
	struct json *again = json_parse(buf_str(&text), &err);
	struct json *c = cloudtrail_to_ecs(again, &err);
	print_without_original(c, &pooled);
	json_free(c);
	json_free(again);
	json_pool_leave();
	assert_string_equal(buf_cstr(&quick), buf_cstr(&pooled));
	arena_fini(&mem);
}

static void converts_the_same_by_the_quick_and_the_slow_way(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"{}", "{\"userIdentity\":5,\"eventTime\":\"soon\",\"tlsDetails\":null}",
		"{\"userIdentity\":{\"sessionContext\":{\"attributes\":\"x\",\"sessionIssuer\":{}}}}",
		"{\"userIdentity\":{\"accountId\":{\"a\":[1,null,{}]},\"userName\":[\"a\",\"\"],\"type\":\"-\"}}",
		"{\"responseElements\":{\"group\":{\"groupId\":1e3},\"user\":{\"userId\":\"\"}},\"\":{\"\":1}}",
		"{\"recipientAccountId\":\"1\",\"userIdentity\":{\"accountId\":null},\"managementEvent\":false}",
		"{\"eventTime\":\"never\",\"eventName\":\"A\",\"requestParameters\":[{\"userName\":\"u\"}]}",
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		AUTO(json_free_ptr) struct json *raw = json_parse(str_c(texts[i]), NULL);
		assert_non_null(raw);
		same_both_ways(raw);
	}
	static const char *const names[] = {"iam-user", "assumed-role", "service", "console-login",
		"create-user"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[128];
		snprintf(path, sizeof(path), "tests/data/event/%s.raw.json", names[i]);
		AUTO(json_free_ptr) struct json *raw = load(path);
		same_both_ways(raw);
	}
	AUTO(buf_fini) struct buf demo = {0};
	assert_true(file_read("src/builtin/demo.ndjson", &demo, NULL));
	size_t n = 0;
	for (struct str rest = buf_str(&demo); rest.n; n++) {
		AUTO(json_free_ptr) struct json *raw = json_parse(str_cut(&rest, '\n'), NULL);
		if (json_type(raw) == JSON_OBJECT)
			same_both_ways(raw);
	}
	assert_true(n > 10);
}

/* Dotted keys and lists on the way, which no quick way may pass by. */
static void finds_fields_under_dotted_keys_and_in_lists(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"{\"userIdentity.type\":\"AssumedRole\",\"userIdentity.sessionContext.sessionIssuer.userName\":\"me\"}",
		"{\"userIdentity\":{\"type\":\"AssumedRole\",\"sessionContext.sessionIssuer\":{\"userName\":\"me\"}}}",
		"{\"userIdentity\":{\"type\":\"AssumedRole\",\"sessionContext\":{\"sessionIssuer.userName\":\"me\"}}}",
		"{\"userIdentity\":[{\"type\":\"x\"},{\"userName\":\"me\"}]}",
		"{\"userIdentity\":{\"type\":\"AssumedRole\",\"sessionContext\":[{\"sessionIssuer\":[{\"userName\":\"me\"}]}]}}",
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		AUTO(json_free_ptr) struct json *raw = json_parse(str_c(texts[i]), NULL);
		AUTO(json_free_ptr) struct json *ecs = cloudtrail_to_ecs(raw, NULL);
		if (!str_is(doc_str(ecs, "user.name"), "me"))
			fail_msg("%s", texts[i]);
	}
}

static void names_what_is_wrong_with_an_event(void **state)
{
	(void)state;
	static const char whole[] = "\"eventTime\":\"2026-03-01T10:00:00Z\",\"eventID\":\"e\","
		"\"eventName\":\"PutBucketReplication\"";
	static const struct {
		const char *more, *wrong;
	} t[] = {
		{"\"requestParameters\":null,\"userAgent\":null,\"resources\":null", NULL},
		{"\"userIdentity\":{\"type\":\"AWSService\"}", NULL},
		{"\"userIdentity\":5", "userIdentity should be an object and is 5"},
		{"\"resources\":\"x\"", "resources should be a list and is \"x\""},
		{"\"requestParameters\":[]", "requestParameters should be an object and is a list"},
		/* the text of one, java's or JSON's; cut; none */
		{"\"requestParameters\":\"{bucketName=b, a={c=d}}\"", NULL},
		{"\"requestParameters\":\"{\\\"bucketName\\\":\\\"b\\\"}\"", NULL},
		{"\"requestParameters\":\"{bucketName=b, a={c=d\"",
			"requestParameters should be an object and is \"{bucketName=b, a={c=d\""},
		{"\"requestParameters\":\"{\\\"bucketName\\\":\"",
			"requestParameters should be an object and is \"{\\\"bucketName\\\":\""},
		{"\"requestParameters\":\"x\"", "requestParameters should be an object and is \"x\""},
		{"\"userIdentity\":{\"arn\":{}}", "userIdentity.arn should be text and is an object"},
		{"\"eventID\":null", "eventID is missing"},
		{"\"eventID\":\"\"", "eventID is missing"},
		{"\"eventName\":true", "eventName should be text and is true"},
		{"\"eventTime\":null,\"awsRegion\":1", "eventTime is missing; awsRegion should be text and is 1"},
		{"\"eventTime\":17",
			"eventTime should be a time such as 2026-03-01T10:00:00Z and is 17"},
		{"\"eventTime\":\"last tuesday, or was it on wednesday, at noon?\"",
			"eventTime should be a time such as 2026-03-01T10:00:00Z and is a long text"},
	};
	for (size_t i = 0; i < 2 * ARRAY_LEN(t); i++) {
		struct err err = {0};
		const char *wrong = t[i / 2].wrong;
		AUTO(buf_fini) struct buf text = {0};
		buf_fmt(&text, "%s{%s,%s}%s", i % 2 ? "{\"_id\":\"1\",\"_source\":" : "", whole,
			t[i / 2].more, i % 2 ? "}" : "");
		AUTO(json_free_ptr) struct json *v = json_parse(buf_str(&text), &err);
		assert_int_equal(event_check(v, &err), wrong == NULL);
		assert_string_equal(err.text, wrong ? wrong : "");
	}
	AUTO(json_free_ptr) struct json *other = json_parse(STR("{\"@timestamp\":5}"), NULL);
	assert_true(event_check(other, NULL));
	AUTO(json_free_ptr) struct json *cut = json_parse(STR("{\"@timestamp\":5,"
		"\"event.action\":\"PutBucketReplication\",\"aws.cloudtrail.request_parameters\":\"{a={b=c}\"}"), NULL);
	assert_false(event_check(cut, NULL));
}

static void tells_shapes_apart(void **state)
{
	(void)state;
	static const struct {
		const char *json;
		enum event_shape shape;
	} t[] = {
		{"{\"eventName\":\"X\",\"eventTime\":\"2026-01-01T00:00:00Z\"}", SHAPE_CLOUDTRAIL},
		{"{\"eventVersion\":\"1.07\",\"eventID\":\"x\",\"insightDetails\":{}}", SHAPE_CLOUDTRAIL},
		{"{\"EventName\":\"X\",\"CloudTrailEvent\":\"{\\\"eventName\\\":1}\"}", SHAPE_CLOUDTRAIL},
		{"{\"_index\":\"i\",\"_id\":\"1\",\"_source\":{\"eventName\":\"X\",\"eventID\":\"1\"}}", SHAPE_CLOUDTRAIL},
		{"{\"@timestamp\":\"2026-01-01T00:00:00Z\"}", SHAPE_SHELL},
		{"{\"@timestamp\":\"2026-01-01T00:00:00Z\",\"event\":{\"category\":[\"web\"]}}", SHAPE_ECS},
		{"{\"@timestamp\":\"x\",\"message\":\"{\\\"eventName\\\":\\\"X\\\",\\\"eventID\\\":1}\"}", SHAPE_CLOUDTRAIL},
		{"{\"@timestamp\":\"x\",\"note\":\"{\\\"eventName\\\":\\\"X\\\",\\\"eventID\\\":1}\"}", SHAPE_SHELL},
		{"{\"eventName\":\"ObjectCreated:Put\",\"eventSource\":\"aws:s3\",\"eventTime\":\"x\"}", SHAPE_UNKNOWN},
		{"{\"event.action\":\"X\"}", SHAPE_ECS},
		{"{\"event\":{\"action\":\"X\"}}", SHAPE_ECS},
		{"{\"_id\":\"1\",\"_source\":{\"event\":{\"action\":\"X\"}}}", SHAPE_ECS},
		{"{\"_id\":\"1\",\"fields\":{\"event.action\":[\"X\"]}}", SHAPE_ECS},
		{"{\"_id\":\"1\",\"_source\":{},\"fields\":{\"event.action\":[\"X\"]}}", SHAPE_ECS},
		{"{\"event\":{\"action\":\"X\"},\"fields\":{\"a\":1}}", SHAPE_ECS},
		{"{\"kibana.alert.uuid\":\"u\",\"event\":{\"action\":\"X\"}}", SHAPE_ALERT},
		{"{\"kibana\":{\"alert\":{\"rule\":{\"name\":\"r\"}}}}", SHAPE_ALERT},
		{"{\"_source\":{\"signal\":{\"rule\":{\"id\":\"r\"}},\"@timestamp\":\"x\"}}", SHAPE_ALERT},
		{"{\"_id\":\"1\",\"fields\":{\"kibana.alert.rule.name\":[\"r\"]}}", SHAPE_ALERT},
		{"{}", SHAPE_EMPTY},
		{"{\"digestS3Bucket\":\"b\",\"awsAccountId\":\"1\"}", SHAPE_EMPTY},
		{"{\"_index\":\"\",\"_id\":\"\",\"missing\":true,\"_source\":null}", SHAPE_EMPTY},
		{"{\"a\":1}", SHAPE_UNKNOWN},
		{"{\"_id\":\"1\",\"_source\":{\"a\":1}}", SHAPE_UNKNOWN},
		{"[]", SHAPE_UNKNOWN},
		{"1", SHAPE_UNKNOWN},
		{"{\"eventName\":\"X\"}", SHAPE_UNKNOWN},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		AUTO(json_free_ptr) struct json *v = json_parse(str_c(t[i].json), NULL);
		assert_non_null(v);
		if (event_shape(v) != t[i].shape)
			fail_msg("%s: %d, not %d", t[i].json, event_shape(v), t[i].shape);
		enum event_shape shape;
		struct err err = {0};
		AUTO(json_free_ptr) struct json *ecs = event_to_ecs(v, &shape, &err);
		assert_int_equal(shape, t[i].shape);
		assert_int_equal(ecs != NULL, shape != SHAPE_UNKNOWN && shape != SHAPE_EMPTY);
	}
}

static void keeps_the_facts_of_a_hit(void **state)
{
	(void)state;
	AUTO(json_free_ptr) struct json *v = json_parse(
		STR("{\"_index\":\"logs\",\"_id\":\"qk1\",\"_seq_no\":9007199254740993,\"_primary_term\":1,"
		    "\"_score\":null,\"_source\":{\"event\":{\"action\":\"X\"}}}"), NULL);
	enum event_shape shape;
	AUTO(json_free_ptr) struct json *ecs = event_to_ecs(v, &shape, NULL);
	AUTO(buf_fini) struct buf b = {0};
	json_print(ecs, &b);
	assert_string_equal(buf_cstr(&b), "{\"event\":{\"action\":\"X\"},\"_hit\":{\"_index\":\"logs\",\"_id\":\"qk1\","
					  "\"_seq_no\":9007199254740993,\"_primary_term\":1}}");
}

static void breaks_on_a_broken_string_inside(void **state)
{
	(void)state;
	AUTO(json_free_ptr) struct json *v = json_parse(STR("{\"CloudTrailEvent\":\"{\\\"a\\\":\"}"), NULL);
	enum event_shape shape;
	struct err err = {0};
	assert_null(event_to_ecs(v, &shape, &err));
	assert_int_equal(err.code, ERR_PARSE);
}

static void drops_the_twin_of_a_long_string(void **state)
{
	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		AUTO(buf_fini) struct buf b = {0};
		buf_c(&b, "{\"eventName\":\"X\",\"eventID\":\"1\",\"requestParameters\":{\"k\":\"");
		buf_fill(&b, 'x', 32766 - 4 - 1 + extra); /* {k=…} */
		buf_c(&b, "\"}}");
		AUTO(json_free_ptr) struct json *raw = json_parse(buf_str(&b), NULL);
		AUTO(json_free_ptr) struct json *ecs = cloudtrail_to_ecs(raw, NULL);
		assert_int_equal(doc_str(ecs, "aws.cloudtrail.request_parameters").n, 32765 + extra);
		assert_int_equal(doc_get(ecs, STR("aws.cloudtrail.flattened.request_parameters")) != NULL,
			extra == 0);
	}
}

/* All public samples load, and the one real PutBucketReplication names no account. */
static void loads_the_public_samples(void **state)
{
	(void)state;
	NEEDS(SHARED_ROOT "data/cloudtrail");
	static const struct {
		const char *path;
		size_t events;
	} t[] = {
		{SHARED_ROOT "data/cloudtrail/splunk-one-per-api.ndjson", 48},
		{SHARED_ROOT "data/cloudtrail/traildiscover.ndjson", 315},
		{SHARED_ROOT "data/cloudtrail/splunk-putbucketreplication.json", 1},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		AUTO(buf_fini) struct buf text = {0};
		assert_true(file_read(t[i].path, &text, NULL));
		struct str rest = buf_str(&text);
		size_t events = 0;
		while (rest.n) {
			struct str line = str_cut(&rest, '\n');
			enum event_shape shape;
			struct err err = {0};
			if (!line.n)
				continue;
			AUTO(json_free_ptr) struct json *raw = json_parse(line, &err);
			AUTO(json_free_ptr) struct json *ecs = event_to_ecs(raw, &shape, &err);
			if (!ecs)
				fail_msg("%s: %s", t[i].path, err.text);
			assert_true(doc_str(ecs, "event.action").n > 0);
			struct str text_form = doc_str(ecs, "aws.cloudtrail.request_parameters");
			if (str_is(doc_str(ecs, "event.action"), "PutBucketReplication"))
				assert_true(str_find(text_form, STR("Account=")) == STR_NONE);
			events++;
		}
		assert_int_equal(events, t[i].events);
	}
}

/* Constants of the mapping and aliases come as `fields` beside _source; multi-fields are no news. */
static void takes_in_fields_that_source_has_not(void **state)
{
	(void)state;
	enum event_shape shape;
	AUTO(json_free_ptr) struct json *v = json_parse(
		STR("{\"_id\":\"1\",\"_source\":{\"event\":{\"action\":\"X\"},\"user.name\":\"kim\"},\"fields\":{"
		    "\"data_stream.dataset\":[\"aws.cloudtrail\"],\"event.action\":[\"Y\"],\"event.type\":[\"a\",\"b\"],"
		    "\"user.name.text\":[\"kim\"],\"event.action.keyword\":[\"X\"]}}"), NULL);
	AUTO(json_free_ptr) struct json *ecs = event_to_ecs(v, &shape, NULL);
	assert_true(str_is(doc_str(ecs, "data_stream.dataset"), "aws.cloudtrail"));
	assert_true(str_is(doc_str(ecs, "event.action"), "X"));
	assert_int_equal(json_count(doc_get(ecs, STR("event.type"))), 2);
	assert_null(json_get(ecs, "user.name.text"));
	assert_null(json_get(ecs, "event.action.keyword"));
}

/* As tables, codecs and other readers of JSON write times, accounts and flags. */
static void reads_values_as_they_come(void **state)
{
	(void)state;
	static const char *const times[] = {"\"eventTime\":\"2026-05-04T09:30:00Z\"", "\"eventTime\":1777887000",
		"\"eventTime\":\"1777887000000\"", "\"eventTime\":1777887000000.0", "\"eventTime\":1.777887E9",
		"\"eventTime\":\"2026-05-04 11:30:00+0200\"", "\"@timestamp\":\"2026-05-04T09:30:00Z\"",
		"\"@timestamp\":\"2026-05-04T10:00:00Z\",\"eventTime\":\"2026-05-04T09:30:00Z\""};
	static const char *const accounts[] = {"\"012345678901\"", "12345678901", "12345678901.0", "\"12345678901.0\"",
		"1.2345678901E10"};
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		for (size_t k = 0; k < ARRAY_LEN(accounts); k++) {
			AUTO(buf_fini) struct buf text = {0};
			struct err err = {0};
			enum event_shape shape;
			buf_fmt(&text, "{\"eventName\":\"X\",\"eventSource\":\"s3.amazonaws.com\",\"eventID\":\"e\",%s,"
				"\"userIdentity\":{\"accountId\":%s},\"recipientAccountId\":%s,\"resources\":[{\"accountId\":%s}]}",
				times[i], accounts[k], accounts[k], accounts[k]);
			AUTO(json_free_ptr) struct json *raw = json_parse(buf_str(&text), &err);
			if (!event_check(raw, &err))
				fail_msg("%s: %s", buf_cstr(&text), err.text);
			AUTO(json_free_ptr) struct json *ecs = event_to_ecs(raw, &shape, &err);
			AUTO(buf_fini) struct buf resources = {0};
			json_print(doc_get(ecs, STR("aws.cloudtrail.resources")), &resources);
			if (!str_is(doc_str(ecs, "@timestamp"), "2026-05-04T09:30:00.000Z") ||
				!str_is(doc_str(ecs, "cloud.account.id"), "012345678901") ||
				!str_is(doc_str(ecs, "aws.cloudtrail.recipient_account_id"), "012345678901") ||
				!str_is(buf_str(&resources), "[{\"account_id\":\"012345678901\"}]"))
				fail_msg("%s: %s", buf_cstr(&text), buf_cstr(&resources));
		}
}

struct made {
	const char *raw; /* members of the event */
	const char *field, *want; /* its JSON; "" when the document has none */
};

static void assert_made(const struct made *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		AUTO(buf_fini) struct buf text = {0}, got = {0};
		buf_fmt(&text, "{%s}", t[i].raw);
		AUTO(json_free_ptr) struct json *raw = json_parse(buf_str(&text), NULL);
		assert_non_null(raw);
		AUTO(json_free_ptr) struct json *ecs = cloudtrail_to_ecs(raw, NULL);
		const struct json *v = doc_get(ecs, str_c(t[i].field));
		if (v)
			json_print(v, &got);
		if (!str_is(buf_str(&got), t[i].want))
			fail_msg("%s: %s is %s, not %s", t[i].raw, t[i].field, buf_cstr(&got), t[i].want);
	}
}

#define ACTION(name) "\"eventName\":\"" name "\""

/* The pipeline's table looks at the name alone; some of its types are empty, one is a word of its own. */
static void calls_have_categories(void **state)
{
	(void)state;
	static const struct made t[] = {
		{ACTION("AttachRolePolicy"), "event.category", "[\"iam\"]"}, {ACTION("AttachRolePolicy"), "event.type", "[\"change\"]"},
		{ACTION("PutObject"), "event.category", "[\"file\"]"},
		{ACTION("DeleteObject"), "event.type", "[\"delete\"]"}, {ACTION("DeleteBucket"), "event.type", "[\"deletion\"]"},
		{ACTION("AuthorizeSecurityGroupIngress"), "event.category", "[\"network\"]"},
		{ACTION("AuthorizeSecurityGroupIngress"), "event.type", "[\"access\"]"},
		{ACTION("Converse"), "event.category", "[\"api\"]"}, {ACTION("Converse"), "event.type", ""},
		{ACTION("CreateDataChannel"), "event.type", "[\"start\"]"},
		{ACTION("GetCallerIdentity"), "event.category", "[\"authentication\"]"},
		{ACTION("CreateUser"), "event.type", "[\"user\",\"creation\"]"},
		{ACTION("PutBucketReplication"), "event.category", ""}, {ACTION("PutBucketReplication"), "event.type", "[\"info\"]"},
		{ACTION("putObject"), "event.category", ""},
	};
	assert_made(t, ARRAY_LEN(t));
}

#define ROLE(arn, more) "\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":\"AROA1:me@a.b\",\"arn\":\"" arn "\"" \
	",\"sessionContext\":{\"sessionIssuer\":{\"userName\":\"Ops\"}}" more "}"

static void people_are_put_as_the_pipeline_does(void **state)
{
	(void)state;
	static const struct made t[] = {
		{ROLE("arn:aws:sts::1:assumed-role/Ops/me@a.b", ""), "related.user", "[\"me@a.b\",\"me\",\"AROA1:me@a.b\",\"Ops\"]"},
		{ROLE("arn:aws:sts::1:assumed-role/Ops/me@a.b", ""), "user.email", "\"me@a.b\""},
		{ROLE("arn:aws:sts::1:assumed-role/Ops/me@a.b", ",\"userName\":\"x\""), "user.name", "\"Ops\""},
		{ROLE("arn:aws-cn:sts::1:assumed-role/Ops/me@a.b", ""), "user.email", ""},
		{ROLE("arn:aws:sts::1:assumed-role/Ops/i-1", ""), "related.user", "[\"i-1\",\"AROA1:me@a.b\",\"Ops\"]"},
		{"\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"kim\",\"sessionContext\":{\"sessionIssuer\":{\"userName\":\"Ops\"}}}",
			"user.name", "\"kim\""},
		{"\"userIdentity\":{\"type\":\"Root\",\"sessionContext\":{\"sessionIssuer\":{\"userName\":\"Ops\"}}}", "user.name", ""},
		{"\"userIdentity\":{\"userName\":\"@kim\"}", "user.email", ""}, {"\"userIdentity\":{\"userName\":\"k@m\"}", "user.email", "\"k@m\""},
		{"\"userIdentity\":{\"type\":\"IdentityCenterUser\",\"onBehalfOf\":{\"userId\":\"u-1\"}}", "user.id", "\"u-1\""},
		{"\"userIdentity\":{\"type\":\"AssumedRole\",\"onBehalfOf\":{\"userId\":\"u-1\"}}", "user.id", ""},
		{"\"userIdentity\":{\"onBehalfOf\":{\"userId\":\"u-1\",\"identityStoreArn\":\"arn:i\"}}",
			"aws.cloudtrail.user_identity.on_behalf_of", "{\"user_id\":\"u-1\",\"identity_store_arn\":\"arn:i\"}"},
		{ACTION("UserAuthentication") ",\"additionalEventData\":{\"UserName\":\"kim\"}", "user.name", "\"kim\""},
		{ACTION("ListUsers") ",\"additionalEventData\":{\"UserName\":\"kim\"}", "user.name", ""},
		{"\"requestParameters\":{\"userName\":\"a\",\"newUserName\":\"b\"},\"responseElements\":{\"user\":{\"userId\":\"c\"}}",
			"related.user", "[\"a\",\"b\",\"c\"]"},
		{"\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\"}", "tls", "{\"version\":\"1.3\",\"version_protocol\":\"tls\"}"},
		{"\"tlsDetails\":{\"tlsVersion\":\"1.2\"}", "tls", "{\"version\":\"1.2\"}"},
		{"\"tlsDetails\":{\"tlsVersion\":\"tlsVersion\",\"cipherSuite\":\"c\"}", "tls", ""},
	};
	assert_made(t, ARRAY_LEN(t));
}

#define AGENT(text) "\"userAgent\":\"" text "\""

static void agents_have_names(void **state)
{
	(void)state;
	static const char chrome[] = AGENT("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
		"Chrome/126.0.0.0 Safari/537.36");
	static const char edge[] = AGENT("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
		"Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.68");
	static const char safari[] = AGENT("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
		"Version/17.4 Safari/605.1.15");
	static const char cli[] = AGENT("aws-cli/1.16.240 Python/3.6.8 Linux/4.9.184-linuxkit botocore/1.12.230");
	static const struct made t[] = {
		{cli, "user_agent.name", "\"aws-cli\""}, {cli, "user_agent.version", "\"1.16.240\""},
		{cli, "user_agent.os", "{\"name\":\"Linux\",\"version\":\"4.9.184\",\"full\":\"Linux 4.9.184\"}"},
		{cli, "user_agent.device.name", "\"Spider\""},
		{AGENT("[aws-cli/2.17.40 md/awscrt#0.20.11 os/linux#5.10]"), "user_agent.os", "{\"name\":\"Linux\",\"full\":\"Linux\"}"},
		{AGENT("APN/1.0 HashiCorp/1.0 Terraform/1.9.8 aws-sdk-go-v2/1.32.4"), "user_agent.name", "\"aws-sdk-go-v2\""},
		{AGENT("[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.1 Linux/5.4]"), "user_agent.name", "\"aws-sdk-java\""},
		{AGENT("python-requests/2.31.0"), "user_agent.name", "\"Python Requests\""},
		{AGENT("rclone/v1.66.0"), "user_agent.version", "\"1.66.0\""},
		{chrome, "user_agent.name", "\"Chrome\""}, {chrome, "user_agent.version", "\"126.0.0.0\""},
		{chrome, "user_agent.os.full", "\"Mac OS X 10.15.7\""}, {chrome, "user_agent.device.name", "\"Mac\""},
		{edge, "user_agent.name", "\"Edge\""}, {edge, "user_agent.version", "\"126.0.2592.68\""},
		{edge, "user_agent.os.full", "\"Windows 10\""}, {edge, "user_agent.device.name", "\"Other\""},
		{safari, "user_agent.name", "\"Safari\""}, {safari, "user_agent.version", "\"17.4\""},
		{AGENT("S3Console/0.4"), "user_agent.name", "\"Other\""}, {AGENT("aws-sdk-rust/1.3 os/linux"), "user_agent.name", "\"Other\""},
		{AGENT("aws-cli/"), "user_agent.version", ""}, {"\"userAgent\":null", "user_agent", ""},
	};
	assert_made(t, ARRAY_LEN(t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_values_as_they_come), cmocka_unit_test(calls_have_categories),
		cmocka_unit_test(people_are_put_as_the_pipeline_does), cmocka_unit_test(agents_have_names),
		cmocka_unit_test(converts_like_the_pipeline),
		cmocka_unit_test(converts_the_same_by_the_quick_and_the_slow_way),
		cmocka_unit_test(finds_fields_under_dotted_keys_and_in_lists),
		cmocka_unit_test(tells_shapes_apart),
		cmocka_unit_test(keeps_the_facts_of_a_hit),
		cmocka_unit_test(takes_in_fields_that_source_has_not),
		cmocka_unit_test(breaks_on_a_broken_string_inside),
		cmocka_unit_test(drops_the_twin_of_a_long_string),
		cmocka_unit_test(names_what_is_wrong_with_an_event),
		cmocka_unit_test(loads_the_public_samples),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
