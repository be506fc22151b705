/*
 * triage/facts: the facts that a decision keeps: an alert as JSON, and back.
 */
#ifndef S3TRIAGE_TRIAGE_FACTS_H
#define S3TRIAGE_TRIAGE_FACTS_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"
#include "s3triage/event/alert.h"

/* An object of every member that is not empty. */
void export_facts(const struct alert *a, struct buf *out);

/* Slices are in mem. False when they are no such object; older rows have less. */
bool export_facts_read(struct str facts, struct arena *mem, struct alert *out, struct err *err);

#endif
