/*
 * base/toml private: the value, and the parser that the toml_*.c files share.
 */
#ifndef S3TRIAGE_SRC_BASE_TOML_PRIV_H
#define S3TRIAGE_SRC_BASE_TOML_PRIV_H

#include "s3triage/base/buf.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/table.h"
#include "s3triage/base/toml.h"

enum { TOML_DEPTH_MAX = 128, TOML_VALUES_MAX = 4 << 20, TOML_TEXT_MAX = 64 << 20 };

/* How a table or array came to be decides who may still add to it. */
enum toml_how {
	TOML_BY_VALUE,  /* written as a value, { } or [ ]: closed */
	TOML_BY_PARENT, /* only named on the way by [a.b]: may still be defined by [a] */
	TOML_BY_HEADER, /* [a] or [[a]] */
	TOML_BY_DOTS,   /* a.b = 1: later dotted keys may add, headers may add sub-tables */
};

struct toml_kids;

struct toml_value {
	uint8_t type, how, depth;
	uint32_t line, col;
	union {
		struct str text;
		int64_t integer;
		double number;
		bool flag;
		struct toml_kids *kids; /* arrays and tables; NULL while empty */
	};
};

struct toml_kids {
	struct toml_value **item;
	struct str *key; /* NULL in arrays */
	struct table table; /* of large tables, by key */
	uint32_t n, cap;
};

struct toml {
	struct arena arena;
	struct toml_value *root;
};

struct toml_parser {
	struct str text;
	size_t at;
	const char *file;
	struct err *err;
	struct toml *doc;
	struct buf scratch; /* the string that is being read */
	/* toml_read_value(), for the tables below it */
	struct toml_value *(*read_value)(struct toml_parser *p, unsigned depth, size_t place);
	size_t values;
	/* The place of the value made last; places are asked for in rising order. */
	size_t place_at;
	uint32_t line, col;
};

/* toml_scan.c: bytes, blanks, lines, errors. */
int toml_peek(const struct toml_parser *p, size_t ahead); /* -1 after the end */
bool toml_take(struct toml_parser *p, char c);
bool toml_take_newline(struct toml_parser *p); /* \n or \r\n */
void toml_skip_blanks(struct toml_parser *p);
bool toml_skip_lines(struct toml_parser *p);  /* blanks, newlines and comments */
bool toml_end_of_line(struct toml_parser *p); /* a comment may be before it */
bool toml_is_control(int c);                  /* not allowed in text */

/* Both record the place and return false. */
bool toml_fail(struct toml_parser *p, size_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool toml_expected(struct toml_parser *p, const char *what);

/* "..." or '...', with `multi` also the forms with three quotes. */
bool toml_string(struct toml_parser *p, bool multi, struct str *out);
bool toml_key(struct toml_parser *p, struct str *out);

/* Numbers, booleans and dates: everything written without quotes or brackets. */
bool toml_number(struct toml_parser *p, struct str token, struct toml_value *v);

/* Does token begin like a date or a time? Then toml_date() reads it. */
bool toml_is_date(struct str token);
bool toml_date(struct toml_parser *p, struct str token, struct toml_value *v);

/* toml_value.c. NULL when there are too many values, or too deep ones. */
struct toml_value *toml_new(struct toml_parser *p, enum toml_type type, size_t at);
struct toml_value *toml_find(const struct toml_value *table, struct str key);
void toml_add(struct toml *doc, struct toml_value *to, struct str key, struct toml_value *v);
bool toml_deepen(struct toml_parser *p, struct toml_value *v, unsigned depth, size_t at);

/* toml_table.c */
bool toml_header(struct toml_parser *p, struct toml_value **table); /* [a.b] or [[a.b]] */
bool toml_key_value(struct toml_parser *p, struct toml_value *table);

#endif
