/*
 * text_layout: from lines to rows of a width. Breaks at blanks, a word that is too long where it
 * reads best, and never inside a character.
 */
#include "text_priv.h"

#include "s3triage/base/vec.h"

int text_margin(const struct text_line *line, int width, bool wrapped)
{
	/* A narrow pane keeps most of its width for text. */
	int margin = line->indent + (wrapped ? line->hang : 0);
	int most = width / 2;
	return margin > most ? most : margin;
}

static void text_layout_add_row(struct text *t, size_t line, size_t from, size_t to)
{
	t->rows = vec_room(t->rows, t->n_rows, &t->cap_rows, sizeof(*t->rows));
	t->rows[t->n_rows++] = (struct text_row){(uint32_t)line, (uint32_t)from, (uint32_t)to};
}

/* Bytes of s that fit into `cells`; at least one character, so that layout always moves on. */
static size_t fit_bytes(struct str s, int cells)
{
	struct str rest = s;
	int used = 0;
	size_t n = 0;
	while (rest.n > 0) {
		used += utf8_width(utf8_next(&rest));
		if (used > cells && n > 0)
			break;
		n = s.n - rest.n;
	}
	return n;
}

static bool is_break(char c)
{
	return c == '/' || c == ':' || c == ',' || c == ';' || c == '&' || c == '-' || c == '_' ||
		c == '=' || c == '?' || c == '.' || c == '@';
}

/* The word that begins at `from` would not fit into a row of its own either. */
static bool text_layout_too_long(struct str s, size_t from, int cells)
{
	struct str word = str_sub(s, from, from + (size_t)cells * 4 + 8);
	word = str_sub(word, 0, str_find_char(word, ' '));
	return fit_bytes(word, cells) < word.n;
}

/* Where to end a row whose text would fit up to `n` bytes but goes on: behind the last blank;
 * within a word that no row can hold, behind its last separator or at n. `cells` are those of the
 * next row. */
static size_t break_at(struct str s, size_t n, int cells)
{
	size_t word = n;
	if (s.p[n] == ' ')
		return n;
	while (word > 0 && s.p[word - 1] != ' ')
		word--;
	if (word > 0 && !text_layout_too_long(s, word, cells))
		return word;
	for (size_t i = n; i > word + (n - word) / 2; i--)
		if (is_break(s.p[i - 1]))
			return i;
	return word > 0 && n - word < (size_t)cells / 2 ? word : n;
}

static size_t without_blanks_behind(struct str s, size_t n)
{
	while (n > 0 && s.p[n - 1] == ' ')
		n--;
	return n;
}

/* Blanks that open a line are part of its shape; when only those come before the break, they are
 * no place to break at. */
static size_t leading_blanks(struct str s)
{
	size_t n = 0;
	while (n < s.n && s.p[n] == ' ')
		n++;
	return n;
}

static void lay_line(struct text *t, size_t i, int width)
{
	const struct line *line = &t->lines[i];
	size_t from = 0, lead = leading_blanks(line->all);
	do {
		struct str rest = str_sub(line->all, from, line->all.n);
		int cells = width - text_margin(&line->shown, width, from > 0);
		size_t n = fit_bytes(rest, cells);
		size_t end = n;
		if (n < rest.n) {
			end = break_at(rest, n, width - text_margin(&line->shown, width, true));
			if (from == 0 && end <= lead)
				end = n;
		}
		text_layout_add_row(t, i, from, from + without_blanks_behind(rest, end));
		from += end;
		while (from < line->all.n && line->all.p[from] == ' ' && end < rest.n)
			from++;
	} while (from < line->all.n);
}

void text_layout(struct text *t, int width)
{
	if (width < 1)
		width = 1;
	if (t->width == width)
		return;
	t->width = width;
	t->n_rows = 0;
	for (size_t i = 0; i < t->n_lines; i++)
		lay_line(t, i, width);
}

size_t text_rows(const struct text *t)
{
	return t->n_rows;
}

size_t text_row_of(const struct text *t, size_t line)
{
	size_t low = 0, high = t->n_rows;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (t->rows[mid].line < line)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
