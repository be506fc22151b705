/*
 * The stub's own reckoning of an AWS signature, from what came over the wire and from AWS's
 * documentation of Signature Version 4, without a line of the program's.
 */
#include "stub.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#define STUB_SECRET "AWS4s3cr3t-aws"

static void hex(const unsigned char *bytes, char out[65])
{
	for (int i = 0; i < 32; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void sha(const char *p, size_t n, char out[65])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_Digest(p, n, digest, NULL, EVP_sha256(), NULL);
	hex(digest, out);
}

static void mac(const unsigned char *key, int n, const char *text, unsigned char out[32])
{
	HMAC(EVP_sha256(), key, n, (const unsigned char *)text, strlen(text), out, NULL);
}

/* What the client sent, encoded once more. */
static void put_path(const char *raw, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++)
		if (strchr("/-._~", raw[i]) || (raw[i] >= '0' && raw[i] <= '9') ||
			(raw[i] >= 'A' && raw[i] <= 'Z') || (raw[i] >= 'a' && raw[i] <= 'z'))
			buf_char(out, raw[i]);
		else
			buf_fmt(out, "%%%02X", (unsigned char)raw[i]);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Our parameters are words of letters and _, so that the order of the whole is that of the names. */
static void put_query(const char *raw, struct buf *out)
{
	char *copy = mem_dup(str_c(raw)), *parts[32], *rest = copy, *one;
	size_t n = 0;
	while ((one = strsep(&rest, "&")) && n < 32)
		if (*one)
			parts[n++] = one;
	qsort(parts, n, sizeof(parts[0]), by_text);
	for (size_t i = 0; i < n; i++)
		buf_fmt(out, "%s%s%s", i ? "&" : "", parts[i], strchr(parts[i], '=') ? "" : "=");
	free(copy);
}

static bool put_headers(struct MHD_Connection *c, struct str names, struct buf *out)
{
	while (names.n) {
		char *name = mem_dup(str_cut(&names, ';'));
		const char *value = header_of(c, name);
		buf_fmt(out, "%s:%s\n", name, value ? value : "");
		free(name);
		if (!value)
			return false;
	}
	return true;
}

static struct str between(struct str text, const char *from, char to)
{
	size_t at = str_find(text, str_c(from));
	struct str rest = at == STR_NONE ? STR("") : str_sub(text, at + strlen(from), text.n);
	return str_cut(&rest, to);
}

static void sign(const struct signed_call *s, const char *date, const char *to_sign, char out[65])
{
	unsigned char key[32], next[32];
	char day[9] = "";
	memcpy(day, date, 8);
	mac((const unsigned char *)STUB_SECRET, (int)strlen(STUB_SECRET), day, key);
	mac(key, 32, "eu-west-1", next);
	mac(next, 32, s->service, key);
	mac(key, 32, "aws4_request", next);
	mac(next, 32, to_sign, key);
	hex(key, out);
}

static const char *check_parts(const struct signed_call *s, struct str all, const char *body_hash)
{
	const char *sent = header_of(s->connection, "x-amz-content-sha256"),
		   *token = header_of(s->connection, "x-amz-security-token");
	struct str names = between(all, "SignedHeaders=", ',');
	if (!str_starts(all, STR("AWS4-HMAC-SHA256 Credential=AKIDSTUB/")))
		return "no such key";
	if (!sent || strcmp(sent, body_hash) != 0 || str_find(names, STR("x-amz-content-sha256")) == STR_NONE)
		return "the body's hash is missing or wrong";
	if (!token || strcmp(token, "s3cr3t-session") != 0 ||
		str_find(names, STR("x-amz-security-token")) == STR_NONE)
		return "The security token included in the request is invalid";
	return str_find(names, STR("host;")) == STR_NONE ? "the host is not signed" : NULL;
}

const char *sigv4_fault(const struct signed_call *s)
{
	const char *auth = header_of(s->connection, "Authorization"),
		   *date = header_of(s->connection, "x-amz-date"), *mark = strchr(s->raw, '?');
	char hash[65], want[65];
	struct buf text = {0}, to_sign = {0};
	if (!auth || !date || strlen(date) != 16)
		return "Missing Authentication Token";
	struct str all = str_c(auth);
	sha(s->body.p ? s->body.p : "", s->body.n, hash);
	const char *fault = check_parts(s, all, hash);
	buf_fmt(&text, "%s\n", s->method);
	put_path(s->raw, mark ? (size_t)(mark - s->raw) : strlen(s->raw), &text);
	buf_char(&text, '\n');
	put_query(mark ? mark + 1 : "", &text);
	buf_char(&text, '\n');
	if (!put_headers(s->connection, between(all, "SignedHeaders=", ','), &text))
		fault = "a signed header was not sent";
	buf_fmt(&text, "\n%.*s\n%s", STR_ARG(between(all, "SignedHeaders=", ',')), hash);
	sha(text.p, text.n, hash);
	buf_fmt(&to_sign, "AWS4-HMAC-SHA256\n%s\n%.8s/eu-west-1/%s/aws4_request\n%s", date, date, s->service, hash);
	sign(s, date, buf_cstr(&to_sign), want);
	if (!fault && !str_is(between(all, "Signature=", ','), want))
		fault = "The request signature we calculated does not match the signature you provided";
	buf_fini(&text);
	buf_fini(&to_sign);
	return fault;
}
