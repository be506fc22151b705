/*
 * net/http: requests over libcurl's multi interface. One thread owns a client; http_send() and
 * http_work() never block, http_wait(), http_run() and http_call() do.
 * Credentials never reach argv, logs, errors or the journal. TLS is verified unless the profile
 * says insecure; redirects are never followed; answers have a maximum.
 */
#ifndef S3TRIAGE_NET_HTTP_H
#define S3TRIAGE_NET_HTTP_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"

#include <stdatomic.h>

enum http_auth { HTTP_AUTH_NONE, HTTP_AUTH_APIKEY, HTTP_AUTH_BASIC, HTTP_AUTH_BEARER, HTTP_AUTH_SIGV4 };

/* Where and as whom. Slices are borrowed for the life of the client. */
struct http_target {
	struct str url;            /* https://host:port[/base], no trailing slash */
	enum http_auth auth;
	struct str secret;         /* "id:key" encoded, "user:password", token, "key:secret" */
	struct str session_token;  /* SigV4 temporary credentials */
	struct str region, service; /* SigV4: es or aoss */
	struct str ca_file, ca_fingerprint, client_cert, client_key;
	struct str client_pass;    /* of the client's key; empty: it has none */
	struct str proxy;          /* empty: https_proxy and no_proxy, for https only; "none" */
	bool insecure;             /* certificates are not verified, plain text is accepted */
};

/* What servers are known by where a profile does not say, in words. False: there is nothing. */
bool http_store(struct buf *out);

/* True for http:// to another machine: whoever is in between reads and changes all of it. */
bool http_clear(struct str url);

struct http_request {
	const char *method;
	struct str path;           /* "/index/_search?size=1", encoded by the caller, keys sorted */
	struct str content_type;   /* empty: application/json when there is a body */
	struct str body;
	const char *const *headers; /* further ones, ended by NULL */
	int64_t deadline_ms;       /* whole time allowed, retries included; 0 = 30 s */
	size_t max_bytes;          /* of the decoded answer; 0 = 64 MiB */
	bool idempotent;           /* may be sent again after 429, 502, 503, 504 */
	void (*turn)(void *ctx);   /* http_call(): now and then while it waits, and after http_wake() */
	void *turn_ctx;
};

struct http_answer {
	long status;               /* 0 when there was none */
	struct str body;           /* borrowed for the callback */
	struct str content_type;
	bool is_elastic;           /* X-elastic-product */
	struct err err;            /* why there is no usable answer, in plain words with what to do */
	int attempts;
	bool too_large;            /* the answer passed max_bytes */
	int64_t date;              /* the server's clock, ms; 0: it did not say */
	int64_t retry_after;       /* ms that the server asked us to wait, 0: it did not say */
};

struct http;
struct http *http_new(const struct http_target *target, struct err *err);
void http_free(struct http *h);

typedef void (*http_done_fn)(void *ctx, const struct http_answer *answer);

/* Queues a request; `done` is called once from http_work(). */
bool http_send(struct http *h, const struct http_request *r, http_done_fn done, void *ctx,
	struct err *err);

/* One turn: moves data, calls what is done, starts retries that are due; now: http_ticks(). */
void http_work(struct http *h, int64_t now);

/* Forgets what waits; nothing is called back. */
void http_cancel(struct http *h);

/* Blocks until something may have happened, for at most ms; http_wake() ends it from another
 * thread. Then one turn of http_work(). */
void http_wait(struct http *h, int64_t ms);
void http_wake(struct http *h);

/* One request to its end, for those that may block. `body` holds the answer (max_bytes applies);
 * true when there is a usable one (status below 300). False: out->err, also copied to err. */
struct http_result {
	long status;
	struct buf body;
	bool is_elastic;
	int attempts;
	int64_t date, retry_after;
	bool too_large;            /* the answer passed max_bytes */
	struct err err;
};
bool http_call(struct http *h, const struct http_request *r, struct http_result *out,
	struct err *err);

/* The same, given up with ERR_STOPPED when *stop becomes true (and http_wake() is called). */
bool http_call_until(struct http *h, const struct http_request *r, const atomic_bool *stop,
	struct http_result *out, struct err *err);
void http_result_fini(struct http_result *r);

/* ms since 1970, as requests are signed with. */
int64_t http_now(void);

/* ms by a clock that nobody sets: for deadlines, waits and ages. */
int64_t http_ticks(void);

#endif
