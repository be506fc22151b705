/*
 * http_route: whether a URL is safe by itself, and through which proxy a request goes. https:// may
 * go through the proxy of the environment, which sees no more than the host's name. http:// never
 * does, unless the profile names the proxy: it would hand everything to it.
 */
#include "http_priv.h"

#include <stdlib.h>
#include <string.h>

static struct str http_route_host_of(struct str url)
{
	size_t start = str_find(url, STR("://"));
	struct str rest = start == STR_NONE ? url : str_sub(url, start + 3, url.n);
	struct str host = str_cut(&rest, '/');
	if (host.n && host.p[0] == '[') {
		size_t end = str_find_char(host, ']');
		return end == STR_NONE ? host : str_sub(host, 0, end + 1);
	}
	return str_cut(&host, ':');
}

/* "127." and then digits and dots only: 127.example.org is somewhere else. */
static bool loopback(struct str host)
{
	if (str_eq_fold(host, STR("localhost")) || str_is(host, "[::1]"))
		return true;
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] != '.' && (host.p[i] < '0' || host.p[i] > '9'))
			return false;
	return str_starts(host, STR("127."));
}

bool http_clear(struct str url)
{
	return str_starts(url, STR("http://")) && !loopback(http_route_host_of(url));
}

void http_set_proxy(struct http *h, struct http_job *j)
{
	const struct http_target *t = &h->target;
	bool direct = str_is(t->proxy, "none") ||
		      (!t->proxy.n && (str_starts(t->url, STR("http://")) ||
					      loopback(http_route_host_of(t->url))));
	curl_easy_setopt(j->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (direct) {
		curl_easy_setopt(j->easy, CURLOPT_PROXY, "");
	} else if (t->proxy.n) {
		char *proxy = mem_dup(t->proxy);
		curl_easy_setopt(j->easy, CURLOPT_PROXY, proxy);
		curl_easy_setopt(j->easy, CURLOPT_NOPROXY, ""); /* it was asked for */
		free(proxy);
	}
}

/* curl names the host that it could not reach: not ours, then it was the proxy. Newer ones name
 * both, "HOST port N via PROXY". */
static bool other_host(const struct http *h, const char *text)
{
	struct str host = http_route_host_of(h->target.url);
	return strstr(text, "Failed to connect to ") &&
		(str_find(str_c(text), host) == STR_NONE || strstr(text, " via "));
}

bool http_proxy_words(const struct http *h, const struct http_job *j, CURLcode code, struct buf *out)
{
	long connect = 0;
	const char *where = h->target.proxy.n ? "`proxy` in the profile" : "https_proxy, or set proxy = "
		"\"none\" in the profile";
	curl_easy_getinfo(j->easy, CURLINFO_HTTP_CONNECTCODE, &connect);
	if (code == CURLE_COULDNT_RESOLVE_PROXY)
		buf_fmt(out, "the name of the proxy is not known: check %s", where);
	else if (connect == 407)
		buf_fmt(out, "the proxy wants a password: check %s", where);
	else if (connect >= 300)
		buf_fmt(out, "the proxy refuses to connect (%ld): check %s", connect, where);
	else if (code == CURLE_COULDNT_CONNECT && other_host(h, j->curl_text))
		buf_fmt(out, "nothing answers where the proxy should be: check %s", where);
	else if (code == CURLE_PROXY)
		buf_fmt(out, "the proxy does not let us through: check %s", where);
	else
		return false;
	return true;
}
