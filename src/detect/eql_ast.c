/*
 * eql_ast: making nodes of the tree, bounded in depth, and saying what is wrong where.
 */
#include "eql_priv.h"

#include "s3triage/base/lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool eql_fail(struct eql_ctx *cx, size_t at, const char *fmt, ...)
{
	if (cx->failed)
		return false;
	cx->failed = true;
	char text[sizeof(((struct err *)0)->text)];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	err_set(cx->err, ERR_PARSE, "%s", text);
	lines_err_at(cx->err, cx->text, at);
	const struct eql_options *o = cx->options;
	if (cx->err && o) {
		if (o->line)
			cx->err->line += o->line - 1;
		err_where(cx->err, o->file, 0, 0);
	}
	return false;
}

struct node *eql_node(struct eql_ctx *cx, enum node_kind kind, size_t from, size_t to)
{
	struct node *n = arena_alloc(cx->mem, sizeof(*n));
	n->kind = kind;
	n->from = from;
	n->to = to;
	n->depth = 1;
	return n;
}

bool eql_adopt(struct eql_ctx *cx, struct node *parent, struct node **kids, size_t n)
{
	parent->kid = arena_array(cx->mem, n ? n : 1, sizeof(*kids));
	parent->n = n;
	if (n)
		memcpy(parent->kid, kids, n * sizeof(*kids));
	for (size_t i = 0; i < n; i++)
		if (kids[i]->depth >= parent->depth)
			parent->depth = kids[i]->depth + 1;
	if (parent->depth > EQL_DEPTH_MAX)
		return eql_fail(cx, parent->from, "nested deeper than %d levels", EQL_DEPTH_MAX);
	return true;
}
