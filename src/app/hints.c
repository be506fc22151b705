/*
 * hints: the keys that are named below the screen. Those that would do nothing are not.
 */
#include "app_priv.h"

#include <string.h>

bool hint_decides(int action)
{
	return strcmp(action_about(action)->group, "Decide") == 0 && action != ACTION_UNDO;
}

const struct key_hint *hints_make(struct app *a, const struct hint *from, size_t n)
{
	const struct ground *g = layer_ground(a);
	size_t kept = 0;
	for (size_t i = 0; i < n && kept < HINTS_MAX; i++) {
		struct key k;
		int action = from[i].action;
		bool records = hint_decides(action) || action == ACTION_UNDO;
		if (!config_action_key(a->set.config, g->place(a), action, 0, &k) ||
			(records && a->set.desk->read_only) || !g->names(a, action))
			continue;
		a->hints[kept].key = key_spelling(k, a->hint_keys[kept]);
		a->hints[kept++].label = g->label(a, action, from[i].label);
	}
	a->hints[kept] = (struct key_hint){NULL, NULL};
	return a->hints;
}

const struct key_hint *hints_typing(struct app *a)
{
	static const struct key_hint typing[] = {{"Enter", "keep"}, {"^U", "empty"}, {"Esc", "back"},
		{NULL, NULL}};
	(void)a;
	return typing;
}
