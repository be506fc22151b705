/*
 * lint: which fields no document had, what was meant, and what is left alone.
 */
#include "../unit.h"

#include "s3triage/base/mem.h"
#include "s3triage/detect/lint.h"

static const char *const documents[] = {
	"{\"event\":{\"action\":\"A\",\"type\":[\"info\"]},\"aws.cloudtrail\":{\"error_code\":\"E\"}}",
	"{\"event.action\":\"B\",\"user\":{\"name\":\"u\"},\"none\":null,\"list\":[{\"deep\":{\"er\":1}}]}",
};

static struct rule *rule_of(const char *query)
{
	struct err err = {0};
	struct rule *r = rule_new_eql(str_c(query), NULL, &err);
	if (!r)
		fail_msg("%s: %s", query, err.text);
	return r;
}

static void see(struct field_lint *l, size_t i)
{
	struct json *doc = json_parse(str_c(documents[i]), NULL);
	field_lint_see(l, doc);
	json_free(doc);
}

struct lint_case {
	const char *query, *said;
};

static const struct lint_case cases[] = {
	{"any where event.action == \"A\" and user.name == \"u\"", ""},
	{"any where event.acton == \"A\"",
		"field event.acton is in none of the 2 documents examined, did you mean event.action?\n"},
	{"any where cloudtrail.error_code != null",
		"field cloudtrail.error_code is in none of the 2 documents examined, "
		"did you mean aws.cloudtrail.error_code?\n"},
	{"any where list.deep.err == 1",
		"field list.deep.err is in none of the 2 documents examined, did you mean list.deep.er?\n"},
	{"any where aws.cloudtrail.eror_message == \"A\"",
		"field aws.cloudtrail.eror_message is in none of the 2 documents examined, "
		"did you mean aws.cloudtrail.error_message?\n"},
	{"any where quite.other == \"A\"",
		"field quite.other is in none of the 2 documents examined\n"},
	{"any where none == null", "field none is in none of the 2 documents examined\n"},
	{"any where ?evnt.action == null", ""},
	{"any where ?evnt.action == null or evnt.action == \"A\"",
		"field evnt.action is in none of the 2 documents examined, did you mean event.action?\n"},
	{"info where user.name == \"u\"",
		"field event.category is in none of the 2 documents examined\n"},
};

static void test_missing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rule *r = rule_of(cases[i].query);
		struct field_lint *one = field_lint_new(r), *two = field_lint_new(r);
		struct buf out = {0};
		see(one, 0);
		see(two, 1);
		field_lint_merge(one, two);
		field_lint_tell(one, 0, &out);
		assert_string_equal(buf_cstr(&out), cases[i].said);
		buf_fini(&out);
		field_lint_free(one);
		field_lint_free(two);
		rule_free(r);
	}
}

static void test_passed_and_none(void **state)
{
	(void)state;
	struct rule *r = rule_of("any where nowhere == \"A\"");
	struct field_lint *l = field_lint_new(r);
	struct buf out = {0};
	assert_int_equal(field_lint_tell(l, 7, &out), 0);
	see(l, 0);
	assert_int_equal(field_lint_tell(l, 7, &out), 1);
	assert_non_null(strstr(buf_cstr(&out), "none of the 1 document examined (7 were passed over"));
	buf_fini(&out);
	field_lint_free(l);
	rule_free(r);
}

static const struct lint_case known[] = {
	{"any where event.action == \"A\" and aws.cloudtrail.error_code == null", ""},
	{"any where event.outcom == \"A\"",
		"field event.outcom is no known one, did you mean event.outcome?\n"},
	{"any where aws.cloudtrail.request_paramters : \"A\"",
		"field aws.cloudtrail.request_paramters is no known one, "
		"did you mean aws.cloudtrail.request_parameters?\n"},
	{"any where user.ip == \"A\" and source.as == 1 and my.own.field == 3", ""},
};

static void test_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct rule *r = rule_of(known[i].query);
		struct buf out = {0};
		field_lint_known(r, &out);
		assert_string_equal(buf_cstr(&out), known[i].said);
		buf_fini(&out);
		rule_free(r);
	}
}

/* The same question with and without a limit: a value that is too long is none. */
static void test_ignore_above(void **state)
{
	static const struct {
		const char *query;
		size_t units;
		bool match;
	} tests[] = {
		{"any where t : \"*b*\"", 0, true}, {"any where t : \"*b*\"", 5, true},
		{"any where t : \"*b*\"", 4, false}, {"any where not t : \"*b*\"", 4, true},
		{"any where t == null", 4, true}, {"any where n == 123456", 4, true},
	};
	(void)state;
	struct json *doc = json_parse(STR("{\"t\":\"\xC3\xA4\xC3\xA4" "b\xC3\xB6\xC3\xBC\",\"n\":123456}"), NULL);
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct rule *r = rule_of(tests[i].query);
		rule_ignore_above(r, tests[i].units);
		struct rule_run *run = rule_run_new(r);
		assert_int_equal(rule_match(r, run, doc), tests[i].match);
		rule_run_free(run);
		rule_free(r);
	}
	json_free(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_passed_and_none),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_ignore_above),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
