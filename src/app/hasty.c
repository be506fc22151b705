/*
 * hasty: which keys record or send something, as things stand, and what they would answer. Those that
 * came faster than a hand strikes or an eye reads are given back to whoever reads them.
 */
#include "app_priv.h"

#include <string.h>

static bool action_weighs(int action)
{
	return strcmp(action_about(action)->group, "Decide") == 0 || action == ACTION_TICK ||
		action == ACTION_STILL;
}

static bool acts_at(const struct app *a, enum action_place place, struct key k)
{
	int action;
	return config_key(a->set.config, place, k, &action) && action_weighs(action);
}

enum app_weight weigh_in_place(const struct app *a, enum action_place place, struct key k)
{
	return acts_at(a, place, k) ? APP_HEAVY : APP_LIGHT;
}

enum app_weight weigh_text(const struct app *a, struct key k)
{
	(void)a;
	(void)k;
	return APP_TEXT;
}

enum app_weight app_weighs(const struct app *a, struct key k)
{
	const struct layer *l = layer_top(a);
	if (l->weighs)
		return l->weighs(a, k);
	return k.code == KEY_CODE_ENTER ? APP_HEAVY : APP_TEXT;
}

uint64_t app_question(const struct app *a)
{
	const struct asked *q = &a->asked;
	bool dialog = layer_top(a)->sum;
	struct sum s = {a, (uint64_t)(uintptr_t)layer_top(a)};
	if (!dialog && !q->n && !a->asked_conflict && !a->told[0] && !a->told[1])
		return 0;
	sum_add(&s, dialog ? a->painted.numbers : 1);
	sum_add(&s, q->n ? (uint64_t)q->seq * 2 + 1 : 0);
	sum_add(&s, (uint64_t)q->n * VERDICTS + q->verdict);
	sum_add(&s, (uint64_t)a->told[0] + (uint64_t)a->told[1] + a->asked_conflict);
	return s.of | 1;
}

/* What the first press did is still said, and what it asked still stands. */
static unsigned say_held(struct app *a)
{
	struct asked asked = a->asked;
	AUTO(buf_fini) struct buf done = {0};
	if (str_starts(buf_str(&a->message), STR("held: ")))
		return 0;
	buf_add(&done, buf_str(&a->message));
	app_say(a, ROLE_WARN, "held: one press acts once in a second%s%.*s", done.n ? "; " : "",
		STR_ARG(str_sub(buf_str(&done), 0, 500)));
	a->asked = asked;
	return APP_DRAW;
}

unsigned app_refused(struct app *a, enum app_refusal why)
{
	if (why == APP_HELD)
		return say_held(a);
	return app_say(a, ROLE_WARN, why == APP_UNREAD ? "nothing was done: the question has just come up; "
		"read it, then the key again" : "nothing was done: keys came faster than one types, as "
		"pasted text does; press it again");
}
