/*
 * act: what approvals do without being asked. None of it comes from a journal that is not known to be
 * whole.
 */
#include "say.h"

void desk_plan(struct desk *d, const struct approvals *of, const struct approval_ask *ask,
	struct approval_plan *out)
{
	struct approval_ask asked = *ask;
	asked.habits = desk_habits(d);
	approval_plan(of, d->store, &asked, out);
}

static void say_applied(struct desk *d, const struct approval_plan *p, bool ok, const struct err *err)
{
	if (!ok)
		desk_say(d, DESK_FAILED, "%s", err->text);
	else if (p->n_fits + p->n_reopen + p->n_moves) /* else others were faster */
		desk_say(d, DESK_DONE, "by approvals: %zu approved, %zu reopened%s", p->n_fits, p->n_reopen,
			p->n_moves ? ", others kept by another approval" : "");
}

void desk_act(struct desk *d)
{
	struct approval_plan plan;
	struct err err = {0};
	struct journal_author who = {d->analyst, d->now()};
	size_t rows = store_count(d->store);
	if (!d->journal || d->read_only || d->applied == rows || !desk_in_place(d))
		return;
	d->applied = rows;
	desk_plan(d, d->approvals, &(struct approval_ask){.now = who.at, .automatic = true}, &plan);
	if (plan.n_fits + plan.n_reopen + plan.n_moves && desk_walk(d, -1) && !d->unsound) {
		bool ok = approval_apply(d->journal, &plan, d->store, &(struct approval_apply){&who, true}, &err);
		desk_look(d);
		say_applied(d, &plan, ok, &err);
	}
	approval_plan_fini(&plan);
}

bool desk_expired(struct desk *d)
{
	int64_t now = d->now();
	bool expired = d->looked && approvals_expired(d->approvals, d->looked, now);
	d->looked = now;
	if (expired)
		d->applied = SIZE_MAX;
	return expired;
}
