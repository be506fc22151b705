/*
 * ask: request bodies. Text of the rule goes in through json_quote() alone.
 */
#include "s3triage/remote/ask.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

void ask_encode(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
		if (plain)
			buf_char(out, (char)c);
		else
			buf_fmt(out, "%%%02X", c);
	}
}

void ask_space(struct str space, struct buf *out)
{
	if (!space.n || str_is(space, "default"))
		return;
	buf_c(out, "/s/");
	ask_encode(space, out);
}

static void range(const char *field, int64_t since, int64_t until, struct buf *out)
{
	char text[WHEN_TEXT_MAX];
	buf_fmt(out, "{\"range\":{\"%s\":{", field);
	if (since != WHEN_NONE)
		buf_fmt(out, "\"gte\":\"%s\",", when_format(since, text));
	if (until != WHEN_NONE)
		buf_fmt(out, "\"lte\":\"%s\",", when_format(until, text));
	buf_c(out, "\"format\":\"strict_date_optional_time\"}}}");
}

static bool bounded(const struct ask *a)
{
	return a->since != WHEN_NONE || a->until != WHEN_NONE;
}

/* Whole seconds, one more rather than one less. */
static void lately(const char *field, int64_t back, struct buf *out)
{
	buf_fmt(out, "{\"range\":{\"%s\":{\"gte\":\"now-%llds\"}}}", field,
		(long long)((back + 999) / 1000));
}

/* Either field equals the value. */
static void either(const char *const fields[2], struct str value, struct buf *out)
{
	buf_c(out, "{\"bool\":{\"minimum_should_match\":1,\"should\":[");
	for (int i = 0; i < 2; i++) {
		buf_fmt(out, "%s{\"match\":{\"%s\":", i ? "," : "", fields[i]);
		json_quote(value, out);
		buf_c(out, "}}");
	}
	buf_c(out, "]}}");
}

static const char *const event_times[] = {"event.ingested", "@timestamp", "eventTime"};

/* When it was taken in, or when it happened: the exact rule for which is kept here, afterwards. */
static void event_time(const struct ask *a, struct buf *out)
{
	buf_c(out, "{\"bool\":{\"minimum_should_match\":1,\"should\":[");
	for (size_t i = 0; i < ARRAY_LEN(event_times); i++) {
		if (i)
			buf_char(out, ',');
		range(event_times[i], a->since, a->until, out);
	}
	buf_c(out, "]}}");
}

static void comma(struct buf *out)
{
	if (out->n && out->p[out->n - 1] != '[')
		buf_char(out, ',');
}

static void event_lately(const struct ask *a, struct buf *out)
{
	comma(out);
	buf_c(out, "{\"bool\":{\"minimum_should_match\":1,\"should\":[");
	for (size_t i = 0; i < ARRAY_LEN(event_times); i++) {
		buf_c(out, i ? "," : "");
		lately(event_times[i], a->back, out);
	}
	buf_c(out, "]}}");
}

/* Made lately, or its status was set lately, however old it is. */
static void alert_lately(const struct ask *a, struct buf *out)
{
	comma(out);
	buf_c(out, "{\"bool\":{\"minimum_should_match\":1,\"should\":[");
	lately("@timestamp", a->back, out);
	buf_char(out, ',');
	lately("kibana.alert.workflow_status_updated_at", a->back, out);
	buf_c(out, "]}}");
}

static void alert_filters(const struct ask *a, struct buf *out)
{
	static const char *const fields[2] = {"kibana.alert.rule.rule_id", "signal.rule.rule_id"};
	if (a->rule)
		either(fields, a->rule->rule_id, out);
	if (bounded(a)) {
		comma(out);
		range("@timestamp", a->since, a->until, out);
	}
	if (a->back)
		alert_lately(a, out);
}

static void event_filters(const struct ask *a, struct buf *out)
{
	static const char *const fields[2] = {"event.action", "eventName"};
	struct str action = a->rule ? rule_required(a->rule, "event.action") : (struct str){0};
	if (action.n)
		either(fields, action, out);
	if (bounded(a)) {
		comma(out);
		event_time(a, out);
	}
	if (a->back)
		event_lately(a, out);
}

static void ask_query(const struct ask *a, struct buf *out)
{
	buf_c(out, "\"query\":{\"bool\":{\"filter\":[");
	(a->alerts ? alert_filters : event_filters)(a, out);
	if (a->before != WHEN_NONE) {
		comma(out);
		range("@timestamp", WHEN_NONE, a->before, out);
	}
	buf_c(out, "]}}");
}

/* The rule's fields, for those that _source does not hold: constants of the mapping, aliases. "*"
 * would be all there are. */
static void fields(const struct rule *rule, struct buf *out)
{
	size_t put = 0;
	for (size_t i = 0; rule && i < rule_field_count(rule); i++) {
		struct str name = rule_field(rule, i);
		if (str_is(name, "*"))
			continue;
		buf_c(out, put++ ? "," : "\"fields\":[");
		json_quote(name, out);
	}
	buf_c(out, put ? "]," : "");
}

void ask_search(const struct ask *a, struct buf *out)
{
	static const char *const ties[] = {"", ",{\"_shard_doc\":\"desc\"}", ",{\"_id\":\"desc\"}"};
	buf_fmt(out, "{\"size\":%lld,\"track_total_hits\":%s,\"seq_no_primary_term\":true,",
		(long long)a->size, a->after.n ? "false" : "true");
	if (!a->alerts)
		fields(a->rule, out);
	ask_query(a, out);
	buf_fmt(out, ",\"sort\":[{\"@timestamp\":{\"order\":\"desc\",\"unmapped_type\":\"date\"}}%s]",
		ties[a->tie]);
	if (a->pit.n) {
		buf_c(out, ",\"pit\":{\"id\":");
		json_quote(a->pit, out);
		buf_c(out, ",\"keep_alive\":\"2m\"}");
	}
	if (a->after.n)
		buf_fmt(out, ",\"search_after\":%.*s", STR_ARG(a->after));
	buf_char(out, '}');
}

bool ask_can_eql(const struct rule *rule)
{
	size_t first, count;
	if (!rule || rule->language != RULE_EQL || !rule->engine)
		return false;
	rule_pipes(rule, 1000, &first, &count);
	return first == 0 && count == 1000;
}

void ask_eql(const struct ask *a, struct buf *out)
{
	struct str category = a->rule->event_category_override;
	buf_c(out, "{\"query\":");
	json_quote(a->rule->query, out);
	buf_c(out, ",\"event_category_field\":");
	json_quote(category.n ? category : STR("event.category"), out);
	buf_fmt(out, ",\"timestamp_field\":\"@timestamp\",\"size\":%lld,", (long long)a->size);
	fields(a->rule, out);
	buf_c(out, "\"wait_for_completion_timeout\":\"10s\",\"keep_on_completion\":false,"
		   "\"keep_alive\":\"2m\",\"filter\":{\"bool\":{\"filter\":[");
	if (bounded(a))
		event_time(a, out);
	if (a->back)
		event_lately(a, out);
	if (a->before != WHEN_NONE) {
		comma(out);
		range("@timestamp", WHEN_NONE, a->before, out);
	}
	buf_c(out, "]}}}");
}

void ask_signals(const struct ask *a, struct buf *out)
{
	struct ask of_alerts = *a;
	of_alerts.alerts = true;
	buf_fmt(out, "{\"size\":%lld,\"track_total_hits\":true,\"_source\":true,", (long long)a->size);
	ask_query(&of_alerts, out);
	buf_c(out, ",\"sort\":[{\"@timestamp\":{\"order\":\"desc\",\"unmapped_type\":\"date\"}}]}");
}
