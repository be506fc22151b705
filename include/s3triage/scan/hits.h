/*
 * scan/hits: hits of a search on their way into a scan, as a file's records go. For what reads a
 * server, on a thread that the scan started for it (struct scan_live).
 */
#ifndef S3TRIAGE_SCAN_HITS_H
#define S3TRIAGE_SCAN_HITS_H

#include "s3triage/scan/scan.h"

#include <stdatomic.h>

/* `name` is told to the user, `origin` is that of the alerts; both borrowed. */
struct hits;
struct hits *hits_new(struct scan *s, struct str name, struct str origin);
void hits_free(struct hits *h);

/* First and last on the thread; hits_end() says that it is over. */
void hits_begin(struct hits *h);
void hits_end(struct hits *h);

void hits_take(struct hits *h, struct str text, const struct json *hit);
void hits_flush(struct hits *h);                             /* the taker gets what came */
void hits_note(struct hits *h, const struct err *err);       /* a word, no problem; flushed */
void hits_problem(struct hits *h, const struct err *err);    /* flushed, too */
unsigned long long hits_refused(const struct hits *h);       /* events that the rule here did not match */

const struct scan_options *scan_asked(const struct scan *s);
const atomic_bool *scan_stop_flag(const struct scan *s);
bool scan_stopped(const struct scan *s);

/* What struct scan_live's status() reads is written between these; scan_tell() wakes the taker. */
void scan_lock(struct scan *s);
void scan_unlock(struct scan *s);
void scan_tell(struct scan *s);

#endif
