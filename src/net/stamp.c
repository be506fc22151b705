/*
 * stamp: the question and the answer of RFC 3161 through libcrypto, posted by http.
 */
#include "s3triage/net/stamp.h"

#include "s3triage/base/hash.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/net/http.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

/* OpenSSL 3.4 names them so, and warns of the names before. */
#if OPENSSL_VERSION_NUMBER < 0x30400000L
#define TS_VERIFY_CTX_set0_imprint TS_VERIFY_CTX_set_imprint
#define TS_VERIFY_CTX_set0_store TS_VERIFY_CTX_set_store
#endif

enum { DIGEST = 32, NONCE = 8, ANSWER_MAX = 1 << 20 };

static void free_request(TS_REQ **q)
{
	TS_REQ_free(*q);
}

static void free_answer(TS_RESP **r)
{
	TS_RESP_free(*r);
}

static bool set_imprint(TS_REQ *q, struct str bytes)
{
	unsigned char digest[DIGEST];
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	sha256_bytes(bytes, digest);
	bool fine = imprint && algorithm &&
		X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) &&
		TS_MSG_IMPRINT_set_algo(imprint, algorithm) &&
		TS_MSG_IMPRINT_set_msg(imprint, digest, DIGEST) && TS_REQ_set_msg_imprint(q, imprint);
	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(imprint);
	return fine;
}

static bool set_nonce(TS_REQ *q)
{
	unsigned char random[NONCE];
	BIGNUM *n = RAND_bytes(random, NONCE) == 1 ? BN_bin2bn(random, NONCE, NULL) : NULL;
	ASN1_INTEGER *nonce = n ? BN_to_ASN1_INTEGER(n, NULL) : NULL;
	bool fine = nonce && TS_REQ_set_nonce(q, nonce);
	ASN1_INTEGER_free(nonce);
	BN_free(n);
	return fine;
}

static bool stamp_post(const char *url, struct str question, struct buf *out, struct err *err)
{
	/* The whole URL is the path of its own server's root. */
	struct str whole = str_c(url);
	size_t host = str_find(whole, STR("://"));
	size_t slash = host == STR_NONE ? STR_NONE : str_find_char(str_sub(whole, host + 3, whole.n), '/');
	if (host == STR_NONE)
		return err_set(err, ERR_USAGE, "an authority's URL begins with https:// or http://");
	size_t end = slash == STR_NONE ? whole.n : host + 3 + slash;
	const struct http_target target = {.url = str_sub(whole, 0, end)};
	const struct http_request request = {.method = "POST", .body = question,
		.path = end < whole.n ? str_sub(whole, end, whole.n) : STR("/"),
		.content_type = STR("application/timestamp-query"), .max_bytes = ANSWER_MAX,
		.idempotent = true};
	struct http_result got = {0};
	struct http *h = http_new(&target, err);
	bool fine = h && http_call(h, &request, &got, err);
	if (fine)
		buf_add(out, buf_str(&got.body));
	http_result_fini(&got);
	http_free(h);
	return fine;
}

static TS_RESP *read_answer(struct str answer, struct err *err)
{
	const unsigned char *p = (const unsigned char *)answer.p;
	TS_RESP *r = d2i_TS_RESP(NULL, &p, (long)answer.n);
	long status = r ? ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(r))) : -1;
	if (status == 0 || status == 1)
		return r;
	TS_RESP_free(r);
	if (status < 0)
		err_set(err, ERR_PARSE, "the answer is no time stamp");
	else
		err_set(err, ERR_DENIED, "the authority refused to stamp it (status %ld)", status);
	return NULL;
}

static bool same_nonce(const TS_REQ *q, TS_RESP *r)
{
	const ASN1_INTEGER *is = TS_TST_INFO_get_nonce(TS_RESP_get_tst_info(r));
	return is && ASN1_INTEGER_cmp(is, TS_REQ_get_nonce(q)) == 0;
}

bool stamp_ask(const char *url, struct str bytes, struct buf *out, struct err *err)
{
	AUTO(free_request) TS_REQ *q = TS_REQ_new();
	unsigned char *der = NULL;
	if (!q || !TS_REQ_set_version(q, 1) || !set_imprint(q, bytes) || !set_nonce(q) ||
		!TS_REQ_set_cert_req(q, 1))
		return err_set(err, ERR_IO, "cannot make the question for a time stamp");
	int n = i2d_TS_REQ(q, &der);
	size_t from = out->n;
	bool fine = n > 0 && stamp_post(url, (struct str){(const char *)der, (size_t)n}, out, err);
	OPENSSL_free(der);
	if (!fine)
		return err_prefix(err, "no time stamp from %s", url);
	AUTO(free_answer) TS_RESP *r = read_answer(str_sub(buf_str(out), from, out->n), err);
	return r && (same_nonce(q, r) || err_set(err, ERR_PARSE, "the stamp answers another question"));
}

/* The time that it says, and the store in which certificates are held against that time. */
static bool stamp_time_of(TS_RESP *r, int64_t *at)
{
	struct tm tm;
	TS_TST_INFO *info = TS_RESP_get_tst_info(r);
	const ASN1_GENERALIZEDTIME *t = info ? TS_TST_INFO_get_time(info) : NULL;
	if (!t || !ASN1_TIME_to_tm(t, &tm))
		return false;
	*at = (int64_t)timegm(&tm) * 1000;
	return true;
}

static X509_STORE *store_at(const char *ca_file, int64_t at)
{
	X509_STORE *store = X509_STORE_new();
	if (store && X509_STORE_load_file(store, ca_file)) {
		X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)(at / 1000));
		return store;
	}
	X509_STORE_free(store);
	return NULL;
}

bool stamp_check(struct str answer, struct str bytes, const char *ca_file, int64_t *at,
	struct err *err)
{
	unsigned char *digest = OPENSSL_malloc(DIGEST);
	AUTO(free_answer) TS_RESP *r = read_answer(answer, err);
	X509_STORE *store = r && stamp_time_of(r, at) ? store_at(ca_file, *at) : NULL;
	TS_VERIFY_CTX *ctx = store && digest ? TS_VERIFY_CTX_new() : NULL;
	bool fine = false;
	if (ctx) {
		sha256_bytes(bytes, digest);
		TS_VERIFY_CTX_set_flags(ctx, TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_SIGNATURE);
		TS_VERIFY_CTX_set0_imprint(ctx, digest, DIGEST);
		TS_VERIFY_CTX_set0_store(ctx, store);
		fine = TS_RESP_verify_response(ctx, r) == 1;
		TS_VERIFY_CTX_free(ctx); /* with the digest and the store */
	} else {
		OPENSSL_free(digest);
		X509_STORE_free(store);
	}
	return fine || (r && err_set(err, ERR_DENIED, "the time stamp is not of this, or not by an authority"
		" of %s", ca_file));
}
