/*
 * eql_tokens: looking at the next token and taking it.
 */
#include "eql_parse_priv.h"

const struct eql_token *parse_look(const struct parser *ps)
{
	return &ps->v[ps->at];
}

const struct eql_token *parse_take(struct parser *ps)
{
	const struct eql_token *t = parse_look(ps);
	if (t->kind != TOK_END)
		ps->at++;
	return t;
}

bool parse_is_mark(const struct parser *ps, const char *mark)
{
	return parse_look(ps)->kind == TOK_MARK && str_is(parse_look(ps)->text, mark);
}

bool parse_is_word(const struct parser *ps, const char *keyword)
{
	return parse_look(ps)->kind == TOK_KEYWORD && str_is(parse_look(ps)->text, keyword);
}

bool parse_take_mark(struct parser *ps, const char *mark)
{
	return parse_is_mark(ps, mark) && parse_take(ps);
}

bool parse_take_word(struct parser *ps, const char *keyword)
{
	return parse_is_word(ps, keyword) && parse_take(ps);
}

bool parse_expected(struct parser *ps, const char *what)
{
	const struct eql_token *t = parse_look(ps);
	if (t->kind == TOK_END)
		return eql_fail(ps->cx, t->from, "expected %s, found the end of the query", what);
	struct str seen = str_sub(ps->cx->text, t->from, t->to);
	const char *dots = seen.n > 60 ? "..." : "";
	seen = str_sub(seen, 0, 60);
	if (t->kind == TOK_MARK && str_is(t->text, "="))
		return eql_fail(ps->cx, t->from,
			"= is no comparison; equality is written ==, or : to ignore case");
	if (t->kind == TOK_KEYWORD)
		return eql_fail(ps->cx, t->from,
			"expected %s, found the keyword %.*s; a field of that name is written `%.*s`",
			what, STR_ARG(seen), STR_ARG(t->text));
	return eql_fail(ps->cx, t->from, "expected %s, found %.*s%s", what, STR_ARG(seen), dots);
}

bool parse_need_mark(struct parser *ps, const char *mark, const char *what)
{
	return parse_take_mark(ps, mark) || parse_expected(ps, what);
}

size_t parse_end(const struct parser *ps)
{
	return ps->at ? ps->v[ps->at - 1].to : 0;
}
