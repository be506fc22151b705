/*
 * menu: a list in a dialog that narrows as one types and runs a line by Enter: help, palette,
 * sort and copy.
 */
#include "app_priv.h"

#include "s3triage/base/utf8_fold.h"

#include <string.h>

static bool menu_has_word(const struct menu_item *item, struct str word)
{
	return utf8_has(item->left, word) ||
		utf8_has(item->right, word);
}

/* Every word must be in one of the columns; a single key such as "a" is looked for as a key. */
static bool menu_matches(const struct menu_item *item, struct str query)
{
	struct str rest = str_trim(query);
	if (rest.n && str_eq(str_trim(item->left), rest))
		return true;
	while (rest.n) {
		struct str word = str_cut(&rest, ' ');
		if (word.n && !menu_has_word(item, word))
			return false;
	}
	return true;
}

/* What begins with the typed text stands before what only holds it; else the order stays. */
static struct menu_item *beginnings_first(const struct menu_item *items, size_t n, struct str typed,
	struct arena *mem)
{
	struct menu_item *sorted = arena_array(mem, n, sizeof(*sorted));
	size_t at = 0;
	for (int begins = 1; begins >= 0; begins--)
		for (size_t i = 0; i < n; i++)
			if (str_starts(items[i].left, typed) == (begins == 1))
				sorted[at++] = items[i];
	return sorted;
}

static size_t menu_lines(struct app *a, struct arena *mem, struct menu_item **out)
{
	const struct menu_kind *kind = a->menu.kind;
	size_t n = kind->count(a), kept = 0;
	struct menu_item *items = arena_array(mem, n, sizeof(*items));
	for (size_t i = 0; i < n; i++)
		if (kind->item(a, i, mem, &items[kept]) &&
			menu_matches(&items[kept], line_str(&a->menu.query)))
			kept++;
	*out = beginnings_first(items, kept, str_trim(line_str(&a->menu.query)), mem);
	if (a->menu.selected >= kept)
		a->menu.selected = kept ? kept - 1 : 0;
	return kept;
}

static unsigned menu_run(struct app *a)
{
	struct arena mem = {0};
	struct menu_item *items;
	size_t n = menu_lines(a, &mem, &items);
	int id = n ? items[a->menu.selected].id : 0;
	arena_fini(&mem);
	if (n == 0)
		return app_say(a, ROLE_WARN, "nothing matches what is typed");
	layer_pop(a);
	return a->menu.kind->run(a, id);
}

/* Tab: what all lines that match have in common, else the selected one. */
static void menu_complete(struct app *a)
{
	struct arena mem = {0};
	struct menu_item *items;
	if (menu_lines(a, &mem, &items))
		line_set(&a->menu.query, items[a->menu.selected].left);
	a->menu.selected = 0;
	arena_fini(&mem);
}

static bool menu_move(struct app *a, uint32_t code)
{
	size_t page = a->rows > 12 ? (size_t)a->rows - 10 : 1, *at = &a->menu.selected;
	switch (code) {
	case KEY_CODE_DOWN:
	case 14: /* ^N */
		++*at;
		return true;
	case KEY_CODE_UP:
	case 16: /* ^P */
		*at -= *at > 0;
		return true;
	case KEY_CODE_PAGE_DOWN:
		*at += page;
		return true;
	case KEY_CODE_PAGE_UP:
		*at = *at > page ? *at - page : 0;
		return true;
	}
	return false;
}

static unsigned menu_key(struct app *a, struct key k)
{
	switch (k.code) {
	case KEY_CODE_ESC:
	case 3: /* ^C */
		layer_pop(a);
		return APP_DRAW;
	case KEY_CODE_ENTER:
		return menu_run(a);
	case KEY_CODE_TAB:
		menu_complete(a);
		return APP_DRAW;
	}
	if (menu_move(a, k.code)) {
		a->menu.moved = true;
		struct arena mem = {0};
		struct menu_item *items;
		menu_lines(a, &mem, &items); /* keeps `selected` within the lines */
		arena_fini(&mem);
	} else if (line_key(&a->menu.query, k)) {
		a->menu.selected = 0;
		a->menu.moved = false;
	}
	return APP_DRAW;
}

static enum pasted menu_paste(struct app *a, struct str text)
{
	a->menu.moved = false;
	return layer_paste(&a->menu.query, text);
}

static void menu_dialog(struct app *a, struct arena *mem, struct dialog_model *out)
{
	const struct ground *g = layer_ground(a);
	const char *keys = g->place(a) == PLACE_LIST ? g->keys : g->pane_keys;
	const struct key_hint known[] = {{"Enter", a->menu.kind->enter}, {"Tab", "complete"},
		{"Esc", "back"}, {NULL, NULL}};
	struct key_hint *hints = arena_array(mem, ARRAY_LEN(known), sizeof(*hints));
	memcpy(hints, known, sizeof(known));
	struct menu_item *items;
	size_t n = menu_lines(a, mem, &items);
	struct dialog_line *lines = arena_array(mem, n + 1, sizeof(*lines));
	for (size_t i = 0; i < n; i++)
		lines[i] = (struct dialog_line){ROLE_KEY, items[i].left, items[i].right};
	if (n == 0)
		lines[0] = (struct dialog_line){ROLE_DIM, STR("nothing matches"), STR("")};
	struct dialog_field *field = arena_alloc(mem, sizeof(*field));
	*field = (struct dialog_field){STR("find"), line_str(&a->menu.query), a->menu.query.cursor};
	*out = (struct dialog_model){.title = str_c(a->menu.kind->title ? a->menu.kind->title : keys),
		.lines = lines, .n_lines = n ? n : 1, .selected = a->menu.selected, .fields = field, .n_fields = 1,
		.hints = hints};
}

/* Of what can be chosen, not of what is typed. */
static void menu_sum(struct app *a, struct sum *s)
{
	s->of ^= (uint64_t)(uintptr_t)a->menu.kind;
}

const struct layer menu_layer = {.key = menu_key, .paste = menu_paste, .dialog = menu_dialog,
	.sum = menu_sum};

unsigned menu_open(struct app *a, const struct menu_kind *kind)
{
	a->menu.kind = kind;
	a->menu.selected = 0;
	a->menu.moved = false;
	line_set(&a->menu.query, STR(""));
	layer_push(a, &menu_layer);
	return APP_DRAW;
}
