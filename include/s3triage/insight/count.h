/*
 * insight/count: how often each value, or each combination of values, was seen, in bounded memory. What
 * came when there was no room for another value is counted as one.
 */
#ifndef S3TRIAGE_INSIGHT_COUNT_H
#define S3TRIAGE_INSIGHT_COUNT_H

#include "s3triage/base/buf.h"
#include "s3triage/base/table.h"

struct count_sum {
	unsigned long long n, failed, denied; /* the denied are among the failed */
	int64_t first, last;                  /* ms, WHEN_NONE: none of them has a time */
};

struct count {
	struct str key; /* count_key_*(): as many values as the table is counted by */
	struct count_sum sum;
};

/* Ready when zeroed, with COUNT_MAX values and COUNT_BYTES_MAX bytes of them. */
struct counts {
	struct count *v;
	size_t n, cap;
	size_t max;            /* 0: COUNT_MAX */
	struct count_sum rest; /* of the values that there was no room for */
	struct table table;
	struct arena mem;
};

#define COUNT_MAX ((size_t)100000)
#define COUNT_BYTES_MAX ((size_t)32 << 20)

/* One event: with a time or WHEN_NONE. */
struct count_one {
	int64_t time;
	bool failed, denied;
};

void count_sum_add(struct count_sum *s, const struct count_one *one);
void count_sum_join(struct count_sum *s, const struct count_sum *other);

/* The sum of the key's values, for more than counting; NULL: there was no room, and it is in the rest. */
struct count *count_add(struct counts *c, struct str key, const struct count_one *one);
struct count *count_find(const struct counts *c, struct str key);

/* Most first, then by value; what does not exist before what does. The table is not to be added to then. */
void count_sort(struct counts *c);
void count_fini(struct counts *c);

/* A key is made value by value and read back so. A value that is missing is none that is empty. */
void count_key_put(struct buf *key, const struct str *value); /* NULL: missing */
bool count_key_next(struct str *key, struct str *value, bool *missing); /* false: there is no more */

#endif
