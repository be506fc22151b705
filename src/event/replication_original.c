/*
 * replication_original: what event.original says of the call itself against the fields of the
 * document beside it. Both are one event's, so that they cannot differ unless somebody changed one.
 */
#include "replication_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"

struct pair {
	const char *raw, *ecs, *what;
	bool time;
};

static const struct pair pairs[] = {
	{"eventName", "event.action", "call", false},
	{"eventSource", "event.provider", "service", false},
	{"eventID", "event.id", "event id", false},
	{"eventTime", "@timestamp", "time", true},
	{"awsRegion", "cloud.region", "region", false},
	{"sourceIPAddress", "source.ip", "address", false},
	{"recipientAccountId", "aws.cloudtrail.recipient_account_id", "account of the trail", false},
	{"userIdentity.arn", "aws.cloudtrail.user_identity.arn", "actor", false},
	{"userIdentity.accessKeyId", "aws.cloudtrail.user_identity.access_key_id", "key", false},
	{"userIdentity.sessionContext.sessionIssuer.arn",
		"aws.cloudtrail.user_identity.session_context.session_issuer.arn", "issuer", false},
};

static bool replication_original_same(const struct pair *p, struct str raw, struct str ecs)
{
	int64_t a, b;
	if (p->time && when_read(raw, &a) && when_read(ecs, &b))
		return a / 1000 == b / 1000;
	if (str_eq(raw, ecs))
		return true;
	struct arena mem = {0}; /* an account that a table made a float of is the same */
	struct str account = account_normal(raw, &mem);
	bool same = account.n && str_eq(account, account_normal(ecs, &mem));
	arena_fini(&mem);
	return same;
}

/* An alert has a time of its own, and keeps the event's elsewhere. */
static struct str replication_original_value_of(const struct json *ecs, const struct pair *p)
{
	struct str kept = p->time ? doc_str(ecs, "kibana.alert.original_time") : (struct str){0};
	if (p->time && !kept.n && doc_str(ecs, "kibana.alert.uuid").n)
		return kept;
	return kept.n ? kept : doc_str(ecs, p->ecs);
}

void original_compare(const struct json *ecs, const struct json *raw, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct str said = doc_str(raw, pairs[i].raw),
			   kept = replication_original_value_of(ecs, &pairs[i]);
		if (said.n && kept.n && !replication_original_same(&pairs[i], said, kept))
			buf_fmt(out, "%sthe original names %s %.*s, the document %.*s", out->n ? "; " : "",
				pairs[i].what, STR_ARG(text_cut(said, 200)), STR_ARG(text_cut(kept, 200)));
	}
	if (doc_str(raw, "errorCode").n && str_is(doc_str(ecs, "event.outcome"), "success"))
		buf_fmt(out, "%sthe original says that the call failed, the document that it succeeded",
			out->n ? "; " : "");
}
