/*
 * export_csv: RFC 4180 with CRLF. Event text is an attacker's: nothing at a cell's start may look
 * like a formula to a spreadsheet, and control characters are spelled out (line breaks stay).
 */
#include "export_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

/* Blanks that a spreadsheet may trim before it looks for a formula. */
static bool is_blank(uint32_t cp)
{
	return cp == ' ' || cp == 0xA0 || cp == 0x3000 || (cp >= 0x2000 && cp <= 0x200A) ||
		cp == 0x202F || cp == 0x205F || cp == 0x1680;
}

/* Quotes are passed over: a reader that separates at another mark takes them for its own. */
static bool starts_formula(struct str s)
{
	static const uint32_t marks[] = {'=', '+', '-', '@', '\t', '\r', '\n', '|', '%', 0xFF1D,
		0xFF0B, 0xFF0D, 0xFF20, 0x2212, 0xFE62, 0xFE63, 0xFE66, 0xFE6B};
	uint32_t cp = ' ';
	while (s.n && (is_blank(cp) || cp == '"' || (utf8_is_hostile(cp) && cp > 0x9F)))
		cp = utf8_next(&s);
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (cp == marks[i])
			return true;
	return false;
}

static bool needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == ';')
			return true;
	return s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ' || s.p[0] == '\'');
}

/* Where the list separator of the reader's country is `;`, a cell of ours is several of its cells, and
 * a line break within it ends its row. So a formula is guarded behind these, too. */
static void put_guarded(struct str s, struct buf *out)
{
	while (s.n) {
		size_t n = 0;
		while (n < s.n && s.p[n] != ';' && s.p[n] != '\n')
			n++;
		struct str part = str_sub(s, 0, n < s.n ? n + 1 : n);
		if (starts_formula(part))
			buf_char(out, '\'');
		utf8_visible(out, part, true);
		s = str_sub(s, part.n, s.n);
	}
}

void export_csv_cell(struct str s, struct buf *out)
{
	struct buf text;
	buf_init(&text, out->max);
	put_guarded(s, &text);
	struct str t = buf_str(&text);
	bool quotes = needs_quotes(t);
	if (quotes)
		buf_char(out, '"');
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '"')
			buf_char(out, '"');
		buf_char(out, t.p[i]);
	}
	if (quotes)
		buf_char(out, '"');
	buf_fini(&text);
}

struct line {
	struct buf *out;
	bool any;
};

static void export_csv_text_cell(struct line *l, struct str s)
{
	if (l->any)
		buf_char(l->out, ',');
	l->any = true;
	export_csv_cell(s, l->out);
}

static void cell_time(struct line *l, int64_t ms)
{
	char text[WHEN_TEXT_MAX];
	export_csv_text_cell(l, str_c(when_format(ms, text)));
}

static void cell_int(struct line *l, int64_t n)
{
	struct buf text = {0};
	buf_fmt(&text, "%lld", (long long)n);
	export_csv_text_cell(l, buf_str(&text));
	buf_fini(&text);
}

/* Accounts, buckets and accounts as written in the same order, so that entry i of one belongs to entry i
 * of the others; an account that is not named is an empty entry. */
static void cell_dests(struct line *l, const struct alert *a, enum export_dest_part part)
{
	struct buf text = {0};
	bool any = false;
	for (size_t i = 0; i < a->n_dests; i++) {
		if (export_dest_repeats(a, i))
			continue;
		if (any)
			buf_char(&text, ';');
		any = true;
		buf_add(&text, export_dest_part(&a->dests[i], part));
	}
	export_csv_text_cell(l, buf_str(&text));
	buf_fini(&text);
}

static void export_csv_put(struct line *l, const struct export_row *row, const struct export_about *about,
	const struct export_column *c)
{
	struct export_cell cell;
	export_cell_of(row, about, c, &cell);
	switch (c->type) {
	case CELL_TEXT:
		export_csv_text_cell(l, cell.text);
		break;
	case CELL_TIME:
		cell_time(l, cell.n);
		break;
	case CELL_INT:
		if (cell.unknown)
			export_csv_text_cell(l, (struct str){0});
		else
			cell_int(l, cell.n);
		break;
	case CELL_FLAG:
		export_csv_text_cell(l, cell.n ? STR("true") : STR("false"));
		break;
	case CELL_DESTS:
		cell_dests(l, row->alert, (enum export_dest_part)c->at);
		break;
	}
}

void export_csv(const struct export_row *rows, size_t n, const struct export_about *about,
	struct buf *out)
{
	size_t n_columns;
	const struct export_column *columns = export_columns(about, &n_columns);
	for (size_t i = 0; i < n_columns; i++)
		buf_fmt(out, "%s%s", i ? "," : "", columns[i].name);
	buf_c(out, "\r\n");
	for (size_t i = 0; i < n; i++) {
		struct line l = {out, false};
		for (size_t k = 0; k < n_columns; k++)
			export_csv_put(&l, &rows[i], about, &columns[k]);
		buf_c(out, "\r\n");
	}
}
