/*
 * eql_parse: statements: event queries with their pipes; sequences, samples and joins, which are
 * read to the end so that a spelling mistake in them is told first, and then refused.
 */
#include "eql_parse_priv.h"

#include <stdlib.h>

/* category where condition */
static bool parse_event(struct parser *ps, struct eql_query *out)
{
	const struct eql_token *t = parse_look(ps);
	out->any = parse_take_word(ps, "any");
	if (!out->any) {
		if (t->kind != TOK_IDENT && t->kind != TOK_STRING)
			return parse_expected(ps, "an event category or any");
		out->category = parse_take(ps)->text;
	}
	if (!parse_take_word(ps, "where"))
		return parse_expected(ps, "where");
	out->root = parse_condition(ps);
	return out->root;
}

static bool parse_keys(struct parser *ps)
{
	do {
		if (!parse_sum(ps))
			return false;
	} while (parse_take_mark(ps, ","));
	return true;
}

static bool parse_maxspan(struct parser *ps)
{
	if (!parse_take_word(ps, "maxspan"))
		return parse_expected(ps, "maxspan");
	if (!parse_need_mark(ps, "=", "= after maxspan"))
		return false;
	const struct eql_token *number = parse_look(ps);
	if (number->kind != TOK_INTEGER)
		return parse_expected(ps, "a time span in whole numbers, such as 5m");
	parse_take(ps);
	if (parse_look(ps)->kind != TOK_IDENT)
		return parse_expected(ps, "a unit of time: ms, s, m, h or d");
	struct str unit = parse_look(ps)->text;
	if (!str_is(unit, "ms") && !str_is(unit, "s") && !str_is(unit, "m") && !str_is(unit, "h") &&
		!str_is(unit, "d"))
		return parse_expected(ps, "a unit of time: ms, s, m, h or d");
	parse_take(ps);
	return true;
}

static bool parse_runs(struct parser *ps)
{
	if (!str_is(parse_look(ps)->text, "runs"))
		return parse_expected(ps, "runs");
	parse_take(ps);
	if (!parse_need_mark(ps, "=", "= after runs"))
		return false;
	if (parse_look(ps)->kind != TOK_INTEGER)
		return parse_expected(ps, "how many runs");
	parse_take(ps);
	return true;
}

/* [category where condition] by keys with runs=N */
static bool parse_term(struct parser *ps)
{
	struct eql_query ignored = {0};
	if (!parse_take_mark(ps, "![") && !parse_need_mark(ps, "[", "[ and an event query"))
		return false;
	if (!parse_event(ps, &ignored) || !parse_need_mark(ps, "]", "] after the event query"))
		return false;
	if (parse_take_word(ps, "by") && !parse_keys(ps))
		return false;
	return !parse_take_word(ps, "with") || parse_runs(ps);
}

static bool at_term(const struct parser *ps)
{
	return parse_is_mark(ps, "[") || parse_is_mark(ps, "![");
}

static bool parse_sequence_head(struct parser *ps)
{
	for (;;) {
		if (parse_take_word(ps, "by")) {
			if (!parse_keys(ps))
				return false;
		} else if (parse_take_word(ps, "with")) {
			if (!parse_maxspan(ps))
				return false;
		} else {
			return true;
		}
	}
}

static bool parse_sequence(struct parser *ps)
{
	const struct eql_token *start = parse_take(ps);
	if (!parse_sequence_head(ps))
		return false;
	do {
		if (!parse_term(ps))
			return false;
	} while (at_term(ps));
	if (parse_take_word(ps, "until") && !parse_term(ps))
		return false;
	if (parse_look(ps)->kind != TOK_END && !parse_is_mark(ps, "|"))
		return parse_expected(ps, "[ and another event query");
	eql_fail(ps->cx, start->from, "%.*s queries are not supported, only event queries: "
		"a %.*s needs the state of many events", STR_ARG(start->text), STR_ARG(start->text));
	if (ps->cx->err)
		ps->cx->err->code = ERR_INPUT; /* well written, but not for us */
	return false;
}

static bool parse_pipe(struct parser *ps, struct eql_pipe *out)
{
	const struct eql_token *name = parse_look(ps);
	if (name->kind != TOK_IDENT)
		return parse_expected(ps, "head or tail");
	out->tail = str_is(name->text, "tail");
	if (!out->tail && !str_is(name->text, "head"))
		return eql_fail(ps->cx, name->from,
			"Unknown pipe [%.*s]; the pipes are head and tail", STR_ARG(name->text));
	parse_take(ps);
	const struct eql_token *count = parse_look(ps);
	int64_t n;
	if (count->kind != TOK_INTEGER || !str_int(count->text, &n))
		return parse_expected(ps, "how many events");
	parse_take(ps);
	out->n = (size_t)n;
	return true;
}

enum { PIPES_MAX = 64 };

static bool parse_pipes(struct parser *ps, struct eql_query *out)
{
	out->pipes = arena_array(ps->cx->mem, PIPES_MAX, sizeof(*out->pipes));
	while (parse_take_mark(ps, "|")) {
		if (out->n_pipes == PIPES_MAX)
			return parse_expected(ps, "no more than 64 pipes");
		if (!parse_pipe(ps, &out->pipes[out->n_pipes++]))
			return false;
	}
	return parse_look(ps)->kind == TOK_END ||
		parse_expected(ps, "and, or, | or the end of the query");
}

static bool parse_statement(struct parser *ps, struct eql_query *out)
{
	if (parse_is_word(ps, "sequence") || parse_is_word(ps, "sample") || parse_is_word(ps, "join"))
		return parse_sequence(ps);
	return parse_event(ps, out) && parse_pipes(ps, out);
}

bool eql_parse(struct eql_ctx *cx, struct eql_query *out)
{
	*out = (struct eql_query){0};
	if (cx->text.n > EQL_QUERY_MAX)
		return eql_fail(cx, 0, "a query of %zu bytes; %zu is the limit", cx->text.n, EQL_QUERY_MAX);
	AUTO(eql_tokens_fini) struct eql_tokens tokens = {0};
	if (!eql_lex(cx, &tokens))
		return false;
	struct parser ps = {.cx = cx, .v = tokens.v};
	bool ok = parse_statement(&ps, out);
	free(ps.stack);
	return ok;
}
