/*
 * insight/signs: what stands around one alert and weighs: what its principal did before and after, what
 * the bucket had before. Bounded: so many events near the alert are looked at, whatever there is.
 */
#ifndef S3TRIAGE_INSIGHT_SIGNS_H
#define S3TRIAGE_INSIGHT_SIGNS_H

#include "s3triage/insight/diff.h"

/* The first call before the alert that named a destination's account and is none itself. */
struct asked_before {
	int64_t at;            /* WHEN_NONE: there is none */
	struct str result;     /* empty: it succeeded */
};

struct signs {
	uint64_t looked;       /* looking around within two weeks: bits 1 << enum call */
	int64_t looked_at, looked_until; /* the first and the last of it */
	uint64_t prepared, refused; /* within the hour before, but what is below; of these, what never succeeded */
	const struct activity *denied;   /* the same try, refused within the day before */
	const struct activity *silenced; /* recording ended, within the day before or after */
	const struct activity *role;     /* the replication's role was made */
	const struct activity *bucket;   /* a destination bucket was made */
	const struct activity *versioned; /* versioning was set, within the day before */
	const struct activity *job;      /* a batch job that takes the same data */
	bool job_maybe;        /* its bucket is not said */
	struct str elsewhere;  /* another network in which its key was used within half a day, or empty */
	size_t burst;          /* buckets that the principal set within ten minutes, from three on; else 0 */
	bool address_met;      /* its principal was at its address before, by the calls that are kept */
	struct asked_before *asked;   /* by destination; NULL: not known */
	enum now_state now;    /* what became of its configuration */
	struct diff diff;      /* beside the bucket's configuration before; no lines: there is none */
};

/* Slices live in mem, or as long as the context. */
void context_signs(struct context *c, row_id row, struct arena *mem, struct signs *out);

/* The two alerts' requests as far as their facts say them: no record is read again. */
void diff_facts(const struct alert *before, const struct alert *now, struct arena *mem, struct diff *out);

#endif
