/*
 * http: a request in flight, and what http.c asks its helpers.
 */
#ifndef S3TRIAGE_SOURCE_HTTP_PRIV_H
#define S3TRIAGE_SOURCE_HTTP_PRIV_H

#include "s3triage/base/mem.h"
#include "s3triage/source/http.h"

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
	bool idempotent, is_elastic;
	http_done_fn done;
	void *ctx;
};

struct http {
	struct http_target target;
	CURLM *multi;
	struct http_job *jobs;
	size_t n_jobs;
};

/* Appends "Name: value\n" lines that prove who asks. */
void http_auth_headers(const struct http_target *t, const struct http_job *j, int64_t now,
	struct buf *out);

/* Milliseconds until the next try, or -1: the answer is final. */
int64_t http_retry_after(const struct http_job *j, CURLcode code, long status, int64_t now);

/* Fills a->err in plain words when the answer is not usable. */
void http_explain(const struct http *h, const struct http_job *j, CURLcode code,
	struct http_answer *a);

/* Accepts a chain only when one of its certificates has the SHA-256 fingerprint of the target. */
void http_pin_ca(CURL *easy, const struct http_target *t);

#endif
