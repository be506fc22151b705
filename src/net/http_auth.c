/*
 * http_auth: who asks. Secrets live in the target and in curl's header list, nowhere else.
 */
#include "http_priv.h"
#include "s3triage/base/base64.h"
#include "s3triage/net/sigv4.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* Kibana and Elasticsearch show a key either as "id:api_key" or already encoded. */
static void api_key(struct str secret, struct buf *out)
{
	buf_c(out, "Authorization: ApiKey ");
	if (str_find_char(secret, ':') != STR_NONE)
		base64_add(secret, out);
	else
		buf_add(out, secret);
	buf_char(out, '\n');
}

/* "https://host:port/base" gives "host:port"; the default port is left out, as curl does. */
static struct str http_auth_host_of(struct str url)
{
	bool tls = str_starts(url, STR("https://"));
	size_t start = str_find(url, STR("://"));
	struct str rest = start == STR_NONE ? url : str_sub(url, start + 3, url.n);
	struct str host = str_cut(&rest, '/');
	struct str port = tls ? STR(":443") : STR(":80");
	return str_ends(host, port) ? str_sub(host, 0, host.n - port.n) : host;
}

/* What stands behind the host is sent, so it is signed. */
static struct str base_of(struct str url)
{
	size_t start = str_find(url, STR("://"));
	struct str rest = start == STR_NONE ? url : str_sub(url, start + 3, url.n);
	size_t slash = str_find_char(rest, '/');
	return slash == STR_NONE ? STR("") : str_sub(rest, slash, rest.n);
}

static void sigv4(const struct http_target *t, const struct http_job *j, int64_t now,
	struct buf *out)
{
	struct str secret = t->secret;
	struct str key_id = str_cut(&secret, ':');
	AUTO(buf_fini) struct buf path = {0};
	buf_add(&path, base_of(t->url));
	buf_c(&path, j->path);
	struct sigv4 s = {.key_id = key_id,
		.secret = secret,
		.session_token = t->session_token,
		.region = t->region,
		.service = t->service.n ? t->service : STR("es"),
		.method = str_c(j->method),
		.host = http_auth_host_of(t->url),
		.path = buf_str(&path),
		.content_type = str_c(j->content_type),
		.headers = (const char *const *)j->extra,
		.n_headers = j->n_extra,
		.body = buf_str(&j->body),
		.at = now};
	sigv4_headers(&s, out);
}

void http_auth_headers(const struct http_target *t, const struct http_job *j, int64_t now,
	struct buf *out)
{
	switch (t->auth) {
	case HTTP_AUTH_NONE:
		break;
	case HTTP_AUTH_APIKEY:
		api_key(t->secret, out);
		break;
	case HTTP_AUTH_BASIC:
		buf_c(out, "Authorization: Basic ");
		base64_add(t->secret, out);
		buf_char(out, '\n');
		break;
	case HTTP_AUTH_BEARER:
		buf_fmt(out, "Authorization: Bearer %.*s\n", STR_ARG(t->secret));
		break;
	case HTTP_AUTH_SIGV4:
		sigv4(t, j, now, out);
		break;
	}
}
