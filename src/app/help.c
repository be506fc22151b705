/*
 * help: the menus of actions: `?` by key, for the place one is in; `:` by name. Both run what is
 * chosen.
 */
#include "app_priv.h"

static size_t action_count(const struct app *a)
{
	(void)a;
	return ACTION_COUNT;
}

static bool counts_here(const struct app *a, int action)
{
	return layer_ground(a)->offers(a, action);
}

/* "j Down" */
static struct str help_keys_of(const struct app *a, int action, struct arena *mem)
{
	struct buf text;
	struct key k;
	buf_init(&text, 200);
	for (size_t i = 0; config_action_key(a->set.config, layer_ground(a)->place(a), action, i, &k); i++) {
		char name[16];
		buf_fmt(&text, "%s%s", i ? " " : "", key_spelling(k, name));
	}
	struct str keys = arena_str(mem, buf_str(&text));
	buf_fini(&text);
	return keys;
}

/* A table gives some actions another sense. */
static const char *help_of(const struct app *a, int action)
{
	return layer_ground(a)->help(a, action, action_about(action)->help);
}

static bool decides(int action)
{
	static const int these[] = {ACTION_APPROVE, ACTION_SUSPICIOUS, ACTION_REOPEN, ACTION_UNDO,
		ACTION_REDO, ACTION_SEND_MINE, ACTION_KEEP_THEIRS, ACTION_TICK};
	for (size_t i = 0; i < ARRAY_LEN(these); i++)
		if (these[i] == action)
			return true;
	return false;
}

/* What is chosen is done where the menu was opened: never to an alert behind a table. What decides
 * is not taken for meant because it stands on top of what a letter leaves. */
static unsigned help_run(struct app *a, int action)
{
	const char *name = action_about(action)->name;
	if (decides(action) && !a->menu.moved &&
		str_find(line_str(&a->menu.query), str_c(name)) == STR_NONE) {
		layer_push(a, &menu_layer);
		return app_say(a, ROLE_WARN, "this decides: type the whole word %s, or go to its line with "
			"the arrow keys", name);
	}
	return layer_ground(a)->act(a, action);
}

static bool help_item(const struct app *a, size_t i, struct arena *mem, struct menu_item *out)
{
	const struct action_about *about = action_about((int)i);
	out->id = (int)i;
	out->left = help_keys_of(a, (int)i, mem);
	out->right = arena_fmt(mem, "%s: %s", about->group, help_of(a, (int)i));
	return counts_here(a, (int)i) && out->left.n;
}

static bool palette_item(const struct app *a, size_t i, struct arena *mem, struct menu_item *out)
{
	const struct action_about *about = action_about((int)i);
	struct str keys = help_keys_of(a, (int)i, mem);
	out->id = (int)i;
	out->left = str_c(about->name);
	const char *help = help_of(a, (int)i);
	out->right = keys.n ? arena_fmt(mem, "%s  (%.*s)", help, STR_ARG(keys)) : str_c(help);
	return counts_here(a, (int)i);
}

unsigned act_help(struct app *a)
{
	static const struct menu_kind kind = {NULL, "run", action_count, help_item, help_run};
	return menu_open(a, &kind);
}

unsigned act_palette(struct app *a)
{
	static const struct menu_kind kind = {
		"Command", "run", action_count, palette_item, help_run};
	return menu_open(a, &kind);
}
