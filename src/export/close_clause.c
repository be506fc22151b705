/*
 * close_clause: what was approved as a condition to add to a rule's query, in EQL and in KQL, one
 * alternative a scope.
 */
#include "close_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/export/pivot.h"

/* ---- EQL ---------------------------------------------------------------------------------- */

/* ---- KQL ---------------------------------------------------------------------------------- */

/* Unquoted, so that * is a wildcard: what KQL would read is escaped. */
static void put_kql_pattern(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (str_find_char(STR("\\():<>\"{}"), s.p[i]) != STR_NONE)
			buf_char(out, '\\');
		buf_char(out, s.p[i]);
	}
}

static void put_kql_value(const struct close_test *t, size_t i, struct buf *out)
{
	buf_fmt(out, "%.*s%s", STR_ARG(t->field), t->how == CLOSE_BEFORE ? " < " :
		t->how == CLOSE_SINCE ? " >= " : ": ");
	if (t->how == CLOSE_LIKE)
		put_kql_pattern(t->values[i], out);
	else
		quote_kql(t->values[i], out);
}

static void put_kql(const struct close_test *t, struct buf *out)
{
	buf_fmt(out, "%s%s", t->excluded ? "not " : "", t->n > 1 ? "(" : "");
	for (size_t i = 0; i < t->n; i++) {
		buf_c(out, i ? " or " : "");
		put_kql_value(t, i, out);
	}
	buf_c(out, t->n > 1 ? ")" : "");
}

/* ---- the clause --------------------------------------------------------------------------- */

struct language {
	const char *comment, *advice;
	void (*test)(const struct close_test *t, struct buf *out);
};

static void put_scope(const struct language *l, struct close_tests tests, struct buf *out)
{
	buf_c(out, "    (");
	for (size_t i = 0; i < tests.n; i++) {
		buf_c(out, i ? " and\n     " : "");
		l->test(&tests.v[i], out);
	}
	buf_char(out, ')');
}

static void put_head(const struct closing *c, const struct language *l, bool any)
{
	buf_c(c->out, l->comment);
	close_origin_write(c->origin, c->out);
	buf_fmt(c->out, "\n%s", l->comment);
	close_report_say(c->report, c->out);
	buf_fmt(c->out, ".\n%s%s\n", l->comment,
		any ? l->advice : "Nothing is approved that could be left out.");
}

static void put_clause(const struct closing *c, const struct language *l)
{
	struct arena mem = {0};
	struct close_scopes scopes;
	const struct close_rows rows = {c->rows, c->n, c->origin->made};
	close_scopes_of(&rows, &mem, &scopes, c->report);
	put_head(c, l, scopes.n);
	for (size_t i = 0; i < scopes.n; i++) {
		buf_c(c->out, i ? " or\n" : "and not (\n  ");
		if (i == 0) {
			l->test(close_guards(&mem).v, c->out);
			buf_c(c->out, " and (\n");
		}
		put_scope(l, close_scope_tests(&scopes.v[i], &mem), c->out);
	}
	if (scopes.n)
		buf_c(c->out, "\n  )\n)\n");
	arena_fini(&mem);
}

void close_eql(const struct closing *c)
{
	static const struct language eql = {"// ", "Add this to the end of the rule's query.", close_test_eql};
	put_clause(c, &eql);
}

void close_kql(const struct closing *c)
{
	static const struct language kql = {"# ", "Add what follows to the end of the rule's query, without"
		" these three lines.", put_kql};
	put_clause(c, &kql);
}
