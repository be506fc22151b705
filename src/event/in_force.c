/*
 * in_force: rules then and now are the same when they go to the same bucket. Ids, roles and the account
 * that is named can be changed without changing where the data go.
 */
#include "s3triage/event/in_force.h"

const char *in_force_name(enum in_force s)
{
	static const char *const names[] = {"active", "disabled", "changed", "removed", "no_bucket",
		"not_comparable"};
	return names[s];
}

static bool same_place(const struct replication_rule *r, const struct alert_dest *d)
{
	struct str partition = arn_part(d->arn, 1);
	return str_eq(r->bucket, d->bucket) &&
		(!partition.n || !r->partition.n || str_eq(partition, r->partition));
}

/* Whether it matters that copies still go there. */
static bool counts(const struct alert *a, const struct alert_dest *d)
{
	if (d->relation != RELATION_OWN)
		return true;
	for (size_t i = 0; i < a->n_dests; i++)
		if (a->dests[i].relation != RELATION_OWN)
			return false;
	return true;
}

static bool better(const struct replication_rule *r, const struct replication_rule *than,
	const struct alert_dest *d)
{
	if (!than || r->enabled != than->enabled)
		return !than || r->enabled;
	return str_eq(r->id, d->rule_id) && !str_eq(than->id, d->rule_id);
}

const struct replication_rule *in_force_rule(const struct replication_now *now,
	const struct alert_dest *d)
{
	const struct replication_rule *found = NULL;
	for (size_t i = 0; i < now->is.n_rules; i++) {
		const struct replication_rule *r = &now->is.rules[i];
		if (same_place(r, d) && better(r, found, d))
			found = r;
	}
	return found;
}

bool in_force_is_new(const struct replication_rule *r, const struct alert *a)
{
	for (size_t i = 0; i < a->n_dests; i++)
		if (same_place(r, &a->dests[i]))
			return false;
	return true;
}

enum in_force in_force_judge(const struct replication_now *now, const struct alert *a)
{
	if (now->no_bucket)
		return IN_FORCE_NO_BUCKET;
	if (now->none || !now->is.n_rules)
		return IN_FORCE_REMOVED;
	if (!a->n_dests)
		return IN_FORCE_UNCOMPARED;
	enum in_force s = IN_FORCE_CHANGED;
	for (size_t i = 0; i < a->n_dests; i++) {
		const struct replication_rule *r = in_force_rule(now, &a->dests[i]);
		if (!counts(a, &a->dests[i]))
			continue;
		if (r && r->enabled)
			return IN_FORCE_ACTIVE;
		if (r)
			s = IN_FORCE_DISABLED;
	}
	return s;
}

static void still_put_place(struct str account, struct str bucket, struct buf *out)
{
	buf_fmt(out, "%.*s (%.*s)", STR_ARG(account.n ? account : STR("no account named")),
		STR_ARG(bucket));
}

/* Where a request names none, S3 gives one. */
static struct str without_priority(struct str switches)
{
	size_t at = str_find(switches, STR(",priority="));
	return str_starts(switches, STR("priority=")) ? STR("plain") : str_sub(switches, 0, at);
}

/* What is not as it was where the copies still go. */
static void put_remarks(const struct replication_rule *r, const struct alert_dest *d, struct buf *out)
{
	AUTO(arena_fini) struct arena mem = {0};
	struct alert_dest now = alert_dest_of(r, &mem);
	struct str account = now.account.n ? now.account : now.written;
	if (!str_eq(account, d->account.n ? d->account : d->written))
		buf_fmt(out, account.n ? ", now named as %.*s" : ", whose account is not named now%.*s",
			STR_ARG(account));
	if (!filter_within(now.prefix, now.tags, d->prefix, d->tags))
		buf_c(out, filter_within(d->prefix, d->tags, now.prefix, now.tags)
			? ", with a wider filter than then" : ", with another filter than then");
	if (!d->switches.n || !d->manner.n) /* facts of an older journal do not say */
		return;
	if (!str_eq(now.kms_key, d->kms_key))
		buf_fmt(out, ", with %s%.*s", now.kms_key.n ? "another KMS key: " : "no KMS key now", STR_ARG(now.kms_key));
	if (!str_eq(without_priority(now.switches), without_priority(d->switches)))
		buf_fmt(out, ", with other switches: %.*s", STR_ARG(without_priority(now.switches)));
	if (!str_eq(now.manner, d->manner))
		buf_fmt(out, ", copied in another manner: %.*s", STR_ARG(now.manner));
}

/* Those of the request that are there in the given state. */
static size_t still_put_dests(
	const struct replication_now *now, const struct alert *a, bool enabled, struct buf *out)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n_dests; i++) {
		const struct replication_rule *r = in_force_rule(now, &a->dests[i]);
		if (!r || r->enabled != enabled || !counts(a, &a->dests[i]))
			continue;
		if (n++ < 3) {
			buf_c(out, n > 1 ? ", " : "");
			still_put_place(a->dests[i].account, a->dests[i].bucket, out);
			put_remarks(r, &a->dests[i], out);
		}
	}
	if (n > 3)
		buf_fmt(out, " and %zu more", n - 3);
	return n;
}

static void put_new(const struct replication_now *now, const struct alert *a, struct buf *out)
{
	size_t n = 0;
	for (size_t i = 0; i < now->is.n_rules; i++) {
		const struct replication_rule *r = &now->is.rules[i];
		if (!r->enabled || !in_force_is_new(r, a) || n++)
			continue;
		buf_c(out, "; now also to ");
		still_put_place(r->account, r->bucket, out);
	}
	if (n > 1)
		buf_fmt(out, " and %zu more", n - 1);
}

void in_force_words(const struct replication_now *now, const struct alert *a, struct buf *out)
{
	switch (in_force_judge(now, a)) {
	case IN_FORCE_ACTIVE:
		buf_c(out, "still active: copies to ");
		still_put_dests(now, a, true, out);
		break;
	case IN_FORCE_DISABLED:
		buf_c(out, "disabled: ");
		still_put_dests(now, a, false, out);
		break;
	case IN_FORCE_CHANGED:
		buf_c(out, "changed: none of the request's destinations is left");
		break;
	case IN_FORCE_UNCOMPARED:
		buf_c(out, "not comparable: no destination of the request is known; the bucket replicates");
		break;
	case IN_FORCE_REMOVED:
		buf_c(out, "removed: the bucket has no replication now");
		break;
	case IN_FORCE_NO_BUCKET:
		buf_c(out, "the bucket is no more");
		break;
	}
	put_new(now, a, out);
}
