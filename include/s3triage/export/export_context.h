/*
 * export/export_context: what stands around an alert as JSON: one object each, no newline.
 */
#ifndef S3TRIAGE_EXPORT_EXPORT_CONTEXT_H
#define S3TRIAGE_EXPORT_EXPORT_CONTEXT_H

#include "s3triage/base/buf.h"
#include "s3triage/insight/deeds.h"
#include "s3triage/insight/diff.h"

void export_timeline_entry(const struct timeline_entry *e, struct buf *out);
void export_timeline(const struct timeline *t, struct buf *out);
void export_diff(const struct diff *d, struct buf *out);
void export_near(const struct near_miss *n, struct buf *out);

/* Whom it is about and how much there is. */
void export_deed_subject(const struct deeds *d, uint32_t subject, struct buf *out);
/* One call of a subject with its counts. */
void export_deed_line(const struct deeds *d, const struct deed_line *l, struct buf *out);
/* One event, with the place where it lies. */
void export_deed_event(const struct deeds *d, const struct deed_event *e, struct buf *out);

#endif
