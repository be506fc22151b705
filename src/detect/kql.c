/*
 * kql: the compiled query as its users see it: making and freeing it, its fields, and the byte
 * strings that a scanner may look for before it parses anything.
 */
#include "kql_priv.h"

#include <stdlib.h>

struct kql *kql_compile(struct str query, const struct kql_options *options, struct err *err)
{
	static const struct kql_options plain = {0};
	if (!options)
		options = &plain;
	if (query.n > KQL_TEXT_MAX) {
		err_set(err, ERR_LIMIT, "the query is longer than %zu bytes", KQL_TEXT_MAX);
		return NULL;
	}
	struct kql *q = mem_alloc(sizeof(*q));
	q->query = arena_str(&q->mem, query);
	q->fold_case = options->fold_case;
	q->contains = options->contains;
	q->root = kql_parse(q, options, err);
	if (q->root)
		return q;
	err_where(err, options->file, 0, 0);
	kql_free(q);
	return NULL;
}

void kql_free(struct kql *q)
{
	if (!q)
		return;
	free(q->fields.v);
	arena_fini(&q->mem);
	free(q);
}

size_t kql_field_count(const struct kql *q)
{
	return q->fields.n;
}

struct str kql_field(const struct kql *q, size_t i)
{
	return i < q->fields.n ? q->fields.v[i] : (struct str){0};
}

/* Fields whose text stands in a raw CloudTrail event exactly as in the ECS document. */
static bool survives(struct str field)
{
	return str_is(field, "event.action") || str_is(field, "event.provider") ||
		str_is(field, "aws.cloudtrail.error_code");
}

/* JSON writes these bytes in one way only (bar \u escapes). */
static bool kql_plain_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '/')
			return false;
	}
	return s.n >= 4;
}

static struct str longest_piece(const struct kql_node *n)
{
	struct str best = {0};
	for (size_t i = 0; i < n->n_pieces; i++)
		if (kql_plain_text(n->pieces[i]) && n->pieces[i].n > best.n)
			best = n->pieces[i];
	return best;
}

/* Inserts by length, longest first. */
static size_t kql_insert(struct str *out, size_t n, size_t cap, struct str s)
{
	size_t i = n;
	for (; i > 0 && out[i - 1].n < s.n; i--)
		if (i < cap)
			out[i] = out[i - 1];
	if (i >= cap)
		return n;
	out[i] = s;
	return n < cap ? n + 1 : n;
}

size_t kql_literals(const struct kql *q, struct str *out, size_t cap)
{
	size_t n = 0;
	if (q->fold_case || q->contains)
		return 0;
	const struct kql_node *first = q->root->kind == KQL_AND ? q->root->child : q->root;
	for (const struct kql_node *c = first; c; c = c->next) {
		if (c->kind != KQL_VALUE || !survives(c->field) || c->is_net)
			continue;
		struct str s = longest_piece(c);
		if (s.n)
			n = kql_insert(out, n, cap, s);
	}
	return n;
}

static struct str kql_required_of(const struct kql_node *n, const char *field)
{
	struct str found = {0};
	if (n && n->kind == KQL_AND)
		for (const struct kql_node *c = n->child; c && !found.n; c = c->next)
			found = kql_required_of(c, field);
	else if (n && n->kind == KQL_VALUE && n->n_pieces == 1 && str_is(n->field, field))
		found = n->text;
	return found;
}

struct str kql_required(const struct kql *q, const char *field)
{
	return kql_required_of(q->root, field);
}
