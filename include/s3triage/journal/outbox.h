/*
 * journal/outbox: which decisions still have to reach a shared place. A second SQLite file beside
 * the journal (JOURNAL.outbox, mode 0600), whose hash chain it never touches: it follows the
 * journal by sequence number, so a crash between the two loses nothing. A row per target and
 * decision; the decision itself stays in the journal.
 */
#ifndef S3TRIAGE_JOURNAL_OUTBOX_H
#define S3TRIAGE_JOURNAL_OUTBOX_H

#include "s3triage/journal/journal.h"

enum outbox_state {
	OUTBOX_PENDING,      /* waits, or may be tried again */
	OUTBOX_SENT,         /* left, nothing came back yet: what became of it is looked up first */
	OUTBOX_ACKNOWLEDGED, /* the target has it */
	OUTBOX_UNCHANGED,    /* the target said the same already */
	OUTBOX_FAILED,       /* refused; the reason says why */
	OUTBOX_CONFLICT,     /* somebody else decided; `reason` says who, what and when */
	OUTBOX_DROPPED,      /* never goes out: chosen so, or not for this target */
};
#define OUTBOX_STATES 7
const char *outbox_state_name(enum outbox_state s);

struct outbox;

/* Opens or makes the outbox of this journal (borrowed for the outbox's life). NULL and err. */
struct outbox *outbox_open(const char *journal_path, struct journal *j, struct err *err);
void outbox_close(struct outbox *o);

/* The journal's last row that went to any target, as the outbox beside it knows it: rows and head.
 * Nothing (rows 0) where there is no outbox, or one that cannot be read: opening it says that. */
void outbox_known(const char *journal_path, struct journal_known *out);

/* journal_history_of(), each decision with what the outbox beside the journal has of it in `unsent`. */
bool outbox_history(struct journal *j, const struct alert *a, journal_row_fn fn, void *ctx,
	struct err *err);

/* What is known of a target's name, appended likewise: the place that it stood for when it was used last, or
 * what the user said of it, for struct outbox_place's `moved`. */
enum outbox_past { OUTBOX_STOOD_FOR, OUTBOX_MOVED_FROM };
void outbox_recall(const char *journal_path, enum outbox_past what, struct str target, struct buf *out);

/* True when this outbox alone may send to the target now: until outbox_release() or outbox_close();
 * given back by the system when the process is killed. */
bool outbox_claim(struct outbox *o, struct str target);
void outbox_release(struct outbox *o, struct str target);

/* Where decisions may go: a profile's name, what it stands for (URL, index; another one is another
 * target), and whether it takes what its team decides about alerts of whatever origin. */
struct outbox_place {
	struct str name, place;
	bool team;
	bool alerts;     /* takes decisions about Kibana's alerts only */
	struct str url;  /* of the profile, also where it writes nothing and `place` is empty */
	struct str moved; /* places that the user said are this one (outbox_stay()): "MARK,MARK" */
};

/* By what a place is known where a URL is nothing for others: "URL.PLACE", 16 hex digits of the
 * SHA-256 of each; without the second for a profile that writes nothing. */
enum { OUTBOX_MARK = 40 };
void outbox_mark_of(const struct outbox_place *p, char out[OUTBOX_MARK]);

/* Whether a decision about an alert of this origin (see struct alert) goes to the profile: one that
 * it was read from, or a team's; never of the demo. Where the origin names another place that was
 * called so, that one's mark is appended to `mark` (may be NULL); where it knows the name alone, as
 * older versions wrote it, nothing is, and the place is in doubt. */
enum outbox_way { OUTBOX_NOT, OUTBOX_HERE, OUTBOX_BY_NAME, OUTBOX_ELSEWHERE };
enum outbox_way outbox_takes(const struct outbox_place *p, struct str origin, struct buf *mark);

/* The profiles of a run, or none with `home`; in words what decisions about these alerts will do:
 * "goes to prod, team (2); 1 stays here". How many stay. */
struct outbox_routes {
	const struct outbox_place *v;
	size_t n;
	bool home;
};
size_t outbox_say_routes(const struct outbox_routes *r, const struct alert *const *alerts, size_t n,
	struct buf *out);

/* Whether a decision goes to what has this name, by the configuration of this run: as above, and it was
 * made here, and not to stay here. */
bool outbox_wants(struct outbox *o, const struct outbox_place *p, const struct decision *d);

/* The teams' places, for journal_meant_for(). */
void outbox_teams(const struct outbox_routes *r, struct buf *out);

/* Makes a target known. Only decisions made after that go to it... */
bool outbox_target(struct outbox *o, const struct outbox_place *p, struct err *err);

/* True when the target stood for another place when it was used last, which is appended to `was`:
 * nothing is sent until one of the next two is called. */
bool outbox_moved(struct outbox *o, struct str target, struct buf *was);
/* The place is another, the target the same: what waits for the former one goes there. */
bool outbox_stay(struct outbox *o, struct str target, struct err *err);
/* All about a target, also about one that no profile has, but what was meant for the place that it
 * stands for in this run; *n: so many had not arrived. One that is made known begins anew. */
bool outbox_forget(struct outbox *o, struct str target, size_t *n, struct err *err);

/* How many wait for another place that the target's name stood for, and what sends or drops them, in
 * words: such never go to this one. 0: nothing is said. */
size_t outbox_held(struct outbox *o, struct str target, struct buf *out);
/* Drops those, and nothing else that waits. *n = how many. */
bool outbox_drop_held(struct outbox *o, struct str target, size_t *n, struct err *err);

/* Targets in the file that were not made known in this run, and how many wait for each. */
typedef void (*outbox_name_fn)(void *ctx, struct str name, size_t unsent);
bool outbox_orphans(struct outbox *o, outbox_name_fn fn, void *ctx, struct err *err);

/* ... and, when asked for, those made at `at` (ms) or later, too. *n = how many were added. */
bool outbox_since(struct outbox *o, struct str target, int64_t at, size_t *n, struct err *err);

/* Takes in the journal's new rows for every target made known in this run: call it after each
 * decision, and before reading. Cheap when there are none. Where the journal is not the one that was
 * followed (its row has another hash), what came after the last common row is made anew. */
bool outbox_sync(struct outbox *o, struct err *err);

/* Takes what the user must know of that, a line a target; nothing when all went as ever. */
void outbox_notice(struct outbox *o, struct buf *out);

struct outbox_entry {
	int64_t seq;              /* the decision's number in the journal */
	struct str target, key;
	struct str id;            /* the alert's, as --keep and --overwrite take it */
	enum outbox_state state;
	int64_t tries, at;        /* ms of the last change */
	struct str reason;
	struct str over;          /* what of the target's may be overwritten: see outbox_choose() */
	struct decision decision; /* empty when the journal has lost the row */
};
struct outbox_visit {
	void (*fn)(void *ctx, const struct outbox_entry *e); /* slices live for the call */
	void *ctx;
	size_t limit;             /* 0: no limit */
};

/* The oldest decision of each alert that is pending or sent, unless an older one of the same alert
 * is failed or in conflict; in order. */
bool outbox_due(struct outbox *o, struct str target, const struct outbox_visit *v, struct err *err);

/* All entries (an empty target, here and below: of those made known in this run), newest last;
 * finished ones only with `all`. */
bool outbox_list(struct outbox *o, struct str target, bool all, const struct outbox_visit *v,
	struct err *err);

/* One transaction that is on disk when this returns true. */
struct outbox_mark {
	int64_t seq, at;         /* at: ms */
	enum outbox_state state;
	struct str reason, over; /* over: what stands at the target, for a conflict */
};
bool outbox_mark(struct outbox *o, struct str target, const struct outbox_mark *marks, size_t n,
	struct err *err);

/* `over` of the alert's newest acknowledged entry before this one: what we left there last. */
void outbox_left(struct outbox *o, const struct outbox_entry *e, struct buf *out);

/* Failed ones (and only those) are pending again. */
bool outbox_retry(struct outbox *o, struct str target, size_t *n, struct err *err);

/* What becomes of conflicts: send ours over exactly that which was shown, or keep theirs and drop
 * all of ours about that alert. */
struct outbox_choice {
	struct str target, id; /* of the alert, or its event, or the key; empty: all */
	bool overwrite;
};
bool outbox_choose(struct outbox *o, const struct outbox_choice *c, size_t *n, struct err *err);

struct outbox_counts {
	size_t n[OUTBOX_STATES];
};
bool outbox_count(struct outbox *o, struct str target, struct outbox_counts *out, struct err *err);

/* How many have not arrived and are not dropped. */
size_t outbox_unsent(const struct outbox_counts *c);

/* "2 pending, 1 conflict"; empty when nothing waits and nothing failed. */
void outbox_say(const struct outbox_counts *c, struct buf *out);

/* The name by which a team knows an alert: "RULE_ID:EVENT_ID" when both are there (the same for
 * Kibana's alert and a match in a file), else the alert's id; longer than 400 bytes: SHA-256. Behind
 * it stands "~" and a digest where another alert, of other content, has that name already. */
void outbox_key(const struct decision *d, struct buf *out);

/* The key under which the decision of journal row `seq` waits, or left; nothing when it does not. */
void outbox_key_of(struct outbox *o, int64_t seq, struct buf *out);

/* Whether these facts, as a decision keeps them, are another alert's than those that it is about. */
bool outbox_other(const struct decision *d, struct str facts);
/* Another alert has the entry's name at the target: from now on it goes by one of its own. False when
 * it does already, or on failure. */
bool outbox_apart(struct outbox *o, const struct outbox_entry *e, struct err *err);

/* What a decision says of the journal that it comes from: the hash of its first row, which tells one
 * journal from another, and its last row when it was sent. False when there is none. */
struct outbox_from {
	char first[65];
	struct journal_known last;
};
bool outbox_from(struct outbox *o, struct outbox_from *out);

/* ---- what others decided, read back from a target -------------------------------------------- */

struct outbox_theirs {
	struct str key, hash;     /* the alert, and the name of this decision there */
	struct str alert_id, event_id, rule_id;
	struct str analyst;
	struct str restored_by;   /* who put it there by taking his own back; empty: the analyst himself */
	int64_t at, read;         /* when it was made by their clock, and learned by ours */
	enum verdict verdict;
	struct str reason, note;
	struct str facts;         /* as export_facts() writes them */
	struct str approval;      /* a JSON object: the approval that it follows; or empty */
	struct str journal;       /* see outbox_from: first and last; empty, and 0 rows: not said */
	struct journal_known last;
	bool mine;                /* put there under the name of the one who reads */
};

/* Takes in another's decision: a row of the journal under their name, once. *fresh = it was new.
 * Refused with ERR_CONFLICT while a decision of ours about the alert still waits for the target, with
 * ERR_INPUT when its names and its facts are not of one alert, or not of the one known here. That it
 * knows rows of this journal that are gone is left to outbox_notice(): a place that others may write
 * stops nothing. */
bool outbox_learn(struct outbox *o, struct str target, const struct outbox_theirs *t, bool *fresh,
	struct err *err);

/* The approval of journal row `id` as an object for others: number, who granted it and when, terms,
 * the hash of its row; *by = who granted it. Nothing when there is none. */
void outbox_approval(struct outbox *o, int64_t id, struct buf *out, struct buf *by);

/* Whether whoever made the decision of `e` could have known the target's decision `hash`: it is one
 * of the journal's own rows up to it, or was learned before it, or left from here and is in the
 * journal no longer. Of *e seq, target and the decision's ids and facts count. */
enum outbox_knew {
	OUTBOX_STRANGE, OUTBOX_KNEW,
	OUTBOX_OVERTAKEN, /* ours, but later than e */
	OUTBOX_UNLIKE,    /* about other facts */
};
enum outbox_knew outbox_knew(struct outbox *o, const struct outbox_entry *e, struct str hash);

/* How far the target was read, a text of its own; empty at first. */
bool outbox_mark_read(struct outbox *o, struct str target, struct str upto, struct err *err);
void outbox_read_upto(struct outbox *o, struct str target, struct buf *out);

#endif
