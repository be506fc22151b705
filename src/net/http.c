/*
 * http: one client a target. Owns the multi handle and the requests in flight; knows nothing of
 * what the answers mean.
 */
#include "s3triage/net/http.h"

#include "http_priv.h"
#include "s3triage/base/when.h"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

static void job_free(struct http_job *j)
{
	curl_slist_free_all(j->headers);
	buf_fini(&j->body);
	buf_fini(&j->answer);
	free(j->method);
	free(j->path);
	free(j->content_type);
	for (size_t i = 0; i < j->n_extra; i++)
		free(j->extra[i]);
	curl_easy_cleanup(j->easy);
	free(j);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *ctx)
{
	struct http_job *j = ctx;
	buf_add(&j->answer, (struct str){bytes, size * n});
	return j->answer.over ? 0 : n * size;
}

static size_t on_header(char *bytes, size_t size, size_t n, void *ctx)
{
	struct http_job *j = ctx;
	struct str line = str_trim((struct str){bytes, size * n});
	struct str name = str_cut(&line, ':');
	if (str_eq_fold(name, STR("x-elastic-product")))
		j->is_elastic = true;
	if (str_eq_fold(name, STR("date"))) {
		char *text = mem_dup(str_trim(line));
		time_t seconds = curl_getdate(text, NULL);
		j->date = seconds > 0 ? (int64_t)seconds * 1000 : 0;
		free(text);
	}
	return size * n;
}

static void add_header(struct http_job *j, const char *line)
{
	struct curl_slist *longer = curl_slist_append(j->headers, line);
	if (longer)
		j->headers = longer;
}

/* One Content-Type only: OpenSearch refuses two. An empty Expect keeps curl from waiting. */
static void set_headers(struct http *h, struct http_job *j)
{
	struct buf line = {0};
	curl_slist_free_all(j->headers);
	j->headers = NULL;
	if (j->content_type) {
		buf_fmt(&line, "Content-Type: %s", j->content_type);
		add_header(j, buf_cstr(&line));
	} else {
		add_header(j, "Content-Type:"); /* curl would call an empty body a form */
	}
	add_header(j, "Expect:");
	for (size_t i = 0; i < j->n_extra; i++)
		add_header(j, j->extra[i]);
	buf_clear(&line);
	http_auth_headers(&h->target, j, http_now(), &line);
	struct str rest = buf_str(&line);
	while (rest.n) {
		char *one = mem_dup(str_cut(&rest, '\n'));
		if (*one)
			add_header(j, one);
		OPENSSL_cleanse(one, strlen(one));
		free(one);
	}
	if (line.p)
		OPENSSL_cleanse(line.p, line.n);
	buf_fini(&line);
	curl_easy_setopt(j->easy, CURLOPT_HTTPHEADER, j->headers);
}

static void set_body(struct http_job *j)
{
	CURL *e = j->easy;
	if (strcmp(j->method, "GET") == 0 && !j->body.n)
		return;
	curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, j->method);
	if (j->body.n || strcmp(j->method, "POST") == 0) {
		curl_easy_setopt(e, CURLOPT_POST, 1L);
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)j->body.n);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, buf_cstr(&j->body));
		curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, j->method);
	}
}

static void set_options(struct http *h, struct http_job *j, int64_t now)
{
	CURL *e = j->easy;
	struct buf url = {0};
	curl_easy_reset(e);
	buf_fmt(&url, "%.*s%s", STR_ARG(h->target.url), j->path);
	curl_easy_setopt(e, CURLOPT_URL, buf_cstr(&url));
	buf_fini(&url);
	curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(e, CURLOPT_USERAGENT, "s3triage/" S3TRIAGE_VERSION);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, j);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, j);
	curl_easy_setopt(e, CURLOPT_PRIVATE, j);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, j->curl_text);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)(j->deadline > now ? j->deadline - now : 1));
	http_set_tls(h, j);
	http_set_proxy(h, j);
	set_body(j);
	set_headers(h, j);
}

static void http_start(struct http *h, struct http_job *j, int64_t now)
{
	buf_clear(&j->answer);
	j->curl_text[0] = '\0';
	j->chain = 0;
	j->pin_failed = false;
	j->retry_after = 0;
	j->retry_at = 0;
	j->attempts++;
	set_options(h, j, now);
	curl_multi_add_handle(h->multi, j->easy);
}

struct http *http_new(const struct http_target *target, struct err *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		err_set(err, ERR_NETWORK, "libcurl cannot start");
		return NULL;
	}
	struct http *h = mem_alloc(sizeof(*h));
	h->target = *target;
	h->multi = curl_multi_init();
	if (h->multi)
		return h;
	err_set(err, ERR_NETWORK, "libcurl cannot start");
	free(h);
	return NULL;
}

void http_cancel(struct http *h)
{
	while (h->jobs) {
		struct http_job *j = h->jobs;
		h->jobs = j->next;
		curl_multi_remove_handle(h->multi, j->easy);
		job_free(j);
	}
	h->n_jobs = 0;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	http_cancel(h);
	curl_multi_cleanup(h->multi);
	free(h);
}

static void copy_extra(struct http_job *j, const char *const *headers)
{
	for (; headers && *headers && j->n_extra < ARRAY_LEN(j->extra); headers++)
		j->extra[j->n_extra++] = mem_dup(str_c(*headers));
}

enum { DEADLINE_MS = 30000 };
#define ANSWER_MAX ((size_t)64 << 20)

bool http_send(struct http *h, const struct http_request *r, http_done_fn done, void *ctx,
	struct err *err)
{
	struct http_job *j = mem_alloc(sizeof(*j));
	j->easy = curl_easy_init();
	if (!j->easy) {
		free(j);
		return err_set(err, ERR_NETWORK, "libcurl cannot start a request");
	}
	j->target = &h->target;
	j->method = mem_dup(str_c(r->method));
	j->path = mem_dup(r->path);
	struct str type = r->content_type.n ? r->content_type : STR("application/json");
	j->content_type = r->body.n ? mem_dup(type) : NULL;
	buf_add(&j->body, r->body);
	buf_init(&j->answer, r->max_bytes ? r->max_bytes : ANSWER_MAX);
	copy_extra(j, r->headers);
	j->span = r->deadline_ms ? r->deadline_ms : DEADLINE_MS;
	j->idempotent = r->idempotent;
	j->done = done;
	j->ctx = ctx;
	struct http_job **end = &h->jobs;
	while (*end)
		end = &(*end)->next;
	*end = j;
	h->n_jobs++;
	return true;
}

static void unlink_job(struct http *h, struct http_job *j)
{
	struct http_job **at = &h->jobs;
	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
	h->n_jobs--;
}

/* Calls back and forgets the job, or plans another try. */
static void http_finish(struct http *h, struct http_job *j, CURLcode code, int64_t now)
{
	long status = 0;
	const char *type = NULL;
	curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(j->easy, CURLINFO_CONTENT_TYPE, &type);
	curl_off_t seconds = 0; /* a number or a date, by curl's reckoning */
	curl_easy_getinfo(j->easy, CURLINFO_RETRY_AFTER, &seconds);
	j->retry_after = seconds > 0 ? (int64_t)seconds * 1000 : 0;
	h->answered |= status > 0;
	int64_t wait = http_retry_after(j, code, status, now);
	curl_multi_remove_handle(h->multi, j->easy);
	if (wait >= 0) {
		j->retry_at = now + wait;
		return;
	}
	struct http_answer a = {.status = code == CURLE_OK ? status : 0, .body = buf_str(&j->answer),
		.content_type = str_c(type), .is_elastic = j->is_elastic, .attempts = j->attempts,
		.date = j->date, .retry_after = j->retry_after, .too_large = j->answer.over};
	http_explain(h, j, code, &a);
	unlink_job(h, j);
	j->done(j->ctx, &a);
	job_free(j);
}

static void start_due(struct http *h, int64_t now)
{
	for (struct http_job *j = h->jobs; j; j = j->next) {
		if (!j->attempts) {
			j->deadline = now + j->span;
			http_start(h, j, now);
		} else if (j->retry_at && now >= j->retry_at) {
			http_start(h, j, now);
		}
	}
}

void http_work(struct http *h, int64_t now)
{
	int running, left;
	CURLMsg *m;
	start_due(h, now);
	curl_multi_perform(h->multi, &running);
	while ((m = curl_multi_info_read(h->multi, &left))) {
		struct http_job *j = NULL;
		if (m->msg != CURLMSG_DONE)
			continue;
		CURLcode code = m->data.result;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &j);
		http_finish(h, j, code, now);
	}
}
