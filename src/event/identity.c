/*
 * identity: who acted, where CloudTrail says more than a name and an ARN: the session's name, the person
 * behind a role, and who vouches for that person. What no document has is read from the raw event.
 */
#include "alert_priv.h"
#include "replication_priv.h"

#include "s3triage/event/activity.h"
#include "s3triage/event/doc.h"

#include <stdio.h>

enum { IDENTITY_MAX = 1024 };

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

struct str principal_as(struct str principal, struct str person, char tmp[ALERT_PRINCIPAL_MAX])
{
	if (!person.n || !str_starts(principal, STR("arn:")) || is_sso(principal))
		return principal;
	int n = snprintf(tmp, ALERT_PRINCIPAL_MAX, "%.*s as %.*s", STR_ARG(principal),
		STR_ARG(text_cut(person, 128)));
	return n > 0 && n < ALERT_PRINCIPAL_MAX ? (struct str){tmp, (size_t)n} : principal;
}

struct str alert_acting(const struct alert *a, char tmp[ALERT_PRINCIPAL_MAX])
{
	struct str via = provider_name(a->provider);
	int n = a->actor_arn.n || !a->actor.n || !via.n ? 0 : snprintf(tmp, ALERT_PRINCIPAL_MAX, "%.*s via %.*s",
		STR_ARG(a->actor), STR_ARG(via));
	if (n > 0 && n < ALERT_PRINCIPAL_MAX)
		return (struct str){tmp, (size_t)n};
	return principal_as(principal_of(a->actor_arn, a->actor), a->person, tmp);
}

struct str alert_principal(const struct alert *a, char tmp[ALERT_PRINCIPAL_MAX])
{
	if (a->actor_arn.n || !a->actor.n)
		return alert_acting(a, tmp);
	struct str name = text_cut(a->actor, ALERT_PRINCIPAL_MAX / 2);
	struct str via = text_cut(provider_name(a->provider), 128);
	int n = snprintf(tmp, ALERT_PRINCIPAL_MAX, "%.*s%s%.*s%s%.*s%s%.*s", STR_ARG(text_cut(a->actor_type, 64)),
		a->actor_type.n ? " " : "", STR_ARG(name), a->caller_account.n ? " of " : "",
		STR_ARG(a->caller_account), via.n ? " via " : "", STR_ARG(via));
	return (struct str){tmp, n > 0 && n < ALERT_PRINCIPAL_MAX ? (size_t)n : 0};
}

struct str identity_sticks(const struct alert *a)
{
	return a->person.n && !str_eq(a->person, a->session) && !str_eq(a->person, a->actor) &&
		str_find(a->provider, STR(":identitystore:")) == STR_NONE ? a->person : (struct str){0};
}
