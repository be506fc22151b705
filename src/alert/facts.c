/*
 * facts: the alert's facts that a decision keeps, so that an export needs no source.
 * Everything in struct alert is written and read back, but `workflow` and `workflow_at`, by which
 * the store tells an alert's newer document.
 */
#include "s3triage/alert/facts.h"

#include "s3triage/alert/fact.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "s3triage/event/json_write.h"
#include "s3triage/event/traits.h"
#include "s3triage/book/book.h"

/* Of a destination; one table for both ways. What the alert itself has is in the table of facts. */
struct field {
	const char *key;
	size_t at;
};

#define DEST(key, member) {key, offsetof(struct alert_dest, member)}

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

static void facts_put_texts(struct members *m, const void *base, const struct field *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_at(base, &f[i])->n)
			member_str(m, f[i].key, *text_at(base, &f[i]));
}

static void facts_put_dest(struct members *list, const struct alert_dest *d)
{
	member_open(list, NULL, '{');
	facts_put_texts(list, d, dest_texts, ARRAY_LEN(dest_texts));
	member_str(list, "relation", str_c(relation_name(d->relation)));
	if (d->claim)
		member_bool(list, "claim", true);
	member_close(list, 1);
}

/* Of these types, in the table's order; what is empty is left out, but no number and no flag. */
static void facts_put(struct members *m, const struct alert *a, enum fact_type from, enum fact_type to)
{
	size_t n;
	const struct fact *f = facts_all(&n);
	for (; n; n--, f++) {
		if (!f->key || f->type < from || f->type > to)
			continue;
		if (f->type == FACT_TEXT && fact_text(a, f)->n)
			member_str(m, f->key, *fact_text(a, f));
		else if (f->type == FACT_TIME && *fact_time(a, f) != WHEN_NONE)
			member_time(m, f->key, *fact_time(a, f));
		else if (f->type == FACT_INT)
			member_int(m, f->key, *fact_int(a, f));
		else if (f->type == FACT_FLAG)
			member_bool(m, f->key, *fact_flag(a, f));
	}
}

void export_facts(const struct alert *a, struct buf *out)
{
	struct alert copy = *a;
	struct members m = members_open(out, '{');
	copy.id = alert_name(a);
	if (str_eq(copy.person, copy.session)) /* both stand in the ARN */
		copy.person = (struct str){0};
	if (str_eq(copy.session, session_of(a->actor_arn)))
		copy.session = (struct str){0};
	facts_put(&m, &copy, FACT_TEXT, FACT_INT);
	member_open(&m, "destinations", '[');
	for (size_t i = 0; i < a->n_dests; i++)
		facts_put_dest(&m, &a->dests[i]);
	member_close(&m, 1);
	member_str(&m, "read_from", str_c(read_from_name(a->read_from)));
	if (a->owner_from)
		member_str(&m, "owner_from", str_c(owner_words[a->owner_from]));
	facts_put(&m, a, FACT_FLAG, FACT_FLAG);
	if (a->traits)
		member_traits(&m, "traits", a->traits);
	members_close(&m);
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

static void get_fact(const struct json *v, const struct fact *f, struct arena *mem, struct alert *out)
{
	int64_t n = 0;
	switch (f->type) {
	case FACT_TEXT:
		*fact_text(out, f) = json_str(v).n ? arena_str(mem, json_str(v)) : (struct str){0};
		break;
	case FACT_TIME:
		if (!when_parse(json_str(v), fact_time(out, f)))
			*fact_time(out, f) = WHEN_NONE;
		break;
	case FACT_INT:
		json_int(v, &n);
		*fact_int(out, f) = n < 0 ? 0 : n > 100 ? 100 : (int)n; /* the risk is the only one */
		break;
	case FACT_FLAG:
		*fact_flag(out, f) = json_bool(v);
		break;
	}
}

bool export_facts_read(struct str facts, struct arena *mem, struct alert *out, struct err *err)
{
	size_t n;
	const struct fact *f = facts_all(&n);
	AUTO(json_free_ptr) struct json *doc = json_parse(facts, err);
	if (!doc)
		return err_prefix(err, "the facts kept with a decision do not parse");
	if (json_type(doc) != JSON_OBJECT)
		return err_set(err, ERR_INPUT, "the facts kept with a decision are no object");
	*out = (struct alert){.workflow_at = WHEN_NONE};
	for (; n; n--, f++)
		if (f->key)
			get_fact(json_get(doc, f->key), f, mem, out);
	get_dests(json_get(doc, "destinations"), mem, out);
	out->read_from = get_read_from(json_str(json_get(doc, "read_from")));
	out->owner_from = get_owner_from(json_str(json_get(doc, "owner_from")));
	out->traits = get_traits(json_get(doc, "traits"));
	identity_derive(out);
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
static void fill_later(const struct alert *row, struct alert *a)
{
	size_t n;
	const struct fact *f = facts_all(&n);
	for (; n; n--, f++) {
		if (f->how & FACT_LATER && !fact_text(a, f)->n)
			*fact_text(a, f) = *fact_text(row, f);
		else if (f->key && f->type == FACT_TIME && *fact_time(a, f) == WHEN_NONE)
			*fact_time(a, f) = *fact_time(row, f);
	}
}

bool export_decided(const struct alert *row, struct str facts, const struct book *book,
	struct arena *mem, struct alert *out)
{
	if (!facts.n || !export_facts_read(facts, mem, out, NULL))
		return false;
	if (str_eq(out->id, alert_name(row))) { /* with what tells it from others of that id */
		out->id = row->id;
		out->plain_id = row->plain_id;
	}
	fill_later(row, out);
	if (row->n_dests && !dests_are_whole(out)) { /* of an older version */
		out->dests = row->dests;
		out->n_dests = row->n_dests;
	}
	out->worst = dest_worst(out, book);
	out->traits = out->traits ? out->traits | (row->traits & TRAITS_DOUBT) : row->traits;
	return true;
}
