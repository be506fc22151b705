/*
 * approve: an approval being written, and what approvals propose being confirmed. approve.c has the
 * form, approve_fill.c what it starts with, propose.c the question, listing_proposals.c the table.
 */
#ifndef APP_APPROVE_PRIV_H
#define APP_APPROVE_PRIV_H

#include "listing_priv.h"

/* The fields as the alert suggests them that it was begun from; ROW_NONE: the account's alerts. */
void approve_fill(struct app *a, row_id begun);

/* What the approvals propose now (of `only`, 0: of all). */
const struct approval_plan *propose_plan(struct app *a, int64_t only);

/* Asks whether it may be applied, unless nothing is proposed; then says so and returns false. */
bool propose_open(struct app *a, int64_t only);

/* Asks whether an approval may be changed so; a question follows about what changes with it. */
unsigned approval_edit_open(struct app *a, const struct approval_change *what);

/* How many alerts stand approved by it. */
size_t approval_edit_closed(const struct app *a, int64_t id);

#endif
