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
		"{\"userIdentity.sessionContext.sessionIssuer.userName\":\"me\"}",
		"{\"userIdentity\":{\"sessionContext.sessionIssuer\":{\"userName\":\"me\"}}}",
		"{\"userIdentity\":{\"sessionContext\":{\"sessionIssuer.userName\":\"me\"}}}",
		"{\"userIdentity\":[{\"type\":\"x\"},{\"userName\":\"me\"}]}",
		"{\"userIdentity\":{\"sessionContext\":[{\"sessionIssuer\":[{\"userName\":\"me\"}]}]}}",
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_values_as_they_come),
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
