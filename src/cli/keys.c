/*
 * keys: the console's keys for the manual, from the action table and the built-in keymap.
 */
#include "cli_priv.h"

#include "s3triage/config/action.h"

#include <string.h>

static void print_keys(const struct config *c, int action)
{
	struct key key;
	char name[16];
	enum action_place place = action_about(action)->place;
	bool first = true;
	for (size_t i = 0; config_action_key(c, place, action, i, &key); i++) {
		fputs(first ? "" : ", ", stdout);
		fputs("\\fB", stdout);
		roff(key_spelling(key, name));
		fputs("\\fR", stdout);
		first = false;
	}
	if (first)
		fputs("(no key; by the palette)", stdout);
}

void man_keys(void)
{
	struct config *c = config_new((struct str){0}, "built in", NULL);
	const char *group = "";
	fputs(".SH KEYS\nAll of them can be changed in config.toml under the names in parentheses.\n", stdout);
	for (int i = 0; i < ACTION_COUNT; i++) {
		const struct action_about *a = action_about(i);
		if (strcmp(a->group, group) != 0)
			printf(".SS %s\n", a->group);
		group = a->group;
		fputs(".TP\n", stdout);
		print_keys(c, i);
		putchar('\n');
		roff(a->help);
		printf(" (%s)\n", a->name);
	}
	config_free(c);
}

/* roff: a leading dot or quote and every backslash and hyphen need care. */
void roff(const char *s)
{
	static const struct {
		char c;
		const char *as;
	} own[] = {{'-', "\\-"}, {'\\', "\\e"}, {'\'', "\\(aq"}, {'~', "\\(ti"}, {'^', "\\(ha"}, {'`', "\\(ga"}};
	if (*s == '.')
		fputs("\\&", stdout);
	for (; *s; s++) {
		size_t i = 0;
		while (i < ARRAY_LEN(own) && own[i].c != *s)
			i++;
		if (i < ARRAY_LEN(own))
			fputs(own[i].as, stdout);
		else
			putchar(*s);
	}
}
