/*
 * close_clause: what was approved as a condition to add to a rule's query. Only names that need no
 * quoting get here (close_scope.c), and a request in which an account or a role stands twice is
 * never left out: its text may be forged.
 */
#include "close_priv.h"

#include "s3triage/base/mem.h"

static void put_origin(const struct closing *c, const char *comment, const char *advice)
{
	buf_c(c->out, comment);
	close_origin_write(c->origin, c->out);
	buf_fmt(c->out, "\n%s%s\n", comment, advice);
}

static void put_eql_scope(const struct close_scope *s, struct buf *out)
{
	struct str prefix = close_bucket_prefix(s->role);
	buf_c(out, "    (" CLOSE_RESOURCES " in (");
	for (size_t i = 0; i < s->n_buckets; i++)
		buf_fmt(out, "%s\"%.*s%.*s\"", i ? ", " : "", STR_ARG(prefix),
			STR_ARG(s->buckets[i]));
	buf_fmt(out, ") and\n     " CLOSE_PARAMETERS " like \"*Account=%.*s*\" and\n     "
		CLOSE_PARAMETERS " like \"*Role=%.*s,*\")", STR_ARG(s->account), STR_ARG(s->role));
}

void close_eql(const struct closing *c)
{
	struct arena mem = {0};
	struct close_scopes scopes;
	const struct close_rows rows = {c->rows, c->n, c->origin->made};
	close_scopes_of(&rows, &mem, &scopes, c->report);
	put_origin(c, "// ", scopes.n ? "Add this to the end of the rule's query." :
		"Nothing is approved that could be left out.");
	for (size_t i = 0; i < scopes.n; i++) {
		buf_c(c->out, i ? " or\n" : "and not (\n  not " CLOSE_PARAMETERS
			" like (\"*Account=*Account=*\", \"*Role=*Role=*\") and (\n");
		put_eql_scope(&scopes.v[i], c->out);
	}
	if (scopes.n)
		buf_c(c->out, "\n  )\n)\n");
	arena_fini(&mem);
}

/* Unquoted, so that * is a wildcard: what KQL would read is escaped. */
static void put_kql(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (str_find_char(STR("\\():<>\"*{}"), s.p[i]) != STR_NONE)
			buf_char(out, '\\');
		buf_char(out, s.p[i]);
	}
}

static void put_kql_scope(const struct close_scope *s, struct buf *out)
{
	struct str prefix = close_bucket_prefix(s->role);
	buf_c(out, "    (" CLOSE_RESOURCES ": (");
	for (size_t i = 0; i < s->n_buckets; i++)
		buf_fmt(out, "%s\"%.*s%.*s\"", i ? " or " : "", STR_ARG(prefix),
			STR_ARG(s->buckets[i]));
	buf_fmt(out, ") and\n     " CLOSE_PARAMETERS ": *Account=%.*s* and\n     "
		CLOSE_PARAMETERS ": *Role=", STR_ARG(s->account));
	put_kql(s->role, out);
	buf_c(out, ",*)");
}

void close_kql(const struct closing *c)
{
	struct arena mem = {0};
	struct close_scopes scopes;
	const struct close_rows rows = {c->rows, c->n, c->origin->made};
	close_scopes_of(&rows, &mem, &scopes, c->report);
	put_origin(c, "# ", scopes.n ? "Add what follows to the end of the rule's query, without"
		" these two lines." : "Nothing is approved that could be left out.");
	for (size_t i = 0; i < scopes.n; i++) {
		buf_c(c->out, i ? " or\n" : "and not (\n  not " CLOSE_PARAMETERS
			": *Account=*Account=* and not " CLOSE_PARAMETERS ": *Role=*Role=* and (\n");
		put_kql_scope(&scopes.v[i], c->out);
	}
	if (scopes.n)
		buf_c(c->out, "\n  )\n)\n");
	arena_fini(&mem);
}
