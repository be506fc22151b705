/*
 * listing_proposals: what standing approvals propose: alerts that fit, alerts that are to be opened
 * again, and those outside the limits with why. Enter asks before anything is done.
 */
#include "approve_priv.h"

#include "s3triage/base/when.h"

#include <inttypes.h>

static const struct listing_column columns[] = {
	{.name = "proposed", .width = 9},
	{.name = "approval", .width = 8, .right = true},
	{.name = "time", .width = 11, .rank = 3},
	{.name = "bucket", .width = 16, .grow = 2},
	{.name = "destination", .width = 15, .rank = 4},
	{.name = "why", .width = 20, .grow = 4, .rank = 2},
};

static const struct proposal *listing_proposals_at(const struct approval_plan *p, size_t i)
{
	if (i < p->n_fits)
		return &p->fits[i];
	i -= p->n_fits;
	return i < p->n_reopen ? &p->reopen[i] : &p->outside[i - p->n_reopen];
}

static size_t listing_proposals_count(struct app *a)
{
	const struct approval_plan *p = propose_plan(a, 0);
	return p->n_fits + p->n_reopen + p->n_outside;
}

static struct str why(const struct app *a, const struct proposal *p, struct arena *mem)
{
	AUTO(buf_fini) struct buf text = {0};
	if (p->misfit)
		proposal_explain(p, store_alert(a->set.desk->store, p->row), &text);
	else
		approval_describe(p->approval, &text);
	return arena_str(mem, buf_str(&text));
}

static void listing_proposals_row(
	const void *app, size_t i, struct arena *mem, struct listing_cell *c)
{
	const struct app *a = app;
	const struct approval_plan *plan = &a->propose->plan;
	const struct proposal *p = listing_proposals_at(plan, i);
	const struct alert *al = store_alert(a->set.desk->store, p->row);
	bool fits = i < plan->n_fits, reopen = !fits && i < plan->n_fits + plan->n_reopen;
	c[0] = (struct listing_cell){fits ? STR("approved") : reopen ? STR("reopen") : STR("outside"),
		fits ? ROLE_APPROVED : reopen ? ROLE_OPEN : ROLE_DIM};
	c[1] = (struct listing_cell){arena_fmt(mem, "%" PRId64, p->approval->id), ROLE_TEXT};
	c[2] = (struct listing_cell){listing_time(al->time, mem), ROLE_DIM};
	c[3] = (struct listing_cell){al->bucket, ROLE_STRONG};
	c[4] = (struct listing_cell){preview_dest(al, mem), ROLE_TEXT};
	c[5] = (struct listing_cell){reopen ? STR("the approval has ended") : why(a, p, mem),
		p->misfit ? ROLE_WARN : ROLE_DIM};
}

static void listing_proposals_page(struct app *a, size_t i, struct text *t)
{
	struct arena mem = {0};
	AUTO(buf_fini) struct buf text = {0};
	char when[WHEN_TEXT_MAX], tmp[ALERT_WHO_MAX];
	const struct proposal *p = listing_proposals_at(propose_plan(a, 0), i);
	const struct alert *al = store_alert(a->set.desk->store, p->row);
	approval_describe(p->approval, &text);
	text_fmt(t, ROLE_HEADING, "approval %" PRId64, p->approval->id);
	text_end(t);
	listing_say(t, "agreed", arena_str(&mem, buf_str(&text)));
	listing_say(t, "by", p->approval->by);
	listing_say(t, "owner", p->approval->owner);
	listing_say(t, "automatic", p->approval->automatic ? STR("yes") : STR("no"));
	if (p->misfit)
		listing_say(t, "outside", why(a, p, &mem));
	text_end(t);
	listing_say(t, "time", str_c(when_format(al->time, when)));
	listing_say(t, "bucket", al->bucket);
	for (size_t k = 0; k < al->n_dests; k++)
		listing_say(t, k ? "" : "destination", arena_fmt(&mem, "%.*s  %s  %.*s",
			STR_ARG(al->dests[k].account.n ? al->dests[k].account : STR("-")), relation_name(al->dests[k].relation),
			STR_ARG(al->dests[k].bucket)));
	listing_say(t, "role", al->role);
	listing_say(t, "actor", alert_who(al, tmp));
	listing_say(t, "arn", al->actor_arn);
	listing_say(t, "from", al->ip);
	listing_say(t, "source", al->source);
	arena_fini(&mem);
}

/* All that the row's approval proposes, after a preview. */
static unsigned listing_proposals_enter(struct app *a, size_t i)
{
	const struct approval_plan *p = propose_plan(a, 0);
	int64_t id = listing_proposals_at(p, i)->approval->id;
	if (i >= p->n_fits + p->n_reopen)
		return app_say(a, ROLE_DIM, "it is outside the limits: it stays open, nothing is proposed");
	if (a->set.desk->read_only)
		return app_say(a, ROLE_WARN, "read-only: nothing can be decided here");
	propose_open(a, id);
	return APP_DRAW;
}

static unsigned listing_proposals_decide(struct app *a, size_t i, enum verdict v)
{
	(void)i;
	(void)v;
	return app_say(a, ROLE_DIM, "Enter asks about all that this approval proposes");
}

static const struct listing_kind proposals_kind = {
	.title = "What approvals propose",
	.columns = columns,
	.n_columns = ARRAY_LEN(columns),
	.empty = "no approval proposes anything",
	.count = listing_proposals_count,
	.row = listing_proposals_row,
	.page = listing_proposals_page,
	.enter = listing_proposals_enter,
	.entered = "decide",
	.enter_help = "decide what this approval proposes, after a preview",
	.decide = listing_proposals_decide,
};

unsigned act_proposals(struct app *a)
{
	return listing_open(a, &proposals_kind);
}
