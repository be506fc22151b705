/*
 * exceptions: what an exception list would take away, by its items as queries of our own engine.
 */
#include "exceptions.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

/* A rule for what can be evaluated and has not ended, else NULL. */
static struct rule *compile(struct handoff_item *item, int64_t now)
{
	AUTO(buf_fini) struct buf query = {0};
	struct err err = {0};
	if (item->not_evaluated.n || (item->expires != WHEN_NONE && item->expires <= now))
		return NULL;
	buf_c(&query, "any where ");
	handoff_tests_eql(item->tests, item->n, &query);
	struct rule *rule = rule_new_eql(buf_str(&query), NULL, &err);
	if (!rule)
		item->not_evaluated = STR("our engine does not take it");
	return rule;
}

bool exceptions_load(struct exceptions *x, const char *path, int64_t now, struct err *err)
{
	AUTO(buf_fini) struct buf text = {0};
	x->path = path;
	if (!file_read(path, &text, err) ||
		!handoff_exceptions_read(buf_str(&text), &x->mem, &x->items, err))
		return err_where(err, path, 0, 0);
	x->v = mem_array(x->items.n, sizeof(*x->v));
	for (size_t i = 0; i < x->items.n; i++) {
		struct exception *e = &x->v[i];
		e->item = x->items.v[i];
		e->rule = compile(&e->item, now);
		e->run = e->rule ? rule_run_new(e->rule) : NULL;
		e->ended = !e->rule && !e->item.not_evaluated.n;
	}
	return true;
}

void exceptions_fini(struct exceptions *x)
{
	for (size_t i = 0; x->v && i < x->items.n; i++) {
		rule_run_free(x->v[i].run);
		rule_free(x->v[i].rule);
	}
	free(x->v);
	arena_fini(&x->mem);
}

/* Every item is asked, so that each can say how many it takes. */
const struct handoff_item *exceptions_take(struct exceptions *x, const struct json *ecs)
{
	const struct handoff_item *first = NULL;
	for (size_t i = 0; i < x->items.n; i++) {
		struct exception *e = &x->v[i];
		if (!e->run || !rule_match(e->rule, e->run, ecs))
			continue;
		e->taken++;
		first = first ? first : &e->item;
	}
	x->asked++;
	x->taken += first != NULL;
	return first;
}

static void exceptions_say(
	const struct exceptions *x, const struct exception *e, const char *how, struct str why)
{
	AUTO(buf_fini) struct buf text = {0};
	buf_fmt(&text, "%s: item %zu, ", x->path, (size_t)(e - x->v) + 1);
	utf8_visible(&text, e->item.name, false);
	buf_fmt(&text, ": %s%.*s", how, STR_ARG(why));
	fprintf(stderr, "s3triage: %s\n", buf_cstr(&text));
}

/* What was cut on its way takes away less than its maker saw. 1 when items are missing for certain. */
static size_t say_missing(const struct exceptions *x, bool quiet)
{
	const struct handoff_items *items = &x->items;
	bool fewer = items->said >= 0 && (uint64_t)items->said != items->n;
	if (fewer)
		fprintf(stderr, "s3triage: %s: its last line says %lld item%s, and it holds %zu: some of it is"
			" missing\n", x->path, (long long)items->said, plural((uint64_t)items->said), items->n);
	else if (items->said < 0 && (!quiet || !items->n))
		fprintf(stderr, "s3triage: %s: warning: it holds %zu item%s and no last line that says how many"
			" there are: it may have been cut\n", x->path, items->n, plural(items->n));
	else if (!items->n && !quiet)
		fprintf(stderr, "s3triage: %s: warning: it holds no item and takes nothing away\n", x->path);
	return fewer || (items->said < 0 && !items->n);
}

size_t exceptions_report(const struct exceptions *x, bool quiet)
{
	size_t not_evaluated = 0, missing = say_missing(x, quiet);
	for (size_t i = 0; i < x->items.n; i++) {
		const struct exception *e = &x->v[i];
		not_evaluated += e->item.not_evaluated.n > 0;
		if (e->item.not_evaluated.n)
			exceptions_say(x, e, "cannot be evaluated: ", e->item.not_evaluated);
		else if (e->ended && !quiet)
			exceptions_say(x, e, "has ended and takes nothing", STR(""));
		else if (!e->taken && !quiet)
			exceptions_say(x, e, "takes none of these", STR(""));
	}
	if (!quiet)
		fprintf(stderr, "%zu of %zu would be taken away by the %zu item%s of %s\n", x->taken, x->asked,
			x->items.n, plural(x->items.n), x->path);
	return not_evaluated + missing;
}
