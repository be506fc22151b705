/*
 * cloudtrail: a raw CloudTrail event as the ECS document that the ingest pipeline of Elastic's AWS
 * integration makes of it. Left out is what only the cluster knows (source.geo, source.as, the time
 * of ingestion) and what only its user agent database knows.
 */
#include "ecs_priv.h"
#include "mapstring_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/event/doc.h"
#include "s3triage/event/table.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define CT "aws.cloudtrail."

/* From the flattened twins the pipeline keeps this many UTF-16 units of their strings. */
enum { FLATTENED_MAX = 32766 };

static bool is_ip(struct str s)
{
	char text[INET6_ADDRSTRLEN], binary[sizeof(struct in6_addr)];
	if (!s.n || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return inet_pton(AF_INET, text, binary) == 1 || inet_pton(AF_INET6, text, binary) == 1;
}

/* "TLSv1.3" is split at the first v; the name of the field for its value stands for nothing at all. */
static void put_tls(struct str said, struct json *doc)
{
	char protocol[16];
	size_t v = str_find_char(said, 'v');
	if (str_is(said, "tlsVersion")) {
		json_remove(doc, "tls");
		return;
	}
	ecs_put_str(doc, "tls.version", v == STR_NONE ? said : str_sub(said, v + 1, said.n));
	if (v == STR_NONE || v >= sizeof(protocol))
		return;
	for (size_t i = 0; i < v; i++)
		protocol[i] = said.p[i] >= 'A' && said.p[i] <= 'Z' ? (char)(said.p[i] | 0x20) : said.p[i];
	ecs_put_str(doc, "tls.version_protocol", (struct str){protocol, v});
}

static void put_network(const struct json *raw, struct json *doc)
{
	struct str address = doc_str(doc, "source.address");
	if (is_ip(address)) {
		ecs_put_str(doc, "source.ip", address);
		ecs_append(doc, "related.ip", address);
	}
	put_tls(doc_str(raw, "tlsDetails.tlsVersion"), doc);
	cloudtrail_put_agent(doc);
}

static void put_cloud(struct json *doc)
{
	struct str service = doc_str(doc, "event.provider");
	struct str suffix = STR(".amazonaws.com");
	ecs_put_str(doc, "cloud.provider", STR("aws"));
	if (str_ends(service, suffix))
		ecs_put_str(doc, "cloud.service.name", str_sub(service, 0, service.n - suffix.n));
}

static size_t utf16_units(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		n += (c & 0xC0) != 0x80;
		n += c >= 0xF0;
	}
	return n;
}

/* The map string, and unless that is too long its structured twin. */
static void put_twins(const struct json *raw, struct json *doc)
{
	static const struct {
		const char *from, *text, *twin;
	} pairs[] = {
		{"requestParameters", CT "request_parameters", CT "flattened.request_parameters"},
		{"responseElements", CT "response_elements", CT "flattened.response_elements"},
		{"additionalEventData", CT "additional_eventdata", CT "flattened.additional_eventdata"},
		{"serviceEventDetails", CT "service_event_details",
			CT "flattened.service_event_details"},
	};
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		const struct json *v = json_get(raw, pairs[i].from);
		if (!v || value_is_empty(v))
			continue;
		AUTO(buf_fini) struct buf text = {0};
		mapstring_print_kept(v, &text);
		ecs_put_str(doc, pairs[i].text, buf_str(&text));
		if (utf16_units(buf_str(&text)) < FLATTENED_MAX)
			ecs_put(doc, pairs[i].twin, ecs_kept(v));
	}
	const struct json *insight = json_get(raw, "insightDetails");
	if (insight)
		ecs_put(doc, CT "flattened.insight_details", ecs_kept(insight));
}

static struct json *resource(const struct json *raw)
{
	struct json *out = ecs_kept(raw);
	static const struct {
		const char *from, *to;
	} names[] = {{"ARN", "arn"}, {"accountId", "account_id"}};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct json *v = json_get(out, names[i].from);
		if (!v)
			continue;
		json_set(out, names[i].to, i ? ecs_account(v) : json_copy(v));
		json_remove(out, names[i].from);
	}
	return out;
}

enum { RESOURCES_MAX = 1000 };

/* The pipeline drops repeated ones by way of a HashMap, whose order is what remains. */
static void put_resources(const struct json *raw, struct json *doc)
{
	const struct json *list = json_get(raw, "resources");
	if (json_type(list) != JSON_ARRAY) {
		ecs_put(doc, CT "resources", ecs_kept(list));
		return;
	}
	AUTO(json_free_ptr) struct json *unique = json_new_object();
	size_t n = 0;
	for (const struct json *m = json_first(list); m && n < RESOURCES_MAX; m = json_next(m), n++) {
		if (json_type(m) != JSON_OBJECT || value_is_empty(m))
			continue;
		AUTO(buf_fini) struct buf key = {0};
		struct json *r = resource(m);
		buf_fmt(&key, "%.*s_%.*s_%.*s", STR_ARG(json_str(json_get(r, "arn"))),
			STR_ARG(json_str(json_get(r, "account_id"))),
			STR_ARG(json_str(json_get(r, "type"))));
		json_set_key(unique, buf_str(&key), r);
	}
	n = json_count(unique);
	AUTO(mem_free_ptr) const struct json **ordered = mem_array(n, sizeof(*ordered));
	java_map_order(unique, ordered, n);
	struct json *out = json_new_array();
	for (size_t i = 0; i < n; i++)
		json_push(out, json_copy(ordered[i]));
	ecs_put(doc, CT "resources", out);
}

static void put_original(const struct json *raw, struct json *doc)
{
	AUTO(buf_fini) struct buf original = {0};
	json_print_stable(raw, &original);
	ecs_put_str(doc, "event.original", buf_str(&original));
}

static void put_constants(const struct json *raw, struct json *doc)
{
	ecs_put_str(doc, "event.dataset", STR("aws.cloudtrail"));
	ecs_put_str(doc, "event.module", STR("aws"));
	ecs_put_str(doc, "data_stream.dataset", STR("aws.cloudtrail"));
	ecs_put_str(doc, "data_stream.namespace", STR("default"));
	ecs_put_str(doc, "data_stream.type", STR("logs"));
	ecs_put_str(doc, "ecs.version", STR("8.11.0"));
	if (json_get(raw, TABLE_MARK))
		ecs_append(doc, "tags", STR(TABLE_MARK));
	ecs_append(doc, "tags", STR("preserve_original_event"));
}

struct json *cloudtrail_to_ecs(const struct json *raw, struct err *err)
{
	AUTO(json_free_ptr) struct json *mended = cloudtrail_mended(raw);
	return cloudtrail_convert(mended ? mended : raw, false, err);
}

struct json *cloudtrail_convert(const struct json *raw, bool lean, struct err *err)
{
	if (json_type(raw) != JSON_OBJECT) {
		err_set(err, ERR_INPUT, "a CloudTrail event is an object");
		return NULL;
	}
	struct json *doc = json_new_object();
	cloudtrail_put_fields(raw, doc);
	put_twins(raw, doc);
	put_resources(raw, doc);
	cloudtrail_put_people(raw, doc);
	put_network(raw, doc);
	put_cloud(doc);
	ecs_categorise(doc);
	if (!lean || !doc_str(doc, "event.id").n)
		put_original(raw, doc);
	put_constants(raw, doc);
	return doc;
}
