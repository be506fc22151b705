/*
 * A small RFC 4180 reader, so that tests see what a spreadsheet would. Quotes only at a cell's
 * start, doubled inside; CRLF ends a record; anything else is an error.
 */
#ifndef TESTS_CSV_READER_H
#define TESTS_CSV_READER_H

#include "s3triage/base/buf.h"

/* Takes one cell off the front of *rest into out; *last tells whether it ends its record. */
static inline bool csv_cell(struct str *rest, struct buf *out, bool *last)
{
	size_t i = 0;
	bool quoted = rest->n && rest->p[0] == '"';
	buf_clear(out);
	for (i = quoted; i < rest->n; i++) {
		char c = rest->p[i];
		if (quoted && c == '"') {
			if (i + 1 < rest->n && rest->p[i + 1] == '"')
				i++;
			else
				break;
		} else if (!quoted && (c == ',' || c == '\r')) {
			break;
		} else if (!quoted && (c == '"' || c == '\n')) {
			return false;
		}
		buf_char(out, c);
	}
	i += quoted;
	*last = i + 1 < rest->n && rest->p[i] == '\r' && rest->p[i + 1] == '\n';
	if (!*last && !(i < rest->n && rest->p[i] == ','))
		return false;
	*rest = str_sub(*rest, i + 1 + *last, rest->n);
	return true;
}

#endif
