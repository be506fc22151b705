/*
 * alert/store: every alert loaded, once each, with its verdict. Rows are numbered in order of
 * arrival and never move. Owned by one thread.
 */
#ifndef S3TRIAGE_ALERT_STORE_H
#define S3TRIAGE_ALERT_STORE_H

#include "s3triage/event/alert.h"
#include "s3triage/book/book.h"
#include "s3triage/alert/content.h"
#include "s3triage/alert/signal.h"
#include "s3triage/alert/verdict.h"

#define ROW_NONE UINT32_MAX
typedef uint32_t row_id;

struct store;

struct store *store_new(void);
void store_free(struct store *s);

/* The account book (borrowed) by which the alerts that are added from now on have their worst
 * destination; NULL, as at first: none. */
void store_set_book(struct store *s, const struct book *b);

/* Copies the alert and its raw record in (strings interned). Returns its row; *fresh is false
 * when the same alert (id, or rule_id and event_id or shared_id, and facts that do not differ) was
 * there already: the earlier one stays, except that a Kibana alert replaces the facts of a local
 * match, a local match those of one that holds less, and a Kibana alert whose workflow (status,
 * tags, assignees) changed those of the same alert, unless its status was set earlier. Row and
 * verdict stay; it is a change of facts. Another record with one of these names is another alert.
 * Where both have one id, each is shown under it with '~' and digits made of its facts behind it:
 * whatever the order, the same. */
row_id store_add(struct store *s, const struct alert *a, struct str raw, bool *fresh);

/* The same for an alert that only a decision still tells of. What sources brought keeps its id, and
 * is found first under it. */
row_id store_recall(struct store *s, const struct alert *a);

/* Another alert, brought by a source, that has the row's id or event id and other facts; ROW_NONE. */
row_id store_twin(const struct store *s, row_id r);

/* How many records were further ones of an alert that was there. */
size_t store_repeats(const struct store *s);

size_t store_count(const struct store *s);
const struct alert *store_alert(const struct store *s, row_id r);

/* The record as it was loaded, appended to out. False and err when it cannot be read again. */
bool store_raw(const struct store *s, row_id r, struct buf *out, struct err *err);

/* By alert id, else by event id, else by a unique prefix of at least 4 characters of either.
 * ROW_NONE and err (not found, or ambiguous with how many). */
row_id store_find(const struct store *s, struct str id, struct err *err);

/* The row whose newest decision has this seq, or ROW_NONE. */
row_id store_decided(const struct store *s, int64_t seq);

/* Whether an alert, of whatever rule, is about the event with this very id. */
bool store_has_event(const struct store *s, struct str event_id);

/* Takes in one row of the journal (copied, but for facts and hashes, which stay empty). It is
 * for the alerts with its alert_id, and for those with its rule_id and event_id, whose facts are the
 * ones that it was made on; the highest seq wins. A decision for an alert that is not loaded is kept
 * and applied when the alert arrives: the order of alerts and decisions does not matter. */
void store_decide(struct store *s, const struct decision *d);
enum verdict store_verdict(const struct store *s, row_id r);
const struct decision *store_decision(const struct store *s, row_id r); /* NULL: never decided */

/* Of a row that is not open: the newest word of somebody else that another verdict of `analyst` would
 * replace, also where later ones of his own only said the same; NULL when there is none. */
const struct decision *store_word(const struct store *s, row_id r, struct str analyst);

/* Of an open row: the newest verdict that stands on something else with one of its names, as when an
 * id comes again with other facts; NULL when there is none. Such a row is for a person to look at, by
 * itself: nothing else may close it. */
const struct decision *store_other(const struct store *s, row_id r);

/* What was decided on there, and what the row is; texts are the store's or live in mem. */
void store_unlike(const struct store *s, row_id r, struct arena *mem, struct unlike *out);

/* "approved by kim at 2026-11-27T10:00:00Z: bucket a, not b", of store_other(); and what a row and its
 * twin, which it must have, have in common and what not. Text of events in both. */
void other_words(const struct store *s, row_id r, struct buf *out);
void twin_words(const struct store *s, row_id r, struct buf *out);

/* Rows whose verdict or facts changed after they were added, in order; a row may come again.
 * Whoever remembers how many it has seen needs to look only at the rest. */
size_t store_change_count(const struct store *s);
row_id store_change_at(const struct store *s, size_t i);
bool store_change_of_facts(const struct store *s, size_t i); /* not only verdict or signals */

/* What signals.h found, as bits; 0 until it looked. Setting others than before is a change. */
signal_set store_signals(const struct store *s, row_id r);
void store_set_signals(struct store *s, row_id r, signal_set bits);

/* Set as signals are. */
enum now_state store_now(const struct store *s, row_id r);
void store_set_now(struct store *s, row_id r, enum now_state now);

/* Counts of rows by verdict. */
size_t store_count_verdict(const struct store *s, enum verdict v);

#endif
