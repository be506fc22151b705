/*
 * rule: check reads rule files and sums them up by kind; explain shows which leaf of the query
 * decided, for one alert or for every document of a source.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/event/json.h"
#include "s3triage/detect/lint.h"
#include "s3triage/event/ecs.h"

#include <stdlib.h>
#include <string.h>

enum { KINDS_MAX = 64 };

struct check {
	const char *kinds[KINDS_MAX];
	size_t counts[KINDS_MAX];
	size_t n_kinds, rules, bad;
	const char *file;
	bool json;
};

static void count_kind(struct check *c, const char *kind)
{
	size_t i = 0;
	while (i < c->n_kinds && strcmp(c->kinds[i], kind) != 0)
		i++;
	if (i == KINDS_MAX)
		return;
	if (i == c->n_kinds)
		c->kinds[c->n_kinds++] = kind;
	c->counts[i]++;
}

static void print_rule(const struct check *c, const struct rule *r)
{
	AUTO(buf_fini) struct buf line = {0};
	struct members m = members_open(&line, '{');
	member_text(&m, "file", str_c(c->file));
	member_text(&m, "rule_id", r->rule_id);
	member_text(&m, "name", r->name);
	member_text(&m, "kind", str_c(rule_kind(r)));
	member_bool(&m, "runs", r->engine);
	member_open(&m, "not_evaluated", '[');
	for (size_t i = 0; i < r->not_evaluated.n; i++)
		member_text(&m, NULL, r->not_evaluated.v[i]);
	print_members(&m);
}

static void warn_rule(const struct check *c, const struct rule *r)
{
	struct buf lines = {0}, place = {0};
	for (size_t i = 0; r->engine && i < r->not_evaluated.n; i++)
		buf_fmt(&lines, "not evaluated here: %.*s\n", STR_ARG(r->not_evaluated.v[i]));
	if (field_lint_known(r, &lines) || lines.n) {
		buf_fmt(&place, "%s: ", c->file);
		utf8_visible(&place, str_sub(r->name, 0, 200), false);
		lint_lines(buf_str(&lines), buf_cstr(&place));
	}
	buf_fini(&lines);
	buf_fini(&place);
}

static bool take_rule(void *arg, struct rule *r, const struct err *problem)
{
	struct check *c = arg;
	if (!r) {
		cli_fail(problem);
		c->bad++;
		return true;
	}
	c->rules++;
	count_kind(c, rule_kind(r));
	warn_rule(c, r);
	if (c->json)
		print_rule(c, r);
	rule_free(r);
	return true;
}

static void tell_fault(void *arg, const struct err *err)
{
	(void)arg;
	cli_fail(err);
}

static int verb_rule_check(const struct cli *cli)
{
	struct check c = {.json = cli->text[OPT_JSON] != NULL};
	const struct err_more more = {tell_fault, NULL};
	if (cli->n_words < 2)
		return cli_usage("rule check takes rule files");
	for (size_t i = 1; i < cli->n_words; i++) {
		struct err err = {0};
		size_t before = c.bad;
		c.file = cli->words[i];
		if (!rule_take_all(c.file, &(struct rule_taker){take_rule, &c, &more}, &err) && c.bad == before) {
			cli_fail(&err);
			c.bad++;
		}
	}
	FILE *out = c.json ? stderr : stdout;
	for (size_t i = 0; i < c.n_kinds; i++)
		fprintf(out, "%6zu  %s\n", c.counts[i], c.kinds[i]);
	fprintf(out, "%6zu  rule%s in %zu file%s, %zu bad\n", c.rules, plural(c.rules),
		cli->n_words - 1, plural(cli->n_words - 1), c.bad);
	if (c.bad)
		return c.rules ? EXIT_BAD_INPUT : EXIT_FAILED;
	return EXIT_FINE;
}

static void print_explanation_json(struct str title, bool matched, struct str tree)
{
	AUTO(buf_fini) struct buf out = {0};
	struct members m = members_open(&out, '{');
	member_text(&m, "document", title);
	member_bool(&m, "matched", matched);
	member_text(&m, "explanation", tree);
	print_members(&m);
}

/* One document against the rule. */
static void print_explanation(const struct session *s, const struct json *ecs, struct str title,
	bool as_json)
{
	struct buf tree = {0}, shown = {0};
	rule_explain(s->desk.rule, ecs, &tree);
	if (as_json) {
		struct rule_run *run = rule_run_new(s->desk.rule);
		print_explanation_json(title, rule_match(s->desk.rule, run, ecs), buf_str(&tree));
		rule_run_free(run);
	} else {
		utf8_visible(&shown, title, false);
		buf_char(&shown, '\n');
		utf8_visible(&shown, buf_str(&tree), true);
		puts(buf_cstr(&shown));
	}
	buf_fini(&tree);
	buf_fini(&shown);
}

static int explain_alert(struct session *s, const struct cli *cli, row_id r)
{
	struct err err = {0};
	struct buf raw = {0};
	enum event_shape shape;
	struct json *record = NULL, *ecs = NULL;
	bool ok = store_raw(s->desk.store, r, &raw, &err) &&
		  (record = json_parse(buf_str(&raw), &err)) != NULL &&
		  (ecs = event_to_ecs(record, &shape, &err)) != NULL;
	if (ok)
		print_explanation(s, ecs, store_alert(s->desk.store, r)->id, cli->text[OPT_JSON] != NULL);
	json_free(ecs);
	json_free(record);
	buf_fini(&raw);
	return ok ? session_exit(s) : cli_fail(&err);
}

/* Which documents are explained, and how many were. */
struct explaining {
	struct str event; /* only events with this id, or this start of one; empty: all */
	struct field_lint *lint;
	bool as_json;
	size_t n;
};

static bool is_asked_for(const struct explaining *x, struct str event_id)
{
	return x->event.n == 0 || str_eq(event_id, x->event) ||
		(x->event.n >= START_MIN && str_starts(event_id, x->event));
}

static void explain_batch(struct session *s, struct explaining *x, const struct scan_batch *batch)
{
	for (size_t i = 0; i < batch->n_matches; i++) {
		const struct scan_match *m = &batch->matches[i];
		if (!is_asked_for(x, m->alert.event_id))
			continue;
		struct json *ecs AUTO(json_free_ptr) = json_parse(m->ecs, NULL);
		struct buf title = {0};
		field_lint_see(x->lint, ecs);
		buf_fmt(&title, "%.*s:%lu %.*s", STR_ARG(m->place.path), m->place.line,
			STR_ARG(m->alert.event_id));
		print_explanation(s, ecs, buf_str(&title), x->as_json);
		buf_fini(&title);
		x->n++;
	}
	if (!x->event.n) /* else they were told when the alerts were looked for */
		report_problems(s, batch);
}

static void explain_lint(const struct field_lint *lint, const struct cli *cli)
{
	struct buf lines = {0};
	if (!cli->text[OPT_QUIET])
		field_lint_tell(lint, 0, &lines);
	lint_lines(buf_str(&lines), NULL);
	buf_fini(&lines);
}

/* Every document is explained, matched or not. */
static bool explain_scan(struct session *s, const struct cli *source, struct explaining *x,
	struct err *err)
{
	struct scan_batch batch;
	if (!scan_documents(s, source, NULL, true, err))
		return false;
	while (scan_wait(s->scan)) {
		while (scan_take(s->scan, &batch)) {
			explain_batch(s, x, &batch);
			arena_fini(&batch.mem);
		}
	}
	return true;
}

static int explain_source(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	struct cli source = *cli;
	source.sources = cli->words + 1;
	source.n_sources = cli->n_words - 1;
	struct explaining x = {.lint = field_lint_new(s->desk.rule), .as_json = cli->text[OPT_JSON] != NULL};
	bool ok = explain_scan(s, &source, &x, &err);
	if (ok)
		explain_lint(x.lint, cli);
	field_lint_free(x.lint);
	return ok ? session_exit(s) : cli_fail(&err);
}

/* An alert, else an event that the rule does not match: which part of it failed? */
static int explain_id(struct session *s, const struct cli *cli)
{
	struct err why = {0}, err = {0};
	row_id r = session_find(s, cli, cli->words[1], &why);
	if (r != ROW_NONE)
		return explain_alert(s, cli, r);
	if (why.code == ERR_USAGE)
		return cli_fail(&why); /* several alerts */
	scan_free(s->scan);
	s->scan = NULL;
	scan_options_fini(s);
	struct explaining x = {.event = str_c(cli->words[1]), .lint = field_lint_new(s->desk.rule),
		.as_json = cli->text[OPT_JSON] != NULL};
	bool ok = explain_scan(s, cli, &x, &err);
	field_lint_free(x.lint);
	if (!ok)
		return cli_fail(&err);
	return x.n ? session_exit(s) : cli_fail(&why);
}

static int verb_rule_explain(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	bool sources = cli->n_sources || cli->text[OPT_DEMO];
	if (!session_init(s, cli, cli->verb->opens | (sources ? WANT_SCAN : 0), &err))
		return cli_fail(&err);
	if (!sources)
		return explain_source(s, cli);
	return session_load(s, cli, &err) ? explain_id(s, cli) : cli_fail(&err);
}

static int verb_rule(struct cli *cli)
{
	const char *what = cli->n_words ? cli->words[0] : "";
	if (strcmp(what, "check") == 0)
		return verb_rule_check(cli);
	if (strcmp(what, "explain") != 0 || cli->n_words < 2)
		return cli_usage("rule takes `check FILE...` or `explain --rule FILE ID|SOURCE`");
	struct session s = {0};
	int code = verb_rule_explain(&s, cli);
	session_fini(&s);
	return code;
}

const struct verb_row rule_verb = {
	.name = "rule",
	.synopsis = "check FILE... | explain --rule FILE ID|SOURCE",
	.help = "check rules, explain a match",
	.example = "s3triage rule explain ID --from logs/",
	.run = verb_rule,
	TAKES(EVENT_OPTIONS, OPT_JSON, OPT_EQL, OPT_CATEGORY),
	PARTS(PART("explain", OPT_FROM, OPT_DEMO, OPT_RULE, OPT_EQL, OPT_CATEGORY, OPT_SINCE, OPT_UNTIL,
		OPT_LIMIT, OPT_IGNORE_ABOVE, OPT_THREADS, OPT_LIST_SKIPPED, OPT_INSECURE), {"check", NULL}),
	.opens = WANT_RULE,
	.words = 2,
};
