/*
 * event/doc: looking up ECS fields in a document of any shape: nested objects, flat dotted keys,
 * any mix of the two, and `fields` answers where every value is an array. Every split of the path
 * is tried, and the values of all that exist are joined.
 */
#ifndef S3TRIAGE_EVENT_DOC_H
#define S3TRIAGE_EVENT_DOC_H

#include "s3triage/event/json.h"

#define DOC_VALUES_MAX 64

/* The values of one field: scalars only, arrays flattened, null left out. */
struct doc_values {
	const struct json *v[DOC_VALUES_MAX];
	size_t n;
	bool more; /* there were more than fit */
};

/* Looks up `path` ("aws.cloudtrail.user_identity.arn"). True when there is at least one value. */
bool doc_values(const struct json *doc, struct str path, struct doc_values *out);

/* The first value that a path has, or NULL; containers count here. */
const struct json *doc_get(const struct json *doc, struct str path);

/* Text of the first scalar value, empty when there is none. `tmp` as in json_text(). */
struct str doc_text(const struct json *doc, const char *path, char tmp[JSON_SCALAR_MAX]);

/* Only strings, no tmp needed: the first string value. */
struct str doc_str(const struct json *doc, const char *path);

#endif
