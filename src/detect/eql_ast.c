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
	const struct eql_options *o = cx->options;
	struct err own = {0};
	if (cx->failed && !(o && o->more))
		return false;
	if (!cx->failed && cx->err) /* what the caller had in it is none of ours */
		cx->err->code = ERR_NONE;
	cx->failed = true;
	va_list args;
	va_start(args, fmt);
	own.code = ERR_PARSE;
	vsnprintf(own.text, sizeof(own.text), fmt, args);
	va_end(args);
	lines_err_at(&own, cx->text, at);
	if (o && o->line)
		own.line += o->line - 1;
	if (o)
		err_where(&own, o->file, 0, 0);
	return err_next(o ? o->more : NULL, cx->err, &own);
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
