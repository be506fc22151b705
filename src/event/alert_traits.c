/*
 * alert_traits: what is true of the request and of its sender, as bits. No judgement: whether a
 * long-lived key or a whole bucket is a bad sign is not known here.
 */
#include "alert_priv.h"
#include "replication_priv.h"

#include "s3triage/event/doc.h"

static trait_set alert_traits_when(bool it, enum trait_bit bit)
{
	return it ? (trait_set)bit : 0;
}

static bool has_filter(const struct replication_rule *rule)
{
	return rule->prefix.n || rule->n_tags;
}

/* The partition that the bucket is in: its ARN's, else the role's, the caller's, the region's. */
static struct str own_partition(const struct replication *r, const struct alert *a)
{
	const struct str arns[] = {r->bucket_arn, r->role, a->actor_arn};
	for (size_t i = 0; i < ARRAY_LEN(arns); i++)
		if (str_starts(arns[i], STR("arn:")) && arn_part(arns[i], 1).n)
			return arn_part(arns[i], 1);
	if (str_starts(a->region, STR("cn-")))
		return STR("aws-cn");
	return str_starts(a->region, STR("us-gov-")) ? STR("aws-us-gov") : STR("aws");
}

/* In the older form of a rule, which has no Filter, there is no switch for delete markers, and S3
 * copies those that users make (user guide, "How delete operations affect replication"). */
static bool copies_deletes(const struct replication_rule *rule)
{
	bool older = rule->filter == FILTER_NONE || rule->filter == FILTER_V1_PREFIX;
	return rule->delete_markers == TRI_ON || (older && rule->delete_markers == TRI_UNSET);
}

static trait_set alert_traits_read_rules(const struct replication *r)
{
	trait_set bits = 0;
	size_t disabled = 0;
	for (size_t i = 0; i < r->n_rules; i++) {
		const struct replication_rule *rule = &r->rules[i];
		disabled += !rule->enabled && rule->status.n; /* what is not said is not Disabled */
		bits |= alert_traits_when(rule->owner_override, TRAIT_OWNER_OVERRIDE) |
			alert_traits_when(rule->delete_markers == TRI_ON, TRAIT_DELETE_MARKERS) |
			alert_traits_when(
				rule->existing_objects == TRI_ON, TRAIT_EXISTING_OBJECTS) |
			alert_traits_when(
				rule->kms_objects == TRI_ON || rule->kms_key.n, TRAIT_KMS) |
			alert_traits_when(rule->enabled && !has_filter(rule), TRAIT_WHOLE_BUCKET) |
			alert_traits_when(rule->enabled && rule->relation != RELATION_OWN &&
						  copies_deletes(rule),
				TRAIT_DELETES_OUT);
	}
	return bits | alert_traits_when(r->n_rules && disabled == r->n_rules, TRAIT_ALL_DISABLED);
}

/* Accounts that nobody vouches for. */
static trait_set read_claims(const struct alert *a)
{
	trait_set bits = 0;
	for (size_t i = 0; i < a->n_dests; i++)
		bits |= alert_traits_when(a->dests[i].claim, TRAIT_CLAIM) |
			alert_traits_when(dest_arn_differs(&a->dests[i]), TRAIT_ARN_DIFFERS);
	return bits;
}

/* Old buckets of us-east-1 have capitals and underscores; ARNs of access points and Outposts more. */
static bool is_odd(struct str name, struct str arn)
{
	bool plain = !str_starts(arn, STR("arn:")) || (!arn_part(arn, 3).n && !arn_part(arn, 4).n);
	return name.n && !str_is_name(name, plain ? "._-" : "._-/:", 2048);
}

static trait_set read_names(const struct alert *a)
{
	bool odd = is_odd(a->bucket, a->bucket);
	for (size_t i = 0; i < a->n_dests; i++)
		odd |= is_odd(a->dests[i].bucket, a->dests[i].arn);
	return alert_traits_when(odd, TRAIT_ODD_NAME);
}

/* Of two the one that is not `own`, else the first by its letters: the order of rules says nothing. */
static struct str stranger(struct str a, struct str b, struct str own)
{
	if (!a.n || !b.n)
		return a.n ? a : b;
	if (str_eq(a, own) != str_eq(b, own))
		return str_eq(a, own) ? b : a;
	return str_cmp(a, b) <= 0 ? a : b;
}

static trait_set read_places(const struct replication *r, struct arena *mem, struct alert *out)
{
	struct str own = own_partition(r, out), named = {0}, region = {0};
	for (size_t i = 0; i < r->n_rules; i++) {
		named = stranger(named, r->rules[i].partition, own);
		if (str_is(arn_part(r->rules[i].kms_key, 2), "kms"))
			region = stranger(region, arn_part(r->rules[i].kms_key, 3), out->region);
	}
	out->dest_partition = arena_str(mem, named);
	out->dest_region = arena_str(mem, region);
	return alert_traits_when(named.n && !str_eq(named, own), TRAIT_PARTITION_FOREIGN);
}

static trait_set read_accounts(const struct replication *r, struct arena *mem, struct alert *out)
{
	out->role_account = arena_str(mem, r->role_account);
	out->caller_account = arena_str(mem, r->caller_account);
	bool known = r->owner.n;
	return alert_traits_when(r->owner_guessed, TRAIT_OWNER_GUESSED) |
	       alert_traits_when(known && r->role_account.n && !str_eq(r->role_account, r->owner),
		       TRAIT_ROLE_FOREIGN) |
	       alert_traits_when(
		       known && r->caller_account.n && !str_eq(r->caller_account, r->owner),
		       TRAIT_CALLER_FOREIGN);
}

static trait_set alert_traits_read_key(const struct alert *a)
{
	/* Of sts:AssumeRoot a session of the root user, too. */
	bool root = str_is(a->actor_type, "Root") || str_is(a->actor_type, "AssumedRoot") ||
		str_ends(a->actor_arn, STR(":root")) || str_starts(arn_part(a->actor_arn, 5), STR("assumed-root"));
	return alert_traits_when(root, TRAIT_ROOT) |
	       alert_traits_when(str_starts(a->key_id, STR("AKIA")), TRAIT_KEY_LONG) |
	       alert_traits_when(str_starts(a->key_id, STR("ASIA")), TRAIT_KEY_TEMPORARY);
}

static trait_set read_mfa(const struct json *ecs)
{
	char tmp[JSON_SCALAR_MAX];
	struct str said =
		doc_text(ecs, "aws.cloudtrail.user_identity.session_context.mfa_authenticated", tmp);
	if (str_eq_fold(said, STR("true")))
		return TRAIT_MFA;
	return str_eq_fold(said, STR("false")) ? TRAIT_MFA_NOT : TRAIT_MFA_UNSAID;
}

struct agent_word {
	const char *word;
	enum trait_bit bit;
};

/* What user agents hold, the telling words first: Terraform's holds an SDK's name too. */
static const struct agent_word agent_words[] = {
	{"terraform", TRAIT_AGENT_CODE}, {"hashicorp", TRAIT_AGENT_CODE},
	{"opentofu", TRAIT_AGENT_CODE}, {"pulumi", TRAIT_AGENT_CODE},
	{"crossplane", TRAIT_AGENT_CODE}, {"ansible", TRAIT_AGENT_CODE},
	{"cloudformation", TRAIT_AGENT_CODE}, {"aws-cdk", TRAIT_AGENT_CODE},
	{"aws-cli", TRAIT_AGENT_CLI}, {"powershell", TRAIT_AGENT_CLI}, {"s5cmd", TRAIT_AGENT_CLI},
	{"s3console", TRAIT_AGENT_CONSOLE}, {"console.amazonaws.com", TRAIT_AGENT_CONSOLE},
	{"signin.amazonaws.com", TRAIT_AGENT_CONSOLE}, {"mozilla/", TRAIT_AGENT_CONSOLE},
	{"aws-sdk", TRAIT_AGENT_SDK}, {"boto3", TRAIT_AGENT_SDK}, {"botocore", TRAIT_AGENT_SDK},
};

static trait_set read_agent(const struct json *ecs, const struct alert *a)
{
	char tmp[JSON_SCALAR_MAX];
	for (size_t i = 0; i < ARRAY_LEN(agent_words); i++)
		if (str_find_fold(a->agent, str_c(agent_words[i].word)) != STR_NONE)
			return (trait_set)agent_words[i].bit;
	if (event_is_finding(ecs))
		return 0; /* it holds none */
	struct str console = doc_text(ecs, "aws.cloudtrail.session_credential_from_console", tmp);
	return str_eq_fold(console, STR("true")) ? TRAIT_AGENT_CONSOLE : TRAIT_AGENT_UNKNOWN;
}

static trait_set read_service(const struct json *ecs, const struct alert *a)
{
	bool by_service = str_is(a->actor_type, "AWSService") ||
		doc_str(ecs, "aws.cloudtrail.user_identity.invoked_by").n ||
		(str_ends(a->agent, STR(".amazonaws.com")) && str_find_char(a->agent, ' ') == STR_NONE &&
			!str_eq_fold(a->agent, STR("console.amazonaws.com")) &&
			!str_eq_fold(a->agent, STR("signin.amazonaws.com")));
	return alert_traits_when(by_service, TRAIT_SERVICE);
}

void traits_read(const struct json *ecs, const struct replication *r, struct arena *mem,
	struct alert *out)
{
	out->traits =
		alert_traits_read_rules(r) | read_claims(out) | read_names(out) | read_places(r, mem, out) |
		read_accounts(r, mem, out) | alert_traits_when(r->twin_keys, TRAIT_TWIN_KEYS) |
		alert_traits_when(r->rules_cut || r->rules_unread || r->original_cut, TRAIT_UNREAD) |
		alert_traits_when(r->forged || r->string_doubtful, TRAIT_FORGED) |
		alert_traits_when(r->account_in_text, TRAIT_ACCOUNT_IN_TEXT) |
		alert_traits_when(r->disagreement, TRAIT_DISAGREE) |
		alert_traits_when(r->omitted, TRAIT_OMITTED) |
		alert_traits_when(str_is(doc_str(ecs, "event.outcome"), "failure"), TRAIT_FAILED) |
		alert_traits_read_key(out) | read_mfa(ecs) | read_agent(ecs, out) |
		read_service(ecs, out);
}
