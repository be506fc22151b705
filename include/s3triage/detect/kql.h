/*
 * detect/kql: the Kibana Query Language, for KQL rules over documents and for the filter bar over
 * alert columns: whoever asks provides the values of a field.
 */
#ifndef S3TRIAGE_DETECT_KQL_H
#define S3TRIAGE_DETECT_KQL_H

#include "s3triage/base/err.h"
#include "s3triage/base/str.h"

struct kql;

struct kql_options {
	bool fold_case;   /* compare without case (the filter bar); rules compare exactly */
	bool words;       /* bare words are allowed and ask the field "*"; rules refuse them */
	bool contains;    /* an unquoted value without * matches inside a value (the filter bar) */
	const char *file; /* for messages */
};

/* What KQL asks about one document or row. */
struct kql_subject {
	const void *ctx;
	/* Calls each(arg, value) for every value of the field until it returns true; returns
	 * whether one did. Unknown fields have no values. */
	bool (*values)(const void *ctx, struct str field, bool (*each)(void *arg, struct str value),
		void *arg);
};

struct kql *kql_compile(struct str query, const struct kql_options *options, struct err *err);
void kql_free(struct kql *q);
bool kql_match(const struct kql *q, const struct kql_subject *subject);

/* See eql_literals(). */
size_t kql_literals(const struct kql *q, struct str *out, size_t cap);

/* Field names in the query, for lint and for the filter bar's unknown-column message. A bare word
 * is the field "*". */
size_t kql_field_count(const struct kql *q);
struct str kql_field(const struct kql *q, size_t i);

#endif
