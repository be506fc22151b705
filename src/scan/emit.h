/*
 * scan/emit (private): a walked value to the sink.
 */
#ifndef SRC_SCAN_EMIT_H
#define SRC_SCAN_EMIT_H

#include "skip.h"

/* The value that began at `at` and ends before pos. */
void emit_record(struct walker *w, unsigned long long at);

#endif
