/*
 * Any bytes as a list of accounts: read twice into one book, every entry must be an account, be found,
 * and be the same the second time.
 */
#include "s3triage/book/book.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct book *b)
{
	for (size_t i = 0; i < book_count(b); i++) {
		const struct book_entry *e = book_at(b, i);
		if (e->account.n != 12 || !str_digits(e->account) || book_find(b, e->account) != e)
			abort();
		if ((unsigned)e->kind >= ACCOUNT_KINDS || e->name.n > 500)
			abort();
	}
	for (size_t i = 0; i < book_problems(b) && i < BOOK_PROBLEMS_MAX; i++)
		if (!book_problem_at(b, i)->text[0])
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct book *b = book_new();
	struct err err = {0};
	bool read = book_read(b, text, "a", &err);
	if (read == (err.code != ERR_NONE) || (!read && book_count(b)))
		abort();
	check(b);
	size_t n = book_count(b);
	if (read && (!book_read(b, text, "b", &err) || book_count(b) != n))
		abort();
	check(b);
	book_free(b);
	return 0;
}
