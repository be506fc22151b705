/*
 * http_explain: when to try again, and what went wrong in words that say what to do. The four
 * error envelopes: Elasticsearch {"error":{"reason"}}, Kibana {"statusCode","message"}, its
 * Security Solution {"message","status_code"}, the cloud proxy {"ok":false,"message"}.
 */
#include "http_priv.h"
#include "s3triage/event/json.h"

#include <stdlib.h>
#include <sys/random.h>

enum { TRIES = 4, FIRST_WAIT_MS = 250 };

static bool worth_again(const struct http_job *j, CURLcode code, long status)
{
	if (code == CURLE_COULDNT_CONNECT && j->idempotent)
		return true;
	if (code != CURLE_OK)
		return false;
	/* 429 says that nothing was done: any request may come again. */
	return status == 429 || (j->idempotent && (status == 502 || status == 503 || status == 504));
}

/* Clients that were refused together must not come back together. */
static int64_t jitter(int64_t most)
{
	uint32_t r = 0;
	if (getrandom(&r, sizeof(r), GRND_NONBLOCK) < 0)
		r = 0x5bd1e995;
	return (int64_t)(r % (uint32_t)(most + 1));
}

int64_t http_retry_after(const struct http_job *j, CURLcode code, long status, int64_t now)
{
	if (j->attempts >= TRIES || !worth_again(j, code, status))
		return -1;
	int64_t base = (int64_t)FIRST_WAIT_MS << (2 * (j->attempts - 1));
	int64_t wait = j->retry_after ? j->retry_after : base / 2 + jitter(base / 2);
	return now + wait < j->deadline ? wait : -1;
}

static const char *what_to_do(long status)
{
	switch (status) {
	case 401:
		return "the credentials are not accepted; check the key and where it comes from";
	case 403:
		return "the credentials lack a privilege; `s3triage doctor` lists what is missing";
	case 404:
		return "there is no such index, space or path; check the profile";
	case 409:
		return "somebody else changed it meanwhile";
	case 413:
		return "the server says the request is too large";
	case 429:
		return "the server is overloaded and said so each time; try later";
	case 502:
	case 503:
	case 504:
		return "the server or the proxy before it is not available; try again";
	default:
		return "the server refused";
	}
}

/* The reason in any of the envelopes, empty when the body is none of them. */
static struct str http_explain_reason_of(const struct json *body)
{
	const struct json *error = json_get(body, "error");
	struct str reason = json_str(json_get(error, "reason"));
	const struct json *cause = json_first(json_get(error, "root_cause"));
	if (!reason.n)
		reason = json_str(json_get(cause, "reason"));
	if (!reason.n)
		reason = json_str(json_get(body, "message"));
	return reason.n ? reason : json_str(error);
}

/* "API key: api key is expired": Elasticsearch keeps what helps beside the reason. */
static struct str more_of(const struct json *body)
{
	return json_str(json_get(json_get(body, "error"), "additional_unsuccessful_credentials"));
}

static void explain_status(const struct http *h, struct http_answer *a)
{
	struct json *body AUTO(json_free_ptr) = json_parse(a->body, NULL);
	struct str reason = http_explain_reason_of(body);
	bool denied = a->status == 401 || a->status == 403;
	enum err_code code = a->status == 409 ? ERR_CONFLICT : denied ? ERR_DENIED : ERR_NETWORK;
	struct str more = str_sub(more_of(body), 0, 120);
	if (reason.n)
		err_set(&a->err, code, "%ld: %s (the server says: %.*s%s%.*s)", a->status,
			what_to_do(a->status), (int)(reason.n > 260 ? 260 : reason.n), reason.p,
			more.n ? "; " : "", STR_ARG(more));
	else if (str_find(a->content_type, STR("html")) != STR_NONE)
		err_set(&a->err, code, "%ld: %s (an HTML page came back: is a proxy or a login page in between?)",
			a->status, what_to_do(a->status));
	else
		err_set(&a->err, code, "%ld: %s", a->status, what_to_do(a->status));
	char *url = mem_dup(h->target.url);
	err_where(&a->err, url, 0, 0);
	free(url);
}

static const char *curl_words(const struct http_job *j, CURLcode code)
{
	if (j->answer.over)
		return "the answer is larger than the limit; ask for fewer alerts a page";
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return "the host name is not known; check the URL and the network";
	case CURLE_COULDNT_CONNECT:
		return "nothing answers there; check host, port and whether the server runs";
	case CURLE_OPERATION_TIMEDOUT:
		return "no answer within the time allowed; try again, or ask for a shorter span";
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		return "the answer was cut off; nothing of it is used; try again";
	default:
		return "the request failed";
	}
}

static void explain_curl(const struct http *h, const struct http_job *j, CURLcode code,
	struct http_answer *a)
{
	AUTO(buf_fini) struct buf words = {0};
	const char *detail = j->curl_text[0] ? j->curl_text : curl_easy_strerror(code);
	char *url = mem_dup(h->target.url);
	if (j->answer.over || (!http_proxy_words(h, j, code, &words) && !http_tls_words(h, j, code, &words)))
		buf_c(&words, curl_words(j, code));
	err_set(&a->err, ERR_NETWORK, "%s (%.200s)", buf_cstr(&words), detail);
	err_where(&a->err, url, 0, 0);
	free(url);
}

void http_explain(const struct http *h, const struct http_job *j, CURLcode code,
	struct http_answer *a)
{
	if (code != CURLE_OK) {
		explain_curl(h, j, code, a);
	} else if (a->status >= 300 && a->status < 400) {
		char *url = mem_dup(h->target.url);
		err_set(&a->err, ERR_NETWORK,
			"%ld: the server sends us elsewhere, and credentials are not sent after it; "
			"put the final address into the profile",
			a->status);
		err_where(&a->err, url, 0, 0);
		free(url);
	} else if (a->status >= 400) {
		explain_status(h, a);
	}
}
