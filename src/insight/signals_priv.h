/*
 * signals_priv: what signals' files share: when something was first seen, and the look at one row.
 */
#ifndef SRC_INSIGHT_SIGNALS_PRIV_H
#define SRC_INSIGHT_SIGNALS_PRIV_H

#include "s3triage/base/table.h"
#include "s3triage/insight/signals.h"

#define SIGNALS_NEW_MS (INT64_C(7) * 24 * 3600 * 1000)

enum first_kind { FIRST_ACCOUNT, FIRST_PRINCIPAL, FIRST_ADDRESS, FIRST_COUNTRY, FIRST_BUCKET };

struct first {
	enum first_kind kind;
	struct str a, b; /* b: the address or country of principal a, the bucket of account a */
	int64_t at;
	struct str owner; /* of an account: whose bucket is copied there; the first that was met */
	bool shared;     /* another owner's, too */
};

/* Ready when zeroed. */
struct firsts {
	struct table table;
	struct first *v;
	size_t n, cap;
	struct arena mem;
};

/* True when something that was known turns out to be older than it was. */
bool firsts_note(struct firsts *f, const struct first *seen);
bool firsts_shared(const struct firsts *f, struct str account);
/* WHEN_NONE: never seen. */
int64_t firsts_when(const struct firsts *f, enum first_kind kind, struct str a, struct str b);
void firsts_fini(struct firsts *f);

struct signals {
	struct store *store;
	struct arena mem;   /* of the look at one row */
	struct signals_asks asks;
	struct firsts firsts;
	uint32_t *looked;   /* by row: the generation in which it was looked at; 0: never */
	size_t cap;
	uint32_t generation;
	size_t seen, seen_changes, next;
	bool news, counted; /* alerts came, or their facts, since `count` was asked; it was asked once */
};

/* One row as its signals see it. */
struct signal_look {
	struct signals *g;
	row_id row;
	const struct alert *alert;
	struct str principal;           /* in `acting`, or the alert's */
	char acting[ALERT_PRINCIPAL_MAX];
	signal_set bits;
	struct signs signs;
};

void signals_look(struct signals *g, row_id r, struct signal_look *out);

/* By how many ms the alert lies ahead of the clock, where that is more than clocks differ; else 0. */
int64_t signals_ahead(const struct signal_look *l);

/* Whether an enabled rule gives the copies to this destination, of another account. */
bool signals_overrides(const struct alert *a, const struct alert_dest *d);
/* Whether it names no account, or what is none. */
bool signals_untold(const struct alert_dest *d);
/* What of the change makes this signal: the kinds of its lines. */
signal_set signals_of_line(const struct diff_line *line);
/* Whether it is a known account, only claimed, with a bucket that is new with it; and one that no book
 * vouches for, of several owners. */
bool signals_unseen(const struct signal_look *l, const struct alert_dest *d);
bool signals_shared(const struct signal_look *l, const struct alert_dest *d);
/* Whether its account is such a one: flagged, unlisted or account-new. */
bool signals_knows(const struct signal_look *l, enum signal_index i, const struct alert_dest *d);

struct str signals_text(const struct signal_look *look, enum signal_index i, struct arena *mem);

#endif
