#include "s3triage/remote/answer.h"
#include "s3triage/remote/ask.h"
#include "s3triage/remote/server.h"
#include "s3triage/net/sigv4.h"

#include "../unit.h"

#include "s3triage/base/file.h"
#include "s3triage/base/when.h"

static void test_envelopes(void **state)
{
	(void)state;
	static const struct {
		const char *body, *error; /* part of the message, NULL: it is read */
		size_t hits;
	} rows[] = {
		{"{\"hits\":{\"total\":{\"value\":9007199254740993,\"relation\":\"gte\"},\"hits\":[{\"a\":1},"
		 "{\"b\":[\"]\"]}]},\"pit_id\":\"x=\"}", NULL, 2},
		{"{\"is_partial\":false,\"hits\":{\"events\":[{}]}}", NULL, 1},
		{"{\"hits\":{}}", NULL, 0},
		{"{\"id\":\"Fm==\",\"is_running\":true,\"is_partial\":true}", NULL, 0},
		{"<html>502</html>", "HTML", 0},
		{"{\"hits\":{\"hits\":[{\"a\":", "broken JSON", 0},
		{"{\"hits\":{}} trailing", "broken JSON", 0},
		{"", "no JSON", 0},
		{"[]", "no JSON", 0},
		{"{\"took\":1}", "no hits", 0},
		{"{\"error\":{\"reason\":\"too bad\"},\"status\":200}", "too bad", 0},
		{"{\"hits\":[1,2]}", NULL, 0},
		{"{\"hits\":{\"hits\":\"x\"}}", NULL, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct answer a;
		struct str hit;
		struct err err = {0};
		size_t n = 0;
		bool ok = answer_read(str_c(rows[i].body), &a, &err);
		if (ok != !rows[i].error || (!ok && !strstr(err.text, rows[i].error)))
			fail_msg("%s: %s", rows[i].body, err.text);
		while (ok && answer_next(&a, &hit))
			n++;
		assert_int_equal(n, rows[i].hits);
		if (ok && i == 0) {
			assert_true(a.total == 9007199254740993 && a.total_is_least);
			assert_true(str_is(a.pit_id, "x="));
		}
		if (ok)
			answer_fini(&a);
	}
}

static void test_failed_shards(void **state)
{
	(void)state;
	struct answer a;
	assert_true(answer_read(STR("{\"_shards\":{\"failed\":2,\"failures\":[{\"reason\":{\"reason\":"
				    "\"No search context found for id [3]\"}}]},\"hits\":{\"hits\":[]}}"),
		&a, NULL));
	assert_int_equal(a.shards_failed, 2);
	assert_true(str_starts(a.reason, STR("No search context")));
	answer_fini(&a);
}

static void test_faults(void **state)
{
	(void)state;
	static const struct {
		long status;
		const char *body;
		enum answer_fault fault;
	} rows[] = {
		{404, "{\"error\":{\"root_cause\":[{\"type\":\"search_context_missing_exception\"}]}}", FAULT_EXPIRED},
		{400, "Found 1 problem\\nline 1:25: Unknown column [x]", FAULT_UNKNOWN_COLUMN},
		{400, "no handler found for uri [/_eql]", FAULT_NO_HANDLER},
		{404, "index_not_found_exception", FAULT_NO_INDEX},
		{405, "", FAULT_NO_HANDLER},
		{500, "", FAULT_OTHER},
		{200, "Unknown column", FAULT_OTHER},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(answer_fault(rows[i].status, str_c(rows[i].body)), rows[i].fault);
}

static void test_requests_are_json(void **state)
{
	(void)state;
	struct rule *rule = rule_builtin();
	struct ask a = {.rule = rule, .since = 1, .until = 2, .before = 3, .size = 10,
		.pit = STR("a\"b"), .after = STR("[1764000000000,9223372036854775807]"), .tie = TIE_SHARD_DOC};
	void (*const fns[])(const struct ask *, struct buf *) = {ask_search, ask_eql, ask_signals};
	assert_true(ask_can_eql(rule));
	for (int open = 0; open < 2; open++) {
		for (size_t i = 0; i < 3; i++) {
			struct buf out = {0};
			fns[i](&a, &out);
			struct json *v = json_parse(buf_str(&out), NULL);
			if (!v)
				fail_msg("%s", buf_cstr(&out));
			/* events only: Kibana's alerts are whole */
			bool names = json_count(json_get(v, "fields")) == rule_field_count(rule);
			assert_int_equal(names, i != 2);
			json_free(v);
			if (i == 0 && !open) {
				assert_non_null(strstr(buf_cstr(&out), "9223372036854775807"));
				assert_non_null(strstr(buf_cstr(&out), "PutBucketReplication"));
			}
			buf_fini(&out);
		}
		a.since = a.until = a.before = WHEN_NONE;
		a.pit = a.after = (struct str){0};
	}
	rule_free(rule);
}

/* Following asks for a span by the server's clock, whatever the analyst's says. */
static void test_lately(void **state)
{
	(void)state;
	struct rule *rule = rule_builtin();
	struct ask a = {.rule = rule, .since = WHEN_NONE, .until = WHEN_NONE, .before = WHEN_NONE,
		.size = 10, .back = 360001};
	void (*const fns[])(const struct ask *, struct buf *) = {ask_search, ask_eql, ask_signals};
	for (size_t i = 0; i < 3; i++) {
		struct buf out = {0};
		fns[i](&a, &out);
		struct json *v = json_parse(buf_str(&out), NULL);
		assert_non_null(v);
		assert_non_null(strstr(buf_cstr(&out), "{\"@timestamp\":{\"gte\":\"now-361s\"}}"));
		bool taken_in = strstr(buf_cstr(&out), "{\"event.ingested\":{\"gte\":\"now-361s\"}}");
		assert_int_equal(taken_in, i != 2);
		/* an old alert that was closed lately, too */
		bool set = strstr(buf_cstr(&out), "{\"kibana.alert.workflow_status_updated_at\":{\"gte\":\"now-361s\"}}");
		assert_int_equal(set, i == 2);
		json_free(v);
		buf_fini(&out);
	}
	rule_free(rule);
}

static void test_encode(void **state)
{
	(void)state;
	struct buf out = {0};
	ask_encode(STR("a-*,b=/"), &out);
	assert_string_equal(buf_cstr(&out), "a-%2A%2Cb%3D%2F");
	buf_fini(&out);
}

/* GET / of each kind, with the members that tell them apart. */
static const char root_7[] = "{\"name\":\"n\",\"cluster_name\":\"c\",\"cluster_uuid\":\"u\",\"version\":{"
	"\"number\":\"7.17.29\",\"build_flavor\":\"default\",\"build_type\":\"docker\",\"build_snapshot\":false,"
	"\"lucene_version\":\"8.11.3\",\"minimum_wire_compatibility_version\":\"6.8.0\"},"
	"\"tagline\":\"You Know, for Search\"}";
static const char root_serverless[] = "{\"name\":\"serverless\",\"cluster_name\":\"c\",\"version\":{\"number\":"
	"\"8.11.0\",\"build_flavor\":\"serverless\",\"build_type\":\"docker\",\"build_hash\":\"00000000\","
	"\"minimum_wire_compatibility_version\":\"8.11.0\"},\"tagline\":\"You Know, for Search\"}";
static const char root_amazon_7[] = "{\"name\":\"n\",\"cluster_name\":\"123456789012:d\",\"version\":{\"number\":"
	"\"7.10.2\",\"build_flavor\":\"oss\",\"build_type\":\"tar\"},\"tagline\":\"You Know, for Search\"}";
static const char root_disguised[] = "{\"name\":\"n\",\"cluster_name\":\"123456789012:d\",\"version\":{\"number\":"
	"\"7.10.2\",\"build_type\":\"tar\",\"minimum_wire_compatibility_version\":\"6.8.0\"},"
	"\"tagline\":\"The OpenSearch Project: https://opensearch.org/\"}";

static void test_servers(void **state)
{
	(void)state;
	static const struct {
		const char *body, *name;
		bool header, eql, pit, old;
	} rows[] = {
		{"{\"version\":{\"number\":\"8.8.2\"},\"tagline\":\"You Know, for Search\"}",
			"Elasticsearch 8.8.2", false, true, true, false},
		{"{\"tagline\":\"You Know, for Search\"}", "Elasticsearch", false, false, true, false},
		{root_7, "Elasticsearch 7.17.29", false, true, true, false},
		{"{\"version\":{\"number\":\"7.8.1\",\"build_flavor\":\"default\"},\"tagline\":\"You Know, for Search\"}",
			"Elasticsearch 7.8.1", false, false, false, true},
		{"{\"version\":{\"number\":\"6.8.23\"},\"tagline\":\"You Know, for Search\"}",
			"Elasticsearch 6.8.23", false, false, false, true},
		{"{\"version\":{\"number\":\"9.1.0\",\"build_flavor\":\"default\"},\"tagline\":\"You Know, for Search\"}",
			"Elasticsearch 9.1.0", true, true, true, false},
		{root_serverless, "Elasticsearch serverless", true, true, true, false},
		{root_amazon_7, "Elasticsearch 7.10.2", false, false, false, true},
		{"{\"version\":{\"distribution\":\"opensearch\",\"number\":\"2.19.1\"}}",
			"OpenSearch 2.19.1", false, false, true, false},
		{"{\"version\":{\"distribution\":\"opensearch\",\"number\":\"2.3.0\"}}",
			"OpenSearch 2.3.0", false, false, false, false},
		{"{\"version\":{\"distribution\":\"opensearch\",\"number\":\"1.3.0\"}}",
			"OpenSearch 1.3.0", false, false, false, false},
		{"{\"version\":{\"distribution\":\"opensearch\",\"number\":\"3.1.0\"},\"tagline\":"
		 "\"The OpenSearch Project: https://opensearch.org/\"}", "OpenSearch 3.1.0", false, false, true, false},
		{root_disguised, "OpenSearch (says 7.10.2)", false, false, true, false},
		{"{\"version\":{\"number\":\"8.1.0\"}}", "Elasticsearch 8.1.0", true, true, true, false},
		{"{\"version\":{\"number\":\"8.1.0\"}}", NULL, false, false, false, false},
		{"{\"status\":\"ok\"}", NULL, false, false, false, false},
		{"{}", NULL, false, false, false, false},
		{"<html>", NULL, false, false, false, false},
		{"", NULL, false, false, false, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct server s;
		char name[64];
		struct buf say = {0};
		bool ok = server_read_root(str_c(rows[i].body), rows[i].header, &s, NULL);
		if (ok != (rows[i].name != NULL))
			fail_msg("%s", rows[i].body);
		if (!ok)
			continue;
		assert_string_equal(server_name(&s, name), rows[i].name);
		server_say(&s, true, &say);
		struct str text = buf_str(&say);
		if (server_has(&s, FEATURE_EQL) != rows[i].eql || server_has(&s, FEATURE_PIT) != rows[i].pit ||
			(str_find(text, STR("no EQL")) == STR_NONE) != rows[i].eql ||
			(str_find(text, STR("no point in time")) == STR_NONE) != rows[i].pit ||
			(str_find(text, STR("older than 7.17")) != STR_NONE) != rows[i].old)
			fail_msg("%s: %s", name, buf_cstr(&say));
		buf_fini(&say);
	}
}

static void test_kibanas(void **state)
{
	(void)state;
	static const struct {
		const char *body, *name, *say;
	} rows[] = {
		{"{\"version\":{\"number\":\"9.5.1\",\"build_flavor\":\"traditional\"},\"status\":{}}", "Kibana 9.5.1",
			"alerts by Kibana's own search, page by page of time"},
		{"{\"version\":{\"number\":\"8.16.0\"},\"status\":{}}", "Kibana 8.16.0", "; no closing reasons before 9.2"},
		{"{\"version\":{\"number\":\"7.17.29\"},\"status\":{}}", "Kibana 7.17.29",
			"; no closing reasons before 9.2; no notes on alerts before 8.16"},
		{"{\"version\":{\"number\":\"9.6.0\",\"build_flavor\":\"serverless\"},\"status\":{}}",
			"Kibana serverless", "page by page of time"},
		{"{\"status\":{\"overall\":{\"level\":\"available\"}}}", "Kibana", "page by page of time"},
		{"{\"name\":\"x\"}", NULL, NULL},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct server s;
		char name[64];
		struct buf say = {0};
		bool ok = server_read_status(str_c(rows[i].body), &s, NULL);
		assert_int_equal(ok, rows[i].name != NULL);
		if (!ok)
			continue;
		assert_string_equal(server_name(&s, name), rows[i].name);
		server_say(&s, true, &say);
		if (!str_ends(buf_str(&say), str_c(rows[i].say)))
			fail_msg("%s: %s", name, buf_cstr(&say));
		buf_fini(&say);
	}
}

/* The credentials, date and request of AWS's published test suite ("get-vanilla"), whose own
 * signature leaves out the body's hash; the value was computed apart from this program. */
static void test_signature_has_its_parts(void **state)
{
	(void)state;
	int64_t at;
	struct buf out = {0}, other = {0};
	assert_true(when_parse(STR("2015-08-30T12:36:00Z"), &at));
	struct sigv4 s = {.key_id = STR("AKIDEXAMPLE"), .region = STR("us-east-1"),
		.secret = STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), .service = STR("service"),
		.method = STR("GET"), .host = STR("example.amazonaws.com"), .path = STR("/"), .at = at};
	sigv4_headers(&s, &out);
	assert_non_null(strstr(buf_cstr(&out), "x-amz-date: 20150830T123600Z"));
	assert_non_null(strstr(buf_cstr(&out), "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"));
	assert_non_null(strstr(buf_cstr(&out), "host;x-amz-content-sha256;x-amz-date"));
	assert_null(strstr(buf_cstr(&out), "wJalr"));
	assert_non_null(strstr(buf_cstr(&out),
		"Signature=726c5c4879a6b4ccbbd3b24edbd6b8826d34f87450fbbf4e85546fc7ba9c1642"));
	s.path = STR("/?b=1&a");
	sigv4_headers(&s, &other);
	struct buf sorted = {0};
	s.path = STR("/?a=&b=1");
	sigv4_headers(&s, &sorted);
	assert_string_equal(buf_cstr(&other), buf_cstr(&sorted));
	buf_fini(&out);
	buf_fini(&other);
	buf_fini(&sorted);
}

/* Signatures that botocore 1.44.8 computes for the same requests. */
static void test_signatures_as_botocore(void **state)
{
	(void)state;
	static const struct {
		const char *method, *path, *type, *body, *service, *token, *signature;
	} rows[] = {
		{"GET", "/", "", "", "es", "",
			"ee1c5acdcaf78d74022e1922ec80d40bf23840418de4add134ceeb89dcf93ecd"},
		{"POST", "/logs-%2A%2C-x/_search?ignore_unavailable=true", "application/json", "{\"size\":1}",
			"es", "", "50c4101a634ff913a4cab03b0e1df71c50c59fadf6dd83654ee3c996b166779c"},
		{"POST", "/logs-%2A/_search?size=1&allow_no_indices=true&z&a-b=2&a=1", "application/json",
			"{\"size\":1}", "aoss", "tok/en+==",
			"f3754129723dd979a51bbeebb89d287020c16c944a7f53d9aff7e5be13204897"},
		{"DELETE", "/_search/point_in_time", "application/json", "{\"pit_id\":[\"x\"]}", "es", "token",
			"44919b37dae62136a6f5a0e2ba2419f99c30a4876d77d4c88325839470fa4a38"},
		{"POST", "/_bulk?refresh=wait_for", "application/x-ndjson", "{\"a\":1}\n", "aoss", "",
			"a44e82e59e699a5d6482d62985dd4e7c8d5622ddfd3d39df2b5176a91575e350"},
		{"GET", "/a%20b/c%2Fd?q=a%20b%2A", "", "", "es", "",
			"16aac40f9ffc3a6f807d126d03aa5583796323d2aef135e6b678905ce1452d46"},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out = {0};
		struct sigv4 s = {.key_id = STR("AKIDEXAMPLE"), .region = STR("eu-west-1"),
			.secret = STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), .service = str_c(rows[i].service),
			.session_token = str_c(rows[i].token), .method = str_c(rows[i].method),
			.host = STR("search-x.eu-west-1.es.amazonaws.com"), .path = str_c(rows[i].path),
			.content_type = str_c(rows[i].type), .body = str_c(rows[i].body)};
		assert_true(when_parse(STR("2026-11-24T02:13:07Z"), &s.at));
		sigv4_headers(&s, &out);
		if (!strstr(buf_cstr(&out), rows[i].signature))
			fail_msg("%s %s: %s", rows[i].method, rows[i].path, buf_cstr(&out));
		buf_fini(&out);
	}
}

static void test_recorded_shapes(void **state)
{
	(void)state;
	static const char *const files[] = {SHARED_ROOT "data/kibana/ech-9.5.1/rules_preview_hits.json",
		SHARED_ROOT "data/kibana/traditional-9.5.1/search_pit_page.json"};
	NEEDS(files[0]);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct buf body = {0};
		struct answer a;
		struct err err = {0};
		assert_true(file_read(files[i], &body, &err));
		struct json *recorded = json_parse(buf_str(&body), &err);
		buf_clear(&body);
		json_print(json_get(recorded, "response"), &body);
		json_free(recorded);
		if (!answer_read(buf_str(&body), &a, &err))
			fail_msg("%s: %s", files[i], err.text);
		answer_fini(&a);
		buf_fini(&body);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_envelopes),
		cmocka_unit_test(test_failed_shards),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_lately),
		cmocka_unit_test(test_requests_are_json),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_servers),
		cmocka_unit_test(test_kibanas),
		cmocka_unit_test(test_signature_has_its_parts),
		cmocka_unit_test(test_signatures_as_botocore),
		cmocka_unit_test(test_recorded_shapes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
