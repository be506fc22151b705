/*
 * The public suite of event queries with the events that each must find, in order; and the rule
 * files at hand. Skipped where the sample data is not there.
 */
#include "s3triage/base/file.h"
#include "s3triage/base/lines.h"
#include "s3triage/base/mem.h"
#include "s3triage/detect/eql.h"
#include "s3triage/event/doc.h"
#include "s3triage/event/ecs.h"

#include "../unit.h"

enum { EVENTS_MAX = 200 };

struct suite {
	struct json *all;
	const struct json *v[EVENTS_MAX];
	size_t n;
};

static int64_t int_of(const struct json *event, const char *key)
{
	int64_t i = 0;
	json_int(json_get(event, key), &i);
	return i;
}

static int by_time(const void *a, const void *b)
{
	const struct json *x = *(const struct json *const *)a, *y = *(const struct json *const *)b;
	int64_t p = int_of(x, "timestamp") / 10000, q = int_of(y, "timestamp") / 10000;
	if (p == q) {
		p = int_of(x, "serial_event_id");
		q = int_of(y, "serial_event_id");
	}
	return (p > q) - (p < q);
}

static void load(struct suite *s)
{
	NEEDS(SHARED_ROOT "data/eql/es-event-data.json");
	AUTO(buf_fini) struct buf text = {0};
	assert_true(file_read(SHARED_ROOT "data/eql/es-event-data.json", &text, NULL));
	s->all = json_parse(buf_str(&text), NULL);
	assert_non_null(s->all);
	for (const struct json *e = json_first(s->all); e; e = json_next(e)) {
		assert_true(s->n < EVENTS_MAX);
		s->v[s->n++] = e;
	}
	qsort(s->v, s->n, sizeof(*s->v), by_time);
}

static void run(const struct suite *s, struct str query, struct buf *out)
{
	const struct eql_options options = {.category_field = "event_type"};
	struct err err = {0};
	struct eql *q = eql_compile(query, &options, &err);
	if (!q) {
		buf_c(out, err.text);
		return;
	}
	struct eql_run *r = eql_run_new(q);
	const struct json *found[EVENTS_MAX];
	size_t n = 0, first, count;
	for (size_t i = 0; i < s->n; i++) {
		if (eql_match(q, r, s->v[i]))
			found[n++] = s->v[i];
		assert_null(eql_run_fault(r));
	}
	eql_pipes(q, n, &first, &count);
	for (size_t i = first; i < first + count; i++)
		buf_fmt(out, "%s%lld", i > first ? ", " : "",
			(long long)int_of(found[i], "serial_event_id"));
	eql_run_free(r);
	eql_free(q);
}

/* The value of one key of a [[queries]] table: text in any of the four quotes, or a list. */
static struct str value_of(struct str table, const char *key)
{
	size_t at = str_find(table, str_c(key));
	assert_true(at != STR_NONE);
	struct str s = str_trim(str_sub(table, at + strlen(key), table.n));
	static const char *const quotes[][2] = {
		{"'''", "'''"}, {"\"\"\"", "\"\"\""}, {"'", "'"}, {"\"", "\""}, {"[", "]"}};
	for (size_t i = 0; i < 5; i++) {
		struct str open = str_c(quotes[i][0]);
		if (!str_starts(s, open))
			continue;
		s = str_sub(s, open.n, s.n);
		return str_sub(s, 0, str_find(s, str_c(quotes[i][1])));
	}
	fail();
	return s;
}

static void finds_what_elasticsearch_finds(void **state)
{
	(void)state;
	struct suite s = {0};
	load(&s);
	AUTO(buf_fini) struct buf text = {0};
	assert_true(file_read(SHARED_ROOT "data/eql/es-event-queries.toml", &text, NULL));
	struct str rest = buf_str(&text);
	size_t mark, ran = 0, wrong = 0;
	while ((mark = str_find(rest, STR("[[queries]]"))) != STR_NONE) {
		rest = str_sub(rest, mark + 11, rest.n);
		struct str table = str_sub(rest, 0, str_find(rest, STR("[[queries]]")));
		AUTO(buf_fini) struct buf out = {0};
		run(&s, value_of(table, "query = "), &out);
		ran++;
		if (str_eq(str_trim(buf_str(&out)), value_of(table, "expected_event_ids = ")))
			continue;
		wrong++;
		print_message("%.*s: found %s\n", STR_ARG(value_of(table, "name = ")), buf_cstr(&out));
	}
	assert_int_equal(ran, 94);
	assert_int_equal(wrong, 0);
	json_free(s.all);
}

static void compiles_the_rule_files(void **state)
{
	(void)state;
	NEEDS(SHARED_ROOT "data/rules");
	static const char *const names[] = {"aws_s3_bucket_replicated_to_another_account",
		"exfiltration_ec2_ebs_snapshot_shared_with_another_account",
		"exfiltration_s3_bucket_policy_added_for_external_account_access",
		"exfiltration_s3_bucket_policy_added_for_public_access",
		"impact_s3_bucket_object_uploaded_with_ransom_keyword",
		"initial_access_suspicious_user_agent_detected_in_cloudtrail",
		"lateral_movement_ec2_instance_console_login",
		"persistence_iam_create_login_profile_for_root"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		AUTO(buf_fini) struct buf text = {0}, path = {0};
		buf_fmt(&path, SHARED_ROOT "data/rules/%s.toml", names[i]);
		assert_true(file_read(buf_cstr(&path), &text, NULL));
		struct err err = {0};
		struct eql *q = eql_compile(value_of(buf_str(&text), "\nquery = "), NULL, &err);
		assert_string_equal(err.text, "");
		assert_non_null(q);
		eql_free(q);
	}
}

/* Asks for the document's own value of a field; the literals of that must be in the raw text. */
static size_t literals_are_in(struct str raw, const struct json *ecs, const char *field)
{
	struct str value = doc_str(ecs, field), v[4];
	AUTO(buf_fini) struct buf query = {0};
	if (!value.n || str_find_char(value, '"') != STR_NONE || str_find_char(value, '\\') != STR_NONE ||
		str_find_char(value, '\n') != STR_NONE)
		return 0;
	buf_fmt(&query, "any where %s == \"%.*s\"", field, STR_ARG(value));
	struct eql *q = eql_compile(buf_str(&query), NULL, NULL);
	assert_non_null(q);
	size_t n = eql_literals(q, v, 4);
	for (size_t i = 0; i < n; i++)
		if (str_find(raw, v[i]) == STR_NONE)
			fail_msg("%s: %.*s is not in the raw event", field, STR_ARG(v[i]));
	eql_free(q);
	return n;
}

static void literals_stand_in_raw_events(void **state)
{
	(void)state;
	NEEDS(SHARED_ROOT "data/cloudtrail");
	static const char *const fields[] = {"event.action", "event.provider", "event.id", "cloud.region",
		"user_agent.original", "aws.cloudtrail.error_code", "aws.cloudtrail.error_message",
		"aws.cloudtrail.event_type", "aws.cloudtrail.request_id", "aws.cloudtrail.vpc_endpoint_id",
		"aws.cloudtrail.user_identity.type", "aws.cloudtrail.user_identity.arn",
		"aws.cloudtrail.user_identity.access_key_id"};
	static const char *const files[] = {"splunk-one-per-api", "traildiscover"};
	size_t found = 0, events = 0;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		AUTO(buf_fini) struct buf text = {0}, path = {0};
		buf_fmt(&path, SHARED_ROOT "data/cloudtrail/%s.ndjson", files[i]);
		assert_true(file_read(buf_cstr(&path), &text, NULL));
		struct str rest = buf_str(&text), line;
		while (lines_next(&rest, &line)) {
			struct json *raw = json_parse(line, NULL), *ecs = cloudtrail_to_ecs(raw, NULL);
			for (size_t k = 0; ecs && k < ARRAY_LEN(fields); k++)
				found += literals_are_in(line, ecs, fields[k]);
			events += ecs != NULL;
			json_free(raw);
			json_free(ecs);
		}
	}
	assert_true(events > 300);
	assert_true(found > 3 * events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_elasticsearch_finds),
		cmocka_unit_test(compiles_the_rule_files),
		cmocka_unit_test(literals_stand_in_raw_events),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
