/*
 * kql_priv: what the KQL lexer, parser and evaluator share.
 */
#ifndef S3TRIAGE_DETECT_KQL_PRIV_H
#define S3TRIAGE_DETECT_KQL_PRIV_H

#include "s3triage/base/mem.h"
#include "s3triage/detect/kql.h"

#define KQL_TEXT_MAX ((size_t)1 << 20)
#define KQL_DEPTH_MAX 200

enum kql_token_kind {
	KQL_T_END,
	KQL_T_LPAREN,
	KQL_T_RPAREN,
	KQL_T_LBRACE,
	KQL_T_RBRACE,
	KQL_T_COLON,
	KQL_T_LT,
	KQL_T_LE,
	KQL_T_GT,
	KQL_T_GE,
	KQL_T_AND,
	KQL_T_OR,
	KQL_T_NOT,
	KQL_T_LITERAL,
	KQL_T_QUOTED,
};

struct kql_token {
	enum kql_token_kind kind;
	size_t at, end;           /* bytes [at, end) of the query */
	struct str text;          /* unescaped; wildcards are '*' */
	const struct str *pieces; /* the text between the wildcards; always at least one */
	size_t n_pieces;
};

struct kql_lexer {
	struct str query;
	size_t at;
	bool words;
	struct arena *mem;
};

/* Takes the next token. `value`: a value is expected, so that in a filter bar ':' is an ordinary
 * character. False and err (with its place) for a character sequence that is no token. */
bool kql_lex(struct kql_lexer *lx, bool value, struct kql_token *out, struct err *err);

/* "'and'", "the end", "'text'": for messages. */
struct str kql_token_name(const struct kql_lexer *lx, const struct kql_token *t);

/* An address, or a network of addresses: IPv4 is kept as ::ffff:a.b.c.d. */
struct kql_net {
	uint8_t addr[16];
	unsigned bits;
};
bool kql_net_parse(struct str text, bool with_mask, struct kql_net *out);

/* A decimal number, or a duration (90s 15m 12h 7d 2w) in seconds. */
bool kql_number(struct str text, double *out);

enum kql_kind {
	KQL_ALL, /* the empty query */
	KQL_AND,
	KQL_OR,
	KQL_NOT,
	KQL_EXISTS,
	KQL_VALUE,
	KQL_RANGE,
};

struct kql_node {
	enum kql_kind kind;
	enum kql_token_kind op; /* of a range */
	struct kql_node *child, *next;
	size_t at, end; /* in the query's text */
	struct str field, text;
	const struct str *pieces;
	size_t n_pieces;
	bool quoted, is_net, is_number, is_time;
	struct kql_net net;
	double number;
	int64_t time, last; /* a date: its first and its last millisecond */
	enum kql_type type;
};

struct kql_fields {
	struct str *v;
	size_t n, cap;
};

struct kql {
	struct arena mem;
	struct str query;
	bool fold_case, contains;
	struct kql_node *root;
	struct kql_fields fields;
};

struct kql_node *kql_parse(struct kql *q, const struct kql_options *options, struct err *err);

#endif
