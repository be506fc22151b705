/*
 * alert_actor: who did it, from where and with what, and how single facts are read.
 */
#include "alert_priv.h"

#include "replication_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"

enum { FACT_MAX = 2048 };

struct str fact_text(const struct json *ecs, struct arena *mem, const char *const *paths)
{
	char tmp[JSON_SCALAR_MAX];
	for (; *paths; paths++) {
		struct str text = doc_text(ecs, *paths, tmp);
		if (text.n)
			return arena_str(mem, text_cut(text, FACT_MAX));
	}
	return (struct str){0};
}

int64_t fact_time(const struct json *ecs, const char *path)
{
	char tmp[JSON_SCALAR_MAX];
	int64_t ms;
	struct str text = doc_text(ecs, path, tmp);
	return when_read(text, &ms) ? ms : WHEN_NONE;
}

/* What stands behind the last '/' or ':': a user, a session, "root". */
static struct str alert_actor_arn_name(struct str arn)
{
	size_t at = str_rfind_char(arn, '/');
	if (at == STR_NONE)
		at = str_rfind_char(arn, ':');
	return at == STR_NONE ? arn : str_sub(arn, at + 1, arn.n);
}

void actor_read(const struct json *ecs, struct arena *mem, struct alert *out)
{
	out->actor_arn = TEXT(ecs, mem, "aws.cloudtrail.user_identity.arn");
	out->issuer_arn = TEXT(ecs, mem, "aws.cloudtrail.user_identity.session_context.session_issuer.arn");
	out->actor_type = TEXT(ecs, mem, "aws.cloudtrail.user_identity.type");
	out->key_id = TEXT(ecs, mem, "aws.cloudtrail.user_identity.access_key_id");
	out->ip = TEXT(ecs, mem, "source.ip", "source.address");
	out->region = TEXT(ecs, mem, "cloud.region");
	out->invoked_by = TEXT(ecs, mem, "aws.cloudtrail.user_identity.invoked_by");
	out->endpoint = TEXT(ecs, mem, "aws.cloudtrail.vpc_endpoint_id");
	out->agent = TEXT(ecs, mem, "user_agent.original");
	out->country = TEXT(ecs, mem, "source.geo.country_iso_code");
	out->actor = TEXT(ecs, mem, "user.name");
	if (!out->actor.n)
		out->actor = alert_actor_arn_name(out->actor_arn);
	if (!out->actor.n)
		out->actor = TEXT(ecs, mem, "aws.cloudtrail.user_identity.invoked_by", "user.id",
			"aws.cloudtrail.user_identity.type");
}
