/*
 * handoff_later: what a bucket's configuration became after an alert. A request replaces the whole of it, so
 * what stands there now may be another one, which nobody may delete unread.
 */
#include "handoff_priv.h"

#include "s3triage/base/when.h"

/* Another request than the alert's that set the same bucket's configuration, and not before it. A time
 * that is not known may be later. */
static bool comes_later(const struct alert *a, const struct alert *other)
{
	bool again = other == a || (a->event_id.n && str_eq(a->event_id, other->event_id)) ||
		(a->shared_id.n && str_eq(a->shared_id, other->shared_id));
	bool config = (other->n_dests || other->traits & TRAIT_OMITTED) && !(other->traits & TRAIT_FAILED);
	return !again && config && a->bucket.n && str_eq(a->bucket, other->bucket) &&
		(other->time == WHEN_NONE || other->time >= a->time);
}

/* Of two at one time the one that is not to be deleted. */
static bool is_rather(const struct handoff_row *r, const struct handoff_row *than)
{
	if (!than || r->row.alert->time != than->row.alert->time)
		return !than || r->row.alert->time > than->row.alert->time;
	return export_verdict(&r->row) != VERDICT_SUSPICIOUS;
}

void handoff_later(const struct handoff *c, const struct handoff_row *of, struct handoff_later *out)
{
	const struct alert *a = of->row.alert;
	*out = (struct handoff_later){0};
	for (size_t i = 0; i < c->n; i++) {
		if (!comes_later(a, c->rows[i].row.alert))
			continue;
		out->n++;
		if (is_rather(&c->rows[i], out->last))
			out->last = &c->rows[i];
	}
	out->beside = of->later.n && (!out->last || of->later_at >= out->last->row.alert->time);
	out->look = out->beside ||
		(out->last && (export_verdict(&out->last->row) != VERDICT_SUSPICIOUS));
}
