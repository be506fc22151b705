/*
 * Any bytes as Markdown, at any width, searched for any word: nothing hostile reaches a cell.
 */
#include "cells.h"

#include "s3triage/base/utf8.h"
#include "s3triage/view/panes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void draw(struct text *t, int width, bool ascii, struct str needle)
{
	struct canvas c;
	canvas_init(&c, 40, width);
	c.ascii = ascii;
	text_layout(t, width);
	for (size_t top = 0; top < text_rows(t); top += 40) {
		canvas_clear(&c);
		text_draw(t, &c, (struct rect){0, 0, c.rows, width}, top, needle);
		check_cells(&c);
	}
	size_t hit = text_search(t, needle, 0, false);
	must((hit == STR_NONE) == (text_hits(t, needle) == 0));
	canvas_fini(&c);
}

/* What is looked for was typed: whole characters. */
static struct str typed(struct str s)
{
	size_t bad;
	return utf8_valid(s, &bad) ? s : (struct str){0};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 3)
		return 0;
	struct json *ecs = json_parse(STR("{\"a.b\":\"x\\u001b\\u202e\",\"@timestamp\":[1,2]}"), NULL);
	struct text *t = text_new();
	size_t len = data[2] % 4;
	struct str rest = {(const char *)data + 3, n - 3};
	markdown_text(rest, ecs, t);
	draw(t, data[0], data[1] & 1, typed(str_sub(rest, 0, len)));
	draw(t, data[1] % 20, false, typed(str_sub(rest, 1, 1 + len)));
	text_free(t);
	json_free(ecs);
	return 0;
}
