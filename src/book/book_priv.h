/*
 * book_priv: what the readers of the book's formats share: entries are offered one by one, and
 * taken into the book together when the whole file could be read.
 */
#ifndef SRC_BOOK_BOOK_PRIV_H
#define SRC_BOOK_BOOK_PRIV_H

#include "s3triage/base/mem.h"
#include "s3triage/book/book.h"

#define BOOK_TEXT_MAX 500 /* bytes of a name, an owner, a note; the rest is cut */

/* An entry as a file has it. With `wrong` it is a problem alone. */
struct offer {
	struct str account, name, owner, note, source;
	struct str kind_text;       /* empty: `kind` */
	enum account_kind kind;
	unsigned long line;
	const char *wrong;          /* in reading.mem, or static; NULL: an entry */
	bool remark;                /* `wrong` is told, but nothing was wrong with it */
};

struct reading {
	const char *path;
	struct str text;
	struct arena mem;           /* for what the text does not hold as it is */
	struct offer *v;
	size_t n, cap;
	bool full;                  /* more than BOOK_ACCOUNTS_MAX */
};

void book_offer(struct reading *r, const struct offer *o);
void book_wrong(struct reading *r, unsigned long line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* 12 digits, also as the console groups them: 1234-5678-9012. Empty when it is none. */
struct str book_account(struct str text, char out[12]);

/* What a file offered, into the book. */
void book_take(struct book *b, struct reading *r, enum book_format format);

/* Each reads r->text into offers. False and err: not at all readable. */
bool book_read_toml(struct reading *r, struct err *err);
bool book_read_json(struct reading *r, struct err *err);
bool book_read_csv(struct reading *r, struct err *err);
bool book_read_list(struct reading *r, struct err *err);
bool book_read_yaml(struct reading *r, struct err *err);

/* Whether a line is the first of a CSV file with a column of account ids. */
bool book_csv_header(struct str line);

#endif
