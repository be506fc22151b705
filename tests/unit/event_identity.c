/* Who did it: every kind of identity has a text that names it, and what tells it from others. */
#include "../unit.h"

#include "s3triage/alert/content.h"
#include "s3triage/alert/facts.h"
#include "s3triage/base/buf.h"
#include "s3triage/base/mem.h"
#include "s3triage/event/activity.h"
#include "s3triage/event/alert.h"

#define ROLE(name, session, more) "\"type\":\"AssumedRole\",\"principalId\":\"AROAX:" session "\","    \
	"\"arn\":\"arn:aws:sts::111122223333:assumed-role/" name "/" session "\",\"accountId\":\"111122223333\"," \
	"\"sessionContext\":{" more "\"sessionIssuer\":{\"type\":\"Role\",\"userName\":\"" name "\"}}"
#define STS "arn:aws:sts::111122223333:"
#define SSO "AWSReservedSSO_Admin_0123456789abcdef"
#define IDENTITIES "arn:aws:identitystore::111122223333:identitystore/d-906"
#define STORE "\"onBehalfOf\":{\"userId\":\"5448-uu\",\"identityStoreArn\":\"" IDENTITIES "\"}"
#define OIDC "arn:aws:iam::111122223333:oidc-provider/token.actions.example"

struct kind {
	const char *identity, *who, *principal, *person;
};

static const struct kind kinds[] = {
	{"\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/kim\",\"userName\":\"kim\"", "kim",
		"arn:aws:iam::111122223333:user/kim", ""},
	{ROLE("deploy", "build-7", ""), "deploy/build-7", STS "assumed-role/deploy", ""},
	/* of Identity Center's roles the session is the person */
	{ROLE(SSO, "eric@example.com", ""), "eric@example.com as " SSO, STS "assumed-role/" SSO "/eric@example.com",
		"eric@example.com"},
	{ROLE(SSO, "nora@example.com", ""), "nora@example.com as " SSO, STS "assumed-role/" SSO "/nora@example.com",
		"nora@example.com"},
	{ROLE("deploy", "x", "\"sourceIdentity\":\"dana\","), "dana as deploy/x", STS "assumed-role/deploy as dana",
		"dana"},
	{"\"type\":\"IdentityCenterUser\",\"accountId\":\"111122223333\"," STORE, "5448-uu via d-906",
		"IdentityCenterUser 5448-uu of 111122223333 via " IDENTITIES, "5448-uu"},
	{ROLE("redshift", "s", "") "," STORE, "5448-uu as redshift/s via d-906",
		STS "assumed-role/redshift as 5448-uu via " IDENTITIES, "5448-uu"},
	{ROLE("gha", "run", "\"webIdFederationData\":{\"federatedProvider\":\"" OIDC "\"},"),
		"gha/run via token.actions.example", STS "assumed-role/gha via " OIDC, ""},
	{"\"type\":\"WebIdentityUser\",\"userName\":\"repo:o/r:ref:x\",\"identityProvider\":\"token.example\"",
		"repo:o/r:ref:x via token.example", "WebIdentityUser repo:o/r:ref:x via token.example", ""},
	{"\"type\":\"SAMLUser\",\"principalId\":\"SAML:abc=:dana\",\"userName\":\"dana\",\"identityProvider\":\"abc=\"",
		"dana via abc=", "SAMLUser dana via abc=", ""},
	{"\"type\":\"FederatedUser\",\"arn\":\"" STS "federated-user/fed\",\"sessionContext\":{\"sessionIssuer\":"
		"{\"type\":\"IAMUser\",\"userName\":\"parent\"}}", "parent/fed", STS "federated-user/fed", ""},
	{ROLE("web", "i-0c406f306dc32cfb4", "\"ec2RoleDelivery\":\"1.0\","), "web/i-0c406f306dc32cfb4",
		STS "assumed-role/web", ""},
	{"\"type\":\"AWSService\",\"invokedBy\":\"config.amazonaws.com\"", "config.amazonaws.com",
		"AWSService config.amazonaws.com", ""},
	{"\"type\":\"AWSAccount\",\"accountId\":\"444455556666\",\"principalId\":\"AROAQ:bob\"",
		"AROAQ:bob of 444455556666", "AWSAccount AROAQ:bob of 444455556666", ""},
	{"\"type\":\"AWSAccount\",\"accountId\":\"ANONYMOUS_PRINCIPAL\"", "anonymous", "AWSAccount AWSAccount", ""},
	{"\"type\":\"Root\",\"arn\":\"arn:aws:iam::111122223333:root\",\"accountId\":\"111122223333\"",
		"root of 111122223333", "arn:aws:iam::111122223333:root", ""},
	{"\"type\":\"Unknown\",\"principalId\":\"x\",\"accountId\":\"111122223333\"", "x of 111122223333",
		"Unknown x of 111122223333", ""},
	{"\"type\":\"AssumedRole\",\"principalId\":\"AROAX:kim\",\"sessionContext\":{\"sessionIssuer\":{\"userName\":"
		"\"ops\"}}", "ops/kim", "AssumedRole ops", ""},
};

static void read_kind(const char *identity, struct arena *mem, struct alert *out)
{
	AUTO(buf_fini) struct buf text = {0};
	enum event_shape shape;
	buf_fmt(&text, "{\"eventVersion\":\"1.09\",\"eventTime\":\"2026-11-24T02:00:00Z\",\"eventID\":\"e\","
		"\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"PutBucketReplication\",\"userIdentity\":{%s}}",
		identity);
	AUTO(json_free_ptr) struct json *raw = json_parse(buf_str(&text), NULL);
	assert_non_null(raw);
	AUTO(json_free_ptr) struct json *ecs = event_to_ecs(raw, &shape, NULL);
	assert_true(alert_read(ecs, shape, NULL, mem, out));
}

static void every_kind_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct arena mem = {0};
		struct alert a, back;
		char who[ALERT_WHO_MAX], principal[ALERT_PRINCIPAL_MAX];
		AUTO(buf_fini) struct buf facts = {0};
		read_kind(kinds[i].identity, &mem, &a);
		if (!str_is(alert_who(&a, who), kinds[i].who) || !str_is(a.person, kinds[i].person) ||
			!str_is(alert_principal(&a, principal), kinds[i].principal))
			fail_msg("%zu: '%.*s', '%.*s', '%.*s'", i, STR_ARG(alert_who(&a, who)),
				STR_ARG(alert_principal(&a, principal)), STR_ARG(a.person));
		/* what a decision keeps says it, too */
		export_facts(&a, &facts);
		assert_true(export_facts_read(buf_str(&facts), &mem, &back, NULL));
		if (!str_is(alert_who(&back, who), kinds[i].who))
			fail_msg("%zu from facts: %.*s", i, STR_ARG(alert_who(&back, who)));
		arena_fini(&mem);
	}
}

/* Facts of versions that kept neither session nor person, and had the kind for a user of Identity Center. */
static void older_facts_are_the_same_content(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct arena mem = {0};
		struct alert a, was;
		struct content now, then;
		read_kind(kinds[i].identity, &mem, &a);
		was = a;
		was.session = was.person = was.provider = (struct str){0};
		if (str_is(a.actor_type, "IdentityCenterUser"))
			was.actor = a.actor_type;
		content_of(&a, &mem, &now);
		content_of(&was, &mem, &then);
		if (content_unlike(&then, &now))
			fail_msg("%zu: %x", i, content_unlike(&then, &now));
		arena_fini(&mem);
	}
}

#define WEB(provider) "\"webIdFederationData\":{\"federatedProvider\":\"" provider "\"},"
#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" \
	"0123456789012345678901234567890123456789"
#define SAML(name, provider) "\"type\":\"SAMLUser\",\"userName\":\"" name "\",\"identityProvider\":\"" provider "\""

/* What looks alike and is not: each is a principal of its own; and what changes from call to call is none. */
static void two_are_never_joined_and_one_is_never_split(void **state)
{
	(void)state;
	static const char *const others[] = {
		ROLE("deploy", "x", ""), ROLE("deploy", "x", "\"sourceIdentity\":\"dana\","),
		ROLE("deploy", "x", "\"sourceIdentity\":\"eve\","),
		ROLE("deploy", "x", "\"sourceIdentity\":\"" LONG "a\","),
		ROLE("deploy", "x", "\"sourceIdentity\":\"" LONG "b\","),
		ROLE("deploy", "x", WEB("accounts.google.com")), ROLE("deploy", "x", WEB("graph.facebook.com")),
		ROLE("deploy", "x", WEB("arn:aws:iam::111122223333:oidc-provider/token.example")),
		ROLE("deploy", "x", WEB("arn:aws:iam::444455556666:oidc-provider/token.example")),
		ROLE("deploy", "x", WEB("arn:aws:iam::111122223333:oidc-provider/token.example/id/" LONG LONG LONG "1")),
		ROLE("deploy", "x", WEB("arn:aws:iam::111122223333:oidc-provider/token.example/id/" LONG LONG LONG "2")),
		ROLE("deploy", "x", "\"sourceIdentity\":\"dana\"," WEB("accounts.google.com")),
		ROLE(SSO, "eric@example.com", ""), ROLE(SSO, "eric@example.com", "\"sourceIdentity\":\"dana\","),
		SAML("dana", "abc="), SAML("dana", "abd="), SAML("dana via abc=", ""),
		"\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/" LONG LONG LONG LONG LONG LONG "1\"",
		"\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/" LONG LONG LONG LONG LONG LONG "2\"",
	};
	static const char *const same[][2] = {
		{ROLE("deploy", "x", WEB("accounts.google.com")), ROLE("deploy", "y", WEB("accounts.google.com"))},
		{ROLE("deploy", "x", "\"sourceIdentity\":\"dana\","), ROLE("deploy", "y", "\"sourceIdentity\":\"dana\",")},
		{ROLE(SSO, "eric@example.com", ""), ROLE(SSO, "eric@example.com", "\"sourceIdentity\":\"eric@example.com\",")},
	};
	struct arena mem = {0};
	struct str keys[ARRAY_LEN(others)];
	struct alert a, b;
	char one[ALERT_PRINCIPAL_MAX], two[ALERT_PRINCIPAL_MAX];
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		read_kind(others[i], &mem, &a);
		keys[i] = arena_str(&mem, alert_principal(&a, one));
		for (size_t k = 0; k < i; k++)
			if (str_eq(keys[i], keys[k]))
				fail_msg("%zu and %zu are both %.*s", k, i, STR_ARG(keys[i]));
	}
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		read_kind(same[i][0], &mem, &a);
		read_kind(same[i][1], &mem, &b);
		if (!str_eq(alert_principal(&a, one), alert_principal(&b, two)))
			fail_msg("%zu: %.*s, %.*s", i, STR_ARG(alert_principal(&a, one)), STR_ARG(alert_principal(&b, two)));
	}
	arena_fini(&mem);
}

/* Of one event id, but another person. */
static void another_person_is_another_content(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct alert a, b;
	struct content x, y;
	read_kind(ROLE("deploy", "x", "\"sourceIdentity\":\"dana\","), &mem, &a);
	read_kind(ROLE("deploy", "x", "\"sourceIdentity\":\"eve\","), &mem, &b);
	content_of(&a, &mem, &x);
	content_of(&b, &mem, &y);
	assert_int_equal(content_unlike(&x, &y), 1u << CONTENT_PERSON);
	arena_fini(&mem);
}

/* The session that AssumeRole opens is its principal's, with the identity that stays with it. */
static void a_source_identity_stays(void **state)
{
	(void)state;
	static const struct {
		const char *identity, *given, *other;
	} cases[] = {
		{ROLE("first", "s", ""), "", STS "assumed-role/next"},
		{ROLE("first", "s", ""), ",\"sourceIdentity\":\"dana\"", STS "assumed-role/next as dana"},
		{ROLE("first", "s", "\"sourceIdentity\":\"eve\","), "", STS "assumed-role/next as eve"},
		{ROLE(SSO, "eric@example.com", ""), "", STS "assumed-role/next"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena mem = {0};
		AUTO(buf_fini) struct buf text = {0};
		enum event_shape shape;
		struct activity what;
		buf_fmt(&text, "{\"eventVersion\":\"1.09\",\"eventTime\":\"2026-11-24T02:00:00Z\",\"eventID\":\"e\","
			"\"eventSource\":\"sts.amazonaws.com\",\"eventName\":\"AssumeRole\",\"userIdentity\":{%s},"
			"\"requestParameters\":{\"roleArn\":\"arn:aws:iam::111122223333:role/next\"%s}}",
			cases[i].identity, cases[i].given);
		AUTO(json_free_ptr) struct json *raw = json_parse(buf_str(&text), NULL);
		AUTO(json_free_ptr) struct json *ecs = event_to_ecs(raw, &shape, NULL);
		assert_true(activity_read(ecs, raw, &mem, &what));
		if (!str_is(what.other, cases[i].other))
			fail_msg("%zu: %.*s", i, STR_ARG(what.other));
		arena_fini(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_named),
		cmocka_unit_test(older_facts_are_the_same_content),
		cmocka_unit_test(two_are_never_joined_and_one_is_never_split),
		cmocka_unit_test(another_person_is_another_content),
		cmocka_unit_test(a_source_identity_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
