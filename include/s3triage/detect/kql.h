/*
 * detect/kql: the Kibana Query Language, for KQL rules over documents and for the filter bar over
 * alert columns: whoever asks provides the values of a field.
 */
#ifndef S3TRIAGE_DETECT_KQL_H
#define S3TRIAGE_DETECT_KQL_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"

struct kql;

/* What a field holds, for who knows: numbers and times are never compared as text. */
enum kql_type { KQL_TEXT, KQL_NUMBER, KQL_TIME };

struct kql_options {
	bool fold_case;   /* compare without case (the filter bar); rules compare exactly */
	bool words;       /* the filter bar: bare words ask the field "*", a blank ends a word, words
			   * side by side are joined by and, !word, field:!value, field:>value */
	bool free_text;   /* rules: bare values ask the field "*" too, otherwise they are refused */
	bool contains;    /* an unquoted value without * matches inside a value (the filter bar) */
	enum kql_type (*type)(struct str field); /* may be NULL: the values decide */
	int64_t now;      /* ms, for ranges like time > now-2d; 0 = such times are refused */
	const char *file; /* for messages; may be NULL */
};

/* What KQL asks about one document or row. */
struct kql_subject {
	const void *ctx;
	/* Calls each(arg, value) for every value of the field until it returns true; returns
	 * whether one did. Unknown fields have no values. */
	bool (*values)(const void *ctx, struct str field, bool (*each)(void *arg, struct str value),
		void *arg);
};

/* Precedence: or < and < not; keywords in any case. Values: "quoted" exactly, unquoted with * as
 * wildcard, field:* = has a value, field:(a or b and not c), field >= v, a network (10.0.0.0/8)
 * holds the addresses in it. Field names may have wildcards; the subject resolves them. Ranges
 * compare numbers (durations 90s 15m 12h 7d 2w are seconds), addresses, times, else bytes; a date is
 * a whole day: `<=` and `>` take its end.
 * The empty query matches everything. NULL and err (line, column, excerpt, what was expected):
 * ERR_INPUT for a nested query, field:{ … }, which is not run here, ERR_PARSE for the rest.
 * `options` may be NULL. */
struct kql *kql_compile(struct str query, const struct kql_options *options, struct err *err);
void kql_free(struct kql *q);
bool kql_match(const struct kql *q, const struct kql_subject *subject);

/* See eql_literals(). */
size_t kql_literals(const struct kql *q, struct str *out, size_t cap);

/* Field names in the query, for lint and for the filter bar's unknown-column message. A bare word
 * is the field "*". */
size_t kql_field_count(const struct kql *q);
struct str kql_field(const struct kql *q, size_t i);

/* The query as a tree, one line a node: "+ " or "- " for its outcome, its text, and for a leaf the
 * value that decided it or the values that did not. */
void kql_explain(const struct kql *q, const struct kql_subject *subject, struct buf *out);

/* As eql_required(). */
struct str kql_required(const struct kql *q, const char *field);

#endif
