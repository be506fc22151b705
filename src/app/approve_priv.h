/*
 * approve: an approval being written, and what approvals propose being confirmed. approve.c has the
 * form, approve_fill.c what it starts with, propose.c the question, listing_proposals.c the table.
 */
#ifndef APP_APPROVE_PRIV_H
#define APP_APPROVE_PRIV_H

#include "listing_priv.h"

enum approve_line { APPROVE_ROLE, APPROVE_BUCKETS, APPROVE_ACTOR, APPROVE_TO, APPROVE_REGION,
	APPROVE_PARTITION, APPROVE_PREFIX, APPROVE_TAGS, APPROVE_KEY, APPROVE_STORAGE, APPROVE_PERSON,
	APPROVE_PROVIDER, APPROVE_ALSO, APPROVE_FROM, APPROVE_UNTIL, APPROVE_OWNER, APPROVE_TICKET, APPROVE_LINES };

/* An approval that is being written; behind the lines stands `automatic`. */
struct approve {
	struct line account, field[APPROVE_LINES];
	bool automatic;
	size_t at;    /* the field with the cursor */
	row_id *rows; /* open alerts of the account, as of `turn` */
	size_t n, turn;
};

/* The end of an approval, or a change of it, being confirmed. */
struct approval_edit {
	struct approval_change what;
	struct line reason;
};

/* What approvals propose, as of `turn` and `version`, and what is being asked about it. */
struct propose {
	bool made;
	int64_t only;
	size_t turn, version;
	struct approval_plan plan;
	int64_t asked;       /* the approval in question, 0: all */
	struct line confirm;
};

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
