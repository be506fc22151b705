/*
 * layer: what is open over the list and its panes, the last on top. Keys go to that one. And what every
 * file of the app uses: the line of messages, the layout, an action by its number.
 */
#include "app_priv.h"

#include <stdarg.h>
#include <stdio.h>

void layer_push(struct app *a, const struct layer *l)
{
	if (a->n_layers < LAYERS_MAX)
		a->layers[a->n_layers++] = l;
}

void layer_pop(struct app *a)
{
	if (a->n_layers > 1)
		a->n_layers--;
}

const struct layer *layer_top(const struct app *a)
{
	return a->layers[a->n_layers - 1];
}

bool layer_open(const struct app *a, const struct layer *l)
{
	for (size_t i = 0; i < a->n_layers; i++)
		if (a->layers[i] == l)
			return true;
	return false;
}

const struct ground *layer_ground(const struct app *a)
{
	size_t i = a->n_layers - 1;
	while (i && !a->layers[i]->ground)
		i--;
	return a->layers[i]->ground;
}

enum pasted layer_paste(struct line *l, struct str text)
{
	return line_insert(l, text) ? PASTE_TAKEN : PASTE_TOO_LONG;
}

unsigned app_act(struct app *a, int action)
{
	return a->acts[action](a);
}

enum action_place app_place(const struct app *a)
{
	return a->focus == PANE_LIST ? PLACE_LIST : PLACE_PANE;
}

unsigned app_say(struct app *a, enum role role, const char *fmt, ...)
{
	char text[600];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_clear(&a->message);
	buf_c(&a->message, text);
	a->message_role = role;
	a->asked.n = 0; /* what was asked there has gone from the screen */
	return APP_DRAW;
}

unsigned app_message(struct app *a, enum role role, struct str text)
{
	return app_say(a, role, "%.*s", STR_ARG(str_sub(text, 0, 590)));
}

bool app_unread(struct app *a, const struct err *err)
{
	if (err->code)
		app_say(a, ROLE_WARN, "it is recorded, but not shown yet: %s", err->text);
	return err->code;
}

struct screen_layout app_layout(const struct app *a)
{
	struct text *const texts[PANES] = {NULL, a->pane[PANE_REQUEST].text,
		a->pane[PANE_ACTOR].text, a->pane[PANE_GUIDE].text};
	return screen_layout_fit(a->rows, a->cols, a->focus, a->zoomed, texts);
}

size_t app_page(const struct app *a)
{
	int rows = app_layout(a).pane[a->focus].rows;
	return rows > 1 ? (size_t)rows : 1;
}
