/*
 * desk/desk: what console and verbs work on and do alike: the alerts and their verdicts, the journal
 * and who listens to it, the account book, approvals, what was seen, ticks, signals and what stands
 * around the alerts. It prints nothing and asks nobody; what must be said goes to its listener.
 */
#ifndef S3TRIAGE_DESK_DESK_H
#define S3TRIAGE_DESK_DESK_H

#include "s3triage/account/approval.h"
#include "s3triage/account/unusual.h"
#include "s3triage/book/book.h"
#include "s3triage/desk/outgoing.h"
#include "s3triage/detect/rule.h"
#include "s3triage/insight/checklist.h"
#include "s3triage/insight/context.h"
#include "s3triage/insight/precedent.h"
#include "s3triage/insight/signals.h"
#include "s3triage/remote/asker.h"
#include "s3triage/scan/scan.h"

/* What is said to whoever listens: */
enum desk_word {
	DESK_NOTE,   /* for the log */
	DESK_FAILED, /* now */
	DESK_DONE,   /* now: what approvals did by themselves */
	DESK_ALARM,  /* from now on, wherever one looks; the text stays */
};

struct desk_listener {
	void *ctx;
	void (*decided)(void *ctx, const struct decision *d); /* a new row, own or not; the store has it */
	void (*say)(void *ctx, enum desk_word w, struct str text);
	void (*trouble)(void *ctx, const struct err *why); /* with the journal, as it is opened and read */
};

/* What long records are watched by: one begins (n rows; 0: not known), n rows are written (false: all of
 * it is taken back), it ends. */
enum desk_step { DESK_BEGINS, DESK_WRITES, DESK_ENDS };
typedef bool (*desk_watch_fn)(void *ctx, enum desk_step step, size_t n);

/* The guide that was read last: most alerts share theirs. */
struct desk_guide {
	struct arena mem;
	struct str note;
	struct checklist steps;
};

struct desk {
	struct store *store;
	struct signals *signals;     /* whoever shows them keeps them up to date */
	struct book *book;
	struct approvals *approvals; /* these three by the journal's rows */
	struct ticks *ticks;
	size_t tick_rows;            /* rows of these that were heard */
	struct precedents *seen;
	struct context *context;     /* NULL: nothing is known of what stands around the alerts */
	struct rule *rule;           /* that made the alerts; its guide */
	struct habits *habits;       /* made by desk_habits() */
	struct habits *usual;        /* of which signals tell: no verdict counts */
	struct desk_guide guide;     /* by desk_guide() */
	struct journal *journal;     /* NULL: there is none, and nothing can be recorded */
	struct str analyst;          /* who sits here */
	char *journal_path;
	char *head_file;             /* where the journal's last head is kept */
	char *name_file;             /* where it would be if no part of the journal's name were a link; or NULL */
	bool gone;                   /* there was a journal, and its file is no more */
	bool unsound;                /* it was cut, replaced or changed: what acts by itself must not */
	int64_t (*alerts_now)(void *ctx); /* as signals ask for it; NULL: nothing is dated ahead */
	void *alerts_ctx;
	struct buf told;             /* what was said of the journal at the start, in few words */
	int64_t (*now)(void);        /* ms */
	bool read_only;              /* nothing is to be recorded */
	struct desk_listener hears;  /* members that are NULL hear nothing */
	desk_watch_fn watch;         /* set by desk_watch() */
	void *watch_ctx;
	struct outgoing out;         /* where decisions go */
	struct asker *asker;         /* NULL: AWS cannot be asked */
	env_fn env;                  /* where home is */
	bool walks;                  /* the chain is looked through while one works; else it was before */
	struct journal_walk walk;    /* how far it is */
	bool unread;                 /* rows that mean nothing to this version were told */
	char broken[256];            /* what is wrong with it; empty: nothing */
	struct buf lost;             /* its file is not in its place any more, and so on; empty: it is */
	size_t applied;              /* alerts that automatic approvals looked at */
	int64_t looked;              /* ms: when it was last seen whether an approval has expired */
};

void desk_init(struct desk *d, bool context);
void desk_fini(struct desk *d); /* closes the journal, frees the rule */

/* The signals ask the book and the context from now on, as they are. */
void desk_ask(struct desk *d);

/* Opens the journal at `journal_path`. Where there is none and nothing is to be written, none is opened. One
 * that was cut, emptied or replaced since it was last used here is trouble, and an error for who would
 * write to it or is strict; one whose file is gone is trouble, and an error when its rows are to leave. */
enum { DESK_WRITE = 1, DESK_STRICT = 2, DESK_LEAVES = 4, DESK_ACCEPTS = 8 /* whatever became of it */ };
bool desk_open(struct desk *d, unsigned how, struct err *err);
/* And whether it was changed by other means: the whole chain, unless it `walks`. */
void desk_check(struct desk *d);

/* Heads that stand outside the journal: [0] kept at home, [1] in its outbox, [2] at home of the file that
 * had this name before the name, or a folder in it, became a link. And whether the journal holds one of
 * them still, or its loss was accepted. */
#define DESK_KNOWN 3
bool desk_known(const struct desk *d, struct journal_known known[DESK_KNOWN], struct err *err);
bool desk_known_holds(const struct desk *d, size_t i, const struct journal_known *k, struct err *err);
/* The longest head that is known here of the same journal at another place: it was moved, or is a copy.
 * rows 0: none. */
void desk_known_elsewhere(const struct desk *d, struct journal_known *out);
/* The same of one whose file was gone and in whose place another was begun: known[0] is that one. */
bool desk_gone_holds(const struct desk *d, struct journal_known known[DESK_KNOWN], struct err *err);

/* Takes in the journal's new rows. True without a journal. */
bool desk_sync(struct desk *d, struct err *err);

/* The same when there are new ones: other consoles' decisions, say. */
void desk_look(struct desk *d);

/* Takes in what a scan brought, and frees it. What is wrong with it is told. */
typedef void (*desk_problem_fn)(void *ctx, const struct scan_problem *p);
void desk_take(struct desk *d, struct scan_batch *b, desk_problem_fn tell, void *ctx);

/* Takes in the decided alerts that no source brought, from the facts that each decision keeps; with_open
 * also those whose newest verdict is open again. What cannot be read is trouble. True without a journal. */
bool desk_recall(struct desk *d, bool with_open, struct err *err);

/* ---- recording -------------------------------------------------------------------------------- */

/* In the analyst's name. True is on disk, and every new row was taken in; but with err set nothing could
 * be read back yet: it is recorded, and comes when it can be read. False: nothing is recorded and nothing
 * may be shown as decided. With ERR_CONFLICT another spoke since what the entries knew of, and that was
 * taken in. */
bool desk_decide(struct desk *d, const struct journal_entry *entries, size_t n, struct err *err);
bool desk_undo(struct desk *d, bool redo, struct journal_taken *taken, struct err *err);
bool desk_tick(struct desk *d, const struct tick *t, struct err *err);
bool desk_approve(struct desk *d, const struct approval *terms, int64_t *id, struct err *err);

/* Of a standing approval: its end, or whether it decides without being asked. */
struct approval_change {
	int64_t id;
	bool end, automatic;
	struct str reason; /* of the end */
};
bool desk_amend(struct desk *d, const struct approval_change *c, struct err *err);

/* approval_apply(). What is on disk is taken in, also when a later part failed. */
bool desk_apply(struct desk *d, struct approval_plan *p, bool automatic, struct err *err);

/* journal_history_of() with what became of each on its way to the team. True without a journal. */
bool desk_history(struct desk *d, const struct alert *a, journal_row_fn fn, void *arg, struct err *err);

void desk_watch(struct desk *d, desk_watch_fn fn, void *ctx); /* NULL: nobody */

/* Looks through so many more rows of the chain; -1: to its end. True: sound so far. */
bool desk_walk(struct desk *d, int64_t rows);

/* ---- what is known ------------------------------------------------------------------------------ */

/* A guide's steps (Markdown); they stay until another guide is asked for. */
const struct checklist *desk_guide(struct desk *d, struct str note);

/* The same for an alert, with its answers and ticks. */
struct desk_steps {
	row_id row;
	struct str guide;
	const struct checklist_known *said; /* of account and earlier verdicts; NULL: in words of its own */
};
void desk_steps(struct desk *d, const struct desk_steps *of, struct arena *mem, struct checklist *out);

/* context_timeline() of an alert; an empty guide is the rule's. */
int64_t desk_window(const struct desk *d); /* before and after, unless it is said otherwise */
void desk_timeline(const struct desk *d, row_id r, struct timeline_want want, struct arena *mem,
	struct timeline *out);

/* Whose word another verdict of the analyst would replace: store_word(). NULL: nobody's. */
const struct decision *desk_word(const struct desk *d, row_id r);

/* What is usual among the alerts; the desk's, and kept up to date by whoever asks it. */
struct habits *desk_habits(struct desk *d);

/* approval_plan() of these approvals, held against what is usual. */
void desk_plan(struct desk *d, const struct approvals *of, const struct approval_ask *ask,
	struct approval_plan *out);

/* ---- what is not recorded yet ------------------------------------------------------------------- */

/* A reason and a note, kept under a name (hex digits); both empty: no more. */
bool desk_draft_keep(const struct desk *d, const char *name, struct str reason, struct str note,
	struct err *err);
/* False: there is none. */
bool desk_draft(const struct desk *d, const char *name, struct buf *reason, struct buf *note);
/* Whether a version that named drafts by ids alone left one of that name: where it lies. */
bool desk_draft_old(const struct desk *d, const char *name, struct buf *path);

/* ---- what approvals do without being asked ----------------------------------------------------- */

/* Decides what automatic approvals fit, and opens what one closed that has ended, if alerts came since. */
void desk_act(struct desk *d);
/* Whether one has expired since this was asked last: then desk_act() looks at all alerts again. */
bool desk_expired(struct desk *d);

#endif
