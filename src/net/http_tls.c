/*
 * http_tls: which certificates are trusted and shown, and what a failure means in words that name
 * the key of the profile to change.
 */
#include "http_priv.h"

#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void http_tls_set_text(CURL *easy, CURLoption option, struct str value)
{
	char *text = mem_dup(value);
	curl_easy_setopt(easy, option, text);
	explicit_bzero(text, strlen(text));
	free(text);
}

static bool pkcs12(struct str path)
{
	return str_ends(path, STR(".p12")) || str_ends(path, STR(".pfx"));
}

static void set_client(CURL *easy, const struct http_target *t)
{
	/* Never empty-handed: OpenSSL would ask on the terminal that the console owns. */
	http_tls_set_text(easy, CURLOPT_KEYPASSWD, t->client_pass);
	if (!t->client_cert.n)
		return;
	http_tls_set_text(easy, CURLOPT_SSLCERT, t->client_cert);
	if (pkcs12(t->client_cert))
		curl_easy_setopt(easy, CURLOPT_SSLCERTTYPE, "P12");
	else if (t->client_key.n)
		http_tls_set_text(easy, CURLOPT_SSLKEY, t->client_key);
}

void http_set_tls(struct http *h, struct http_job *j)
{
	const struct http_target *t = &h->target;
	curl_easy_setopt(j->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(j->easy, CURLOPT_SSL_VERIFYPEER, t->insecure ? 0L : 1L);
	curl_easy_setopt(j->easy, CURLOPT_SSL_VERIFYHOST, t->insecure ? 0L : 2L);
	set_client(j->easy, t);
	if (t->insecure)
		return;
	if (t->ca_file.n || t->ca_fingerprint.n) { /* these alone are trusted, not the system's too */
		curl_easy_setopt(j->easy, CURLOPT_CAPATH, NULL);
		curl_easy_setopt(j->easy, CURLOPT_CAINFO, NULL);
	}
	if (t->ca_file.n)
		http_tls_set_text(j->easy, CURLOPT_CAINFO, t->ca_file);
	if (t->ca_fingerprint.n)
		http_pin_ca(j);
}

static void pin_words(const struct http_job *j, struct buf *out)
{
	if (j->target->ca_file.n)
		buf_c(out, "the server's certificate comes from ca_file, but not from the certificate of "
			   "ca_fingerprint: one of the two is not right");
	else if (j->chain == 1)
		buf_c(out, "the server sends its own certificate only, and that is not the one of "
			   "ca_fingerprint; a CA that is not sent cannot be checked by its fingerprint: "
			   "set ca_file to the CA's certificate, or have the server send it");
	else
		buf_fmt(out, "none of the %d certificates that the server sends is the one of "
			     "ca_fingerprint: this may be another server; compare it where the server runs",
			j->chain);
}

static void trust_words(const struct http_target *t, const char *text, long verdict, struct buf *out)
{
	if (strstr(text, "subject name")) {
		buf_c(out, "the server's certificate is for another name: `url` must have the name that it "
			   "is for");
		return;
	}
	switch (verdict) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		buf_c(out, "a certificate of the server has expired: it must be renewed there (or the "
			   "clock here is wrong)");
		return;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		buf_c(out, "a certificate of the server is not valid yet: is the clock here right?");
		return;
	default:
		break;
	}
	if (t->ca_fingerprint.n && !t->ca_file.n)
		buf_c(out, "the certificate of ca_fingerprint does not vouch for the server's");
	else if (t->ca_file.n)
		buf_fmt(out, "the server's certificate was not issued by a CA in ca_file, %.*s",
			STR_ARG(t->ca_file));
	else if (verdict == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT)
		buf_c(out, "the server's certificate is self-signed: name it as ca_file, or its SHA-256 as "
			   "ca_fingerprint, once you know that it is the right one");
	else
		buf_c(out, "the server's certificate is from a CA that is not known here: set ca_file to the "
			   "CA's certificate, or ca_fingerprint to its SHA-256");
}

/* The server breaks off: it tells why in an alert, which OpenSSL names. */
static bool alert_words(const struct http_job *j, struct buf *out)
{
	static const char *const names[] = {"certificate required", "bad certificate", "unknown ca",
		"certificate unknown", "certificate expired", "certificate revoked",
		"unsupported certificate", "handshake failure"};
	struct str text = str_c(j->curl_text);
	if (str_find(text, STR(" alert ")) == STR_NONE)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_find(text, str_c(names[i])) == STR_NONE)
			continue;
		if (j->target->client_cert.n)
			buf_c(out, "the server does not accept the certificate in client_cert: was it issued "
				   "by a CA that the server trusts, and is it still valid?");
		else
			buf_c(out, "the server asks for a client certificate: set client_cert and client_key");
		return true;
	}
	return false;
}

static void handshake_words(const struct http_job *j, struct buf *out)
{
	struct str text = str_c(j->curl_text);
	if (str_find(text, STR("wrong version number")) != STR_NONE ||
		str_find(text, STR("packet length too long")) != STR_NONE)
		buf_c(out, "what answers there does not speak TLS: is the port right, or is it http://?");
	else
		buf_c(out, "the TLS handshake failed: maybe what answers there does not speak TLS (is the port "
			   "right, or is it http://?), or no version that is known here");
}

bool http_store(struct buf *out)
{
	const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);
	const char *file = v->age >= CURLVERSION_SEVENTH ? v->cainfo : NULL;
	if (file && access(file, R_OK) == 0)
		buf_fmt(out, "certificates of the system, %s", file);
	else if (file)
		buf_c(out, "this system has no certificates to know servers by (package ca-certificates):"
			   " a profile needs ca_file or ca_fingerprint");
	else
		buf_c(out, "certificates of the system, where its TLS library has them");
	return !file || access(file, R_OK) == 0;
}

static void store_words(const struct http_target *t, struct buf *out)
{
	if (t->ca_file.n)
		buf_fmt(out, "ca_file cannot be used, %.*s: it must be PEM; out of PKCS#12 comes one by "
			     "openssl pkcs12 -in FILE -cacerts -nokeys -out ca.pem",
			STR_ARG(t->ca_file));
	else
		buf_c(out, "this system has no certificates to know servers by (package ca-certificates): "
			   "install it, or set ca_file or ca_fingerprint");
}

/* Cut off before a single byte of an answer. */
static bool broken_off(const struct http *h, const struct http_job *j, CURLcode code, struct buf *out)
{
	long status = 0;
	curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status || (code != CURLE_GOT_NOTHING && code != CURLE_RECV_ERROR && code != CURLE_SEND_ERROR &&
			      code != CURLE_UNSUPPORTED_PROTOCOL && code != CURLE_WEIRD_SERVER_REPLY))
		return false;
	if (h->answered)
		buf_c(out, "the server answered before and broke off now: try again");
	else if (str_starts(h->target.url, STR("http://")))
		buf_c(out, "no answer came, or it was cut off: does this port want https:// in `url`?");
	else
		buf_fmt(out, "the server broke off without an answer: try again; %s",
			h->target.client_cert.n ? "or it does not accept the certificate in client_cert"
						: "or it asks for a client certificate (client_cert, client_key)");
	return true;
}

bool http_tls_words(const struct http *h, const struct http_job *j, CURLcode code, struct buf *out)
{
	long verdict = 0;
	curl_easy_getinfo(j->easy, CURLINFO_SSL_VERIFYRESULT, &verdict);
	if (alert_words(j, out))
		return true;
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
		if (j->pin_failed)
			pin_words(j, out);
		else
			trust_words(&h->target, j->curl_text, verdict, out);
		return true;
	case CURLE_SSL_CACERT_BADFILE:
		store_words(&h->target, out);
		return true;
	case CURLE_SSL_CERTPROBLEM:
		buf_c(out, "client_cert and client_key cannot be used: are they PEM (or client_cert PKCS#12, "
			   "*.p12), do they belong together, is client_key_secret_* its passphrase?");
		return true;
	case CURLE_SSL_CONNECT_ERROR:
		handshake_words(j, out);
		return true;
	default:
		return broken_off(h, j, code, out);
	}
}
