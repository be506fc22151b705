/*
 * alert/facts: the facts that a decision keeps: an alert as JSON, and back.
 */
#ifndef S3TRIAGE_ALERT_FACTS_H
#define S3TRIAGE_ALERT_FACTS_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"
#include "s3triage/event/alert.h"

struct book;

/* An object of every member that is not empty. */
void export_facts(const struct alert *a, struct buf *out);

/* Slices are in mem. False when they are no such object; older rows have less. */
bool export_facts_read(struct str facts, struct arena *mem, struct alert *out, struct err *err);

/* The alert of a decided row as its decision's facts have it, which are what a record of the decision
 * is made of; what older versions did not keep, and doubts that came since, from the row as read. False
 * when the facts cannot be read. Borrows from the row. */
bool export_decided(const struct alert *row, struct str facts, const struct book *book,
	struct arena *mem, struct alert *out);

#endif
