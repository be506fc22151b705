/*
 * ecs_categories: event.kind, event.type, event.category and event.outcome. Every event has type
 * "info"; for the names in the table the ingest pipeline of the AWS integration puts another type
 * (for some none) and a category in, whatever service they are of. PutBucketReplication is not among
 * them.
 */
#include "ecs_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/event/doc.h"

#include <stdlib.h>

struct category {
	const char *action, *category, *type, *type2;
};

static const struct category categories[] = { /* sorted by action */
	{"AddUserToGroup", "iam", "group", "change"},
	{"AssumeRole", "authentication", "info", NULL},
	{"AttachGroupPolicy", "iam", "group", "change"},
	{"AttachRolePolicy", "iam", "change", NULL},
	{"AttachUserPolicy", "iam", "user", "change"},
	{"AuthorizeSecurityGroupIngress", "network", "access", NULL},
	{"ChangePassword", "iam", "user", "change"},
	{"ConsoleLogin", "authentication", "info", NULL},
	{"Converse", "api", NULL, NULL},
	{"CreateAccessKey", "iam", "user", "change"},
	{"CreateBucket", "file", "creation", NULL},
	{"CreateControlChannel", "session", "start", NULL},
	{"CreateDataChannel", "session", "start", NULL},
	{"CreateDocument", "file", "creation", NULL},
	{"CreateGroup", "iam", "group", "creation"},
	{"CreateKeyPair", "iam", "admin", "creation"},
	{"CreatePolicy", "iam", "creation", NULL},
	{"CreateTopic", "configuration", "creation", NULL},
	{"CreateUser", "iam", "user", "creation"},
	{"CreateVirtualMFADevice", "iam", "user", "change"},
	{"DeactivateMFADevice", "iam", "user", "change"},
	{"DeleteAccessKey", "iam", "user", "change"},
	{"DeleteBucket", "file", "deletion", NULL},
	{"DeleteGroup", "iam", "group", "deletion"},
	{"DeleteGroupPolicy", "iam", "group", "change"},
	{"DeleteObject", "file", "delete", NULL},
	{"DeleteSSHPublicKey", "iam", "user", "change"},
	{"DeleteTrail", "configuration", "deletion", NULL},
	{"DeleteUser", "iam", "user", "deletion"},
	{"DeleteUserPermissionsBoundary", "iam", "user", "change"},
	{"DeleteUserPolicy", "iam", "user", "change"},
	{"DeleteVirtualMFADevice", "iam", "user", "change"},
	{"DescribeDBInstances", "database", "info", NULL},
	{"DescribeInstances", "host", "info", NULL},
	{"DescribeLoadBalancers", "network", "info", NULL},
	{"DescribeNetworkAcls", "network", "info", NULL},
	{"DescribeNetworkInterfaces", "network", "info", NULL},
	{"DescribeRegions", "api", "info", NULL},
	{"DescribeSecurityGroups", "network", "info", NULL},
	{"DescribeTrails", "configuration", "info", NULL},
	{"DescribeVolumes", "host", "info", NULL},
	{"DescribeVpcs", "network", "info", NULL},
	{"DetachGroupPolicy", "iam", "group", "change"},
	{"DetachUserPolicy", "iam", "user", "change"},
	{"EnableMFADevice", "iam", "user", "change"},
	{"GetCallerIdentity", "authentication", "info", NULL},
	{"GetGroup", "iam", "group", "info"},
	{"GetGroupPolicy", "iam", "group", "info"},
	{"GetObject", "file", "info", NULL},
	{"GetPolicy", "iam", "info", NULL},
	{"GetUser", "iam", "user", "info"},
	{"GetUserPolicy", "iam", "user", "info"},
	{"HeadObject", "file", "info", NULL},
	{"ListAttachedGroupPolicies", "iam", "group", "info"},
	{"ListAttachedRolePolicies", "iam", "info", NULL},
	{"ListAttachedUserPolicies", "iam", "user", "info"},
	{"ListBuckets", "file", "info", NULL},
	{"ListFunctions", "package", "info", NULL},
	{"ListGroupPolicies", "iam", "group", "info"},
	{"ListGroups", "iam", "group", "info"},
	{"ListGroupsForUser", "iam", "user", "info"},
	{"ListInstanceAssociations", "host", "info", NULL},
	{"ListObjects", "file", "info", NULL},
	{"ListRoles", "iam", "info", NULL},
	{"ListTables", "database", "info", NULL},
	{"ListUserPolicies", "iam", "user", "info"},
	{"ListUserTags", "iam", "user", "info"},
	{"ListUsers", "iam", "user", "info"},
	{"OpenControlChannel", "session", "start", NULL},
	{"OpenDataChannel", "session", "start", NULL},
	{"Publish", "api", NULL, NULL},
	{"PutGroupPolicy", "iam", "group", "change"},
	{"PutObject", "file", "change", NULL},
	{"PutUserPermissionsBoundary", "iam", "user", "change"},
	{"PutUserPolicy", "iam", "user", "change"},
	{"RemoveUserFromGroup", "iam", "group", "change"},
	{"SendCommand", "process", NULL, NULL},
	{"SetDefaultPolicyVersion", "iam", "admin", "change"},
	{"SetSecurityTokenServicePreferences", "iam", "admin", "change"},
	{"StartSession", "session", "start", NULL},
	{"Subscribe", "configuration", "change", NULL},
	{"TagUser", "iam", "user", "change"},
	{"TerminateSession", "session", "end", NULL},
	{"UntagUser", "iam", "user", "change"},
	{"UpdateAccessKey", "iam", "user", "change"},
	{"UpdateAccountPasswordPolicy", "iam", "admin", "change"},
	{"UpdateGroup", "iam", "group", "change"},
	{"UpdateLoginProfile", "iam", "user", "change"},
	{"UpdateRole", "iam", "admin", "change"},
	{"UpdateSSHPublicKey", "iam", "user", "change"},
	{"UpdateUser", "iam", "user", "change"},
};

static int by_action(const void *key, const void *element)
{
	const struct str *action = key;
	const struct category *c = element;
	return str_cmp(*action, str_c(c->action));
}

static struct json *ecs_categories_list_of(const char *a, const char *b)
{
	struct json *list = json_new_array();
	if (a)
		json_push(list, json_new_str(str_c(a)));
	if (b)
		json_push(list, json_new_str(str_c(b)));
	return list;
}

/* A sign-in says how it went in its response, and how it was made beside it. */
static void sign_in(struct json *doc)
{
	static const char *const base = "aws.cloudtrail.flattened.";
	static const char *const to = "aws.cloudtrail.console_login.additional_eventdata.";
	static const struct {
		const char *key, *field;
		bool flag;
	} facts[] = {{"MobileVersion", "mobile_version", true}, {"MFAUsed", "mfa_used", true},
		{"LoginTo", "login_to", false}};
	char outcome[16];
	struct str said = doc_str(doc, "aws.cloudtrail.flattened.response_elements.ConsoleLogin");
	if (said.n && said.n < sizeof(outcome)) {
		for (size_t i = 0; i < said.n; i++) {
			char c = said.p[i];
			outcome[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
		}
		ecs_put_str(doc, "event.outcome", (struct str){outcome, said.n});
	}
	for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
		AUTO(buf_fini) struct buf from = {0}, into = {0};
		buf_fmt(&from, "%sadditional_eventdata.%s", base, facts[i].key);
		buf_fmt(&into, "%s%s", to, facts[i].field);
		struct str value = doc_str(doc, buf_cstr(&from));
		if (!value.n)
			continue;
		ecs_put_copied(doc, buf_cstr(&into),
			facts[i].flag ? json_new_bool(!str_is(value, "No")) : json_new_str(value));
	}
}

void ecs_categorise(struct json *doc)
{
	struct str action = doc_str(doc, "event.action");
	bool failed = doc_get(doc, STR("aws.cloudtrail.error_code")) ||
		doc_get(doc, STR("aws.cloudtrail.error_message"));
	const struct category *c = bsearch(&action, categories, ARRAY_LEN(categories),
		sizeof(categories[0]), by_action);
	ecs_put_str(doc, "event.kind", STR("event"));
	ecs_put_str(doc, "event.outcome", failed ? STR("failure") : STR("success"));
	ecs_put(doc, "event.type",
		c ? ecs_categories_list_of(c->type, c->type2)
		  : ecs_categories_list_of("info", NULL));
	if (c)
		ecs_put(doc, "event.category", ecs_categories_list_of(c->category, NULL));
	if (str_is(action, "ConsoleLogin"))
		sign_in(doc);
}
