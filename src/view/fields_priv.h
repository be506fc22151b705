/*
 * fields_priv: what a document says for a field.
 */
#ifndef S3TRIAGE_VIEW_FIELDS_PRIV_H
#define S3TRIAGE_VIEW_FIELDS_PRIV_H

#include "s3triage/base/buf.h"
#include "s3triage/event/json.h"

/* All values of a field, joined by ", ". False when the document has none. */
bool field_value(const struct json *ecs, struct str name, struct buf *out);

/* The same, each cut to what a line of prose bears, and only if `name` looks like the name of a
 * field at all. */
bool field_value_short(const struct json *ecs, struct str name, struct buf *out);

#endif
