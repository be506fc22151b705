/*
 * book_json: JSON of any program, several values in one file too: pages of `aws organizations
 * list-accounts` one after the other, or an account a line.
 */
#include "book_priv.h"

/* The place in the file, where that in one of its values is known. */
static bool fail_in(const struct reading *r, struct str rest, struct err *err)
{
	for (const char *c = r->text.p; err && c < rest.p; c++)
		err->line += *c == '\n';
	return false;
}

bool book_read_json(struct reading *r, struct err *err)
{
	AUTO(json_free_ptr) struct json *all = json_new_array();
	struct str rest = r->text;
	while (str_trim(rest).n) {
		size_t used = rest.n;
		if (!json_scan(rest, &used, NULL, NULL))
			used = rest.n;
		struct json *one = json_parse(str_sub(rest, 0, used), err);
		if (!one)
			return fail_in(r, rest, err);
		json_push(all, one);
		rest = str_sub(rest, used, rest.n);
	}
	book_tree(r, json_count(all) == 1 ? json_first(all) : all);
	return true;
}
