/*
 * context_now: what became of an alert's configuration, by the last events on its bucket. What cannot be
 * read, and what has no known order, says nothing.
 */
#include "signs_priv.h"

static bool any_enabled(const struct alert *a)
{
	for (size_t i = 0; i < a->n_dests; i++)
		if (str_is(a->dests[i].status, "Enabled"))
			return true;
	return false;
}

/* A cluster is asked for what the rule may match, never for deletions: that none was read says nothing. */
static bool of_cluster(const struct alert *a)
{
	return a->origin.n && a->origin.p[0] != ':';
}

/* While it stands. Of what is left out of the event nobody knows whether it is switched on. */
static enum now_state while_it_stands(const struct alert *a)
{
	if (of_cluster(a))
		return NOW_UNKNOWN;
	return a->n_dests && !any_enabled(a) ? NOW_DISABLED : NOW_ACTIVE;
}

/* The same set again stands as well. */
static enum now_state now_after(const struct alert *a, const struct config_event *e, struct arena *mem)
{
	struct diff d;
	if (e->call == CALL_DeleteBucketReplication || e->call == CALL_DeleteBucket)
		return NOW_REMOVED;
	const struct alert *b = store_alert(e->store, e->row);
	if (!b->n_dests || !a->n_dests)
		return NOW_UNKNOWN;
	diff_facts(a, b, mem, &d);
	if (d.n_lines && d.lines[0].kind != DIFF_SAME)
		return NOW_CHANGED;
	return b->traits & TRAIT_UNREAD ? NOW_UNKNOWN : while_it_stands(a);
}

enum now_state now_of(const struct around_one *w, struct arena *mem)
{
	const struct alert *a = w->alert;
	struct config_event last[CONFIG_LAST_MAX];
	if (!alert_is_config(a) || !a->bucket.n || context_config_timeless(w->c, w->row))
		return NOW_UNKNOWN;
	size_t n = context_configs_last(w->c, w->row, last);
	if (!n)
		return while_it_stands(a);
	enum now_state now = last[0].time == a->time ? while_it_stands(a) : now_after(a, &last[0], mem);
	for (size_t i = 0; i < n; i++)
		if (n == CONFIG_LAST_MAX || now_after(a, &last[i], mem) != now)
			return NOW_UNKNOWN; /* of one second: which came last is not known */
	return now;
}
