/*
 * replication_owner: whose bucket it is. A bucket's ARN holds no account, so it is read from the
 * event's resources, else from the account whose trail has the event, else from the caller, which
 * alone would be wrong for callers of another account.
 */
#include "replication_priv.h"

#include "s3triage/event/doc.h"
#include "s3triage/event/table.h"

/* Where one of the two shapes of an event has what is asked for. */
struct place {
	const struct json *root;
	const char *resources, *arn, *account, *recipient, *caller;
};

static struct str account_at(const struct json *root, const char *path, struct arena *mem)
{
	char tmp[JSON_SCALAR_MAX];
	return account_normal(doc_text(root, path, tmp), mem);
}

static bool replication_owner_is_bucket(struct str type, struct str arn)
{
	if (type.n)
		return str_is(type, "AWS::S3::Bucket");
	return str_is(arn_part(arn, 2), "s3") && str_find_char(arn, '/') == STR_NONE;
}

static void replication_owner_take(
	struct str arn, struct str account, struct arena *mem, struct replication *out)
{
	if (arn.n)
		out->bucket_arn = arena_str(mem, arn);
	out->owner = account_normal(account, mem);
	if (out->owner.n)
		out->owner_from = "aws.cloudtrail.resources.account_id";
}

/* A bucket, and no other than the request names: of another it says nothing about this one. */
static bool may_be(const struct replication *out, struct str type, struct str arn)
{
	struct str name = arn_part(arn, 5);
	return replication_owner_is_bucket(type, arn) &&
	       (!out->bucket.n || !name.n || str_eq(name, out->bucket));
}

/* The resource that carries the bucket's name, else the first bucket without one among them. */
static void from_objects(const struct place *p, const struct json *list, struct arena *mem,
	struct replication *out)
{
	const struct json *found = NULL;
	bool sure = false;
	char tmp[JSON_SCALAR_MAX], first[JSON_SCALAR_MAX];
	for (const struct json *m = json_first(list); m; m = json_next(m)) {
		struct str arn = json_str(json_get(m, p->arn));
		if (!may_be(out, json_str(json_get(m, "type")), arn)) {
			out->other_resource |=
				replication_owner_is_bucket(json_str(json_get(m, "type")), arn);
			continue;
		}
		bool named = out->bucket.n && str_eq(arn_part(arn, 5), out->bucket);
		if (named && sure)
			out->other_resource |= !str_eq(json_text(json_get(m, p->account), tmp),
				json_text(json_get(found, p->account), first));
		else if (named || !found)
			found = m;
		sure |= named;
	}
	if (found)
		replication_owner_take(json_str(json_get(found, p->arn)),
			json_text(json_get(found, p->account), tmp), mem, out);
}

/* Answers of the `fields` kind have one list for each key; they go together only when they are
 * equally long. */
static void from_lists(const struct json *root, struct arena *mem, struct replication *out)
{
	struct doc_values arns, accounts, types;
	doc_values(root, STR("aws.cloudtrail.resources.arn"), &arns);
	doc_values(root, STR("aws.cloudtrail.resources.type"), &types);
	if (!doc_values(root, STR("aws.cloudtrail.resources.account_id"), &accounts))
		return;
	if (accounts.n == 1 && types.n <= 1) {
		char tmp[JSON_SCALAR_MAX];
		struct str arn = arns.n == 1 ? json_str(arns.v[0]) : (struct str){0};
		if (may_be(out, types.n ? json_str(types.v[0]) : (struct str){0}, arn))
			replication_owner_take(arn, json_text(accounts.v[0], tmp), mem, out);
		return;
	}
	for (size_t i = 0; arns.n == accounts.n && types.n == arns.n && i < arns.n; i++) {
		char tmp[JSON_SCALAR_MAX];
		struct str arn = json_str(arns.v[i]);
		bool named = out->bucket.n && str_eq(arn_part(arn, 5), out->bucket);
		if (!may_be(out, json_str(types.v[i]), arn))
			out->other_resource |= replication_owner_is_bucket(json_str(types.v[i]), arn);
		else if (named || !out->owner.n)
			replication_owner_take(arn, json_text(accounts.v[i], tmp), mem, out);
	}
}

static void from_resources(const struct place *p, struct arena *mem, struct replication *out)
{
	const struct json *list = doc_get(p->root, str_c(p->resources));
	if (json_type(list) == JSON_ARRAY)
		from_objects(p, list, mem, out);
}

static void from_account(const struct place *p, struct arena *mem, struct replication *out)
{
	struct str recipient = account_at(p->root, p->recipient, mem);
	if (!out->caller_account.n && p->caller)
		out->caller_account = account_at(p->root, p->caller, mem);
	if (!out->owner.n && recipient.n) {
		out->owner = recipient;
		out->owner_from = "aws.cloudtrail.recipient_account_id";
	}
}

/* A table can leave out all that names an account. The role is one that the bucket's owner made. */
static void from_role(const struct json *ecs, struct replication *out)
{
	if (out->owner.n || !out->role_account.n || !table_marked(ecs))
		return;
	out->owner = out->role_account;
	out->owner_from = "the account of the role";
	out->owner_guessed = true;
}

void replication_owner(const struct json *ecs, const struct json *raw, struct arena *mem,
	struct replication *out)
{
	/* cloud.account.id is the recipient's where the caller has none: a service is of no account. */
	bool service = str_is(doc_str(ecs, "aws.cloudtrail.user_identity.type"), "AWSService");
	const struct place places[] = {
		{raw, "resources", "ARN", "accountId", "recipientAccountId", "userIdentity.accountId"},
		{ecs, "aws.cloudtrail.resources", "arn", "account_id",
			"aws.cloudtrail.recipient_account_id", raw || service ? NULL : "cloud.account.id"},
	};
	for (size_t i = raw ? 0 : 1; i < 2 && !out->owner.n; i++)
		from_resources(&places[i], mem, out);
	if (!out->owner.n)
		from_lists(ecs, mem, out);
	for (size_t i = raw ? 0 : 1; i < 2; i++)
		from_account(&places[i], mem, out);
	if (!out->owner.n && out->caller_account.n) {
		out->owner = out->caller_account;
		out->owner_from = "cloud.account.id";
	}
	/* In a call to another account's bucket the caller's trail has an event, too. */
	out->owner_guessed = out->owner.n && str_eq(out->owner, out->caller_account) &&
		!str_ends(str_c(out->owner_from), STR("resources.account_id"));
	from_role(ecs, out);
	if (!out->bucket.n)
		out->bucket = arn_part(out->bucket_arn, 5);
	/* Elastic's integration never fills its field, as it looks for sharedEventId. */
	struct str shared = json_str(json_get(raw, "sharedEventID"));
	out->shared_id = arena_str(mem, shared.n ? shared : doc_str(ecs, "aws.cloudtrail.shared_event_id"));
}
