/*
 * alert_dest: the destinations of an alert, each with what its rule copies to it. The order of rules
 * is the requester's and says nothing: shuffling a request's rules changes no fact.
 */
#include "alert_priv.h"
#include "replication_priv.h"

#include <stdlib.h>

bool dest_arn_differs(const struct alert_dest *d)
{
	struct str said = arn_part(d->arn, 4);
	return said.n && d->written.n && !str_eq(said, d->account);
}

static int by_tag(const void *left, const void *right)
{
	const struct replication_tag *const *a = left, *const *b = right;
	int c = str_cmp((*a)->key, (*b)->key);
	return c ? c : str_cmp((*a)->value, (*b)->value);
}

static void alert_dest_put_escaped(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\\' || text.p[i] == '=' || text.p[i] == ',')
			buf_char(out, '\\');
		buf_char(out, text.p[i]);
	}
}

/* Sorted, so that the order in which they were written makes no difference. */
static struct str tags_text(const struct replication_rule *rule, struct arena *mem)
{
	if (!rule->n_tags)
		return (struct str){0};
	AUTO(buf_fini) struct buf out = {0};
	AUTO(mem_free_ptr) const struct replication_tag **tags = mem_array(rule->n_tags, sizeof(*tags));
	for (size_t i = 0; i < rule->n_tags; i++)
		tags[i] = &rule->tags[i];
	qsort(tags, rule->n_tags, sizeof(*tags), by_tag);
	for (size_t i = 0; i < rule->n_tags; i++) {
		buf_c(&out, i ? "," : "");
		alert_dest_put_escaped(tags[i]->key, &out);
		buf_char(&out, '=');
		alert_dest_put_escaped(tags[i]->value, &out);
	}
	return arena_str(mem, buf_str(&out));
}

/* Names in an order of their own; never empty, so that what is off is told from what was not kept. */
static struct str switches_text(const struct replication_rule *rule, struct arena *mem)
{
	const struct {
		bool on;
		const char *name;
	} all[] = {{rule->owner_override, "owner-override"}, {rule->delete_markers == TRI_ON, "delete-markers"},
		{rule->existing_objects == TRI_ON, "existing-objects"},
		{rule->kms_objects == TRI_ON, "kms-objects"}};
	AUTO(buf_fini) struct buf out = {0};
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i].on)
			buf_fmt(&out, "%s%s", out.n ? "," : "", all[i].name);
	if (rule->has_priority)
		buf_fmt(&out, "%spriority=%lld", out.n ? "," : "", (long long)rule->priority);
	return out.n ? arena_str(mem, buf_str(&out)) : STR("plain");
}

struct str filter_next_tag(struct str *tags)
{
	size_t n = 0;
	while (n < tags->n && tags->p[n] != ',')
		n += tags->p[n] == '\\' ? 2 : 1;
	n = n < tags->n ? n : tags->n;
	struct str tag = str_sub(*tags, 0, n);
	*tags = str_sub(*tags, n < tags->n ? n + 1 : n, tags->n);
	return tag;
}

static bool has_tag(struct str tags, struct str wanted)
{
	while (tags.n)
		if (str_eq(filter_next_tag(&tags), wanted))
			return true;
	return false;
}

static void put_manner(const char *name, bool on, struct str value, struct buf *out)
{
	if (!on)
		return;
	buf_fmt(out, "%s%s%s", out->n ? "," : "", name, value.n ? "=" : "");
	alert_dest_put_escaped(value, out);
}

/* How copies are made, in an order of its own; never empty, as the switches. */
static struct str manner_text(const struct replication_rule *rule, struct arena *mem)
{
	AUTO(buf_fini) struct buf out = {0};
	put_manner("storage", rule->storage_class.n, rule->storage_class, &out);
	put_manner("replica-modifications", rule->replica_modifications == TRI_ON, (struct str){0}, &out);
	put_manner("replication-time", rule->replication_time == TRI_ON, rule->time_minutes, &out);
	put_manner("metrics", rule->metrics == TRI_ON, rule->metrics_minutes, &out);
	put_manner("not-understood", rule->unread.n, rule->unread, &out);
	return out.n ? arena_str(mem, buf_str(&out)) : STR("plain");
}

bool dest_has(const struct alert_dest *d, const char *word)
{
	return has_tag(d->manner, str_c(word));
}

struct str dest_storage(const struct alert_dest *d)
{
	struct str rest = d->manner, first = filter_next_tag(&rest);
	size_t name = sizeof("storage=") - 1;
	return str_starts(first, STR("storage=")) ? str_sub(first, name, first.n) : (struct str){0};
}

bool filter_within(struct str prefix, struct str tags, struct str wide_prefix, struct str wide_tags)
{
	while (wide_tags.n)
		if (!has_tag(tags, filter_next_tag(&wide_tags)))
			return false;
	return str_starts(prefix, wide_prefix);
}

static int dest_compare_texts(const struct alert_dest *a, const struct alert_dest *b)
{
	const struct str x[] = {a->account, a->written, a->arn, a->bucket, a->prefix, a->tags,
		a->kms_key, a->switches, a->manner, a->rule_id, a->status};
	const struct str y[] = {b->account, b->written, b->arn, b->bucket, b->prefix, b->tags,
		b->kms_key, b->switches, b->manner, b->rule_id, b->status};
	int order = 0;
	for (size_t i = 0; i < ARRAY_LEN(x) && !order; i++)
		order = str_cmp(x[i], y[i]);
	return order;
}

static int dest_compare(const void *left, const void *right)
{
	static const int rank[] = {[RELATION_INVALID] = 0, [RELATION_UNNAMED] = 1,
		[RELATION_OTHER] = 2, [RELATION_OWN] = 3};
	const struct alert_dest *a = left, *b = right;
	if (a->relation != b->relation)
		return rank[a->relation] - rank[b->relation];
	return a->claim != b->claim ? b->claim - a->claim : dest_compare_texts(a, b);
}

static void dest_order(struct alert_dest *d, size_t n)
{
	if (n > 1)
		qsort(d, n, sizeof(*d), dest_compare);
}

const struct alert_dest *alert_main_dest(const struct alert *a)
{
	static const struct alert_dest none = {.relation = RELATION_UNNAMED};
	return a->worst < a->n_dests ? &a->dests[a->worst] : &none;
}

struct alert_dest alert_dest_of(const struct replication_rule *rule, struct arena *mem)
{
	return (struct alert_dest){
		.account = arena_str(mem, rule->account),
		.written = arena_str(mem, rule->account_text),
		.bucket = arena_str(mem, rule->bucket),
		.rule_id = arena_str(mem, rule->id),
		.status = arena_str(mem, rule->status),
		.arn = str_starts(rule->bucket_arn, STR("arn:")) ? arena_str(mem, rule->bucket_arn)
								 : (struct str){0},
		.prefix = arena_str(mem, rule->prefix),
		.tags = tags_text(rule, mem),
		.kms_key = arena_str(mem, rule->kms_key),
		.switches = switches_text(rule, mem),
		.manner = manner_text(rule, mem),
		.relation = rule->relation,
		.claim = rule->account.n && !rule->owner_override && !rule->cut,
	};
}

void dests_read(const struct replication *r, struct arena *mem, struct alert *out)
{
	struct alert_dest *dests = r->n_rules ? arena_array(mem, r->n_rules, sizeof(*dests)) : NULL;
	for (size_t i = 0; i < r->n_rules; i++)
		dests[i] = alert_dest_of(&r->rules[i], mem);
	dest_order(dests, r->n_rules);
	out->dests = dests;
	out->n_dests = r->n_rules;
}
