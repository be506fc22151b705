/*
 * cloudtrail_people: who acted and who is named, as the integration's pipeline puts them. Order and
 * conditions are its own (default.yml of package aws, data stream cloudtrail).
 */
#include "ecs_priv.h"

#include "s3triage/event/doc.h"
#include "s3triage/event/replication.h"

static bool people_is_session(const struct json *raw)
{
	struct str type = doc_str(raw, "userIdentity.type");
	return str_is(type, "AssumedRole") || str_is(type, "FederatedUser");
}

/* The name of the session; the pipeline knows two partitions. */
static struct str people_session(const struct json *raw)
{
	struct str arn = doc_str(raw, "userIdentity.arn"), partition = arn_part(arn, 1);
	bool known = str_is(partition, "aws") || str_is(partition, "aws-us-gov");
	size_t at = str_rfind_char(arn, '/');
	if (!people_is_session(raw) || !known || !str_is(arn_part(arn, 2), "sts") || at == STR_NONE)
		return (struct str){0};
	return str_sub(arn, at + 1, arn.n);
}

/* A user of Identity Center has neither ARN nor principal. */
static void put_on_behalf(const struct json *raw, struct json *doc)
{
	struct str user = doc_str(raw, "userIdentity.onBehalfOf.userId");
	ecs_put_str(doc, "aws.cloudtrail.user_identity.on_behalf_of.user_id", user);
	ecs_put_str(doc, "aws.cloudtrail.user_identity.on_behalf_of.identity_store_arn",
		doc_str(raw, "userIdentity.onBehalfOf.identityStoreArn"));
	if (str_is(doc_str(raw, "userIdentity.type"), "IdentityCenterUser") && !doc_str(doc, "user.id").n)
		ecs_put_str(doc, "user.id", user);
}

static void put_name(const struct json *raw, struct json *doc, struct str session)
{
	struct str issuer = doc_str(raw, "userIdentity.sessionContext.sessionIssuer.userName");
	struct str signing = doc_str(raw, "additionalEventData.UserName");
	if (people_is_session(raw) && issuer.n)
		ecs_put_str(doc, "user.name", issuer);
	if (str_is(doc_str(doc, "event.action"), "UserAuthentication") && !doc_str(doc, "user.name").n)
		ecs_put_str(doc, "user.name", signing);
	struct str name = doc_str(doc, "user.name");
	size_t at = str_find_char(name, '@');
	if (str_find_char(session, '@') != STR_NONE)
		ecs_put_str(doc, "user.email", session);
	else if (at != STR_NONE && at > 0)
		ecs_put_str(doc, "user.email", name);
}

void cloudtrail_put_people(const struct json *raw, struct json *doc)
{
	struct str session = people_session(raw);
	size_t at = str_find_char(session, '@');
	put_on_behalf(raw, doc);
	put_name(raw, doc, session);
	ecs_append(doc, "related.user", session);
	if (at != STR_NONE)
		ecs_append(doc, "related.user", str_sub(session, 0, at));
	const struct str named[] = {doc_str(raw, "requestParameters.userName"),
		doc_str(raw, "requestParameters.newUserName"), doc_str(raw, "responseElements.user.userId"),
		doc_str(doc, "user.id"), doc_str(doc, "user.name"), doc_str(doc, "user.changes.name")};
	for (size_t i = 0; i < ARRAY_LEN(named); i++)
		ecs_append(doc, "related.user", named[i]);
}
