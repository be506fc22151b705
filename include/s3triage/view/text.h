/*
 * view/text: a document of styled lines: what a pane shows. Built once per alert, laid out for a
 * width when drawn, searched as plain text.
 */
#ifndef S3TRIAGE_VIEW_TEXT_H
#define S3TRIAGE_VIEW_TEXT_H

#include "s3triage/base/mem.h"
#include "s3triage/view/canvas.h"

struct text_span {
	struct str s;
	enum role role;
};

struct text_line {
	const struct text_span *spans;
	size_t n;
	int indent; /* cells before the first and the wrapped lines */
	int hang;   /* further cells before the wrapped ones only */
};

struct text; /* grows by lines; owns copies of all it is given */

struct text *text_new(void);
void text_free(struct text *t);
void text_clear(struct text *t);

void text_span(struct text *t, enum role role, struct str s);
void text_fmt(struct text *t, enum role role, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void text_indent(struct text *t, int indent, int hang); /* of the line being built */
void text_end(struct text *t);                          /* ends the line */

size_t text_lines(const struct text *t);

/* Lays out for a width (cells); afterwards rows can be asked for. Cheap when nothing changed. */
void text_layout(struct text *t, int width);
size_t text_rows(const struct text *t);
size_t text_row_of(const struct text *t, size_t line); /* the line's first row */

/* Rows that hold `needle` without regard to ASCII case: the first at or after (before) `from`,
 * wrapping; STR_NONE when there is none. text_hits counts occurrences. */
size_t text_search(const struct text *t, struct str needle, size_t from, bool backwards);
size_t text_hits(const struct text *t, struct str needle);

/* Draws rows from `top` into r, `needle` (may be empty) marked. */
void text_draw(const struct text *t, struct canvas *c, struct rect r, size_t top,
	struct str needle);

#endif
