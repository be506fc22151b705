/*
 * text_draw: rows onto a canvas, what is searched for marked; and the search itself.
 */
#include "text_priv.h"

#include "s3triage/base/utf8_fold.h"

/* Where needle is in hay at or after `from`: bytes [at, end); `at` is STR_NONE without it. */
struct found {
	size_t at, end;
};

static struct found text_draw_find_from(struct str hay, struct str needle, size_t from)
{
	size_t n = 0, at = needle.n == 0 || from >= hay.n ? STR_NONE :
		utf8_find(str_sub(hay, from, hay.n), needle, true, &n);
	return at == STR_NONE ? (struct found){at, at} : (struct found){from + at, from + at + n};
}

/* A match belongs to the row in which it begins. */
static bool row_has(const struct text *t, size_t i, struct str needle)
{
	const struct text_row *row = &t->rows[i];
	struct str all = t->lines[row->line].all;
	bool last = i + 1 >= t->n_rows || t->rows[i + 1].line != row->line;
	size_t end = last ? all.n : t->rows[i + 1].from + needle.n - 1;
	return text_draw_find_from(str_sub(all, 0, end), needle, row->from).at != STR_NONE;
}

size_t text_search(const struct text *t, struct str needle, size_t from, bool backwards)
{
	size_t n = t->n_rows;
	if (n == 0 || needle.n == 0)
		return STR_NONE;
	if (from >= n)
		from = backwards ? n - 1 : 0;
	for (size_t step = 0; step < n; step++) {
		size_t i = backwards ? (from + n - step) % n : (from + step) % n;
		if (row_has(t, i, needle))
			return i;
	}
	return STR_NONE;
}

size_t text_hits(const struct text *t, struct str needle)
{
	size_t hits = 0;
	for (size_t i = 0; i < t->n_lines; i++) {
		struct str all = t->lines[i].all;
		struct found f = text_draw_find_from(all, needle, 0);
		for (; f.at != STR_NONE; f = text_draw_find_from(all, needle, f.end))
			hits++;
	}
	return hits;
}

/* A row while it is drawn: where the pen is, and what part of the line is in it. */
struct stroke {
	struct canvas *c;
	struct pen pen;
	struct str all;
	size_t from, to; /* bytes of `all` in this row */
};

static void put_bytes(struct stroke *k, size_t from, size_t to, enum role role)
{
	if (from < k->from)
		from = k->from;
	if (to > k->to)
		to = k->to;
	if (from >= to)
		return;
	k->pen.role = role;
	int used = canvas_put(k->c, &k->pen, str_sub(k->all, from, to));
	k->pen.col += used;
	k->pen.width -= used;
}

static void put_span(struct stroke *k, const struct text_span *span, struct str needle)
{
	size_t at = (size_t)(span->s.p - k->all.p), end = at + span->s.n;
	if (at < k->from)
		at = k->from;
	if (end > k->to)
		end = k->to;
	size_t before = k->from > needle.n ? k->from - needle.n : 0;
	struct str near = str_sub(k->all, 0, k->to + needle.n);
	struct found hit = text_draw_find_from(near, needle, before);
	while (at < end) {
		while (hit.at != STR_NONE && hit.end <= at)
			hit = text_draw_find_from(near, needle, hit.end);
		bool inside = hit.at <= at;
		size_t stop = inside ? hit.end : hit.at;
		if (stop > end)
			stop = end;
		put_bytes(k, at, stop, inside ? ROLE_MATCH : span->role);
		at = stop;
	}
}

/* The span in which `at` lies: a line can have very many. */
static const struct text_span *first_span(const struct text_line *line, const char *at)
{
	size_t low = 0, high = line->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (line->spans[middle].s.p + line->spans[middle].s.n <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return line->spans + low;
}

static void draw_row(const struct text *t, size_t i, struct stroke *k, struct str needle)
{
	const struct text_row *row = &t->rows[i];
	const struct line *line = &t->lines[row->line];
	int margin = text_margin(&line->shown, k->pen.width, row->from > 0);
	k->pen.col += margin;
	k->pen.width -= margin;
	k->all = line->all;
	k->from = row->from;
	k->to = row->to;
	const struct text_span *end = line->shown.spans + line->shown.n;
	for (const struct text_span *s = first_span(&line->shown, line->all.p + k->from);
		s < end && s->s.p < line->all.p + k->to; s++)
		put_span(k, s, needle);
}

void text_draw(const struct text *t, struct canvas *c, struct rect r, size_t top,
	struct str needle)
{
	for (int i = 0; i < r.rows && top + (size_t)i < t->n_rows; i++) {
		struct stroke k = {.c = c, .pen = {r.row + i, r.col, r.cols, ROLE_TEXT}};
		draw_row(t, top + (size_t)i, &k, needle);
	}
}
