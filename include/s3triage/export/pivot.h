/*
 * export/pivot: ready queries and commands about an alert's principal and bucket, to be copied
 * elsewhere. Every value is the attacker's text: it is quoted for its language, and what is no
 * valid name of its kind never gets into a command.
 */
#ifndef S3TRIAGE_EXPORT_PIVOT_H
#define S3TRIAGE_EXPORT_PIVOT_H

#include "s3triage/base/buf.h"
#include "s3triage/event/alert.h"

enum pivot_language { PIVOT_KQL, PIVOT_EQL, PIVOT_SQL, PIVOT_SHELL };
const char *pivot_language_name(enum pivot_language l); /* kql eql sql shell */

struct pivot {
	enum pivot_language language;
	const char *title;   /* "same principal" … static */
	struct str text;     /* one line but for SQL; in mem */
};

#define PIVOTS_MAX 32

/* At most PIVOTS_MAX, those whose values the alert has. Returns how many. */
size_t pivot_make(const struct alert *a, int64_t window_ms, struct arena *mem,
	struct pivot out[PIVOTS_MAX]);

/* A value as a literal of a language, with its quotes: nothing in it ends the literal, and what is
 * not printable ASCII is spelled as an escape. */
void quote_kql(struct str s, struct buf *out);
void quote_eql(struct str s, struct buf *out);
void quote_sql(struct str s, struct buf *out);   /* Trino: CloudTrail Lake, Athena */
void quote_shell(struct str s, struct buf *out); /* POSIX; what is hostile becomes U+FFFD */

#endif
