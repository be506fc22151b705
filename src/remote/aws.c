/*
 * aws: the two questions, each a signed request. A bucket in another region than the event said is
 * asked for there, once; pages of accounts are followed to the last.
 */
#include "s3triage/remote/aws.h"

#include "s3triage/event/json_write.h"

enum { REPLICATION_BYTES_MAX = 8 << 20, PAGES_MAX = 5000 };

static const char *domain_of(struct str region)
{
	return str_starts(region, STR("cn-")) ? "amazonaws.com.cn" : "amazonaws.com";
}

/* Which of AWS's services, and where: at `endpoint`, or where AWS has it in the region. */
struct service {
	const char *name; /* also the first label of its host */
	struct str endpoint, region;
};

static struct http *aws_connect_to(const struct aws_settings *s, const struct service *service,
	struct arena *mem, struct err *err)
{
	struct http_target t = {.auth = HTTP_AUTH_SIGV4, .secret = s->keys,
		.session_token = s->session_token, .region = service->region,
		.service = str_c(service->name), .ca_file = s->ca_file, .url = service->endpoint};
	if (!t.url.n)
		t.url = arena_fmt(mem, "https://%s.%.*s.%s", service->name, STR_ARG(service->region),
			domain_of(service->region));
	if (http_clear(t.url)) {
		err_set(err, ERR_INPUT, "%.*s would send the signed request unencrypted: write https://",
			STR_ARG(t.url));
		return NULL;
	}
	return http_new(&t, err);
}

/* ---- GetBucketReplication ------------------------------------------------------------------- */

static bool ask_bucket(const struct aws_settings *s, const struct aws_bucket *b, struct arena *mem,
	struct http_result *out, struct err *err)
{
	struct str header = arena_fmt(mem, "x-amz-expected-bucket-owner: %.*s", STR_ARG(b->owner));
	const char *const headers[] = {b->owner.n ? header.p : NULL, NULL};
	const struct service s3 = {"s3", s->endpoint_s3, b->region};
	struct http *h = aws_connect_to(s, &s3, mem, err);
	*out = (struct http_result){0};
	if (!h)
		return false;
	struct http_request r = {.method = "GET", .idempotent = true, .headers = headers,
		.path = arena_fmt(mem, "/%.*s?replication", STR_ARG(b->bucket)),
		.max_bytes = REPLICATION_BYTES_MAX};
	http_call_until(h, &r, s->stop, out, err);
	http_free(h);
	return out->status != 0;
}

/* The bucket's region, else the credentials', else where AWS tells it from. */
static struct str first_region(const struct aws_settings *s, const struct aws_bucket *b)
{
	if (str_is_name(b->region, "-", 32))
		return b->region;
	return str_is_name(s->region, "-", 32) ? s->region : STR("us-east-1");
}

bool aws_replication(const struct aws_settings *s, const struct aws_bucket *b, struct arena *mem,
	struct replication_now *out, struct err *err)
{
	struct aws_bucket at = {b->bucket, b->owner, first_region(s, b)};
	struct aws_found found = {0};
	if (!str_is_name(b->bucket, ".-_", 255))
		return err_set(err, ERR_INPUT, "this is no name of a bucket");
	for (int i = 0; i < 2; i++) {
		struct http_result answer;
		bool ok = ask_bucket(s, &at, mem, &answer, err);
		if (ok) {
			*err = (struct err){0};
			ok = aws_replication_read(&(struct aws_reply){answer.status, buf_str(&answer.body)},
				&at, mem, &found, err);
		}
		http_result_fini(&answer);
		*out = found.now;
		if (!ok || !found.region.n)
			return ok;
		if (!str_is_name(found.region, "-", 32))
			break;
		at.region = found.region;
	}
	return err_set(err, ERR_NETWORK, "S3 sends us from region to region: the bucket is in %.*s?",
		STR_ARG(str_sub(found.region, 0, 40)));
}

/* ---- ListAccounts --------------------------------------------------------------------------- */

/* Organizations has one region in each partition. */
static struct str organizations_region(struct str region)
{
	if (str_starts(region, STR("cn-")))
		return STR("cn-northwest-1");
	return str_starts(region, STR("us-gov-")) ? STR("us-gov-west-1") : STR("us-east-1");
}

/* *token: of the page that is asked for, and then of the next one; empty: the first, the last. */
static bool aws_ask_page(struct http *h, struct str *token, struct json *accounts,
	struct arena *mem, struct err *err)
{
	static const char *const headers[] = {"x-amz-target: AWSOrganizationsV20161128.ListAccounts",
		NULL};
	AUTO(buf_fini) struct buf body = {0};
	struct http_result answer;
	struct members m = members_open(&body, '{');
	if (token->n)
		member_text(&m, "NextToken", *token);
	members_close(&m);
	struct http_request r = {.method = "POST", .path = STR("/"), .idempotent = true,
		.headers = headers, .content_type = STR("application/x-amz-json-1.1"),
		.body = buf_str(&body)};
	http_call(h, &r, &answer, err);
	bool ok = answer.status != 0;
	if (ok) {
		*err = (struct err){0};
		ok = aws_accounts_read(&(struct aws_reply){answer.status, buf_str(&answer.body)}, accounts,
			mem, token, err);
	}
	http_result_fini(&answer);
	return ok;
}

static bool ask_pages(struct http *h, struct json *accounts, struct err *err)
{
	AUTO(arena_fini) struct arena mem = {0};
	struct str token = {0}, before;
	for (int page = 0; page < PAGES_MAX; page++) {
		before = token;
		if (!aws_ask_page(h, &token, accounts, &mem, err))
			return false;
		if (!token.n)
			return true;
		if (str_eq(token, before))
			break;
	}
	return err_set(err, ERR_NETWORK, "the list of accounts does not end");
}

struct json *aws_accounts(const struct aws_settings *s, struct err *err)
{
	AUTO(arena_fini) struct arena mem = {0};
	const struct service organizations = {"organizations", s->endpoint_organizations,
		organizations_region(s->region)};
	struct http *h = aws_connect_to(s, &organizations, &mem, err);
	struct json *doc = json_new_object();
	bool ok = h && ask_pages(h, json_set(doc, "Accounts", json_new_array()), err);
	http_free(h);
	if (ok)
		return doc;
	json_free(doc);
	return NULL;
}
