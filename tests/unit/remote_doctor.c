#include "s3triage/remote/doctor.h"

#include "s3triage/base/file.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

#include "../unit.h"

/* {"response": …} of a recorded answer; false: the data is not here. */
static bool recorded(const char *name, struct buf *out)
{
	struct buf path = {0}, bytes = {0};
	buf_fmt(&path, SHARED_ROOT "data/kibana/traditional-9.5.1/%s.json", name);
	bool there = file_read(buf_cstr(&path), &bytes, NULL);
	struct json *v = json_parse(buf_str(&bytes), NULL);
	json_print(json_get(v, "response"), out);
	json_free(v);
	buf_fini(&path);
	buf_fini(&bytes);
	return there;
}

static void real_answers(void **state)
{
	(void)state;
	NEEDS(SHARED_ROOT "data/kibana/traditional-9.5.1");
	struct buf body = {0}, out = {0};
	bool enabled = true;
	assert_true(recorded("authenticate", &body));
	assert_true(doctor_who(buf_str(&body), &out));
	assert_string_equal(buf_cstr(&out), "REDACTED, API key REDACTED");
	buf_clear(&body);
	buf_clear(&out);
	assert_true(recorded("rules_get", &body));
	assert_true(doctor_rule(buf_str(&body), &enabled, &out));
	assert_false(enabled);
	assert_string_equal(buf_cstr(&out), "'elasticctl fixture probe' version 1, but it is disabled");
	buf_fini(&body);
	buf_fini(&out);
}

static void rights(void **state)
{
	static const struct {
		const char *body, *missing;
	} rows[] = {
		{"{\"has_all_requested\":true}", ""},
		{"{\"has_all_requested\":false,\"cluster\":{\"monitor\":false},\"index\":{\"a\":{\"read\":true,"
			"\"write\":false},\"b\":{\"read\":false}}}", "write on a; read on b; monitor on the cluster"},
		{"{\"username\":\"x\",\"has_all_requested\":false,\"is_authenticated\":true,\"cluster\":"
			"{\"all\":false},\"index\":{\".alerts\":{\"all\":false,\"read\":true,\"write\":false}}}",
			"write on .alerts"},
	};
	(void)state;
	struct buf out = {0};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		buf_clear(&out);
		assert_true(doctor_missing(str_c(rows[i].body), &out));
		assert_string_equal(buf_cstr(&out), rows[i].missing);
	}
	assert_false(doctor_missing(STR("<html>"), &out));
	buf_fini(&out);
}

static void times(void **state)
{
	(void)state;
	int64_t at;
	assert_true(doctor_newest(STR("{\"hits\":{\"hits\":[{\"_source\":{\"@timestamp\":"
		"\"2026-11-24T10:00:00.000Z\"}}]}}"), &at));
	assert_true(at == INT64_C(1795514400000));
	assert_true(doctor_newest(STR("{\"hits\":{\"hits\":[]}}"), &at));
	assert_true(at == WHEN_NONE);
	assert_false(doctor_newest(STR("{}"), &at));
	assert_true(doctor_health(STR("[{\"epoch\":\"1795514400\"}]"), &at));
	assert_true(at == INT64_C(1795514400000));
	assert_false(doctor_health(STR("{\"epoch\":1}"), &at));
	assert_false(doctor_health(STR("[{\"epoch\":\"99999999999999\"}]"), &at));
}

static void what_is_asked(void **state)
{
	(void)state;
	struct buf out = {0};
	struct profile p = {.index = STR("logs-*"),
		.write = {.kind = WRITE_DECISIONS, .index = STR("d")}};
	doctor_rights(&p, &out);
	assert_string_equal(buf_cstr(&out), "{\"index\":[{\"names\":[\"logs-*\"],\"privileges\":[\"read\"]},"
		"{\"names\":[\"d\"],\"privileges\":[\"read\",\"write\",\"create_index\"]}]}");
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_answers), cmocka_unit_test(rights), cmocka_unit_test(times),
		cmocka_unit_test(what_is_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
