/*
 * export/export_context: what stands around an alert as JSON: one object each, no newline.
 */
#ifndef S3TRIAGE_EXPORT_EXPORT_CONTEXT_H
#define S3TRIAGE_EXPORT_EXPORT_CONTEXT_H

#include "s3triage/base/buf.h"
#include "s3triage/insight/diff.h"

void export_timeline_entry(const struct timeline_entry *e, struct buf *out);
void export_timeline(const struct timeline *t, struct buf *out);
void export_diff(const struct diff *d, struct buf *out);
void export_near(const struct near_miss *n, struct buf *out);

#endif
