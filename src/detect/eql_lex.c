/*
 * eql_lex: a query's text as tokens. Knows spelling, nothing of grammar.
 */
#include "eql_priv.h"

#include "s3triage/base/utf8.h"
#include "s3triage/base/vec.h"

#include <stdlib.h>
#include <string.h>

struct lexer {
	struct eql_ctx *cx;
	struct str s;
	size_t at;
	struct eql_tokens *out;
};

static char eql_lex_peek(const struct lexer *lx, size_t ahead)
{
	size_t i = lx->at + ahead;
	return i < lx->s.n ? lx->s.p[i] : '\0';
}

static bool here(const struct lexer *lx, const char *text)
{
	return str_starts(str_sub(lx->s, lx->at, lx->s.n), str_c(text));
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
	return is_letter(c) || c == '_' || c == '@';
}

static bool eql_lex_is_name(char c)
{
	return is_letter(c) || is_digit(c) || c == '_';
}

static struct eql_token *eql_lex_push(
	struct lexer *lx, enum eql_token_kind kind, size_t from, struct str text)
{
	struct eql_tokens *t = lx->out;
	t->v = vec_room(t->v, t->n, &t->cap, sizeof(*t->v));
	t->v[t->n] = (struct eql_token){.kind = kind, .from = from, .to = lx->at, .text = text};
	return &t->v[t->n++];
}

static bool skip_block_comment(struct lexer *lx)
{
	size_t start = lx->at, open = 0;
	do {
		if (here(lx, "/*")) {
			open++;
			lx->at += 2;
		} else if (here(lx, "*/")) {
			open--;
			lx->at += 2;
		} else if (lx->at >= lx->s.n) {
			return eql_fail(lx->cx, start, "this comment is never closed, expected */");
		} else {
			lx->at++;
		}
	} while (open);
	return true;
}

static bool skip_blank(struct lexer *lx)
{
	while (lx->at < lx->s.n) {
		char c = eql_lex_peek(lx, 0);
		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			lx->at++;
		} else if (here(lx, "//")) {
			while (lx->at < lx->s.n && eql_lex_peek(lx, 0) != '\n')
				lx->at++;
		} else if (here(lx, "/*")) {
			if (!skip_block_comment(lx))
				return false;
		} else {
			break;
		}
	}
	return true;
}

static bool is_keyword(struct str s)
{
	static const char *const words[] = {"and", "any", "by", "false", "in", "join", "like",
		"maxspan", "not", "null", "of", "or", "regex", "sample", "sequence", "true",
		"until", "where", "with"};
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_is(s, words[i]))
			return true;
	return false;
}

static void lex_name(struct lexer *lx)
{
	size_t from = lx->at;
	while (eql_lex_is_name(eql_lex_peek(lx, 0)) || lx->at == from)
		lx->at++;
	struct str name = str_sub(lx->s, from, lx->at);
	bool tilde = eql_lex_peek(lx, 0) == '~';
	if (tilde)
		lx->at++;
	bool keyword = is_keyword(name);
	if (tilde && keyword && !str_is(name, "in") && !str_is(name, "like") && !str_is(name, "regex"))
		keyword = false;
	enum eql_token_kind kind = keyword ? TOK_KEYWORD : tilde ? TOK_TILDE : TOK_IDENT;
	eql_lex_push(lx, kind, from, name)->fold = keyword && tilde;
}

static bool lex_number(struct lexer *lx)
{
	size_t from = lx->at;
	bool decimal = false;
	while (is_digit(eql_lex_peek(lx, 0)))
		lx->at++;
	if (eql_lex_peek(lx, 0) == '.') {
		decimal = true;
		lx->at++;
		while (is_digit(eql_lex_peek(lx, 0)))
			lx->at++;
	}
	char e = eql_lex_peek(lx, 0), sign = eql_lex_peek(lx, 1);
	bool signed_exponent = sign == '+' || sign == '-';
	if ((e == 'e' || e == 'E') && is_digit(eql_lex_peek(lx, signed_exponent ? 2 : 1))) {
		decimal = true;
		lx->at += signed_exponent ? 2 : 1;
		while (is_digit(eql_lex_peek(lx, 0)))
			lx->at++;
	}
	eql_lex_push(lx, decimal ? TOK_DECIMAL : TOK_INTEGER, from, str_sub(lx->s, from, lx->at));
	return true;
}

static bool lex_raw_string(struct lexer *lx)
{
	size_t from = lx->at, start = from + 3;
	for (lx->at = start; lx->at < lx->s.n; lx->at++) {
		char c = eql_lex_peek(lx, 0);
		if (c == '\n' || c == '\r')
			break;
		if (!here(lx, "\"\"\""))
			continue;
		for (int extra = 0; extra < 2 && eql_lex_peek(lx, 3) == '"'; extra++)
			lx->at++;
		struct str value = str_sub(lx->s, start, lx->at);
		lx->at += 3;
		eql_lex_push(lx, TOK_STRING, from, value);
		return true;
	}
	return eql_fail(lx->cx, from, "this raw string has no closing \"\"\" on its line");
}

static int eql_lex_hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* At `{` of \u{...}. */
static bool lex_code_point(struct lexer *lx, size_t escape, struct buf *out)
{
	uint32_t cp = 0;
	size_t digits = 0;
	for (lx->at++; eql_lex_hex_digit(eql_lex_peek(lx, 0)) >= 0 && digits < 9;
		lx->at++, digits++)
		cp = cp * 16 + (uint32_t)eql_lex_hex_digit(eql_lex_peek(lx, 0));
	if (eql_lex_peek(lx, 0) != '}' || digits < 2 || digits > 8)
		return eql_fail(lx->cx, escape, "\\u is written \\u{2 to 8 hexadecimal digits}");
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return eql_fail(lx->cx, escape, "\\u{%X} is no Unicode character", cp);
	lx->at++;
	utf8_put(out, cp);
	return true;
}

static bool eql_lex_escape(struct lexer *lx, struct buf *out)
{
	static const char from[] = "btnfr\"'\\", to[] = "\b\t\n\f\r\"'\\";
	size_t escape = lx->at++;
	char c = eql_lex_peek(lx, 0);
	if (c == 'u') {
		lx->at++;
		if (eql_lex_peek(lx, 0) == '{')
			return lex_code_point(lx, escape, out);
		return eql_fail(lx->cx, escape, "\\u is written \\u{2 to 8 hexadecimal digits}");
	}
	const char *known = c ? strchr(from, c) : NULL;
	if (!known)
		return eql_fail(lx->cx, escape, "unknown escape \\%.1s; write \\\\ for a backslash, "
			"or use a raw string \"\"\"...\"\"\"", c > ' ' && c < 127 ? &c : "?");
	buf_char(out, to[known - from]);
	lx->at++;
	return true;
}

static bool lex_string_body(struct lexer *lx, size_t from, struct buf *out)
{
	for (;;) {
		char c = eql_lex_peek(lx, 0);
		if (lx->at >= lx->s.n || c == '\n' || c == '\r')
			return eql_fail(lx->cx, from, "this string has no closing \" on its line");
		if (c == '"')
			return true;
		if (c == '\\') {
			if (!eql_lex_escape(lx, out))
				return false;
			continue;
		}
		buf_char(out, c);
		lx->at++;
	}
}

static bool lex_string(struct lexer *lx)
{
	size_t from = lx->at++;
	AUTO(buf_fini) struct buf text = {0};
	if (!lex_string_body(lx, from, &text))
		return false;
	lx->at++;
	eql_lex_push(lx, TOK_STRING, from, arena_str(lx->cx->mem, buf_str(&text)));
	return true;
}

static bool lex_quoted_name(struct lexer *lx)
{
	size_t from = lx->at++;
	AUTO(buf_fini) struct buf name = {0};
	for (;; lx->at++) {
		char c = eql_lex_peek(lx, 0);
		if (lx->at >= lx->s.n || c == '\n' || c == '\r')
			return eql_fail(lx->cx, from, "this name has no closing ` on its line");
		if (c == '`') {
			if (eql_lex_peek(lx, 1) != '`')
				break;
			lx->at++;
		}
		buf_char(&name, c);
	}
	lx->at++;
	if (name.n == 0)
		return eql_fail(lx->cx, from, "a quoted name may not be empty");
	eql_lex_push(lx, TOK_QUOTED, from, arena_str(lx->cx->mem, buf_str(&name)));
	return true;
}

static bool eql_lex_mark(struct lexer *lx)
{
	static const char *const marks[] = {"==", "!=", "<=", ">=", "![", "<", ">", "=", ":", "(", ")",
		"[", "]", ",", ".", "?", "|", "+", "-", "*", "/", "%"};
	size_t from = lx->at;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (!here(lx, marks[i]))
			continue;
		lx->at += strlen(marks[i]);
		eql_lex_push(lx, TOK_MARK, from, str_c(marks[i]));
		return true;
	}
	if (eql_lex_peek(lx, 0) == '!')
		return eql_fail(lx->cx, from, "! is not an operator; use not");
	if (eql_lex_peek(lx, 0) == '&')
		return eql_fail(lx->cx, from, "& is not an operator; use and");
	struct str rest = str_sub(lx->s, from, lx->s.n), start = rest;
	utf8_next(&rest);
	AUTO(buf_fini) struct buf seen = {0};
	utf8_visible(&seen, str_sub(start, 0, start.n - rest.n), false);
	return eql_fail(lx->cx, from, "%s does not belong here", buf_cstr(&seen));
}

static bool lex_old_string(struct lexer *lx)
{
	if (eql_lex_peek(lx, 0) == '\'')
		return eql_fail(lx->cx, lx->at,
			"Use double quotes [\"] to define string literals, not single quotes [']");
	return eql_fail(lx->cx, lx->at,
		"Use triple double quotes [\"\"\"] to define unescaped string literals, not [?%c]",
		eql_lex_peek(lx, 1));
}

static bool lex_one(struct lexer *lx)
{
	char c = eql_lex_peek(lx, 0), next = eql_lex_peek(lx, 1);
	if (is_name_start(c))
		return lex_name(lx), true;
	if (is_digit(c) || (c == '.' && is_digit(next)))
		return lex_number(lx);
	if (here(lx, "\"\"\""))
		return lex_raw_string(lx);
	if (c == '"')
		return lex_string(lx);
	if (c == '`')
		return lex_quoted_name(lx);
	if (c == '\'' || (c == '?' && (next == '"' || next == '\'')))
		return lex_old_string(lx);
	return eql_lex_mark(lx);
}

bool eql_lex(struct eql_ctx *cx, struct eql_tokens *out)
{
	struct lexer lx = {.cx = cx, .s = cx->text, .out = out};
	for (;;) {
		if (!skip_blank(&lx))
			return false;
		if (lx.at >= lx.s.n)
			break;
		if (!lex_one(&lx))
			return false;
	}
	eql_lex_push(&lx, TOK_END, lx.s.n, STR("the end of the query"));
	return true;
}

void eql_tokens_fini(struct eql_tokens *t)
{
	free(t->v);
	*t = (struct eql_tokens){0};
}
