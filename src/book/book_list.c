/*
 * book_list: the text of an Elastic value list, one account a line. Such a list says which
 * destinations a rule leaves alone: its accounts are approved.
 */
#include "book_priv.h"

#include "s3triage/base/lines.h"

bool book_read_list(struct reading *r, struct err *err)
{
	(void)err;
	struct str rest = r->text, line;
	for (unsigned long n = 1; lines_next(&rest, &line); n++) {
		struct str id = str_trim(line);
		if (id.n && id.p[0] != '#')
			book_offer(r, &(struct offer){.account = id, .kind = ACCOUNT_APPROVED,
				.line = n});
	}
	return true;
}
