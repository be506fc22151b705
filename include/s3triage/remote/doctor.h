/*
 * remote/doctor: is a cluster fit to be read from and written to? One line a question. Blocks;
 * the readers of answers are pure functions.
 */
#ifndef S3TRIAGE_REMOTE_DOCTOR_H
#define S3TRIAGE_REMOTE_DOCTOR_H

#include "s3triage/net/profile.h"

enum doctor_state { DOCTOR_OK, DOCTOR_WARN, DOCTOR_BAD };

struct doctor_line {
	enum doctor_state state;
	struct str what, text;
};

#define DOCTOR_LINES 16
struct doctor {
	struct doctor_line line[DOCTOR_LINES];
	size_t n;
	struct arena mem; /* owns the texts */
};

/* `h` speaks to p's target. `rule_id` is the rule to look for. `now` gives ms. */
void doctor_run(struct doctor *d, const struct profile *p, struct http *h, struct str rule_id,
	int64_t (*now)(void));
void doctor_say(struct doctor *d, enum doctor_state s, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void doctor_fini(struct doctor *d);

/* Answers: who asks; which rights are missing ("name: write, read"; empty: none, false: no such
 * answer); the rule; the time of the newest alert. */
bool doctor_who(struct str body, struct buf *out);
bool doctor_missing(struct str body, struct buf *out);
bool doctor_rule(struct str body, bool *enabled, struct buf *out);
bool doctor_newest(struct str body, int64_t *at);
bool doctor_health(struct str body, int64_t *at); /* _cat/health?format=json */

/* Body of _security/user/_has_privileges for what this profile reads and writes. */
void doctor_rights(const struct profile *p, struct buf *out);

#endif
