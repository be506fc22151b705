/*
 * Queries and commands made of an alert whose every text is hostile: each is one query of its
 * language, of printable ASCII alone, and the literal in it means the value and nothing else.
 */
#include "s3triage/export/pivot.h"

#include "s3triage/base/lines.h"
#include "s3triage/base/utf8.h"
#include "s3triage/detect/kql.h"
#include "s3triage/detect/rule.h"
#include "s3triage/event/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool fine)
{
	if (!fine)
		abort();
}

static bool the_value(const void *ctx, struct str field, bool (*each)(void *arg, struct str value), void *arg)
{
	const struct str *value = ctx;
	(void)field;
	return each(arg, *value);
}

static void check_eql(struct str text)
{
	struct err err = {0};
	struct rule *r = rule_new_eql(text, NULL, &err);
	must(r && r->engine);
	rule_free(r);
}

static void check_kql(struct str text)
{
	struct kql *q = kql_compile(text, NULL, NULL);
	must(q && kql_field_count(q) >= 2);
	kql_free(q);
}

/* Outside of quotes a command is words of plain letters; a quote is closed again. */
static void check_shell(struct str text)
{
	bool quoted = false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\'')
			quoted = !quoted;
		else if (!quoted)
			must(text.p[i] != '$' && text.p[i] != '`' && text.p[i] != ';' && text.p[i] != '|' &&
				text.p[i] != '&' && text.p[i] != '<' && text.p[i] != '>' && text.p[i] != '(');
	}
	must(!quoted);
}

/* Quotes are doubled inside, so every literal of SQL ends where the query goes on. */
static void check_sql(struct str text)
{
	size_t quotes = 0;
	for (size_t i = 0; i < text.n; i++)
		quotes += text.p[i] == '\'';
	must(quotes % 2 == 0);
}

static void check_pivots(const struct alert *a, int64_t window, struct arena *mem)
{
	struct pivot v[PIVOTS_MAX];
	size_t n = pivot_make(a, window, mem, v);
	must(n <= PIVOTS_MAX);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < v[i].text.n; k++)
			must((v[i].text.p[k] >= ' ' && v[i].text.p[k] <= '~') ||
				(v[i].text.p[k] == '\n' && v[i].language == PIVOT_SQL));
		if (v[i].language == PIVOT_EQL)
			check_eql(v[i].text);
		else if (v[i].language == PIVOT_KQL)
			check_kql(v[i].text);
		else if (v[i].language == PIVOT_SHELL)
			check_shell(v[i].text);
		else
			check_sql(v[i].text);
	}
}

static void check_eql_means(struct str value)
{
	struct buf query = {0};
	struct err err = {0};
	buf_c(&query, "any where x == ");
	quote_eql(value, &query);
	struct rule *rule = rule_new_eql(buf_str(&query), NULL, &err);
	must(rule != NULL);
	struct rule_run *run = rule_run_new(rule);
	struct json *doc = json_new_object();
	json_set_str(doc, "x", value);
	must(rule_match(rule, run, doc));
	json_free(doc);
	rule_run_free(run);
	rule_free(rule);
	buf_fini(&query);
}

static void check_kql_means(struct str value)
{
	const struct kql_subject subject = {&value, the_value};
	struct buf query = {0};
	buf_c(&query, "x: ");
	quote_kql(value, &query);
	struct kql *q = kql_compile(buf_str(&query), NULL, NULL);
	must(q != NULL);
	must(kql_match(q, &subject));
	kql_free(q);
	buf_fini(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = {(const char *)data, n}, t[8];
	struct arena mem = {0};
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		t[i] = str_cut(&text, '\n');
	struct alert_dest d = {.account = account_normal(t[0], &mem), .written = t[0], .bucket = t[1]};
	struct alert a = {.time = (int64_t)n * 1000000007, .bucket = t[1], .owner = t[2], .role = t[3],
		.actor = t[4], .actor_arn = t[5], .key_id = t[6], .ip = t[7], .region = t[4],
		.actor_type = n & 1 ? STR("IAMUser") : STR("AssumedRole"), .dests = &d, .n_dests = 1};
	check_pivots(&a, n & 2 ? 7200000 : INT64_MAX, &mem);
	/* A literal can spell what an alert can hold: mended UTF-8. */
	if (utf8_valid(t[1], NULL) && str_find_char(t[1], '\0') == STR_NONE) {
		check_eql_means(t[1]);
		check_kql_means(t[1]);
	}
	arena_fini(&mem);
	return 0;
}
