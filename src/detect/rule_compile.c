/*
 * rule_compile: a rule's query as something that can be run, or the reason why it cannot.
 */
#include "rule_priv.h"

#include "s3triage/base/lines.h"
#include "s3triage/base/utf8.h"

#include <stdio.h>
#include <string.h>

/* The line ends with the quotes that open a multi-line string: they are its first. */
static bool opens_at_end(struct str line, struct str quotes)
{
	size_t at = str_find(line, quotes);
	return at != STR_NONE && at + quotes.n == line.n;
}

/* A multi-line string's text begins on the next line when its quotes end theirs. */
static unsigned long rule_text_line(const struct rule_place *place, const char *key)
{
	unsigned long line = toml_line(toml_get(place->table, key));
	struct str rest = place->text, found = {0};
	for (unsigned long i = 0; i < line && rest.n; i++)
		found = str_cut(&rest, '\n');
	found = str_trim(found);
	return line + (opens_at_end(found, STR("'''")) || opens_at_end(found, STR("\"\"\"")));
}

/* The column in the file, where the query's first line is written out on its key's line: with an
 * escape in it, it is not, and the column stays that of the query, as does the excerpt. */
static void shift_column(const struct rule_place *place, struct str query, struct err *own)
{
	unsigned long key_line = toml_line(toml_get(place->table, "query"));
	struct str rest = place->text, line = {0}, first = {0};
	for (unsigned long i = 0; i < key_line && lines_next(&rest, &line); i++)
		;
	lines_next(&query, &first);
	struct str value = line;
	str_cut(&value, '=');
	size_t at = value.p ? str_find(value, first) : STR_NONE;
	if (at == STR_NONE || rule_text_line(place, "query") != key_line)
		return;
	struct str before = str_sub(line, 0, line.n - value.n + at);
	while (before.n) {
		utf8_next(&before);
		own->col++;
	}
	snprintf(own->excerpt, sizeof(own->excerpt), "%.*s", STR_ARG(line));
}

/* From a place in the query to one in the TOML file. */
static void place_in_file(const struct rule_place *place, struct str query, struct err *own)
{
	if (!place->table || !own->line)
		return;
	if (own->line == 1)
		shift_column(place, query, own);
	own->line += rule_text_line(place, "query") - 1;
}

static bool not_run(struct rule_own *o, const char *fmt, struct str what)
{
	struct arena *mem = &o->mem;
	o->facts.not_run = what.n ? arena_fmt(mem, "%.*s %s", STR_ARG(what), fmt)
				  : arena_str(mem, str_c(fmt));
	rule_not_evaluated(o, o->facts.not_run);
	return true;
}

/* A query that did not compile: well written but not for us, or wrong. */
static bool rule_compile_refused(struct rule_own *o, const struct rule_place *place,
	const struct err *own, struct err *err)
{
	char line[700];
	if (own->code == ERR_INPUT)
		return not_run(o, err_line(own, line, sizeof(line)), (struct str){0});
	return err_next(place->more, err, own);
}

/* What the compiler tells, on its way to the place in the file. */
struct query_faults {
	const struct rule_place *place;
	struct str query;
	struct err *err;
};

static void tell_in_file(void *arg, const struct err *found)
{
	const struct query_faults *f = arg;
	struct err own = *found;
	place_in_file(f->place, f->query, &own);
	err_next(f->place->more, f->err, &own);
}

static bool compile_eql(struct rule_own *o, const struct rule_place *place, struct err *err)
{
	struct rule *r = &o->facts;
	struct err own = {0};
	struct query_faults faults = {place, r->query, err};
	const struct err_more more = {tell_in_file, &faults};
	struct eql_options options = {.more = place->more ? &more : NULL, .file = place->file,
		.category_field = r->event_category_override.n ? r->event_category_override.p : NULL,
		.line = place->table ? 0 : place->line};
	o->engine.eql = eql_compile(r->query, &options, &own);
	if (o->engine.eql) {
		r->engine = &o->engine;
		return true;
	}
	place_in_file(place, r->query, &own);
	return rule_compile_refused(o, place, &own, err);
}

static bool compile_kql(struct rule_own *o, const struct rule_place *place, struct err *err)
{
	struct kql_options options = {.file = place->file, .free_text = true};
	struct err own = {0};
	o->engine.kql = kql_compile(o->facts.query, &options, &own);
	if (o->engine.kql) {
		o->facts.engine = &o->engine;
		return true;
	}
	place_in_file(place, o->facts.query, &own);
	if (!place->table && place->line)
		own.line = place->line;
	return rule_compile_refused(o, place, &own, err);
}

bool rule_compile(struct rule_own *o, const struct rule_place *place, struct err *err)
{
	struct rule *r = &o->facts;
	if (str_is(r->type, "machine_learning"))
		return not_run(o, "machine learning jobs are not run", (struct str){0});
	if (str_is(r->type, "saved_query") && !r->query.n)
		return not_run(o, "the saved query itself is not in the rule", (struct str){0});
	if (!str_trim(r->query).n && !str_is(r->type, "query"))
		return rule_fail(place, "query", err, "is missing");
	if (str_is(r->type, "threat_match"))
		return not_run(o, "rules are not run: they need the indicators", r->type);
	if (r->language == RULE_OTHER)
		return not_run(o, "queries are not run", r->language_name);
	if (r->language == RULE_EQL)
		return compile_eql(o, place, err);
	return compile_kql(o, place, err);
}
