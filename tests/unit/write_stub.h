/*
 * A stub of what decisions are written to: Kibana's alerts, notes and cases, and an index of
 * documents with sequence numbers. One connection at a time, on a thread. It keeps state, so that
 * tests see what was really done, and can be told to fail.
 */
#ifndef TESTS_UNIT_WRITE_STUB_H
#define TESTS_UNIT_WRITE_STUB_H

#include "s3triage/base/mem.h"
#include "s3triage/base/str.h"
#include "s3triage/event/json.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STUB_MAX = 16, STUB_DOCS = 640 };
enum stub_fault { STUB_FINE, STUB_STATUS, STUB_CUT_BEFORE, STUB_CUT_AFTER, STUB_STALL_AFTER };

struct stub_alert {
	char id[32], status[32], by[64], at[32], tags[8][64];
	int n_tags, notes, cases, status_writes;
	char last_note[256];
};

struct stub_doc {
	char id[128];
	char *source;
	int seq_no, writes;
};

struct stub {
	int fd, port;
	pthread_t thread;
	pthread_mutex_t lock;
	const char *version;
	struct stub_alert alert[STUB_MAX];
	int n_alerts;
	struct stub_doc doc[STUB_DOCS];
	int n_docs, seq_no;
	bool index_there;
	char asked_from[64];       /* the time bound of the last search of documents */
	/* The next request whose path has this in it fails so, `times` times. */
	enum stub_fault fault;
	const char *fault_path, *fault_method; /* the beginning of the method; NULL: any */
	bool done_anyway;          /* what is answered with a status was carried out */
	int fault_status, fault_times, requests;
	int stall_ms, retry_after;   /* of STUB_STALL_AFTER, 0: a second; seconds, told beside a status */
	bool handoff;
	int failing_changes;         /* so many changes of status are answered, but not carried out */
	size_t body_max;             /* larger ones are a 413; 0: no bound */
	int item_status, item_times; /* so many items of _bulk are refused so */
	const char *want_auth;       /* each request must have this behind Authorization:, or gets a 401 */
	/* Called before a request with this in its path is carried out: somebody is quicker. */
	const char *hook_path;
	void (*hook)(struct stub *s);
};

static inline struct stub_alert *stub_find(struct stub *s, struct str id)
{
	for (int i = 0; i < s->n_alerts; i++)
		if (str_is(id, s->alert[i].id))
			return &s->alert[i];
	return NULL;
}

static inline void stub_tag(struct stub_alert *a, struct str tag, bool add)
{
	int kept = 0;
	for (int i = 0; i < a->n_tags; i++)
		if (!str_is(tag, a->tags[i])) {
			if (kept != i)
				memcpy(a->tags[kept], a->tags[i], 64);
			kept++;
		}
	a->n_tags = kept;
	if (add && a->n_tags < 8)
		snprintf(a->tags[a->n_tags++], 64, "%.*s", STR_ARG(tag));
}

static inline void stub_search(struct stub *s, struct str body, struct buf *out)
{
	int put = 0;
	buf_c(out, "{\"_shards\":{\"failed\":0},\"hits\":{\"hits\":[");
	for (int i = 0; i < s->n_alerts; i++) {
		struct stub_alert *a = &s->alert[i];
		if (str_find(body, str_c(a->id)) == STR_NONE)
			continue;
		buf_fmt(out, "%s{\"_index\":\".internal.alerts-1\",\"_id\":\"%s\",\"_source\":{"
			"\"kibana.alert.workflow_status\":\"%s\",\"kibana.alert.workflow_user\":\"%s\","
			"\"kibana.alert.workflow_status_updated_at\":\"%s\","
			"\"kibana.alert.rule.uuid\":\"r1\",\"kibana.alert.workflow_tags\":[",
			put++ ? "," : "", a->id, a->status, a->by, a->at);
		for (int k = 0; k < a->n_tags; k++)
			buf_fmt(out, "%s\"%s\"", k ? "," : "", a->tags[k]);
		buf_c(out, "]}}");
	}
	buf_c(out, "]}}");
}

static inline int stub_status_of(struct stub *s, const struct json *v, const struct json *one)
{
	const struct json *filter = json_get(json_get(one, "bool"), "filter");
	const struct json *ids = json_get(json_get(json_first(filter), "ids"), "values");
	const struct json *from = json_first(json_get(json_at(filter, 1), "terms"));
	int updated = 0;
	for (const struct json *i = json_first(ids); i; i = json_next(i)) {
		struct stub_alert *a = stub_find(s, json_str(i));
		bool fits = false;
		for (const struct json *k = json_first(from); a && k; k = json_next(k))
			fits |= str_is(json_str(k), a->status);
		if (!fits)
			continue;
		snprintf(a->status, sizeof(a->status), "%.*s", STR_ARG(json_str(json_get(v, "status"))));
		snprintf(a->by, sizeof(a->by), "u_api");
		snprintf(a->at, sizeof(a->at), "t%d", ++s->seq_no);
		a->status_writes++;
		updated++;
	}
	return updated;
}

static inline void stub_status(struct stub *s, const struct json *v, struct buf *out)
{
	const struct json *any = json_get(json_get(json_get(v, "query"), "bool"), "should");
	int updated = 0;
	if (s->failing_changes > 0) {
		s->failing_changes--;
		buf_c(out, "{\"total\":1,\"updated\":0,\"version_conflicts\":0,\"noops\":0,\"failures\":"
			"[{\"cause\":{\"reason\":\"rejected execution\"},\"status\":429}]}");
		return;
	}
	for (const struct json *one = json_first(any); one; one = json_next(one))
		updated += stub_status_of(s, v, one);
	buf_fmt(out, "{\"total\":%d,\"updated\":%d,\"version_conflicts\":0,\"failures\":[]}", updated,
		updated);
}

static inline void stub_tags(struct stub *s, const struct json *v, struct buf *out)
{
	const struct json *ids = json_get(v, "ids"), *tags = json_get(v, "tags");
	for (const struct json *i = json_first(ids); i; i = json_next(i)) {
		struct stub_alert *a = stub_find(s, json_str(i));
		const struct json *t = json_first(json_get(tags, "tags_to_remove"));
		for (; a && t; t = json_next(t))
			stub_tag(a, json_str(t), false);
		t = json_first(json_get(tags, "tags_to_add"));
		for (; a && t; t = json_next(t))
			stub_tag(a, json_str(t), true);
	}
	buf_c(out, "{\"updated\":1}");
}

static inline void stub_note(struct stub *s, struct str path, const struct json *v, struct buf *out)
{
	if (!v) {
		struct stub_alert *a = stub_find(s, str_sub(path, str_find_char(path, '=') + 1, path.n));
		buf_c(out, "{\"notes\":[");
		if (a && a->notes) {
			buf_c(out, "{\"note\":");
			json_quote(str_c(a->last_note), out);
			buf_char(out, '}');
		}
		buf_c(out, "]}");
		return;
	}
	const struct json *note = json_get(v, "note");
	struct stub_alert *a = stub_find(s, json_str(json_get(note, "eventId")));
	if (a) {
		a->notes++;
		snprintf(a->last_note, sizeof(a->last_note), "%.*s", STR_ARG(json_str(json_get(note, "note"))));
	}
	buf_c(out, "{\"data\":{}}");
}

static inline void stub_case(struct stub *s, struct str path, const struct json *v, struct buf *out)
{
	if (!v) {
		size_t at = str_rfind_char(path, '/'), end = str_find_char(path, '?');
		struct stub_alert *a = stub_find(s, str_sub(path, at + 1, end));
		buf_c(out, a && a->cases ? "[{\"id\":\"c1\"}]" : "[]");
		return;
	}
	struct stub_alert *a = stub_find(s, json_str(json_first(json_get(v, "alertId"))));
	if (a)
		a->cases++;
	buf_c(out, "{}");
}

static inline struct stub_doc *stub_doc(struct stub *s, struct str id)
{
	for (int i = 0; i < s->n_docs; i++)
		if (str_is(id, s->doc[i].id))
			return &s->doc[i];
	return NULL;
}

static inline void stub_mget(struct stub *s, const struct json *v, struct buf *out)
{
	int put = 0;
	buf_c(out, "{\"docs\":[");
	for (const struct json *i = json_first(json_get(v, "ids")); i; i = json_next(i)) {
		struct stub_doc *d = stub_doc(s, json_str(i));
		buf_fmt(out, "%s{\"_index\":\"d\",\"_id\":\"%.*s\"", put++ ? "," : "", STR_ARG(json_str(i)));
		if (!s->index_there)
			buf_c(out, ",\"error\":{\"type\":\"index_not_found_exception\",\"reason\":\"no such index\"}}");
		else if (!d)
			buf_c(out, ",\"found\":false}");
		else
			buf_fmt(out, ",\"found\":true,\"_seq_no\":%d,\"_primary_term\":1,\"_source\":%s}",
				d->seq_no, d->source);
	}
	buf_c(out, "]}");
}

static inline int stub_put(struct stub *s, const struct json *meta, bool create, struct str source)
{
	struct str id = json_str(json_get(meta, "_id"));
	struct stub_doc *d = stub_doc(s, id);
	int64_t seq_no = -1;
	if (create ? d != NULL : !d || !json_int(json_get(meta, "if_seq_no"), &seq_no) || seq_no != d->seq_no)
		return 409;
	if (!d) {
		d = &s->doc[s->n_docs++];
		snprintf(d->id, sizeof(d->id), "%.*s", STR_ARG(id));
	}
	free(d->source);
	d->source = mem_dup(source);
	d->seq_no = ++s->seq_no;
	d->writes++;
	return 200;
}

/* An alert updated in place, as `write = "alerts"` does. */
static inline int stub_update(struct stub *s, const struct json *meta, struct str source)
{
	struct stub_alert *a = stub_find(s, json_str(json_get(meta, "_id")));
	struct json *v = json_parse(source, NULL);
	const struct json *doc = json_get(v, "doc");
	if (a) {
		snprintf(a->status, sizeof(a->status), "%.*s",
			STR_ARG(json_str(json_get(doc, "kibana.alert.workflow_status"))));
		snprintf(a->at, sizeof(a->at), "%.*s",
			STR_ARG(json_str(json_get(doc, "kibana.alert.workflow_status_updated_at"))));
		a->n_tags = 0;
		for (const struct json *t = json_first(json_get(doc, "kibana.alert.workflow_tags")); t;
			t = json_next(t))
			stub_tag(a, json_str(t), true);
		a->status_writes++;
	}
	json_free(v);
	return a ? 200 : 404;
}

static inline void stub_bulk(struct stub *s, struct str body, struct buf *out)
{
	int put = 0;
	buf_c(out, "{\"took\":1,\"items\":[");
	while (body.n) {
		struct json *action = json_parse(str_cut(&body, '\n'), NULL);
		struct str source = str_cut(&body, '\n');
		const struct json *meta = json_first(action);
		if (!meta) {
			json_free(action);
			break;
		}
		bool create = str_is(json_key(meta), "create");
		int status = s->item_status;
		if (s->item_times > 0)
			s->item_times--;
		else
			status = str_is(json_key(meta), "update") ? stub_update(s, meta, source)
				: stub_put(s, meta, create, source);
		buf_fmt(out, "%s{\"%s\":{\"status\":%d%s}}", put++ ? "," : "", create ? "create" : "index",
			status, status == 409 ? ",\"error\":{\"reason\":\"version conflict\"}"
			: status >= 300 ? ",\"error\":{\"reason\":\"no\"}" : "");
		json_free(action);
	}
	buf_c(out, "]}");
}

/* In the order in which they were put; `size` behind `search_after`. Times are only kept. */
static inline void stub_docs(struct stub *s, struct str body, struct buf *out)
{
	struct json *v = json_parse(body, NULL);
	int64_t size = 10, after = -1;
	int put = 0;
	json_int(json_get(v, "size"), &size);
	json_int(json_at(json_get(v, "search_after"), 0), &after);
	snprintf(s->asked_from, sizeof(s->asked_from), "%.*s", STR_ARG(json_str(json_get(json_get(json_get(
		json_at(json_get(json_get(json_get(v, "query"), "bool"), "filter"), 1), "range"),
		"written_at"), "gte"))));
	buf_c(out, "{\"hits\":{\"hits\":[");
	for (int i = (int)after + 1; i < s->n_docs && put < size; i++)
		buf_fmt(out, "%s{\"_source\":%s,\"sort\":[%d,\"k\"]}", put++ ? "," : "", json_get(v, "_source") ?
			"{\"written_at\":\"2026-11-01T00:00:00Z\"}" : s->doc[i].source, i);
	buf_c(out, "]}}");
	json_free(v);
}

static inline int stub_do(struct stub *s, struct str path, struct str body, struct buf *out)
{
	struct json *v = json_parse(body, NULL);
	int status = 200;
	if (str_find(path, STR("/api/status")) != STR_NONE)
		buf_fmt(out, "{\"version\":{\"number\":\"%s\"},\"status\":{}}", s->version);
	else if (str_find(path, STR("signals/search")) != STR_NONE ||
		str_find(path, STR("/.alerts/_search")) != STR_NONE)
		stub_search(s, body, out);
	else if (str_find(path, STR("signals/status")) != STR_NONE)
		stub_status(s, v, out);
	else if (str_find(path, STR("signals/tags")) != STR_NONE)
		stub_tags(s, v, out);
	else if (str_find(path, STR("/api/note")) != STR_NONE)
		stub_note(s, path, v, out);
	else if (str_find(path, STR("/api/cases")) != STR_NONE)
		stub_case(s, path, v, out);
	else if (str_find(path, STR("/_mget")) != STR_NONE)
		stub_mget(s, v, out);
	else if (str_find(path, STR("/_bulk")) != STR_NONE)
		stub_bulk(s, body, out);
	else if (str_is(path, "/d/_search"))
		stub_docs(s, body, out);
	else if (str_is(path, "/d"))
		s->index_there = true;
	else
		status = 404;
	if (!out->n)
		buf_c(out, status == 200 ? "{}" : "{\"message\":\"Not Found\"}");
	json_free(v);
	return status;
}

static inline bool stub_may(const struct stub *s, const struct buf *all)
{
	return !s->want_auth || str_find(buf_str(all), str_c(s->want_auth)) != STR_NONE;
}

static inline void stub_stall(struct stub *s)
{
	bool over = false;
	for (int ms = 0; !over; ms += 10) {
		usleep(10000);
		pthread_mutex_lock(&s->lock);
		over = s->handoff || ms >= (s->stall_ms ? s->stall_ms : 1000);
		pthread_mutex_unlock(&s->lock);
	}
}

static inline bool stub_read(int fd, struct buf *all, struct str *path, struct str *body)
{
	char bytes[16384];
	size_t head, want = 0;
	ssize_t got;
	while ((got = read(fd, bytes, sizeof(bytes))) > 0) {
		buf_add(all, (struct str){bytes, (size_t)got});
		head = str_find(buf_str(all), STR("\r\n\r\n"));
		if (head == STR_NONE)
			continue;
		size_t at = str_find_fold(str_sub(buf_str(all), 0, head), STR("content-length:"));
		if (at != STR_NONE)
			want = (size_t)strtoul(all->p + at + 15, NULL, 10);
		if (all->n >= head + 4 + want)
			break;
	}
	if (got <= 0)
		return false;
	struct str line = buf_str(all);
	str_cut(&line, ' ');
	*path = str_cut(&line, ' ');
	*body = str_sub(buf_str(all), head + 4, all->n);
	return true;
}

static inline void stub_answer(int fd, int status, int later, struct str body, size_t send_bytes)
{
	struct buf b = {0};
	buf_fmt(&b, "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
		"Connection: close\r\n", status, body.n);
	if (status >= 300 && later)
		buf_fmt(&b, "Retry-After: %d\r\n", later);
	buf_c(&b, "\r\n");
	buf_add(&b, str_sub(body, 0, send_bytes));
	if (write(fd, b.p, b.n) < 0)
		perror("stub");
	buf_fini(&b);
}

static inline void stub_serve(struct stub *s, int fd)
{
	struct buf all = {0}, out = {0};
	struct str path, body;
	if (stub_read(fd, &all, &path, &body)) {
		pthread_mutex_lock(&s->lock);
		s->requests++;
		enum stub_fault f = STUB_FINE;
		if (s->fault_times > 0 && str_find(path, str_c(s->fault_path)) != STR_NONE &&
			(!s->fault_method || str_starts(buf_str(&all), str_c(s->fault_method)))) {
			f = s->fault;
			s->fault_times--;
		}
		if (s->hook && str_find(path, str_c(s->hook_path)) != STR_NONE)
			s->hook(s);
		int status = s->fault_status, later = s->retry_after;
		if (!stub_may(s, &all))
			status = 401;
		else if (s->body_max && body.n > s->body_max)
			status = 413;
		else if (f == STUB_FINE || f == STUB_CUT_AFTER || f == STUB_STALL_AFTER)
			status = stub_do(s, path, body, &out);
		else if (s->done_anyway && f == STUB_STATUS)
			stub_do(s, path, body, &out);
		pthread_mutex_unlock(&s->lock);
		if (f == STUB_STALL_AFTER)
			stub_stall(s);
		if (f != STUB_CUT_BEFORE)
			stub_answer(fd, status, later, buf_str(&out), f == STUB_CUT_AFTER ? out.n / 2 : out.n);
	}
	close(fd);
	buf_fini(&all);
	buf_fini(&out);
}

static inline void *stub_run(void *ctx)
{
	struct stub *s = ctx;
	int fd;
	while ((fd = accept(s->fd, NULL, NULL)) >= 0)
		stub_serve(s, fd);
	return NULL;
}

static inline struct stub *stub_new(void)
{
	struct stub *s = mem_alloc(sizeof(*s));
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(a);
	pthread_mutex_init(&s->lock, NULL);
	s->version = "9.5.1";
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(s->fd, (struct sockaddr *)&a, sizeof(a)) || listen(s->fd, 16) ||
		getsockname(s->fd, (struct sockaddr *)&a, &size))
		abort();
	s->port = ntohs(a.sin_port);
	pthread_create(&s->thread, NULL, stub_run, s);
	return s;
}

static inline void stub_free(struct stub *s)
{
	pthread_mutex_lock(&s->lock);
	s->handoff = true;
	pthread_mutex_unlock(&s->lock);
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
	for (int i = 0; i < s->n_docs; i++)
		free(s->doc[i].source);
	free(s);
}

#endif
