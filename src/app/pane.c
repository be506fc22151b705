/*
 * pane: focus, scrolling and search. Each text pane keeps its own place and its own search.
 */
#include "app_priv.h"

/* ---- focus ---------------------------------------------------------------------------------- */

static unsigned focus(struct app *a, enum pane p)
{
	a->focus = p;
	return APP_DRAW;
}

unsigned act_pane_list(struct app *a)
{
	return focus(a, PANE_LIST);
}

unsigned act_pane_request(struct app *a)
{
	return focus(a, PANE_REQUEST);
}

unsigned act_pane_actor(struct app *a)
{
	return focus(a, PANE_ACTOR);
}

unsigned act_pane_guide(struct app *a)
{
	return focus(a, PANE_GUIDE);
}

unsigned act_pane_next(struct app *a)
{
	return focus(a, (enum pane)(((int)a->focus + 1) % PANES));
}

unsigned act_pane_previous(struct app *a)
{
	return focus(a, (enum pane)(((int)a->focus + PANES - 1) % PANES));
}

unsigned act_enter(struct app *a)
{
	return focus(a, PANE_REQUEST);
}

unsigned act_zoom(struct app *a)
{
	a->zoomed = !a->zoomed;
	return APP_DRAW;
}

unsigned act_raw(struct app *a)
{
	a->raw = !a->raw;
	a->shown.stale = true;
	a->pane[PANE_REQUEST].top = 0;
	return app_say(a, ROLE_DIM, a->raw ? "the request as raw text" : "the request, read");
}

/* One step back, the nearest thing first. */
unsigned act_back(struct app *a)
{
	if (a->focus != PANE_LIST && a->pane[a->focus].search.text.n)
		line_set(&a->pane[a->focus].search, STR(""));
	else if (a->zoomed)
		a->zoomed = false;
	else if (a->focus != PANE_LIST)
		a->focus = PANE_LIST;
	else if (a->marks.count)
		marks_clear(&a->marks);
	else if (a->busy && a->set.io.stop_scan)
		a->set.io.stop_scan(a->set.io.ctx);
	return APP_DRAW;
}

/* ---- search --------------------------------------------------------------------------------- */

static bool pane_find_from(struct app *a, struct str needle, size_t from, bool backwards)
{
	size_t shown;
	enum pane p = a->focus;
	shown_load(a);
	pane_rows(a, p, &shown);
	size_t hit = needle.n ? text_search(a->pane[p].text, needle, from, backwards) : STR_NONE;
	if (hit == STR_NONE)
		return false;
	a->pane[p].hit = hit;
	if (hit < a->pane[p].top || hit >= a->pane[p].top + shown)
		pane_scroll(a, p, hit > 2 ? hit - 2 : 0);
	return true;
}

static unsigned no_hit(struct app *a, struct str needle)
{
	if (needle.n == 0)
		return app_say(a, ROLE_DIM, "nothing is searched for; / searches this pane");
	return app_say(a, ROLE_WARN, "'%.*s' is not in this pane", STR_ARG(str_sub(needle, 0, 100)));
}

static unsigned search_key(struct app *a, struct key k)
{
	struct pane_state *p = &a->pane[a->focus];
	if (k.code == KEY_CODE_ESC || k.code == 3) {
		layer_pop(a);
		pane_scroll(a, a->focus, a->prompt_top);
		return APP_DRAW;
	}
	if (k.code == KEY_CODE_ENTER) {
		layer_pop(a);
		line_set(&p->search, line_str(&a->prompt));
		bool found = pane_find_from(a, line_str(&p->search), a->prompt_top, false);
		return found || !p->search.text.n ? APP_DRAW : no_hit(a, line_str(&p->search));
	}
	if (line_key(&a->prompt, k) &&
		!pane_find_from(a, line_str(&a->prompt), a->prompt_top, false))
		pane_scroll(a, a->focus, a->prompt_top);
	return APP_DRAW;
}

static enum pasted search_paste(struct app *a, struct str text)
{
	return layer_paste(&a->prompt, text);
}

static void search_draw(struct app *a, struct arena *mem, struct screen_model *m)
{
	m->panes[a->focus].search = line_str(&a->prompt);
	m->prompt = arena_fmt(mem, "/%.*s", STR_ARG(line_str(&a->prompt)));
	m->prompt_cursor = a->prompt.cursor + 1;
}

static const struct layer search_layer = {.key = search_key, .paste = search_paste, .weighs = weigh_text,
	.draw = search_draw, .hints = hints_typing};

unsigned act_find(struct app *a)
{
	if (a->focus == PANE_LIST)
		return app_act(a, ACTION_FILTER);
	layer_push(a, &search_layer);
	a->prompt_top = a->pane[a->focus].top;
	line_set(&a->prompt, STR(""));
	return APP_DRAW;
}

/* Where n and N go on: the last hit, when it can be seen, else the first row shown. */
static size_t search_place(const struct app *a)
{
	const struct pane_state *p = &a->pane[a->focus];
	return p->hit >= p->top && p->hit < p->top + app_page(a) ? p->hit : p->top;
}

unsigned act_next_hit(struct app *a)
{
	struct str needle = line_str(&a->pane[a->focus].search);
	return pane_find_from(a, needle, search_place(a) + 1, false) ? APP_DRAW : no_hit(a, needle);
}

unsigned act_previous_hit(struct app *a)
{
	struct str needle = line_str(&a->pane[a->focus].search);
	size_t at = search_place(a), rows = text_rows(a->pane[a->focus].text);
	return pane_find_from(a, needle, at ? at - 1 : rows, true) ? APP_DRAW : no_hit(a, needle);
}
