/*
 * table_names: by which names columns are known. CloudTrail's own in any case and with dots or
 * without them; beside them what Sentinel (docs: tables/awscloudtrail), Log Analytics, Splunk and the
 * AWS console call the same.
 */
#include "table_priv.h"

#include <string.h>

#define IDENTITY "userIdentity."
#define SESSION IDENTITY "sessionContext."

static const struct table_field events[] = {
	{"eventVersion", NULL, CELL_TEXT},
	{"eventTime", " timegenerated timegeneratedutc ", CELL_TIME},
	{"eventSource", NULL, CELL_TEXT},
	{"eventName", NULL, CELL_TEXT},
	{"eventID", " awseventid ", CELL_TEXT},
	{"awsRegion", NULL, CELL_TEXT},
	{"sourceIPAddress", " sourceip srcip ", CELL_TEXT},
	{"userAgent", NULL, CELL_TEXT},
	{"errorCode", NULL, CELL_TEXT},
	{"errorMessage", NULL, CELL_TEXT},
	{"requestParameters", NULL, CELL_REQUEST},
	{"responseElements", NULL, CELL_OBJECT},
	{"additionalEventData", NULL, CELL_OBJECT},
	{"serviceEventDetails", NULL, CELL_OBJECT},
	{"requestID", " awsrequestid ", CELL_TEXT},
	{"eventType", " eventtypename awseventtype ", CELL_TEXT},
	{"eventCategory", " category ", CELL_TEXT},
	{"apiVersion", NULL, CELL_TEXT},
	{"readOnly", NULL, CELL_TEXT},
	{"managementEvent", NULL, CELL_TEXT},
	{"recipientAccountId", NULL, CELL_ACCOUNT},
	{"sharedEventID", NULL, CELL_TEXT},
	{"vpcEndpointId", NULL, CELL_TEXT},
	{"sessionCredentialFromConsole", NULL, CELL_TEXT},
	{"resources", NULL, CELL_OBJECT},
	{"tlsDetails", NULL, CELL_OBJECT},
	{"tlsDetails.tlsVersion", " tlsversion ", CELL_TEXT},
	{"tlsDetails.cipherSuite", " ciphersuite ", CELL_TEXT},
	{"tlsDetails.clientProvidedHostHeader", " clientprovidedhostheader ", CELL_TEXT},
	{"userIdentity", NULL, CELL_OBJECT},
	{IDENTITY "type", NULL, CELL_TEXT},
	{IDENTITY "principalId", NULL, CELL_TEXT},
	{IDENTITY "arn", NULL, CELL_TEXT},
	{IDENTITY "accountId", NULL, CELL_ACCOUNT},
	{IDENTITY "accessKeyId", " awsaccesskey ", CELL_TEXT},
	{IDENTITY "userName", " username ", CELL_TEXT},
	{IDENTITY "invokedBy", NULL, CELL_TEXT},
	{SESSION "attributes.mfaAuthenticated", " sessionmfaauthenticated ", CELL_TEXT},
	{SESSION "attributes.creationDate", " sessioncreationdate ", CELL_TIME},
	{SESSION "sessionIssuer.type", " sessionissuertype ", CELL_TEXT},
	{SESSION "sessionIssuer.principalId", " sessionissuerprincipalid ", CELL_TEXT},
	{SESSION "sessionIssuer.arn", " sessionissuerarn ", CELL_TEXT},
	{SESSION "sessionIssuer.accountId", " sessionissueraccountid ", CELL_ACCOUNT},
	{SESSION "sessionIssuer.userName", " sessionissuerusername ", CELL_TEXT},
	{SESSION "sourceIdentity", NULL, CELL_TEXT},
};

#define CT "aws.cloudtrail."

static const struct table_field documents[] = {
	{"@timestamp", NULL, CELL_TIME},
	{"event.action", NULL, CELL_TEXT},
	{"event.provider", NULL, CELL_TEXT},
	{"event.id", NULL, CELL_TEXT},
	{"event.kind", NULL, CELL_TEXT},
	{"event.type", NULL, CELL_LIST},
	{"event.category", NULL, CELL_LIST},
	{"event.outcome", NULL, CELL_TEXT},
	{"event.dataset", NULL, CELL_TEXT},
	{"event.ingested", NULL, CELL_TIME},
	{"event.created", NULL, CELL_TIME},
	{"event.original", NULL, CELL_TEXT},
	{"data_stream.dataset", NULL, CELL_TEXT},
	{"cloud.region", NULL, CELL_TEXT},
	{"cloud.account.id", NULL, CELL_ACCOUNT},
	{"user.name", NULL, CELL_TEXT},
	{"user.id", NULL, CELL_TEXT},
	{"source.ip", NULL, CELL_TEXT},
	{"source.address", NULL, CELL_TEXT},
	{"user_agent.original", NULL, CELL_TEXT},
	{"tags", NULL, CELL_LIST},
	{"related.user", NULL, CELL_LIST},
	{"related.ip", NULL, CELL_LIST},
	{"related.hosts", NULL, CELL_LIST},
	{CT "request_parameters", NULL, CELL_TEXT},
	{CT "flattened.request_parameters", NULL, CELL_JSON},
	{CT "flattened.response_elements", NULL, CELL_JSON},
	{CT "flattened.additional_eventdata", NULL, CELL_JSON},
	{CT "resources.arn", NULL, CELL_LIST},
	{CT "resources.account_id", NULL, CELL_LIST},
	{CT "resources.type", NULL, CELL_LIST},
	{CT "recipient_account_id", NULL, CELL_ACCOUNT},
	{CT "user_identity.type", NULL, CELL_TEXT},
	{CT "user_identity.arn", NULL, CELL_TEXT},
	{CT "user_identity.access_key_id", NULL, CELL_TEXT},
	{CT "user_identity.invoked_by", NULL, CELL_TEXT},
	{CT "user_identity.session_context.creation_date", NULL, CELL_TIME},
	{CT "user_identity.session_context.mfa_authenticated", NULL, CELL_TEXT},
	{CT "user_identity.session_context.session_issuer.arn", NULL, CELL_TEXT},
	{CT "error_code", NULL, CELL_TEXT},
	{"kibana.alert.original_time", NULL, CELL_TIME},
	{"kibana.alert.uuid", NULL, CELL_TEXT},
	{"kibana.alert.start", NULL, CELL_TIME},
	{"kibana.alert.last_detected", NULL, CELL_TIME},
	{"kibana.alert.workflow_status_updated_at", NULL, CELL_TIME},
	{"kibana.alert.workflow_tags", NULL, CELL_LIST},
	{"kibana.alert.workflow_assignee_ids", NULL, CELL_LIST},
	{"kibana.alert.original_event.ingested", NULL, CELL_TIME},
};

static const struct table_field titles[] = {
	{"kibana.alert.rule.name", " rule rulename ", CELL_TEXT},
	{"kibana.alert.severity", " severity ", CELL_TEXT},
	{"kibana.alert.risk_score", " riskscore ", CELL_TEXT},
	{"kibana.alert.reason", " reason ", CELL_TEXT},
	{"kibana.alert.workflow_status", " status alertstatus ", CELL_TEXT},
	{"kibana.alert.workflow_assignee_ids", " assignees ", CELL_LIST},
	{"kibana.alert.uuid", " alertid alertuuid ", CELL_TEXT},
};

const struct table_implied *table_implied(unsigned i)
{
	static const struct table_implied implied[TABLE_IMPLIED] = {
		{"event.kind", "event"}, {"event.type", "info"}, {"event.provider", "s3.amazonaws.com"},
		{"event.dataset", "aws.cloudtrail"}, {"data_stream.dataset", "aws.cloudtrail"},
		{"event.outcome", "success"},
	};
	return &implied[i % TABLE_IMPLIED];
}

struct str table_name_fold(struct str name, char out[TABLE_NAME_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] + 32) : name.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			continue;
		if (n == TABLE_NAME_MAX)
			return (struct str){0};
		out[n++] = c;
	}
	return (struct str){out, n};
}

static bool among(const char *list, struct str folded)
{
	char word[TABLE_NAME_MAX + 2];
	if (!list || !folded.n)
		return false;
	word[0] = ' ';
	memcpy(word + 1, folded.p, folded.n);
	word[folded.n + 1] = ' ';
	return str_find(str_c(list), (struct str){word, folded.n + 2}) != STR_NONE;
}

static const struct table_field *table_names_find(const struct table_field *v, size_t n, struct str folded)
{
	char path[TABLE_NAME_MAX];
	for (size_t i = 0; i < n && folded.n; i++)
		if (str_eq(table_name_fold(str_c(v[i].path), path), folded) || among(v[i].aliases, folded))
			return &v[i];
	return NULL;
}

const struct table_field *table_event_field(struct str folded)
{
	return table_names_find(events, ARRAY_LEN(events), folded);
}

const struct table_field *table_document_field(struct str folded)
{
	return table_names_find(documents, ARRAY_LEN(documents), folded);
}

const struct table_field *table_alert_title(struct str folded)
{
	return table_names_find(titles, ARRAY_LEN(titles), folded);
}

bool table_is_whole_name(struct str name, bool sure)
{
	char tmp[TABLE_NAME_MAX];
	struct str folded = table_name_fold(name, tmp);
	return str_is(name, "_source") || among(" eventjson raw eventoriginal message cloudtrailevent ", folded) ||
		(!sure && among(" event original rawevent rawlog rawdata logmessage eventdata body ", folded));
}

bool table_is_document_name(struct str name)
{
	static const char *const roots[] = {"event.", "cloud.", "user.", "source.", "user_agent.", "aws.",
		"kibana.", "signal.", "ecs.", "data_stream.", "related.", "error.", "tls.", "agent.", "host.",
		"log.", "process.", "file.", "destination.", "group.", "input.", "elastic_agent."};
	if (str_is(name, "@timestamp") || str_is(name, "_id") || str_is(name, "_index"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(roots); i++)
		if (str_starts(name, str_c(roots[i])))
			return true;
	return false;
}

struct str table_spelling(struct str name)
{
	static const char *const more[] = {"accountId", "type", "sessionContext", "sessionIssuer",
		"attributes", "webIdFederationData", "federatedProvider", "identityProvider", "onBehalfOf",
		"userId", "identityStoreArn", "credentialId", "ec2RoleDelivery", "invokedByDelegate",
		"inScopeOf", "sourceArn", "sourceAccount", "issuerType", "credentialsIssuedTo"};
	char tmp[TABLE_NAME_MAX];
	struct str folded = table_name_fold(name, tmp);
	for (size_t i = 0; i < ARRAY_LEN(more); i++)
		if (str_eq_fold(folded, str_c(more[i])))
			return str_c(more[i]);
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		struct str path = str_c(events[i].path);
		size_t dot = str_rfind_char(path, '.');
		struct str last = dot == STR_NONE ? path : str_sub(path, dot + 1, path.n);
		if (str_eq_fold(folded, last))
			return last;
	}
	return name;
}

static struct str request_spelling(struct str name)
{
	static const char *const names[] = {"bucketName", "Host", "ReplicationConfiguration", "Role", "Rule",
		"ID", "Status", "Priority", "Destination", "Bucket", "Account", "StorageClass", "Filter", "Prefix",
		"Tag", "And", "Key", "Value", "DeleteMarkerReplication", "AccessControlTranslation", "Owner",
		"EncryptionConfiguration", "ReplicaKmsKeyID", "SourceSelectionCriteria", "SseKmsEncryptedObjects",
		"ReplicaModifications", "ExistingObjectReplication", "Metrics", "ReplicationTime",
		"EventThreshold", "Time", "Minutes"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq_fold(name, str_c(names[i])))
			return str_c(names[i]);
	return name;
}

struct json *table_request_spelled(const struct json *v)
{
	if (json_type(v) < JSON_ARRAY)
		return json_copy(v);
	bool list = json_type(v) == JSON_ARRAY;
	struct json *out = list ? json_new_array() : json_new_object();
	for (const struct json *m = json_first(v); m; m = json_next(m))
		if (list)
			json_push(out, table_request_spelled(m));
		else
			json_set_key(out, request_spelling(json_key(m)), table_request_spelled(m));
	return out;
}
