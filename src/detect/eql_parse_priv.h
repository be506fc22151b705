/*
 * eql_parse_priv: the parser's state, shared by its statements and its expressions.
 */
#ifndef S3TRIAGE_SRC_DETECT_EQL_PARSE_PRIV_H
#define S3TRIAGE_SRC_DETECT_EQL_PARSE_PRIV_H

#include "eql_priv.h"

struct parser {
	struct eql_ctx *cx;
	const struct eql_token *v;
	size_t at;
	unsigned depth;
	struct node **stack; /* kids of lists that are still being read; on the heap */
	size_t n, cap;
};

const struct eql_token *parse_look(const struct parser *ps);
const struct eql_token *parse_take(struct parser *ps);
bool parse_is_mark(const struct parser *ps, const char *mark);
bool parse_is_word(const struct parser *ps, const char *keyword);
bool parse_take_mark(struct parser *ps, const char *mark);
bool parse_take_word(struct parser *ps, const char *keyword);
bool parse_need_mark(struct parser *ps, const char *mark, const char *what);

/* "expected WHAT, found TOKEN" at the next token. Returns false. */
bool parse_expected(struct parser *ps, const char *what);
size_t parse_end(const struct parser *ps); /* where the last taken token ended */

/* NULL on failure. */
struct node *parse_condition(struct parser *ps);
struct node *parse_sum(struct parser *ps); /* operators without comparisons */

#endif
