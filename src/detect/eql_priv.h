/*
 * eql_priv: what the files of the EQL engine share: tokens, the tree, values, compiled leaves.
 */
#ifndef S3TRIAGE_SRC_DETECT_EQL_PRIV_H
#define S3TRIAGE_SRC_DETECT_EQL_PRIV_H

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8_fold.h"
#include "s3triage/detect/eql.h"

#define EQL_QUERY_MAX ((size_t)1 << 20)
#define EQL_DEPTH_MAX 200         /* of parentheses, calls and operators; live rules reach 32 */
#define EQL_FIELDS_MAX 4096
#define EQL_COMBINATIONS_MAX 100000 /* of values that one leaf may try */

/* ---- one compilation ------------------------------------------------------------------------- */

struct eql_ctx {
	struct str text;
	struct arena *mem;
	const struct eql_options *options; /* may be NULL */
	struct err *err;
	bool failed; /* the first error wins */
};

/* Says what is wrong at a byte offset of the query. Returns false. */
bool eql_fail(struct eql_ctx *cx, size_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- tokens ---------------------------------------------------------------------------------- */

enum eql_token_kind {
	TOK_END,
	TOK_IDENT,    /* name */
	TOK_TILDE,    /* name~ */
	TOK_QUOTED,   /* `name` */
	TOK_KEYWORD,  /* and any by ...; like~ in~ regex~ with `fold` */
	TOK_STRING,
	TOK_INTEGER,
	TOK_DECIMAL,
	TOK_MARK,     /* ( ) [ ] ![ , . ? | : == != < <= > >= + - * / % = */
};

struct eql_token {
	enum eql_token_kind kind;
	size_t from, to;  /* bytes of the query */
	struct str text;  /* decoded: a string's value, a name without quotes and ~, the mark */
	bool fold;        /* a keyword with ~ */
};

struct eql_tokens {
	struct eql_token *v; /* on the heap; the last is TOK_END */
	size_t n, cap;
};

bool eql_lex(struct eql_ctx *cx, struct eql_tokens *out);
void eql_tokens_fini(struct eql_tokens *t);

/* ---- values ---------------------------------------------------------------------------------- */

enum value_type { VALUE_NULL, VALUE_BOOL, VALUE_INT, VALUE_DOUBLE, VALUE_STR };

struct value {
	enum value_type type;
	union {
		bool b;
		int64_t i;
		double d;
		struct str s;
	};
};

#define VALUE_TEXT_MAX 40

struct value value_bool(bool b);
struct value value_int(int64_t i);
struct value value_double(double d);
struct value value_str(struct str s);
struct value value_null(void);
struct value value_json(const struct json *v); /* containers give null */
bool value_is_true(struct value v);
bool value_is_number(struct value v);
double value_number(struct value v);
int64_t value_to_int(struct value v); /* a number, cut and clamped */

/* Text as Java prints it; `tmp` holds numbers. */
struct str value_text(struct value v, char tmp[VALUE_TEXT_MAX]);
const char *value_type_name(enum value_type t); /* Elasticsearch's: keyword, integer ... */

/* -1, 0, 1; both are numbers. NaN compares as greater. */
int value_cmp_numbers(struct value a, struct value b);

/* Integer or decimal text, nothing around it. */
bool value_parse_number(struct str s, struct value *out);

/* ---- wildcards (eql_pattern.c) ----------------------------------------------------------------- */

struct pattern;

enum pattern_flags {
	PATTERN_FOLD = 1,   /* ignore case */
	PATTERN_ESCAPE = 2, /* a backslash takes the next character literally, as in Lucene */
};

struct pattern *pattern_new(struct arena *mem, struct str text, int flags);
bool pattern_match(const struct pattern *p, struct str s);
/* The whole pattern is this literal text, no wildcard. */
bool pattern_is_plain(struct str text);
/* The longest run of literal text in the pattern. */
struct str pattern_longest_literal(const struct pattern *p);

/* ---- addresses (eql_cidr.c) -------------------------------------------------------------------- */

struct cidr {
	unsigned char ip[16]; /* IPv4 as ::ffff:a.b.c.d */
	unsigned bits;        /* of 128 */
};

bool cidr_parse(struct str s, struct cidr *out);         /* address or address/bits */
bool cidr_ip(struct str s, unsigned char out[16]);
bool cidr_has(const struct cidr *c, const unsigned char ip[16]);

/* ---- the tree ---------------------------------------------------------------------------------- */

enum node_kind {
	NODE_CONST,
	NODE_FIELD,
	NODE_CALL,    /* functions, and + - * / % and unary - under their function names */
	NODE_COMPARE,
	NODE_IN,      /* kid[0] in (kid[1] ...) */
	NODE_LIKE,    /* kid[0] : (kid[1] ...) */
	NODE_REGEX,
	NODE_IS_NULL, /* kid[0] == null; made by folding */
	NODE_NOT,
	NODE_AND,
	NODE_OR,
};

enum compare_op { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE };

struct eql_function;
struct eql_regex;
struct value_set;
struct constant;

struct node {
	enum node_kind kind;
	enum compare_op op;  /* NODE_COMPARE */
	bool fold;           /* ~ */
	bool optional;       /* ?field */
	bool negate;         /* a leaf: its outcome is turned round; made of != */
	bool may_fault;      /* holds an integer division or other arithmetic that can fail */
	unsigned depth;
	unsigned cost;
	size_t from, to;     /* bytes of the query */
	struct value value;  /* NODE_CONST */
	struct str name;     /* NODE_FIELD */
	size_t field;        /* NODE_FIELD: index into eql.fields */
	size_t var;          /* NODE_FIELD: which variable of its leaf */
	const struct eql_function *fn;
	struct node **kid;
	size_t n;
	/* Compiled: */
	struct node **order;       /* NODE_AND, NODE_OR: kids, cheapest first */
	struct node **vars;        /* a leaf's fields; each is a variable of its own */
	size_t n_vars;
	const struct constant *constant; /* NODE_COMPARE: the literal, coerced every way */
	const struct value_set *set;     /* NODE_IN, NODE_LIKE: exact elements */
	struct pattern **patterns;       /* NODE_LIKE, and calls that are wildcard queries */
	size_t n_patterns;
	struct eql_regex *regex;         /* NODE_REGEX */
	struct cidr *cidrs;              /* cidrMatch */
	size_t n_cidrs;
};

struct eql_pipe {
	bool tail;
	size_t n;
};

struct eql;

struct eql_query {
	bool any;
	struct str category;
	struct node *root;
	struct eql_pipe *pipes;
	size_t n_pipes;
};

/* The syntax alone. */
bool eql_parse(struct eql_ctx *cx, struct eql_query *out);

struct node *eql_node(struct eql_ctx *cx, enum node_kind kind, size_t from, size_t to);
/* Gives a node its kids; false (and an error) when the tree gets too deep. */
bool eql_adopt(struct eql_ctx *cx, struct node *parent, struct node **kids, size_t n);

/* ---- functions ----------------------------------------------------------------------------------*/

struct eql_run;

struct eql_function {
	const char *name;
	const char *args; /* a letter an argument: s string, n number, i integer, b boolean, a any,
			   * k constant string; capitals are optional; a trailing + repeats the last */
	char returns;     /* s n b */
	bool tilde;       /* has a ~ form */
	bool may_fault;
	struct value (*call)(struct eql_run *run, const struct node *call, const struct value *arg);
};

#define EQL_ARGS_MAX 64

const struct eql_function *eql_function_find(struct str name);
const struct eql_function *eql_function_arithmetic(char op); /* + - * / % and n for unary minus */

/* The name nearest to a misspelt one, or NULL. */
const char *eql_function_nearest(struct str name);

/* Unknown functions, argument counts and types, comparisons that ES refuses. */
bool eql_check_condition(struct eql_ctx *cx, struct node *n);

/* Constants folded, == true and null tests rewritten, the literal moved to the right. NULL on
 * failure (division by zero). */
struct node *eql_fold(struct eql_ctx *cx, struct eql *q, struct node *n);
char eql_type(const struct node *n);     /* b n s, 0 for null, ? for a field */

/* ---- compiled ---------------------------------------------------------------------------------- */

/* A literal as it looks to each type of value. */
struct constant {
	struct value value;
	struct str text;
	bool has_number, has_bool, has_date, has_cidr;
	struct value number;
	bool truth;
	int64_t from_ms, to_ms; /* the span of time that a date text stands for */
	struct cidr cidr;
};

/* Only a field's values are compared as dates. False for null. */
bool constant_init(struct constant *c, struct value v, bool field, struct arena *mem);
void constant_address(struct constant *c); /* for a field that holds addresses */

/* Null when v is null. */
struct value constant_compare(const struct constant *c, enum compare_op op, struct value v);

struct set_options {
	bool fold;  /* ignore case */
	bool field; /* of a field's values */
	bool ip;    /* of a field that holds addresses */
};

const struct value_set *value_set_new(struct arena *mem, struct node *const *kids, size_t n,
	const struct set_options *o);
bool value_set_has(const struct value_set *set, struct value v);
bool value_set_has_text(const struct value_set *set, struct str s); /* the spelling alone */

struct eql {
	struct arena mem;
	struct str text; /* own copy */
	struct eql_query query;
	struct str *fields; /* [0] is the category field */
	size_t n_fields;
	bool *asked;        /* of each field: it is not always written as ?field */
	size_t ignore_above; /* 0 = off */
	size_t max_vars;
	struct eql_regex **regexes;
	size_t n_regexes;
};

/* Compiles the leaves: patterns, sets, regexes, the order of evaluation. */
bool eql_bind_condition(struct eql_ctx *cx, struct eql *q, struct node *n);
bool eql_bind_expression(struct eql_ctx *cx, struct eql *q, struct node *n);
bool eql_is_leaf(const struct node *n);

struct eql_regex *eql_regex_new(struct eql_ctx *cx, const struct node *n);
void eql_regex_free(struct eql_regex *r);
struct value eql_regex_match(struct eql_run *run, const struct eql_regex *r, struct str s);
/* Lucene's syntax as PCRE2's; false with the reason. */
bool eql_regex_translate(struct str lucene, bool wrapped, struct buf *out, struct err *err);

/* ---- running ------------------------------------------------------------------------------------ */

struct field_slot {
	uint64_t seen; /* the document for which it was looked up */
	struct value *v;
	size_t n, cap;
};

struct eql_run {
	const struct eql *q;
	const struct json *doc;
	uint64_t serial;
	struct field_slot *slots;
	struct value *vars;  /* the values that the current leaf is trying */
	size_t *digits;
	struct arena made;   /* text made by functions for one try */
	struct eql_regex_run *regex; /* NULL when there is none */
	const char *fault;   /* why this document could not be judged; NULL when it could */
};

void eql_run_document(struct eql_run *run, const struct json *doc);
struct field_slot *eql_run_field(struct eql_run *run, size_t field);
struct value eql_eval(struct eql_run *run, const struct node *n);
bool eql_test(struct eql_run *run, const struct node *n);
bool eql_test_category(struct eql_run *run);
bool eql_test_leaf(struct eql_run *run, const struct node *n); /* run->vars: what decided */
struct value eql_fault(struct eql_run *run, const char *why);  /* the first one stays; null */

#endif
