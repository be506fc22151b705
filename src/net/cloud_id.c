/*
 * cloud_id: the URL that a Cloud ID stands for.
 */
#include "profile_priv.h"

#include "s3triage/base/base64.h"

/* Cloud IDs come with or without padding. */
static bool cloud_id_decode(struct str text, struct buf *out)
{
	AUTO(buf_fini) struct buf padded = {0};
	buf_add(&padded, text);
	while (padded.n % 4)
		buf_char(&padded, '=');
	return base64_read(buf_str(&padded), out);
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

static bool cloud_id_plain(struct str name, struct str host, struct str port)
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
	if (base64.n > 4096 || !cloud_id_decode(base64, &text))
		return err_set(err, ERR_PARSE, "cloud_id is not of the form label:base64");
	struct str rest = buf_str(&text);
	struct str port = str_cut(&rest, '$'), host = str_cut(&port, ':');
	struct str own = str_cut(&rest, '$');
	if (kibana)
		own = str_cut(&rest, '$');
	struct str name = str_cut(&own, ':');
	port = own.n ? own : port;
	if (!cloud_id_plain(name, host, port))
		return err_set(err, ERR_PARSE, "cloud_id names no %s",
			kibana ? "Kibana" : "Elasticsearch");
	if (!port.n || str_is(port, "443"))
		*url = arena_fmt(mem, "https://%.*s.%.*s", STR_ARG(name), STR_ARG(host));
	else
		*url = arena_fmt(mem, "https://%.*s.%.*s:%.*s", STR_ARG(name), STR_ARG(host),
			STR_ARG(port));
	return true;
}
