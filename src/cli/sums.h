/*
 * sums: events counted by what they say, for summary and match: the threads that read make the keys, the
 * thread that prints adds them up.
 */
#ifndef SRC_CLI_SUMS_H
#define SRC_CLI_SUMS_H

#include "cli_priv.h"

#include "s3triage/insight/facet.h"
#include "s3triage/scan/dedup.h"

#define SUMS_MAX 16

struct sums {
	struct facet_set sets[SUMS_MAX];
	struct counts tables[SUMS_MAX]; /* of each set */
	size_t n;
	bool calls;              /* what is no call is not counted, a call that comes again counts once */
	struct count_sum all;
	unsigned long long repeats, others, shared; /* with `calls`; shared: recorded by two accounts */
	unsigned long long many; /* events that had more values than are counted */
	struct dedup seen, seen_shared;
};

/* What scan_options.look makes of an event; ctx is the sums. */
scan_look sums_look;

/* Adds what it made. */
void sums_take(struct sums *sums, const void *looked);
void sums_fini(struct sums *sums);

/* Starts the scan; the session has its rule. */
bool sums_start(struct session *s, const struct cli *cli, const struct sums *sums, struct err *err);

/* Scans to the end, with problems and progress on stderr. */
void sums_read(struct session *s, const struct cli *cli, struct sums *sums);

/* On stderr, what was not counted as one might think. */
void sums_report(const struct session *s, const struct sums *sums);

/* A sorted table for people, its first rows (0: all), and what the others sum up to. */
void sums_table(struct str title, const struct facet_set *set, const struct counts *c, size_t top,
	struct buf *out);

/* Of a sorted table, its row: values between tabs, missing ones as -; or as members of a JSON object. */
void sums_values(const struct facet_set *set, struct str key, struct buf *out);
void sums_json(const struct facet_set *set, const struct count *row, bool outcomes, struct buf *out);
void sums_json_sum(const struct count_sum *sum, bool outcomes, struct buf *out);

/* The rows from the first that is not shown, and what there was no room for, as an object without values
 * each; nothing when there are none. */
void sums_json_rest(const struct facet_set *set, const struct counts *c, bool outcomes, struct buf *out);
void sums_json_left(const struct facet_set *set, const struct counts *c, size_t shown, struct buf *out);
void sums_json_rest(const struct facet_set *set, const struct counts *c, bool outcomes, struct buf *out);

#endif
