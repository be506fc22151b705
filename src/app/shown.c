/*
 * shown: the alert under the cursor in full. Read only when it is about to be drawn, so that a
 * held key costs nothing for the alerts it passes.
 */
#include "app_priv.h"

void shown_drop(struct shown *s)
{
	loaded_fini(&s->in);
	*s = (struct shown){.row = ROW_NONE};
}

static void read_all(struct app *a, struct shown *s, row_id r)
{
	struct err err = {0};
	s->row = r;
	loaded_read(&s->in, a->set.desk->store, r, a->set.desk->rule);
	s->in.detail.now = shown_now(a);
	if (!desk_history(a->set.desk, s->in.detail.alert, loaded_take,
			&s->in, &err))
		app_say(a, ROLE_ERROR, "the history cannot be read: %s", err.text);
}

/* Sample events are of the time of their story. */
int64_t shown_now(const struct app *a)
{
	const struct desk *d = a->set.desk;
	return d->alerts_now ? d->alerts_now(d->alerts_ctx) : WHEN_NONE;
}

static void make_texts(struct app *a, bool keep)
{
	const struct detail *d = &a->shown.in.detail;
	for (int p = PANE_REQUEST; p < PANES; p++) {
		text_clear(a->pane[p].text);
		if (!keep)
			a->pane[p].top = a->pane[p].hit = 0;
	}
	if (!d->alert)
		return;
	(a->raw ? request_raw_text : request_text)(d, a->pane[PANE_REQUEST].text);
	actor_text(d, a->pane[PANE_ACTOR].text);
	if (a->why)
		why_text(a, a->pane[PANE_GUIDE].text);
	else
		guide_text(d, a->pane[PANE_GUIDE].text);
}

void shown_load(struct app *a)
{
	if (a->shown.row == a->cursor && !a->shown.stale)
		return;
	bool keep = a->shown.row == a->cursor;
	size_t step = keep ? a->shown.step : 0;
	shown_drop(&a->shown);
	a->shown.step = step;
	if (a->cursor != ROW_NONE) {
		read_all(a, &a->shown, a->cursor);
		around_load(a);
	}
	make_texts(a, keep);
}
