/*
 * eql_regex: running Lucene regular expressions on PCRE2. The backtracking matcher goes first,
 * with a limit; what exceeds it (hostile text is written to) is given to the DFA matcher, which
 * does not backtrack. Only when that gives up too is it a fault.
 */
#include "eql_regex_priv.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 20000, HEAP_LIMIT_KIB = 20000, WORKSPACE = 1 << 16 };

struct eql_regex {
	pcre2_code *code;
};

struct eql_regex_run {
	pcre2_match_context *limits;
	pcre2_match_data *data;
	int *workspace; /* made when the DFA matcher is first needed */
};

struct eql_regex_run *eql_regex_run_new(void)
{
	struct eql_regex_run *r = mem_alloc(sizeof(*r));
	r->limits = pcre2_match_context_create(NULL);
	r->data = pcre2_match_data_create(1, NULL);
	if (r->limits) {
		pcre2_set_match_limit(r->limits, MATCH_LIMIT);
		pcre2_set_depth_limit(r->limits, DEPTH_LIMIT);
		pcre2_set_heap_limit(r->limits, HEAP_LIMIT_KIB);
	}
	return r;
}

void eql_regex_run_free(struct eql_regex_run *r)
{
	if (!r)
		return;
	pcre2_match_context_free(r->limits);
	pcre2_match_data_free(r->data);
	free(r->workspace);
	free(r);
}

/* A list of patterns is one alternation. */
static bool translate_all(struct eql_ctx *cx, const struct node *n, struct buf *out)
{
	for (size_t i = 1; i < n->n; i++) {
		struct err why = {0};
		buf_c(out, i > 1 ? "|(?:" : "(?:");
		if (!eql_regex_translate(n->kid[i]->value.s, out, &why))
			return eql_fail(cx, n->kid[i]->from, "%s", why.text);
		buf_char(out, ')');
	}
	return true;
}

struct eql_regex *eql_regex_new(struct eql_ctx *cx, const struct node *n)
{
	AUTO(buf_fini) struct buf text = {0};
	buf_c(&text, "(?:");
	if (!translate_all(cx, n, &text))
		return NULL;
	buf_c(&text, ")\\z"); /* in the pattern: the DFA matcher does not know PCRE2_ENDANCHORED */
	int number;
	PCRE2_SIZE at;
	uint32_t flags = PCRE2_UTF | PCRE2_DOTALL | PCRE2_ANCHORED | PCRE2_NO_AUTO_CAPTURE |
		(n->fold ? PCRE2_CASELESS : 0);
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)text.p, text.n, flags, &number, &at, NULL);
	if (!code) {
		unsigned char why[120];
		pcre2_get_error_message(number, why, sizeof(why));
		eql_fail(cx, n->kid[1]->from, "this regular expression cannot be used: %s", (char *)why);
		return NULL;
	}
	struct eql_regex *r = mem_alloc(sizeof(*r));
	r->code = code;
	return r;
}

void eql_regex_free(struct eql_regex *r)
{
	pcre2_code_free(r->code);
	free(r);
}

static int match_dfa(struct eql_regex_run *run, const struct eql_regex *r, struct str s)
{
	if (!run->workspace)
		run->workspace = mem_array(WORKSPACE, sizeof(int));
	return pcre2_dfa_match(r->code, (PCRE2_SPTR)s.p, s.n, 0, 0, run->data, run->limits,
		run->workspace, WORKSPACE);
}

static bool gave_up(int result)
{
	return result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT ||
		result == PCRE2_ERROR_HEAPLIMIT;
}

struct value eql_regex_match(struct eql_run *run, const struct eql_regex *r, struct str s)
{
	struct eql_regex_run *rr = run->regex, *made = NULL;
	if (!rr)
		rr = made = eql_regex_run_new(); /* a constant, while the query is compiled */
	s.p = s.p ? s.p : "";
	int result = pcre2_match(r->code, (PCRE2_SPTR)s.p, s.n, 0, 0, rr->data, rr->limits);
	if (gave_up(result))
		result = match_dfa(rr, r, s);
	eql_regex_run_free(made);
	if (result >= 0)
		return value_bool(true);
	return result == PCRE2_ERROR_NOMATCH ? value_bool(false) : eql_fault(run);
}
