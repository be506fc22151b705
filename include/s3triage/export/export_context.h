/*
 * export/export_context: what stands around an alert, as members of the caller's object.
 */
#ifndef S3TRIAGE_EXPORT_EXPORT_CONTEXT_H
#define S3TRIAGE_EXPORT_EXPORT_CONTEXT_H

#include "s3triage/event/json_write.h"
#include "s3triage/insight/deeds.h"
#include "s3triage/insight/diff.h"

void export_timeline_entry(struct members *m, const struct timeline_entry *e);
void export_timeline(struct members *m, const struct timeline *t); /* "timeline" */
void export_diff(struct members *m, const struct diff *d);         /* "diff" */
void export_near(struct members *m, const struct near_miss *n);

/* Whom it is about and how much there is. */
void export_deed_subject(const struct deeds *d, uint32_t subject, struct buf *out);
/* One call of a subject with its counts. */
void export_deed_line(const struct deeds *d, const struct deed_line *l, struct buf *out);
/* One event, with the place where it lies. */
void export_deed_event(const struct deeds *d, const struct deed_event *e, struct buf *out);

#endif
