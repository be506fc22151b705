/*
 * book_csv: rows of cells, with a line of titles or without one: comma, semicolon or tab with quotes as
 * in RFC 4180; frames of | and -; columns of blanks. Without titles a cell is what it looks like, and
 * one id a line is the text of an Elastic value list: which destinations a rule leaves alone.
 */
#include "book_priv.h"

#include "s3triage/base/csv.h"
#include "s3triage/base/lines.h"

enum { COLUMNS_MAX = 64, RECORD_MAX = 256 << 10 };

struct csv {
	struct str rest;
	unsigned long line;
	char separator;
	size_t starts[COLUMNS_MAX], n_starts; /* of titles over columns of blanks */
};

/* ---- lines without quotes ------------------------------------------------------------------- */

/* A line that only draws: of a table with frames, or below the titles. */
static bool is_border(struct str line)
{
	bool drawn = false;
	for (size_t i = 0; i < line.n; i++) {
		if (!line.p[i] || !strchr("+-=|: \r", line.p[i]))
			return false;
		drawn |= line.p[i] == '-' || line.p[i] == '=';
	}
	return drawn;
}

static char separator_of(struct str line)
{
	char most = csv_separator(line);
	line = str_trim(line);
	if (is_border(line) || str_starts(line, STR("|")))
		return '|';
	if (str_find_char(line, most) != STR_NONE || str_find_char(line, '|') != STR_NONE)
		return str_find_char(line, most) != STR_NONE ? most : '|';
	return str_find_char(line, ' ') != STR_NONE && book_field_of(line) == STR_NONE &&
		!book_is_account(line) ? ' ' : ',';
}

/* Frames are one | or, of a table in a table, several. */
static size_t framed_cells(struct str line, struct str cells[COLUMNS_MAX])
{
	size_t n = 0;
	line = str_trim(line);
	while (str_starts(line, STR("|")))
		line = str_sub(line, 1, line.n);
	while (str_ends(line, STR("|")))
		line.n--;
	while (line.n && n < COLUMNS_MAX)
		cells[n++] = str_trim(str_cut(&line, '|'));
	return n;
}

/* Columns are two blanks apart; where all are one apart, the id is what parts a line. */
static size_t blank_cells(struct str line, struct str cells[COLUMNS_MAX])
{
	bool wide = str_find(line, STR("  ")) != STR_NONE;
	struct str all = line, word;
	size_t n = 0;
	while (line.n && n < COLUMNS_MAX) {
		size_t end = wide ? str_find(line, STR("  ")) : str_find_char(line, ' ');
		word = str_sub(line, 0, end);
		line = str_trim(str_sub(line, word.n, line.n));
		if (!wide && book_is_account(word)) {
			cells[0] = str_trim(str_sub(all, 0, (size_t)(word.p - all.p)));
			cells[1] = word;
			cells[2] = line;
			return 3;
		}
		cells[n++] = word;
	}
	return n;
}

/* Under titles a cell stands where its title does; not so: 0. */
static size_t aligned_cells(const struct csv *c, struct str line, struct str cells[COLUMNS_MAX])
{
	for (size_t i = 0; i < c->n_starts; i++) {
		size_t from = c->starts[i], to = i + 1 < c->n_starts ? c->starts[i + 1] : line.n;
		if (from && from <= line.n && line.p[from - 1] != ' ')
			return 0;
		cells[i] = str_trim(str_sub(line, from, to));
	}
	return c->n_starts;
}

/* ---- rows with quotes ----------------------------------------------------------------------- */

static void book_csv_advance(struct csv *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		c->line += c->rest.p[i] == '\n';
	c->rest = str_sub(c->rest, n, c->rest.n);
}

static void skip_line(struct csv *c)
{
	size_t end = str_find_char(c->rest, '\n');
	book_csv_advance(c, end == STR_NONE ? c->rest.n : end + 1);
}

/* The cells of one record, at most COLUMNS_MAX. */
static bool quoted_cells(struct csv *c, struct arena *mem, struct str cells[COLUMNS_MAX], size_t *n)
{
	struct csv_scan scan = {.form = {.separator = c->separator}};
	size_t bytes;
	struct str part = str_sub(c->rest, 0, RECORD_MAX);
	if (csv_row(&scan, part, part.n == c->rest.n, &bytes) != CSV_ROW) {
		skip_line(c);
		return false;
	}
	*n = csv_cells(str_sub(c->rest, 0, bytes), scan.form, mem, cells, COLUMNS_MAX);
	*n = *n < COLUMNS_MAX ? *n : COLUMNS_MAX;
	book_csv_advance(c, bytes);
	return true;
}

static struct str this_line(const struct csv *c)
{
	struct str line = str_sub(c->rest, 0, str_find_char(c->rest, '\n'));
	return str_ends(line, STR("\r")) ? str_sub(line, 0, line.n - 1) : line;
}

static bool next_record(struct csv *c, struct arena *mem, struct str cells[COLUMNS_MAX], size_t *n)
{
	struct str line = this_line(c);
	if (c->separator != '|' && c->separator != ' ')
		return quoted_cells(c, mem, cells, n);
	*n = is_border(line) ? 0 : c->separator == '|' ? framed_cells(line, cells) :
		aligned_cells(c, line, cells);
	if (!*n && c->separator == ' ' && !is_border(line))
		*n = blank_cells(str_trim(line), cells);
	skip_line(c);
	return true;
}

static void skip_comments(struct csv *c)
{
	for (;;) {
		struct str line = str_trim(this_line(c));
		if (!c->rest.n || (line.n && line.p[0] != '#'))
			return;
		skip_line(c);
	}
}

/* The first line alone, without what its quotes would need. */
static size_t line_cells(struct str line, struct str cells[COLUMNS_MAX])
{
	struct csv c = {.rest = line, .line = 1, .separator = separator_of(line)};
	size_t n = 0;
	if (c.separator == '|')
		return framed_cells(line, cells);
	if (c.separator == ' ')
		return blank_cells(str_trim(line), cells);
	while (line.n && n < COLUMNS_MAX)
		cells[n++] = book_cell(str_cut(&line, c.separator));
	return n;
}

bool book_csv_header(struct str line)
{
	struct str cells[COLUMNS_MAX];
	size_t n = line_cells(line, cells);
	for (size_t i = 0; i < n; i++)
		if (book_field_of(cells[i]) == offsetof(struct offer, account))
			return true;
	return false;
}

bool book_csv_has_account(struct str line)
{
	struct str cells[COLUMNS_MAX];
	size_t n = line_cells(line, cells);
	for (size_t i = 0; i < n; i++)
		if (book_is_account(book_cell(cells[i])))
			return true;
	return false;
}

/* ---- rows ----------------------------------------------------------------------------------- */

struct header {
	size_t field[COLUMNS_MAX]; /* STR_NONE: of none */
	size_t n;                  /* 0: there are no titles */
};

/* What goes on from row to row. */
struct rows {
	struct reading *r;
	struct csv c;
	struct header h;
	struct offer upright;      /* an entry whose fields stand below each other */
	bool is_upright, wide;     /* wide: some row had more than an id */
};

/* Two columns of accounts or of kinds: one of the two may be something else, such as a number of the
 * row, or what AWS calls a type. */
static void tell_doubles(struct reading *r, const struct header *h, const struct str *titles,
	unsigned long line)
{
	for (size_t i = 0; i < h->n; i++) {
		size_t j = 0;
		while (h->field[j] != h->field[i])
			j++;
		bool account = h->field[i] == offsetof(struct offer, account);
		if (j == i || (!account && h->field[i] != offsetof(struct offer, kind_text)))
			continue;
		book_wrong(r, line, "the columns '%.*s' and '%.*s' may both hold %s: of each row the"
			" first that is one is read", STR_ARG(str_sub(titles[j], 0, 40)),
			STR_ARG(str_sub(titles[i], 0, 40)), account ? "the account" : "the kind");
		r->v[r->n - 1].remark = true;
	}
}

static void tell_extra(struct reading *r, unsigned long line, const struct str *cells, size_t from,
	size_t n)
{
	while (from < n && !cells[from].n)
		from++;
	if (from < n)
		book_wrong(r, line, "more cells than the header has: '%.*s' is not read; a text with"
			" the separator in it stands in quotes", STR_ARG(str_sub(cells[from], 0, 60)));
}

/* Two kinds in a row are a conflict like those of two rows. */
static void offer_kinds(struct reading *r, const struct header *h, struct offer *o,
	const struct str *cells, size_t n)
{
	struct str first = o->kind_text;
	for (size_t i = 0; i < n; i++) {
		if (h->field[i] != offsetof(struct offer, kind_text) || !book_is_kind(cells[i]) ||
			str_eq_fold(cells[i], first))
			continue;
		o->kind_text = cells[i];
		book_offer(r, o);
	}
}

static void row_with_titles(struct rows *w, unsigned long line, const struct str *cells, size_t n)
{
	struct reading *r = w->r;
	struct offer o = {.line = line};
	size_t known = n < w->h.n ? n : w->h.n;
	for (size_t i = 0; i < known; i++)
		if (w->h.field[i] != STR_NONE)
			book_put(r, &o, w->h.field[i], cells[i]);
	tell_extra(r, line, cells, known, n);
	size_t unsaid = r->unsaid;
	book_put_end(r, &o);
	r->unsaid = unsaid; /* there are titles: what has none was left out knowingly */
	offer_kinds(r, &w->h, &o, cells, known);
}

/* What people put between an id and a remark on it. */
static struct str without_mark(struct str cell)
{
	while (cell.n > 1 && strchr("#-:;", cell.p[0]) && cell.p[1] == ' ')
		cell = str_trim(str_sub(cell, 1, cell.n));
	return cell;
}

/* Nothing but ids, several in a line: each is an entry. */
static bool take_ids_alone(struct rows *w, unsigned long line, const struct str *cells, size_t n)
{
	size_t accounts = 0;
	for (size_t i = 0; i < n; i++) {
		if (book_cell(cells[i]).n && !book_is_account(book_cell(cells[i])))
			return false;
		accounts += book_cell(cells[i]).n != 0;
	}
	w->wide |= accounts > 1;
	for (size_t i = 0; accounts > 1 && i < n; i++)
		if (book_cell(cells[i]).n)
			book_put_end(w->r, &(struct offer){.account = book_cell(cells[i]), .line = line});
	return accounts > 1;
}

static void row_by_values(struct rows *w, unsigned long line, const struct str *cells, size_t n)
{
	struct offer o = {.line = line};
	size_t full = 0;
	if (take_ids_alone(w, line, cells, n))
		return;
	for (size_t i = 0; i < n; i++) {
		struct str cell = without_mark(book_cell(cells[i]));
		size_t field = cell.n ? book_field_by_value(&o, cell) : STR_NONE;
		if (field != STR_NONE)
			book_put(w->r, &o, field, cell);
		full += cell.n != 0;
	}
	w->wide |= full > 1;
	for (size_t i = 0; i < n && !o.account.n && !o.arn.n; i++)
		o.account = str_digits(book_cell(cells[i])) || i + 1 == n ? cells[i] : o.account;
	book_put_end(w->r, &o);
}

static bool take_titles(struct rows *w, unsigned long line, const struct str *cells, size_t n)
{
	bool account = false;
	size_t titles = 0;
	if (!w->h.n && w->r->n && w->c.separator != '|')
		return false; /* below the first rows there are none */
	for (size_t i = 0; i < n; i++) {
		size_t field = book_field_of(cells[i]);
		if (book_is_account(book_cell(cells[i])))
			return false;
		account |= field == offsetof(struct offer, account);
		titles += field != STR_NONE;
	}
	if (!account || (titles < 2 && n == 2 && w->c.separator == '|') || (w->h.n && titles < w->h.n / 2))
		return false;
	bool again = w->h.n != 0;
	w->h.n = n;
	for (size_t i = 0; i < n; i++)
		w->h.field[i] = book_field_of(cells[i]);
	if (!again)
		tell_doubles(w->r, &w->h, cells, line);
	return true;
}

static void end_upright(struct rows *w)
{
	if (w->is_upright)
		book_put_end(w->r, &w->upright);
	w->is_upright = false;
}

/* A title and its value: AWS's tables have them so where a row would be too long. */
static bool take_upright(struct rows *w, unsigned long line, const struct str *cells, size_t n)
{
	size_t field = n == 2 && w->c.separator == '|' && !w->h.n ? book_field_of(cells[0]) : STR_NONE;
	if (field == STR_NONE)
		return false;
	if (!w->is_upright || field == offsetof(struct offer, account))
		w->upright.line = line;
	if (!w->is_upright)
		w->upright = (struct offer){.line = line};
	w->is_upright = w->wide = true;
	book_put(w->r, &w->upright, field, cells[1]);
	return true;
}

/* A row that begins with # is one that somebody took out, or a remark. */
static bool is_remark(const struct str *cells, size_t n)
{
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		any |= cells[i].n != 0;
		if (book_is_account(book_cell(cells[i])))
			return false;
	}
	return !any || str_starts(cells[0], STR("#"));
}

/* What AWS's forms hold besides accounts: the token of a next page, where an account lies. */
static bool take_aside(struct rows *w, const struct str *cells, size_t n)
{
	bool token = n && str_eq_fold(cells[0], STR("NextToken"));
	if (token)
		w->r->cut = n > 1 && book_cell(cells[1]).n;
	return token || !n || str_is(cells[0], "PATHS");
}

static void take_row(struct rows *w, unsigned long line, const struct str *cells, size_t n)
{
	bool framed = w->c.separator == '|';
	if (framed && n < 2)
		end_upright(w);
	if (take_aside(w, cells, n) || (n < 2 && framed && !book_is_account(cells[0])) || is_remark(cells, n))
		return;
	if (take_titles(w, line, cells, n) || take_upright(w, line, cells, n))
		return;
	w->r->cut = false;
	if (w->h.n)
		row_with_titles(w, line, cells, n);
	else
		row_by_values(w, line, cells, n);
}

/* Where the titles stand, when a line below them is drawn. */
static void book_csv_columns(struct rows *w)
{
	struct str rest = w->c.rest, below;
	lines_next(&rest, &below);
	if (w->c.separator != ' ' || !lines_next(&rest, &below) || !is_border(below))
		return;
	for (size_t i = 0; i < below.n && w->c.n_starts < COLUMNS_MAX; i++)
		if (below.p[i] == '-' && (!i || below.p[i - 1] == ' '))
			w->c.starts[w->c.n_starts++] = i;
}

bool book_read_csv(struct reading *r, struct err *err)
{
	struct rows w = {.r = r, .c = {.rest = r->text, .line = 1}};
	struct str cells[COLUMNS_MAX];
	size_t n;
	skip_comments(&w.c);
	bool titles = book_csv_header(this_line(&w.c));
	while (w.c.rest.n) {
		unsigned long line = w.c.line;
		if (!w.h.n && !(w.c.separator == '|' && w.is_upright))
			w.c.separator = separator_of(this_line(&w.c));
		if (titles && !w.h.n)
			book_csv_columns(&w);
		if (next_record(&w.c, &r->mem, cells, &n))
			take_row(&w, line, cells, n);
		else if (titles && !w.h.n)
			return err_set(err, ERR_PARSE, "a quote in the header does not end");
		else
			book_wrong(r, line, "a quote that begins here does not end");
	}
	end_upright(&w);
	if (w.wide || w.h.n)
		return true;
	r->format = BOOK_LIST;
	r->unsaid = 0;
	for (size_t i = 0; i < r->n; i++)
		r->v[i].kind = ACCOUNT_APPROVED;
	return true;
}
