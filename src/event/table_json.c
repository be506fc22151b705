/*
 * table_json: tables within JSON: which arrays are rows, and where their columns have names.
 */
#include "table_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/base/vec.h"

#include <stdlib.h>

/* How the columns of an answer are named and where its rows are. */
enum form {
	FORM_ROWS,     /* lists of values, beside a list of columns: ES|QL, SQL, Log Analytics */
	FORM_COLUMNAR, /* ES|QL's list of columns' values */
	FORM_DATA,     /* Athena's {"Data":[{"VarCharValue":…}]} */
	FORM_BIGQUERY, /* {"f":[{"v":…}]} */
	FORM_PAIRS,    /* lists of {"field":…,"value":…}: Insights */
	FORM_SINGLES,  /* lists of objects of one key each: CloudTrail Lake */
	FORM_OBJECTS,  /* objects, whose keys are the names */
};

struct table_rows {
	struct table *table, *last;    /* of the row, and of the one before where that had another */
	const struct table *before;    /* what the record before had: mostly the same */
	enum form form;
	const struct json *row, *list; /* the next row; of FORM_COLUMNAR the columns */
	bool lone;                     /* the row is a record of its own, not an element */
	size_t at;                     /* the next row's number, of FORM_COLUMNAR */
	const struct json **cells;
	struct str *names; /* of the cells, where the row has them */
	size_t n, cap;
};

static void push_cell(struct table_rows *r, struct str name, const struct json *v)
{
	if (r->n == TABLE_COLUMNS_MAX)
		return;
	size_t before = r->cap;
	r->cells = vec_room(r->cells, r->n, &r->cap, sizeof(struct json *));
	if (r->cap != before)
		r->names = mem_resize(r->names, r->cap, sizeof(*r->names));
	r->names[r->n] = name;
	r->cells[r->n++] = v;
}

/* ---- one row ------------------------------------------------------------------------------ */

static const struct json *data_value(const struct json *v)
{
	return json_type(v) == JSON_OBJECT ? json_get(v, "VarCharValue") : v;
}

static void read_list(struct table_rows *r, const struct json *row, const char *inner)
{
	const struct json *list = inner ? json_get(row, inner) : row;
	for (const struct json *m = json_first(list); m; m = json_next(m)) {
		const struct json *v = r->form == FORM_DATA ? data_value(m)
			: r->form == FORM_BIGQUERY ? json_get(m, "v") : m;
		push_cell(r, (struct str){0}, v);
	}
}

static void read_named(struct table_rows *r, const struct json *row)
{
	for (const struct json *m = json_first(row); m; m = json_next(m)) {
		const struct json *only = json_first(m);
		if (r->form == FORM_PAIRS)
			push_cell(r, json_str(json_get(m, "field")), json_get(m, "value"));
		else if (r->form == FORM_SINGLES && only)
			push_cell(r, json_key(only), only);
		else if (r->form == FORM_OBJECTS)
			push_cell(r, json_key(m), m);
	}
}

static void read_column_values(struct table_rows *r)
{
	for (const struct json *m = json_first(r->list); m; m = json_next(m))
		push_cell(r, (struct str){0}, json_at(m, r->at));
	r->at++;
}

static bool is_named(const struct table *t, const struct table_rows *r)
{
	bool same = t->n == r->n;
	for (size_t i = 0; same && i < r->n; i++)
		same = str_eq(t->columns[i].name, r->names[i]);
	return same;
}

/* Rows name their columns themselves, and need not all have the same. */
static const struct table *table_of_row(struct table_rows *r)
{
	if (r->table && is_named(r->table, r))
		return r->table;
	if (!r->table && r->before && is_named(r->before, r))
		return r->before;
	table_free(r->last);
	r->last = r->table;
	return r->table = table_new(r->names, r->n);
}

bool table_rows_next(struct table_rows *r, const struct table **t,
	const struct json *const **cells, size_t *n)
{
	bool columnar = r->form == FORM_COLUMNAR;
	if (columnar ? r->at >= json_count(json_first(r->list)) : !r->row)
		return false;
	r->n = 0;
	if (columnar)
		read_column_values(r);
	else if (r->form == FORM_ROWS || r->form == FORM_DATA || r->form == FORM_BIGQUERY)
		read_list(r, r->row, r->form == FORM_DATA ? "Data" : r->form == FORM_BIGQUERY ? "f" : NULL);
	else
		read_named(r, r->row);
	if (!columnar)
		r->row = r->lone ? NULL : json_next(r->row);
	*t = r->form >= FORM_PAIRS ? table_of_row(r) : r->table;
	*cells = r->cells;
	*n = r->n;
	return true;
}

/* ---- which table -------------------------------------------------------------------------- */

static void table_rows_free(struct table_rows *r)
{
	if (!r)
		return;
	table_free(r->table);
	table_free(r->last);
	free(r->cells);
	free(r->names);
	free(r);
}

static struct table_rows *rows_new(enum form form, const struct json *first)
{
	struct table_rows *r = mem_alloc(sizeof(*r));
	r->form = form;
	r->row = first;
	return r;
}

static struct table *named_by(const struct json *columns, const char *key)
{
	struct table_rows r = {.form = FORM_ROWS};
	for (const struct json *m = json_first(columns); m; m = json_next(m)) {
		struct str name = json_str(json_type(m) == JSON_OBJECT ? json_get(m, key) : m);
		push_cell(&r, name, m);
	}
	struct table *t = table_new(r.names, r.n);
	free(r.cells);
	free(r.names);
	return t;
}

static struct table *same_columns(const struct table *t)
{
	AUTO(mem_free_ptr) struct str *names = mem_array(t->n + 1, sizeof(*names));
	for (size_t i = 0; i < t->n; i++)
		names[i] = t->columns[i].name;
	return table_new(names, t->n);
}

/* A time in a column of times, JSON in one of whole events, a call's name in one of these. */
static bool befits(const struct json *column, const struct json *v)
{
	struct str name = json_str(json_get(column, "name")), type = json_str(json_get(column, "type"));
	struct str text = json_str(json_type(v) == JSON_ARRAY ? json_first(v) : v);
	int64_t ms;
	if (str_starts(type, STR("date")) || str_is(name, "@timestamp"))
		return when_parse(text, &ms);
	if (str_ends(name, STR("original")) || str_ends(name, STR("message")) || str_starts(name, STR("_raw")))
		return str_starts(text, STR("{"));
	return str_ends(name, STR("event.action")) && text.n && str_find_char(text, '{') == STR_NONE &&
		str_find_char(text, ':') == STR_NONE;
}

/* As many rows as columns: told by what befits the columns, as rows if that says nothing. */
static bool is_square_columnar(const struct json *lists, const struct json *columns)
{
	size_t by_rows = 0, by_columns = 0, k = 0;
	for (const struct json *c = json_first(columns); c; c = json_next(c), k++)
		for (size_t i = 0; i < json_count(lists); i++) {
			by_rows += befits(c, json_at(json_at(lists, i), k));
			by_columns += befits(c, json_at(json_at(lists, k), i));
		}
	return by_columns > by_rows;
}

/* Columns' values instead of rows': as many lists as columns, and all of one length. */
static bool is_columnar(const struct json *lists, const struct json *names)
{
	size_t rows = json_count(json_first(lists)), columns = json_count(names);
	if (json_count(lists) != columns || (rows == columns && (rows > 100 || !is_square_columnar(lists, names))))
		return false;
	for (const struct json *m = json_first(lists); m; m = json_next(m))
		if (json_count(m) != rows)
			return false;
	return true;
}

static struct table_rows *with_columns(const struct json *v)
{
	static const struct {
		const char *columns, *rows;
	} names[] = {{"columns", "values"}, {"columns", "rows"}, {"schema", "datarows"}};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct json *columns = json_get(v, names[i].columns), *rows = json_get(v, names[i].rows);
		if (json_type(columns) != JSON_ARRAY || json_type(rows) != JSON_ARRAY)
			continue;
		bool columnar = is_columnar(rows, columns);
		struct table_rows *r = rows_new(columnar ? FORM_COLUMNAR : FORM_ROWS, json_first(rows));
		r->list = rows;
		r->table = named_by(columns, "name");
		return r;
	}
	return NULL;
}

static struct table *names_of_data(const struct json *row)
{
	struct table_rows r = {.form = FORM_DATA};
	read_list(&r, row, "Data");
	for (size_t i = 0; i < r.n; i++)
		r.names[i] = json_str(r.cells[i]);
	struct table *t = table_new(r.names, r.n);
	free(r.cells);
	free(r.names);
	return t;
}

static bool same_names(const struct table *a, const struct table *b)
{
	bool same = a->n == b->n;
	for (size_t i = 0; same && i < a->n; i++)
		same = str_eq(a->columns[i].name, b->columns[i].name);
	return same;
}

/* The first page's first row is the header; the metadata has the names in every page. */
static struct table_rows *athena(const struct json *v, const struct table *before)
{
	const struct json *set = json_get(v, "ResultSet");
	const struct json *rows = json_get(set ? set : v, "Rows");
	const struct json *info = json_get(json_get(set ? set : v, "ResultSetMetadata"), "ColumnInfo");
	if (json_type(rows) != JSON_ARRAY || (json_first(rows) && !json_get(json_first(rows), "Data")))
		return NULL;
	struct table_rows *r = rows_new(FORM_DATA, json_first(rows));
	AUTO(table_free_ptr) struct table *first = names_of_data(r->row);
	if (json_first(info))
		r->table = named_by(info, "Name");
	else if (first->kind == TABLE_UNKNOWN && before && before->n == first->n)
		r->table = same_columns(before);
	else
		r->table = same_columns(first);
	if (r->row && same_names(first, r->table))
		r->row = json_next(r->row);
	return r;
}

static struct table_rows *bigquery(const struct json *v)
{
	const struct json *fields = json_get(json_get(v, "schema"), "fields"), *rows = json_get(v, "rows");
	if (json_type(fields) != JSON_ARRAY || json_type(rows) != JSON_ARRAY)
		return NULL;
	struct table_rows *r = rows_new(FORM_BIGQUERY, json_first(rows));
	r->table = named_by(fields, "name");
	return r;
}

/* Lists of objects, all of one key, or all of a field and a value. */
static struct table_rows *lists_of_pairs(const struct json *v)
{
	static const char *const keys[] = {"QueryResultRows", "results"};
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct json *rows = json_get(v, keys[i]), *row = json_first(rows), *cell = json_first(row);
		if (json_type(rows) != JSON_ARRAY || json_type(row) != JSON_ARRAY || json_type(cell) != JSON_OBJECT)
			continue;
		bool pairs = json_get(cell, "field") != NULL;
		return rows_new(pairs ? FORM_PAIRS : FORM_SINGLES, row);
	}
	return NULL;
}

/* Most objects have no such key; this is quick. */
static bool has_call(const struct json *row)
{
	char tmp[TABLE_NAME_MAX];
	enum { LEAST = 9, MOST = 16 };
	for (const struct json *m = json_first(row); m; m = json_next(m)) {
		struct str key = json_key(m);
		if (key.n < LEAST || key.n > MOST || (key.p[0] != 'e' && key.p[0] != 'E'))
			continue;
		struct str folded = table_name_fold(key, tmp);
		if (str_is(folded, "eventname") || str_is(folded, "eventaction"))
			return true;
	}
	return false;
}

/* An object whose keys are CloudTrail's names in another spelling, or Splunk's `result`. */
static struct table_rows *an_object(const struct json *v, const struct table *before)
{
	const struct json *result = json_get(v, "result");
	const struct json *row = json_type(result) == JSON_OBJECT ? result : v;
	bool whole = json_type(json_get(row, "userIdentity")) == JSON_OBJECT; /* no column, but an event's */
	if (whole || !has_call(row))
		return NULL;
	struct table_rows *r = rows_new(FORM_OBJECTS, row);
	r->lone = true;
	r->before = before;
	read_named(r, row);
	const struct table *t = table_of_row(r);
	size_t known = 0;
	for (size_t i = 0; i < t->n; i++)
		known += t->columns[i].path.n > 0;
	bool is = (t->kind == TABLE_EVENTS && known >= 2 && t->names_call) ||
		(t->kind == TABLE_DOCUMENTS && row == result);
	if (is)
		return r;
	table_rows_free(r);
	return NULL;
}

struct table_rows *table_rows_of(const struct json *v, const struct table *before)
{
	if (json_type(v) != JSON_OBJECT)
		return NULL;
	struct table_rows *r = with_columns(v);
	r = r ? r : athena(v, before);
	r = r ? r : bigquery(v);
	r = r ? r : lists_of_pairs(v);
	r = r ? r : an_object(v, before);
	if (r && r->form >= FORM_PAIRS)
		r->before = before;
	return r;
}

struct table *table_rows_take(struct table_rows *r)
{
	struct table *t = r->table;
	r->table = NULL;
	return t;
}

void table_rows_free_ptr(struct table_rows **r)
{
	table_rows_free(*r);
}
