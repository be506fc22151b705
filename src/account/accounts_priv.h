/*
 * accounts_priv: what the files of accounts share: groups, and the counting of different values.
 */
#ifndef SRC_ACCOUNT_ACCOUNTS_PRIV_H
#define SRC_ACCOUNT_ACCOUNTS_PRIV_H

#include "s3triage/base/table.h"
#include "s3triage/account/accounts.h"

#define GROUP_NONE TABLE_NONE

/* What a group counts the different values of. */
enum dimension { DIM_ACCOUNT, DIM_BUCKET, DIM_OWNER, DIM_ACTOR, DIM_ROLE, DIM_REGION, DIMENSIONS };

/* Pairs of a group and a value of a dimension that were met: the pointer of an interned text, or a
 * hash. */
struct pair {
	uint64_t value;
	uint32_t group, dimension;
};

struct pairs {
	struct table table;
	struct pair *v;
	size_t n, cap;
};

/* True when the pair is new. The value 0, of which nothing is known, never is. */
bool pairs_add(struct pairs *p, uint32_t group, enum dimension d, uint64_t value);
void pairs_fini(struct pairs *p);

struct link {
	row_id row;
	uint32_t next;       /* index + 1 of the group's next link; 0: the last */
};

struct member {
	struct group g;
	uint32_t first, last; /* of links, index + 1; 0: none */
};

/* What a row last added to the groups, so that a change can be told and taken back. */
struct share {
	enum verdict verdict;
	int signal;
	uint64_t facts;      /* hash of what else counts */
};

struct groups {
	struct groups_setup set;
	struct member **v;
	size_t n, cap;
	struct table table;  /* by key */
	struct link *links;
	size_t n_links, cap_links;
	struct share *shares; /* one a row */
	size_t n_rows, cap_rows;
	size_t n_changes;    /* of the store's, taken in */
	struct pairs pairs;
	struct str *keys;    /* of the row at hand */
	size_t cap_keys;
	char principal[ALERT_PRINCIPAL_MAX];
	struct arena mem;
	enum group_sort sort;
	bool descending;
	char *words;
	uint32_t *order;     /* the list */
	size_t n_order, cap_order;
	bool stale;          /* the list has to be made again */
};

/* Makes the list from the groups, when it is stale. */
void groups_order(struct groups *g);
uint32_t groups_lookup(const struct groups *g, struct str key); /* GROUP_NONE */

#endif
