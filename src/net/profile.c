/*
 * profile: [profile.NAME] tables. One table of keys says what may stand there; what is missing
 * gets its default in profile_finish(). Fetches nothing.
 */
#include "profile_priv.h"

#include "s3triage/base/when.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_DEFAULT = 500, PAGE_MAX = 10000, NAME_MAX_LEN = 64 };

struct text_key {
	const char *name;
	size_t offset;
};

#define KEY(name, field) {name, offsetof(struct profile, field)}
static const struct text_key text_keys[] = {
	KEY("url", target.url),
	KEY("index", index),
	KEY("space", space),
	KEY("user", user),
	KEY("secret_env", secret_env),
	KEY("secret_file", secret_file),
	KEY("credential_command", secret_command),
	KEY("ca_file", target.ca_file),
	KEY("ca_fingerprint", target.ca_fingerprint),
	KEY("client_cert", target.client_cert),
	KEY("client_key", target.client_key),
	KEY("client_key_secret_env", pass_env),
	KEY("client_key_secret_file", pass_file),
	KEY("client_key_secret_command", pass_command),
	KEY("proxy", target.proxy),
	KEY("region", target.region),
	KEY("service", target.service),
	KEY("aws_profile", aws_profile),
};

static const char *const kinds[] = {"elasticsearch", "opensearch", "kibana"};
static const char *const queries[] = {"auto", "eql", "dsl"};
static const char *const auths[] = {"none", "apikey", "basic", "bearer", "sigv4"};
static const char *const contents[] = {"events", "alerts"};

/* Read by write_target.c from the same table. */
static const char *const write_keys[] = {"write", "decisions_index", "approved", "suspicious",
	"assignee", "case", "team"};

static int word_in(struct str word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(word, words[i]))
			return (int)i;
	return -1;
}

static bool read_word(const struct toml_value *v, const char *const *words, size_t n, int *out,
	struct err *err)
{
	AUTO(buf_fini) struct buf all = {0};
	*out = word_in(toml_str(v), words, n);
	if (*out >= 0)
		return true;
	for (size_t i = 0; i < n; i++)
		buf_fmt(&all, "%s%s", i ? ", " : "", words[i]);
	return err_set(err, ERR_PARSE, "this must be one of: %s", buf_cstr(&all));
}

/* "5m" */
static bool profile_read_span(const struct toml_value *v, int64_t *out, struct err *err)
{
	int64_t at;
	if (!when_bound(toml_str(v), 0, &at, NULL) || at >= 0)
		return err_set(err, ERR_PARSE, "this must be a span such as \"5m\"");
	*out = -at;
	return true;
}

static bool read_page(const struct toml_value *v, int64_t *out, struct err *err)
{
	*out = toml_int(v);
	return (*out >= 1 && *out <= PAGE_MAX) ||
		err_set(err, ERR_PARSE, "this must be a whole number from 1 to %d", PAGE_MAX);
}

static bool read_cloud_id(struct profile *p, const struct toml_value *v, struct err *err)
{
	return cloud_id_url(toml_str(v), p->kind == PROFILE_KIBANA, &p->mem, &p->target.url, err);
}

enum key_read { KEY_OTHER, KEY_READ, KEY_BAD };

static enum key_read profile_read_text(
	struct profile *p, struct str key, const struct toml_value *v, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(text_keys); i++) {
		if (!str_is(key, text_keys[i].name))
			continue;
		struct str *field = (struct str *)(void *)((char *)p + text_keys[i].offset);
		*field = arena_str(&p->mem, toml_str(v));
		if (toml_type(v) == TOML_STRING)
			return KEY_READ;
		err_set(err, ERR_PARSE, "this must be a string");
		return KEY_BAD;
	}
	return KEY_OTHER;
}

static enum key_read read_choice(struct profile *p, struct str key, const struct toml_value *v,
	struct err *err)
{
	int at = 0;
	bool ok;
	if (str_is(key, "kind")) {
		ok = read_word(v, kinds, ARRAY_LEN(kinds), &at, err);
		p->kind = ok ? (enum profile_kind)at : p->kind;
	} else if (str_is(key, "query")) {
		ok = read_word(v, queries, ARRAY_LEN(queries), &at, err);
		p->query = ok ? (enum profile_query)at : p->query;
	} else if (str_is(key, "auth")) {
		ok = read_word(v, auths, ARRAY_LEN(auths), &at, err);
		p->target.auth = ok ? (enum http_auth)at : p->target.auth;
	} else if (str_is(key, "content")) {
		ok = read_word(v, contents, ARRAY_LEN(contents), &at, err);
		p->alerts = at == 1;
	} else {
		return KEY_OTHER;
	}
	return ok ? KEY_READ : KEY_BAD;
}

static bool read_other(struct profile *p, struct str key, const struct toml_value *v,
	struct err *err)
{
	if (str_is(key, "cloud_id"))
		return read_cloud_id(p, v, err);
	if (str_is(key, "page"))
		return read_page(v, &p->page, err);
	if (str_is(key, "interval"))
		return profile_read_span(v, &p->interval, err);
	if (str_is(key, "look_back"))
		return profile_read_span(v, &p->look_back, err);
	if (str_is(key, "timeout"))
		return profile_read_span(v, &p->timeout, err);
	if (str_is(key, "insecure")) {
		p->target.insecure = toml_bool(v);
		return toml_type(v) == TOML_BOOLEAN ||
			err_set(err, ERR_PARSE, "this must be true or false");
	}
	if (word_in(key, write_keys, ARRAY_LEN(write_keys)) >= 0)
		return true;
	if (str_is(key, "password") || str_is(key, "api_key") || str_is(key, "token") ||
		str_is(key, "secret"))
		return err_set(err, ERR_PARSE,
			"secrets do not belong here: name secret_env, secret_file or "
			"credential_command");
	return err_set(err, ERR_PARSE, "a profile has no key '%.*s'", STR_ARG(str_sub(key, 0, 60)));
}

static bool read_key(struct profile *p, struct str key, const struct toml_value *v, struct err *err)
{
	enum key_read read = profile_read_text(p, key, v, err);
	if (read == KEY_OTHER)
		read = read_choice(p, key, v, err);
	return read == KEY_OTHER ? read_other(p, key, v, err) : read == KEY_READ;
}

static void guess_auth(struct profile *p, bool secret)
{
	if (p->user.n)
		p->target.auth = HTTP_AUTH_BASIC;
	else if (p->target.region.n)
		p->target.auth = HTTP_AUTH_SIGV4;
	else if (secret)
		p->target.auth = HTTP_AUTH_APIKEY;
}

/* They become parts of a header line. */
static bool plain_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", s.p[i]) || !s.p[i])
			return false;
	return true;
}

static bool check_sigv4(const struct profile *p, struct err *err)
{
	if (!plain_word(p->target.region) || !plain_word(p->target.service))
		return err_set(err, ERR_PARSE, "region and service have letters, digits and - only");
	if (!p->target.region.n)
		return err_set(err, ERR_PARSE, "auth = \"sigv4\" needs a region");
	if (p->secret_env.n || p->secret_file.n)
		return err_set(err, ERR_PARSE, "AWS keys come from AWS_ACCESS_KEY_ID, from aws_profile or from "
			"credential_command, not from secret_env or secret_file");
	return true;
}

static bool default_auth(struct profile *p, bool given, struct err *err)
{
	bool secret = p->secret_env.n || p->secret_file.n || p->secret_command.n;
	if ((p->secret_env.n != 0) + (p->secret_file.n != 0) + (p->secret_command.n != 0) > 1)
		return err_set(err, ERR_PARSE, "secret_env, secret_file and credential_command: keep one of them");
	if (!given)
		guess_auth(p, secret);
	if (p->target.auth == HTTP_AUTH_SIGV4)
		return check_sigv4(p, err);
	if (str_find_char(p->user, ':') != STR_NONE)
		return err_set(err, ERR_PARSE, "a user with a colon in the name cannot sign in by auth = \"basic\"");
	if (p->target.auth == HTTP_AUTH_NONE && secret)
		return err_set(err, ERR_PARSE, "auth = \"none\" and a secret: keep one of them");
	if (p->target.auth == HTTP_AUTH_NONE || secret)
		return true;
	return err_set(err, ERR_PARSE,
		"auth = \"%s\" needs secret_env, secret_file or credential_command",
		auths[p->target.auth]);
}

static bool alerts_index(struct str index)
{
	return str_starts(index, STR(".alerts-security")) ||
		str_starts(index, STR(".internal.alerts-security")) ||
		str_starts(index, STR(".siem-signals"));
}

/* "host:9200", "[::1]:9200" */
static bool check_port(struct str host, struct err *err)
{
	size_t colon = str_rfind_char(host, ':'), bracket = str_rfind_char(host, ']');
	int64_t port;
	if (colon == STR_NONE || (bracket != STR_NONE && bracket > colon))
		return true;
	return (str_int(str_sub(host, colon + 1, host.n), &port) && port > 0 && port < 65536) ||
		err_set(err, ERR_PARSE, "url has a port that is none");
}

static bool check_url(struct str url, struct err *err)
{
	if (!str_starts(url, STR("https://")) && !str_starts(url, STR("http://")))
		return err_set(err, ERR_PARSE, "url must begin with https:// or http://");
	struct str rest = str_sub(url, str_find(url, STR("://")) + 3, url.n);
	struct str host = str_cut(&rest, '/');
	if (str_find_char(host, '@') != STR_NONE)
		return err_set(err, ERR_PARSE, "credentials do not belong into a URL");
	for (size_t i = 0; i < url.n; i++)
		if (url.p[i] <= ' ' || strchr("?#\"\\<>{}|^`", url.p[i]))
			return err_set(err, ERR_PARSE, "url has a character that has no place there");
	return (host.n && check_port(host, err)) || (!host.n && err_set(err, ERR_PARSE, "url names no host"));
}

/* Elasticsearch prints it as hex digits, openssl with colons. */
static bool fingerprint(struct str s)
{
	size_t digits = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ':' || s.p[i] == ' ')
			continue;
		if (!strchr("0123456789abcdefABCDEF", s.p[i]))
			return false;
		digits++;
	}
	return digits == 64;
}

static bool check_tls(const struct profile *p, struct err *err)
{
	const struct http_target *t = &p->target;
	bool plain = str_starts(t->url, STR("http://"));
	if (t->ca_fingerprint.n && !fingerprint(t->ca_fingerprint))
		return err_set(err, ERR_PARSE, "ca_fingerprint must be SHA-256: 64 hex digits");
	if (t->client_key.n && !t->client_cert.n)
		return err_set(err, ERR_PARSE, "client_key needs a client_cert");
	if (plain && (t->ca_file.n || t->ca_fingerprint.n || t->client_cert.n))
		return err_set(err, ERR_PARSE, "ca_file, ca_fingerprint and client_cert are about https://, "
			"but the url is http://");
	return true;
}

static bool check_proxy(const struct http_target *t, struct err *err)
{
	struct str proxy = t->proxy;
	if (!proxy.n || str_is(proxy, "none"))
		return true;
	if (!str_starts(t->url, STR("https://")))
		return err_set(err, ERR_PARSE, "proxy is for https:// only: it would read and could change http://");
	if (str_find_char(proxy, '@') != STR_NONE)
		return err_set(err, ERR_PARSE, "credentials do not belong into `proxy`: leave it out and "
			"set https_proxy in the environment");
	if (str_starts(proxy, STR("http://")) || str_starts(proxy, STR("https://")))
		return true;
	return err_set(err, ERR_PARSE, "proxy must be \"none\" or begin with http:// or https://");
}

bool profile_finish(struct profile *p, struct err *err)
{
	struct str *url = &p->target.url;
	if (!url->n)
		return err_set(err, ERR_PARSE, "the profile needs a url or a cloud_id");
	while (url->n && url->p[url->n - 1] == '/')
		url->n--;
	if (!check_url(*url, err))
		return false;
	if (p->space.n && p->kind != PROFILE_KIBANA)
		return err_set(err, ERR_PARSE, "a space is Kibana's: kind = \"kibana\", or leave it out");
	if (p->query != QUERY_AUTO && p->kind == PROFILE_KIBANA)
		return err_set(err, ERR_PARSE, "query is for Elasticsearch and OpenSearch, not for Kibana");
	if (p->kind == PROFILE_KIBANA)
		p->alerts = true;
	if (!p->index.n && p->kind != PROFILE_KIBANA)
		p->index = p->alerts ? STR(".alerts-security.alerts-default")
				     : STR("logs-aws.cloudtrail-*");
	p->alerts |= alerts_index(p->index);
	p->page = p->page ? p->page : PAGE_DEFAULT;
	return check_tls(p, err) && check_proxy(&p->target, err);
}

static bool good_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '-' || c == '_'))
			return false;
	}
	return name.n && name.n <= NAME_MAX_LEN;
}

enum source_word source_word(struct str word, struct str *name)
{
	static const char *const schemes[] = {"es+http", "elasticsearch+http", "os+http",
		"opensearch+http", "kibana+http"};
	*name = word.n ? str_sub(word, 0, word.n - 1) : word;
	if (str_ends(word, STR(":")) && good_name(*name))
		return WORD_PROFILE;
	*name = word;
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (str_starts(word, str_c(schemes[i])))
			return WORD_URL;
	return WORD_FILE;
}

/* `kind` is read first: what a cloud_id means depends on it. */
static bool read_table(struct profile *p, const struct toml_value *table, const struct err_more *more,
	struct err *err)
{
	const struct toml_value *kind = toml_get(table, "kind");
	if (!kind)
		return err_set(err, ERR_PARSE,
			"the profile needs a kind: elasticsearch, opensearch or kibana");
	if (read_choice(p, STR("kind"), kind, err) != KEY_READ)
		return err_where(err, NULL, toml_line(kind), 0);
	if (toml_get(table, "url") && toml_get(table, "cloud_id"))
		return err_set(err, ERR_PARSE, "url and cloud_id say the same: keep one of them");
	for (size_t i = 0; i < toml_count(table); i++) {
		struct err own = {0};
		const struct toml_value *v = toml_at(table, i);
		if (read_key(p, toml_key_at(table, i), v, &own))
			continue;
		err_where(&own, p->file.p, toml_line(v), 0);
		err_next(more, err, &own);
	}
	if (err->code)
		return false;
	if (!default_auth(p, toml_get(table, "auth") != NULL, err) || !profile_finish(p, err) ||
		!write_target_read(p->name, table, &p->write, err))
		return false;
	const struct write_target *w = &p->write;
	char mark[OUTBOX_MARK];
	p->write.url = p->target.url;
	p->write.place = arena_fmt(&p->mem, "%s %.*s/%.*s", write_kind_name(w->kind),
		STR_ARG(p->target.url), STR_ARG(w->kind == WRITE_KIBANA ? w->space : w->index));
	const struct outbox_place place = write_place(w);
	outbox_mark_of(&place, mark);
	p->origin = arena_fmt(&p->mem, "%.*s@%s", STR_ARG(p->name), mark);
	return true;
}

struct profile *profile_new(struct str name, const struct toml_value *table, const char *file,
	struct err *err)
{
	return profile_read(name, table, file, NULL, err);
}

struct profile *profile_read(struct str name, const struct toml_value *table, const char *file,
	const struct err_more *more, struct err *err)
{
	struct err own = {0};
	struct profile *p = mem_alloc(sizeof(*p));
	p->name = arena_str(&p->mem, name);
	p->file = arena_str(&p->mem, str_c(file));
	p->line = toml_line(table);
	bool ok = good_name(name) ? toml_type(table) == TOML_TABLE ||
			err_set(&own, ERR_PARSE, "this must be a table: [profile.NAME]")
		: err_set(&own, ERR_PARSE, "a profile's name has letters, digits, - and _ only");
	if (ok && read_table(p, table, more, &own))
		return p;
	profile_free(p);
	if (err) {
		*err = own;
		err_where(err, file, own.line ? own.line : toml_line(table), 0);
	}
	return NULL;
}

const char *profile_unsafe(const struct profile *p)
{
	if (http_clear(p->target.url))
		return "NOT ENCRYPTED";
	return p->target.insecure && str_starts(p->target.url, STR("https://")) ? "TLS NOT VERIFIED" : NULL;
}

void secret_wipe(char **secret)
{
	if (*secret)
		explicit_bzero(*secret, strlen(*secret));
	free(*secret);
	*secret = NULL;
}

void profile_free(struct profile *p)
{
	if (!p)
		return;
	secret_wipe(&p->secret);
	secret_wipe(&p->session);
	secret_wipe(&p->pass);
	arena_fini(&p->mem);
	free(p);
}
