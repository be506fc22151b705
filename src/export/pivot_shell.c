/*
 * pivot_shell: aws commands. The tool gives some arguments a meaning of their own (file://, a
 * leading dash), which quoting does not take away: a value must look like the name that it is said
 * to be, or there is no command with it.
 */
#include "pivot_priv.h"

#include "s3triage/event/json.h"

static bool is_bucket(struct str s) { return str_is_name(s, ".-_", 255); }
static bool is_entity(struct str s) { return str_is_name(s, "+=,.@-_", 64); }
static bool is_key(struct str s) { return str_is_name(s, "", 128) && s.n >= 16; }
static bool pivot_shell_is_region(struct str s) { return str_is_name(s, "-", 32); }
static bool pivot_shell_is_account(struct str s) { return s.n == 12 && str_digits(s); }

static void put_region(const struct alert *a, struct buf *out)
{
	if (!pivot_shell_is_region(a->region))
		return;
	buf_c(out, " --region ");
	quote_shell(a->region, out);
}

static void lookup(struct pivots *p, const struct alert *a, const char *title, const char *key,
	struct str value)
{
	AUTO(buf_fini) struct buf b = {0}, json = {0};
	struct members m = members_open(&json, '[');
	member_open(&m, NULL, '{');
	member_text(&m, "AttributeKey", str_c(key));
	member_text(&m, "AttributeValue", value);
	members_close(&m);
	buf_c(&b, "aws cloudtrail lookup-events");
	put_region(a, &b);
	if (p->from[0])
		buf_fmt(&b, " --start-time %s --end-time %s", p->from, p->until);
	buf_c(&b, " --lookup-attributes ");
	quote_shell(buf_str(&json), &b);
	pivot_add(p, PIVOT_SHELL, title, &b);
}

static void command(struct pivots *p, const char *title, const char *words, struct str value)
{
	AUTO(buf_fini) struct buf b = {0};
	buf_fmt(&b, "%s ", words);
	quote_shell(value, &b);
	pivot_add(p, PIVOT_SHELL, title, &b);
}

static void bucket_command(struct pivots *p, const struct alert *a, const char *title,
	const char *words)
{
	AUTO(buf_fini) struct buf b = {0};
	buf_c(&b, words);
	put_region(a, &b);
	buf_c(&b, " --bucket ");
	quote_shell(a->bucket, &b);
	if (pivot_shell_is_account(a->owner)) {
		buf_c(&b, " --expected-bucket-owner ");
		quote_shell(a->owner, &b);
	}
	pivot_add(p, PIVOT_SHELL, title, &b);
}

static void add_lookups(struct pivots *p, const struct alert *a)
{
	if (is_key(a->key_id))
		lookup(p, a, "events of the key", "AccessKeyId", a->key_id);
	if (is_bucket(a->bucket))
		lookup(p, a, "events of the bucket", "ResourceName", a->bucket);
	if (is_entity(a->actor) && str_is(a->actor_type, "IAMUser"))
		lookup(p, a, "events of the user", "Username", a->actor);
}

/* The name behind "role/" and its path, or behind "assumed-role/" and before the session. */
static struct str pivot_shell_role_name(struct str arn)
{
	size_t at = str_find(arn, STR(":role/")), assumed = str_find(arn, STR(":assumed-role/"));
	if (assumed != STR_NONE) {
		struct str rest = str_sub(arn, assumed + sizeof(":assumed-role/") - 1, arn.n);
		return str_cut(&rest, '/');
	}
	return at == STR_NONE ? (struct str){0} : str_sub(arn, str_rfind_char(arn, '/') + 1, arn.n);
}

/* Somebody else's role of this name says nothing of the one that is meant. */
static const char *in_account(struct pivots *p, const char *title, struct str arn, const struct alert *a)
{
	struct str account = arn_part(arn, 4);
	if (!pivot_shell_is_account(account) || str_eq(account, a->owner))
		return title;
	return arena_fmt(p->mem, "%s, in account %.*s", title, STR_ARG(account)).p;
}

static void add_role(struct pivots *p, const struct alert *a, struct str arn, bool replication)
{
	struct str name = pivot_shell_role_name(arn);
	if (!is_entity(name))
		return;
	command(p, in_account(p, replication ? "the replication role" : "the caller's role", arn, a),
		"aws iam get-role --role-name", name);
	command(p, in_account(p, replication ? "its own policies" : "the caller's own policies", arn, a),
		"aws iam list-role-policies --role-name", name);
	command(p, in_account(p, replication ? "its attached policies" :
		"the caller's attached policies", arn, a),
		"aws iam list-attached-role-policies --role-name", name);
}

static void add_caller(struct pivots *p, const struct alert *a)
{
	if (str_is(a->actor_type, "IAMUser") && is_entity(a->actor))
		command(p, in_account(p, "the user's keys", a->actor_arn, a),
			"aws iam list-access-keys --user-name", a->actor);
	else
		add_role(p, a, a->actor_arn, false);
	if (is_key(a->key_id) && str_starts(a->key_id, STR("AKIA")))
		command(p, "when the key was last used", "aws iam get-access-key-last-used --access-key-id",
			a->key_id);
}

void pivot_commands(struct pivots *p, const struct alert *a)
{
	struct str account = alert_main_dest(a)->account;
	add_lookups(p, a);
	if (is_bucket(a->bucket)) {
		bucket_command(p, a, "the replication as it is now", "aws s3api get-bucket-replication");
		bucket_command(p, a, "the bucket's policy", "aws s3api get-bucket-policy");
	}
	if (pivot_shell_is_account(account))
		command(p, "the destination account",
			"aws organizations describe-account --account-id", account);
	add_role(p, a, a->role, true);
	add_caller(p, a);
}

void pivot_add(struct pivots *p, enum pivot_language language, const char *title, struct buf *text)
{
	if (p->n < PIVOTS_MAX && !text->over)
		p->out[p->n++] = (struct pivot){language, title, arena_str(p->mem, buf_str(text))};
	buf_clear(text);
}
