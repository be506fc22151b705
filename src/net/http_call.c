/*
 * http_call: the blocking side of the client: waiting, and one request to its end. For headless
 * verbs and for the reading thread, never for the thread that owns the screen.
 */
#include "http_priv.h"

#include <string.h>
#include <time.h>

enum { PATIENCE_MS = 1000 };

/* Until the next planned try, at most ms. */
static int64_t http_call_patience(const struct http *h, int64_t ms, int64_t now)
{
	for (const struct http_job *j = h->jobs; j; j = j->next) {
		if (!j->attempts)
			return 0;
		if (j->retry_at && j->retry_at - now < ms)
			ms = j->retry_at > now ? j->retry_at - now : 0;
	}
	return ms;
}

void http_wait(struct http *h, int64_t ms)
{
	int64_t wait = http_call_patience(h, ms, http_ticks());
	if (wait > 0)
		curl_multi_poll(h->multi, NULL, 0, (int)(wait > INT32_MAX ? INT32_MAX : wait), NULL);
	http_work(h, http_ticks());
}

void http_wake(struct http *h)
{
	curl_multi_wakeup(h->multi);
}

static void http_call_take(void *ctx, const struct http_answer *a)
{
	struct http_result *r = ctx;
	r->status = a->status;
	r->is_elastic = a->is_elastic;
	r->attempts = a->attempts;
	r->date = a->date;
	r->retry_after = a->retry_after;
	r->too_large = a->too_large;
	r->err = a->err;
	buf_add(&r->body, a->body);
}

bool http_call_until(struct http *h, const struct http_request *r, const atomic_bool *stop,
	struct http_result *out, struct err *err)
{
	*out = (struct http_result){0};
	if (http_send(h, r, http_call_take, out, &out->err)) {
		while (h->n_jobs && !(stop && atomic_load(stop))) {
			http_wait(h, PATIENCE_MS);
			if (r->turn)
				r->turn(r->turn_ctx);
		}
		if (h->n_jobs) {
			http_cancel(h);
			err_set(&out->err, ERR_STOPPED, "stopped");
		}
	}
	if (out->err.code && err)
		*err = out->err;
	return !out->err.code;
}

bool http_call(struct http *h, const struct http_request *r, struct http_result *out,
	struct err *err)
{
	return http_call_until(h, r, NULL, out, err);
}

void http_result_fini(struct http_result *r)
{
	buf_fini(&r->body);
}
