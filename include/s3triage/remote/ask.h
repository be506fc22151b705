/*
 * remote/ask: the requests that find alerts and events, as pure functions. Elasticsearch's EQL
 * search, the Query DSL that Elasticsearch 7.17 to 9, serverless and OpenSearch share, and Kibana's
 * search of detection alerts.
 *
 * The DSL finds a superset: what has the rule's event.action (or eventName, for raw CloudTrail)
 * within the time. Every hit is judged by the rule's own query here afterwards. `match` is used
 * where `term` would do on a keyword, so that a text mapping finds the same.
 */
#ifndef S3TRIAGE_REMOTE_ASK_H
#define S3TRIAGE_REMOTE_ASK_H

#include "s3triage/base/buf.h"
#include "s3triage/detect/rule.h"

/* The order that makes a total one of equal times. */
enum ask_tie { TIE_NONE, TIE_SHARD_DOC, TIE_ID };

struct ask {
	const struct rule *rule;   /* NULL: every event, every alert */
	bool alerts;               /* the index holds Kibana's alerts */
	int64_t since, until;      /* ms, inclusive; WHEN_NONE = open */
	int64_t back;              /* ms before now by the server's own clock; 0: no such bound */
	int64_t before;            /* keyset paging: @timestamp at most this; WHEN_NONE = first page */
	int64_t size;
	struct str pit;            /* point in time; empty: none */
	struct str after;          /* the last hit's sort values as JSON text; empty: first page */
	enum ask_tie tie;
};

/* Body of _search, newest first. */
void ask_search(const struct ask *a, struct buf *out);

/* Body of INDEX/_eql/search: the last `size` events, oldest first. Only for EQL rules. */
void ask_eql(const struct ask *a, struct buf *out);

/* True when the rule's query can be handed to a server whole. */
bool ask_can_eql(const struct rule *rule);

/* Body of api/detection_engine/signals/search: newest first, paged by `before`. */
void ask_signals(const struct ask *a, struct buf *out);

/* A path segment or query value, percent-encoded. '*' and ',' are encoded too: AWS signs them so. */
void ask_encode(struct str s, struct buf *out);
/* "/s/SPACE" before Kibana's paths; nothing for the default one. */
void ask_space(struct str space, struct buf *out);

#endif
