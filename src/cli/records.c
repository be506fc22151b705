/*
 * records: what the journal says besides decisions: ticks on the guide's steps and approvals.
 */
#include "cli_priv.h"

static void take_tick(void *ctx, const struct tick *t)
{
	ticks_take(((struct session *)ctx)->ticks, t);
}

static void take_approval(void *ctx, const struct approval_row *r)
{
	approvals_take(((struct session *)ctx)->approvals, r);
}

void records_listen(struct session *s)
{
	const struct journal_listener l = {s, take_tick, take_approval};
	s->ticks = ticks_new();
	s->approvals = approvals_new();
	if (s->journal)
		journal_listen(s->journal, &l);
}

void records_fini(struct session *s)
{
	ticks_free(s->ticks);
	approvals_free(s->approvals);
}
