/*
 * live_call: one request of the reading thread, and what is told about it. Learns from refusals.
 */
#include "live_priv.h"

#include <stdarg.h>
#include <stdio.h>

enum { CALL_MS = 60000 };

void live_note(struct live *l, const char *fmt, ...)
{
	char text[460];
	struct err err = {0};
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(&err, ERR_NETWORK, "%s", text);
	hits_note(l->hits, &err);
}

void live_problem(struct live *l, const struct err *err)
{
	if (err->code == ERR_STOPPED)
		return;
	hits_problem(l->hits, err);
}

/* Kibana wants to be sure that no foreign page sends this, and to know which API is meant. */
static const char *const kibana_headers[] = {"kbn-xsrf: true", "elastic-api-version: 2023-10-31",
	NULL};

static void tell_attempts(struct live *l, const struct http_result *r)
{
	if (r->attempts > 1 && !r->err.code)
		live_note(l, "answered at the %d. try: it was busy before", r->attempts);
}

bool live_call(struct live *l, struct live_call *c, struct buf *answer, struct err *err)
{
	struct http_result result;
	struct http_request r = {
		.method = c->method,
		.path = str_c(c->path),
		.body = c->body,
		.headers = l->profile->kind == PROFILE_KIBANA ? kibana_headers : NULL,
		.deadline_ms = l->profile->timeout ? l->profile->timeout : CALL_MS,
		.idempotent = c->idempotent,
	};
	bool ok = http_call_until(l->http, &r, scan_stop_flag(l->s), &result, err);
	c->status = result.status;
	c->is_elastic = result.is_elastic;
	c->fault = ok ? FAULT_OTHER : answer_fault(result.status, buf_str(&result.body));
	tell_attempts(l, &result);
	if (result.too_large && l->page > 1) {
		l->page = l->page / 4 ? l->page / 4 : 1;
		live_note(l, "a page of answers was too large: now %lld hit%s a page", (long long)l->page,
			plural((unsigned long long)l->page));
	}
	buf_fini(answer);
	*answer = result.body;
	return ok;
}

static bool ask_root(struct live *l, struct err *err)
{
	AUTO(buf_fini) struct buf body = {0};
	bool kibana = l->profile->kind == PROFILE_KIBANA;
	struct live_call c = {.method = "GET", .path = kibana ? "/api/status" : "/",
		.idempotent = true};
	if (live_call(l, &c, &body, err))
		return kibana ? server_read_status(buf_str(&body), &l->server, err)
			      : server_read_root(buf_str(&body), c.is_elastic, &l->server, err);
	/* A small key may search and yet not see this; serverless OpenSearch has no such page. */
	if (c.status != 403 && c.status != 404)
		return false;
	if (err)
		*err = (struct err){0};
	l->server.product = kibana ? PRODUCT_KIBANA
		: l->profile->kind == PROFILE_OPENSEARCH ? PRODUCT_OPENSEARCH : PRODUCT_ELASTICSEARCH;
	live_note(l, "does not tell its version (%ld); it is taken for what the profile says", c.status);
	return true;
}

static bool other_kind(struct live *l)
{
	bool opensearch = l->server.product == PRODUCT_OPENSEARCH;
	return l->profile->kind != PROFILE_KIBANA &&
		opensearch != (l->profile->kind == PROFILE_OPENSEARCH);
}

bool live_detect(struct live *l, struct err *err)
{
	char name[64];
	if (l->detected)
		return true;
	if (!ask_root(l, err))
		return false;
	l->detected = true;
	server_name(&l->server, name);
	scan_lock(l->s);
	snprintf(l->status.server, sizeof(l->status.server), "%s", name);
	scan_unlock(l->s);
	if (other_kind(l))
		live_note(l, "is %s, not what the profile says; it is read as what it is", name);
	if (l->server.major && l->server.product == PRODUCT_ELASTICSEARCH &&
		!server_since(&l->server, 7, 17))
		live_note(l, "%s is older than 7.17, the oldest that this was made for", name);
	return true;
}
