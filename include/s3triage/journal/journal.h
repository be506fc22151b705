/*
 * journal/journal: the record of decisions, ticks and approvals. SQLite (WAL, synchronous=FULL),
 * append-only by triggers, hash-chained, mode 0600. Several consoles may write at once; each sees
 * the others' rows through journal_poll().
 */
#ifndef S3TRIAGE_JOURNAL_JOURNAL_H
#define S3TRIAGE_JOURNAL_JOURNAL_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"
#include "s3triage/journal/terms.h"
#include "s3triage/journal/tick.h"
#include "s3triage/alert/verdict.h"

struct journal;

#define JOURNAL_SCHEMA 1
#define JOURNAL_ANALYST_MAX 200 /* bytes */

/* Whether the database's file and those that SQLite keeps beside it, from which it would take rows,
 * are in nobody else's hands. */
bool journal_guarded(const char *path, struct err *err);

/* Opens or makes it (and its folder, 0700). `read_only` never creates or changes a file. NULL and
 * err: ERR_INPUT for a file that is no journal, is of a newer schema or, for writing, has anything
 * in its schema that this program does not make; ERR_IO for the rest. */
struct journal *journal_open(const char *path, bool read_only, struct err *err);
void journal_close(struct journal *j);
const char *journal_path(const struct journal *j); /* as it was opened */

/* Who decides, and when. */
struct journal_author {
	struct str analyst;
	int64_t at; /* ms: the clock of this machine, as it is */
};

/* By how many ms the row before the newest one that this handle wrote lies ahead of it: a clock was
 * or is wrong, and both times are kept. 0 when it does not, or by less than JOURNAL_JUMP. */
#define JOURNAL_JUMP 60000
int64_t journal_ahead(const struct journal *j);
/* What is decided through this handle from now on never leaves: no outbox takes it, on this machine
 * or another, nor what takes it back. */
void journal_stay_home(struct journal *j);

/* It is not known to be whole: from now on this handle records one verdict at a time, which somebody looked
 * at, and nothing of what decides, takes back or brings back several at once. */
void journal_singly(struct journal *j);
/* Whether so many may be recorded at once. */
bool journal_takes(const struct journal *j, size_t n, struct err *err);

/* What is decided through this handle from now on is meant for these places of teams ("NAME@MARK,...",
 * see outbox.h) and for no other one's, whichever outbox takes it in, and when; nor what takes it back. */
void journal_meant_for(struct journal *j, struct str teams);

/* Where a decision of somebody else was read: the profile's name, when it was made by its maker's
 * clock, its name there, the approval that it follows as a JSON object (or nothing), and the name that
 * its alert has there where that is not the plain one (outbox.h), or nothing. */
struct journal_learned {
	struct str from;
	int64_t at;
	struct str hash, approval, key;
};

/* What is to be decided of one alert. */
struct journal_entry {
	const struct alert *alert;
	enum verdict verdict;
	struct str reason, note;
	int64_t approval; /* the approval that it follows, or 0; -1: one of somebody else's journal */
	bool careful;     /* nobody's word that came after `knew` is replaced by this */
	int64_t knew;     /* seq of the alert's newest decision that was seen, 0: none */
	int64_t instead;  /* the approval that had closed the alert and holds no more, or 0 */
	bool *recorded;   /* NULL, or is told whether a row was appended for it */
	const struct journal_learned *learned; /* NULL: it is made here. Their time never becomes ours */
};

/* Asked behind each row that is appended (1, 2, ... of the transaction): false takes all of them
 * back, with ERR_STOPPED. For long batches: to tell how far they are, and to stop. NULL: none. */
typedef bool (*journal_go_on_fn)(void *ctx, size_t done);
void journal_watch(struct journal *j, journal_go_on_fn go_on, void *ctx);

/* Appends all entries in one transaction that is on disk when this returns true; none of them
 * when it returns false: ERR_LIMIT for a reason or note that is too long, ERR_USAGE without an
 * analyst, ERR_IO when the disk is full or may not be written, ERR_CONFLICT when an entry is
 * careful and another analyst spoke since (journal_conflict() words it). seq, from, hash and batch
 * are made here, `from` inside the transaction. An entry that follows an approval is left out when,
 * by then, the alert is no longer as the approval found it (open; or, to reopen it, closed by it). */
bool journal_decide(struct journal *j, const struct journal_entry *entries, size_t n,
	const struct journal_author *author, struct err *err);

/* Every row after the last one seen by this handle, in order, the own ones included: call it
 * after opening, after each decide/undo/redo, and when journal_changed() says so. The row lives
 * for the call; fn must not call the journal. */
typedef void (*journal_row_fn)(void *ctx, const struct decision *d);
bool journal_poll(struct journal *j, journal_row_fn fn, void *ctx, struct err *err);

/* Besides decisions the chain holds ticks and approvals. journal_poll() hands them to these, if
 * they are set; they stay set. Decisions come here, too, before they go to the poll's own function.
 * Call it before the first poll. */
struct journal_listener {
	void *ctx;
	void (*decision)(void *ctx, const struct decision *d);
	void (*tick)(void *ctx, const struct tick *t);
	void (*approval)(void *ctx, const struct approval_row *r);
};
void journal_listen(struct journal *j, const struct journal_listener *l);

/* Ticks a step of an alert or takes the tick back: alert, step, done and text of *t count. On disk
 * when it returns true; heard of through journal_poll(). ERR_LIMIT as with decisions. */
bool journal_tick(struct journal *j, const struct tick *t, const struct journal_author *author,
	struct err *err);

/* Grants an approval; *id is what it is called from now on. The caller has checked its terms
 * (approval_check). */
bool journal_approve(struct journal *j, const struct approval *terms,
	const struct journal_author *author, int64_t *id, struct err *err);

/* Ends one before its time; ERR_INPUT when there is none with this id or it was ended already. */
bool journal_approval_end(struct journal *j, int64_t id, struct str reason,
	const struct journal_author *author, struct err *err);

/* Turns on or off that it decides without being asked. */
bool journal_approval_automatic(struct journal *j, int64_t id, bool on,
	const struct journal_author *author, struct err *err);

/* Cheap: has any console written since the last poll? (PRAGMA data_version) */
bool journal_changed(struct journal *j);

/* What became of the file that this handle has open. Nothing is recorded in one that is not in its place:
 * such rows would go with the handle. Cheap. *err says what, but in place. */
enum journal_place {
	JOURNAL_IN_PLACE,
	JOURNAL_GONE,  /* deleted or moved */
	JOURNAL_OTHER, /* another file is there */
	JOURNAL_COPY,  /* another file is there, with all rows that this handle knows of */
	JOURNAL_CUT,   /* the file is there, and rows that this handle knows of are not */
};
enum journal_place journal_in_place(struct journal *j, struct err *err);
/* The newest row that this handle recorded or polled. */
const struct journal_known *journal_knows(const struct journal *j);

/* All that this handle can read, as a journal (0600) in a new file, or one that has that already. True
 * when every row that the handle knows of is in it. */
bool journal_rescue(struct journal *j, const char *to, struct err *err);

/* "ID is suspicious by bob at ...", as ERR_CONFLICT. Returns false. */
bool journal_conflict(const struct decision *d, struct err *err);

/* What a decision is about, as `history` takes it: its id, or the beginning of a long one, and behind ~
 * the digits of its content. An id alone may stand for several things. */
#define JOURNAL_ID_MAX 256
void journal_id(const struct decision *d, char out[JOURNAL_ID_MAX]);

/* What an undo or redo did. */
struct journal_taken {
	size_t n;      /* decisions changed; 0: nothing */
	size_t stays;  /* of the same batch: somebody else spoke since, and that stands */
	/* The last of those: what it is now, by whom, by which row, about which alert (journal_id). */
	enum verdict verdict;
	int64_t seq;
	char who[JOURNAL_ANALYST_MAX + 1], id[JOURNAL_ID_MAX];
	bool overrules; /* they stay because a redo would replace their word: the next call with `told` does */
	/* In and out: batches from here on of which nothing stands were told already, and are passed
	 * over. 0: none. Forget it when the analyst decides anew. */
	int64_t told;
};

/* Takes back (brings back) what still stands of the analyst's last batch; what another has decided
 * over since stays, and is counted. When nothing of it stands, n is 0 and `told` is set: the next
 * call with it goes on to the batch before. */
bool journal_undo(struct journal *j, const struct journal_author *author, struct journal_taken *t,
	struct err *err);
bool journal_redo(struct journal *j, const struct journal_author *author, struct journal_taken *t,
	struct err *err);

/* How many alerts have been decided whose id, or whose event's id, starts so: a rule's match and
 * Kibana's alert of one event are one. The last one's alert id into `id`. */
bool journal_find(struct journal *j, struct str start, struct buf *id, size_t *n, struct err *err);

/* Every row, whatever its kind, oldest first. Of what is no decision *d has what every row has; its
 * facts are the row's payload, a JSON object (JOURNAL.md). */
typedef void (*journal_log_fn)(void *ctx, struct str kind, const struct decision *d);
bool journal_log(struct journal *j, journal_log_fn fn, void *ctx, struct err *err);

/* All decisions of one alert (by alert id or event id), oldest first; those on the other recording of
 * the same call are among them. */
bool journal_history(struct journal *j, struct str id, journal_row_fn fn, void *ctx,
	struct err *err);
/* The same by all names of an alert that is at hand. */
bool journal_history_of(struct journal *j, const struct alert *a, journal_row_fn fn, void *ctx,
	struct err *err);

/* The newest decision of every alert, by seq: of an id that was used for several things (content.h)
 * the newest about each. */
bool journal_latest(struct journal *j, journal_row_fn fn, void *ctx, struct err *err);

/* How many rows there are and the newest row's hash ("" when there is none): what an export
 * carries, so that a journal whose tail was cut off can be told from it later. */
bool journal_head(struct journal *j, int64_t *rows, char head[65], struct err *err);

/* Whether row `seq` has this hash: checks a head noted down earlier against today's journal. */
bool journal_has(struct journal *j, int64_t seq, struct str hash);

/* A journal's head as it was last known outside it, and what was last sealed of it (seal.h); rows 0:
 * nothing is known. */
struct journal_known {
	int64_t rows, sealed, sealed_at; /* the last: when, ms */
	int64_t from;           /* rows that were there already when it was first known; -1: nobody noted */
	char head[128], root[128], origin[128];
	int64_t gone;           /* rows of another that was at this place, and is no more */
	char gone_head[128];
	char first[128], gone_first[128]; /* the hash of row 1, by which journals are told apart; or "" */
	char place[256];        /* the journal that the file says it is of */
};
bool journal_known_read(const char *file, struct journal_known *out, struct err *err);
bool journal_known_write(const char *file, const char *journal, const struct journal_known *k,
	struct err *err);
/* Whether the journal (NULL: there is none) still has that row; ERR_CONFLICT says what was known and
 * what is there now: nothing, an emptied one, an older copy, a rewritten one, another, or the one that was
 * gone before. For heads from elsewhere, too: an outbox, a team's index. */
bool journal_known_holds(struct journal *j, const struct journal_known *k, struct err *err);

/* The hash of its first row, "" when there is none. */
bool journal_first(struct journal *j, char out[65], struct err *err);
/* The same of the one that was gone: ERR_CONFLICT says that it is, or what of it is there. */
bool journal_gone_holds(struct journal *j, const struct journal_known *k, struct err *err);

/* From now on the newest row is written down in `file` (made with its folder, 0600) whenever this
 * handle records or polls rows. False when the journal no longer holds what is known there
 * (ERR_CONFLICT), or that cannot be read; then nothing is written down. */
bool journal_keep_head(struct journal *j, const char *file, struct err *err);
/* Why the newest row could not be written down, NULL when it could: what is recorded, is. */
const struct err *journal_head_trouble(const struct journal *j);
/* Goes on with the journal as it is: a row of its own says what was known, and what was there. The
 * newest row is kept in `file` (NULL: nowhere) from then on. */
bool journal_accept(struct journal *j, const struct journal_known *known, const char *file,
	const struct journal_author *author, struct err *err);
/* Whether that was done for this head; with `earlier` also for a later row than it: what stands with
 * others may be older than what was known here when rows were lost. */
bool journal_accepted(struct journal *j, const struct journal_known *k, bool earlier);

/* Checks the chain a piece at a time: at most `max` rows more (-1: all), from where the walk stands; all
 * zero is the beginning. w->rows = sound rows so far. */
struct journal_walk {
	int64_t rows, at;
	char prev[65];
	int64_t jumps;     /* rows that lie more than JOURNAL_JUMP before the row before them */
	int64_t jump, ms;  /* the last of those: its seq, and by how much */
	int64_t unread, unread_first; /* rows of a kind (which counts for nothing) or with a verdict (which
	                               * counts as open) that this version does not know; the first's seq */
};
bool journal_walk(struct journal *j, struct journal_walk *w, int64_t max, int64_t *broken,
	struct err *err);

/* The schema is what the program makes, and SQLite finds no fault in the file (integrity_check).
 * ERR_INPUT says what is strange. Reads the whole file. */
bool journal_examine(struct journal *j, struct err *err);
/* The same at a start, which must not take long: the pages of a journal of up to 16 MiB. */
bool journal_glance(struct journal *j, struct err *err);

/* Walks the chain from the first row, then journal_examine(). True when all is sound; else *broken
 * is the first bad seq, 0 when the rows are not what is wrong, and err says why. *rows = sound rows
 * before it; head (may be NULL) gets the last sound hash. Rows cut off at the end leave a shorter
 * chain that is intact: only journal_has() with an older head shows that. */
bool journal_verify(struct journal *j, int64_t *rows, int64_t *broken, char head[65],
	struct err *err);

#endif
