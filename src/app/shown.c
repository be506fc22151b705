/*
 * shown: the alert under the cursor in full. Read only when it is about to be drawn, so that a
 * held key costs nothing for the alerts it passes.
 */
#include "app_priv.h"

#include <stdio.h>
#include <stdlib.h>

void shown_drop(struct shown *s)
{
	json_free(s->ecs);
	rule_free(s->rule);
	arena_fini(&s->mem);
	free(s->history);
	*s = (struct shown){.row = ROW_NONE};
}

static void take_history(void *ctx, const struct decision *d)
{
	struct shown *s = ctx;
	struct decision *copy = arena_alloc(&s->mem, sizeof(*copy));
	*copy = *d;
	struct str *texts[] = {&copy->analyst, &copy->alert_id, &copy->event_id, &copy->rule_id,
		&copy->reason, &copy->note, &copy->batch, &copy->hash, &copy->prev_hash};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = arena_str(&s->mem, *texts[i]);
	copy->facts = STR("");
	if (s->n_history == s->cap_history) {
		s->cap_history = s->cap_history ? s->cap_history * 2 : 8;
		s->history = mem_resize(s->history, s->cap_history, sizeof(*s->history));
	}
	s->history[s->n_history++] = copy;
}

static void read_history(struct app *a, struct shown *s, const struct alert *alert)
{
	struct err err = {0};
	if (!a->set.io.history)
		return;
	if (!a->set.io.history(a->set.io.ctx, alert->id, take_history, s, &err))
		app_say(a, ROLE_ERROR, "the history cannot be read: %s", err.text);
}

static bool read_document(struct app *a, struct shown *s, row_id r)
{
	enum event_shape shape;
	AUTO(buf_fini) struct buf raw;
	AUTO(json_free_ptr) struct json *record = NULL;
	buf_init(&raw, JSON_BYTES_MAX);
	if (!store_raw(a->set.store, r, &raw, &s->err))
		return false;
	record = json_parse(buf_str(&raw), &s->err);
	if (!record)
		return false;
	s->ecs = event_to_ecs(record, &shape, &s->err);
	if (s->ecs && shape == SHAPE_ALERT)
		s->rule = rule_new_alert(s->ecs);
	return s->ecs != NULL;
}

static void read_all(struct app *a, struct shown *s, row_id r)
{
	const struct alert *alert = store_alert(a->set.store, r);
	s->row = r;
	s->detail.alert = alert;
	if (read_document(a, s, r)) {
		s->detail.ecs = s->ecs;
		replication_read(s->ecs, &s->mem, &s->detail.request);
	} else {
		snprintf(s->error, sizeof(s->error), "the record of %.*s cannot be read: %s",
			STR_ARG(str_sub(alert->source, 0, 80)), s->err.text);
		s->detail.load_error = s->error;
	}
	s->detail.rule = s->rule ? s->rule : a->set.rule;
	s->detail.decision = store_decision(a->set.store, r);
	read_history(a, s, alert);
	s->detail.history = s->history;
	s->detail.n_history = s->n_history;
}

static void make_texts(struct app *a, bool keep)
{
	const struct detail *d = &a->shown.detail;
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

/* The whole document as JSON, for copying. */
bool shown_raw(struct app *a, struct buf *out)
{
	shown_load(a);
	if (a->shown.ecs)
		json_print_pretty(a->shown.ecs, out);
	return a->shown.ecs != NULL;
}
