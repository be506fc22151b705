/*
 * handoff_commands: what stops replication, as commands to read and copy; nothing is ever run. Values are
 * the attacker's text: only valid names get into a command, in quotes at that. Each command belongs to
 * the account of what it names, and to the kind of principal that it is, or there is none and a comment
 * says why.
 */
#include "handoff_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/vec.h"

#include <stdlib.h>

enum whose { OWNER = 1, CALLER = 2, ROLE = 4 };

struct command {
	struct str account, text;
	uint64_t hash;
	enum whose whose;
};

struct commands {
	struct arena mem;
	struct command *v;
	size_t n, cap;
};

/* Each is told once, however many alerts ask for it. */
static void handoff_commands_add(
	struct commands *c, enum whose whose, struct str account, struct str text)
{
	uint64_t hash = str_hash(text);
	for (size_t i = 0; i < c->n; i++) {
		if (c->v[i].hash == hash && str_eq(c->v[i].account, account) &&
			str_eq(c->v[i].text, text)) {
			c->v[i].whose |= whose;
			return;
		}
	}
	c->v = vec_room(c->v, c->n, &c->cap, sizeof(*c->v));
	c->v[c->n++] = (struct command){account, text, hash, whose};
}

/* The account that an ARN is of, else the one given; empty when neither is one. */
static struct str cmd_account_of(struct str arn, struct str otherwise)
{
	struct str said = arn_part(arn, 4);
	if (handoff_is_account(said))
		return said;
	return handoff_is_account(otherwise) ? otherwise : (struct str){0};
}

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

/* " --region 'eu-west-1'"; empty where it is not known. */
static const char *handoff_commands_place(struct commands *c, const char *option, struct str value)
{
	return value.n ? arena_fmt(&c->mem, " --%s '%.*s'", option, STR_ARG(value)).p : "";
}

/* What is there now was set by somebody else: it is kept to be read, and nothing is deleted. */
static void look_first(struct commands *c, const struct handoff_stop *stop, struct str account,
	const char *options)
{
	struct str b = stop->alert->bucket;
	handoff_commands_add(c, OWNER, account,
		arena_fmt(&c->mem, stop->removed ? "# bucket %.*s: its replication was deleted (%.*s): nothing is"
			" left to delete; see that it is so" :
			"# bucket %.*s: its configuration was replaced (%.*s): look at what is there"
			" now, delete nothing unread",
			STR_ARG(b), STR_ARG(stop->replaced)));
	handoff_commands_add(c, OWNER, account,
		arena_fmt(&c->mem, "aws s3api get-bucket-replication --bucket '%.*s'%s", STR_ARG(b), options));
}

/* What is deleted is evidence: it goes only once it is kept, in a file that was not there before. */
static void flow(struct commands *c, const struct handoff_stop *stop)
{
	const struct alert *a = stop->alert;
	struct str b = a->bucket, account = cmd_account_of(STR(""), a->owner);
	if (!handoff_is_bucket(b)) {
		handoff_commands_add(c, OWNER, account,
			STR("# a bucket's name is no valid one: it is named below, by hand"));
		return;
	}
	const char *region = handoff_commands_place(
		c, "region", handoff_is_name(a->region) ? a->region : STR(""));
	const char *owner = handoff_commands_place(c, "expected-bucket-owner", account);
	const char *options = arena_fmt(&c->mem, "%s%s", owner, region).p;
	if (stop->replaced.n)
		look_first(c, stop, account, options);
	else
		handoff_commands_add(c, OWNER, account,
			arena_fmt(&c->mem,
				"( set -C; aws s3api get-bucket-replication --bucket '%.*s'"
				"%s > '%.*s.replication.json' ) && [ -s '%.*s.replication.json' ] &&"
				" aws s3api delete-bucket-replication --bucket '%.*s'%s",
				STR_ARG(b), options, STR_ARG(b), STR_ARG(b), STR_ARG(b), options));
	handoff_commands_add(c, OWNER, account,
		arena_fmt(&c->mem,
			"aws configservice get-resource-config-history"
			" --resource-type AWS::S3::Bucket --resource-id '%.*s'%s",
			STR_ARG(b), region));
}

/* Refuses all temporary credentials that were given out before the command is run. `kind`: role, user. */
static void sessions(struct commands *c, struct str account, const char *kind, struct str name)
{
	handoff_commands_add(c, CALLER, account,
		arena_fmt(&c->mem,
			"# sessions of %s %.*s that were opened before this is"
			" run are refused:",
			kind, STR_ARG(name)));
	handoff_commands_add(c, CALLER, account,
		arena_fmt(&c->mem,
			"aws iam put-%s-policy --%s-name '%.*s' --policy-name"
			" refuse-older-sessions --policy-document "
			"'{\"Version\":\"2012-10-17\",\"Statement\":"
			"[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{"
			"\"DateLessThan\":"
			"{\"aws:TokenIssueTime\":\"'\"$(date -u "
			"+%%Y-%%m-%%dT%%H:%%M:%%SZ)\"'\"}}}]}'",
			kind, kind, STR_ARG(name)));
}

static void handoff_commands_keys_of(struct commands *c, struct str account, struct str user)
{
	handoff_commands_add(c, CALLER, account,
		arena_fmt(&c->mem, "aws iam list-access-keys --user-name '%.*s'", STR_ARG(user)));
}

static void user_door(struct commands *c, const struct alert *a, struct str account, struct str user)
{
	if (handoff_is_name(a->key_id) && str_starts(a->key_id, STR("AKIA")))
		handoff_commands_add(c, CALLER, account,
			arena_fmt(&c->mem,
				"aws iam update-access-key --user-name '%.*s'"
				" --access-key-id '%.*s' --status Inactive",
				STR_ARG(user), STR_ARG(a->key_id)));
	else if (str_starts(a->key_id, STR("ASIA")))
		sessions(c, account, "user", user); /* such a key cannot be set inactive */
	handoff_commands_keys_of(c, account, user);
}

/* Anybody can name a role so; the path is AWS's own. Where the event does not say it, the name must do. */
static bool is_managed(struct str issuer, struct str role, struct str path, struct str name)
{
	bool said = str_find(issuer, STR(":role/")) != STR_NONE && str_eq(arn_name(issuer, STR(":role/")), role);
	return str_starts(role, name) && (!said || str_find(issuer, path) != STR_NONE);
}

/* Roles that others manage: AWS refuses a policy on them. */
static void role_door(struct commands *c, const struct alert *a, struct str account, struct str role)
{
	if (is_managed(a->issuer_arn, role, STR(":role/aws-reserved/"), STR("AWSReservedSSO_")))
		handoff_commands_add(c, CALLER, account,
			arena_fmt(&c->mem,
				"# role %.*s is of IAM Identity Center and cannot be"
				" changed here: end the person's sessions and take the permission "
				"set's assignment"
				" away there",
				STR_ARG(role)));
	else if (is_managed(a->issuer_arn, role, STR(":role/aws-service-role/"), STR("AWSServiceRoleFor")))
		handoff_commands_add(c, CALLER, account,
			arena_fmt(&c->mem,
				"# role %.*s is of an AWS service and cannot be"
				" changed: look at who set that service up",
				STR_ARG(role)));
	else
		sessions(c, account, "role", role);
}

/* Of a federated user the alert's actor is who asked for its session. */
static void federated_door(struct commands *c, const struct alert *a, struct str account,
	struct str name)
{
	bool issuer = handoff_is_name(a->actor) && !str_eq(a->actor, name);
	struct str who = issuer ? a->actor : STR("which is in the event's sessionContext");
	handoff_commands_add(c, CALLER, account,
		arena_fmt(&c->mem,
			"# federated user %.*s may do no more than its issuer,"
			" %.*s:",
			STR_ARG(name), STR_ARG(who)));
	if (!issuer)
		return;
	sessions(c, account, "user", a->actor);
	handoff_commands_keys_of(c, account, a->actor);
}

static void door(struct commands *c, const struct alert *a)
{
	struct str user = arn_name(a->actor_arn, STR(":user/"));
	struct str role = arn_name(a->actor_arn, STR(":assumed-role/"));
	struct str federated = arn_name(a->actor_arn, STR(":federated-user/"));
	struct str account = cmd_account_of(a->actor_arn, a->caller_account);
	if (a->traits & TRAIT_ROOT)
		handoff_commands_add(c, CALLER, account,
			STR("# the root user: change its password and its second factor,"
			    " delete its keys, in the console"));
	else if (!account.n)
		handoff_commands_add(c, CALLER, account,
			STR("# whose account the caller is of is not in the event: no command"
			    " about it, named below"));
	else if (handoff_is_name(user))
		user_door(c, a, account, user);
	else if (handoff_is_name(role))
		role_door(c, a, account, role);
	else if (handoff_is_name(federated))
		federated_door(c, a, account, federated);
	else
		handoff_commands_add(c, CALLER, account,
			STR("# whoever sent it has no user or role with a valid name in the"
			    " event: named below, by hand"));
}

static void replication_role(struct commands *c, const struct alert *a)
{
	struct str role = arn_name(a->role, STR(":role/"));
	struct str account = cmd_account_of(a->role, a->role_account);
	if (!handoff_is_name(role) || !account.n)
		return;
	handoff_commands_add(c, ROLE, account,
		arena_fmt(&c->mem, "aws iam list-role-policies --role-name '%.*s'", STR_ARG(role)));
	handoff_commands_add(c, ROLE, account,
		arena_fmt(&c->mem, "aws iam list-attached-role-policies --role-name '%.*s'",
			STR_ARG(role)));
}

/* ---- out ---------------------------------------------------------------------------------- */

static void put_heading(const struct commands *c, struct str account, struct buf *out)
{
	static const char *const words[] = {"the bucket's owner", "the caller", "the replication role"};
	unsigned whose = 0;
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->v[i].account, account))
			whose |= c->v[i].whose;
	buf_c(out, "\n### In ");
	if (account.n)
		buf_fmt(out, "account %.*s", STR_ARG(account));
	else
		buf_c(out, "an account that is not known");
	for (unsigned i = 0, any = 0; i < ARRAY_LEN(words); i++)
		if (whose >> i & 1)
			buf_fmt(out, "%s%s", any++ ? ", " : ", that of ", words[i]);
	buf_c(out, "\n\n```sh\n");
}

static void handoff_commands_put_account(struct commands *c, size_t first, struct buf *out)
{
	struct str account = c->v[first].account;
	put_heading(c, account, out);
	for (size_t i = first; i < c->n; i++) {
		if (!c->v[i].text.n || !str_eq(c->v[i].account, account))
			continue;
		buf_fmt(out, "%.*s\n", STR_ARG(c->v[i].text));
		c->v[i].text.n = 0; /* told */
	}
	buf_c(out, "```\n");
}

/* What a command cannot say of one alert. An attacker's text stays out of what is pasted into a shell, also
 * out of its comments. */
static size_t put_by_hand(const struct handoff_stop *stop, struct buf *out)
{
	const struct alert *a = stop->alert;
	struct str account = cmd_account_of(a->actor_arn, a->caller_account);
	struct str who = a->actor_arn.n ? a->actor_arn : a->actor;
	bool named = handoff_is_name(arn_name(a->actor_arn, STR(":user/"))) ||
		handoff_is_name(arn_name(a->actor_arn, STR(":assumed-role/"))) ||
		handoff_is_name(arn_name(a->actor_arn, STR(":federated-user/")));
	bool role = handoff_is_name(arn_name(a->role, STR(":role/"))) && cmd_account_of(a->role, a->role_account).n;
	const struct {
		bool it;
		const char *what;
		struct str name;
	} parts[] = {
		{!handoff_is_bucket(a->bucket), "the bucket has no valid name", a->bucket},
		{a->region.n && !handoff_is_name(a->region), "the region is no valid one", a->region},
		{!(a->traits & TRAIT_ROOT) && !account.n, "whose account the caller is of is not known", who},
		{!(a->traits & TRAIT_ROOT) && account.n && !named, "the caller has no user or role with a valid name", who},
		{!role, "no command looks at the replication role", a->role},
	};
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!parts[i].it)
			continue;
		buf_fmt(out, "- case %zu: %s: ", stop->number, parts[i].what);
		export_markdown_text(parts[i].name.n ? parts[i].name : STR("not in the event"), out);
		buf_char(out, '\n');
		n++;
	}
	return n;
}

static void put_all_by_hand(const struct handoff_stop *stops, size_t n, struct buf *out)
{
	AUTO(buf_fini) struct buf lines = {0};
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += put_by_hand(&stops[i], &lines);
	if (!count)
		return;
	buf_fmt(out, "\n### By hand: %zu that no command names\n\n", count);
	buf_add(out, buf_str(&lines));
}

void handoff_commands(const struct handoff_stop *stops, size_t n, struct buf *out)
{
	struct commands c = {0};
	for (size_t i = 0; i < n; i++)
		flow(&c, &stops[i]);
	for (size_t i = 0; i < n; i++)
		door(&c, stops[i].alert);
	for (size_t i = 0; i < n; i++)
		replication_role(&c, stops[i].alert);
	for (size_t i = 0; i < c.n; i++)
		if (c.v[i].text.n)
			handoff_commands_put_account(&c, i, out);
	put_all_by_hand(stops, n, out);
	free(c.v);
	arena_fini(&c.mem);
}
