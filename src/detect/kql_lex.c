/*
 * kql_lex: the tokens of KQL. In a rule an unquoted value may hold blanks (`a: one value and b:
 * other`) and ends before a keyword; in the filter bar (words) every blank ends it.
 */
#include "kql_priv.h"

#include "s3triage/base/buf.h"
#include "s3triage/base/lines.h"
#include "s3triage/base/utf8.h"

#include <string.h>

static bool kql_lex_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool kql_lex_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* Ends a word: '*' does not, '\' does not, ':' only where a field may stand. */
static bool ends_word(char c, bool value)
{
	return kql_lex_blank(c) || kql_lex_one_of(c, "()<>\"{}") || (c == ':' && !value);
}

static char kql_lex_peek(const struct kql_lexer *lx, size_t at)
{
	return at < lx->query.n ? lx->query.p[at] : '\0';
}

static size_t skip_blanks(const struct kql_lexer *lx, size_t at)
{
	while (at < lx->query.n && kql_lex_blank(lx->query.p[at]))
		at++;
	return at;
}

static bool fail(const struct kql_lexer *lx, size_t at, struct err *err, const char *what)
{
	err_set(err, ERR_PARSE, "%s", what);
	return lines_err_at(err, lx->query, at);
}

/* The unescaped text of one literal and where its wildcards are. */
struct text {
	struct buf bytes, stars; /* stars: size_t each */
};

static void text_fini(struct text *t)
{
	buf_fini(&t->bytes);
	buf_fini(&t->stars);
}

static void add_star(struct text *t)
{
	size_t at = t->bytes.n;
	buf_add(&t->stars, (struct str){(const char *)&at, sizeof(at)});
	buf_char(&t->bytes, '*');
}

static int kql_lex_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The 16 bits of \uHHHH at `at` (the backslash), or -1 when it is none. */
static int32_t kql_lex_unit(const struct kql_lexer *lx, size_t at)
{
	int32_t value = 0;
	if (kql_lex_peek(lx, at) != '\\' || kql_lex_peek(lx, at + 1) != 'u')
		return -1;
	for (size_t i = 2; i <= 5; i++) {
		int digit = kql_lex_hex(kql_lex_peek(lx, at + i));
		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* \uHHHH, two of them for what UTF-16 writes as a pair; a half alone is no character. Returns its
 * length, 0 when it is none. */
static size_t unicode(const struct kql_lexer *lx, size_t at, struct text *t)
{
	int32_t high = kql_lex_unit(lx, at), low = kql_lex_unit(lx, at + 6);
	if (high < 0)
		return 0;
	if (high >= 0xD800 && high <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF) {
		utf8_put(&t->bytes, (uint32_t)(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)));
		return 12;
	}
	utf8_put(&t->bytes, high >= 0xD800 && high <= 0xDFFF ? 0xFFFD : (uint32_t)high);
	return 6;
}

/* An escape at `at` (the backslash). Returns its length, 0 when it is none. */
static size_t kql_lex_escape(const struct kql_lexer *lx, size_t at, bool quoted, struct text *t)
{
	char c = kql_lex_peek(lx, at + 1);
	if (kql_lex_one_of(c, "trn")) {
		buf_char(&t->bytes, c == 't' ? '\t' : c == 'r' ? '\r' : '\n');
		return 2;
	}
	if (c == 'u') {
		size_t n = unicode(lx, at, t);
		if (n)
			return n;
	}
	if (!kql_lex_one_of(c, quoted ? "\"\\" : lx->words ? "\\():<>\"*{}!" : "\\():<>\"*{}"))
		return 0;
	buf_char(&t->bytes, c);
	return 2;
}

static enum kql_token_kind keyword(struct str word)
{
	if (str_eq_fold(word, STR("and")))
		return KQL_T_AND;
	if (str_eq_fold(word, STR("or")))
		return KQL_T_OR;
	return str_eq_fold(word, STR("not")) ? KQL_T_NOT : KQL_T_LITERAL;
}

/* The raw bytes of the word at `at`: up to what ends it. */
static struct str raw_word(const struct kql_lexer *lx, size_t at, bool value)
{
	size_t end = at;
	while (end < lx->query.n && !ends_word(lx->query.p[end], value)) {
		if (lx->query.p[end] == '\\' && end + 1 < lx->query.n)
			end++;
		end++;
	}
	return str_sub(lx->query, at, end);
}

/* \and, \or and \not are the words themselves. */
static bool escaped_keyword(struct str word)
{
	return word.n > 1 && word.p[0] == '\\' &&
		keyword(str_sub(word, 1, word.n)) != KQL_T_LITERAL;
}

static bool kql_lex_add_word(
	const struct kql_lexer *lx, struct str word, struct text *t, struct err *err)
{
	size_t at = (size_t)(word.p - lx->query.p), end = at + word.n;
	if (escaped_keyword(word)) {
		buf_add(&t->bytes, str_sub(word, 1, word.n));
		return true;
	}
	while (at < end) {
		if (lx->query.p[at] == '*') {
			add_star(t);
			at++;
		} else if (lx->query.p[at] == '\\') {
			size_t n = kql_lex_escape(lx, at, false, t);
			if (!n)
				return fail(lx, at, err,
					"unknown escape: \\ stands before \\ ( ) : < > \" * { } t r n "
					"or uHHHH; a backslash itself is \\\\");
			at += n;
		} else {
			buf_char(&t->bytes, lx->query.p[at++]);
		}
	}
	return true;
}

/* Copies the text into the arena and cuts it at its wildcards. */
static void finish_text(const struct kql_lexer *lx, const struct text *t, struct kql_token *out)
{
	size_t stars = t->stars.n / sizeof(size_t), from = 0;
	out->text = arena_str(lx->mem, buf_str(&t->bytes));
	struct str *pieces = arena_array(lx->mem, stars + 1, sizeof(*pieces));
	for (size_t i = 0; i < stars; i++) {
		size_t at;
		memcpy(&at, t->stars.p + i * sizeof(at), sizeof(at));
		pieces[i] = str_sub(out->text, from, at);
		from = at + 1;
	}
	pieces[stars] = str_sub(out->text, from, out->text.n);
	out->pieces = pieces;
	out->n_pieces = stars + 1;
}

static bool lex_literal(struct kql_lexer *lx, bool value, struct kql_token *out, struct err *err)
{
	struct text t AUTO(text_fini) = {{0}, {0}};
	for (;;) {
		struct str word = raw_word(lx, lx->at, value && lx->words);
		if (!kql_lex_add_word(lx, word, &t, err))
			return false;
		lx->at += word.n;
		size_t next = skip_blanks(lx, lx->at);
		struct str more = raw_word(lx, next, false);
		if (lx->words || next == lx->at || !more.n || keyword(more) != KQL_T_LITERAL)
			break;
		buf_add(&t.bytes, str_sub(lx->query, lx->at, next));
		lx->at = next;
	}
	out->kind = KQL_T_LITERAL;
	out->end = lx->at;
	finish_text(lx, &t, out);
	return true;
}

static bool lex_quoted(struct kql_lexer *lx, struct kql_token *out, struct err *err)
{
	struct text t AUTO(text_fini) = {{0}, {0}};
	size_t at = lx->at + 1;
	while (at < lx->query.n && lx->query.p[at] != '"') {
		size_t n = lx->query.p[at] == '\\' ? kql_lex_escape(lx, at, true, &t) : 0;
		if (!n)
			buf_char(&t.bytes, lx->query.p[at]);
		at += n ? n : 1;
	}
	if (at >= lx->query.n)
		return fail(lx, lx->at, err, "the quotation mark is never closed");
	out->kind = KQL_T_QUOTED;
	lx->at = out->end = at + 1;
	finish_text(lx, &t, out);
	return true;
}

static bool kql_lex_mark(struct kql_lexer *lx, struct kql_token *out)
{
	static const struct {
		char text[3];
		enum kql_token_kind kind;
	} marks[] = {{"<=", KQL_T_LE}, {">=", KQL_T_GE}, {"<", KQL_T_LT}, {">", KQL_T_GT},
		{"(", KQL_T_LPAREN}, {")", KQL_T_RPAREN}, {"{", KQL_T_LBRACE}, {"}", KQL_T_RBRACE},
		{":", KQL_T_COLON}};
	struct str rest = str_sub(lx->query, lx->at, lx->query.n);
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (!str_starts(rest, str_c(marks[i].text)))
			continue;
		out->kind = marks[i].kind;
		lx->at = out->end = lx->at + strlen(marks[i].text);
		return true;
	}
	return false;
}

/* Kibana wants blanks around and, or; a filter bar does not. */
static bool lex_keyword(struct kql_lexer *lx, struct kql_token *out, struct err *err)
{
	lx->at = out->end = out->at + (out->kind == KQL_T_OR ? 2 : 3);
	if (lx->words || out->kind == KQL_T_NOT || out->at == 0)
		return true;
	if (kql_lex_blank(lx->query.p[out->at - 1]) &&
		(out->end == lx->query.n || kql_lex_blank(lx->query.p[out->end])))
		return true;
	return fail(lx, out->at, err, "a blank must stand before and after 'and' and 'or'");
}

bool kql_lex(struct kql_lexer *lx, bool value, struct kql_token *out, struct err *err)
{
	lx->at = skip_blanks(lx, lx->at);
	*out = (struct kql_token){.kind = KQL_T_END, .at = lx->at, .end = lx->at};
	if (lx->at >= lx->query.n) {
		while (out->at > 0 && kql_lex_blank(lx->query.p[out->at - 1]))
			out->at--; /* messages point behind the last word */
		return true;
	}
	char c = lx->query.p[lx->at];
	if (c == '"')
		return lex_quoted(lx, out, err);
	if (!(c == ':' && value && lx->words) && kql_lex_mark(lx, out))
		return true;
	if (c == '!' && lx->words) {
		out->kind = KQL_T_NOT;
		out->end = ++lx->at;
		return true;
	}
	out->kind = keyword(raw_word(lx, lx->at, false));
	if (out->kind == KQL_T_LITERAL)
		return lex_literal(lx, value, out, err);
	return lex_keyword(lx, out, err);
}

struct str kql_token_name(const struct kql_lexer *lx, const struct kql_token *t)
{
	if (t->kind == KQL_T_END)
		return STR("the end");
	struct str text = str_sub(lx->query, t->at, t->end);
	struct str shown = utf8_fit(text, 40);
	return arena_fmt(lx->mem, "'%.*s%s'", STR_ARG(shown), shown.n < text.n ? "…" : "");
}
