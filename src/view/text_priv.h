/*
 * text_priv: how a document lies in memory; shared by text.c, text_layout.c and text_draw.c.
 */
#ifndef S3TRIAGE_VIEW_TEXT_PRIV_H
#define S3TRIAGE_VIEW_TEXT_PRIV_H

#include "s3triage/view/text.h"

#define TEXT_LINES_MAX 200000
#define TEXT_BYTES_MAX ((size_t)32 << 20)
#define TEXT_LINE_MAX ((size_t)1 << 20)

struct line {
	struct text_line shown;
	struct str all; /* the spans' text, end to end */
};

/* One row on the screen: bytes [from, to) of a line. */
struct text_row {
	uint32_t line, from, to;
};

struct text {
	struct arena mem;
	struct line *lines;
	size_t n_lines, cap_lines;
	bool said_full;

	struct buf building; /* the line that is being built, and its spans' roles and lengths */
	struct text_span *spans;
	size_t n_spans, cap_spans;
	int indent, hang;

	int width; /* that `rows` are for; -1: none */
	struct text_row *rows;
	size_t n_rows, cap_rows;
};

/* Cells before a row of this line, at this width. */
int text_margin(const struct text_line *line, int width, bool wrapped);

#endif
