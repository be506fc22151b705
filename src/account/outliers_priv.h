/*
 * outliers_priv: one alert as values that can be counted, and how often each is met in a habit.
 */
#ifndef SRC_ACCOUNT_OUTLIERS_PRIV_H
#define SRC_ACCOUNT_OUTLIERS_PRIV_H

#include "s3triage/base/table.h"
#include "s3triage/account/outliers.h"

#define HABIT_FACTS (OUT_OWNER + 1) /* compared as values: OUT_ROLE to OUT_OWNER */
#define HABIT_MIN 3                 /* rows that make a habit */

/* What is counted besides the facts: the book's word, hours and months, then a bit each. */
enum { COUNT_UNKNOWN = HABIT_FACTS, COUNT_HOUR, COUNT_MONTH, COUNT_TRAIT, COUNT_SIGNAL = COUNT_TRAIT + 64 };

/* A row's values as hashes; 0: nothing is known. */
struct habit_row {
	uint64_t actor, dest, fact[HABIT_FACTS];
	uint64_t bucket;     /* and its owner */
	trait_set traits;    /* those that are compared */
	uint32_t habit;      /* its own, index into habits.v */
	uint32_t before;     /* the row + 1 of the same bucket that was read before it; 0: none */
	bool read;           /* false: its facts are new */
	bool unknown;        /* the account book, where there is one, does not know a destination */
};

struct habit {
	uint32_t n;
	row_id example;
	uint32_t cover[HABIT_FACTS], with[HABIT_FACTS]; /* rows with a usual value, with any */
	int64_t first, last; /* times, INT64_MAX and INT64_MIN when none has any */
	int hour, hours;     /* usual hours, UTC: the first, and how many; 0: there are none */
	row_id usual[HABIT_FACTS];                      /* one with the most usual value, ROW_NONE */
};

struct habit_count {
	uint64_t value;
	uint32_t habit, what; /* what: a fact or COUNT_* */
	uint32_t n;
	row_id row;
};

struct habit_counts {
	struct table table;
	struct habit_count *v;
	size_t n, cap;
};

struct habits {
	const struct store *store;
	const struct book *book;
	struct habit_row *rows;
	size_t n_rows, cap_rows, seen_changes;
	bool blind;           /* suspicious rows count as all others: no verdict is asked for */
	bool whole;           /* all rows are counted, as of seen_changes */
	struct habit *v;      /* v[0] is all rows together */
	size_t n, cap;
	struct habit_counts counts, names; /* names: of habits, buckets, and the largest habit of a value */
};

/* habit_row.c: reads what the row's alert says; before and habit are left alone. */
void habit_row_read(const struct habits *h, row_id r, struct habit_row *out);
void habit_fact_text(const struct alert *a, enum outlier_way w, struct buf *out);

/* habits.c */
/* Counts again what changed: all rows, or (`only`) the n of a group that is held against itself. */
void habits_update(struct habits *h, const row_id *only, size_t n);
uint32_t habit_times(const struct habits *h, uint32_t habit, uint32_t what, uint64_t value);
/* The habit that a row is held against: its own, else the largest with the same destinations, actor
 * or owner; 0: there is none. */
uint32_t habit_like(const struct habits *h, const struct habit_row *r);
/* The row + 1 of the same bucket that was read last; the chain goes on with habit_row.before. */
uint32_t habit_newest(const struct habits *h, const struct habit_row *r);
/* The habit that a row is held against where it makes none itself; see habit_like(). */
uint32_t habit_largest(const struct habits *h, const struct habit_row *r);
uint32_t habit_of_actor(const struct habits *h, const struct habit_row *r); /* the largest; 0: none */
/* What of the row differs from the habit x->like: ways and traits. outliers.c */
void habit_judge(const struct habits *h, const struct habit_row *r, struct outlier *x);
/* "other role: X (usual: Y)" */
void habit_explain(const struct habits *h, const struct outlier *x, enum outlier_way w, struct buf *out);
bool habit_is_rare(uint32_t times, uint32_t n); /* of n rows: fewer than three, or than a tenth */
int habit_hour(int64_t ms);
int64_t habit_month(int64_t ms);

#endif
