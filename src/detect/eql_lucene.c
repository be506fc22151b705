/*
 * eql_lucene: Lucene's regular expressions rewritten for PCRE2: quoting, no anchors, `#` and `@`,
 * repeated repeats. Complement, intersection and numeric intervals are refused by name.
 */
#include "eql_priv.h"

#include "s3triage/base/utf8.h"

#include <string.h>

enum { GROUPS_MAX = 100, REPEAT_MAX = 1000, STACKED_MAX = 8 };

struct lucene {
	struct str rest;
	struct buf *out;
	struct err *err;
	size_t groups;
	size_t atom;     /* where in `out` the last atom begins */
	bool has_atom;   /* something that can be repeated was just written */
	unsigned repeats; /* how often it has been */
	bool wrapped;     /* every repeated atom is a group: see eql_regex.c */
};

static bool refuse(struct lucene *lx, const char *what)
{
	return err_set(lx->err, ERR_PARSE, "%s in a regular expression is not supported", what);
}

static bool broken(struct lucene *lx, const char *what)
{
	return err_set(lx->err, ERR_PARSE, "this regular expression %s", what);
}

static void literal(struct lucene *lx, uint32_t cp)
{
	buf_fmt(lx->out, "\\x{%x}", cp);
}

static void begin_atom(struct lucene *lx)
{
	lx->atom = lx->out->n;
	lx->has_atom = true;
	lx->repeats = 0;
}

static void atom_text(struct lucene *lx, const char *pcre)
{
	begin_atom(lx);
	buf_c(lx->out, pcre);
}

static void atom_literal(struct lucene *lx, uint32_t cp)
{
	begin_atom(lx);
	literal(lx, cp);
}

/* \d \w \s and their complements; NULL for anything else. In a class without the brackets. */
static const char *class_escape(uint32_t cp, bool bare)
{
	switch (cp) {
	case 'd':
		return bare ? "0-9" : "[0-9]";
	case 'w':
		return bare ? "0-9A-Z_a-z" : "[0-9A-Z_a-z]";
	case 's':
		return bare ? "\\t\\n\\r " : "[\\t\\n\\r ]";
	case 'D':
		return bare ? "\\x{0}-/:-\\x{10ffff}" : "[^0-9]";
	case 'W':
		return bare ? "\\x{0}-/:-@\\x{5b}-\\x{5e}`{-\\x{10ffff}" : "[^0-9A-Z_a-z]";
	case 'S':
		return bare ? "\\x{0}-\\x{8}\\x{b}\\x{c}\\x{e}-\\x{1f}!-\\x{10ffff}" : "[^\\t\\n\\r ]";
	default:
		return NULL;
	}
}

static bool eql_lucene_escape(struct lucene *lx)
{
	if (lx->rest.n == 0)
		return broken(lx, "ends in a backslash");
	uint32_t cp = utf8_next(&lx->rest);
	const char *class = class_escape(cp, false);
	if (class)
		atom_text(lx, class);
	else
		atom_literal(lx, cp);
	return true;
}

/* "text" */
static bool quoted(struct lucene *lx)
{
	size_t end = str_find_char(lx->rest, '"');
	if (end == STR_NONE)
		return broken(lx, "has no closing \" (a \" of the text itself is written \\\\\\\")");
	struct str text = str_sub(lx->rest, 0, end);
	lx->rest = str_sub(lx->rest, end + 1, lx->rest.n);
	atom_text(lx, "(?:");
	while (text.n)
		literal(lx, utf8_next(&text));
	buf_char(lx->out, ')');
	return true;
}

static bool next_is(const struct lucene *lx, char c)
{
	return lx->rest.n && lx->rest.p[0] == c;
}

/* One character of a class; *class is set instead for \d and its like. */
static bool class_char(struct lucene *lx, uint32_t *cp, const char **class)
{
	*class = NULL;
	if (lx->rest.n == 0)
		return broken(lx, "has no closing ]");
	*cp = utf8_next(&lx->rest);
	if (*cp != '\\')
		return true;
	if (lx->rest.n == 0)
		return broken(lx, "ends in a backslash");
	*cp = utf8_next(&lx->rest);
	*class = class_escape(*cp, true);
	return true;
}

static bool class_item(struct lucene *lx)
{
	uint32_t from, to;
	const char *class;
	if (!class_char(lx, &from, &class))
		return false;
	if (class) {
		buf_c(lx->out, class);
		return true;
	}
	literal(lx, from);
	if (!next_is(lx, '-') || (lx->rest.n > 1 && lx->rest.p[1] == ']'))
		return true;
	utf8_next(&lx->rest);
	if (!class_char(lx, &to, &class))
		return false;
	if (class || to < from)
		return broken(lx, "has a range that runs backwards");
	buf_char(lx->out, '-');
	literal(lx, to);
	return true;
}

static bool class_of(struct lucene *lx)
{
	atom_text(lx, "[");
	if (next_is(lx, '^')) {
		utf8_next(&lx->rest);
		buf_char(lx->out, '^');
	}
	do {
		if (!class_item(lx))
			return false;
	} while (!next_is(lx, ']') && lx->rest.n);
	if (lx->rest.n == 0)
		return broken(lx, "has no closing ]");
	utf8_next(&lx->rest);
	buf_char(lx->out, ']');
	return true;
}

/* Puts (?:...) around the last atom, so that it can be repeated once more. */
static void wrap_atom(struct lucene *lx)
{
	size_t n = lx->out->n - lx->atom;
	if (!buf_room(lx->out, 4))
		return;
	char *p = lx->out->p + lx->atom;
	memmove(p + 3, p, n);
	memcpy(p, "(?:", 3);
	lx->out->n += 3;
	buf_char(lx->out, ')');
}

static bool eql_lucene_number(struct lucene *lx, int64_t *out)
{
	size_t n = 0;
	while (n < lx->rest.n && lx->rest.p[n] >= '0' && lx->rest.p[n] <= '9')
		n++;
	struct str digits = str_sub(lx->rest, 0, n);
	lx->rest = str_sub(lx->rest, n, lx->rest.n);
	return str_int(digits, out);
}

/* {n} {n,} {n,m} */
static bool counted(struct lucene *lx)
{
	int64_t least, most = -1;
	if (!eql_lucene_number(lx, &least))
		return broken(lx, "has a { without a number after it");
	bool comma = next_is(lx, ',');
	if (comma)
		utf8_next(&lx->rest);
	if (comma && !next_is(lx, '}') && !eql_lucene_number(lx, &most))
		return broken(lx, "has a malformed {n,m}");
	if (!next_is(lx, '}'))
		return broken(lx, "has a { without }");
	utf8_next(&lx->rest);
	if (least > REPEAT_MAX || most > REPEAT_MAX || (most >= 0 && most < least))
		return broken(lx, "has a repeat over 1000 or backwards");
	buf_fmt(lx->out, "{%d", (int)least);
	if (comma)
		buf_char(lx->out, ',');
	if (most >= 0)
		buf_fmt(lx->out, "%d", (int)most);
	buf_char(lx->out, '}');
	return true;
}

/* A ? after a repeat makes nothing lazy here: a*? is (a*)?. */
static bool repeat(struct lucene *lx, uint32_t cp)
{
	if (lx->repeats == STACKED_MAX)
		return broken(lx, "repeats one thing more than 8 times over");
	if (lx->repeats++ || lx->wrapped)
		wrap_atom(lx);
	if (cp == '{')
		return counted(lx);
	buf_char(lx->out, (char)cp);
	return true;
}

static bool operator(struct lucene *lx, uint32_t cp)
{
	switch (cp) {
	case '~':
		return refuse(lx, "complement (~)");
	case '&':
		return refuse(lx, "intersection (&)");
	case '<':
		return refuse(lx, "a numeric interval (<)");
	case '#':
		atom_text(lx, "(?!)");
		return true;
	case '@':
		atom_text(lx, "(?:.*)");
		return true;
	case '.':
		atom_text(lx, ".");
		return true;
	case '"':
		return quoted(lx);
	case '[':
		return class_of(lx);
	case '\\':
		return eql_lucene_escape(lx);
	default:
		atom_literal(lx, cp);
		return true;
	}
}

struct group {
	size_t at;
};

static bool handoff_group(struct lucene *lx, struct group *open)
{
	if (lx->groups == 0)
		return broken(lx, "has a ) without (");
	buf_char(lx->out, ')');
	lx->atom = open[--lx->groups].at;
	lx->has_atom = true;
	lx->repeats = 0;
	return true;
}

static bool eql_lucene_open_group(struct lucene *lx, struct group *open)
{
	if (lx->groups == GROUPS_MAX)
		return broken(lx, "nests deeper than 100 groups");
	open[lx->groups++].at = lx->out->n;
	buf_c(lx->out, "(?:");
	lx->has_atom = false;
	return true;
}

static bool one(struct lucene *lx, struct group *open)
{
	uint32_t cp = utf8_next(&lx->rest);
	if (cp == '(')
		return eql_lucene_open_group(lx, open);
	if (cp == ')')
		return handoff_group(lx, open);
	if (cp == '|') {
		buf_char(lx->out, '|');
		lx->has_atom = false;
		return true;
	}
	if (lx->has_atom && (cp == '*' || cp == '+' || cp == '?' || cp == '{'))
		return repeat(lx, cp);
	return operator(lx, cp);
}

bool eql_regex_translate(struct str lucene, bool wrapped, struct buf *out, struct err *err)
{
	struct lucene lx = {.rest = lucene, .out = out, .err = err, .wrapped = wrapped};
	struct group open[GROUPS_MAX];
	while (lx.rest.n)
		if (!one(&lx, open))
			return false;
	return lx.groups == 0 || broken(&lx, "has a ( without )");
}
