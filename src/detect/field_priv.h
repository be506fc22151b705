/*
 * field_priv: every value of a field of a document, without a cap.
 */
#ifndef S3TRIAGE_SRC_DETECT_FIELD_PRIV_H
#define S3TRIAGE_SRC_DETECT_FIELD_PRIV_H

#include "s3triage/event/json.h"

/* Calls each(arg, value) for every scalar that `path` has in nested objects, dotted keys or any
 * mix of the two; arrays are flattened, null left out. */
void field_each(const struct json *doc, struct str path,
	void (*each)(void *arg, const struct json *value), void *arg);

#endif
