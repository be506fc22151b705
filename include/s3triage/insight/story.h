/*
 * insight/story: the life of whoever or whatever is asked about, from one pass over all events: what it
 * did, how often and since when, what was new around a moment, who was behind its sessions and what the
 * sessions that it opened did. Readers make a story_event of each event on any thread; one owner adds.
 */
#ifndef S3TRIAGE_INSIGHT_STORY_H
#define S3TRIAGE_INSIGHT_STORY_H

#include "s3triage/detect/rule.h"
#include "s3triage/insight/facet.h"

enum story_kind { STORY_PRINCIPAL, STORY_KEY, STORY_ADDRESS, STORY_BUCKET, STORY_ACCOUNT, STORY_KINDS };
const char *story_kind_name(enum story_kind k);

/* X(name, what the table has, what one says of a value that is new) */
#define STORY_TABLES(X)                                                               \
	X(guide, "calls that the guide names", "first")                               \
	X(changes, "calls that change something", "first")                            \
	X(reads, "calls that read", "first")                                          \
	X(error, "what it was refused with", "first time refused with")               \
	X(principal, "who", "first event of")                                         \
	X(key, "access keys", "first use of key")                                     \
	X(address, "addresses", "first time from address")                            \
	X(agent, "agents, without the command", "first time with agent")                                   \
	X(region, "regions", "first time in region")                                  \
	X(service, "services", "first call of service")                               \
	X(bucket, "buckets", "first time on bucket")                                  \
	X(account, "accounts whose trails have it", "first time in the trail of account") \
	X(hour, "hours of the day, UTC", "first time at the hour")                    \
	X(day, "days", "first time on the day")

enum story_table {
#define X(name, text, first) STORY_TABLE_##name,
	STORY_TABLES(X)
#undef X
		STORY_TABLE_COUNT
};
const char *story_table_name(enum story_table t);
const char *story_table_text(enum story_table t);
const char *story_table_first(enum story_table t);

/* Who is asked about: any text that an event has of somebody, or "key:TEXT" for that kind alone. */
struct story_ask {
	struct str text;
	unsigned kinds;      /* 1 << enum story_kind */
	struct str sessions; /* of a role's ARN: what its sessions' ARNs begin with; or empty */
	const struct rule *rule;
};
struct story_ask story_ask_of(struct str who, const struct rule *rule, struct arena *mem);

/* A call that made a key or a session. */
struct story_link {
	int64_t time;
	struct str call, by, by_key, by_arn; /* who called it: as told apart; with which key; as which session */
	struct str key, arn, user;           /* what it made: a key's id, a session's ARN; whose key; or empty */
	bool ours, used;                     /* the subject called it; used what it made */
};

/* One alert among the subject's events. */
struct story_alert {
	int64_t time;
	struct str id, bucket, account, key;
};

struct story_event;
struct story_input {
	const struct json *ecs, *raw; /* raw: what the document was made of, or NULL */
	enum event_shape shape;
};
/* NULL: it is no call. */
const struct story_event *story_read(const struct story_ask *q, const struct story_input *in,
	struct arena *mem);

/* What a WHO that names nobody, or several, may have meant. */
struct story_near {
	enum story_kind kind;
	struct str text;
	unsigned long long n;
};

#define STORY_LINKS_MAX 100000
#define STORY_ALERTS_MAX 1000
#define STORY_NEAR_MAX 10
#define STORY_DEEP_MAX 8

struct story;
struct story *story_new(const struct story_ask *q); /* borrowed */
void story_free(struct story *s);
void story_add(struct story *s, const struct story_event *e); /* NULL: nothing */

/* Nothing is to be added then. Whether the subject is one: else story_near() has what it could be. */
bool story_end(struct story *s);
enum story_kind story_kind(const struct story *s);
const struct count_sum *story_sum(const struct story *s);
const struct counts *story_counts(const struct story *s, enum story_table t); /* sorted; keys of one value */
unsigned long long story_repeats(const struct story *s);
bool story_unsure(const struct story *s); /* more events than can be known again */
size_t story_unkept(const struct story *s); /* links and alerts that there was no room for */
size_t story_near(const struct story *s, struct story_near out[STORY_NEAR_MAX]);
size_t story_alerts(const struct story *s, const struct story_alert **out); /* by time */

/* ---- what is new around a moment -------------------------------------------------------------- */

struct story_first {
	enum story_table table;
	struct str value;
	const struct count_sum *sum;
};

/* What was first seen within a day of it. 0 and *all: the subject itself was. In mem. */
size_t story_new_around(const struct story *s, int64_t at, struct arena *mem, struct story_first **out,
	bool *all);

/* Who made the key, and when; NULL: that is not in the sources. */
const struct story_link *story_maker(const struct story *s, struct str key);

/* ---- chains ----------------------------------------------------------------------------------- */

struct story_step {
	const struct story_link *link;
	unsigned depth;              /* 1: the subject's own */
	unsigned long long n;        /* events of it: a key that was made, or a session */
	const struct story_call {
		struct str call;
		unsigned long long n;
	} *did;                      /* its calls, most first */
	size_t n_did;
};

/* In mem; of more than STORY_STEPS_MAX the rest is *left. */
#define STORY_STEPS_MAX 500
struct story_chain {
	struct story_step *v;
	size_t n, left;
};
/* Who made the keys and sessions that the subject used, and theirs. */
void story_behind(const struct story *s, struct arena *mem, struct story_chain *out);
/* What the subject made, and what was done with it, and so on. */
void story_next(const struct story *s, struct arena *mem, struct story_chain *out);

#endif
