/*
 * aws_answer: what S3 and Organizations answered, and what an error of theirs means. Pure.
 */
#include "s3triage/remote/aws.h"

#include <string.h>

/* What is to be done about an error code; %s is the permission that the question needs. */
struct advice {
	const char *code, *words;
};

static const struct advice advices[] = {
	{"AccessDenied", "not allowed: the credentials need %s"},
	{"AccessDeniedException", "not allowed: the credentials need %s"},
	{"AllAccessDisabled", "AWS has locked the bucket"},
	{"InvalidAccessKeyId", "AWS does not know the access key: check which credentials are used"},
	{"SignatureDoesNotMatch", "the secret key is not the access key's"},
	{"ExpiredToken", "the session has ended: sign in again"},
	{"ExpiredTokenException", "the session has ended: sign in again"},
	{"InvalidToken", "the session token is not valid: sign in again"},
	{"InvalidClientTokenId", "AWS does not know the access key: check which credentials are used"},
	{"UnrecognizedClientException", "AWS does not know the access key: check which credentials are used"},
	{"RequestTimeTooSkewed", "this machine's clock is wrong: set it"},
	{"AWSOrganizationsNotInUseException", "the account is in no organisation"},
	{"TooManyRequestsException", "AWS asks to wait: try later"},
	{"SlowDown", "AWS asks to wait: try later"},
};

static const char *words_for(struct str code)
{
	for (size_t i = 0; i < ARRAY_LEN(advices); i++)
		if (str_is(code, advices[i].code))
			return advices[i].words;
	return "AWS refused";
}

struct aws_error {
	long status;
	struct str code, message;
};

static bool aws_answer_refused(const struct aws_error *e, const char *permission, struct err *err)
{
	AUTO(buf_fini) struct buf text = {0};
	struct str words = str_c(words_for(e->code));
	size_t at = str_find(words, STR("%s"));
	buf_add(&text, str_sub(words, 0, at == STR_NONE ? words.n : at));
	if (at != STR_NONE)
		buf_c(&text, permission);
	return err_set(err, ERR_NETWORK, "%ld: %s (AWS says: %.*s%s%.*s)", e->status,
		buf_cstr(&text), STR_ARG(str_sub(e->code, 0, 60)), e->message.n ? ": " : "",
		STR_ARG(str_sub(e->message, 0, 200)));
}

/* ---- S3 ------------------------------------------------------------------------------------- */

/* "bucket.s3.eu-west-1.amazonaws.com" or "s3-eu-west-1.…": the region in it, or empty. */
static struct str region_in(struct str host)
{
	for (size_t at = 0; (at = str_find(host, STR("s3"))) != STR_NONE;) {
		host = str_sub(host, at + 2, host.n);
		if (!host.n || (host.p[0] != '.' && host.p[0] != '-'))
			continue;
		struct str rest = str_sub(host, 1, host.n), region = str_cut(&rest, '.');
		if (str_starts(rest, STR("amazonaws.com")))
			return region;
	}
	return (struct str){0};
}

static bool elsewhere(struct str code)
{
	static const char *const codes[] = {"PermanentRedirect", "TemporaryRedirect", "Redirect",
		"AuthorizationHeaderMalformed", "IllegalLocationConstraintException"};
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (str_is(code, codes[i]))
			return true;
	return false;
}

/* What is neither an answer nor a hint is a refusal: false, and err is not set yet. */
static bool aws_answer_read_error(long status, const struct json *error, const struct aws_bucket *b,
	struct arena *mem, struct aws_found *out)
{
	struct str code = json_str(json_get(error, "Code"));
	struct str told = json_str(json_get(error, "Region"));
	if (!told.n)
		told = region_in(json_str(json_get(error, "Endpoint")));
	out->now.none = status == 404 && str_is(code, "ReplicationConfigurationNotFoundError");
	out->now.no_bucket = status == 404 && str_is(code, "NoSuchBucket");
	if (elsewhere(code) && !str_eq(told, b->region))
		out->region = arena_str(mem, told);
	return out->now.none || out->now.no_bucket || out->region.n;
}

static bool bucket_refused(long status, const struct json *error, const struct aws_bucket *b,
	struct err *err)
{
	struct aws_error e = {status, json_str(json_get(error, "Code")), json_str(json_get(error, "Message"))};
	return aws_answer_refused(&e,
		b->owner.n ? "s3:GetReplicationConfiguration on it, and it must still be the"
			     " alert's account's"
			   : "s3:GetReplicationConfiguration on it",
		err);
}

/* As the event of the request would have it, for the one reader of replications. */
static void read_rules(const struct json *configuration, const struct aws_bucket *b,
	struct arena *mem, struct replication *out)
{
	AUTO(json_free_ptr) struct json *event = json_new_object(), *ecs = json_new_object();
	struct json *request = json_set(event, "requestParameters", json_new_object());
	json_set_str(event, "eventName", STR("PutBucketReplication"));
	json_set_str(event, "recipientAccountId", b->owner);
	json_set_str(request, "bucketName", b->bucket);
	json_set(request, "ReplicationConfiguration", json_copy(configuration));
	replication_read_raw(ecs, event, mem, out);
}

bool aws_replication_read(const struct aws_reply *reply, const struct aws_bucket *b,
	struct arena *mem, struct aws_found *out, struct err *err)
{
	*out = (struct aws_found){0};
	AUTO(json_free_ptr) struct json *doc = aws_xml(reply->body, err);
	const struct json *configuration = json_get(doc, "ReplicationConfiguration");
	const struct json *error = json_get(doc, "Error");
	bool fine = reply->status < 300;
	if (error && !fine)
		return aws_answer_read_error(reply->status, error, b, mem, out) ||
			bucket_refused(reply->status, error, b, err);
	if (!fine || !doc)
		return err_set(err, ERR_NETWORK, "%ld: AWS refused, and what came back is not S3's: is a "
			"proxy in between?", reply->status);
	if (json_type(configuration) != JSON_OBJECT)
		return err_set(err, ERR_PARSE, "the answer has no ReplicationConfiguration");
	read_rules(configuration, b, mem, &out->now.is);
	return true;
}

/* ---- Organizations -------------------------------------------------------------------------- */

/* "com.amazonaws.organizations#AccessDeniedException" or the name alone. */
static struct str error_code(const struct json *doc)
{
	struct str type = json_str(json_get(doc, "__type"));
	size_t at = str_rfind_char(type, '#');
	return at == STR_NONE ? type : str_sub(type, at + 1, type.n);
}

static bool list_refused(long status, const struct json *doc, struct err *err)
{
	struct str message = json_str(json_get(doc, "Message"));
	struct aws_error e = {status, error_code(doc),
		message.n ? message : json_str(json_get(doc, "message"))};
	return aws_answer_refused(&e,
		"organizations:ListAccounts in the management account, or as a delegated "
		"administrator",
		err);
}

bool aws_accounts_read(const struct aws_reply *reply, struct json *accounts, struct arena *mem,
	struct str *next, struct err *err)
{
	AUTO(json_free_ptr) struct json *doc = json_parse(reply->body, NULL);
	const struct json *list = json_get(doc, "Accounts");
	*next = (struct str){0};
	if (reply->status >= 300)
		return list_refused(reply->status, doc, err);
	if (json_type(list) != JSON_ARRAY)
		return err_set(err, ERR_PARSE, "the answer has no list of Accounts");
	for (const struct json *i = json_first(list); i; i = json_next(i))
		json_push(accounts, json_copy(i));
	*next = arena_str(mem, json_str(json_get(doc, "NextToken")));
	return true;
}
