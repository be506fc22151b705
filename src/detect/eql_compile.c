/*
 * eql_compile: the outside of the engine: compiling a query, running it, its pipes and fields.
 */
#include "eql_priv.h"
#include "eql_regex_priv.h"

#include <stdlib.h>
#include <string.h>

void eql_free(struct eql *q)
{
	if (!q)
		return;
	for (size_t i = 0; i < q->n_regexes; i++)
		eql_regex_free(q->regexes[i]);
	free(q->regexes);
	free(q->fields);
	free(q->asked);
	arena_fini(&q->mem);
	free(q);
}

static bool eql_compile_compile(struct eql_ctx *cx, struct eql *q)
{
	if (!eql_parse(cx, &q->query) || !eql_check_condition(cx, q->query.root))
		return false;
	q->query.root = eql_fold(cx, q, q->query.root);
	if (!q->query.root || !eql_bind_condition(cx, q, q->query.root))
		return false;
	for (size_t i = 0; i < q->n_fields; i++)
		q->fields[i] = arena_str(&q->mem, q->fields[i]);
	return true;
}

struct eql *eql_compile(struct str query, const struct eql_options *options, struct err *err)
{
	struct eql *q = mem_alloc(sizeof(*q));
	struct eql_ctx cx = {.mem = &q->mem, .options = options, .err = err};
	const char *category = options && options->category_field ? options->category_field :
		"event.category";
	q->fields = mem_array(EQL_FIELDS_MAX, sizeof(*q->fields));
	q->asked = mem_array(EQL_FIELDS_MAX, sizeof(*q->asked));
	q->fields[q->n_fields++] = str_c(category);
	q->text = cx.text = arena_str(&q->mem, str_sub(query, 0, EQL_QUERY_MAX + 1));
	if (eql_compile_compile(&cx, q))
		return q;
	eql_free(q);
	return NULL;
}

struct eql_run *eql_run_new(const struct eql *q)
{
	struct eql_run *run = mem_alloc(sizeof(*run));
	run->q = q;
	run->slots = mem_array(q->n_fields, sizeof(*run->slots));
	run->vars = mem_array(q->max_vars + 1, sizeof(*run->vars));
	run->digits = mem_array(q->max_vars + 1, sizeof(*run->digits));
	if (q->n_regexes)
		run->regex = eql_regex_run_new();
	return run;
}

void eql_run_free(struct eql_run *run)
{
	if (!run)
		return;
	for (size_t i = 0; i < run->q->n_fields; i++)
		free(run->slots[i].v);
	free(run->slots);
	free(run->vars);
	free(run->digits);
	eql_regex_run_free(run->regex);
	arena_fini(&run->made);
	free(run);
}

bool eql_match(const struct eql *q, struct eql_run *run, const struct json *doc)
{
	eql_run_document(run, doc);
	bool matched = eql_test_category(run) && eql_test(run, q->query.root);
	return matched && !run->fault;
}

const char *eql_run_fault(const struct eql_run *run)
{
	return run->fault;
}

void eql_pipes(const struct eql *q, size_t n, size_t *first, size_t *count)
{
	*first = 0;
	*count = n;
	for (size_t i = 0; i < q->query.n_pipes; i++) {
		const struct eql_pipe *p = &q->query.pipes[i];
		if (p->n >= *count)
			continue;
		if (p->tail)
			*first += *count - p->n;
		*count = p->n;
	}
}

size_t eql_field_count(const struct eql *q)
{
	return q->n_fields - 1;
}

struct str eql_field(const struct eql *q, size_t i)
{
	return q->fields[i + 1];
}

bool eql_field_optional(const struct eql *q, size_t i)
{
	return !q->asked[i + 1];
}

struct str eql_category_field(const struct eql *q)
{
	return q->query.any ? (struct str){0} : q->fields[0];
}

void eql_ignore_above(struct eql *q, size_t units)
{
	q->ignore_above = units;
}
