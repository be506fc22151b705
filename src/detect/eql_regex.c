/*
 * eql_regex: running Lucene regular expressions on PCRE2. The backtracking matcher goes first, with
 * a limit that shrinks as the text grows; what exceeds it (hostile text is written to) is given to
 * the DFA matcher, which does not backtrack. It calls back at every item of the pattern, so that its
 * steps are counted; a document that takes too many is a fault. Its own pattern repeats only groups: PCRE2
 * keeps a state for every count of a repeated character, but none for a repeated group's.
 */
#include "eql_regex_priv.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

enum { DEPTH_LIMIT = 20000, HEAP_LIMIT_KIB = 20000, WORKSPACE = 1 << 16 };

/* A step of the DFA matcher is a call back and a look at every state that is active with it: about a
 * nanosecond for a unit. */
enum { TRIES = 2000000, TRIES_LEAST = 1000, TRIES_MOST = 100000, STEP = 20, STEP_COUNTING = 20000,
	STEPS_A_BYTE = 500 };
static const uint64_t STEPS_MAX = 50000000;

struct eql_regex {
	pcre2_code *code, *dfa;
	unsigned step; /* what a call back costs */
};

struct eql_regex_run {
	pcre2_match_context *limits;
	pcre2_match_data *data;
	int *workspace;    /* made when the DFA matcher is first needed */
	uint64_t steps, most; /* taken on this document; when it is given up */
	size_t at, active; /* where the text is, states seen there */
	unsigned step;
};

/* Called by PCRE2 for a state at a place of the text; not 0 ends the match. */
static int regex_step(pcre2_callout_block *block, void *ctx)
{
	struct eql_regex_run *r = ctx;
	if (block->current_position != r->at) {
		r->at = block->current_position;
		r->active = 0;
	}
	r->steps += r->step + r->active++;
	return r->steps > r->most ? PCRE2_ERROR_CALLOUT : 0;
}

struct eql_regex_run *eql_regex_run_new(void)
{
	struct eql_regex_run *r = mem_alloc(sizeof(*r));
	r->limits = pcre2_match_context_create(NULL);
	r->data = pcre2_match_data_create(1, NULL);
	r->most = STEPS_MAX;
	if (r->limits) {
		pcre2_set_depth_limit(r->limits, DEPTH_LIMIT);
		pcre2_set_heap_limit(r->limits, HEAP_LIMIT_KIB);
		pcre2_set_callout(r->limits, regex_step, r);
	}
	return r;
}

void eql_regex_run_reset(struct eql_regex_run *r)
{
	if (!r)
		return;
	r->steps = 0;
	r->most = STEPS_MAX;
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
static bool translate_all(struct eql_ctx *cx, const struct node *n, bool wrapped, struct buf *out)
{
	buf_c(out, "(?:");
	for (size_t i = 1; i < n->n; i++) {
		struct err why = {0};
		buf_c(out, i > 1 ? "|(?:" : "(?:");
		if (!eql_regex_translate(n->kid[i]->value.s, wrapped, out, &why))
			return eql_fail(cx, n->kid[i]->from, "%s", why.text);
		buf_char(out, ')');
	}
	buf_c(out, ")\\z"); /* in the pattern: the DFA matcher does not know PCRE2_ENDANCHORED */
	return true;
}

static pcre2_code *regex_compile(struct eql_ctx *cx, const struct node *n, bool dfa, bool wrapped)
{
	AUTO(buf_fini) struct buf text = {0};
	if (!translate_all(cx, n, wrapped, &text))
		return NULL;
	int number;
	PCRE2_SIZE at;
	uint32_t flags = PCRE2_UTF | PCRE2_DOTALL | PCRE2_ANCHORED | PCRE2_NO_AUTO_CAPTURE |
		(n->fold ? PCRE2_CASELESS : 0) | (dfa ? PCRE2_AUTO_CALLOUT : 0);
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)text.p, text.n, flags, &number, &at, NULL);
	if (!code && !wrapped) {
		unsigned char why[120];
		pcre2_get_error_message(number, why, sizeof(why));
		eql_fail(cx, n->kid[1]->from, "this regular expression cannot be used: %s", (char *)why);
	}
	return code;
}

struct eql_regex *eql_regex_new(struct eql_ctx *cx, const struct node *n)
{
	unsigned step = STEP;
	pcre2_code *code = regex_compile(cx, n, false, false);
	pcre2_code *dfa = code ? regex_compile(cx, n, true, true) : NULL;
	if (code && !dfa) { /* too large: groups are copied as often as they are counted */
		step = STEP_COUNTING;
		dfa = regex_compile(cx, n, true, false);
	}
	if (!dfa) {
		pcre2_code_free(code);
		return NULL;
	}
	struct eql_regex *r = mem_alloc(sizeof(*r));
	*r = (struct eql_regex){code, dfa, step};
	return r;
}

void eql_regex_free(struct eql_regex *r)
{
	pcre2_code_free(r->code);
	pcre2_code_free(r->dfa);
	free(r);
}

/* Each try of the backtracking matcher may look at the whole text. */
static int match_backtracking(struct eql_regex_run *run, const struct eql_regex *r, struct str s)
{
	size_t tries = TRIES / (s.n + 1);
	tries = tries < TRIES_LEAST ? TRIES_LEAST : tries > TRIES_MOST ? TRIES_MOST : tries;
	if (run->limits)
		pcre2_set_match_limit(run->limits, (uint32_t)tries);
	return pcre2_match(r->code, (PCRE2_SPTR)s.p, s.n, 0, 0, run->data, run->limits);
}

static int match_dfa(struct eql_regex_run *run, const struct eql_regex *r, struct str s)
{
	if (!run->workspace)
		run->workspace = mem_array(WORKSPACE, sizeof(int));
	run->steps += TRIES;
	run->most += STEPS_A_BYTE * s.n;
	run->at = 0;
	run->active = 0;
	run->step = r->step;
	if (run->steps > run->most)
		return PCRE2_ERROR_CALLOUT;
	if (run->limits)
		pcre2_set_match_limit(run->limits, UINT32_MAX);
	return pcre2_dfa_match(r->dfa, (PCRE2_SPTR)s.p, s.n, 0, 0, run->data, run->limits,
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
	int result = match_backtracking(rr, r, s);
	if (gave_up(result))
		result = match_dfa(rr, r, s);
	eql_regex_run_free(made);
	if (result >= 0)
		return value_bool(true);
	return result == PCRE2_ERROR_NOMATCH ? value_bool(false)
		: eql_fault(run, "a regular expression takes too many steps on its text");
}
