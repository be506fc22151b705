/*
 * filter: the filter bar's text, compiled once; a row asked many times. KQL itself is detect's;
 * here are its columns. Owns the compiled query.
 */
#include "s3triage/alert/filter.h"

#include "s3triage/alert/fact.h"
#include "s3triage/base/mem.h"
#include "s3triage/detect/kql.h"

#include <stdlib.h>

struct filter {
	struct kql *query;
	int64_t now;
	const struct fact **facts; /* one for each field of the query; NULL: bare words */
	size_t n;
};

static bool find_facts(struct filter *f, struct err *err)
{
	f->n = kql_field_count(f->query);
	f->facts = mem_array(f->n, sizeof(*f->facts));
	for (size_t i = 0; i < f->n; i++) {
		struct str name = kql_field(f->query, i), shown = str_sub(name, 0, 60);
		if (str_is(name, "*"))
			continue;
		f->facts[i] = fact_find(name);
		if (f->facts[i])
			continue;
		struct str near = fact_guess(name);
		if (near.n)
			return err_set(err, ERR_PARSE, "there is no column \"%.*s\"; did you mean"
				" %.*s?", STR_ARG(shown), STR_ARG(near));
		return err_set(err, ERR_PARSE, "there is no column \"%.*s\"", STR_ARG(shown));
	}
	return true;
}

static enum kql_type type_of(struct str field)
{
	const struct fact *c = fact_find(field);
	enum fact_type type = c ? c->type : FACT_TEXT;
	return type == FACT_TIME ? KQL_TIME : type == FACT_INT ? KQL_NUMBER : KQL_TEXT;
}

struct filter *filter_compile(struct str text, int64_t now, struct err *err)
{
	const struct kql_options options = {.fold_case = true, .words = true, .contains = true,
		.type = type_of, .now = now};
	struct kql *query = kql_compile(text, &options, err);
	if (!query)
		return NULL;
	struct filter *f = mem_alloc(sizeof(*f));
	f->query = query;
	f->now = now;
	if (find_facts(f, err))
		return f;
	filter_free(f);
	return NULL;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	kql_free(f->query);
	free(f->facts);
	free(f);
}

struct asked {
	const struct filter *f;
	struct fact_row row;
};

/* The fields that the query asks for are its own slices: most are found by their address. */
static const struct fact *asked_fact(const struct filter *f, struct str field)
{
	for (size_t i = 0; i < f->n; i++)
		if (kql_field(f->query, i).p == field.p)
			return f->facts[i];
	return fact_find(field);
}

static bool row_values(const void *ctx, struct str field, fact_each each, void *arg)
{
	const struct asked *a = ctx;
	if (str_is(field, "*"))
		return fact_in_words(&a->row, each, arg);
	const struct fact *c = asked_fact(a->f, field);
	return c && fact_values(c, &a->row, each, arg);
}

bool filter_match(const struct filter *f, const struct store *s, row_id r)
{
	const struct asked a = {f, {store_alert(s, r), store_decision(s, r), f->now, store_now(s, r),
		store_signals(s, r)}};
	const struct kql_subject subject = {&a, row_values};
	return kql_match(f->query, &subject);
}
