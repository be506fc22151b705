/*
 * identity: who acted, where CloudTrail says more than a name and an ARN: the session's name, the person
 * behind a role, and who vouches for that person. What no document has is read from the raw event.
 */
#include "alert_priv.h"
#include "replication_priv.h"

#include "s3triage/base/hash.h"
#include "s3triage/event/activity.h"
#include "s3triage/event/doc.h"

#include <stdio.h>

enum { IDENTITY_MAX = 1024, ARN_MAX = 700 };

#define USER "aws.cloudtrail.user_identity."

/* The event that the document was made of, when it says anything of the kind. */
static struct json *original_of(const struct json *ecs)
{
	static const char *const words[] = {"\"sourceIdentity\"", "\"onBehalfOf\"", "\"federatedProvider\"",
		"\"identityProvider\"", "\"userId\""};
	struct str text = doc_str(ecs, "event.original");
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_find(text, str_c(words[i])) != STR_NONE)
			return json_parse(text, NULL);
	return NULL;
}

static struct str raw_text(const struct json *raw, struct arena *mem, const char *path)
{
	struct str text = raw ? doc_str(raw, path) : (struct str){0};
	return text.n ? arena_str(mem, text_cut(text, IDENTITY_MAX)) : text;
}

static struct str first_of(struct str a, struct str b)
{
	return a.n ? a : b;
}

/* Permission sets of Identity Center become roles of this name, and the session's name is the user's. */
static bool is_sso(struct str arn)
{
	return str_find(arn, STR(":assumed-role/AWSReservedSSO_")) != STR_NONE;
}

struct str session_of(struct str arn)
{
	struct str kind = arn_part(arn, 5), rest = kind;
	struct str word = str_cut(&rest, '/');
	size_t at = str_rfind_char(rest, '/');
	if (str_is(word, "federated-user"))
		return rest;
	return str_is(word, "assumed-role") && at != STR_NONE ? str_sub(rest, at + 1, rest.n) : (struct str){0};
}

void identity_derive(struct alert *a)
{
	if (!a->session.n)
		a->session = session_of(a->actor_arn);
	if (!a->person.n && is_sso(a->actor_arn))
		a->person = a->session;
}

void identity_read(const struct json *ecs, const struct json *given, struct arena *mem, struct alert *out)
{
	AUTO(json_free_ptr) struct json *owned = given ? NULL : original_of(ecs);
	const struct json *detail = json_get(owned, "detail"), *raw = given ? given : detail ? detail : owned;
	struct str id = TEXT(ecs, mem, "user.id");
	size_t colon = str_find_char(id, ':');
	struct str source = first_of(raw_text(raw, mem, "userIdentity.sessionContext.sourceIdentity"),
		TEXT(ecs, mem, USER "session_context.source_identity", USER "source_identity"));
	struct str user = first_of(raw_text(raw, mem, "userIdentity.onBehalfOf.userId"),
		TEXT(ecs, mem, USER "on_behalf_of.user_id"));
	struct str store = first_of(raw_text(raw, mem, "userIdentity.onBehalfOf.identityStoreArn"),
		TEXT(ecs, mem, USER "on_behalf_of.identity_store_arn"));
	struct str web = first_of(raw_text(raw, mem,
		"userIdentity.sessionContext.webIdFederationData.federatedProvider"),
		TEXT(ecs, mem, USER "session_context.web_id_federation_data.federated_provider"));
	struct str idp = first_of(raw_text(raw, mem, "userIdentity.identityProvider"),
		TEXT(ecs, mem, USER "identity_provider"));
	out->person = first_of(source, user);
	/* A source identity is no user of the store: it must not look like one. */
	out->provider = first_of(source.n ? (struct str){0} : store, first_of(web, idp));
	if (str_is(out->actor_type, "AssumedRole") && !out->actor_arn.n && colon != STR_NONE)
		out->session = str_sub(id, colon + 1, id.n);
	if (user.n && (!out->actor.n || str_eq(out->actor, out->actor_type)))
		out->actor = user;
	identity_derive(out);
}

/* ---- in one text ---------------------------------------------------------------------------- */

/* "token.actions.githubusercontent.com" of an OIDC provider's ARN, "d-90676" of an identity store's. */
static struct str provider_name(struct str s)
{
	struct str rest = str_starts(s, STR("arn:")) ? arn_part(s, 5) : (struct str){0}, whole = rest;
	str_cut(&rest, '/');
	return rest.n ? rest : whole.n ? whole : s;
}

/* Of these the name alone is nobody: every account has them. */
static bool needs_account(const struct alert *a)
{
	static const char *const types[] = {"AWSAccount", "Root", "Unknown", "Directory"};
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_is(a->actor_type, types[i]))
			return true;
	return false;
}

/* The alert's name for the actor, and for a session that says more than it. */
static size_t put_acting(const struct alert *a, char *to, size_t max)
{
	struct str name = text_cut(a->actor, 200), session = text_cut(a->session, 100);
	if (str_is(name, "AWSAccount") && !a->caller_account.n) /* no account: the request was not signed */
		name = STR("anonymous");
	bool of = needs_account(a) && a->caller_account.n && !str_eq(name, a->caller_account);
	if (str_eq(session, a->person) || str_eq(session, name) || !name.n)
		session.n = 0;
	int n = snprintf(to, max, "%.*s%s%.*s%s%.*s", STR_ARG(name), session.n ? "/" : "", STR_ARG(session),
		of ? " of " : "", STR_ARG(of ? a->caller_account : (struct str){0}));
	return n > 0 && (size_t)n < max ? (size_t)n : 0;
}

struct str alert_who(const struct alert *a, char tmp[ALERT_WHO_MAX])
{
	struct str person = text_cut(a->person, 200), via = text_cut(provider_name(a->provider), 200);
	char acting[ALERT_WHO_MAX / 2];
	size_t n_acting = put_acting(a, acting, sizeof(acting));
	if (str_eq(person, a->actor))
		person.n = 0;
	int n = snprintf(tmp, ALERT_WHO_MAX, "%.*s%s%.*s%s%.*s", STR_ARG(person),
		person.n && n_acting ? " as " : "", (int)n_acting, acting, via.n ? " via " : "", STR_ARG(via));
	return (struct str){tmp, n > 0 && n < ALERT_WHO_MAX ? (size_t)n : 0};
}

/* ---- told apart ----------------------------------------------------------------------------- */

struct str principal_of(struct str arn, struct str actor)
{
	if (!arn.n)
		return actor;
	size_t role = str_find(arn, STR(":assumed-role/")), session = str_rfind_char(arn, '/');
	if (role == STR_NONE || session == STR_NONE || session <= role + sizeof(":assumed-role/") - 1 ||
		is_sso(arn))
		return arn;
	return str_sub(arn, 0, session);
}

/* Words that stand between blanks: what has one in it, or is too long, ends in a hash of the whole. */
static void put_apart(const char *before, struct str word, size_t max, struct buf *out)
{
	bool plain = word.n <= max;
	for (size_t i = 0; i < word.n && plain; i++)
		plain = word.p[i] != ' ';
	if (word.n)
		buf_fmt(out, "%s%.*s", before, STR_ARG(text_cut(word, max)));
	char hex[SHA256_HEX];
	if (plain)
		return;
	sha256_hex(word, hex);
	buf_fmt(out, "~%.16s", hex);
}

static struct str put_back(struct buf *text, char tmp[ALERT_PRINCIPAL_MAX])
{
	int n = snprintf(tmp, ALERT_PRINCIPAL_MAX, "%s", buf_cstr(text));
	return (struct str){tmp, n > 0 ? (size_t)(n < ALERT_PRINCIPAL_MAX ? n : ALERT_PRINCIPAL_MAX - 1) : 0};
}

/* The name in an ARN, or without one the actor's, is the person's already. */
static bool names_person(const struct alert *a, struct str person)
{
	return !person.n || (a->actor_arn.n ? is_sso(a->actor_arn) && str_eq(person, session_of(a->actor_arn)) :
		str_eq(person, a->actor));
}

/* Of an actor without an ARN. */
static void put_unnamed(const struct alert *a, bool whole, struct buf *out)
{
	if (whole)
		put_apart("", a->actor_type, 64, out);
	put_apart(out->n ? " " : "", a->actor, ARN_MAX, out);
	if (whole)
		put_apart(" of ", a->caller_account, 12, out);
}

/* The ARN, or what stands for it; then the person, and who vouches for her, in full: two accounts may have
 * a provider of one name. */
static struct str told_apart(const struct alert *a, bool whole, char tmp[ALERT_PRINCIPAL_MAX])
{
	AUTO(buf_fini) struct buf out = {0};
	struct str person = names_person(a, a->person) ? (struct str){0} : a->person;
	bool alone = !person.n && !a->provider.n, plain = a->actor_arn.n && a->actor_arn.n <= ARN_MAX;
	if ((plain && alone) || (!a->actor_arn.n && !a->actor.n))
		return principal_of(a->actor_arn, a->actor);
	if (a->actor_arn.n)
		put_apart("", principal_of(a->actor_arn, a->actor), ARN_MAX, &out);
	else
		put_unnamed(a, whole, &out);
	put_apart(" as ", person, 128, &out);
	put_apart(" via ", a->provider, 300, &out);
	return put_back(&out, tmp);
}

struct str principal_as(struct str principal, struct str person, char tmp[ALERT_PRINCIPAL_MAX])
{
	return told_apart(&(struct alert){.actor_arn = principal, .person = person}, false, tmp);
}

struct str alert_acting(const struct alert *a, char tmp[ALERT_PRINCIPAL_MAX])
{
	return told_apart(a, false, tmp);
}

struct str alert_principal(const struct alert *a, char tmp[ALERT_PRINCIPAL_MAX])
{
	return told_apart(a, true, tmp);
}

struct str identity_sticks(const struct alert *a)
{
	return a->person.n && !str_eq(a->person, a->session) && !str_eq(a->person, a->actor) &&
		str_find(a->provider, STR(":identitystore:")) == STR_NONE ? a->person : (struct str){0};
}
