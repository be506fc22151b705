/*
 * checklist_priv: what reading a guide shares between its files: one line as Markdown sees it.
 */
#ifndef SRC_INSIGHT_CHECKLIST_PRIV_H
#define SRC_INSIGHT_CHECKLIST_PRIV_H

#include "s3triage/base/buf.h"
#include "s3triage/insight/checklist.h"

enum guide_line_kind { GUIDE_BLANK, GUIDE_HEADING, GUIDE_ITEM, GUIDE_FENCE, GUIDE_TEXT };

struct guide_line {
	enum guide_line_kind kind;
	size_t indent;   /* blanks before it, a tab counts as four */
	size_t level;    /* of a heading: 1 to 6; 7 for a line that is all bold */
	struct str text; /* without the mark */
};

struct guide_line guide_line_read(struct str line);

/* Text without marks of emphasis, code and links, blanks run together; appended. */
void guide_plain(struct str markdown, struct buf *out);

/* Bits of the answers that a step's words ask for. */
uint32_t checklist_asks(struct str text);

#endif
