/*
 * doctor: the questions, in the order in which one would ask them. Each answer is one line; a
 * question that a product cannot answer says so.
 */
#include "s3triage/remote/doctor.h"

#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "s3triage/event/json_write.h"
#include "s3triage/remote/ask.h"
#include "s3triage/remote/write.h"

#include <stdarg.h>
#include <stdio.h>

struct visit {
	struct doctor *d;
	const struct profile *p;
	struct http *h;
	struct str rule_id;
	struct server server;
	int64_t (*now)(void);
	int64_t skew;     /* ms that the server is ahead */
	bool skew_known;
};

void doctor_say(struct doctor *d, enum doctor_state s, const char *what, const char *fmt, ...)
{
	struct buf text = {0};
	char out[512];
	va_list ap;
	if (d->n == DOCTOR_LINES)
		return;
	va_start(ap, fmt);
	vsnprintf(out, sizeof(out), fmt, ap);
	va_end(ap);
	buf_c(&text, out);
	d->line[d->n++] = (struct doctor_line){s, str_c(what), arena_str(&d->mem, buf_str(&text))};
	buf_fini(&text);
}

void doctor_fini(struct doctor *d)
{
	arena_fini(&d->mem);
	*d = (struct doctor){0};
}

/* The answer's body into out; err tells why there is none. */
static bool doctor_ask(struct visit *v, const char *method, const char *path, struct str body,
	struct http_result *out)
{
	static const char *const kibana[] = {"kbn-xsrf: true", "elastic-api-version: 2023-10-31", NULL};
	AUTO(buf_fini) struct buf full = {0};
	bool is_kibana = v->p->kind == PROFILE_KIBANA;
	if (is_kibana)
		ask_space(v->p->space, &full);
	buf_c(&full, path);
	struct http_request r = {.method = method, .path = buf_str(&full), .body = body,
		.deadline_ms = 10000, .headers = is_kibana ? kibana : NULL};
	int64_t before = v->now();
	bool fine = http_call(v->h, &r, out, NULL);
	if (out->date && !v->skew_known) {
		v->skew = out->date + 500 - (before + v->now()) / 2; /* the header has whole seconds */
		v->skew_known = true;
	}
	return fine;
}

static bool reach(struct visit *v)
{
	struct http_result r;
	struct err err = {0};
	char name[64];
	bool kibana = v->p->kind == PROFILE_KIBANA;
	int64_t before = v->now();
	bool fine = doctor_ask(v, "GET", kibana ? "/api/status" : "/", STR(""), &r);
	int64_t took = v->now() - before;
	bool known = fine && (kibana ? server_read_status(buf_str(&r.body), &v->server, &err)
		: server_read_root(buf_str(&r.body), r.is_elastic, &v->server, &err));
	bool hidden = r.status == 404 && v->p->kind == PROFILE_OPENSEARCH;
	if (known)
		doctor_say(v->d, DOCTOR_OK, "reach", "%s at %.*s, %lld ms",
			server_name(&v->server, name), STR_ARG(v->p->target.url), (long long)took);
	else if (r.status == 403)
		doctor_say(v->d, DOCTOR_WARN, "reach", "it answers, but this key may not see the version"
			" (cluster privilege monitor)");
	else if (hidden)
		doctor_say(v->d, DOCTOR_WARN, "reach", "it answers, but does not tell what it is (404), as"
			" Amazon OpenSearch Serverless does not");
	else
		doctor_say(v->d, DOCTOR_BAD, "reach", "%s", fine ? err.text : r.err.text);
	bool on = known || r.status == 403 || hidden;
	if (!known && on)
		v->server.product = kibana ? PRODUCT_KIBANA : v->p->kind == PROFILE_OPENSEARCH
			? PRODUCT_OPENSEARCH : PRODUCT_ELASTICSEARCH;
	http_result_fini(&r);
	return on;
}

static void tls(struct visit *v)
{
	const struct http_target *t = &v->p->target;
	if (http_clear(t->url))
		doctor_say(v->d, DOCTOR_WARN, "tls", "none: http:// to another machine, everybody on the way"
			" can read and change what is sent");
	else if (str_starts(t->url, STR("http://")))
		doctor_say(v->d, DOCTOR_OK, "tls", "none: it is this machine");
	else if (t->insecure)
		doctor_say(v->d, DOCTOR_WARN, "tls", "certificates are not verified (insecure)");
	else
		doctor_say(v->d, DOCTOR_OK, "tls", "verified by %s%s", t->ca_file.n && t->ca_fingerprint.n
			? "ca_file and ca_fingerprint" : t->ca_file.n ? "ca_file" : t->ca_fingerprint.n
			? "ca_fingerprint" : "the system's CAs",
			t->client_cert.n ? ", with a client certificate" : "");
}

static void search(struct visit *v)
{
	AUTO(buf_fini) struct buf text = {0};
	server_say(&v->server, !v->p->alerts && v->p->query != QUERY_DSL, &text);
	doctor_say(v->d, DOCTOR_OK, "search", "%s", buf_cstr(&text));
}

/* Who an AWS key is only AWS knows; its id is no secret. */
static void who_signs(struct visit *v)
{
	struct str rest = v->p->target.secret, id = str_cut(&rest, ':');
	doctor_say(v->d, DOCTOR_OK, "identity", "AWS key %.*s%s: its policies and the server's access rules"
		" decide", STR_ARG(str_sub(id, 0, 40)), v->p->target.session_token.n ? " (temporary)" : "");
}

static void doctor_who_asks(struct visit *v)
{
	static const char *const paths[] = {"/_security/_authenticate",
		"/_plugins/_security/authinfo", "/api/detection_engine/privileges"};
	struct http_result r;
	AUTO(buf_fini) struct buf name = {0};
	bool fine = doctor_ask(v, "GET", paths[v->p->kind], STR(""), &r);
	if (fine && doctor_who(buf_str(&r.body), &name))
		doctor_say(v->d, DOCTOR_OK, "identity", "%s", buf_cstr(&name));
	else if (r.status == 400 || r.status == 404 || r.status == 405)
		doctor_say(v->d, DOCTOR_WARN, "identity", "the server has no security: everybody may do"
			" everything, and no name is kept");
	else
		doctor_say(v->d, DOCTOR_BAD, "identity", "%s", fine ? "the answer names nobody"
			: r.err.text);
	http_result_fini(&r);
}

/* So many of: read, write, make it. */
static void put_rights(struct members *m, struct str index, size_t n)
{
	static const char *const rights[] = {"read", "write", "create_index"};
	member_open(m, NULL, '{');
	member_open(m, "names", '[');
	member_text(m, NULL, index);
	member_close(m, 1);
	member_open(m, "privileges", '[');
	for (size_t i = 0; i < n; i++)
		member_str(m, NULL, str_c(rights[i]));
	member_close(m, 2);
}

void doctor_rights(const struct profile *p, struct buf *out)
{
	struct members m = members_open(out, '{');
	member_open(&m, "index", '[');
	put_rights(&m, p->index, 1);
	if (p->write.kind == WRITE_ALERTS || p->write.kind == WRITE_DECISIONS)
		put_rights(&m, p->write.index, p->write.kind == WRITE_ALERTS ? 2 : 3);
	members_close(&m);
}

static void rights(struct visit *v)
{
	struct http_result r;
	AUTO(buf_fini) struct buf body = {0}, missing = {0};
	bool kibana = v->p->kind == PROFILE_KIBANA;
	if (v->p->kind == PROFILE_OPENSEARCH) {
		doctor_say(v->d, DOCTOR_OK, "rights", "OpenSearch cannot be asked beforehand; a refusal"
			" names what is missing");
		return;
	}
	if (!kibana)
		doctor_rights(v->p, &body);
	bool fine = doctor_ask(v, kibana ? "GET" : "POST",
		kibana ? "/api/detection_engine/privileges" : "/_security/user/_has_privileges",
		buf_str(&body), &r);
	if (!fine || !doctor_missing(buf_str(&r.body), &missing))
		doctor_say(v->d, DOCTOR_WARN, "rights", "not known: %s", fine ? "the answer does not say"
			: r.err.text);
	else if (missing.n)
		doctor_say(v->d, DOCTOR_BAD, "rights", "missing: %s", buf_cstr(&missing));
	else
		doctor_say(v->d, DOCTOR_OK, "rights", "all that this profile needs");
	http_result_fini(&r);
}

static void rule(struct visit *v)
{
	struct http_result r;
	AUTO(buf_fini) struct buf path = {0}, text = {0};
	bool enabled = false;
	if (v->p->kind != PROFILE_KIBANA) {
		doctor_say(v->d, DOCTOR_OK, "rule", v->p->alerts ? "its alerts are read from %.*s; whether"
			" it is enabled only Kibana tells" : "run here, by s3triage, on the events in %.*s",
			STR_ARG(v->p->index));
		return;
	}
	buf_c(&path, "/api/detection_engine/rules?rule_id=");
	ask_encode(v->rule_id, &path);
	bool fine = doctor_ask(v, "GET", buf_cstr(&path), STR(""), &r);
	if (fine && doctor_rule(buf_str(&r.body), &enabled, &text))
		doctor_say(v->d, enabled ? DOCTOR_OK : DOCTOR_BAD, "rule", "%s", buf_cstr(&text));
	else if (r.status == 404)
		doctor_say(v->d, DOCTOR_BAD, "rule", "%.*s is not installed in this space",
			STR_ARG(v->rule_id));
	else
		doctor_say(v->d, DOCTOR_BAD, "rule", "%s", fine ? "the answer is no rule" : r.err.text);
	http_result_fini(&r);
}

static void newest(struct visit *v)
{
	struct http_result r;
	AUTO(buf_fini) struct buf path = {0}, body = {0};
	char when[WHEN_TEXT_MAX], age[WHEN_TEXT_MAX];
	int64_t at = WHEN_NONE;
	struct ask a = {.alerts = v->p->alerts, .since = WHEN_NONE, .until = WHEN_NONE,
		.before = WHEN_NONE, .size = 1};
	bool kibana = v->p->kind == PROFILE_KIBANA;
	if (kibana) {
		ask_signals(&a, &body);
		buf_c(&path, "/api/detection_engine/signals/search");
	} else {
		ask_search(&a, &body);
		buf_char(&path, '/');
		ask_encode(v->p->index, &path);
		buf_c(&path, "/_search");
	}
	bool fine = doctor_ask(v, "POST", buf_cstr(&path), buf_str(&body), &r);
	if (!fine || !doctor_newest(buf_str(&r.body), &at))
		doctor_say(v->d, DOCTOR_BAD, "newest", "%s", fine ? "the answer has no hits in it"
			: r.err.text);
	else if (at == WHEN_NONE)
		doctor_say(v->d, DOCTOR_WARN, "newest", "nothing is there yet");
	else
		doctor_say(v->d, DOCTOR_OK, "newest", "%s, %s ago", when_format(at, when),
			when_span(v->now() - at, age));
	http_result_fini(&r);
}

static void clocks(struct visit *v)
{
	enum { TOLERATED = 60000 };
	struct http_result r = {0};
	int64_t at;
	char span[WHEN_TEXT_MAX];
	if (!v->skew_known && v->p->kind != PROFILE_KIBANA &&
		doctor_ask(v, "GET", "/_cat/health?format=json", STR(""), &r) &&
		doctor_health(buf_str(&r.body), &at)) {
		v->skew = at + 500 - v->now();
		v->skew_known = true;
	}
	http_result_fini(&r);
	int64_t off = v->skew < 0 ? -v->skew : v->skew;
	if (!v->skew_known)
		doctor_say(v->d, DOCTOR_WARN, "clock", "the server does not say what time it is");
	else if (off < TOLERATED)
		doctor_say(v->d, DOCTOR_OK, "clock", "the same within %s", when_span(off < 1000 ? 1000 : off,
			span));
	else
		doctor_say(v->d, DOCTOR_BAD, "clock", "the server's is %s %s: times of decisions will"
			" not fit", when_span(off, span), v->skew > 0 ? "ahead" : "behind");
}

static void doctor_verdicts(struct visit *v)
{
	for (int k = VERDICT_APPROVED; k <= VERDICT_SUSPICIOUS; k++) {
		AUTO(buf_fini) struct buf text = {0};
		write_say(&v->p->write, (enum verdict)k, &v->server, &text);
		doctor_say(v->d, DOCTOR_OK, "verdict", "%s", buf_cstr(&text));
		if (!v->p->write.kind)
			return;
	}
	doctor_say(v->d, DOCTOR_OK, "verdict", v->p->write.team
		? "team = true: about all alerts, whatever they were read from, but the demo's"
		: "about alerts that were read from this profile; team = true: about all");
}

void doctor_run(struct doctor *d, const struct profile *p, struct http *h, struct str rule_id,
	int64_t (*now)(void))
{
	struct visit v = {.d = d, .p = p, .h = h, .rule_id = rule_id, .now = now};
	if (!reach(&v))
		return;
	tls(&v);
	search(&v);
	(p->target.auth == HTTP_AUTH_SIGV4 ? who_signs : doctor_who_asks)(&v);
	rights(&v);
	rule(&v);
	newest(&v);
	clocks(&v);
	doctor_verdicts(&v);
}
