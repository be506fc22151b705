/*
 * still: rules then and now are the same when they go to the same bucket of the same account. Ids
 * and roles can be changed without changing where the data go.
 */
#include "s3triage/event/still.h"

const char *still_name(enum still s)
{
	static const char *const names[] = {"active", "disabled", "changed", "removed", "no_bucket"};
	return names[s];
}

static bool same_place(const struct replication_rule *r, const struct alert_dest *d)
{
	struct str then = d->account.n ? d->account : d->written;
	struct str now = r->account.n ? r->account : r->account_text;
	return str_eq(r->bucket, d->bucket) && str_eq(now, then);
}

static bool better(const struct replication_rule *r, const struct replication_rule *than,
	const struct alert_dest *d)
{
	if (!than || r->enabled != than->enabled)
		return !than || r->enabled;
	return str_eq(r->id, d->rule_id) && !str_eq(than->id, d->rule_id);
}

const struct replication_rule *still_rule(const struct replication_now *now,
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

bool still_is_new(const struct replication_rule *r, const struct alert *a)
{
	for (size_t i = 0; i < a->n_dests; i++)
		if (same_place(r, &a->dests[i]))
			return false;
	return true;
}

enum still still_judge(const struct replication_now *now, const struct alert *a)
{
	if (now->no_bucket)
		return STILL_NO_BUCKET;
	if (now->none || !now->is.n_rules)
		return STILL_REMOVED;
	enum still s = STILL_CHANGED;
	for (size_t i = 0; i < a->n_dests; i++) {
		const struct replication_rule *r = still_rule(now, &a->dests[i]);
		if (r && r->enabled)
			return STILL_ACTIVE;
		if (r)
			s = STILL_DISABLED;
	}
	return s;
}

static void put_place(struct str account, struct str bucket, struct buf *out)
{
	buf_fmt(out, "%.*s (%.*s)", STR_ARG(account.n ? account : STR("no account named")),
		STR_ARG(bucket));
}

/* Those of the request that are there in the given state. */
static size_t put_dests(const struct replication_now *now, const struct alert *a, bool enabled,
	struct buf *out)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n_dests; i++) {
		const struct replication_rule *r = still_rule(now, &a->dests[i]);
		if (!r || r->enabled != enabled)
			continue;
		if (n++ < 3) {
			buf_c(out, n > 1 ? ", " : "");
			put_place(a->dests[i].account, a->dests[i].bucket, out);
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
		if (!r->enabled || !still_is_new(r, a) || n++)
			continue;
		buf_c(out, "; now also to ");
		put_place(r->account, r->bucket, out);
	}
	if (n > 1)
		buf_fmt(out, " and %zu more", n - 1);
}

void still_words(const struct replication_now *now, const struct alert *a, struct buf *out)
{
	switch (still_judge(now, a)) {
	case STILL_ACTIVE:
		buf_c(out, "still active: copies to ");
		put_dests(now, a, true, out);
		break;
	case STILL_DISABLED:
		buf_c(out, "disabled: ");
		put_dests(now, a, false, out);
		break;
	case STILL_CHANGED:
		buf_c(out, "changed: none of the request's destinations is left");
		break;
	case STILL_REMOVED:
		buf_c(out, "removed: the bucket has no replication now");
		break;
	case STILL_NO_BUCKET:
		buf_c(out, "the bucket is no more");
		break;
	}
	put_new(now, a, out);
}
