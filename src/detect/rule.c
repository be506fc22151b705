/*
 * rule: a rule's life, and the question asked of it.
 */
#include "rule_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/builtin/builtin.h"

#include <stdlib.h>

struct rule *rule_new_json(const struct json *object, const char *file, struct err *err)
{
	struct rule_own *o = rule_own_new();
	struct rule_place place = {.file = file};
	if (rule_read(o, object, &place, err))
		return &o->facts;
	rule_free(&o->facts);
	return NULL;
}

struct rule *rule_new_eql(struct str query, const char *category_field, struct err *err)
{
	struct rule_own *o = rule_own_new();
	struct rule *r = &o->facts;
	r->name = r->rule_id = STR("eql query");
	r->type = r->language_name = STR("eql");
	r->language = RULE_EQL;
	r->query = arena_str(&o->mem, query);
	r->event_category_override = arena_str(&o->mem, str_c(category_field));
	struct rule_place place = {0};
	if (err)
		err->code = ERR_NONE;
	if (rule_compile(o, &place, err)) {
		if (r->engine)
			return r;
		/* Again, for the place: what is not run loads, so its error was not kept. */
		const struct eql_options options = {.category_field = category_field};
		eql_free(eql_compile(query, &options, err));
	}
	rule_free(r);
	return NULL;
}

struct rule *rule_builtin(void)
{
	struct rule *r = rule_new_toml(builtin_rule(), "the built-in rule", NULL);
	if (!r)
		abort(); /* it is part of the program: a test loads it */
	return r;
}

static const size_t FILE_MAX = (size_t)64 << 20;

struct taken {
	struct rule *rule;
	struct err *err;
};

static bool take_first(void *arg, struct rule *rule, const struct err *problem)
{
	struct taken *t = arg;
	t->rule = rule;
	if (!rule && t->err)
		*t->err = *problem;
	return false;
}

struct rule *rule_load(const char *path, struct err *err)
{
	struct taken t = {NULL, err};
	AUTO(buf_fini) struct buf text;
	buf_init(&text, FILE_MAX);
	bool ok = file_read(path, &text, err) && rule_text_load(buf_str(&text), path, true,
		&(struct rule_taker){take_first, &t, NULL}, err);
	return ok ? t.rule : NULL;
}

bool rule_load_all(const char *path, rule_each_fn each, void *arg, struct err *err)
{
	return rule_take_all(path, &(struct rule_taker){each, arg, NULL}, err);
}

bool rule_take_all(const char *path, const struct rule_taker *to, struct err *err)
{
	AUTO(buf_fini) struct buf text;
	buf_init(&text, FILE_MAX);
	return file_read(path, &text, err) && rule_text_load(buf_str(&text), path, false, to, err);
}

const char *rule_kind(const struct rule *r)
{
	static const struct {
		const char *type, *kind, *not_run;
	} kinds[] = {
		{"eql", "eql", "eql sequence (not run)"},
		{"query", "kuery", "lucene (not run)"},
		{"saved_query", "kuery saved query", "saved query (not run)"},
		{"new_terms", "kuery new_terms", "lucene new_terms (not run)"},
		{"threshold", "kuery threshold", "lucene threshold (not run)"},
		{"threat_match", "kuery threat_match", "threat_match (not run)"},
		{"esql", "esql", "esql (not run)"},
		{"machine_learning", "machine learning", "machine learning (not run)"},
	};
	bool nested = r->language == RULE_KQL && r->not_run.n && r->query.n;
	if (nested && !str_is(r->type, "threat_match"))
		return "kuery nested (not run)";
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_is(r->type, kinds[i].type))
			return r->not_run.n ? kinds[i].not_run : kinds[i].kind;
	return "unknown";
}

struct rule_run {
	struct eql_run *eql;
};

struct rule_run *rule_run_new(const struct rule *r)
{
	if (!r->engine)
		return NULL;
	struct rule_run *run = mem_alloc(sizeof(*run));
	if (r->engine->eql)
		run->eql = eql_run_new(r->engine->eql);
	return run;
}

void rule_run_free(struct rule_run *run)
{
	if (!run)
		return;
	eql_run_free(run->eql);
	free(run);
}

bool rule_match(const struct rule *r, struct rule_run *run, const struct json *ecs)
{
	if (!r->engine)
		return false;
	if (r->engine->eql)
		return eql_match(r->engine->eql, run->eql, ecs);
	struct rule_document document = {ecs, r->engine->ignore_above};
	struct kql_subject subject = rule_subject(&document);
	return kql_match(r->engine->kql, &subject);
}

const char *rule_run_fault(const struct rule_run *run)
{
	return run && run->eql ? eql_run_fault(run->eql) : NULL;
}

void rule_ignore_above(struct rule *r, size_t units)
{
	if (!r->engine)
		return;
	r->engine->ignore_above = units;
	if (r->engine->eql)
		eql_ignore_above(r->engine->eql, units);
}

size_t rule_literals(const struct rule *r, struct str *out, size_t cap)
{
	if (!r->engine)
		return 0;
	return r->engine->eql ? eql_literals(r->engine->eql, out, cap)
			      : kql_literals(r->engine->kql, out, cap);
}

void rule_pipes(const struct rule *r, size_t n, size_t *first, size_t *count)
{
	*first = 0;
	*count = n;
	if (r->engine && r->engine->eql)
		eql_pipes(r->engine->eql, n, first, count);
}

void rule_explain(const struct rule *r, const struct json *ecs, struct buf *out)
{
	if (!r->engine) {
		buf_fmt(out, "not run: %.*s\n", STR_ARG(r->not_run));
		return;
	}
	struct rule_document document = {ecs, r->engine->ignore_above};
	struct kql_subject subject = rule_subject(&document);
	if (r->engine->eql)
		eql_explain(r->engine->eql, ecs, out);
	else
		kql_explain(r->engine->kql, &subject, out);
}

size_t rule_field_count(const struct rule *r)
{
	if (!r->engine)
		return 0;
	return r->engine->eql ? eql_field_count(r->engine->eql) : kql_field_count(r->engine->kql);
}

struct str rule_field(const struct rule *r, size_t i)
{
	if (!r->engine)
		return (struct str){0};
	return r->engine->eql ? eql_field(r->engine->eql, i) : kql_field(r->engine->kql, i);
}

struct str rule_required(const struct rule *r, const char *field)
{
	if (!r->engine)
		return (struct str){0};
	return r->engine->eql ? eql_required(r->engine->eql, field)
			      : kql_required(r->engine->kql, field);
}
