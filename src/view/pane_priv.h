/*
 * pane_priv: how the panes write their lines: a label column, values that hang behind it.
 */
#ifndef S3TRIAGE_VIEW_PANE_PRIV_H
#define S3TRIAGE_VIEW_PANE_PRIV_H

#include "s3triage/base/when.h"
#include "s3triage/view/panes.h"

#define LABEL_CELLS 12

/* "label      value" and the line is ended; nothing at all for an empty value. */
void pane_value(struct text *t, const char *label, enum role role, struct str value);
void pane_valuef(struct text *t, const char *label, enum role role, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The label alone: the caller adds spans and ends the line. */
void pane_label(struct text *t, const char *label);

/* One line of one role; a blank line; a heading with a blank line before it. */
void pane_line(struct text *t, enum role role, struct str s);
void pane_blank(struct text *t);
void pane_heading(struct text *t, const char *s);

/* "! text", wrapped behind the sign. */
void pane_warning(struct text *t, enum role role, struct str s);

/* The first value of a field, as doc_text(). */
struct str pane_field(const struct json *ecs, const char *path, char tmp[JSON_SCALAR_MAX]);

/* `words`, which say that something is not there; of a lossy form, which leaves things out, that it is
 * not known. */
struct str pane_lacks(const struct detail *d, const char *words);

/* What is said when the record could not be read. */
void pane_no_record(const struct detail *d, struct text *t);

/* What stands around the alert, see around.c and steps.c; nothing when it is not known. */
void around_request(const struct detail *d, struct text *t); /* whose account, signals, changes */
void around_actor(const struct detail *d, struct text *t);   /* seen before, what else was done */
void around_steps(const struct detail *d, struct text *t);   /* the guide as a checklist */

/* Status, tags and assignees that a Kibana alert has there; nothing for a local match. */
void workflow_text(const struct detail *d, struct text *t);

/* "11-24 02:13" or with the year and seconds. */
struct str pane_time(int64_t ms, bool full, char out[WHEN_TEXT_MAX]);

/* The request's destinations, alike ones together: see request_dest.c. */
void request_destinations(const struct replication *r, struct text *t);

#endif
