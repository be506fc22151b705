#include "s3triage/detect/eql.h"

#include "s3triage/base/mem.h"

#include "../unit.h"

static const char *const builtin =
	"info where data_stream.dataset == \"aws.cloudtrail\" and event.action == \"PutBucketReplication\"\n"
	"  and event.outcome == \"success\"\n"
	"  and stringContains(aws.cloudtrail.request_parameters, \"Account=\")";

static bool match_in(const char *query, const char *category_field, const char *document)
{
	struct err err = {0};
	const struct eql_options options = {.category_field = category_field};
	struct eql *q = eql_compile(str_c(query), &options, &err);
	if (!q)
		print_message("%s\n  %lu:%lu: %s\n", query, err.line, err.col, err.text);
	assert_non_null(q);
	struct json *doc = json_parse(str_c(document), &err);
	if (!doc)
		print_message("%s: %s\n", document, err.text);
	assert_non_null(doc);
	struct eql_run *run = eql_run_new(q);
	bool found = eql_match(q, run, doc);
	assert_int_equal(eql_run_faults(run), 0);
	eql_run_free(run);
	json_free(doc);
	eql_free(q);
	return found;
}

/* The condition alone. */
static bool holds(const char *condition, const char *document)
{
	AUTO(buf_fini) struct buf query = {0};
	buf_fmt(&query, "any where %s", condition);
	return match_in(buf_cstr(&query), NULL, document);
}

static void runs_the_built_in_rule(void **state)
{
	(void)state;
	static const char nested[] =
		"{\"event\":{\"type\":[\"info\"],\"action\":\"PutBucketReplication\",\"outcome\":\"success\"},"
		"\"data_stream\":{\"dataset\":\"aws.cloudtrail\"},\"aws\":{\"cloudtrail\":"
		"{\"request_parameters\":\"{x={Destination={Account=222222222222}}}\"}}}";
	static const char dotted[] =
		"{\"event.type\":\"info\",\"event.action\":\"PutBucketReplication\",\"event\":{\"outcome\":"
		"\"success\"},\"data_stream.dataset\":\"aws.cloudtrail\",\"aws\":"
		"{\"cloudtrail.request_parameters\":[\"{Account=1}\"]}}";
	assert_true(match_in(builtin, "event.type", nested));
	assert_true(match_in(builtin, "event.type", dotted));
	assert_false(match_in(builtin, NULL, nested));
	assert_false(match_in(builtin, "event.type", "{\"event.type\":\"info\"}"));
	assert_true(holds("event.action == \"PutBucketReplication\"", nested));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_the_built_in_rule),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
