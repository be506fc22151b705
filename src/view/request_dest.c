/*
 * request_dest: the destinations of a request. Rules that send to the same account and bucket are
 * told together, what they share once; other people's accounts come first.
 */
#include "pane_priv.h"

#include <stdlib.h>

#define RULES_LISTED 8   /* of one destination */
#define VALUES_LISTED 4 /* keys, classes of one destination */
#define GROUPS_IN_FULL 12

struct group {
	const struct replication_rule *first;
	size_t n, enabled;
	size_t owner_override, claims, deletes, kms, existing, replicas, timed, metrics, whole;
};

static int order(enum relation r)
{
	static const int orders[] = {[RELATION_OTHER] = 0, [RELATION_INVALID] = 1,
		[RELATION_UNNAMED] = 2, [RELATION_OWN] = 3};
	return orders[r % 4];
}

static bool whole_bucket(const struct replication_rule *r)
{
	return r->prefix.n == 0 && r->n_tags == 0;
}

static void count_rule(struct group *g, const struct replication_rule *r)
{
	g->n++;
	g->enabled += r->enabled;
	g->owner_override += r->owner_override;
	g->claims += r->account.n && !r->owner_override && !r->cut;
	g->deletes += r->delete_markers == TRI_ON;
	g->kms += r->kms_objects == TRI_ON || r->kms_key.n > 0;
	g->existing += r->existing_objects == TRI_ON;
	g->replicas += r->replica_modifications == TRI_ON;
	g->timed += r->replication_time == TRI_ON;
	g->metrics += r->metrics == TRI_ON;
	g->whole += whole_bucket(r);
}

static bool same_target(const struct replication_rule *a, const struct replication_rule *b)
{
	return a->relation == b->relation && str_eq(a->account, b->account) &&
		str_eq(a->account_text, b->account_text) && str_eq(a->bucket_arn, b->bucket_arn);
}

static int compare_groups(const void *pa, const void *pb)
{
	const struct group *a = pa, *b = pb;
	int c = order(a->first->relation) - order(b->first->relation);
	return c ? c : (a->first > b->first) - (a->first < b->first);
}

static struct group *make_groups(const struct replication *r, size_t *n)
{
	struct group *groups = mem_array(r->n_rules, sizeof(*groups));
	*n = 0;
	for (size_t i = 0; i < r->n_rules; i++) {
		size_t g = 0;
		while (g < *n && !same_target(groups[g].first, &r->rules[i]))
			g++;
		if (g == *n)
			groups[(*n)++].first = &r->rules[i];
		count_rule(&groups[g], &r->rules[i]);
	}
	qsort(groups, *n, sizeof(*groups), compare_groups);
	return groups;
}

/* The account and whose it is: the line that decides the alert. */
static void request_dest_say_account(const struct replication *all, const struct group *g, struct text *t)
{
	const struct replication_rule *r = g->first;
	text_span(t, ROLE_DIM, STR("> "));
	text_indent(t, 0, 2);
	switch (r->relation) {
	case RELATION_OTHER:
		text_span(t, ROLE_OTHER, r->account);
		text_span(t, ROLE_OTHER, all->owner.n ? STR("  another account")
			: STR("  but whose bucket it is, is not known"));
		if (str_eq(r->account, all->caller_account))
			text_span(t, ROLE_WARN, STR(", the caller's"));
		break;
	case RELATION_OWN:
		text_span(t, ROLE_OWN, r->account);
		text_span(t, ROLE_OWN, STR("  the bucket owner's own account"));
		break;
	case RELATION_UNNAMED:
		text_span(t, ROLE_WARN, STR("no account named"));
		text_span(t, ROLE_DIM, STR(": it may be anybody's, find the bucket's owner"));
		break;
	case RELATION_INVALID:
		if (r->cut) {
			text_fmt(t, ROLE_ERROR, "\"%.*s\"", STR_ARG(str_sub(r->account_text, 0, 200)));
			text_span(t, ROLE_ERROR, STR("  cut: which account is not known"));
			break;
		}
		text_fmt(t, ROLE_ERROR, "\"%.*s\"", STR_ARG(str_sub(r->account_text, 0, 200)));
		text_span(t, ROLE_ERROR, STR("  not a valid account id"));
		break;
	}
	if (r->account.n && g->claims == g->n) /* of one rule with owner override S3 did check it */
		text_span(t, ROLE_WARN, STR(", only claimed"));
	text_end(t);
}

static void detail_line(struct text *t, const char *label, enum role role, struct str s)
{
	text_fmt(t, ROLE_LABEL, "%-*s", LABEL_CELLS - 2, label);
	text_span(t, role, s);
	text_indent(t, 2, LABEL_CELLS - 2);
	text_end(t);
}

/* A trait that rules can have. */
struct trait {
	size_t have; /* how many rules have it */
	const char *words;
};

/* The traits that occur in one line, each with the number of its rules unless all have it. */
static void detail_traits(struct text *t, const char *label, const struct trait *traits, size_t of)
{
	bool any = false;
	for (; traits->words; traits++) {
		if (traits->have == 0)
			continue;
		if (any)
			text_span(t, ROLE_DIM, STR(", "));
		else
			text_fmt(t, ROLE_LABEL, "%-*s", LABEL_CELLS - 2, label);
		text_span(t, ROLE_TEXT, str_c(traits->words));
		if (traits->have < of)
			text_fmt(t, ROLE_DIM, " (%zu of %zu)", traits->have, of);
		any = true;
	}
	if (!any)
		return;
	text_indent(t, 2, LABEL_CELLS - 2);
	text_end(t);
}

static void say_scope(const struct replication_rule *r, struct text *t)
{
	const char *older = r->filter == FILTER_V1_PREFIX ? " (older form)" : "";
	if (whole_bucket(r)) {
		text_span(t, ROLE_STRONG, STR("the whole bucket"));
		return;
	}
	if (r->prefix.n)
		text_fmt(t, ROLE_TEXT, "prefix \"%.*s\"%s", STR_ARG(str_sub(r->prefix, 0, 1024)), older);
	for (size_t i = 0; i < r->n_tags; i++)
		text_fmt(t, ROLE_TEXT, "%stag %.*s=%.*s", r->prefix.n || i ? ", " : "",
			STR_ARG(str_sub(r->tags[i].key, 0, 128)),
			STR_ARG(str_sub(r->tags[i].value, 0, 256)));
}

static void say_rule_state(const struct replication_rule *r, struct text *t)
{
	if (r->id.n)
		text_fmt(t, ROLE_TEXT, "\"%.*s\" ", STR_ARG(str_sub(r->id, 0, 255)));
	if (r->enabled)
		text_span(t, ROLE_TEXT, STR("enabled"));
	else
		text_fmt(t, ROLE_WARN, r->cut && !r->status.n ? "status not read" : "%.*s, copies nothing yet",
			STR_ARG(r->status.n ? str_sub(r->status, 0, 40) : STR("no status")));
	if (r->has_priority)
		text_fmt(t, ROLE_DIM, ", priority %lld", (long long)r->priority);
}

/* The only rule of a destination. */
static void say_single(const struct group *g, struct text *t)
{
	text_fmt(t, ROLE_LABEL, "%-*s", LABEL_CELLS - 2, "copies");
	text_indent(t, 2, LABEL_CELLS - 2);
	say_scope(g->first, t);
	text_end(t);
	text_fmt(t, ROLE_LABEL, "%-*s", LABEL_CELLS - 2, "rule");
	text_indent(t, 2, LABEL_CELLS - 2);
	say_rule_state(g->first, t);
	text_end(t);
}

static void say_many(const struct replication *r, const struct group *g, struct text *t)
{
	size_t listed = 0;
	text_fmt(t, ROLE_LABEL, "%-*s", LABEL_CELLS - 2, "rules");
	text_indent(t, 2, LABEL_CELLS - 2);
	text_fmt(t, ROLE_TEXT, "%zu, %zu enabled", g->n, g->enabled);
	if (g->whole)
		text_fmt(t, ROLE_STRONG, ", %zu for the whole bucket", g->whole);
	text_end(t);
	for (size_t i = 0; i < r->n_rules && listed < RULES_LISTED; i++) {
		if (!same_target(g->first, &r->rules[i]))
			continue;
		text_span(t, ROLE_DIM, STR("- "));
		text_indent(t, 4, 2);
		say_rule_state(&r->rules[i], t);
		text_span(t, ROLE_DIM, STR(": "));
		say_scope(&r->rules[i], t);
		text_end(t);
		listed++;
	}
	if (listed == g->n)
		return;
	text_fmt(t, ROLE_DIM, "- %zu more rule%s to the same bucket", g->n - listed,
		plural(g->n - listed));
	text_indent(t, 4, 2);
	text_end(t);
}

static struct str rule_value_at(const struct replication_rule *r, size_t at)
{
	return *(const struct str *)(const void *)((const char *)r + at);
}

/* What the rules of a destination have there, each value once. */
static void detail_values(const struct replication *r, const struct group *g, struct text *t, size_t at,
	const char *label)
{
	size_t n = 0;
	for (size_t i = 0; i < r->n_rules; i++) {
		struct str v = rule_value_at(&r->rules[i], at);
		bool again = !v.n || !same_target(g->first, &r->rules[i]);
		for (size_t k = 0; k < i && !again; k++)
			again = same_target(g->first, &r->rules[k]) && str_eq(rule_value_at(&r->rules[k], at), v);
		if (!again && n++ < VALUES_LISTED)
			detail_line(t, n == 1 ? label : "", at == offsetof(struct replication_rule, unread) ? ROLE_WARN :
				ROLE_TEXT, v);
	}
	if (n <= VALUES_LISTED)
		return;
	text_fmt(t, ROLE_DIM, "%-*s%zu more", LABEL_CELLS - 2, "", n - VALUES_LISTED);
	text_indent(t, 2, LABEL_CELLS - 2);
	text_end(t);
}

static void say_traits(const struct replication *r, const struct group *g, struct text *t)
{
	const struct trait owner[] = {
		{g->owner_override, "goes to the destination's owner"},
		{g->claims, "account only claimed, S3 checks nothing"}, {0, NULL}};
	const struct trait also[] = {{g->deletes, "delete markers"},
		{g->existing, "objects from before"}, {g->kms, "KMS-encrypted objects"},
		{g->replicas, "changes to replicas"}, {g->timed, "replication time control"},
		{g->metrics, "metrics"}, {0, NULL}};
	detail_traits(t, "ownership", owner, g->n);
	detail_traits(t, "also", also, g->n);
	detail_values(r, g, t, offsetof(struct replication_rule, kms_key), "KMS key");
	detail_values(r, g, t, offsetof(struct replication_rule, storage_class), "storage");
	detail_values(r, g, t, offsetof(struct replication_rule, unread), "unknown");
}

static const char *partition_words(struct str partition)
{
	if (str_is(partition, "aws-cn"))
		return "aws-cn, the Chinese partition";
	if (str_is(partition, "aws-us-gov"))
		return "aws-us-gov, the GovCloud partition";
	return "not a public AWS partition";
}

static void say_group(const struct replication *r, const struct group *g, struct text *t)
{
	const struct replication_rule *first = g->first;
	request_dest_say_account(r, g, t);
	if (first->account.n && !str_eq(first->account, first->account_text))
		detail_line(t, "written as", ROLE_WARN, first->account_text);
	detail_line(t, "bucket", ROLE_STRONG, first->bucket.n ? first->bucket
		: first->bucket_arn.n ? first->bucket_arn : first->cut ? STR("not read") : STR("none named"));
	if (first->partition.n && !str_is(first->partition, "aws"))
		detail_line(t, "partition", ROLE_WARN, str_c(partition_words(first->partition)));
	if (g->n == 1)
		say_single(g, t);
	else
		say_many(r, g, t);
	say_traits(r, g, t);
}

static void say_group_short(const struct replication *r, const struct group *g, struct text *t)
{
	request_dest_say_account(r, g, t);
	detail_line(t, "bucket", ROLE_TEXT, g->first->bucket);
}

void request_destinations(const struct replication *r, struct text *t)
{
	size_t n = 0, others = 0;
	struct group *groups = make_groups(r, &n);
	for (size_t i = 0; i < n; i++)
		others += groups[i].first->relation == RELATION_OTHER;
	if (n > 1) {
		text_fmt(t, ROLE_STRONG, "%zu destinations", n);
		text_fmt(t, ROLE_DIM, ", %zu in other accounts, %zu rules", others, r->n_rules);
		text_end(t);
	}
	for (size_t i = 0; i < n; i++)
		if (i < GROUPS_IN_FULL)
			say_group(r, &groups[i], t);
		else
			say_group_short(r, &groups[i], t);
	free(groups);
}
