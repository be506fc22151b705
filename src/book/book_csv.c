/*
 * book_csv: a table with a header: a column of account ids, and whichever of name, owner, kind, note
 * and source there are.
 */
#include "book_priv.h"

#include "s3triage/base/csv.h"

enum { COLUMNS_MAX = 64, RECORD_MAX = 256 << 10 };

struct csv {
	struct str rest;
	unsigned long line;
	char separator;
};

/* ---- names of columns --------------------------------------------------------------------- */

struct naming {
	const char *names;
	size_t at;
};

static const struct naming namings[] = {
	{" id account accountid accountnumber awsaccountid ", offsetof(struct offer, account)},
	{" name accountname alias ", offsetof(struct offer, name)},
	{" owner email contact ", offsetof(struct offer, owner)},
	{" kind type category ", offsetof(struct offer, kind_text)},
	{" note notes comment description ", offsetof(struct offer, note)},
	{" source url link ticket ", offsetof(struct offer, source)},
};

/* The field that a column fills, or STR_NONE. "Account ID" and "account_id" are one. */
static size_t book_csv_field_of(struct str title)
{
	char key[40] = " ";
	size_t n = 1;
	for (size_t i = 0; i < title.n && n + 2 < sizeof(key); i++) {
		char c = title.p[i] >= 'A' && title.p[i] <= 'Z' ? (char)(title.p[i] + 32) : title.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			key[n++] = c;
	}
	key[n++] = ' ';
	for (size_t i = 0; n > 2 && i < ARRAY_LEN(namings); i++)
		if (str_find(str_c(namings[i].names), (struct str){key, n}) != STR_NONE)
			return namings[i].at;
	return STR_NONE;
}

static struct str unquoted(struct str cell)
{
	cell = str_trim(cell);
	return cell.n >= 2 && cell.p[0] == '"' && cell.p[cell.n - 1] == '"' ?
		str_sub(cell, 1, cell.n - 1) : cell;
}

bool book_csv_header(struct str line)
{
	char separator = csv_separator(line);
	bool any = false;
	while (line.n)
		any |= book_csv_field_of(unquoted(str_cut(&line, separator))) ==
			offsetof(struct offer, account);
	return any;
}

/* ---- cells -------------------------------------------------------------------------------- */

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
static bool next_record(struct csv *c, struct arena *mem, struct str cells[COLUMNS_MAX], size_t *n)
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

static void skip_comments(struct csv *c)
{
	for (;;) {
		struct str line = str_trim(str_sub(c->rest, 0, str_find_char(c->rest, '\n')));
		if (!c->rest.n || (line.n && line.p[0] != '#'))
			return;
		skip_line(c);
	}
}

/* ---- rows --------------------------------------------------------------------------------- */

struct header {
	size_t field[COLUMNS_MAX]; /* STR_NONE: of none */
	size_t n;
};

static bool book_csv_is_account(struct str cell)
{
	char digits[12];
	return book_account(cell, digits).n != 0;
}

static bool is_kind(struct str cell)
{
	enum account_kind kind;
	return account_kind_parse(str_trim(cell), &kind);
}

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

/* A second account in a row: which of the two is meant, nobody can say. */
static void second_account(struct reading *r, struct offer *o, struct str cell)
{
	if (!book_csv_is_account(o->account))
		o->account = book_csv_is_account(cell) ? cell : o->account;
	else if (book_csv_is_account(cell))
		book_wrong(r, o->line, "the row names two accounts, %.*s and %.*s: the first is read",
			STR_ARG(o->account), STR_ARG(cell));
}

/* Texts of two columns for one field are kept both. */
static void book_csv_put_cell(struct reading *r, struct offer *o, size_t field, struct str cell)
{
	struct str *to = (struct str *)(void *)((char *)o + field);
	if (!cell.n || str_eq(*to, cell))
		return;
	if (!to->n)
		*to = cell;
	else if (field == offsetof(struct offer, account))
		second_account(r, o, cell);
	else if (field != offsetof(struct offer, kind_text))
		*to = arena_fmt(&r->mem, "%.*s; %.*s", STR_ARG(*to), STR_ARG(cell));
	else if (!is_kind(*to))
		*to = is_kind(cell) ? cell : *to;
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
	book_offer(r, o);
	for (size_t i = 0; i < n; i++) {
		if (h->field[i] != offsetof(struct offer, kind_text) || !is_kind(cells[i]) ||
			str_eq_fold(cells[i], first))
			continue;
		o->kind_text = cells[i];
		book_offer(r, o);
	}
}

/* A row that begins with # is one that somebody took out, or a remark. */
static void book_csv_read_row(struct reading *r, const struct header *h, unsigned long line,
	const struct str *cells, size_t n)
{
	struct offer o = {.line = line};
	size_t known = n < h->n ? n : h->n;
	for (size_t i = 0; i < known; i++)
		if (h->field[i] != STR_NONE)
			book_csv_put_cell(r, &o, h->field[i], cells[i]);
	if ((n == 1 && !cells[0].n) ||
		(str_starts(cells[0], STR("#")) && !book_csv_is_account(o.account)))
		return;
	tell_extra(r, line, cells, known, n);
	offer_kinds(r, h, &o, cells, known);
}

bool book_read_csv(struct reading *r, struct err *err)
{
	struct csv c = {r->text, 1, ','};
	struct str cells[COLUMNS_MAX];
	struct header h;
	size_t n;
	skip_comments(&c);
	c.separator = csv_separator(c.rest);
	unsigned long line = c.line;
	if (!next_record(&c, &r->mem, cells, &h.n))
		return err_set(err, ERR_PARSE, "a quote in the header does not end");
	for (size_t i = 0; i < h.n; i++)
		h.field[i] = book_csv_field_of(cells[i]);
	tell_doubles(r, &h, cells, line);
	while (c.rest.n) {
		line = c.line;
		if (next_record(&c, &r->mem, cells, &n))
			book_csv_read_row(r, &h, line, cells, n);
		else
			book_wrong(r, line, "a quote that begins here does not end");
	}
	return true;
}
