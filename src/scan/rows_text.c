/*
 * rows_text: tables as text, row by row through the feed. A row that is damaged hides no other one:
 * it is told, and the next line begins a row again.
 */
#include "rows.h"

#include "split.h"

#include "s3triage/base/csv.h"
#include "s3triage/base/utf8.h"
#include "s3triage/event/table.h"

#include <stdlib.h>

static const size_t ROW_MAX = 8 << 20;
static const unsigned long long WASTE_LEAST = 4 << 20, WASTE = 8;

struct text {
	struct rows s;
	struct csv_form form;
	struct table *t;
	struct arena mem;      /* of the row at hand */
	struct str *cells;
	unsigned long long wasted;
	bool headless, filter;
	size_t columns; /* of the header, more perhaps than are read */
};

/* ---- the header --------------------------------------------------------------------------- */

static size_t line_length(struct str s)
{
	size_t n = str_find_char(s, '\n');
	return n == STR_NONE ? s.n : n + 1;
}

/* Behind a byte order mark, blank lines and Excel's "sep=;", which names the separator. */
static size_t before_header(struct str all, char *separator)
{
	struct str s = all;
	if (str_starts(s, STR("\xEF\xBB\xBF")))
		s = str_sub(s, 3, s.n);
	while (s.n) {
		size_t n = line_length(s);
		struct str line = str_trim(str_sub(s, 0, n));
		if (str_starts(line, STR("sep=")) && line.n == 5)
			*separator = line.p[4];
		else if (line.n)
			break;
		s = str_sub(s, n, s.n);
	}
	return all.n - s.n;
}

/* "----+----": what stands under the header in tables for reading. */
static bool is_rule(struct str line)
{
	line = str_trim(line);
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] != '-' && line.p[i] != '+' && line.p[i] != '|' && line.p[i] != ' ')
			return false;
	return line.n && str_find_char(line, '-') != STR_NONE;
}

static struct csv_form form_of(struct str s, char named)
{
	struct str rest = str_sub(s, line_length(s), s.n);
	if (str_find_char(str_sub(s, 0, line_length(s)), '|') != STR_NONE &&
		is_rule(str_sub(rest, 0, line_length(rest))))
		return (struct csv_form){'|', true};
	return (struct csv_form){named ? named : csv_separator(s), false};
}

/* The cells of the row that s begins with; 0: it is damaged, or does not end. */
static size_t cells_of(struct str s, struct csv_form form, struct arena *mem, struct str *cells)
{
	struct csv_scan scan = {.form = form};
	size_t n;
	if (csv_row(&scan, s, true, &n) != CSV_ROW)
		return 0;
	return csv_cells(str_sub(s, 0, n), form, mem, cells, TABLE_COLUMNS_MAX);
}

bool rows_begin(const struct feed *f)
{
	char separator = 0;
	struct arena mem = {0};
	struct str s = {f->buf, f->end};
	s = str_sub(s, before_header(s, &separator), s.n);
	/* No column has a brace in its name: it is JSON, perhaps behind other text. */
	if (!s.n || s.p[0] == '[' || str_find_char(str_sub(s, 0, line_length(s)), '{') != STR_NONE)
		return false;
	struct str *cells = arena_array(&mem, TABLE_COLUMNS_MAX, sizeof(*cells));
	size_t n = cells_of(s, form_of(s, separator), &mem, cells);
	AUTO(table_free_ptr) struct table *t = table_new(cells, n < TABLE_COLUMNS_MAX ? n : TABLE_COLUMNS_MAX);
	bool known = n && table_kind(t) != TABLE_UNKNOWN && (n > 1 || table_kind(t) != TABLE_OURS);
	arena_fini(&mem);
	return known;
}

bool rows_alike(const struct feed *f)
{
	enum { LINES = 3 };
	char separator = 0;
	struct arena mem = {0};
	struct str s = {f->buf, f->end}, *cells = arena_array(&mem, TABLE_COLUMNS_MAX, sizeof(*cells));
	s = str_sub(s, before_header(s, &separator), s.n);
	struct csv_form form = form_of(s, separator);
	size_t columns = 0, lines = 0;
	bool alike = str_find_char(s, '\0') == STR_NONE && s.n && s.p[0] != '{' && s.p[0] != '[';
	for (; alike && lines < LINES && s.n; lines++) {
		struct csv_scan scan = {.form = form};
		size_t bytes, n = cells_of(s, form, &mem, cells);
		bool event = n == 1 && str_starts(cells[0], STR("{\""));
		alike = (n > 1 || event) && (!columns || n == columns) &&
			csv_row(&scan, s, true, &bytes) == CSV_ROW;
		columns = n;
		s = alike ? str_sub(s, bytes, s.n) : s;
	}
	arena_fini(&mem);
	return alike && (lines > 1 || columns == 1);
}

/* ---- rows --------------------------------------------------------------------------------- */

enum next { NEXT_ROW, NEXT_DAMAGED, NEXT_END };

static struct str window(const struct text *x)
{
	const struct feed *f = x->s.f;
	return (struct str){f->buf + f->pos, f->end - f->pos};
}

/* The next row's bytes, or how many were looked at before it proved damaged. */
static enum next next_row(struct text *x, size_t *n)
{
	struct feed *f = x->s.f;
	struct csv_scan scan = {.form = x->form};
	for (;;) {
		if (f->eof && f->pos == f->end)
			return NEXT_END;
		enum csv_found found = csv_row(&scan, window(x), f->eof, n);
		if (found == CSV_ROW)
			return NEXT_ROW;
		if (found == CSV_DAMAGED || *n > ROW_MAX || feed_more(f) == FEED_FULL)
			return NEXT_DAMAGED;
	}
}

/* To the next line, where the damage may end; or past all that was looked at, once much was in vain. */
static void past_damage(struct text *x, size_t looked)
{
	struct feed *f = x->s.f;
	x->wasted += looked;
	if (x->wasted <= WASTE_LEAST + WASTE * feed_at(f)) {
		feed_skip_line(f, ~0ull);
		return;
	}
	f->pos += looked;
	rows_tell(&x->s, rows_line(&x->s), "the damage was not searched whole: rows inside it may be missing");
}

static void read_damaged(struct text *x, size_t looked)
{
	struct csv_form plain = {x->form.separator, true};
	struct str line = window(x);
	line = str_sub(line, 0, line_length(line));
	/* Programs that write tabs between cells know no quotes. */
	if (x->form.separator == '\t' &&
		csv_cells(line, plain, &x->mem, x->cells, TABLE_COLUMNS_MAX) == x->columns) {
		x->form = plain;
		return;
	}
	rows_tell(&x->s, rows_line(&x->s), "this row is damaged: a quote does not end, or text stands behind it");
	past_damage(x, looked);
}

/* False: a row that is passed over. */
static bool check_cells(struct text *x, size_t n)
{
	size_t columns = x->columns, more = columns;
	AUTO(buf_fini) struct buf why = {0};
	x->s.doubted = n < columns;
	while (more < n && more < TABLE_COLUMNS_MAX && !x->cells[more].n)
		more++;
	more = more < TABLE_COLUMNS_MAX ? more : n;
	if ((n == 1 && !x->cells[0].n) ||
		(!x->headless && table_is_header(x->t, x->cells, n)))
		return false;
	if (n < columns)
		buf_fmt(&why, "this row has %zu of %zu cells: what the others would say is not known", n, columns);
	else if (more < n)
		buf_fmt(&why, "this row has %zu cells, the header %zu: it is not read, as a cell may stand in"
			" another's place", n, columns);
	if (why.n)
		rows_tell(&x->s, rows_line(&x->s), buf_cstr(&why));
	return more >= n;
}

/* No row can be told by its bytes unless what is looked for stands in them as it is: the name of a call
 * does, a number may be spelled in another way or be implied. With `context` names are looked for with
 * their quotes, which a table does not have. */
static bool may_pass(const struct scan *s, const struct table *t)
{
	const struct needle *first = &s->needles.v[0];
	bool letters = s->have_needles && !s->options.context && table_names_call(t);
	for (size_t i = 0; letters && i < first->n; i++)
		letters = (first->text[i] | 32) >= 'a' && (first->text[i] | 32) <= 'z';
	return letters;
}

static bool is_passed(const struct text *x, struct str row)
{
	return x->filter && needles_find(&x->s.r->s->needles, row.p, row.n) == STR_NONE;
}

static void read_cells(struct text *x, struct str row)
{
	struct reader *r = x->s.r;
	if (is_passed(x, row)) {
		r->tally.events += str_trim(row).n > 0;
		x->s.read++;
		return;
	}
	size_t n = csv_cells(row, x->form, &x->mem, x->cells, TABLE_COLUMNS_MAX), columns = table_columns(x->t);
	if ((x->form.plain && is_rule(row)) || !check_cells(x, n))
		return;
	if (!utf8_valid(row, NULL)) {
		x->s.doubted = true;
		rows_tell(&x->s, rows_line(&x->s), "bytes that are no valid text, read as U+FFFD");
	}
	n = n < columns ? n : columns;
	json_pool_enter(&r->trees);
	const struct json **v = arena_array(&x->mem, n + 1, sizeof(struct json *));
	for (size_t i = 0; i < n; i++)
		v[i] = x->cells[i].n ? json_new_str(x->cells[i]) : NULL;
	rows_row(&x->s, v, n);
	for (size_t i = 0; i < n; i++)
		json_free((struct json *)(uintptr_t)v[i]);
	json_pool_leave();
	arena_reset(&r->trees);
}

static void read_rows(struct text *x)
{
	struct feed *f = x->s.f;
	size_t n;
	enum next next = NEXT_ROW;
	while (!scan_stopping(x->s.r->s) && next != NEXT_END) {
		x->s.at = feed_at(f);
		next = next_row(x, &n);
		if (next == NEXT_DAMAGED)
			read_damaged(x, n);
		if (next != NEXT_ROW)
			continue;
		read_cells(x, str_sub(window(x), 0, n));
		f->pos += n;
		arena_reset(&x->mem);
		reader_flush(x->s.r, false);
	}
}

void rows_read(struct reader *r, struct feed *f)
{
	struct text x = {.s = {.r = r, .f = f}};
	char separator = 0;
	size_t n;
	x.cells = mem_array(TABLE_COLUMNS_MAX, sizeof(*x.cells));
	f->pos += before_header(window(&x), &separator);
	x.form = form_of(window(&x), separator);
	x.s.at = feed_at(f);
	x.s.header_line = rows_line(&x.s);
	if (next_row(&x, &n) == NEXT_ROW) {
		x.columns = csv_cells(str_sub(window(&x), 0, n), x.form, &x.mem, x.cells, TABLE_COLUMNS_MAX);
		x.t = table_new(x.cells, x.columns < TABLE_COLUMNS_MAX ? x.columns : TABLE_COLUMNS_MAX);
		if (x.columns > TABLE_COLUMNS_MAX)
			rows_tell(&x.s, x.s.header_line, "more than 4,096 columns: the others are not read");
		x.s.t = x.t;
		x.filter = may_pass(r->s, x.t);
		x.headless = table_kind(x.t) == TABLE_UNKNOWN; /* its first row may be one as the others */
		f->pos += x.headless ? 0 : n;
		read_rows(&x);
		rows_end(&x.s);
	}
	table_free(x.t);
	arena_fini(&x.mem);
	free(x.cells);
}
