/*
 * diff_facts: two configurations compared by what is kept of them.
 */
#include "s3triage/insight/signs.h"

/* "a\,b=c" -> a\,b and c: a backslash takes away the meaning of what follows. */
static struct replication_tag split_tag(struct str text)
{
	size_t at = 0;
	while (at < text.n && text.p[at] != '=')
		at += text.p[at] == '\\' ? 2 : 1;
	at = at < text.n ? at : text.n;
	return (struct replication_tag){str_sub(text, 0, at), str_sub(text, at + 1, text.n)};
}

static size_t count_words(struct str list)
{
	size_t n = 0;
	for (; list.n; n++)
		filter_next_tag(&list);
	return n;
}

static const struct replication_tag *diff_tags(struct str list, struct arena *mem, size_t *n)
{
	struct replication_tag *tags = arena_array(mem, count_words(list), sizeof(*tags));
	for (*n = 0; list.n; (*n)++)
		tags[*n] = split_tag(filter_next_tag(&list));
	return tags;
}

static void set_word(struct replication_rule *r, struct str word)
{
	const struct replication_tag w = split_tag(word);
	const struct {
		const char *name;
		enum tristate *on;
		struct str *value;
	} all[] = {{"delete-markers", &r->delete_markers, NULL}, {"existing-objects", &r->existing_objects, NULL},
		{"kms-objects", &r->kms_objects, NULL}, {"replica-modifications", &r->replica_modifications, NULL},
		{"replication-time", &r->replication_time, &r->time_minutes},
		{"metrics", &r->metrics, &r->metrics_minutes}, {"storage", NULL, &r->storage_class},
		{"not-understood", NULL, &r->unread}};
	r->owner_override |= str_is(w.key, "owner-override");
	if (str_is(w.key, "priority"))
		r->has_priority = str_int(w.value, &r->priority);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (!str_is(w.key, all[i].name))
			continue;
		if (all[i].on)
			*all[i].on = TRI_ON;
		if (all[i].value)
			*all[i].value = w.value;
	}
}

static void diff_rule(const struct alert_dest *d, struct arena *mem, struct replication_rule *r)
{
	*r = (struct replication_rule){.id = d->rule_id, .status = d->status,
		.enabled = str_is(d->status, "Enabled"), .prefix = d->prefix, .bucket = d->bucket,
		.bucket_arn = d->arn, .partition = arn_part(d->arn, 1), .account = d->account,
		.account_text = d->written, .relation = d->relation, .kms_key = d->kms_key};
	r->tags = diff_tags(d->tags, mem, &r->n_tags);
	const struct str lists[] = {d->switches, d->manner};
	for (size_t i = 0; i < 2; i++)
		for (struct str rest = lists[i]; rest.n;)
			set_word(r, filter_next_tag(&rest));
}

static void diff_request(const struct alert *a, struct arena *mem, struct replication *out)
{
	struct replication_rule *rules = arena_array(mem, a->n_dests, sizeof(*rules));
	for (size_t i = 0; i < a->n_dests; i++)
		diff_rule(&a->dests[i], mem, &rules[i]);
	*out = (struct replication){.bucket = a->bucket, .owner = a->owner, .role = a->role, .rules = rules,
		.n_rules = a->n_dests};
}

void diff_facts(const struct alert *before, const struct alert *now, struct arena *mem, struct diff *out)
{
	struct replication b, n;
	diff_request(before, mem, &b);
	diff_request(now, mem, &n);
	diff_requests(&b, &n, mem, out);
}
