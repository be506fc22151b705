#include "s3triage/detect/rule.h"

#include "s3triage/base/file.h"
#include "s3triage/base/lines.h"
#include "s3triage/base/mem.h"
#include "s3triage/builtin/builtin.h"
#include "s3triage/event/ecs.h"

#include "../unit.h"

#include <dirent.h>
#include <stdio.h>

#define RULES "tests/data/rules/"

static struct rule *load(const char *path)
{
	struct err err = {0};
	struct rule *r = rule_load(path, &err);
	char line[900];
	if (!r)
		fail_msg("%s", err_line(&err, line, sizeof(line)));
	return r;
}

static bool says(const struct rule *r, const char *what)
{
	for (size_t i = 0; i < r->not_evaluated.n; i++)
		if (str_starts(r->not_evaluated.v[i], str_c(what)))
			return true;
	return false;
}

static void assert_text(struct str s, const char *text)
{
	if (!str_is(s, text))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(s), text);
}

static void has_the_rule_built_in(void **state)
{
	(void)state;
	struct rule *r = rule_builtin();
	assert_text(r->name, "AWS S3 Bucket Replicated to Another Account");
	assert_text(r->rule_id, "d488f026-7907-4f56-ad51-742feb3db01c");
	assert_text(r->severity, "medium");
	assert_int_equal(r->risk, 47);
	assert_int_equal(r->language, RULE_EQL);
	assert_non_null(r->engine);
	assert_text(r->event_category_override, "event.type");
	assert_text(r->timestamp_override, "event.ingested");
	assert_int_equal(r->investigation_fields.n, 14);
	assert_text(r->investigation_fields.v[13], "aws.cloudtrail.request_parameters");
	assert_int_equal(r->n_techniques, 3);
	assert_text(r->techniques[2].id, "T1567.002");
	assert_text(r->techniques[0].tactic, "Exfiltration");
	assert_int_equal(r->false_positives.n, 3);
	assert_true(r->note.n > 4000);
	assert_string_equal(rule_kind(r), "eql");
	assert_int_equal(r->not_evaluated.n, 0);
	struct str lit[8];
	assert_true(rule_literals(r, lit, 8) > 0);
	assert_true(rule_field_count(r) >= 4);
	assert_true(rule_field(r, 0).n > 0);
	rule_free(r);
}

static void reads_one_object(void **state)
{
	(void)state;
	static const struct {
		const char *json, *says;
	} cases[] = {
		{"{\"name\":5}", "name must be text"},
		{"[]", "a rule must be an object"},
		{"{\"name\":\"a\",\"risk_score\":1,\"max_signals\":0}", "max_signals must be"},
		{"{\"name\":\"a\",\"risk_score\":1.5}", "risk_score must be"},
		{"{\"name\":\"a\"}", "risk_score is missing"},
		{"{\"name\":\"a\",\"risk_score\":1,\"language\":\"sql\",\"type\":\"query\"}",
			"language must be eql, esql, kuery or lucene"},
		{"{\"name\":\" \",\"risk_score\":1}", "name is missing"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = {0};
		struct json *v = json_parse(str_c(cases[i].json), NULL);
		assert_null(rule_new_json(v, "f", &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("%s: %s", cases[i].json, err.text);
		assert_string_equal(err.file, "f");
		json_free(v);
	}
	struct json *v = json_parse(
		STR("{\"name\":\"a\",\"description\":\"d\",\"rule_id\":\"i\",\"risk_score\":21,"
		    "\"severity\":\"low\",\"type\":\"saved_query\",\"saved_id\":\"s\"}"),
		NULL);
	struct rule *r = rule_new_json(v, NULL, NULL);
	assert_non_null(r);
	assert_string_equal(rule_kind(r), "saved query (not run)");
	assert_text(r->language_name, "kuery");
	rule_free(r);
	json_free(v);
	rule_free(NULL);
	rule_run_free(NULL);
}

/* How many documents of an NDJSON text match. */
static size_t count_matches(const struct rule *r, struct str text, bool raw)
{
	struct rule_run *run = rule_run_new(r);
	struct str line;
	size_t n = 0;
	while (lines_next(&text, &line)) {
		struct err err = {0};
		struct json *v = json_parse(line, &err);
		if (!v)
			fail_msg("%s", err.text);
		struct json *ecs = raw ? cloudtrail_to_ecs(v, &err) : json_copy(v);
		assert_non_null(ecs);
		n += rule_match(r, run, ecs);
		json_free(ecs);
		json_free(v);
	}
	rule_run_free(run);
	return n;
}

static void matches_the_demo_story(void **state)
{
	(void)state;
	struct rule *r = rule_builtin();
	assert_int_equal(count_matches(r, builtin_demo(), true), 29);
	struct buf b = {0};
	assert_true(file_read("tests/data/ecs.ndjson", &b, NULL));
	assert_int_equal(count_matches(r, buf_str(&b), false), 29);
	rule_free(r);
	r = load(RULES "kuery-query.toml");
	assert_int_equal(count_matches(r, buf_str(&b), false), 6);
	assert_int_equal(count_matches(r, builtin_demo(), true), 6);
	struct str lit[4];
	assert_int_equal(rule_literals(r, lit, 4), 0);
	rule_free(r);
	r = load(RULES "kuery-new-terms.toml");
	assert_int_equal(count_matches(r, buf_str(&b), false), 31);
	assert_int_equal(rule_literals(r, lit, 4), 1);
	assert_text(lit[0], "PutBucketReplication");
	size_t first, count;
	rule_pipes(r, 5, &first, &count);
	assert_int_equal(first, 0);
	assert_int_equal(count, 5);
	assert_int_equal(rule_field_count(r), 1);
	assert_text(rule_field(r, 0), "event.action");
	rule_free(r);
	buf_fini(&b);
}

static void reads_every_key(void **state)
{
	(void)state;
	struct rule *r = load(RULES "eql-every-key.toml");
	assert_text(r->description, "First line.\nSecond line.\n");
	assert_true(r->building_block);
	assert_int_equal(r->authors.n, 2);
	assert_text(r->authors.v[1], "somebody \"else\"");
	assert_text(r->false_positives.v[0], "One on one line.");
	assert_int_equal(r->max_signals, 50);
	assert_int_equal(r->risk, 99);
	assert_text(r->version, "7");
	assert_text(r->updated, "2026/11/24");
	assert_text(r->interval, "10m");
	assert_text(r->setup, "Collect **CloudTrail**.");
	assert_int_equal(r->n_techniques, 4);
	assert_text(r->techniques[2].id, "T1567.002");
	assert_text(r->techniques[3].id, "TA0009");
	assert_text(r->techniques[3].tactic, "Collection");
	assert_true(says(r, "exceptions_list") && says(r, "filters") && says(r, "alert_suppression"));
	assert_int_equal(r->not_evaluated.n, 3);
	assert_non_null(r->engine);
	rule_free(r);
}

static void names_kinds_and_what_is_not_run(void **state)
{
	(void)state;
	static const struct {
		const char *file, *kind, *not_evaluated;
		bool runs;
	} cases[] = {
		{"kuery-query.toml", "kuery", NULL, true},
		{"kuery-new-terms.toml", "kuery new_terms", "new_terms: only the query part is run", true},
		{"kuery-threshold.toml", "kuery threshold", "threshold: only the query part is run", true},
		{"threat-match.toml", "threat_match (not run)", "threat_match rules are not run", false},
		{"esql.toml", "esql (not run)", "esql queries are not run", false},
		{"lucene.toml", "lucene (not run)", "lucene queries are not run", false},
		{"machine-learning.toml", "machine learning (not run)", "machine learning jobs", false},
		{"kuery-nested.toml", "kuery nested (not run)",
			RULES "kuery-nested.toml:14:64: a nested query, process.parent:{", false},
		{"eql-sequence.toml", "eql sequence (not run)", RULES "eql-sequence.toml:15:1: sequence",
			false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char path[200];
		snprintf(path, sizeof(path), RULES "%s", cases[i].file);
		struct rule *r = load(path);
		assert_string_equal(rule_kind(r), cases[i].kind);
		assert_int_equal(r->engine != NULL, cases[i].runs);
		assert_int_equal(r->not_run.n == 0, cases[i].runs);
		if (cases[i].not_evaluated && !says(r, cases[i].not_evaluated))
			fail_msg("%s: %.*s", path, STR_ARG(r->not_evaluated.v[0]));
		assert_int_equal(r->not_evaluated.n, cases[i].not_evaluated ? 1 : 0);
		struct rule_run *run = rule_run_new(r);
		assert_int_equal(run != NULL, cases[i].runs);
		assert_false(rule_match(r, run, NULL));
		struct buf b = {0};
		rule_explain(r, NULL, &b);
		assert_int_equal(str_starts(buf_str(&b), STR("not run: ")), !cases[i].runs);
		buf_fini(&b);
		struct str lit[2];
		if (!cases[i].runs)
			assert_int_equal(rule_literals(r, lit, 2) + rule_field_count(r) + rule_field(r, 0).n, 0);
		rule_run_free(run);
		rule_free(r);
	}
}

static bool keep_problem(void *arg, struct rule *rule, const struct err *problem)
{
	rule_free(rule);
	if (problem)
		*(struct err *)arg = *problem;
	return true;
}

static void refuses_with_file_and_line(void **state)
{
	(void)state;
	static const struct {
		const char *file;
		unsigned long line;
		const char *says;
	} cases[] = {
		{"no-rule-table", 0, "no [rule] table"},
		{"no-name", 1, "name is missing"},
		{"no-rule-id", 1, "rule_id is missing"},
		{"no-query", 1, "query is missing"},
		{"bad-severity", 6, "severity must be low, medium, high or critical"},
		{"bad-risk", 4, "risk_score must be a whole number from 0 to 100"},
		{"text-risk", 4, "risk_score must be a whole number"},
		{"bad-type", 7, "type must be eql, query"},
		{"bad-language", 9, "language does not go with the rule's type"},
		{"bad-tags", 9, "tags must be a list of texts"},
		{"bad-kql", 10, "expected a value, found the end"},
		{"bad-eql", 11, "expected"},
		{"bad-toml", 2, ""},
		{"twice", 9, ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char path[200];
		struct err err = {0};
		snprintf(path, sizeof(path), RULES "bad/%s.toml", cases[i].file);
		rule_load_all(path, keep_problem, &err, NULL);
		if (err.line != cases[i].line || !strstr(err.text, cases[i].says))
			fail_msg("%s:%lu: %s", path, err.line, err.text);
		assert_string_equal(err.file, path);
		assert_true(err.code != ERR_NONE);
	}
	/* What only names and rates it is not needed to run it. */
	struct rule *r = rule_load(RULES "bad/no-name.toml", NULL);
	assert_non_null(r);
	rule_free(r);
	r = rule_load(RULES "bad/no-rule-id.toml", NULL);
	assert_non_null(r);
	assert_true(str_starts(r->rule_id, STR("query-")) && r->rule_id.n == 18);
	rule_free(r);
	assert_null(rule_load(RULES "bad/no-query.toml", NULL));
	assert_null(rule_load(RULES "bad/bad-severity.toml", NULL));
	struct err err = {0};
	assert_null(rule_load(RULES "none.toml", &err));
	assert_int_equal(err.code, ERR_IO);
}

struct all {
	struct buf out;
	size_t stop_after;
};

static bool note_one(void *arg, struct rule *r, const struct err *problem)
{
	struct all *a = arg;
	if (r)
		buf_fmt(&a->out, "%.*s [%s]\n", STR_ARG(r->name), rule_kind(r));
	else
		buf_fmt(&a->out, "%s:%lu\n", problem->file, problem->line);
	rule_free(r);
	return a->stop_after == 0 || --a->stop_after > 0;
}

static void walks_an_export(void **state)
{
	(void)state;
	struct all a = {0};
	assert_true(rule_load_all(RULES "export.ndjson", note_one, &a, NULL));
	assert_string_equal(buf_cstr(&a.out),
		"Exported EQL [eql]\n" RULES "export.ndjson:2\nExported KQL [kuery]\n");
	buf_clear(&a.out);
	a.stop_after = 1;
	assert_true(rule_load_all(RULES "export.ndjson", note_one, &a, NULL));
	assert_string_equal(buf_cstr(&a.out), "Exported EQL [eql]\n");
	buf_fini(&a.out);
	struct rule *r = load(RULES "export.ndjson");
	assert_true(says(r, "exceptions_list"));
	assert_text(r->version, "3");
	assert_text(r->investigation_fields.v[0], "source.ip");
	rule_free(r);
}

static void reads_json_in_any_wrapping(void **state)
{
	(void)state;
#define ONE                                                                                        \
	"{\"rule_id\":\"1\",\"name\":\"a\",\"description\":\"d\",\"risk_score\":1,"                    \
	"\"severity\":\"low\",\"type\":\"query\",\"query\":\"\"}"
	static const struct {
		const char *text, *out;
	} cases[] = {
		{ONE, "a [kuery]\n"},
		{"\xEF\xBB\xBF" ONE "\n" ONE, "a [kuery]\na [kuery]\n"},
		{" [ " ONE "," ONE " ]", "a [kuery]\na [kuery]\n"},
		{"{\"data\":[" ONE "],\"total\":1}", "a [kuery]\n"},
		{"{\"rules\":[" ONE "]}", "a [kuery]\n"},
		{ONE "\n{broken\n" ONE, "a [kuery]\nf:2\na [kuery]\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct all a = {0};
		struct err err = {0};
		if (!rule_load_text(str_c(cases[i].text), "f", note_one, &a, &err))
			fail_msg("case %zu: %s", i, err.text);
		assert_string_equal(buf_cstr(&a.out), cases[i].out);
		buf_fini(&a.out);
	}
	static const char *const none[] = {"{}", "[]", "{", "[{", "{\"exported_count\":0}",
		"{\"a\":1}\n{\"b\":2}", "[{\"a\":1}]"};
	for (size_t i = 0; i < ARRAY_LEN(none); i++) {
		struct all a = {0};
		struct err err = {0};
		bool fine = rule_load_text(str_c(none[i]), "f", note_one, &a, &err);
		if (fine && strcmp(buf_cstr(&a.out), "f:1\n") != 0)
			fail_msg("%s: %s", none[i], buf_cstr(&a.out));
		assert_string_equal(fine ? "f" : err.file, "f");
		buf_fini(&a.out);
	}
}

static void reads_rules_inside_alerts(void **state)
{
	(void)state;
	static const char *const files[] = {"alert-8.json", "alert-9.json", "alert-fields.json"};
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char path[100];
		snprintf(path, sizeof(path), "tests/data/%s", files[i]);
		struct rule *r = load(path);
		assert_text(r->name, "AWS S3 Bucket Replicated to Another Account");
		assert_text(r->severity, "medium");
		assert_int_equal(r->risk, 47);
		assert_text(r->note, "## Triage\n\nAsk `user.name` of `cloud.account.id`.");
		assert_int_equal(r->tags.n, 2);
		assert_int_equal(r->n_techniques, 1);
		assert_int_equal(r->investigation_fields.n, 3);
		assert_text(r->version, "209");
		assert_text(r->interval, "5m");
		assert_null(r->engine);
		rule_free(r);
	}
	assert_null(rule_new_alert(NULL));
	struct json *v = json_parse(STR("{\"signal\":{\"rule\":{\"name\":\"old\",\"risk_score\":21,"
					"\"false_positives\":[\"x\"]}}}"),
		NULL);
	struct rule *r = rule_new_alert(v);
	assert_text(r->name, "old");
	assert_int_equal(r->risk, 21);
	assert_int_equal(r->false_positives.n, 1);
	rule_free(r);
	json_free(v);
}

static void runs_a_bare_query(void **state)
{
	(void)state;
	struct err err = {0};
	struct rule *r = rule_new_eql(STR("x where a == 1"), "kind", &err);
	assert_non_null(r);
	struct rule_run *run = rule_run_new(r);
	struct json *v = json_parse(STR("{\"kind\":\"x\",\"a\":1}"), NULL);
	assert_true(rule_match(r, run, v));
	struct buf b = {0};
	rule_explain(r, v, &b);
	assert_true(str_starts(buf_str(&b), STR("+ ")));
	buf_fini(&b);
	json_free(v);
	rule_run_free(run);
	rule_free(r);
	assert_null(rule_new_eql(STR("any where"), NULL, &err));
	assert_true(err.text[0] != '\0');
	assert_null(rule_new_eql(STR("sequence [any where true] [any where true]"), NULL, &err));
	assert_non_null(strstr(err.text, "sequence"));
}

static void fills_the_guide(void **state)
{
	(void)state;
	struct json *ecs = json_parse(STR("{\"host\":{\"name\":\"a\\\"b`\"},\"user.name\":[\"x\",\"y\"],"
					  "\"bad\":\"e\\u001b[2J\"}"),
		NULL);
	static const struct {
		const char *note, *out;
	} cases[] = {
		{"by {{user.name}}.", "by `x, y`."},
		{"on {{ host.name }}", "on `` a\"b` ``"},
		{"{{none}} {{not one}} {{}} {{", "`(none: no value)` {{not one}} {{}} {{"},
		{"see !{investigate{\"value\":\"{{host.name}}\",\"a\":{\"b\":\"}}\"}}} and",
			"see !{investigate{\"value\":\"a\\\"b`\",\"a\":{\"b\":\"}}\"}}} and"},
		{"!{osquery{\"query\":\"{{user.name}}\"}}{{user.name}}",
			"!{osquery{\"query\":\"x, y\"}}`x, y`"},
		{"!{osquery{broken {{user.name}}", "!{osquery{broken `x, y`"},
		{"!{other{}} {{bad}}", "!{other{}} `e<U+001B>[2J`"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = {0};
		rule_note_expand(str_c(cases[i].note), ecs, &b);
		assert_string_equal(buf_cstr(&b), cases[i].out);
		buf_fini(&b);
	}
	struct rule *r = load(RULES "eql-every-key.toml");
	assert_true(str_find(r->note, STR("$investigate_0")) == STR_NONE);
	assert_true(str_find(r->note, STR("$investigate_7 stays")) != STR_NONE);
	assert_true(str_find(r->note, STR("Run !{osquery{\"label\":\"Osquery - Logins on "
					  "{{host.name}}\",")) != STR_NONE);
	struct buf b = {0};
	rule_note_expand(r->note, ecs, &b);
	assert_true(str_find(buf_str(&b), STR("Logins on a\\\"b`\",")) != STR_NONE);
	buf_fini(&b);
	rule_free(r);
	json_free(ecs);
}

static void asks_fields_with_wildcards(void **state)
{
	(void)state;
	struct json *v = json_parse(STR("{\"a\":{\"b\":[{\"c\":\"x\"},{\"c\":5}]},\"a.d\":true,\"n\":null}"),
		NULL);
	static const struct {
		const char *query;
		bool matches;
	} cases[] = {
		{"a.*: x", true},
		{"*.c: 5", true},
		{"a.*.c: true", false},
		{"*: true", true},
		{"a.b.c: (x and 5)", true},
		{"n: *", false},
		{"free text", false},
		{"x", true},
		{"z*: *", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = {0};
		buf_fmt(&b, "[rule]\nname='n'\nrule_id='i'\ndescription='d'\nrisk_score=1\n"
			    "severity='low'\ntype='query'\nquery='%s'\n",
			cases[i].query);
		struct rule *r = rule_new_toml(buf_str(&b), "t", NULL);
		assert_non_null(r);
		if (rule_match(r, NULL, v) != cases[i].matches)
			fail_msg("%s", cases[i].query);
		buf_clear(&b);
		rule_explain(r, v, &b);
		assert_true(b.p[0] == (cases[i].matches ? '+' : '-'));
		rule_free(r);
		buf_fini(&b);
	}
	json_free(v);
}

static void loads_the_public_files(void **state)
{
	(void)state;
	NEEDS(SHARED_ROOT "data/rules");
	DIR *dir = opendir(SHARED_ROOT "data/rules");
	assert_non_null(dir);
	size_t n = 0;
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		if (!str_ends(str_c(e->d_name), STR(".toml")))
			continue;
		char path[400];
		snprintf(path, sizeof(path), SHARED_ROOT "data/rules/%s", e->d_name);
		struct rule *r = load(path);
		assert_true(r->engine != NULL);
		rule_free(r);
		n++;
	}
	closedir(dir);
	assert_true(n >= 8);
	struct rule *r = load(SHARED_ROOT "data/alerts/alert-eql-prebuilt-9.0.1.json");
	assert_true(r->note.n > 0 && r->query.n > 0);
	rule_free(r);
}

static void loads_a_recorded_export(void **state)
{
	(void)state;
	NEEDS(SHARED_ROOT "data/kibana/ech-9.5.1/rules_export.json");
	struct buf b = {0};
	assert_true(file_read(SHARED_ROOT "data/kibana/ech-9.5.1/rules_export.json", &b, NULL));
	struct json *v = json_parse(buf_str(&b), NULL);
	struct all a = {0};
	struct str lines = json_str(json_get(json_get(v, "response"), "ndjson"));
	assert_true(rule_load_text(lines, "f", note_one, &a, NULL));
	assert_string_equal(buf_cstr(&a.out), "elasticctl fixture probe [kuery]\n");
	json_free(v);
	buf_fini(&a.out);
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_rule_built_in),
		cmocka_unit_test(reads_one_object),
		cmocka_unit_test(matches_the_demo_story),
		cmocka_unit_test(reads_every_key),
		cmocka_unit_test(names_kinds_and_what_is_not_run),
		cmocka_unit_test(refuses_with_file_and_line),
		cmocka_unit_test(walks_an_export),
		cmocka_unit_test(reads_json_in_any_wrapping),
		cmocka_unit_test(reads_rules_inside_alerts),
		cmocka_unit_test(runs_a_bare_query),
		cmocka_unit_test(fills_the_guide),
		cmocka_unit_test(asks_fields_with_wildcards),
		cmocka_unit_test(loads_the_public_files),
		cmocka_unit_test(loads_a_recorded_export),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
