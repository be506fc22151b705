/*
 * base/when: points in time as milliseconds since 1970-01-01T00:00:00Z. No function here reads
 * the clock: whoever needs "now" is handed it.
 */
#ifndef S3TRIAGE_BASE_WHEN_H
#define S3TRIAGE_BASE_WHEN_H

#include "s3triage/base/err.h"
#include "s3triage/base/str.h"

#define WHEN_NONE INT64_MIN
#define WHEN_TEXT_MAX 32

/* RFC 3339 / ISO 8601 as CloudTrail and Elasticsearch write it: date, 'T' or blank, time,
 * optional fraction of any length, 'Z' or an offset; a missing zone is UTC. Leap seconds become
 * the next second. */
bool when_parse(struct str text, int64_t *ms);

/* The same, or a count since 1970 as programs write it: seconds, ms, us or ns, told by its size, with a
 * fraction or an exponent, too (1777887000, "1777887000123", 1.777887E9). */
bool when_read(struct str text, int64_t *ms);

/* "2026-11-24T02:13:07Z", with ".123" when the milliseconds are not 0. WHEN_NONE gives "". */
const char *when_format(int64_t ms, char out[WHEN_TEXT_MAX]);

/* "24 02:13:07" (day of month) for narrow columns; WHEN_NONE gives "". */
const char *when_short(int64_t ms, char out[WHEN_TEXT_MAX]);

/* "3s", "12m", "5h", "9d": the largest unit that is not 0; negative spans get a '-'. */
const char *when_span(int64_t ms, char out[WHEN_TEXT_MAX]);

/* A bound as users write it: RFC 3339, a date (its first millisecond), "now", "now-6m" (units
 * s m h d w M y), or "7d" meaning now-7d. */
bool when_bound(struct str text, int64_t now, int64_t *ms, struct err *err);

/* The same for an end that is included: a date is its last millisecond. */
bool when_last(struct str text, int64_t now, int64_t *ms, struct err *err);

#endif
