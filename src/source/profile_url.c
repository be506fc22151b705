/*
 * profile_url: a cluster named by its URL on the command line, and Cloud IDs.
 */
#include "profile_priv.h"

#include <openssl/evp.h>
#include <string.h>

static bool take_kind(struct str *word, enum profile_kind *kind)
{
	static const struct {
		struct str prefix;
		enum profile_kind kind;
	} rows[] = {
		{STR_INIT("es+"), PROFILE_ELASTICSEARCH},
		{STR_INIT("elasticsearch+"), PROFILE_ELASTICSEARCH},
		{STR_INIT("os+"), PROFILE_OPENSEARCH},
		{STR_INIT("opensearch+"), PROFILE_OPENSEARCH},
		{STR_INIT("kibana+"), PROFILE_KIBANA},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!str_starts(*word, rows[i].prefix))
			continue;
		*kind = rows[i].kind;
		*word = str_sub(*word, rows[i].prefix.n, word->n);
		return true;
	}
	return false;
}

static int url_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* As it is called: requests encode names themselves. */
static struct str url_decoded(struct profile *p, struct str s)
{
	char *to = arena_alloc(&p->mem, s.n);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		bool code = s.p[i] == '%' && i + 2 < s.n && url_hex(s.p[i + 1]) >= 0 && url_hex(s.p[i + 2]) >= 0;
		to[n++] = code ? (char)(url_hex(s.p[i + 1]) * 16 + url_hex(s.p[i + 2])) : s.p[i];
		i += code ? 2 : 0;
	}
	return (struct str){to, n};
}

/* Behind the host: /INDEX, or for Kibana /BASE and /s/SPACE. */
static void take_path(struct profile *p, struct str url, size_t host_end)
{
	struct str path = str_sub(url, host_end, url.n);
	while (path.n && path.p[path.n - 1] == '/')
		path.n--;
	p->target.url = str_sub(url, 0, host_end + path.n);
	size_t at = p->kind == PROFILE_KIBANA ? str_find(path, STR("/s/")) : str_rfind_char(path, '/');
	if (at == STR_NONE)
		return;
	p->target.url.n = host_end + at;
	if (p->kind == PROFILE_KIBANA)
		p->space = url_decoded(p, str_sub(path, at + 3, path.n));
	else
		p->index = url_decoded(p, str_sub(path, at + 1, path.n));
}

static bool read_url(struct profile *p, struct str word, struct err *err)
{
	struct str url = arena_str(&p->mem, word);
	if (!take_kind(&url, &p->kind))
		return err_set(err, ERR_USAGE, "the URL needs es+, opensearch+ or kibana+ before it");
	size_t start = str_find(url, STR("://"));
	if (start == STR_NONE)
		return err_set(err, ERR_USAGE, "the URL has no ://");
	struct str rest = str_sub(url, start + 3, url.n);
	size_t slash = str_find_char(rest, '/');
	size_t end = slash == STR_NONE ? url.n : start + 3 + slash;
	if (str_find_char(rest, '@') != STR_NONE)
		return err_set(err, ERR_USAGE,
			"credentials do not belong into a URL, where everybody can read them; set "
			"S3TRIAGE_API_KEY, or S3TRIAGE_USER and S3TRIAGE_PASSWORD");
	p->name = str_sub(url, start + 3, end);
	take_path(p, url, end);
	return profile_finish(p, err);
}

struct profile *profile_new_url(struct str word, struct err *err)
{
	struct profile *p = mem_alloc(sizeof(*p));
	if (read_url(p, word, err))
		return p;
	if (err)
		err->code = ERR_USAGE;
	profile_free(p);
	return NULL;
}

#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* Base64 with or without padding. */
static bool decode(struct str text, struct buf *out)
{
	AUTO(buf_fini) struct buf padded = {0};
	while (text.n && text.p[text.n - 1] == '=')
		text.n--;
	for (size_t i = 0; i < text.n; i++) /* OpenSSL takes white space and = in the middle */
		if (str_find_char(STR(BASE64), text.p[i]) == STR_NONE)
			return false;
	buf_add(&padded, text);
	while (padded.n % 4)
		buf_char(&padded, '=');
	size_t pad = padded.n - text.n;
	char *room = buf_room(out, padded.n / 4 * 3 + 1);
	int n = room && padded.n ? EVP_DecodeBlock((unsigned char *)room,
		(const unsigned char *)padded.p, (int)padded.n) : -1;
	if (n < (int)pad || pad > 2)
		return false;
	out->n += (size_t)n - pad;
	return true;
}

static bool host_chars(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			  c == '-' || c == '.' || c == '_';
		if (!ok)
			return false;
	}
	return true;
}

static bool plain(struct str name, struct str host, struct str port)
{
	int64_t n = 443;
	if (str_is(name, "undefined")) /* that is how a deployment without it is written */
		return false;
	return host.n && name.n && host_chars(host) && host_chars(name) &&
		(!port.n || (str_digits(port) && str_int(port, &n) && n > 0 && n < 65536));
}

/* "host[:port]$uuid[:port]$uuid[:port]" */
bool cloud_id_url(struct str id, bool kibana, struct arena *mem, struct str *url, struct err *err)
{
	AUTO(buf_fini) struct buf text = {0};
	size_t colon = str_rfind_char(id, ':');
	struct str base64 = colon == STR_NONE ? id : str_sub(id, colon + 1, id.n);
	if (base64.n > 4096 || !decode(base64, &text))
		return err_set(err, ERR_PARSE, "cloud_id is not of the form label:base64");
	struct str rest = buf_str(&text);
	struct str port = str_cut(&rest, '$'), host = str_cut(&port, ':');
	struct str own = str_cut(&rest, '$');
	if (kibana)
		own = str_cut(&rest, '$');
	struct str name = str_cut(&own, ':');
	port = own.n ? own : port;
	if (!plain(name, host, port))
		return err_set(err, ERR_PARSE, "cloud_id names no %s",
			kibana ? "Kibana" : "Elasticsearch");
	if (!port.n || str_is(port, "443"))
		*url = arena_fmt(mem, "https://%.*s.%.*s", STR_ARG(name), STR_ARG(host));
	else
		*url = arena_fmt(mem, "https://%.*s.%.*s:%.*s", STR_ARG(name), STR_ARG(host),
			STR_ARG(port));
	return true;
}
