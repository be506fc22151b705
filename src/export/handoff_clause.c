/*
 * handoff_clause: what was approved as a condition to add to a rule's query, in EQL and in KQL, one
 * alternative a scope.
 */
#include "handoff_priv.h"

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

static void put_kql_value(const struct handoff_test *t, size_t i, struct buf *out)
{
	buf_fmt(out, "%.*s%s", STR_ARG(t->field), t->how == HANDOFF_BEFORE ? " < " :
		t->how == HANDOFF_SINCE ? " >= " : ": ");
	if (t->how == HANDOFF_LIKE)
		put_kql_pattern(t->values[i], out);
	else
		quote_kql(t->values[i], out);
}

static void put_kql(const struct handoff_test *t, struct buf *out)
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
	void (*test)(const struct handoff_test *t, struct buf *out);
};

static void put_scope(const struct language *l, struct handoff_tests tests, struct buf *out)
{
	buf_c(out, "    (");
	for (size_t i = 0; i < tests.n; i++) {
		buf_c(out, i ? " and\n     " : "");
		l->test(&tests.v[i], out);
	}
	buf_char(out, ')');
}

static void handoff_clause_put_head(const struct handoff *c, const struct language *l, bool any)
{
	buf_c(c->out, l->comment);
	handoff_origin_write(c->origin, c->out);
	buf_fmt(c->out, "\n%s", l->comment);
	handoff_report_say(c->report, c->out);
	buf_fmt(c->out, ".\n%s%s\n", l->comment,
		any ? l->advice : "Nothing is approved that could be left out.");
}

static void put_clause(const struct handoff *c, const struct language *l)
{
	struct arena mem = {0};
	struct handoff_scopes scopes;
	const struct handoff_rows rows = {c->rows, c->n, c->origin->made};
	handoff_scopes_of(&rows, &mem, &scopes, c->report);
	handoff_clause_put_head(c, l, scopes.n);
	for (size_t i = 0; i < scopes.n; i++) {
		buf_c(c->out, i ? " or\n" : "and not (\n  ");
		if (i == 0) {
			l->test(handoff_guards(&mem).v, c->out);
			buf_c(c->out, " and (\n");
		}
		put_scope(l, handoff_scope_tests(&scopes.v[i], &mem), c->out);
	}
	if (scopes.n)
		buf_c(c->out, "\n  )\n)\n");
	arena_fini(&mem);
}

void handoff_eql(const struct handoff *c)
{
	static const struct language eql = {"// ", "Add this to the end of the rule's query.", handoff_test_eql};
	put_clause(c, &eql);
}

void handoff_kql(const struct handoff *c)
{
	static const struct language kql = {"# ", "Add what follows to the end of the rule's query, without"
		" these three lines.", put_kql};
	put_clause(c, &kql);
}
