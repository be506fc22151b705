/*
 * book_priv: what the readers of the book's formats share: entries are offered one by one, and
 * taken into the book together when the whole file could be read.
 */
#ifndef SRC_BOOK_BOOK_PRIV_H
#define SRC_BOOK_BOOK_PRIV_H

#include "s3triage/base/mem.h"
#include "s3triage/book/book.h"
#include "s3triage/event/json.h"

#define BOOK_TEXT_MAX 500 /* bytes of a name, an owner, a note; the rest is cut */

/* An entry as a file has it. With `wrong` it is a problem alone. */
struct offer {
	struct str account, name, owner, note, source;
	struct str kind_text;       /* empty: `kind` */
	enum account_kind kind;
	struct str state, status;   /* AWS's words, new and old: of an account that is not active */
	struct str arn, joined;     /* what only the organisation's own list says */
	struct str second;          /* another account in the same row */
	unsigned long line;
	const char *wrong;          /* in reading.mem, or static; NULL: an entry */
	bool remark;                /* `wrong` is told, but nothing was wrong with it */
};

struct reading {
	const char *path;
	struct str text;
	enum book_format format;
	struct arena mem;           /* for what the text does not hold as it is */
	struct offer *v;
	size_t n, cap;
	bool full;                  /* more than BOOK_ACCOUNTS_MAX */
	bool cut;                   /* the last page names a next one, which is not there */
	size_t unsaid;              /* accounts of which nothing says whose they are */
};

void book_offer(struct reading *r, const struct offer *o);
void book_wrong(struct reading *r, unsigned long line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* 12 digits, also as the console groups them: 1234-5678-9012. Empty when it is none. */
struct str book_account(struct str text, char out[12]);
bool book_is_account(struct str cell);

/* What a file offered, into the book. */
void book_take(struct book *b, struct reading *r);

/* ---- entries, whatever they are written in: book_row.c ----------------------------------------- */

/* The member of an offer that a title names, as an offset; STR_NONE: none. "Account ID", accountId
 * and account_id are one. */
size_t book_field_of(struct str title);

/* The member that a value without a title fills, by what it looks like. */
size_t book_field_by_value(const struct offer *o, struct str cell);

/* A cell as it was meant: without what a spreadsheet or a table puts around it; the empty slice for
 * the words that mean nothing. */
struct str book_cell(struct str cell);

void book_put(struct reading *r, struct offer *o, size_t field, struct str cell);

/* The entry is complete: which of its accounts, whose, in which state. Empty ones are passed over. */
void book_put_end(struct reading *r, struct offer *o);

bool book_is_kind(struct str cell);

/* Entries in a tree of objects and lists, whoever wrote it: book_tree.c */
void book_tree(struct reading *r, const struct json *root);

/* Each reads r->text into offers. False and err: not at all readable. */
bool book_read_toml(struct reading *r, struct err *err);
bool book_read_json(struct reading *r, struct err *err);
bool book_read_csv(struct reading *r, struct err *err);
bool book_read_yaml(struct reading *r, struct err *err);
bool book_read_lines(struct reading *r, struct err *err);

/* Whether a line is the first of a table: with a column of account ids, or with an id. */
bool book_csv_header(struct str line);
bool book_csv_has_account(struct str line);

/* Whether a text is the sections of ~/.aws/config, or blocks of "Key : value". */
bool book_is_lines(struct str line, struct str text);

#endif
