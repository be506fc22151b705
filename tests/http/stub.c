/*
 * stub EVENTS.ndjson|N LOG [PORT]: a stub of Elasticsearch, OpenSearch and Kibana, with faults; for reading
 * here, for writing in stub_kibana.c.
 * The first segment of the path names the behaviour (http://127.0.0.1:PORT/async/...). It prints
 * its port, and writes a line a request to LOG: behaviour, method, path, credentials, headers.
 * Pages, points in time and time bounds are carried out; queries are not: every event fits.
 * "grow" reads its events anew for every request, and names them by their own ids.
 */
#include "stub.h"

#include "s3triage/base/file.h"
#include "s3triage/base/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

struct call {
	char *raw;                     /* path and query as they came */
	bool begun;
	struct buf body;
};

struct reply {
	int status;
	const char *type, *header, *value;
	struct buf body;
	bool cut, gzip;
};

struct ask_of {
	struct str name, path, body;   /* behaviour; the rest of the path; request body */
	const char *method, *raw;
	int nth;                       /* requests to this behaviour before this one */
	struct MHD_Connection *connection;
};

/* Places change where events are added, so a growing set goes by the events' own ids. */
static void put_id(const struct stub *s, const struct event *e, size_t place, bool alert,
	struct buf *out)
{
	struct json *v AUTO(json_free_ptr) = s->grows ? json_parse(e->text, NULL) : NULL;
	struct str id = json_str(json_get(json_get(v, "event"), "id"));
	if (id.n)
		json_quote(id, out);
	else
		buf_fmt(out, "\"%c%zu\"", alert ? 'a' : 'd', place);
}

static void event_hit(const struct stub *s, const struct event *e, size_t place, bool alert, struct buf *out)
{
	buf_fmt(out, "{\"_index\":\"%s\",\"_seq_no\":%zu,\"_primary_term\":1,\"_id\":",
		alert ? ".internal.alerts-security.alerts-default-000001" : "logs-aws.cloudtrail-1", place);
	put_id(s, e, place, alert, out);
	buf_c(out, ",\"_source\":{");
	if (alert)
		buf_fmt(out, "\"kibana.alert.uuid\":\"a%zu\",\"kibana.alert.rule.name\":\"S3 copied\","
			"\"kibana.alert.rule.rule_id\":\"d488f026-7907-4f56-ad51-742feb3db01c\","
			"\"kibana.alert.workflow_status\":\"open\",\"kibana.alert.severity\":\"high\","
			"\"event.kind\":\"signal\",", place);
	buf_fmt(out, "%.*s,\"sort\":[%lld,%zu]}", STR_ARG(str_sub(e->text, 1, e->text.n)),
		(long long)e->at, place);
}

static int64_t event_at(const struct stub *s, size_t i)
{
	return s->made ? made_at(i) : s->events[i].at;
}

/* How made events stand in an index whose documents have no @timestamp, or not all of them (those
 * that have one first): which event is at a place, and whether it is such a one. */
static bool is_raw(const struct stub *s, const struct ask_of *a, size_t *place)
{
	size_t timed = (s->n + 1) / 2, at = *place;
	if (!s->made || !str_starts(a->name, STR("raw")) || str_is(a->name, "rawshort"))
		return false;
	if (str_is(a->name, "rawmixed"))
		*place = at < timed ? 2 * at : 2 * (at - timed) + 1;
	return !str_is(a->name, "rawmixed") || at >= timed;
}

/* Newest first, behind `after`, not after `before`, `size` of them. */
static void hits(const struct stub *s, const struct ask_of *a, bool alert, struct buf *out)
{
	int64_t size = 10, after = -1, before = INT64_MAX;
	struct json *body AUTO(json_free_ptr) = json_parse(a->body, NULL);
	const struct json *filter = json_get(json_get(json_get(body, "query"), "bool"), "filter");
	if (!filter)
		filter = json_get(json_get(json_get(body, "filter"), "bool"), "filter");
	json_int(json_get(body, "size"), &size);
	json_int(json_at(json_get(body, "search_after"), 1), &after);
	for (const struct json *f = json_first(filter); f; f = json_next(f))
		when_parse(json_str(json_get(json_get(json_get(f, "range"), "@timestamp"), "lte")), &before);
	int64_t put = 0;
	for (size_t at = (size_t)(after + 1); at < s->n && put < size; at++) {
		size_t i = at;
		bool raw = is_raw(s, a, &i);
		if (raw ? before != INT64_MAX : event_at(s, i) > before)
			continue;
		buf_c(out, put++ ? "," : "");
		AUTO(buf_fini) struct buf made = {0};
		if (s->made)
			(raw ? made_raw : made_event)(i, &made);
		const struct event e = {s->made ? buf_str(&made) : s->events[i].text,
			raw ? INT64_MIN : event_at(s, i)};
		event_hit(s, &e, at, alert, out);
	}
}

static void refuse(struct reply *r, int status, const char *type, const char *reason)
{
	r->status = status;
	buf_clear(&r->body);
	buf_fmt(&r->body, "{\"error\":{\"root_cause\":[{\"type\":\"%s\",\"reason\":\"%s\"}],\"type\":\"%s\","
		"\"reason\":\"%s\"},\"status\":%d}", type, reason, type, reason, status);
}

static void search_answer(const struct stub *s, const struct ask_of *a, struct reply *r)
{
	bool partial = str_is(a->name, "shards");
	if (str_is(a->name, "hidden")) {
		buf_c(&r->body, "{\"took\":1,\"_shards\":{\"total\":0,\"failed\":0},\"hits\":{\"hits\":[]}}");
		return;
	}
	buf_fmt(&r->body, "{\"took\":1,\"timed_out\":false,\"_shards\":{\"total\":2,\"failed\":%d%s},",
		partial ? 1 : 0, partial ? ",\"failures\":[{\"shard\":0,\"reason\":{\"type\":\"x\","
		"\"reason\":\"disk is full\"}}]" : "");
	if (str_find(a->body, STR("\"pit\":")) != STR_NONE)
		buf_fmt(&r->body, "\"pit_id\":\"pit/%d==\",", a->nth);
	if (str_is(a->name, "rawnoid") && str_find(a->body, STR("\"_id\"")) != STR_NONE) {
		refuse(r, 400, "illegal_argument_exception", "Fielddata access on the _id field is disallowed");
		return;
	}
	bool counts = str_starts(a->name, STR("raw"));
	buf_fmt(&r->body, "\"hits\":{\"total\":{\"value\":%zu,\"relation\":\"%s\"},\"hits\":[",
		counts ? s->n + 5 * str_is(a->name, "rawshort") : 1, counts ? "eq" : "gte");
	hits(s, a, str_starts(a->name, STR("k")), &r->body);
	buf_c(&r->body, "]}}");
}

static void eql_answer(const struct stub *s, const struct ask_of *a, struct reply *r)
{
	struct buf found = {0};
	hits(s, a, false, &found);
	buf_fmt(&r->body, "{\"is_partial\":false,\"is_running\":false,\"took\":6,\"timed_out\":false,"
		"\"hits\":{\"total\":{\"value\":1,\"relation\":\"eq\"},\"events\":[%.*s]}}",
		STR_ARG(buf_str(&found)));
	buf_fini(&found);
}

static void lacks_api(struct reply *r)
{
	r->status = 400;
	buf_c(&r->body, "{\"error\":\"no handler found for uri [x] and method [POST]\"}");
}

static void eql_start(const struct stub *s, const struct ask_of *a, struct reply *r)
{
	static const char *const without[] = {"dsl", "expire", "nopit", "shards", "os", "hidden", "midway", "midway2", "midway3", "aws", "aoss", "oldaws"};
	for (size_t i = 0; i < ARRAY_LEN(without); i++)
		if (str_is(a->name, without[i]) || str_starts(a->name, STR("raw"))) {
			lacks_api(r);
			return;
		}
	if (str_is(a->name, "column"))
		refuse(r, 400, "verification_exception",
			"Found 1 problem\\nline 1:12: Unknown column [data_stream.dataset]");
	else if (str_is(a->name, "async"))
		buf_c(&r->body, "{\"id\":\"Fm/x+==\",\"is_running\":true,\"is_partial\":true,\"took\":5,"
			"\"timed_out\":false,\"hits\":{\"total\":{\"value\":0,\"relation\":\"gte\"}}}");
	else
		eql_answer(s, a, r);
}

/* The search that was begun: still running at the first look, then there. */
static void eql_poll(const struct stub *s, const struct ask_of *a, struct reply *r)
{
	if (strcmp(a->method, "DELETE") == 0)
		buf_c(&r->body, "{\"acknowledged\":true}");
	else if (a->nth < 3)
		buf_c(&r->body, "{\"id\":\"Fm/x+==\",\"is_running\":true,\"is_partial\":true}");
	else
		eql_answer(s, &(struct ask_of){.body = STR("{\"size\":100}")}, r);
}

static void pit(const struct ask_of *a, struct reply *r)
{
	if (str_is(a->name, "nopit") || str_starts(a->name, STR("raw")))
		refuse(r, 403, "security_exception", "action [open_point_in_time] is unauthorized");
	else if (strcmp(a->method, "DELETE") == 0)
		buf_c(&r->body, "{\"succeeded\":true,\"num_freed\":1}");
	else
		buf_fmt(&r->body, "{\"%s\":\"pit/%d==\"}", str_is(a->name, "os") || str_is(a->name, "aws") ? "pit_id" : "id", a->nth);
}

static void kibana(const struct stub *s, const struct ask_of *a, struct reply *r)
{
	if (!header_of(a->connection, "kbn-xsrf") || !header_of(a->connection, "elastic-api-version")) {
		r->status = 400;
		buf_c(&r->body, "{\"statusCode\":400,\"error\":\"Bad Request\",\"message\":\"kbn-xsrf is missing\"}");
	} else if (str_starts(a->path, STR("/api/status"))) {
		buf_c(&r->body, "{\"name\":\"k\",\"version\":{\"number\":\"9.1.0\"},\"status\":{}}");
	} else if (str_starts(a->path, STR("/s/ops/api/detection_engine/signals/search"))) {
		search_answer(s, a, r);
	} else {
		r->status = 404;
		buf_c(&r->body, "{\"statusCode\":404,\"error\":\"Not Found\",\"message\":\"Not Found\"}");
	}
}

static void root(const struct ask_of *a, struct reply *r)
{
	if (str_is(a->name, "oldaws"))
		buf_c(&r->body, "{\"version\":{\"number\":\"7.10.2\",\"build_flavor\":\"oss\"},"
			"\"tagline\":\"You Know, for Search\"}");
	else if (str_is(a->name, "os") || str_is(a->name, "aws"))
		buf_c(&r->body, "{\"version\":{\"distribution\":\"opensearch\",\"number\":\"2.19.1\"},"
			"\"tagline\":\"The OpenSearch Project: https://opensearch.org/\"}");
	else
		buf_c(&r->body, "{\"name\":\"n\",\"version\":{\"number\":\"8.8.2\",\"build_flavor\":\"default\"},"
			"\"tagline\":\"You Know, for Search\"}");
}

static void kibana_team(struct stub *s, const struct ask_of *a, struct reply *r)
{
	const struct kibana_call call = {a->name, a->path, a->body, a->nth};
	if (!kibana_write(s, &call, &r->status, &r->body))
		search_answer(s, a, r);
}

static void answer(struct stub *s, const struct ask_of *a, struct reply *r)
{
	if (str_is(a->name, "kibana"))
		kibana(s, a, r);
	else if (str_starts(a->name, STR("kw")))
		kibana_team(s, a, r);
	else if (str_is(a->path, "/"))
		root(a, r);
	else if (str_starts(a->path, STR("/_eql/search/")))
		eql_poll(s, a, r);
	else if (str_find(a->path, STR("/_eql/search")) != STR_NONE)
		eql_start(s, a, r);
	else if (str_find(a->path, STR("_pit")) != STR_NONE ||
		 str_find(a->path, STR("point_in_time")) != STR_NONE)
		pit(a, r);
	else if (str_is(a->name, "expire") && str_find(a->body, STR("\"search_after\"")) != STR_NONE &&
		 str_find(a->body, STR("\"pit/2==\"")) == STR_NONE && a->nth < 6)
		refuse(r, 404, "search_context_missing_exception", "No search context found for id [36304]");
	else if (str_find(a->path, STR("/_search")) != STR_NONE)
		search_answer(s, a, r);
	else
		refuse(r, 404, "index_not_found_exception", "no such index");
}

/* What is wrong whatever was asked; false: nothing. */
static bool fault(const struct ask_of *a, struct reply *r)
{
	static const char page[] = "<html><head><title>Bad Gateway</title></head><body>nginx</body></html>";
	bool first = str_is(a->path, "/");
	bool aoss = str_is(a->name, "aoss");
	const struct signed_call call = {a->connection, a->method, a->raw, aoss ? "aoss" : "es", a->body};
	const char *unsigned_ = aoss || str_is(a->name, "aws") || str_is(a->name, "oldaws") ? sigv4_fault(&call)
		: NULL;
	if (unsigned_) {
		r->status = 403;
		buf_fmt(&r->body, "{\"message\":\"%s\"}", unsigned_);
	} else if (aoss && (first || str_find(a->path, STR("point_in_time")) != STR_NONE)) {
		r->status = 404;
	} else if (str_is(a->name, "401"))
		refuse(r, 401, "security_exception", "unable to authenticate with provided credentials");
	else if (str_is(a->name, "403") || (str_is(a->name, "secretive") && first))
		refuse(r, 403, "security_exception", "action [indices:data/read] is unauthorized for user [kim]");
	else if (str_is(a->name, "404") && !first)
		refuse(r, 404, "index_not_found_exception", "no such index [logs-aws.cloudtrail-*]");
	else if (str_is(a->name, "busy") || (str_is(a->name, "queue") && a->nth < 2) ||
		 (str_is(a->name, "later") && a->nth == 0))
		refuse(r, 429, "es_rejected_execution_exception", "rejected execution of a search");
	else if (str_is(a->name, "gateway") || (str_is(a->name, "login") && !first))
		buf_c(&r->body, page);
	else if (str_starts(a->name, STR("midway")) && a->nth >= 5)
		refuse(r, 400, "circuit_breaking_exception", "the node has too little memory");
	else if (str_is(a->name, "elsewhere"))
		r->status = 302;
	else
		return false;
	if (str_is(a->name, "later")) {
		r->header = "Retry-After";
		r->value = "1";
	}
	if (str_is(a->name, "gateway"))
		r->status = 502;
	if (r->body.p && r->body.p[0] == '<')
		r->type = "text/html";
	return true;
}

static void damage(const struct ask_of *a, struct reply *r)
{
	if (str_is(a->path, "/"))
		return;
	if (str_is(a->name, "broken"))
		r->body.n = r->body.n / 2;
	r->cut = str_is(a->name, "cut");
	r->gzip = str_is(a->name, "gzip");
	if (str_is(a->name, "slow"))
		sleep(4);
}

static void pack(struct buf *body)
{
	z_stream z = {0};
	struct buf out = {0};
	if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	size_t room = deflateBound(&z, body->n) + 64;
	z.next_in = (Bytef *)body->p;
	z.avail_in = (uInt)body->n;
	z.next_out = (Bytef *)buf_room(&out, room);
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	out.n = z.total_out;
	deflateEnd(&z);
	buf_fini(body);
	*body = out;
}

struct half {
	struct buf body;
};

static ssize_t give_half(void *ctx, uint64_t at, char *out, size_t room)
{
	struct half *h = ctx;
	size_t end = h->body.n / 2;
	if (at >= end)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	size_t n = end - at < room ? end - at : room;
	memcpy(out, h->body.p + at, n);
	return (ssize_t)n;
}

static void half_free(void *ctx)
{
	struct half *h = ctx;
	buf_fini(&h->body);
	free(h);
}

static enum MHD_Result send_reply(const struct stub *s, struct MHD_Connection *c, struct reply *r)
{
	struct MHD_Response *answer;
	struct buf to = {0};
	if (r->gzip)
		pack(&r->body);
	if (r->cut) {
		struct half *h = mem_alloc(sizeof(*h));
		h->body = r->body;
		answer = MHD_create_response_from_callback(h->body.n, 4096, give_half, h, half_free);
	} else {
		answer = MHD_create_response_from_buffer(r->body.n, r->body.p, MHD_RESPMEM_MUST_COPY);
		buf_fini(&r->body);
	}
	MHD_add_response_header(answer, "Content-Type", r->type);
	if (r->gzip)
		MHD_add_response_header(answer, "Content-Encoding", "gzip");
	if (r->header)
		MHD_add_response_header(answer, r->header, r->value);
	buf_fmt(&to, "http://localhost:%d/thief/", s->port);
	if (r->status == 302)
		MHD_add_response_header(answer, "Location", buf_cstr(&to));
	buf_fini(&to);
	enum MHD_Result ok = MHD_queue_response(c, (unsigned)r->status, answer);
	MHD_destroy_response(answer);
	return ok;
}

static void serve(struct stub *s, struct ask_of *a, struct reply *r)
{
	log_request(s, a->connection, a->method, a->name, a->path);
	a->nth = count_request(s, a->name);
	if (fault(a, r))
		return;
	struct stub now = {.grows = true};
	bool grows = str_is(a->name, "grow");
	if (grows && !stub_load(&now, s->path))
		abort();
	answer(grows ? &now : s, a, r);
	damage(a, r);
	buf_fini(&now.file);
	free(now.events);
}

static void *on_uri(void *ctx, const char *uri, struct MHD_Connection *c)
{
	(void)ctx;
	(void)c;
	struct call *call = mem_alloc(sizeof(*call));
	call->raw = mem_dup(str_c(uri));
	return call;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url,
	const char *method, const char *version, const char *bytes, size_t *n, void **state)
{
	struct stub *s = ctx;
	struct call *call = *state;
	(void)version;
	if (!call->begun) {
		call->begun = true;
		return MHD_YES;
	}
	if (*n) {
		buf_add(&call->body, (struct str){bytes, *n});
		*n = 0;
		return MHD_YES;
	}
	struct str path = str_c(url + 1);
	struct str name = str_cut(&path, '/');
	struct ask_of a = {.name = name, .method = method, .raw = call->raw,
		.body = buf_str(&call->body), .connection = c};
	a.path = str_c(url + 1 + name.n);
	struct reply r = {.status = 200, .type = "application/json"};
	serve(s, &a, &r);
	return send_reply(s, c, &r);
}

static void on_end(void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
	(void)ctx;
	(void)c;
	(void)why;
	struct call *call = *state;
	if (call) {
		free(call->raw);
		buf_fini(&call->body);
	}
	free(call);
	*state = NULL;
}

int main(int argc, char **argv)
{
	struct stub s = {.path = argc > 1 ? argv[1] : NULL};
	int64_t n, port = 0;
	if (argc == 4 && !str_int(str_c(argv[3]), &port))
		return 2;
	s.made = argc == 3 && str_int(str_c(argv[1]), &n) && n > 0;
	if (s.made)
		s.n = (size_t)n;
	if (argc < 3 || argc > 4 || (!s.made && !stub_load(&s, argv[1])) || !(s.log = fopen(argv[2], "w")))
		return 2;
	struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD,
		0, NULL, NULL, on_request, &s, MHD_OPTION_SOCK_ADDR, loopback((int)port),
		MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL,
		 MHD_OPTION_END);
	if (!d)
		return 2;
	s.port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
	printf("%d\n", s.port);
	fflush(stdout);
	for (;;)
		pause();
}
