/*
 * What is asked of AWS and what its answers mean, without a network.
 */
#include "../unit.h"

#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "s3triage/remote/aws.h"
#include "s3triage/net/sigv4.h"

#include <stdio.h>
#include <unistd.h>

#define NS " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

static void xml_becomes_a_tree(void **state)
{
	(void)state;
	static const struct {
		const char *xml, *json; /* NULL: refused */
	} t[] = {
		{"<a/>", "{\"a\":\"\"}"},
		{"<?xml version=\"1.0\"?>\n<a" NS "><b>1</b><b>2</b><c> x &amp; &#65;</c></a>",
			"{\"a\":{\"b\":[\"1\",\"2\"],\"c\":\" x & A\"}}"},
		{"<a><b>1</b><b>2</b><b><c/></b></a>", "{\"a\":{\"b\":[\"1\",\"2\",{\"c\":\"\"}]}}"},
		{"<a>\n  <b>1</b>\n</a>", "{\"a\":{\"b\":\"1\"}}"},
		{"<a><![CDATA[<b>]]></a>", "{\"a\":\"<b>\"}"},
		{"", NULL},
		{"<a>", NULL},
		{"<a></b>", NULL},
		{"<a/><b/>", NULL},
		{"{\"a\":1}", NULL},
		{"<a>\xff</a>", NULL},
		{"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", NULL},
		{"<a>&x;</a>", NULL},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct err err = {0};
		struct buf out = {0};
		struct json *doc = aws_xml(str_c(t[i].xml), &err);
		json_print(doc, &out);
		if ((doc != NULL) != (t[i].json != NULL) || (doc && strcmp(buf_cstr(&out), t[i].json) != 0))
			fail_msg("%s: %s %s", t[i].xml, buf_cstr(&out), err.text);
		assert_int_equal(err.code != 0, !doc);
		json_free(doc);
		buf_fini(&out);
	}
}

static void xml_has_a_depth(void **state)
{
	(void)state;
	for (int depth = 31; depth <= 34; depth++) {
		struct buf text = {0};
		struct err err = {0};
		for (int i = 0; i < depth; i++)
			buf_c(&text, "<a>");
		for (int i = 0; i < depth; i++)
			buf_c(&text, "</a>");
		struct json *doc = aws_xml(buf_str(&text), &err);
		assert_int_equal(doc != NULL, depth <= 32);
		if (!doc)
			assert_non_null(strstr(err.text, "deeper"));
		json_free(doc);
		buf_fini(&text);
	}
}

static void s3_answers(void **state)
{
	(void)state;
	static const struct aws_bucket bucket = {STR_INIT("b-1"), STR_INIT("111122223333"), STR_INIT("us-east-1")};
#define ERROR(code, more) "<Error><Code>" code "</Code><Message>m</Message>" more "</Error>"
	static const struct {
		long status;
		const char *body;
		bool ok, none, no_bucket;
		const char *region, *err;
	} t[] = {
		{404, ERROR("ReplicationConfigurationNotFoundError", ""), true, true, false, "", NULL},
		{404, ERROR("NoSuchBucket", ""), true, false, true, "", NULL},
		{404, ERROR("NoSuchKey", ""), false, false, false, "", "AWS refused"},
		{200, ERROR("NoSuchBucket", ""), false, false, false, "", "no ReplicationConfiguration"},
		{301, ERROR("PermanentRedirect", "<Endpoint>b-1.s3.eu-west-1.amazonaws.com</Endpoint>"), true, false, false,
			"eu-west-1", NULL},
		{301, ERROR("PermanentRedirect", "<Endpoint>s3-bucket.s3-eu-west-2.amazonaws.com</Endpoint>"), true, false,
			false, "eu-west-2", NULL},
		{301, ERROR("PermanentRedirect", "<Endpoint>s3.cn-north-1.amazonaws.com.cn</Endpoint>"), true, false, false,
			"cn-north-1", NULL},
		{301, ERROR("PermanentRedirect", "<Endpoint>evil.example</Endpoint>"), false, false, false, "", "refused"},
		{400, ERROR("AuthorizationHeaderMalformed", "<Region>ap-south-1</Region>"), true, false, false, "ap-south-1",
			NULL},
		{400, ERROR("AuthorizationHeaderMalformed", "<Region>us-east-1</Region>"), false, false, false, "", "refused"},
		{403, ERROR("AccessDenied", ""), false, false, false, "", "s3:GetReplicationConfiguration"},
		{403, ERROR("RequestTimeTooSkewed", ""), false, false, false, "", "clock"},
		{400, ERROR("ExpiredToken", ""), false, false, false, "", "sign in again"},
		{503, "<html>", false, false, false, "", "proxy"},
		{200, "<ListBucketResult/>", false, false, false, "", "no ReplicationConfiguration"},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct arena mem = {0};
		struct aws_found found;
		struct err err = {0};
		const struct aws_reply reply = {t[i].status, str_c(t[i].body)};
		bool ok = aws_replication_read(&reply, &bucket, &mem, &found, &err);
		if (ok != t[i].ok || found.now.none != t[i].none || found.now.no_bucket != t[i].no_bucket ||
			!str_is(found.region, t[i].region) || (t[i].err && !strstr(err.text, t[i].err)))
			fail_msg("%s: %d %.*s %s", t[i].body, ok, STR_ARG(found.region), err.text);
		assert_int_equal(err.code == 0, ok);
		arena_fini(&mem);
	}
}

static void rules_are_read_as_a_request_is(void **state)
{
	(void)state;
	static const struct aws_bucket bucket = {STR_INIT("b-1"), STR_INIT("111122223333"), STR_INIT("us-east-1")};
	struct arena mem = {0};
	struct aws_found found;
	struct err err = {0};
	struct str body = STR("<ReplicationConfiguration" NS "><Role>arn:aws:iam::111122223333:role/r</Role>"
		"<Rule><ID>a</ID><Status>Enabled</Status><Priority>7</Priority><Filter><Prefix>x/</Prefix></Filter>"
		"<Destination><Bucket>arn:aws:s3:::out</Bucket><Account>012345678901</Account></Destination></Rule>"
		"<Rule><ID>b</ID><Status>Disabled</Status><Destination><Bucket>arn:aws:s3:::own</Bucket></Destination></Rule>"
		"</ReplicationConfiguration>");
	assert_true(aws_replication_read(&(struct aws_reply){200, body}, &bucket, &mem, &found, &err));
	assert_int_equal(found.now.is.n_rules, 2);
	const struct replication_rule *r = found.now.is.rules;
	assert_true(str_is(r[0].id, "a") && r[0].enabled && r[0].priority == 7 && str_is(r[0].prefix, "x/"));
	assert_true(str_is(r[0].account, "012345678901") && str_is(r[0].bucket, "out"));
	assert_true(!r[1].enabled && !r[1].account.n && str_is(r[1].bucket, "own"));
	assert_true(str_is(found.now.is.role, "arn:aws:iam::111122223333:role/r"));
	arena_fini(&mem);
}

static void pages_of_accounts(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct json *list = json_new_array();
	struct str next;
	struct err err = {0};
	const struct aws_reply first = {200, STR("{\"Accounts\":[{\"Id\":\"012345678901\"}],\"NextToken\":\"t\\n\"}")},
		last = {200, STR("{\"Accounts\":[{\"Id\":\"2\"},{\"Id\":\"3\"}]}")};
	assert_true(aws_accounts_read(&first, list, &mem, &next, &err));
	assert_true(str_is(next, "t\n"));
	assert_true(aws_accounts_read(&last, list, &mem, &next, &err));
	assert_int_equal(next.n, 0);
	assert_int_equal(json_count(list), 3);
	assert_true(str_is(json_str(json_get(json_first(list), "Id")), "012345678901"));
	static const struct {
		long status;
		const char *body, *err;
	} t[] = {
		{400, "{\"__type\":\"com.amazonaws.organizations#AccessDeniedException\",\"Message\":\"m\"}", "ListAccounts"},
		{400, "{\"__type\":\"AWSOrganizationsNotInUseException\",\"Message\":\"m\"}", "no organisation"},
		{500, "<html>", "AWS refused"},
		{200, "{}", "no list of Accounts"},
		{200, "[", "no list of Accounts"},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		err = (struct err){0};
		const struct aws_reply reply = {t[i].status, str_c(t[i].body)};
		assert_false(aws_accounts_read(&reply, list, &mem, &next, &err));
		if (!strstr(err.text, t[i].err))
			fail_msg("%s: %s", t[i].body, err.text);
	}
	assert_int_equal(json_count(list), 3);
	json_free(list);
	arena_fini(&mem);
}

/* The value was calculated apart from this program, by botocore. */
static void s3_requests_are_signed_whole(void **state)
{
	(void)state;
	static const char *const headers[] = {"x-amz-expected-bucket-owner: 111122223333", "accept: any"};
	struct buf out = {0};
	int64_t at;
	assert_true(when_parse(STR("2026-11-24T02:13:07Z"), &at));
	struct sigv4 s = {.key_id = STR("AKIDEXAMPLE"), .secret = STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
		.session_token = STR("tok/en=="), .region = STR("eu-west-1"), .service = STR("s3"), .method = STR("GET"),
		.host = STR("s3.eu-west-1.amazonaws.com"), .path = STR("/acme-payroll-prod?replication"),
		.headers = headers, .n_headers = 2, .at = at};
	sigv4_headers(&s, &out);
	assert_non_null(strstr(buf_cstr(&out), "SignedHeaders=host;x-amz-content-sha256;x-amz-date;"
		"x-amz-expected-bucket-owner;x-amz-security-token, "));
	assert_non_null(strstr(buf_cstr(&out),
		"Signature=190c6010ea671ebc69b2a3ffed8b42787c41a2139681604cfa97f24405e74ee7"));
	buf_fini(&out);
}

static void ini_files(void **state)
{
	(void)state;
	static const char text[] = "# x\n[default]\na = 1\n[profile b]\r\na=2 \r\nc = d = e\n  a = nested\n;a=3\n[ x ]\na=4\n[b]";
	static const struct {
		const char *section, *key, *value;
	} t[] = {{"default", "a", "1"}, {"profile b", "a", "2"}, {"profile b", "c", "d = e"}, {"x", "a", "4"},
		{"b", "a", ""}, {"", "a", ""}, {"default", "c", ""}};
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		if (!str_is(aws_ini(str_c(text), str_c(t[i].section), t[i].key), t[i].value))
			fail_msg("[%s] %s", t[i].section, t[i].key);
}

static const char *no_env(const char *name)
{
	return strcmp(name, "HOME") == 0 ? "/nonexistent" : NULL;
}

static const char *some_env(const char *name)
{
	static const char *const rows[] = {"HOME", "/nonexistent", "AWS_ACCESS_KEY_ID", "AKIAX", "AWS_SECRET_ACCESS_KEY",
		"s3cr3t", "AWS_REGION", "eu-north-1", "AWS_ENDPOINT_URL", "https://vpce.example/", "AWS_ENDPOINT_URL_S3",
		"https://s3.example"};
	for (size_t i = 0; i < ARRAY_LEN(rows); i += 2)
		if (strcmp(rows[i], name) == 0)
			return rows[i + 1];
	return NULL;
}

static void settings_come_from_the_environment(void **state)
{
	(void)state;
	struct aws_settings s;
	struct err err = {0};
	assert_true(aws_settings_read(NULL, some_env, &s, &err));
	assert_true(str_is(s.keys, "AKIAX:s3cr3t") && str_is(s.region, "eu-north-1"));
	assert_true(str_is(s.endpoint_s3, "https://s3.example"));
	assert_true(str_is(s.endpoint_organizations, "https://vpce.example"));
	aws_settings_fini(&s);
	assert_false(aws_settings_read("audit", some_env, &s, &err));
	assert_non_null(strstr(err.text, "[audit]"));
	assert_null(strstr(err.text, "s3cr3t"));
	aws_settings_fini(&s);
	assert_false(aws_settings_read(NULL, no_env, &s, &err));
	assert_non_null(strstr(err.text, "/nonexistent/.aws/credentials has no keys in [default]"));
	aws_settings_fini(&s);
}

/* Neither a host nor a path is made of what is no name, and no secret leaves unencrypted. */
static void hostile_names_are_not_asked_for(void **state)
{
	(void)state;
	static const char *const names[] = {"", "a/b", "b?x", "b@evil", "..", "-b", "b c", "b\r\nx: y", "\xc3\xa9"};
	struct aws_settings s = {.keys = STR("a:b"), .endpoint_s3 = STR("http://127.0.0.1:9")};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct arena mem = {0};
		struct replication_now now;
		struct err err = {0};
		const struct aws_bucket b = {.bucket = str_c(names[i]), .region = STR("us-east-1")};
		assert_false(aws_replication(&s, &b, &mem, &now, &err));
		assert_non_null(strstr(err.text, "no name of a bucket"));
		arena_fini(&mem);
	}
	struct arena mem = {0};
	struct replication_now now;
	struct err err = {0};
	s.endpoint_s3 = STR("http://s3.example.com");
	assert_false(aws_replication(&s, &(struct aws_bucket){.bucket = STR("b")}, &mem, &now, &err));
	assert_non_null(strstr(err.text, "unencrypted"));
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xml_becomes_a_tree),
		cmocka_unit_test(xml_has_a_depth),
		cmocka_unit_test(s3_answers),
		cmocka_unit_test(rules_are_read_as_a_request_is),
		cmocka_unit_test(pages_of_accounts),
		cmocka_unit_test(s3_requests_are_signed_whole),
		cmocka_unit_test(ini_files),
		cmocka_unit_test(settings_come_from_the_environment),
		cmocka_unit_test(hostile_names_are_not_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
