/*
 * http: a request in flight, and what http.c asks its helpers.
 */
#ifndef SRC_NET_HTTP_PRIV_H
#define SRC_NET_HTTP_PRIV_H

#include "s3triage/base/mem.h"
#include "s3triage/net/http.h"

#include <curl/curl.h>

struct http_job {
	struct http_job *next;
	CURL *easy;
	struct curl_slist *headers;
	char *method, *path, *content_type;
	char *extra[8];
	size_t n_extra;
	struct buf body, answer;
	char curl_text[CURL_ERROR_SIZE];
	int64_t span, deadline;     /* ms: allowed, and the point in time */
	int64_t retry_at;           /* 0: not waiting for another try */
	int64_t date;               /* the Date header, ms; 0: none */
	int64_t retry_after;        /* what the server asked for, ms */
	int attempts;
	int chain;                  /* certificates that the server sent, while its CA is pinned */
	bool pin_failed;            /* none of them has the fingerprint */
	const struct http_target *target;
	bool idempotent, is_elastic;
	http_done_fn done;
	void *ctx;
};

struct http {
	struct http_target target;
	CURLM *multi;
	struct http_job *jobs;
	size_t n_jobs;
	bool answered; /* once, whatever it said: the scheme is right */
};

/* Appends "Name: value\n" lines that prove who asks. */
void http_auth_headers(const struct http_target *t, const struct http_job *j, int64_t now,
	struct buf *out);

/* Milliseconds until the next try, or -1: the answer is final. */
int64_t http_retry_after(const struct http_job *j, CURLcode code, long status, int64_t now);

/* Fills a->err in plain words when the answer is not usable. */
void http_explain(const struct http *h, const struct http_job *j, CURLcode code,
	struct http_answer *a);

/* http_tls.c: trust, client certificate. http_route.c: proxies. */
void http_set_tls(struct http *h, struct http_job *j);
void http_set_proxy(struct http *h, struct http_job *j);

/* What about certificates, TLS or a proxy went wrong, and what to do; false: something else. */
bool http_tls_words(const struct http *h, const struct http_job *j, CURLcode code, struct buf *out);
bool http_proxy_words(const struct http *h, const struct http_job *j, CURLcode code, struct buf *out);

/* Accepts a chain only when one of its certificates has the SHA-256 fingerprint of the target and
 * vouches for it; with a ca_file both must hold. */
void http_pin_ca(struct http_job *j);

#endif
