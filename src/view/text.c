/*
 * text: a document of styled lines. Owns copies of all text, made harmless on the way in, so that
 * what is laid out and searched is what is seen. Laying out is in text_layout.c.
 */
#include "text_priv.h"

#include "s3triage/base/vec.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct text *text_new(void)
{
	struct text *t = mem_alloc(sizeof(*t));
	t->width = -1;
	return t;
}

static void drop_content(struct text *t)
{
	arena_fini(&t->mem);
	buf_fini(&t->building);
	free(t->lines);
	free(t->rows);
	free(t->spans);
}

void text_free(struct text *t)
{
	if (!t)
		return;
	drop_content(t);
	free(t);
}

void text_clear(struct text *t)
{
	drop_content(t);
	*t = (struct text){.width = -1};
}

static bool full(const struct text *t)
{
	return t->n_lines >= TEXT_LINES_MAX || t->mem.used >= TEXT_BYTES_MAX;
}

static void add_span(struct text *t, enum role role, size_t from)
{
	size_t to = t->building.n;
	if (from == to)
		return;
	if (t->n_spans > 0 && t->spans[t->n_spans - 1].role == role) {
		t->spans[t->n_spans - 1].s.n += to - from;
		return;
	}
	t->spans = vec_room(t->spans, t->n_spans, &t->cap_spans, sizeof(*t->spans));
	/* Only the length counts until text_end() knows where the bytes will lie. */
	t->spans[t->n_spans++] = (struct text_span){{NULL, to - from}, role};
}

void text_span(struct text *t, enum role role, struct str s)
{
	if (full(t) || t->building.n >= TEXT_LINE_MAX)
		return;
	size_t from = t->building.n;
	utf8_visible(&t->building, str_sub(s, 0, TEXT_LINE_MAX), false);
	add_span(t, role, from);
}

void text_fmt(struct text *t, enum role role, const char *fmt, ...)
{
	char small[1024];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n < sizeof(small)) {
		text_span(t, role, (struct str){small, (size_t)n});
		return;
	}
	AUTO(mem_free_ptr) char *big = mem_alloc((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(big, (size_t)n + 1, fmt, ap);
	va_end(ap);
	text_span(t, role, (struct str){big, (size_t)n});
}

void text_indent(struct text *t, int indent, int hang)
{
	t->indent = indent < 0 ? 0 : indent;
	t->hang = hang < 0 ? 0 : hang;
}

static struct line *text_new_line(struct text *t)
{
	t->lines = vec_room(t->lines, t->n_lines, &t->cap_lines, sizeof(*t->lines));
	return &t->lines[t->n_lines++];
}

/* The last line of a document that is too long. */
static void say_full(struct text *t)
{
	static const struct text_span more = {STR_INIT("(more than can be shown)"), ROLE_WARN};
	if (!t->said_full)
		*text_new_line(t) = (struct line){.shown = {.spans = &more, .n = 1}, .all = more.s};
	t->said_full = true;
}

void text_end(struct text *t)
{
	if (full(t))
		return;
	struct str all = arena_str(&t->mem, buf_str(&t->building));
	struct text_span *spans = arena_array(&t->mem, t->n_spans, sizeof(*spans));
	size_t at = 0;
	for (size_t i = 0; i < t->n_spans; i++) {
		size_t n = t->spans[i].s.n;
		spans[i] = (struct text_span){str_sub(all, at, at + n), t->spans[i].role};
		at += n;
	}
	struct line *line = text_new_line(t);
	line->shown = (struct text_line){spans, t->n_spans, t->indent, t->hang};
	line->all = all;
	buf_clear(&t->building);
	t->n_spans = 0;
	t->indent = t->hang = 0;
	t->width = -1;
	if (full(t))
		say_full(t);
}

size_t text_lines(const struct text *t)
{
	return t->n_lines;
}
