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

/* The chain as the peer sent it must hold the pinned certificate, and verify against it alone. */
static int verify(X509_STORE_CTX *ctx, void *arg)
{
	const struct http_target *t = arg;
	STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(ctx);
	for (int i = 0; i < sk_X509_num(sent); i++) {
		X509 *cert = sk_X509_value(sent, i);
		if (!same_fingerprint(cert, t->ca_fingerprint))
			continue;
		STACK_OF(X509) *trusted = sk_X509_new_null();
		if (!trusted || !sk_X509_push(trusted, cert)) {
			sk_X509_free(trusted);
			return 0;
		}
		X509_STORE_CTX_set0_trusted_stack(ctx, trusted);
		int ok = X509_verify_cert(ctx);
		sk_X509_free(trusted);
		return ok;
	}
	X509_STORE_CTX_set_error(ctx, X509_V_ERR_CERT_UNTRUSTED);
	return 0;
}

static CURLcode on_context(CURL *easy, void *context, void *arg)
{
	(void)easy;
	SSL_CTX_set_cert_verify_callback(context, verify, arg);
	return CURLE_OK;
}

void http_pin_ca(CURL *easy, const struct http_target *t)
{
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, (void *)t);
}
