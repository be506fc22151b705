/*
 * account/accounts: the alerts taken together by destination account, or by actor, bucket or role.
 * Kept up to date as alerts and decisions arrive. Owned by one thread; borrows the store.
 */
#ifndef S3TRIAGE_ACCOUNT_ACCOUNTS_H
#define S3TRIAGE_ACCOUNT_ACCOUNTS_H

#include "s3triage/base/buf.h"
#include "s3triage/book/book.h"
#include "s3triage/alert/store.h"

enum group_by { GROUP_ACCOUNT, GROUP_ACTOR, GROUP_BUCKET, GROUP_ROLE };
#define GROUP_BYS 4
const char *group_by_name(enum group_by by); /* account actor bucket role */
bool group_by_parse(struct str text, enum group_by *out);

struct group {
	struct str key;      /* empty: alerts that name none; of an actor alert_principal() */
	const struct alert *example; /* one of them */
	const struct book_entry *known; /* by account only; NULL: not in the book */
	size_t alerts;
	size_t verdicts[VERDICTS]; /* [VERDICT_OPEN]: still open */
	size_t accounts;     /* different destination accounts */
	size_t buckets, owners, actors, roles, regions; /* different ones, of what is replicated */
	int64_t first, last; /* ms, event times; WHEN_NONE when no alert has one */
	int signal;          /* the strongest */
};

/* How strong the signals of a row are; 0 none. */
typedef int (*group_signal_fn)(void *ctx, row_id r);

struct groups_setup {
	const struct store *store;
	enum group_by by;
	const struct book *book; /* may be NULL */
	group_signal_fn signal;  /* may be NULL */
	void *ctx;
};

struct groups;
struct groups *groups_new(const struct groups_setup *setup);
void groups_free(struct groups *g);

/* Takes in what happened to the store since the last call; true when anything on the list changed.
 * O(changed), except that an alert whose facts were replaced makes it count anew. */
bool groups_update(struct groups *g);
void groups_recount(struct groups *g); /* after a change of book or signals */

enum group_sort { GROUP_SORT_SIGNAL, GROUP_SORT_KEY, GROUP_SORT_NAME, GROUP_SORT_KIND, GROUP_SORT_OPEN,
	GROUP_SORT_ALERTS, GROUP_SORT_BUCKETS, GROUP_SORT_FROM, GROUP_SORT_ACTORS,
	GROUP_SORT_FIRST, GROUP_SORT_LAST };
#define GROUP_SORTS 11
const char *group_sort_name(enum group_sort s); /* signal key name kind open all buckets from … */
bool group_sort_parse(struct str text, enum group_sort *out);

/* Ties go by open alerts (most first), then by key. Starts as signal, descending. */
void groups_sort(struct groups *g, enum group_sort key, bool descending);

/* Words, all of which must be in key, name, owner or kind (ASCII case folded); empty: all. */
void groups_filter(struct groups *g, struct str words);

struct str groups_words(const struct groups *g);
enum group_sort groups_sorted(const struct groups *g, bool *descending);

/* What a row is called: the key; an actor's "deploy of 111122223333, IAMUser"; "not named". */
void group_label(const struct group *g, enum group_by by, struct buf *out);

size_t groups_count(const struct groups *g); /* on the list */
const struct group *groups_at(const struct groups *g, size_t i); /* until the next update */
size_t groups_index(const struct groups *g, struct str key); /* STR_NONE: not on the list */
const struct group *groups_find(const struct groups *g, struct str key); /* also if filtered out */

/* Rows of the group with this key in order of arrival: up to max into out; returns how many there are. */
size_t groups_rows(const struct groups *g, struct str key, row_id *out, size_t max);

#endif
