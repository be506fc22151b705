/*
 * steps: going through the guide's steps, ticking one, and a note to it. In the guide's pane letters
 * are no verdicts: whoever writes down what was found decides nothing by it.
 */
#include "app_priv.h"

/* The guide's text is made anew; the pane follows the step. */
static void steps_show(struct app *a)
{
	struct shown *s = &a->shown;
	struct text *t = a->pane[PANE_GUIDE].text;
	s->around.step = s->step;
	text_clear(t);
	guide_text(&s->in.detail, t);
	struct rect r = app_layout(a).pane[PANE_GUIDE];
	if (r.rows <= 0)
		return;
	text_layout(t, r.cols);
	size_t line = s->around.step_lines[s->step], row = text_row_of(t, line), rows = (size_t)r.rows;
	size_t top = a->pane[PANE_GUIDE].top;
	if (row < top + 1 || row + 2 > top + rows)
		pane_scroll(a, PANE_GUIDE, row > rows / 3 ? row - rows / 3 : 0);
}

static bool steps_here(struct app *a)
{
	shown_load(a);
	if (a->shown.around.checklist && a->shown.steps.n && !a->why)
		return true;
	app_say(a, ROLE_DIM, "the guide has no steps to tick");
	return false;
}

unsigned act_step_next(struct app *a)
{
	if (steps_here(a) && a->shown.step + 1 < a->shown.steps.n) {
		a->shown.step++;
		steps_show(a);
	}
	return APP_DRAW;
}

unsigned act_step_previous(struct app *a)
{
	if (steps_here(a) && a->shown.step > 0) {
		a->shown.step--;
		steps_show(a);
	}
	return APP_DRAW;
}

/* Whether a step can be ticked here and now; says why not. */
static bool steps_may_tick(struct app *a)
{
	if (a->focus != PANE_GUIDE)
		app_say(a, ROLE_DIM, "steps are ticked in the guide");
	else if (a->set.desk->read_only)
		app_say(a, ROLE_WARN, "read-only: nothing can be ticked here");
	else
		return steps_here(a) && painted_allows(a, a->shown.row);
	return false;
}

bool steps_news(struct app *a)
{
	bool news = a->tick_rows != a->set.desk->tick_rows;
	a->tick_rows = a->set.desk->tick_rows;
	a->shown.stale |= news;
	return news;
}

/* Somebody else ticked meanwhile: what is shown is not what a key would be about. */
static bool steps_changed(struct app *a)
{
	desk_look(a->set.desk);
	if (!steps_news(a))
		return false;
	app_say(a, ROLE_WARN, "nothing was ticked: somebody ticked meanwhile; look, then the key again");
	return true;
}

/* One step ticked, with what was found, or taken back. */
static unsigned steps_tick(struct app *a, bool done, struct str found)
{
	struct err err = {0};
	const struct checklist_step *s = &a->shown.steps.steps[a->shown.step];
	const struct alert *al = a->shown.in.detail.alert;
	struct tick t = {.about = al, .alert_id = alert_name(al), .event_id = al->event_id,
		.rule_id = al->rule_id, .step = s->key, .done = done,
		.text = str_sub(found, 0, TICK_TEXT_MAX)};
	if (steps_changed(a))
		return APP_DRAW;
	if (!desk_tick(a->set.desk, &t, &err))
		return app_say(a, ROLE_ERROR, "nothing was ticked: %s", err.text);
	if (app_unread(a, &err))
		return APP_DRAW;
	steps_news(a);
	a->shown.stale = true;
	a->shown.step += done && a->shown.step + 1 < a->shown.steps.n;
	shown_load(a);
	if (a->shown.around.checklist)
		steps_show(a);
	return app_say(a, ROLE_GOOD, done ? "ticked; it is in the journal" : "the tick is taken back");
}

unsigned act_tick(struct app *a)
{
	if (!steps_may_tick(a))
		return APP_DRAW;
	const struct checklist_step *s = &a->shown.steps.steps[a->shown.step];
	return steps_tick(a, !s->ticked, s->evidence);
}

/* ---- a note to a step ----------------------------------------------------------------------- */

static void steps_keep(struct app *a)
{
	draft_write(a, a->step.draft, STR(""), line_str(&a->prompt));
}

static unsigned steps_enter(struct app *a)
{
	struct str note = str_trim(line_str(&a->prompt));
	shown_load(a);
	if (a->step.row != a->shown.row || !a->shown.around.checklist)
		return app_say(a, ROLE_WARN, "another alert is shown now: Esc keeps what you wrote");
	steps_tick(a, true, note.n ? note : a->shown.steps.steps[a->shown.step].evidence);
	if (a->message_role != ROLE_GOOD)
		return APP_DRAW; /* it stays, with what was typed */
	draft_write(a, a->step.draft, STR(""), STR(""));
	layer_pop(a);
	return APP_DRAW;
}

static unsigned steps_key(struct app *a, struct key k)
{
	if (k.code == KEY_CODE_ENTER)
		return steps_enter(a);
	if (k.code == KEY_CODE_ESC || k.code == 3) {
		layer_pop(a);
		return app_say(a, ROLE_DIM, "nothing was ticked%s", a->prompt.text.n
			? "; what you wrote is kept for the next time" : "");
	}
	if (line_key(&a->prompt, k))
		steps_keep(a);
	return APP_DRAW;
}

static enum pasted steps_paste(struct app *a, struct str text)
{
	enum pasted p = layer_paste(&a->prompt, text);
	steps_keep(a);
	return p;
}

static void steps_draw(struct app *a, struct arena *mem, struct screen_model *m)
{
	static const char label[] = "note to this step: ";
	m->prompt = arena_fmt(mem, "%s%.*s", label, STR_ARG(line_str(&a->prompt)));
	m->prompt_cursor = sizeof(label) - 1 + a->prompt.cursor;
}

static const struct key_hint *steps_hints(struct app *a)
{
	static const struct key_hint step[] = {{"Enter", "tick"}, {"Esc", "back"}, {NULL, NULL}};
	(void)a;
	return step;
}

static const struct layer steps_layer = {.key = steps_key, .paste = steps_paste, .draw = steps_draw,
	.hints = steps_hints};

unsigned act_tick_note(struct app *a)
{
	AUTO(buf_fini) struct buf none = {0}, note = {0};
	if (!steps_may_tick(a))
		return APP_DRAW;
	a->step.row = a->shown.row;
	draft_name_step(a, a->step.row, a->shown.steps.steps[a->shown.step].key, a->step.draft);
	bool kept = desk_draft(a->set.desk, a->step.draft, &none, &note);
	line_set(&a->prompt, kept ? buf_str(&note) : a->shown.steps.steps[a->shown.step].note);
	layer_push(a, &steps_layer);
	return kept ? app_say(a, ROLE_WARN, "what you wrote before is still here, not recorded yet")
		: APP_DRAW;
}

bool steps_typing(struct app *a)
{
	if (layer_top(a) != &base_layer || a->focus != PANE_GUIDE)
		return false;
	app_say(a, ROLE_WARN, "in the guide letters decide nothing: Enter writes a note to the step, 1 "
		"goes to the list");
	return true;
}
