/*
 * Any bytes as a table: rows found in one piece and byte by byte must end alike, every row must be an
 * event that is marked, and an answer in JSON must give each of its rows once.
 */
#include "s3triage/base/csv.h"
#include "s3triage/event/table.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COLUMNS = 64 };

static void read_row(const struct table *t, const struct json *const *cells, size_t n)
{
	struct table_row row;
	table_read_row(t, cells, n, &row);
	if (row.record && !table_marked(row.record))
		abort();
	json_free(row.record);
}

static size_t row_of(struct str text, struct csv_form form)
{
	struct csv_scan whole = {.form = form}, bytes = {.form = form};
	size_t n = 0, m = 0;
	enum csv_found found = csv_row(&whole, text, true, &n), slow = CSV_MORE;
	for (size_t i = 0; i < text.n && slow == CSV_MORE; i++)
		slow = csv_row(&bytes, str_sub(text, 0, i), false, &m);
	if (slow == CSV_MORE)
		slow = csv_row(&bytes, text, true, &m);
	if (found != slow || n != m || (found != CSV_DAMAGED && !n) || n > text.n)
		abort();
	return found == CSV_ROW ? n : 0;
}

static void as_text(struct str text, char separator)
{
	struct str cells[COLUMNS];
	struct arena mem = {0};
	struct csv_form form = {separator ? separator : csv_separator(text), separator == '|'};
	AUTO(table_free_ptr) struct table *t = NULL;
	for (size_t rows = 0; text.n && rows < 64; rows++) {
		size_t n = row_of(text, form);
		if (!n)
			break;
		size_t columns = csv_cells(str_sub(text, 0, n), form, &mem, cells, COLUMNS);
		columns = columns < COLUMNS ? columns : COLUMNS;
		text = str_sub(text, n, text.n);
		if (!t) {
			t = table_new(cells, columns);
			continue;
		}
		struct json *v[COLUMNS];
		for (size_t i = 0; i < columns; i++)
			v[i] = json_new_str(cells[i]);
		read_row(t, (const struct json *const *)v, columns);
		for (size_t i = 0; i < columns; i++)
			json_free(v[i]);
	}
	arena_fini(&mem);
}

static void as_json(struct str text)
{
	AUTO(json_free_ptr) struct json *v = json_parse(text, NULL);
	AUTO(table_rows_free_ptr) struct table_rows *rows = v ? table_rows_of(v, NULL) : NULL;
	const struct json *const *cells;
	const struct table *t;
	size_t n, most = 0;
	while (rows && table_rows_next(rows, &t, &cells, &n)) {
		if (++most > text.n)
			abort();
		read_row(t, cells, n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size < 65536 ? size : 65536};
	as_text(text, size && data[0] == '|' ? '|' : 0);
	as_json(text);
	return 0;
}
