/*
 * hasty: which keys record or send something, as things stand. Those that came faster than a hand
 * strikes are given back to whoever reads them.
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

static enum app_weight in_place(const struct app *a, enum action_place place, struct key k)
{
	return acts_at(a, place, k) ? APP_HEAVY : APP_LIGHT;
}

enum app_weight app_weighs(const struct app *a, struct key k)
{
	switch (a->mode) {
	case MODE_NORMAL:
		return in_place(a, app_place(a), k);
	case MODE_LISTING:
		return a->listing.typing ? APP_TEXT : in_place(a, PLACE_LIST, k);
	case MODE_FILTER:
	case MODE_SEARCH:
		return APP_TEXT;
	default:
		return k.code == KEY_CODE_ENTER ? APP_HEAVY : APP_TEXT;
	}
}

unsigned app_hasty(struct app *a)
{
	return app_say(a, ROLE_WARN, "nothing was done: keys came faster than one types, as pasted text "
		"does; press it again");
}
