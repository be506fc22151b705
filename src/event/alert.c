/*
 * alert: the few facts of a match that lists, filters and exports work with. A Kibana alert keeps
 * its own rule, severity and times, whose fields differ between 7.x (signal.*) and later versions.
 * The id of a local match is made of the rule's id and the event's, so that the same event gives
 * the same alert from whatever file it comes.
 */
#include "s3triage/event/alert.h"

#include "alert_priv.h"
#include "ecs_priv.h"
#include "replication_priv.h"

#include "s3triage/base/hash.h"
#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"
#include "s3triage/event/table.h"
#include "s3triage/event/workflow.h"

enum { ID_DIGITS = 20, SHARED_ID_MAX = 200, FOUND_IN_MAX = 200 };

static int64_t first_time(const struct json *ecs, const char *a, const char *b, const char *c)
{
	int64_t ms = fact_time(ecs, a);
	if (ms == WHEN_NONE && b)
		ms = fact_time(ecs, b);
	return ms == WHEN_NONE && c ? fact_time(ecs, c) : ms;
}

static void alert_read_times(const struct json *ecs, struct alert *out)
{
	out->made = fact_time(ecs, "@timestamp");
	out->time = out->made;
	if (out->from_kibana)
		out->time = first_time(ecs, "kibana.alert.original_time", "signal.original_time",
			"@timestamp");
	out->ingested = first_time(ecs, "event.ingested", "kibana.alert.original_event.ingested",
		"signal.original_event.ingested");
}

static void alert_own_rule(const struct json *ecs, struct arena *mem, struct alert *out)
{
	char tmp[JSON_SCALAR_MAX];
	struct str risk = TEXT(ecs, mem, "kibana.alert.risk_score", "kibana.alert.rule.risk_score",
		"signal.rule.risk_score");
	AUTO(json_free_ptr) struct json *number = json_parse(risk, NULL);
	double value = json_num(number);
	out->risk = value > 0 && value <= 100 ? (int)value : 0;
	out->rule = TEXT(ecs, mem, "kibana.alert.rule.name", "signal.rule.name");
	out->rule_id = TEXT(ecs, mem, "kibana.alert.rule.rule_id",
		"kibana.alert.rule.parameters.rule_id", "signal.rule.rule_id");
	out->severity = TEXT(ecs, mem, "kibana.alert.severity", "kibana.alert.rule.severity",
		"signal.rule.severity");
	struct str status = doc_text(ecs, "kibana.alert.workflow_status", tmp);
	if (!status.n)
		status = doc_text(ecs, "signal.status", tmp);
	if (str_is(status, "in-progress")) /* the older word */
		status = STR("acknowledged");
	out->workflow_status = arena_str(mem, status);
	out->workflow = workflow_hash(ecs);
	out->workflow_at = workflow_time(ecs);
}

static void given_rule(const struct alert_rule *rule, struct arena *mem, struct alert *out)
{
	if (!rule)
		return;
	out->rule = arena_str(mem, rule->name);
	out->rule_id = arena_str(mem, rule->rule_id);
	out->severity = arena_str(mem, rule->severity);
	out->risk = rule->risk;
}

/* Another service's word has its own name and severity. */
static void finding_rule(const struct json *ecs, struct arena *mem, struct alert *out)
{
	int64_t risk = 0;
	out->rule = TEXT(ecs, mem, "rule.name");
	out->rule_id = TEXT(ecs, mem, "rule.id");
	out->severity = TEXT(ecs, mem, "log.level");
	out->risk = json_int(doc_get(ecs, STR("event.risk_score")), &risk) ? (int)risk : 0;
}

/* An event without an id is known by its text: that of the original, else of the document. */
static void put_event(const struct json *ecs, struct str event_id, struct buf *out)
{
	struct str original = doc_str(ecs, "event.original");
	if (event_id.n || original.n) {
		buf_add(out, event_id.n ? event_id : original);
		return;
	}
	AUTO(json_free_ptr) struct json *copy = json_copy(ecs);
	json_remove(copy, "_hit");
	json_remove(copy, EVENT_FOUND_IN);
	json_remove(copy, EVENT_DOUBTS);
	json_print_stable(copy, out);
}

static struct str derived_id(const struct json *ecs, const struct alert *a, struct arena *mem)
{
	char hex[SHA256_HEX];
	AUTO(buf_fini) struct buf b = {0};
	buf_add(&b, a->rule_id);
	buf_char(&b, '\n');
	put_event(ecs, a->event_id, &b);
	sha256_hex(buf_str(&b), hex);
	return arena_str(mem, (struct str){hex, ID_DIGITS});
}

static void read_ids(const struct json *ecs, struct arena *mem, struct alert *out)
{
	const struct json *hit = json_get(ecs, "_hit");
	struct str hit_id = json_str(json_get(hit, "_id"));
	out->event_id = TEXT(ecs, mem, "kibana.alert.original_event.id", "signal.original_event.id",
		"event.id");
	if (out->from_kibana)
		out->id = TEXT(ecs, mem, "kibana.alert.uuid");
	if (out->from_kibana && !out->id.n && hit_id.n)
		out->id = arena_str(mem, hit_id);
	if (!out->id.n)
		out->id = derived_id(ecs, out, mem);
	struct str index = json_str(json_get(hit, "_index"));
	if (index.n || hit_id.n)
		out->source = arena_fmt(mem, "%.*s/%.*s", STR_ARG(index), STR_ARG(hit_id));
}

static bool is_lossy(const struct json *ecs)
{
	return table_marked(ecs) || json_get(ecs, EVENT_LOSSY);
}

/* Of a document that was written here, what only the text before it showed. */
static trait_set written_doubts(const struct json *ecs)
{
	trait_set bits = 0;
	for (const struct json *m = json_first(json_get(ecs, EVENT_DOUBTS)); m; m = json_next(m))
		bits |= trait_parse(json_str(m)) & TRAITS_DOUBT;
	return bits;
}

static void read_request(const struct alert_input *in, struct arena *mem, struct alert *out)
{
	struct arena scratch = {0};
	struct replication r;
	replication_read_raw(in->ecs, in->raw, &scratch, &r);
	out->bucket = arena_str(mem, r.bucket);
	out->owner = arena_str(mem, r.owner);
	out->shared_id = arena_str(mem, text_cut(r.shared_id, SHARED_ID_MAX));
	if (r.owner.n)
		out->owner_from = str_ends(str_c(r.owner_from), STR("resources.account_id")) ?
			OWNER_EVENT : OWNER_TRAIL;
	out->role = arena_str(mem, r.role);
	out->read_from = r.read_from;
	out->disagreement = r.disagreement;
	out->found_in = arena_str(mem, text_cut(json_str(json_get(in->ecs, EVENT_FOUND_IN)), FOUND_IN_MAX));
	dests_read(&r, mem, out);
	traits_read(in->ecs, &r, mem, out);
	out->traits |= (in->shape != SHAPE_CLOUDTRAIL && ecs_twins(in->ecs) ? (trait_set)TRAIT_TWIN_KEYS : 0) |
		in->doubts | written_doubts(in->ecs) | (is_lossy(in->ecs) ? (trait_set)TRAIT_LOSSY : 0) |
		(out->found_in.n ? (trait_set)TRAIT_FOUND_ASIDE : 0) |
		(out->time == WHEN_NONE ? (trait_set)TRAIT_UNREAD : 0);
	arena_fini(&scratch);
}

bool alert_read(const struct json *ecs, enum event_shape shape, const struct alert_rule *rule,
	struct arena *mem, struct alert *out)
{
	const struct alert_input in = {.ecs = ecs, .shape = shape, .rule = rule};
	return alert_read_input(&in, mem, out);
}

bool alert_read_input(const struct alert_input *in, struct arena *mem, struct alert *out)
{
	const struct json *ecs = in->ecs;
	*out = (struct alert){.from_kibana = in->shape == SHAPE_ALERT, .workflow_at = WHEN_NONE};
	if (json_type(ecs) != JSON_OBJECT || !json_first(ecs))
		return false;
	if (out->from_kibana)
		alert_own_rule(ecs, mem, out);
	else if (in->shape == SHAPE_FINDING)
		finding_rule(ecs, mem, out);
	else
		given_rule(in->rule, mem, out);
	alert_read_times(ecs, out);
	read_ids(ecs, mem, out);
	actor_read(ecs, mem, out);
	identity_read(ecs, in->raw, mem, out);
	read_request(in, mem, out);
	return true;
}
