/*
 * desk/desk: what console and verbs work on and do alike: the alerts and their verdicts, the journal
 * and who listens to it, the account book, approvals, what was seen, ticks, signals and what stands
 * around the alerts. It prints nothing and asks nobody; what must be said goes to its listener.
 */
#ifndef S3TRIAGE_DESK_DESK_H
#define S3TRIAGE_DESK_DESK_H

#include "s3triage/account/approval.h"
#include "s3triage/book/book.h"
#include "s3triage/detect/rule.h"
#include "s3triage/insight/context.h"
#include "s3triage/insight/precedent.h"
#include "s3triage/insight/signals.h"

struct desk {
	struct store *store;
	struct signals *signals;     /* whoever shows them keeps them up to date */
	struct book *book;
	struct approvals *approvals; /* these three by the journal's rows */
	struct ticks *ticks;
	struct precedents *seen;
	struct context *context;     /* NULL: nothing is known of what stands around the alerts */
	struct rule *rule;           /* that made the alerts; its guide */
	struct journal *journal;     /* NULL: there is none, and nothing can be recorded */
	struct str analyst;          /* who sits here */
	char *journal_path;
	char *head_file;             /* where the journal's last head is kept */
	char *name_file;             /* where it would be if no part of the journal's name were a link; or NULL */
	bool gone;                   /* there was a journal, and its file is no more */
	bool unsound;                /* it was cut, replaced or changed: what acts by itself must not */
	int64_t (*now)(void *ctx);   /* as signals ask for it (insight/signals.h); NULL: nothing is dated ahead */
	void *now_ctx;
	struct buf told;             /* what was said of the journal at the start, in few words */
};

void desk_init(struct desk *d, bool context);
void desk_fini(struct desk *d); /* closes the journal, frees the rule */

/* The signals ask the book and the context from now on, as they are. */
void desk_ask(struct desk *d);

/* The journal tells approvals, ticks and what was seen of its rows. */
void desk_listen(struct desk *d);

/* Takes in the journal's new rows. True without a journal. */
bool desk_sync(struct desk *d, struct err *err);

#endif
