/*
 * scan/bulk (private): passes over what holds no needle, many records at a time.
 */
#ifndef SRC_SCAN_BULK_H
#define SRC_SCAN_BULK_H

#include "skip.h"

/* All whole lines in the window that may be passed over; stops at the first that must be read. */
void bulk_lines(struct walker *w);

/* Records of a log file in memory, one of whose elements begins here. False when the next one
 * must be walked. */
bool bulk_records(struct walker *w);

/* A whole log file in memory: without a needle its records need only be counted (true: that was
 * all), and with one those around it too, unless something is wrong with where records end. */
bool bulk_log_file(struct walker *w);

#endif
