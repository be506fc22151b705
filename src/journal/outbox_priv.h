/*
 * outbox_priv: what the outbox's own files share.
 */
#ifndef SRC_JOURNAL_OUTBOX_PRIV_H
#define SRC_JOURNAL_OUTBOX_PRIV_H

#include "journal_priv.h"
#include "s3triage/journal/outbox.h"

#define CANNOT_WRITE "cannot write the outbox"

struct outbox {
	struct journal db;      /* only its connection and path: the helpers of journal_priv.h serve */
	struct journal *journal; /* borrowed */
	int lock;               /* of the file of locks; -1: not open */
	struct buf notice;      /* see outbox_notice() */
	bool told_head, told_mine; /* that a target knows of lost rows, of another journal of ours */
};

/* A target as it was followed last: rows up to `seen`, whose hash is `head`. */
struct follower {
	struct outbox_place place;
	int64_t seen;
	struct str head;
	int64_t since;          /* ms: of the last row when it became known */
	bool asked;             /* whatever teams there were when it was decided */
};

/* Hashes for what a version wrote that knew numbers alone. */
bool outbox_take_hashes(struct outbox *o, struct err *err);

/* Runs fn inside one immediate transaction. */
bool outbox_begin(struct outbox *o, struct err *err);
bool outbox_end(struct outbox *o, bool fine, struct err *err);

/* A statement with up to three texts bound; NULL and err. */
sqlite3_stmt *outbox_prepare(struct outbox *o, const char *sql, const struct str *texts, size_t n,
	struct err *err);

/* Steps a statement that answers no rows. *n (may be NULL) = rows changed. */
bool outbox_run(struct outbox *o, sqlite3_stmt *st, size_t *n, struct err *err);

/* What stands behind the plain name of outbox_key(): as at the target before, else nothing, or "~" and
 * the digest of other content than the first that was decided on under it. */
bool outbox_tail(struct outbox *o, struct str target, const struct decision *d, struct buf *out,
	struct err *err);
/* Whether `key` is that plain name, with or without a digest. */
bool outbox_key_fits(struct str key, struct str plain);

/* Whether a decision about these facts waits for the target, under that plain name. */
bool outbox_waits(struct outbox *o, const struct str *target_and_plain, struct str facts, bool *yes,
	struct err *err);

#endif
