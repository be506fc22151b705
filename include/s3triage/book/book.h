/*
 * book/book: what is known of accounts: whose they are, and of what kind. Read from accounts.toml
 * and from lists that other tools write; told apart by content. Pure: text in, entries out.
 */
#ifndef S3TRIAGE_BOOK_BOOK_H
#define S3TRIAGE_BOOK_BOOK_H

#include "s3triage/base/err.h"
#include "s3triage/base/str.h"
#include "s3triage/event/alert.h"

#define BOOK_BYTES_MAX ((size_t)64 << 20) /* of one file */
#define BOOK_ACCOUNTS_MAX 1000000
#define BOOK_PROBLEMS_MAX 1000            /* kept in full; more are only counted */

#define BOOK_SHOWN_MAX 32

enum account_kind {
	ACCOUNT_UNKNOWN,      /* not in the book, or nobody said */
	ACCOUNT_ORGANISATION, /* one of ours */
	ACCOUNT_APPROVED,     /* somebody else's, and agreed on */
	ACCOUNT_VENDOR,       /* a known company's; says nothing about an agreement */
	ACCOUNT_FLAGGED,      /* known to be bad */
};
#define ACCOUNT_KINDS 5

const char *account_kind_name(enum account_kind k); /* unknown organisation approved vendor flagged */
bool account_kind_parse(struct str text, enum account_kind *out);

enum book_format { BOOK_EMPTY, BOOK_TOML, BOOK_ORGANIZATIONS, BOOK_CSV, BOOK_LIST, BOOK_YAML,
	BOOK_PROFILES };

/* One account. All slices belong to the book. */
struct book_entry {
	struct str account; /* 12 digits */
	struct str name, owner, note;
	struct str source;  /* where it is known from: an URL, a ticket */
	enum account_kind kind;
	struct str state;   /* AWS's word where it is not active: SUSPENDED, CLOSED, PENDING_CLOSURE ... */
	struct str file;    /* and line: where the entry stands */
	unsigned long line;
};

/* One file that was read. */
struct book_file {
	struct str path;
	enum book_format format;
	size_t accounts;  /* entries that were good, those that were known already included */
	size_t repeated;  /* of these: known already, and saying the same */
	size_t conflicts; /* of these: known already, and saying something else */
	size_t malformed; /* entries that are no account; nothing else is lost by them */
};

struct book;
struct book *book_new(void);
void book_free(struct book *b);

/* Adds a file's accounts. False and err only when the whole is unreadable (no such file, not a
 * format that we know, text that does not parse): then nothing of it is added. Of an account that
 * is known already the earlier entry stands and its empty fields are filled in. A kind that differs
 * is a conflict, a name that differs with the same kind too; except that `unknown` and `vendor`
 * give way to any other kind without one (a vendor may be agreed on, but is not the organisation's
 * own), and that an account that is flagged anywhere is flagged. */
bool book_read(struct book *b, struct str text, const char *file, struct err *err);
bool book_load(struct book *b, const char *path, struct err *err);

const struct book_entry *book_find(const struct book *b, struct str account); /* NULL: not in it */
/* What it counts as: an account of the organisation that is not active is unknown. b may be NULL. */
enum account_kind book_kind(const struct book *b, struct str account);

/* What is shown of an entry's kind: "organisation", "suspended". NULL: "unknown". */
struct str book_kind_shown(const struct book_entry *e, char out[BOOK_SHOWN_MAX]);

/* How bad a destination is, 0 the least: its owner's own (claimed: 1), the organisation's, approved, a
 * vendor's, any of these but its own that is only claimed, unknown, not named, no account, flagged.
 * The index of the worst, of equals the first; 0 when there is none. b may be NULL. */
uint32_t dest_worst(const struct alert *a, const struct book *b);

size_t book_count(const struct book *b);
const struct book_entry *book_at(const struct book *b, size_t i); /* in order of reading */

size_t book_files(const struct book *b);
const struct book_file *book_file_at(const struct book *b, size_t i);

/* Conflicting and malformed entries, each with file and line, in order of reading. */
size_t book_problems(const struct book *b); /* all of them */
const struct err *book_problem_at(const struct book *b, size_t i); /* NULL past BOOK_PROBLEMS_MAX */

#endif
