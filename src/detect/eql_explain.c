/*
 * eql_explain: the query as a tree with each part's outcome and the values that decided it. Made
 * for people; text from documents is made visible before it goes out.
 */
#include "eql_priv.h"

#include "s3triage/base/utf8.h"

enum { SOURCE_CELLS = 160, VALUE_CELLS = 100, VALUES_SHOWN = 3, BEFORE_MATCH = 24 };

struct explain {
	struct eql_run *run;
	struct buf *out;
};

static void add_cut(struct buf *out, struct str s, size_t cells)
{
	struct str kept = utf8_fit(str_sub(s, 0, cells * 8), cells);
	utf8_visible(out, kept, false);
	if (kept.n < s.n)
		buf_c(out, "...");
}

static void eql_explain_add_value(struct buf *out, struct value v)
{
	char tmp[VALUE_TEXT_MAX];
	const char *quote = v.type == VALUE_STR ? "\"" : "";
	buf_c(out, quote);
	add_cut(out, value_text(v, tmp), VALUE_CELLS);
	buf_c(out, quote);
}

/* The node's source on one line. */
static void add_source(const struct explain *ex, const struct node *n)
{
	AUTO(buf_fini) struct buf text = {0};
	struct str s = str_sub(ex->run->q->text, n->from, n->to);
	bool blank = false;
	for (size_t i = 0; i < s.n; i++) {
		bool white = s.p[i] == ' ' || (s.p[i] >= '\t' && s.p[i] <= '\r');
		if (white && blank)
			continue;
		blank = white;
		buf_char(&text, white ? ' ' : s.p[i]);
	}
	add_cut(ex->out, buf_str(&text), SOURCE_CELLS);
}

static void eql_explain_begin(const struct explain *ex, unsigned level, bool outcome)
{
	buf_fill(ex->out, ' ', 2 * level);
	buf_c(ex->out, outcome ? "+ " : "- ");
}

/* All values of a field, the first few spelt out. */
static void eql_explain_add_values(const struct explain *ex, const struct field_slot *slot)
{
	if (slot->n == 0)
		buf_c(ex->out, "no value");
	for (size_t i = 0; i < slot->n && i < VALUES_SHOWN; i++) {
		buf_c(ex->out, i ? ", " : "");
		eql_explain_add_value(ex->out, slot->v[i]);
	}
	if (slot->n > VALUES_SHOWN)
		buf_fmt(ex->out, " and %zu more", slot->n - VALUES_SHOWN);
}

/* A long text that a pattern was found in, from shortly before the place. */
static bool add_around_match(struct buf *out, const struct node *leaf, struct value v)
{
	if (v.type != VALUE_STR || v.s.n <= VALUE_CELLS || leaf->n_patterns == 0)
		return false;
	struct str literal = pattern_longest_literal(leaf->patterns[0]);
	size_t at = literal.n ? utf8_find(v.s, literal, leaf->fold, NULL) : STR_NONE;
	if (at == STR_NONE || at < BEFORE_MATCH)
		return false;
	at -= BEFORE_MATCH;
	while (at && ((unsigned char)v.s.p[at] & 0xc0) == 0x80)
		at--;
	buf_c(out, "\"...");
	add_cut(out, str_sub(v.s, at, v.s.n), VALUE_CELLS);
	buf_char(out, '"');
	return true;
}

/* The choice of values that made the leaf true, or every value when none did. */
static void add_decision(const struct explain *ex, const struct node *leaf, bool found)
{
	for (size_t i = 0; i < leaf->n_vars; i++) {
		buf_c(ex->out, i ? "; " : "  <- ");
		if (leaf->n_vars > 1) {
			utf8_visible(ex->out, leaf->vars[i]->name, false);
			buf_c(ex->out, " = ");
		}
		const struct field_slot *slot = eql_run_field(ex->run, leaf->vars[i]->field);
		if (!found || !slot->n)
			eql_explain_add_values(ex, slot);
		else if (!add_around_match(ex->out, leaf, ex->run->vars[i]))
			eql_explain_add_value(ex->out, ex->run->vars[i]);
	}
}

static void eql_explain_leaf(
	const struct explain *ex, const struct node *whole, const struct node *leaf, unsigned level)
{
	ex->run->fault = NULL;
	bool outcome = eql_test_leaf(ex->run, leaf);
	bool found = outcome != leaf->negate;
	bool turned = whole != leaf;
	eql_explain_begin(ex, level, (outcome != turned) && !ex->run->fault);
	add_source(ex, whole);
	if (ex->run->fault)
		buf_c(ex->out, "  <- could not be computed");
	else
		add_decision(ex, leaf, found);
	buf_char(ex->out, '\n');
}

static void explain_node(const struct explain *ex, const struct node *n, unsigned level)
{
	if (eql_is_leaf(n)) {
		eql_explain_leaf(ex, n, n, level);
		return;
	}
	if (n->kind == NODE_NOT && eql_is_leaf(n->kid[0])) {
		eql_explain_leaf(ex, n, n->kid[0], level);
		return;
	}
	ex->run->fault = NULL;
	eql_explain_begin(ex, level, eql_test(ex->run, n) && !ex->run->fault);
	buf_c(ex->out, n->kind == NODE_NOT ? "not\n" : n->kind == NODE_AND ? "and\n" : "or\n");
	for (size_t i = 0; i < n->n; i++)
		explain_node(ex, n->kid[i], level + 1);
}

static void explain_category(const struct explain *ex)
{
	const struct eql_query *query = &ex->run->q->query;
	if (query->any)
		return;
	eql_explain_begin(ex, 0, eql_test_category(ex->run));
	utf8_visible(ex->out, ex->run->q->fields[0], false);
	buf_c(ex->out, " == ");
	eql_explain_add_value(ex->out, value_str(query->category));
	buf_c(ex->out, "  <- ");
	eql_explain_add_values(ex, eql_run_field(ex->run, 0));
	buf_char(ex->out, '\n');
}

void eql_explain(const struct eql *q, const struct json *doc, struct buf *out)
{
	struct eql_run *run = eql_run_new(q);
	struct explain ex = {run, out};
	eql_run_document(run, doc);
	explain_category(&ex);
	explain_node(&ex, q->query.root, 0);
	eql_run_free(run);
}
