/*
 * listing_steps: the way from one table to another, which Esc goes back.
 */
#include "listing_priv.h"

/* Each table stands once on the way: to go to it again is to go back. */
void listing_keep(struct app *a, const struct listing_kind *kind, enum group_by by)
{
	struct listing *s = &a->listing;
	size_t n = 0;
	if (!s->open)
		s->n_steps = 0;
	while (kind->groups && n < s->n_steps && s->steps[n].by != by)
		n++;
	if (kind->groups && n < s->n_steps)
		s->n_steps = n;
	else if (s->open && s->kind->groups && !(kind->groups && s->by == by))
		s->steps[s->n_steps++] = (struct listing_step){s->kind, s->by, s->at, s->top};
}

bool listing_step_back(struct app *a)
{
	struct listing *s = &a->listing;
	if (!s->n_steps)
		return false;
	struct listing_step to = s->steps[--s->n_steps];
	s->kind = to.kind;
	s->by = to.by;
	s->at = to.at;
	s->top = to.top;
	s->page_top = 0;
	s->fresh = false;
	line_set(&s->search, STR(""));
	line_set(&s->filter, s->groups[s->by] ? groups_words(s->groups[s->by]) : STR(""));
	return true;
}
