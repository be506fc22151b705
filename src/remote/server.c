/*
 * server: product and version. Source of the features' versions: the products' own release notes,
 * see the README of this folder.
 */
#include "s3triage/remote/server.h"

#include "s3triage/base/buf.h"
#include "s3triage/base/mem.h"
#include "s3triage/event/json.h"

#include <stdio.h>

static void read_number(struct server *s, struct str number)
{
	int64_t major = 0, minor = 0;
	struct str rest = number;
	snprintf(s->number, sizeof(s->number), "%.*s", (int)(number.n < 20 ? number.n : 20),
		number.p ? number.p : "");
	for (char *c = s->number; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	if (str_int(str_cut(&rest, '.'), &major) && str_int(str_cut(&rest, '.'), &minor) &&
		major > 0 && major < 1000 && minor >= 0 && minor < 1000) {
		s->major = (int)major;
		s->minor = (int)minor;
	}
}

static enum product product_of(const struct json *version, struct str tagline, bool is_elastic)
{
	if (str_is(json_str(json_get(version, "distribution")), "opensearch") ||
		str_find(tagline, STR("OpenSearch")) != STR_NONE)
		return PRODUCT_OPENSEARCH;
	if (is_elastic || str_find(tagline, STR("You Know, for Search")) != STR_NONE)
		return PRODUCT_ELASTICSEARCH;
	return PRODUCT_UNKNOWN;
}

bool server_read_root(struct str body, bool is_elastic, struct server *out, struct err *err)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, NULL);
	const struct json *version = json_get(v, "version");
	*out = (struct server){0};
	out->product = product_of(version, json_str(json_get(v, "tagline")), is_elastic);
	if (out->product == PRODUCT_UNKNOWN)
		return err_set(err, ERR_NETWORK,
			"this is neither Elasticsearch nor OpenSearch; is the URL right?");
	read_number(out, json_str(json_get(version, "number")));
	out->serverless = str_is(json_str(json_get(version, "build_flavor")), "serverless");
	out->oss = str_is(json_str(json_get(version, "build_flavor")), "oss") &&
		out->product == PRODUCT_ELASTICSEARCH;
	out->disguised = out->product == PRODUCT_OPENSEARCH &&
		!json_get(version, "distribution");
	if (out->disguised)
		out->major = out->minor = 0; /* it is a 1 or a 2, which it does not say */
	return true;
}

bool server_read_status(struct str body, struct server *out, struct err *err)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, NULL);
	const struct json *version = json_get(v, "version");
	*out = (struct server){.product = PRODUCT_KIBANA};
	if (!json_get(v, "status") && !version)
		return err_set(err, ERR_NETWORK, "this is no Kibana; is the URL right?");
	read_number(out, json_str(json_get(version, "number")));
	out->serverless = str_is(json_str(json_get(version, "build_flavor")), "serverless");
	return true;
}

const char *server_name(const struct server *s, char out[64])
{
	static const char *const names[] = {"server", "Elasticsearch", "OpenSearch", "Kibana"};
	const char *name = names[s->product];
	if (s->serverless)
		snprintf(out, 64, "%s serverless", name);
	else if (s->disguised)
		snprintf(out, 64, "%s (says %s)", name, s->number);
	else
		snprintf(out, 64, "%s%s%s", name, s->number[0] ? " " : "", s->number);
	return out;
}

bool server_since(const struct server *s, int major, int minor)
{
	return s->serverless || !s->major || s->major > major ||
		(s->major == major && s->minor >= minor);
}

bool server_has(const struct server *s, enum feature f)
{
	bool elastic = s->product == PRODUCT_ELASTICSEARCH || s->product == PRODUCT_UNKNOWN;
	switch (f) {
	case FEATURE_EQL:
		return elastic && !s->oss && (s->major || s->serverless) && server_since(s, 7, 9);
	case FEATURE_PIT:
		return s->oss ? false : elastic ? server_since(s, 7, 10) : server_since(s, 2, 4);
	case FEATURE_REASONS:
		return s->product == PRODUCT_KIBANA && server_since(s, 9, 2);
	case FEATURE_NOTES:
		return s->product == PRODUCT_KIBANA && server_since(s, 8, 16);
	}
	return false;
}

void server_say(const struct server *s, bool eql, struct buf *out)
{
	if (s->product == PRODUCT_KIBANA) {
		buf_c(out, "alerts by Kibana's own search, page by page of time");
		buf_c(out, server_has(s, FEATURE_REASONS) ? "" : "; no closing reasons before 9.2");
		buf_c(out, server_has(s, FEATURE_NOTES) ? "" : "; no notes on alerts before 8.16");
		return;
	}
	buf_c(out, !server_has(s, FEATURE_EQL) ? "no EQL: a wider query, and each hit judged by the rule here"
		: eql ? "the rule's own EQL query" : "no EQL, as the profile says: a wider query, and each hit"
			" judged by the rule here");
	buf_c(out, server_has(s, FEATURE_PIT) ? "; a point in time" : "; no point in time: pages go by time");
	if (s->product == PRODUCT_ELASTICSEARCH && !server_since(s, 7, 17))
		buf_c(out, "; older than 7.17, the oldest that this was made for");
}
