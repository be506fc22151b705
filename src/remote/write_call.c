/*
 * write_call: one blocking request of the writing side, with Kibana's headers where they are due.
 */
#include "write_priv.h"

bool write_call(const struct write_link *l, const struct write_call *c, struct buf *out,
	long *status, struct err *err)
{
	static const char *const kibana[] = {"kbn-xsrf: true", "elastic-api-version: 2023-10-31", NULL};
	struct http_result res;
	struct http_request r = {.method = c->method, .path = c->path, .content_type = c->type,
		.body = c->body, .idempotent = c->idempotent, .max_bytes = l->max_answer,
		.headers = l->target->kind == WRITE_KIBANA ? kibana : NULL,
		.turn = l->turn, .turn_ctx = l->turn_ctx};
	bool fine = http_call_until(l->http, &r, l->stop, &res, err);
	*status = res.status;
	if (c->too_large)
		*c->too_large = res.too_large;
	buf_add(out, buf_str(&res.body));
	http_result_fini(&res);
	return fine;
}
