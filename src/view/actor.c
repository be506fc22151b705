/*
 * actor: the pane that answers "who, from where, with what?"; then the fields that the rule asks
 * to look at, in the rule's order.
 */
#include "fields_priv.h"
#include "pane_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/event/doc.h"

#define USER "aws.cloudtrail.user_identity."

static struct str type_words(struct str type)
{
	static const struct {
		const char *type, *words;
	} known[] = {{"IAMUser", "IAM user"}, {"AssumedRole", "assumed role"}, {"Root", "the root user"},
		{"FederatedUser", "federated user"}, {"AWSService", "an AWS service"},
		{"AWSAccount", "another AWS account"}, {"Role", "role"},
		{"WebIdentityUser", "web identity"}, {"SAMLUser", "SAML user"},
		{"IdentityCenterUser", "Identity Center user"}, {"Directory", "directory service"},
		{"Unknown", "unknown to CloudTrail"}};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_is(type, known[i].type))
			return str_c(known[i].words);
	return type;
}

static void say_name(const struct detail *d, struct text *t)
{
	char tmp[JSON_SCALAR_MAX];
	struct str type = pane_field(d->ecs, USER "type", tmp);
	if (!type.n)
		type = d->alert->actor_type;
	text_span(t, ROLE_STRONG, d->alert->actor.n ? d->alert->actor : pane_lacks(d, "nobody named"));
	text_span(t, ROLE_TEXT, STR("  "));
	text_span(t, str_is(type, "Root") ? ROLE_WARN : ROLE_TEXT,
		type.n ? type_words(type) : d->alert->traits & TRAIT_LOSSY
			? STR("of a type that is not known") : STR("of a type the event does not say"));
	text_indent(t, 0, 2);
	text_end(t);
}

static void say_mfa(const struct json *ecs, struct text *t)
{
	char tmp[JSON_SCALAR_MAX];
	struct str mfa = pane_field(ecs, USER "session_context.mfa_authenticated", tmp);
	text_span(t, ROLE_DIM, STR(", "));
	if (str_is(mfa, "true"))
		text_span(t, ROLE_GOOD, STR("with MFA"));
	else if (str_is(mfa, "false"))
		text_span(t, ROLE_TEXT, STR("without MFA"));
	else
		text_span(t, ROLE_DIM, STR("MFA not said"));
}

/* AKIA and ASIA are the two kinds of access key ids in the IAM guide on unique identifiers. */
static void say_key(const struct detail *d, struct text *t)
{
	struct str key = d->alert->key_id;
	pane_label(t, "key");
	if (!key.n) {
		text_span(t, ROLE_DIM, pane_lacks(d, "none in the event"));
	} else {
		text_span(t, ROLE_TEXT, key);
		if (str_starts(key, STR("AKIA")))
			text_span(t, ROLE_WARN, STR("  long-lived"));
		else if (str_starts(key, STR("ASIA")))
			text_span(t, ROLE_TEXT, STR("  temporary"));
		else
			text_span(t, ROLE_DIM, STR("  of an unknown kind"));
	}
	if (d->ecs)
		say_mfa(d->ecs, t);
	text_end(t);
}

static void say_optional(const struct json *ecs, const char *label, const char *path,
	struct text *t)
{
	char tmp[JSON_SCALAR_MAX];
	pane_value(t, label, ROLE_TEXT, pane_field(ecs, path, tmp));
}

/* What CloudTrail has of a caller besides, and no document: from the event itself. */
static void say_original(const struct detail *d, struct text *t)
{
	static const struct {
		const char *label, *path;
	} more[] = {{"credential", "userIdentity.credentialId"},
		{"acts for", "userIdentity.inScopeOf.sourceArn"}, {"delegate", "userIdentity.invokedByDelegate.accountId"},
		{"AssumeRoot", "userIdentity.sessionContext.assumedRoot"}};
	struct str text = doc_str(d->ecs, "event.original");
	AUTO(json_free_ptr) struct json *raw = text.n ? json_parse(text, NULL) : NULL;
	const struct json *event = json_get(raw, "detail") ? json_get(raw, "detail") : raw;
	for (size_t i = 0; i < ARRAY_LEN(more); i++)
		pane_value(t, more[i].label, ROLE_TEXT, event ? doc_str(event, more[i].path) : (struct str){0});
	struct str v = event ? doc_str(event, "userIdentity.sessionContext.ec2RoleDelivery") : (struct str){0};
	if (v.n)
		pane_valuef(t, "keys from", str_starts(v, STR("1")) ? ROLE_WARN : ROLE_TEXT,
			"the instance's metadata service, version %.*s%s", STR_ARG(str_sub(v, 0, 40)),
			str_starts(v, STR("1")) ? ": whoever makes the instance send a request can have them" : "");
}

/* A session's name is the caller's own word, unless it is Identity Center's. */
static void say_person(const struct detail *d, struct str arn, struct text *t)
{
	const struct alert *a = d->alert;
	struct str session = session_of(arn);
	bool known = a->person.n && !str_eq(a->person, a->session);
	pane_value(t, "session", ROLE_STRONG, session.n ? session : a->session);
	pane_value(t, "person", ROLE_STRONG, known && !str_eq(a->person, a->actor) ? a->person : (struct str){0});
	pane_value(t, "known by", ROLE_TEXT, a->provider);
	if (d->ecs)
		say_original(d, t);
}

static void say_who(const struct detail *d, struct text *t)
{
	char tmp[JSON_SCALAR_MAX], tmp2[JSON_SCALAR_MAX];
	struct str arn = pane_field(d->ecs, USER "arn", tmp);
	if (!arn.n)
		arn = d->alert->actor_arn;
	say_name(d, t);
	say_person(d, arn, t);
	pane_value(t, "arn", ROLE_TEXT, arn);
	say_optional(d->ecs, "issued by", USER "session_context.session_issuer.arn", t);
	say_optional(d->ecs, "since", USER "session_context.creation_date", t);
	struct str account = pane_field(d->ecs, "cloud.account.id", tmp2);
	if (account.n && d->request.owner.n && !str_eq(account, d->request.owner))
		pane_valuef(t, "account", ROLE_WARN, "%.*s, not the bucket owner's",
			STR_ARG(account));
	else if (!arn.n)
		pane_value(t, "account", ROLE_TEXT, account);
	say_key(d, t);
	say_optional(d->ecs, "invoked by", USER "invoked_by", t);
	if (str_is(pane_field(d->ecs, "aws.cloudtrail.session_credential_from_console", tmp), "true"))
		pane_value(t, "signed in", ROLE_TEXT, STR("through the web console"));
}

static void add_part(struct buf *b, struct str s)
{
	if (s.n == 0)
		return;
	if (b->n)
		buf_c(b, ", ");
	buf_add(b, s);
}

/* The country, and more of the place when the document has it. */
static void actor_say_place(const struct json *ecs, struct text *t)
{
	char tmp[JSON_SCALAR_MAX];
	static const char *const paths[] = {"source.geo.city_name", "source.geo.region_name",
		"source.geo.country_name", "source.geo.country_iso_code"};
	AUTO(buf_fini) struct buf place;
	buf_init(&place, 4096);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		add_part(&place, pane_field(ecs, paths[i], tmp));
	if (place.n)
		text_span(t, ROLE_DIM, STR("  "));
	text_span(t, ROLE_TEXT, buf_str(&place));
}

static void say_network(const struct json *ecs, struct text *t)
{
	char tmp[JSON_SCALAR_MAX], tmp2[JSON_SCALAR_MAX];
	struct str number = pane_field(ecs, "source.as.number", tmp);
	struct str name = pane_field(ecs, "source.as.organization.name", tmp2);
	if (number.n || name.n)
		pane_valuef(t, "network", ROLE_TEXT, "%s%.*s%s%.*s", number.n ? "AS" : "",
			STR_ARG(number), number.n && name.n ? " " : "", STR_ARG(str_sub(name, 0, 256)));
}

/* The address, or the AWS service that stands in its place. */
static void say_address(const struct detail *d, struct text *t)
{
	char tmp[JSON_SCALAR_MAX];
	struct str ip = d->alert->ip, address = pane_field(d->ecs, "source.address", tmp);
	pane_label(t, "from");
	if (ip.n) {
		text_span(t, ROLE_STRONG, ip);
		actor_say_place(d->ecs, t);
	} else if (address.n) {
		text_span(t, ROLE_TEXT, address);
		text_span(t, ROLE_DIM, STR("  no address: an AWS service"));
	} else {
		text_span(t, ROLE_DIM, pane_lacks(d, "no address in the event"));
	}
	text_end(t);
}

static void say_where(const struct detail *d, struct text *t)
{
	say_address(d, t);
	say_network(d->ecs, t);
	say_optional(d->ecs, "endpoint", "aws.cloudtrail.vpc_endpoint_id", t);
	char tmp[JSON_SCALAR_MAX];
	struct str agent = pane_field(d->ecs, "user_agent.original", tmp);
	if (!agent.n)
		agent = d->alert->agent;
	pane_value(t, "with", agent.n ? ROLE_TEXT : ROLE_DIM,
		agent.n ? agent : pane_lacks(d, "no user agent in the event"));
}

static void say_fields(const struct detail *d, struct text *t)
{
	if (!d->rule || d->rule->investigation_fields.n == 0)
		return;
	pane_heading(t, "The rule asks to look at");
	AUTO(buf_fini) struct buf value;
	buf_init(&value, (size_t)1 << 20);
	for (size_t i = 0; i < d->rule->investigation_fields.n; i++) {
		struct str name = d->rule->investigation_fields.v[i];
		buf_clear(&value);
		bool there = field_value(d->ecs, name, &value);
		text_span(t, ROLE_LABEL, name);
		text_span(t, ROLE_DIM, STR("  "));
		text_span(t, there ? ROLE_TEXT : ROLE_DIM, there ? buf_str(&value) : STR("missing"));
		text_indent(t, 0, 4);
		text_end(t);
	}
}

void actor_text(const struct detail *d, struct text *out)
{
	text_clear(out);
	if (!d->ecs)
		pane_no_record(d, out);
	say_who(d, out);
	pane_blank(out);
	say_where(d, out);
	around_actor(d, out);
	if (d->ecs)
		say_fields(d, out);
}
