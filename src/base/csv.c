/*
 * csv: rows and cells of a table in text. Knows nothing of what a column means.
 */
#include "s3triage/base/csv.h"

/* Where a row is, byte by byte. */
enum { START, EQUALS, PLAIN, QUOTED, QUOTE, BROKEN };

/* Behind a quote within quotes: it is doubled, or it was the cell's last byte. */
static int behind_quote(char c, char separator)
{
	if (c == '"')
		return QUOTED;
	if (c == separator)
		return START;
	return c == ' ' || c == '\r' || c == '\t' ? QUOTE : BROKEN;
}

static int csv_step(int state, char c, struct csv_form form)
{
	char separator = form.separator;
	if (form.plain)
		return c == separator ? START : PLAIN;
	switch (state) {
	case START:
	case EQUALS:
		if (c == '"')
			return QUOTED;
		if (c == separator)
			return START;
		if (state == START && (c == '=' || c == ' '))
			return c == '=' ? EQUALS : START;
		return PLAIN;
	case PLAIN:
		return c == separator ? START : PLAIN;
	case QUOTED:
		return c == '"' ? QUOTE : QUOTED;
	default:
		return behind_quote(c, separator);
	}
}

enum line_end { END_NOT, END_HERE, END_UNSURE };

/* Spreadsheets of old Macs end lines with "\r" alone. */
static enum line_end line_end_at(struct str text, size_t at, bool whole)
{
	if (text.p[at] == '\n')
		return END_HERE;
	if (text.p[at] != '\r' || (at + 1 == text.n && whole))
		return END_NOT;
	if (at + 1 == text.n)
		return END_UNSURE;
	return text.p[at + 1] == '\n' ? END_NOT : END_HERE;
}

enum csv_found csv_row(struct csv_scan *s, struct str text, bool whole, size_t *n)
{
	for (; s->at < text.n && s->state != BROKEN; s->at++) {
		enum line_end end = s->state == QUOTED ? END_NOT : line_end_at(text, s->at, whole);
		if (end == END_HERE) {
			*n = ++s->at;
			return CSV_ROW;
		}
		if (end == END_UNSURE)
			break;
		s->state = csv_step(s->state, text.p[s->at], s->form);
	}
	*n = s->at;
	if (s->state == BROKEN)
		return CSV_DAMAGED;
	if (!whole)
		return CSV_MORE;
	return s->state == QUOTED ? CSV_DAMAGED : CSV_ROW;
}

static struct str without_doubled(struct str s, struct arena *mem)
{
	if (str_find_char(s, '"') == STR_NONE)
		return s;
	char *to = arena_alloc(mem, s.n);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		to[n++] = s.p[i];
		i += s.p[i] == '"' && i + 1 < s.n && s.p[i + 1] == '"';
	}
	return (struct str){to, n};
}

static bool is_quoted(struct str s)
{
	return s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"';
}

/* An apostrophe before what a spreadsheet would take for a formula or a number. */
static bool is_guarded(struct str s)
{
	return s.n >= 2 && s.p[0] == '\'' &&
		(strchr("=+-@\t\r", s.p[1]) || (s.p[1] >= '0' && s.p[1] <= '9'));
}

static struct str cell_text(struct str s, struct arena *mem)
{
	s = str_trim(s);
	if (is_quoted(s))
		s = without_doubled(str_sub(s, 1, s.n - 1), mem);
	if (s.n && s.p[0] == '=' && is_quoted(str_sub(s, 1, s.n)))
		return without_doubled(str_sub(s, 2, s.n - 1), mem);
	return is_guarded(s) ? str_sub(s, 1, s.n) : s;
}

size_t csv_cells(struct str row, struct csv_form form, struct arena *mem, struct str *cells, size_t max)
{
	size_t n = 0, from = 0;
	int state = START;
	if (str_ends(row, STR("\n")))
		row.n--;
	for (size_t i = 0; i <= row.n; i++) {
		if (i < row.n)
			state = csv_step(state, row.p[i], form);
		if (i < row.n && (state != START || row.p[i] != form.separator))
			continue;
		if (n < max)
			cells[n] = form.plain ? str_trim(str_sub(row, from, i)) : cell_text(str_sub(row, from, i), mem);
		n++;
		from = i + 1;
	}
	return n;
}

char csv_separator(struct str header)
{
	static const char all[] = ",;\t";
	size_t counts[sizeof(all) - 1] = {0}, best = 0;
	bool quoted = false;
	for (size_t i = 0; i < header.n && (quoted || header.p[i] != '\n'); i++) {
		quoted ^= header.p[i] == '"';
		for (size_t k = 0; k < sizeof(all) - 1; k++)
			counts[k] += !quoted && header.p[i] == all[k];
	}
	for (size_t k = 1; k < sizeof(all) - 1; k++)
		best = counts[k] > counts[best] ? k : best;
	return all[best];
}
