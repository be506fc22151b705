/*
 * book_csv: a table with a header: a column of account ids, and whichever of name, owner, kind, note
 * and source there are. Comma, semicolon or tab; quotes as in RFC 4180.
 */
#include "book_priv.h"

enum { COLUMNS_MAX = 64, QUOTED_MAX = 64 << 10 };

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
static size_t field_of(struct str title)
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

static char separator_of(struct str line)
{
	static const char all[] = ",;\t";
	for (const char *s = all; *s; s++)
		if (str_find_char(line, *s) != STR_NONE)
			return *s;
	return ',';
}

static struct str unquoted(struct str cell)
{
	cell = str_trim(cell);
	return cell.n >= 2 && cell.p[0] == '"' && cell.p[cell.n - 1] == '"' ?
		str_sub(cell, 1, cell.n - 1) : cell;
}

bool book_csv_header(struct str line)
{
	char separator = separator_of(line);
	bool any = false;
	while (line.n)
		any |= field_of(unquoted(str_cut(&line, separator))) ==
			offsetof(struct offer, account);
	return any;
}

/* ---- cells -------------------------------------------------------------------------------- */

/* The length of a quoted cell with its quotes, 0 when it does not end. */
static size_t quoted_length(struct str s)
{
	for (size_t i = 1; i < s.n && i < QUOTED_MAX; i++) {
		if (s.p[i] != '"')
			continue;
		if (i + 1 < s.n && s.p[i + 1] == '"')
			i++;
		else
			return i + 1;
	}
	return 0;
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

static size_t plain_length(const struct csv *c)
{
	size_t n = 0;
	while (n < c->rest.n && c->rest.p[n] != c->separator && c->rest.p[n] != '\n')
		n++;
	return n;
}

static void advance(struct csv *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		c->line += c->rest.p[i] == '\n';
	c->rest = str_sub(c->rest, n, c->rest.n);
}

/* One cell; *last when the record ends with it. False: a quote that does not end. */
static bool next_cell(struct csv *c, struct arena *mem, struct str *cell, bool *last)
{
	size_t n = c->rest.n && c->rest.p[0] == '"' ? quoted_length(c->rest) : 0;
	if (!n && c->rest.n && c->rest.p[0] == '"')
		return false;
	if (n)
		*cell = without_doubled(str_sub(c->rest, 1, n - 1), mem);
	advance(c, n);
	size_t plain = plain_length(c);
	if (!n)
		*cell = str_trim(str_sub(c->rest, 0, plain));
	advance(c, plain);
	*last = !c->rest.n || c->rest.p[0] == '\n';
	advance(c, c->rest.n ? 1 : 0);
	return true;
}

static void skip_line(struct csv *c)
{
	size_t end = str_find_char(c->rest, '\n');
	advance(c, end == STR_NONE ? c->rest.n : end + 1);
}

/* The cells of one record, at most COLUMNS_MAX. */
static bool next_record(struct csv *c, struct arena *mem, struct str cells[COLUMNS_MAX], size_t *n)
{
	struct csv start = *c;
	bool last = false;
	for (*n = 0; !last;) {
		struct str cell;
		if (!next_cell(c, mem, &cell, &last)) {
			*c = start;
			skip_line(c);
			return false;
		}
		if (*n < COLUMNS_MAX)
			cells[(*n)++] = cell;
	}
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

bool book_read_csv(struct reading *r, struct err *err)
{
	struct csv c = {r->text, 1, ','};
	struct str cells[COLUMNS_MAX];
	size_t columns[COLUMNS_MAX], n_columns, n;
	skip_comments(&c);
	c.separator = separator_of(str_sub(c.rest, 0, str_find_char(c.rest, '\n')));
	if (!next_record(&c, &r->mem, cells, &n_columns))
		return err_set(err, ERR_PARSE, "a quote in the header does not end");
	for (size_t i = 0; i < n_columns; i++)
		columns[i] = field_of(cells[i]);
	while (c.rest.n) {
		struct offer o = {.line = c.line};
		if (!next_record(&c, &r->mem, cells, &n)) {
			book_wrong(r, o.line, "a quote that begins here does not end");
			continue;
		}
		for (size_t i = 0; i < n && i < n_columns; i++)
			if (columns[i] != STR_NONE)
				*(struct str *)(void *)((char *)&o + columns[i]) = cells[i];
		if (n > 1 || cells[0].n)
			book_offer(r, &o);
	}
	return true;
}
