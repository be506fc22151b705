/*
 * close_commands: what stops one alert's replication, as commands to read and copy; nothing is ever
 * run. Values are the attacker's text: only valid names get into a command, in quotes at that.
 */
#include "close_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

/* "arn:aws:sts::1:assumed-role/NAME/session", "arn:aws:iam::1:user/path/NAME". */
static struct str arn_name(struct str arn, struct str kind)
{
	size_t at = str_find(arn, kind);
	if (at == STR_NONE)
		return (struct str){0};
	struct str rest = str_sub(arn, at + kind.n, arn.n);
	if (str_is(kind, ":assumed-role/"))
		return str_cut(&rest, '/');
	size_t slash = str_rfind_char(rest, '/');
	return str_sub(rest, slash == STR_NONE ? 0 : slash + 1, rest.n);
}

static void flow(const struct alert *a, struct buf *out)
{
	if (!close_is_bucket(a->bucket)) {
		buf_c(out, "# the bucket's name is no valid one: look at it by hand\n");
		return;
	}
	buf_fmt(out, "aws s3api get-bucket-replication --bucket '%.*s' > '%.*s.replication.json'\n",
		STR_ARG(a->bucket), STR_ARG(a->bucket));
	buf_fmt(out, "aws s3api delete-bucket-replication --bucket '%.*s'\n", STR_ARG(a->bucket));
}

static void user_key(struct str user, struct str key, struct buf *out)
{
	if (close_is_name(user) && close_is_name(key))
		buf_fmt(out, "aws iam update-access-key --user-name '%.*s' --access-key-id '%.*s'"
			" --status Inactive\n", STR_ARG(user), STR_ARG(key));
}

static void sessions(const struct alert *a, struct str role, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	if (!close_is_name(role) || a->time == WHEN_NONE)
		return;
	buf_c(out, "# sessions that were opened before the time below are refused: set it to now\n");
	buf_fmt(out, "aws iam put-role-policy --role-name '%.*s' --policy-name refuse-older-sessions"
		" --policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\","
		"\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":"
		"{\"aws:TokenIssueTime\":\"%s\"}}}]}'\n", STR_ARG(role),
		when_format(a->time / 1000 * 1000, when));
}

static void door(const struct alert *a, struct buf *out)
{
	struct str user = arn_name(a->actor_arn, STR(":user/"));
	struct str role = arn_name(a->actor_arn, STR(":assumed-role/"));
	if (user.n)
		user_key(user, a->key_id, out);
	else if (role.n)
		sessions(a, role, out);
	else if (a->traits & TRAIT_ROOT)
		buf_c(out, "# the root user: change its password and its second factor, delete its"
			" keys, in the console\n");
	else
		buf_c(out, "# whoever sent it has no user or role in the event: look at it by hand\n");
}

static void replication_role(const struct alert *a, struct buf *out)
{
	struct str role = arn_name(a->role, STR(":role/"));
	if (!close_is_name(role))
		return;
	buf_fmt(out, "aws iam list-role-policies --role-name '%.*s'\n", STR_ARG(role));
	buf_fmt(out, "aws iam list-attached-role-policies --role-name '%.*s'\n", STR_ARG(role));
}

void close_commands(const struct alert *a, struct buf *out)
{
	if (close_is_account(a->owner))
		buf_fmt(out, "# in account %.*s\n", STR_ARG(a->owner));
	flow(a, out);
	door(a, out);
	replication_role(a, out);
	if (close_is_bucket(a->bucket))
		buf_fmt(out, "aws configservice get-resource-config-history --resource-type"
			" AWS::S3::Bucket --resource-id '%.*s'\n", STR_ARG(a->bucket));
}
