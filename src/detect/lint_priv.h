/*
 * detect/lint (private): what the lint with documents and the one without share.
 */
#ifndef S3TRIAGE_SRC_DETECT_LINT_PRIV_H
#define S3TRIAGE_SRC_DETECT_LINT_PRIV_H

#include "s3triage/base/mem.h"
#include "s3triage/detect/rule.h"

/* The fields that a lint looks at, in mem. */
size_t lint_fields(const struct rule *r, struct arena *mem, struct str **out);

/* The well-known name that this one is but for a letter or two: true, and it is in *meant. */
bool lint_misspelt(struct str field, struct buf *meant);

#endif
