/*
 * triage/store: every alert loaded, once each, with its verdict. Rows are numbered in order of
 * arrival and never move. Owned by one thread.
 */
#ifndef S3TRIAGE_TRIAGE_STORE_H
#define S3TRIAGE_TRIAGE_STORE_H

#include "s3triage/event/alert.h"
#include "s3triage/triage/book.h"
#include "s3triage/triage/verdict.h"

#define ROW_NONE UINT32_MAX
typedef uint32_t row_id;

struct store;

struct store *store_new(void);
void store_free(struct store *s);

/* The account book (borrowed) by which the alerts that are added from now on have their worst
 * destination; NULL, as at first: none. */
void store_set_book(struct store *s, const struct book *b);

/* Copies the alert and its raw record in (strings interned). Returns its row; *fresh is false
 * when the same alert (id, or rule_id and event_id) was there already: the earlier one stays,
 * except that a Kibana alert replaces the facts of a local match, and a Kibana alert whose
 * workflow (status, tags, assignees) changed those of the same alert, unless its status was set
 * earlier. Row and verdict stay; it is a change of facts. */
row_id store_add(struct store *s, const struct alert *a, struct str raw, bool *fresh);

size_t store_count(const struct store *s);
const struct alert *store_alert(const struct store *s, row_id r);

/* The record as it was loaded, appended to out. False and err when it cannot be read again. */
bool store_raw(const struct store *s, row_id r, struct buf *out, struct err *err);

/* By alert id, else by event id, else by a unique prefix of at least 4 characters of either.
 * ROW_NONE and err (not found, or ambiguous with how many). */
row_id store_find(const struct store *s, struct str id, struct err *err);

/* Whether an alert, of whatever rule, is about the event with this very id. */
bool store_has_event(const struct store *s, struct str event_id);

/* Takes in one row of the journal (copied, but for facts and hashes, which stay empty). It is
 * for the alert with its alert_id, and for the one with its rule_id and event_id; the highest seq
 * wins. A decision for an alert that is not loaded is kept and applied when the alert arrives:
 * the order of alerts and decisions does not matter. */
void store_decide(struct store *s, const struct decision *d);
enum verdict store_verdict(const struct store *s, row_id r);
const struct decision *store_decision(const struct store *s, row_id r); /* NULL: never decided */

/* Rows whose verdict or facts changed after they were added, in order; a row may come again.
 * Whoever remembers how many it has seen needs to look only at the rest. */
size_t store_change_count(const struct store *s);
row_id store_change_at(const struct store *s, size_t i);
bool store_change_of_facts(const struct store *s, size_t i); /* not only verdict or signals */

/* What signals.h found, as bits; 0 until it looked. Setting others than before is a change. */
uint32_t store_signals(const struct store *s, row_id r);
void store_set_signals(struct store *s, row_id r, uint32_t bits);

/* Counts of rows by verdict. */
size_t store_count_verdict(const struct store *s, enum verdict v);

/* Bytes held, for `:perf`. */
size_t store_bytes(const struct store *s);

#endif
