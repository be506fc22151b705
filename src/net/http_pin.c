/*
 * http_pin: trust by the SHA-256 fingerprint of a CA certificate, as Elasticsearch prints it at
 * its first start. libcurl has no such option: the check hangs on OpenSSL's verification.
 */
#include "http_priv.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>

static bool same_fingerprint(X509 *cert, struct str wanted)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	if (!X509_digest(cert, EVP_sha256(), digest, &n))
		return false;
	size_t at = 0;
	for (size_t i = 0; i < wanted.n; i++) {
		if (wanted.p[i] == ':' || wanted.p[i] == ' ')
			continue;
		if (at / 2 >= n)
			return false;
		unsigned char nibble = at % 2 ? digest[at / 2] & 15 : digest[at / 2] >> 4;
		char c = wanted.p[i] >= 'A' && wanted.p[i] <= 'F' ? (char)(wanted.p[i] + 32)
								   : wanted.p[i];
		if (c != digits[nibble])
			return false;
		at++;
	}
	return at == 2 * (size_t)n;
}

static X509 *find_pinned(STACK_OF(X509) *certs, struct str fingerprint)
{
	for (int i = 0; i < sk_X509_num(certs); i++)
		if (same_fingerprint(sk_X509_value(certs, i), fingerprint))
			return sk_X509_value(certs, i);
	return NULL;
}

/* The chain verifies against the pinned certificate alone: it may be a root, another CA, or the
 * server's own. */
static int verify_against(X509_STORE_CTX *ctx, X509 *pinned)
{
	STACK_OF(X509) *trusted = sk_X509_new_null();
	int ok = 0;
	if (trusted && sk_X509_push(trusted, pinned)) {
		X509_STORE_CTX_set0_trusted_stack(ctx, trusted);
		X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
		ok = X509_verify_cert(ctx);
	}
	sk_X509_free(trusted);
	return ok;
}

/* Without a ca_file the pinned certificate must be among those that the server sent; with one it
 * may also be the CA that the file brings. */
static int http_pin_verify(X509_STORE_CTX *ctx, void *arg)
{
	struct http_job *j = arg;
	STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(ctx);
	struct str fingerprint = j->target->ca_fingerprint;
	bool by_file = j->target->ca_file.n > 0;
	j->chain = sk_X509_num(sent);
	if (by_file && X509_verify_cert(ctx) <= 0)
		return 0;
	X509 *pinned = find_pinned(by_file ? X509_STORE_CTX_get0_chain(ctx) : sent, fingerprint);
	if (pinned)
		return by_file || verify_against(ctx, pinned);
	j->pin_failed = true;
	X509_STORE_CTX_set_error(ctx, X509_V_ERR_APPLICATION_VERIFICATION);
	return 0;
}

static CURLcode on_context(CURL *easy, void *context, void *arg)
{
	(void)easy;
	SSL_CTX_set_cert_verify_callback(context, http_pin_verify, arg);
	return CURLE_OK;
}

void http_pin_ca(struct http_job *j)
{
	curl_easy_setopt(j->easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
	curl_easy_setopt(j->easy, CURLOPT_SSL_CTX_DATA, j);
}
