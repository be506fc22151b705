/*
 * account/unusual: what of one alert is not as in the alerts like it, as signals. It knows no verdict:
 * what an alert weighs is the same whoever looks, before and after it is decided.
 */
#ifndef S3TRIAGE_ACCOUNT_UNUSUAL_H
#define S3TRIAGE_ACCOUNT_UNUSUAL_H

#include "s3triage/account/outliers.h"

/* Habits in which every row counts. */
struct habits *unusual_new(const struct store *s, const struct book *b);
/* Counts again; what is asked before tells of what was there then. */
void unusual_count(struct habits *h);

/* Of SIGNALS_UNUSUAL. */
signal_set unusual_signals(const struct habits *h, row_id r);
/* One of them as a sentence: what is unusual, what is usual, and among how many. */
void unusual_text(const struct habits *h, row_id r, enum signal_index i, struct buf *out);

#endif
