/*
 * action: the table of actions as data.
 */
#include "s3triage/config/action.h"

static const struct action_about actions[ACTION_COUNT] = {
#define X(enumerator, name, place, group, help) {#name, group, help, PLACE_##place},
	ACTIONS(X)
#undef X
};

const struct action_about *action_about(int i)
{
	return &actions[i];
}

bool action_parse(struct str name, int *out)
{
	for (int i = 0; i < ACTION_COUNT; i++) {
		if (str_is(name, actions[i].name)) {
			*out = i;
			return true;
		}
	}
	return false;
}
