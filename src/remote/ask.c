/*
 * ask: request bodies.
 */
#include "s3triage/remote/ask.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json_write.h"

#include <stdio.h>

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

static void range_open(struct members *m, const char *field)
{
	member_open(m, NULL, '{');
	member_open(m, "range", '{');
	member_open(m, field, '{');
}

static void range(struct members *m, const char *field, int64_t since, int64_t until)
{
	range_open(m, field);
	if (since != WHEN_NONE)
		member_time(m, "gte", since);
	if (until != WHEN_NONE)
		member_time(m, "lte", until);
	member_str(m, "format", STR("strict_date_optional_time"));
	member_close(m, 3);
}

static bool bounded(const struct ask *a)
{
	return a->since != WHEN_NONE || a->until != WHEN_NONE;
}

/* Whole seconds, one more rather than one less. */
static void lately(struct members *m, const char *field, int64_t back)
{
	char text[32];
	snprintf(text, sizeof(text), "now-%llds", (long long)((back + 999) / 1000));
	range_open(m, field);
	member_str(m, "gte", str_c(text));
	member_close(m, 3);
}

/* At least one of what follows, until three are closed. */
static void any_open(struct members *m)
{
	member_open(m, NULL, '{');
	member_open(m, "bool", '{');
	member_int(m, "minimum_should_match", 1);
	member_open(m, "should", '[');
}

/* Either field equals the value. */
static void either(struct members *m, const char *const fields[2], struct str value)
{
	any_open(m);
	for (int i = 0; i < 2; i++) {
		member_open(m, NULL, '{');
		member_open(m, "match", '{');
		member_text(m, fields[i], value);
		member_close(m, 2);
	}
	member_close(m, 3);
}

/* When it was taken in, or when it happened: the exact rule for which is kept here, afterwards. */
static void event_times(struct members *m, const struct ask *a)
{
	static const char *const times[] = {"event.ingested", "@timestamp", "eventTime"};
	if (bounded(a)) {
		any_open(m);
		for (size_t i = 0; i < ARRAY_LEN(times); i++)
			range(m, times[i], a->since, a->until);
		member_close(m, 3);
	}
	if (a->back) {
		any_open(m);
		for (size_t i = 0; i < ARRAY_LEN(times); i++)
			lately(m, times[i], a->back);
		member_close(m, 3);
	}
}

/* Made lately, or its status was set lately, however old it is. */
static void alert_times(struct members *m, const struct ask *a)
{
	if (bounded(a))
		range(m, "@timestamp", a->since, a->until);
	if (!a->back)
		return;
	any_open(m);
	lately(m, "@timestamp", a->back);
	lately(m, "kibana.alert.workflow_status_updated_at", a->back);
	member_close(m, 3);
}

static void rule_filter(struct members *m, const struct ask *a)
{
	static const char *const of_alerts[2] = {"kibana.alert.rule.rule_id", "signal.rule.rule_id"};
	static const char *const of_events[2] = {"event.action", "eventName"};
	struct str action = a->rule ? rule_required(a->rule, "event.action") : (struct str){0};
	if (a->rule && a->alerts)
		either(m, of_alerts, a->rule->rule_id);
	if (action.n && !a->alerts)
		either(m, of_events, action);
}

static void filters(struct members *m, const char *key, const struct ask *a, bool of_rule)
{
	member_open(m, key, '{');
	member_open(m, "bool", '{');
	member_open(m, "filter", '[');
	if (of_rule)
		rule_filter(m, a);
	(a->alerts ? alert_times : event_times)(m, a);
	if (a->before != WHEN_NONE)
		range(m, "@timestamp", WHEN_NONE, a->before);
	member_close(m, 3);
}

/* The rule's fields, for those that _source does not hold: constants of the mapping, aliases. "*"
 * would be all there are. */
static void fields(struct members *m, const struct rule *rule)
{
	size_t put = 0;
	for (size_t i = 0; rule && i < rule_field_count(rule); i++) {
		struct str name = rule_field(rule, i);
		if (str_is(name, "*"))
			continue;
		if (!put++)
			member_open(m, "fields", '[');
		member_text(m, NULL, name);
	}
	member_close(m, put > 0);
}

/* Newest first; `tie` orders those of one time. */
static void newest_first(struct members *m, const char *tie)
{
	member_open(m, "sort", '[');
	member_open(m, NULL, '{');
	member_open(m, "@timestamp", '{');
	member_str(m, "order", STR("desc"));
	member_str(m, "unmapped_type", STR("date"));
	member_close(m, 2);
	if (tie) {
		member_open(m, NULL, '{');
		member_str(m, tie, STR("desc"));
		member_close(m, 1);
	}
	member_close(m, 1);
}

void ask_search(const struct ask *a, struct buf *out)
{
	static const char *const ties[] = {NULL, "_shard_doc", "_id"};
	struct members m = members_open(out, '{');
	member_int(&m, "size", a->size);
	member_bool(&m, "track_total_hits", !a->after.n);
	member_bool(&m, "seq_no_primary_term", true);
	if (!a->alerts)
		fields(&m, a->rule);
	filters(&m, "query", a, true);
	newest_first(&m, ties[a->tie]);
	if (a->pit.n) {
		member_open(&m, "pit", '{');
		member_text(&m, "id", a->pit);
		member_str(&m, "keep_alive", STR("2m"));
		member_close(&m, 1);
	}
	if (a->after.n)
		member_json(&m, "search_after", a->after);
	members_close(&m);
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
	struct ask of_events = *a;
	of_events.alerts = false;
	struct members m = members_open(out, '{');
	member_text(&m, "query", a->rule->query);
	member_text(&m, "event_category_field", category.n ? category : STR("event.category"));
	member_str(&m, "timestamp_field", STR("@timestamp"));
	member_int(&m, "size", a->size);
	fields(&m, a->rule);
	member_str(&m, "wait_for_completion_timeout", STR("10s"));
	member_bool(&m, "keep_on_completion", false);
	member_str(&m, "keep_alive", STR("2m"));
	filters(&m, "filter", &of_events, false);
	members_close(&m);
}

void ask_signals(const struct ask *a, struct buf *out)
{
	struct ask of_alerts = *a;
	of_alerts.alerts = true;
	struct members m = members_open(out, '{');
	member_int(&m, "size", a->size);
	member_bool(&m, "track_total_hits", true);
	member_bool(&m, "_source", true);
	filters(&m, "query", &of_alerts, true);
	newest_first(&m, NULL);
	members_close(&m);
}
