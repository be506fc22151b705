/*
 * sigv4: the canonical request, the string to sign, the derived key.
 */
#include "s3triage/net/sigv4.h"

#include "s3triage/base/hash.h"
#include "s3triage/base/when.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST = 32, QUERY_MAX = 64 };

static void hmac(const void *key, size_t key_len, struct str data, unsigned char out[DIGEST])
{
	unsigned n = DIGEST;
	HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)(data.p ? data.p : ""), data.n,
		out, &n);
}

static bool unreserved(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

/* Each path segment is encoded once more than it is sent: AWS does so for every service but S3. */
static void canonical_path(struct str path, struct buf *out)
{
	if (path.n == 0)
		buf_char(out, '/');
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.p[i];
		if (unreserved(c) || c == '/')
			buf_char(out, (char)c);
		else
			buf_fmt(out, "%%%02X", c);
	}
}

/* By name, then by value: "a=1" comes before "a-b=1", though '-' comes before '='. */
static int sigv4_compare(const void *a, const void *b)
{
	struct str x = *(const struct str *)a, y = *(const struct str *)b;
	struct str x_name = str_cut(&x, '='), y_name = str_cut(&y, '=');
	int order = str_cmp(x_name, y_name);
	return order ? order : str_cmp(x, y);
}

static void canonical_query(struct str query, struct buf *out)
{
	struct str parts[QUERY_MAX];
	size_t n = 0;
	while (query.n && n < QUERY_MAX) {
		struct str part = str_cut(&query, '&');
		if (part.n)
			parts[n++] = part;
	}
	qsort(parts, n, sizeof(parts[0]), sigv4_compare);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(out, '&');
		buf_add(out, parts[i]);
		if (str_find_char(parts[i], '=') == STR_NONE)
			buf_char(out, '=');
	}
}

/* "20261124T021307Z" */
static void amz_date(int64_t at, char out[WHEN_TEXT_MAX])
{
	char text[WHEN_TEXT_MAX];
	when_format(at / 1000 * 1000, text);
	size_t n = 0;
	for (const char *c = text; *c; c++)
		if (*c != '-' && *c != ':')
			out[n++] = *c;
	out[n] = '\0';
}

struct header {
	struct str name, value; /* name in lower case */
};

static int compare_header(const void *a, const void *b)
{
	return str_cmp(((const struct header *)a)->name, ((const struct header *)b)->name);
}

/* Every x-amz- header must be signed: S3 refuses a request with one that is not. */
static size_t amz_headers(const struct sigv4 *s, struct header *out)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n_headers && n < SIGV4_HEADERS_MAX; i++) {
		struct str value = str_c(s->headers[i]), name = str_cut(&value, ':');
		if (str_starts(name, STR("x-amz-")))
			out[n++] = (struct header){name, str_trim(value)};
	}
	return n;
}

/* In alphabetical order, as is asked for. */
static void signed_headers(const struct sigv4 *s, const char *date, const char *body_hash,
	struct buf *lines, struct buf *names)
{
	struct header all[SIGV4_HEADERS_MAX + 5] = {{STR("host"), s->host},
		{STR("x-amz-content-sha256"), str_c(body_hash)}, {STR("x-amz-date"), str_c(date)}};
	size_t n = 3;
	if (s->content_type.n)
		all[n++] = (struct header){STR("content-type"), s->content_type};
	if (s->session_token.n)
		all[n++] = (struct header){STR("x-amz-security-token"), s->session_token};
	n += amz_headers(s, all + n);
	qsort(all, n, sizeof(all[0]), compare_header);
	for (size_t i = 0; i < n; i++) {
		buf_fmt(lines, "%.*s:%.*s\n", STR_ARG(all[i].name), STR_ARG(all[i].value));
		buf_fmt(names, "%s%.*s", i ? ";" : "", STR_ARG(all[i].name));
	}
}

static void sigv4_sign(
	const struct sigv4 *s, const char *day, struct str to_sign, char out[SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char key[DIGEST], next[DIGEST];
	struct buf first = {0};
	buf_fmt(&first, "AWS4%.*s", STR_ARG(s->secret));
	hmac(first.p, first.n, str_c(day), key);
	OPENSSL_cleanse(first.p, first.n);
	buf_fini(&first);
	hmac(key, DIGEST, s->region, next);
	hmac(next, DIGEST, s->service, key);
	hmac(key, DIGEST, STR("aws4_request"), next);
	hmac(next, DIGEST, to_sign, key);
	for (size_t i = 0; i < DIGEST; i++) {
		out[2 * i] = digits[key[i] >> 4];
		out[2 * i + 1] = digits[key[i] & 15];
	}
	out[2 * DIGEST] = '\0';
	OPENSSL_cleanse(key, sizeof(key));
	OPENSSL_cleanse(next, sizeof(next));
}

static void canonical_request(const struct sigv4 *s, struct str headers, struct str names,
	const char *body_hash, struct buf *out)
{
	size_t mark = str_find_char(s->path, '?');
	struct str path = mark == STR_NONE ? s->path : str_sub(s->path, 0, mark);
	struct str query = mark == STR_NONE ? (struct str){0} : str_sub(s->path, mark + 1, s->path.n);
	buf_add(out, s->method);
	buf_char(out, '\n');
	canonical_path(path, out);
	buf_char(out, '\n');
	canonical_query(query, out);
	buf_fmt(out, "\n%.*s\n%.*s\n%s", STR_ARG(headers), STR_ARG(names), body_hash);
}

static void sigv4_append(const struct sigv4 *s, struct str names, const char *scope,
	const char *signature, struct buf *out)
{
	if (s->session_token.n)
		buf_fmt(out, "x-amz-security-token: %.*s\n", STR_ARG(s->session_token));
	buf_fmt(out, "Authorization: AWS4-HMAC-SHA256 Credential=%.*s/%s, SignedHeaders=%.*s, "
		     "Signature=%s\n",
		STR_ARG(s->key_id), scope, STR_ARG(names), signature);
}

void sigv4_headers(const struct sigv4 *s, struct buf *out)
{
	char date[WHEN_TEXT_MAX], day[9], body_hash[SHA256_HEX], hash[SHA256_HEX];
	struct buf lines = {0}, names = {0}, request = {0}, scope = {0}, to_sign = {0};
	amz_date(s->at, date);
	memcpy(day, date, 8);
	day[8] = '\0';
	sha256_hex(s->body, body_hash);
	signed_headers(s, date, body_hash, &lines, &names);
	canonical_request(s, buf_str(&lines), buf_str(&names), body_hash, &request);
	buf_fmt(&scope, "%s/%.*s/%.*s/aws4_request", day, STR_ARG(s->region), STR_ARG(s->service));
	buf_fmt(&to_sign, "AWS4-HMAC-SHA256\n%s\n%s\n%s", date, buf_cstr(&scope),
		sha256_hex(buf_str(&request), hash));
	sigv4_sign(s, day, buf_str(&to_sign), hash);
	buf_fmt(out, "x-amz-date: %s\nx-amz-content-sha256: %s\n", date, body_hash);
	sigv4_append(s, buf_str(&names), buf_cstr(&scope), hash, out);
	buf_fini(&lines);
	buf_fini(&names);
	buf_fini(&request);
	buf_fini(&scope);
	buf_fini(&to_sign);
}
