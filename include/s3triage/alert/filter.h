/*
 * alert/filter: the filter bar and the order of the list. The bar speaks KQL over the columns
 * (time severity bucket owner dest actor region source verdict rule role key ip agent account
 * relation age id note reason analyst …) with bare words over all of them; `dest:!own` style
 * shorthands are spelled in the README of this folder.
 */
#ifndef S3TRIAGE_ALERT_FILTER_H
#define S3TRIAGE_ALERT_FILTER_H

#include "s3triage/alert/store.h"

struct filter;

/* NULL and err for text that does not parse (the caller keeps the last good one). Empty text
 * matches everything. `now` for age. */
struct filter *filter_compile(struct str text, int64_t now, struct err *err);
void filter_free(struct filter *f);
bool filter_match(const struct filter *f, const struct store *s, row_id r);

enum sort_key { SORT_TIME, SORT_SEVERITY, SORT_BUCKET, SORT_OWNER, SORT_DEST, SORT_ACTOR,
	SORT_REGION, SORT_SOURCE, SORT_VERDICT, SORT_SIGNAL, SORT_KEYS };
const char *sort_name(enum sort_key k);
bool sort_parse(struct str text, enum sort_key *out);

/* The rows on the list: filtered, sorted, kept up to date as rows arrive and verdicts change. */
struct selection;
struct selection *selection_new(const struct store *s);
void selection_free(struct selection *sel);

/* Takes over f (NULL = all). */
void selection_filter(struct selection *sel, struct filter *f);
/* Rows that are equal by the key: newest first, then by alert id from a to z, whatever the
 * direction: never by arrival, which differs from run to run when several files are read at once.
 * The list, the console and, among equal times, the exports agree on that. */
void selection_sort(struct selection *sel, enum sort_key key, bool descending);
void selection_hide_decided(struct selection *sel, bool hide);

/* Takes in rows that arrived since the last call and re-checks `changed` rows; cheap when nothing
 * happened. */
void selection_update(struct selection *sel);

size_t selection_count(const struct selection *sel);
row_id selection_at(const struct selection *sel, size_t i);
size_t selection_index(const struct selection *sel, row_id r); /* STR_NONE when not on the list */
size_t selection_open(const struct selection *sel);         /* undecided rows on the list */

/* The next undecided row after position i, wrapping; STR_NONE when there is none. */
size_t selection_next_open(const struct selection *sel, size_t i);

#endif
