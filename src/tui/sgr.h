/*
 * sgr: how a cell looks, as the bytes that make a terminal show it so. Private to tui.
 */
#ifndef TUI_SGR_H
#define TUI_SGR_H

#include "s3triage/config/config.h"
#include "s3triage/base/mem.h"
#include "term.h"

#define GROUNDS 3

struct sgr {
	const struct theme *theme;
	int colours;
	bool rgb;
	struct arena mem;
	struct str text[ROLE_COUNT][2][GROUNDS];
	bool plain[ROLE_COUNT][2][GROUNDS]; /* a blank in it looks like an erased cell */
};

void sgr_init(struct sgr *s, const struct theme *theme, const struct term *t);
void sgr_fini(struct sgr *s);

/* Which of the GROUNDS a cell lies on. */
int sgr_ground(const struct cell *c);

#endif
