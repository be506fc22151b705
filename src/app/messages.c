/*
 * messages: the log of what sources and servers had to say, newest first, one key away.
 */
#include "app_priv.h"

#include "s3triage/base/when.h"

#include <stdlib.h>

enum { TEXT_MAX_BYTES = 800 };

unsigned app_log(struct app *a, enum role role, struct str text)
{
	struct log_line *line = &a->log[a->n_log++ % LOG_MAX];
	text = str_sub(text, 0, TEXT_MAX_BYTES);
	free((void *)(uintptr_t)line->text.p);
	line->text = (struct str){mem_dup(text), text.n};
	line->at = a->set.desk->now();
	return app_message(a, role, text);
}

void log_free(struct app *a)
{
	for (size_t i = 0; i < LOG_MAX; i++)
		free((void *)(uintptr_t)a->log[i].text.p);
}

static size_t messages_count(const struct app *a)
{
	return a->n_log < LOG_MAX ? a->n_log : LOG_MAX;
}

static bool item(const struct app *a, size_t i, struct arena *mem, struct menu_item *out)
{
	char at[WHEN_TEXT_MAX];
	const struct log_line *line = &a->log[(a->n_log - 1 - i) % LOG_MAX];
	out->id = (int)((a->n_log - 1 - i) % LOG_MAX);
	out->left = arena_str(mem, str_c(when_short(line->at, at)));
	out->right = line->text;
	return true;
}

/* Enter: the whole line at the foot. */
static unsigned messages_run(struct app *a, int id)
{
	return app_message(a, ROLE_TEXT, a->log[id].text);
}

unsigned act_messages(struct app *a)
{
	static const struct menu_kind kind = {
		"Messages", "show below", messages_count, item, messages_run};
	if (a->n_log == 0)
		return app_say(a, ROLE_DIM, "no source or server has said anything");
	return menu_open(a, &kind);
}
