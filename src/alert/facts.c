/*
 * facts: the alert's facts that a decision keeps, so that an export needs no source.
 * Everything in struct alert is written and read back, but `workflow` and `workflow_at`, by which
 * the store tells an alert's newer document.
 */
#include "s3triage/alert/facts.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "s3triage/event/json_write.h"
#include "s3triage/event/traits.h"
#include "s3triage/book/book.h"

/* One table for both ways. */
struct field {
	const char *key;
	size_t at;
};

#define ALERT(key, member) {key, offsetof(struct alert, member)}
#define DEST(key, member) {key, offsetof(struct alert_dest, member)}

static const struct field alert_texts[] = {
	ALERT("id", id), ALERT("event_id", event_id), ALERT("shared_event_id", shared_id), ALERT("also_ids", also),
	ALERT("rule", rule),
	ALERT("rule_id", rule_id), ALERT("severity", severity), ALERT("bucket", bucket),
	ALERT("owner_account", owner), ALERT("role", role), ALERT("actor", actor),
	ALERT("actor_arn", actor_arn), ALERT("issuer_arn", issuer_arn), ALERT("actor_type", actor_type),
	ALERT("access_key_id", key_id), ALERT("source_ip", ip), ALERT("region", region),
	ALERT("user_agent", agent), ALERT("country", country),
	ALERT("invoked_by", invoked_by), ALERT("vpc_endpoint_id", endpoint),
	ALERT("workflow_status", workflow_status), ALERT("source", source),
	ALERT("origin", origin),
	ALERT("role_account", role_account), ALERT("caller_account", caller_account),
	ALERT("destination_partition", dest_partition), ALERT("destination_region", dest_region),
};

static const struct field alert_times[] = {
	ALERT("time", time), ALERT("made", made), ALERT("ingested", ingested),
};

static const struct field dest_texts[] = {
	DEST("account", account), DEST("written", written), DEST("bucket", bucket),
	DEST("rule_id", rule_id), DEST("status", status), DEST("arn", arn), DEST("prefix", prefix),
	DEST("tags", tags), DEST("kms_key", kms_key), DEST("switches", switches),
	DEST("manner", manner),
};

static const char *const owner_words[] = {"", "event", "trail"};

static const struct str *text_at(const void *base, const struct field *f)
{
	return (const struct str *)(const void *)((const char *)base + f->at);
}

static int64_t *time_at(struct alert *a, const struct field *f)
{
	return (int64_t *)(void *)((char *)a + f->at);
}

static void facts_put_texts(struct members *m, const void *base, const struct field *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_at(base, &f[i])->n)
			member_str(m, f[i].key, *text_at(base, &f[i]));
}

static void facts_put_dest(struct members *list, const struct alert_dest *d)
{
	member_key(list, NULL);
	struct members m = members_open(list->out, '{');
	facts_put_texts(&m, d, dest_texts, ARRAY_LEN(dest_texts));
	member_str(&m, "relation", str_c(relation_name(d->relation)));
	if (d->claim)
		member_bool(&m, "claim", true);
	members_close(&m, '}');
}

void export_facts(const struct alert *a, struct buf *out)
{
	struct alert copy = *a;
	struct members m = members_open(out, '{');
	copy.id = alert_name(a);
	facts_put_texts(&m, &copy, alert_texts, ARRAY_LEN(alert_texts));
	for (size_t i = 0; i < ARRAY_LEN(alert_times); i++)
		if (*time_at(&copy, &alert_times[i]) != WHEN_NONE)
			member_time(&m, alert_times[i].key, *time_at(&copy, &alert_times[i]));
	member_int(&m, "risk_score", a->risk);
	member_key(&m, "destinations");
	struct members list = members_open(out, '[');
	for (size_t i = 0; i < a->n_dests; i++)
		facts_put_dest(&list, &a->dests[i]);
	members_close(&list, ']');
	member_str(&m, "read_from", str_c(read_from_name(a->read_from)));
	if (a->owner_from)
		member_str(&m, "owner_from", str_c(owner_words[a->owner_from]));
	member_bool(&m, "disagreement", a->disagreement);
	member_bool(&m, "from_kibana", a->from_kibana);
	if (a->traits)
		member_traits(&m, "traits", a->traits);
	members_close(&m, '}');
}

/* ---- back --------------------------------------------------------------------------------- */

static void get_texts(const struct json *from, void *base, const struct field *f, size_t n,
	struct arena *mem)
{
	for (size_t i = 0; i < n; i++) {
		struct str s = json_str(json_get(from, f[i].key));
		if (s.n)
			*(struct str *)(void *)((char *)base + f[i].at) = arena_str(mem, s);
	}
}

static enum relation get_relation(struct str name)
{
	for (int r = RELATION_OTHER; r <= RELATION_INVALID; r++)
		if (str_is(name, relation_name((enum relation)r)))
			return (enum relation)r;
	return RELATION_INVALID;
}

static enum read_from get_read_from(struct str name)
{
	for (int r = READ_NOTHING; r <= READ_STRING; r++)
		if (str_is(name, read_from_name((enum read_from)r)))
			return (enum read_from)r;
	return READ_NOTHING;
}

static enum owner_from get_owner_from(struct str word)
{
	for (size_t i = ARRAY_LEN(owner_words); --i > 0;)
		if (str_is(word, owner_words[i]))
			return (enum owner_from)i;
	return OWNER_UNSAID;
}

/* Names of a later version are passed over. */
static trait_set get_traits(const struct json *list)
{
	trait_set bits = 0;
	if (json_type(list) == JSON_ARRAY)
		for (const struct json *m = json_first(list); m; m = json_next(m))
			bits |= trait_parse(json_str(m));
	return bits;
}

static void get_dests(const struct json *list, struct arena *mem, struct alert *out)
{
	size_t n = json_type(list) == JSON_ARRAY ? json_count(list) : 0;
	if (n > REPLICATION_RULES_MAX)
		n = REPLICATION_RULES_MAX;
	struct alert_dest *d = arena_array(mem, n, sizeof(*d));
	const struct json *item = n ? json_first(list) : NULL;
	for (size_t i = 0; i < n; i++, item = json_next(item)) {
		get_texts(item, &d[i], dest_texts, ARRAY_LEN(dest_texts), mem);
		d[i].relation = get_relation(json_str(json_get(item, "relation")));
		d[i].claim = json_bool(json_get(item, "claim"));
	}
	out->dests = d;
	out->n_dests = n;
	out->worst = dest_worst(out, NULL); /* older rows have the requester's order */
}

/* Older rows do not say which account was only claimed; where nothing asks for owner override, each is. */
static void mend_claims(struct alert *a)
{
	struct alert_dest *d = (struct alert_dest *)(uintptr_t)a->dests;
	bool asks = a->traits & (TRAIT_OWNER_OVERRIDE | TRAIT_CLAIM);
	for (size_t i = 0; !asks && i < a->n_dests; i++) {
		d[i].claim = d[i].account.n > 0;
		a->traits |= d[i].claim ? TRAIT_CLAIM : 0;
	}
}

bool export_facts_read(struct str facts, struct arena *mem, struct alert *out, struct err *err)
{
	AUTO(json_free_ptr) struct json *doc = json_parse(facts, err);
	if (!doc)
		return err_prefix(err, "the facts kept with a decision do not parse");
	if (json_type(doc) != JSON_OBJECT)
		return err_set(err, ERR_INPUT, "the facts kept with a decision are no object");
	*out = (struct alert){.workflow_at = WHEN_NONE};
	get_texts(doc, out, alert_texts, ARRAY_LEN(alert_texts), mem);
	for (size_t i = 0; i < ARRAY_LEN(alert_times); i++) {
		int64_t *to = time_at(out, &alert_times[i]);
		if (!when_parse(json_str(json_get(doc, alert_times[i].key)), to))
			*to = WHEN_NONE;
	}
	int64_t risk = 0;
	json_int(json_get(doc, "risk_score"), &risk);
	out->risk = risk < 0 ? 0 : risk > 100 ? 100 : (int)risk;
	get_dests(json_get(doc, "destinations"), mem, out);
	out->read_from = get_read_from(json_str(json_get(doc, "read_from")));
	out->owner_from = get_owner_from(json_str(json_get(doc, "owner_from")));
	out->disagreement = json_bool(json_get(doc, "disagreement"));
	out->from_kibana = json_bool(json_get(doc, "from_kibana"));
	out->traits = get_traits(json_get(doc, "traits"));
	mend_claims(out);
	return true;
}

/* ---- as it was decided on ----------------------------------------------------------------- */

static bool dests_are_whole(const struct alert *a)
{
	bool whole = a->owner_from != OWNER_UNSAID;
	for (size_t i = 0; i < a->n_dests; i++)
		whole = whole && a->dests[i].switches.n;
	return whole;
}

/* Only what older versions did not keep, and who it was is never guessed: nobody looked at it. */
static void fill_texts(const struct alert *row, struct alert *a)
{
	static const struct field later[] = {
		ALERT("", shared_id), ALERT("", origin), ALERT("", role_account),
		ALERT("", caller_account), ALERT("", dest_partition), ALERT("", dest_region),
	};
	for (size_t i = 0; i < ARRAY_LEN(later); i++) {
		struct str *to = (struct str *)(void *)((char *)a + later[i].at);
		if (!to->n)
			*to = *text_at(row, &later[i]);
	}
}

bool export_decided(const struct alert *row, struct str facts, const struct book *book,
	struct arena *mem, struct alert *out)
{
	struct alert now = *row;
	if (!facts.n || !export_facts_read(facts, mem, out, NULL))
		return false;
	if (str_eq(out->id, alert_name(row))) { /* with what tells it from others of that id */
		out->id = row->id;
		out->plain_id = row->plain_id;
	}
	fill_texts(row, out);
	for (size_t i = 0; i < ARRAY_LEN(alert_times); i++)
		if (*time_at(out, &alert_times[i]) == WHEN_NONE)
			*time_at(out, &alert_times[i]) = *time_at(&now, &alert_times[i]);
	if (row->n_dests && !dests_are_whole(out)) { /* of an older version */
		out->dests = row->dests;
		out->n_dests = row->n_dests;
	}
	out->worst = dest_worst(out, book);
	out->traits = out->traits ? out->traits | (row->traits & TRAITS_DOUBT) : row->traits;
	return true;
}
