/*
 * lines: walking lines, and turning a byte offset into a place that a person can find.
 */
#include "s3triage/base/lines.h"

#include "s3triage/base/utf8.h"

#include <stdio.h>

bool lines_next(struct str *rest, struct str *line)
{
	if (rest->n == 0)
		return false;
	*line = str_cut(rest, '\n');
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

/* Line and column (both from 1; columns in code points) of a byte offset; `line_text` (may be
 * NULL) gets the whole line. */
static void lines_place(struct str text, size_t offset, unsigned long *line, unsigned long *col,
	struct str *line_text)
{
	struct str before = str_sub(text, 0, offset);
	unsigned long n = 1;
	size_t at;
	while ((at = str_find_char(before, '\n')) != STR_NONE) {
		before = str_sub(before, at + 1, before.n);
		n++;
	}
	*line = n;
	*col = 1;
	size_t start = offset > text.n ? text.n - before.n : offset - before.n;
	while (before.n) {
		utf8_next(&before);
		++*col;
	}
	if (line_text) {
		struct str rest = str_sub(text, start, text.n);
		*line_text = (struct str){0};
		lines_next(&rest, line_text);
	}
}

/* Of a long line the excerpt is the part around the place. */
enum { EXCERPT_LEAD = 40, EXCERPT_MARGIN = 40, EXCERPT_CELLS = 120 };

bool lines_err_at(struct err *err, struct str text, size_t offset)
{
	if (!err)
		return false;
	struct str line;
	lines_place(text, offset, &err->line, &err->col, &line);
	err->excerpt_from = err->col > EXCERPT_LEAD + EXCERPT_MARGIN ? err->col - 1 - EXCERPT_LEAD : 0;
	for (unsigned long i = 0; i < err->excerpt_from && line.n; i++)
		utf8_next(&line);
	line = utf8_fit(line, EXCERPT_CELLS);
	snprintf(err->excerpt, sizeof(err->excerpt), "%.*s", STR_ARG(line));
	return false;
}
