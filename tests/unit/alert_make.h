/*
 * Alerts and decisions made up for the tests of the triage floor.
 */
#ifndef TESTS_UNIT_TRIAGE_MAKE_H
#define TESTS_UNIT_TRIAGE_MAKE_H

#include "s3triage/base/mem.h"
#include "s3triage/alert/store.h"

#define MAKE_RULE_ID "d488f026-7907-4f56-ad51-742feb3db01c"
#define MAKE_T0 INT64_C(1793500000000)

/* A small generator, the same on every machine. */
static inline uint32_t make_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

/* The n-th alert of a made-up account, all strings in mem. */
static inline struct alert make_alert(struct arena *mem, unsigned n)
{
	static const char *const severities[] = {"low", "medium", "high", "critical"};
	struct alert_dest *d = arena_array(mem, 1 + n % 2, sizeof(*d));
	for (unsigned i = 0; i < 1 + n % 2; i++) {
		d[i].account = d[i].written = arena_fmt(mem, "%012u", 100000000u + (n + i) % 7);
		d[i].bucket = arena_fmt(mem, "copies-%u", n % 5);
		d[i].rule_id = STR("sync");
		d[i].status = STR("Enabled");
		d[i].relation = (n + i) % 7 == 1 ? RELATION_OWN : RELATION_OTHER;
	}
	return (struct alert){
		.id = arena_fmt(mem, "alert-%06u", n), .event_id = arena_fmt(mem, "event-%06u", n),
		.time = MAKE_T0 + (int64_t)(n % 50) * 60000, .made = MAKE_T0 + 1, .ingested = INT64_MIN,
		.rule = STR("AWS S3 Bucket Replicated to Another Account"), .rule_id = STR(MAKE_RULE_ID),
		.severity = str_c(severities[n % 4]), .risk = (int)(n % 101),
		.bucket = arena_fmt(mem, "bucket-%u", n % 13), .owner = STR("000100000001"),
		.role = STR("arn:aws:iam::000100000001:role/repl"),
		.actor = arena_fmt(mem, "user-%u", n % 3),
		.actor_arn = arena_fmt(mem, "arn:aws:iam::000100000001:user/user-%u", n % 3),
		.actor_type = STR("IAMUser"), .key_id = STR("AKIAEXAMPLE"), .ip = STR("203.0.113.77"),
		.region = n % 2 ? STR("eu-west-1") : STR("us-east-1"), .agent = STR("aws-cli/2.15"),
		.country = STR("NL"), .dests = d, .n_dests = 1 + n % 2, .read_from = READ_ORIGINAL,
		.disagreement = n % 11 == 0, .source = arena_fmt(mem, "logs/a.json:%u", n),
	};
}

/* A decision about it, as the journal gives it. */
static inline struct decision make_decision(const struct alert *a, int64_t seq, enum verdict v)
{
	return (struct decision){.seq = seq, .at = MAKE_T0 + seq * 1000, .analyst = STR("kim"),
		.alert_id = a->id, .event_id = a->event_id, .rule_id = a->rule_id, .verdict = v,
		.reason = STR("exfiltration"), .batch = STR("1")};
}

#endif
