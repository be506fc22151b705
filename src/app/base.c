/*
 * base: the layer under all others: the list with its panes, whose keys are the configured ones.
 */
#include "app_priv.h"

#include <string.h>

static unsigned base_key(struct app *a, struct key k)
{
	int action;
	char name[16];
	if (config_key(a->set.config, app_place(a), k, &action))
		return app_act(a, action);
	if (k.code >= 0x110000 || k.alt)
		return APP_DRAW;
	return app_say(a, ROLE_DIM, "%s does nothing here; ? lists the keys", key_spelling(k, name));
}

static enum app_weight base_weighs(const struct app *a, struct key k)
{
	return weigh_in_place(a, app_place(a), k);
}

static const struct hint list_hints[] = {{ACTION_APPROVE, "approve"},
	{ACTION_SUSPICIOUS, "suspicious"}, {ACTION_NOTE, "note"}, {ACTION_MARK, "mark"},
	{ACTION_UNDO, "undo"}, {ACTION_ACCOUNTS, "accounts"}, {ACTION_MARK_DESTINATION, "mark account"},
	{ACTION_FIND, "find"},
	{ACTION_PALETTE, "command"}, {ACTION_HELP, "keys"}};
static const struct hint pane_hints[] = {{ACTION_APPROVE, "approve"},
	{ACTION_SUSPICIOUS, "suspicious"}, {ACTION_NEXT_ALERT, "next alert"}, {ACTION_RAW, "raw"},
	{ACTION_ZOOM, "zoom"}, {ACTION_FIND, "search"}, {ACTION_PANE_NEXT, "pane"},
	{ACTION_HELP, "keys"}};
static const struct hint guide_hints[] = {{ACTION_TICK, "tick"}, {ACTION_TICK_NOTE, "note"},
	{ACTION_STEP_NEXT, "next step"}, {ACTION_STEP_PREVIOUS, "step before"},
	{ACTION_NEXT_ALERT, "next alert"}, {ACTION_ZOOM, "zoom"}, {ACTION_FIND, "search"},
	{ACTION_PANE_LIST, "list"}, {ACTION_HELP, "keys"}};

static const struct key_hint *base_hints(struct app *a)
{
	if (a->focus == PANE_GUIDE && !a->why)
		return hints_make(a, guide_hints, ARRAY_LEN(guide_hints));
	return a->focus == PANE_LIST ? hints_make(a, list_hints, ARRAY_LEN(list_hints))
		: hints_make(a, pane_hints, ARRAY_LEN(pane_hints));
}

static bool base_offers(const struct app *a, int action)
{
	enum action_place place = action_about(action)->place;
	return place == PLACE_ANY || place == app_place(a);
}

static bool base_names(struct app *a, int action)
{
	return a->cursor != ROW_NONE || !(hint_decides(action) ||
		strcmp(action_about(action)->group, "Mark") == 0);
}

static const char *base_usual(const struct app *a, int action, const char *usual)
{
	(void)a;
	(void)action;
	return usual;
}

static struct str base_account(struct app *a)
{
	const struct alert *al = app_alert(a);
	const struct alert_dest *d = al ? alert_main_dest(al) : NULL;
	return d && d->relation != RELATION_OWN ? d->account : STR("");
}

static const struct ground base_ground = {"Keys on the list", "Keys in a pane", true, app_place, base_offers,
	base_names, base_usual, base_usual, app_act, base_account};

const struct layer base_layer = {.key = base_key, .weighs = base_weighs, .hints = base_hints,
	.ground = &base_ground};
