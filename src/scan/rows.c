/*
 * rows: each row of a table becomes a record: the event that a cell holds whole, else the one that
 * its cells make. Knows nothing of what columns mean: see event/table.
 */
#include "rows.h"

#include "split.h"

#include "s3triage/event/table.h"

#include <string.h>

unsigned long rows_line(const struct rows *s)
{
	return s->f ? feed_lines(s->f, s->at) + 1 : 0;
}

void rows_tell(const struct rows *s, unsigned long line, const char *text)
{
	struct err err = {0};
	err_set(&err, ERR_PARSE, "%s", text);
	reader_problem(s->r, &err, line, s->at);
}

/* ---- one row ------------------------------------------------------------------------------ */

/* A cell that holds the event whole, perhaps in an envelope: it is that event, wherever it lies. False: it
 * holds none. */
static bool read_whole(struct rows *s, struct item *it, const struct json *cell)
{
	struct err err = {0};
	struct str text = str_trim(json_str(cell));
	bool is = json_type(cell) == JSON_OBJECT, like = text.n && strchr("{[\"", text.p[0]);
	AUTO(json_free_ptr) struct json *parsed = like ? json_parse(text, &err) : NULL;
	AUTO(buf_fini) struct buf said = {0};
	const struct json *v = is ? cell : parsed;
	if (!v && str_starts(text, STR("{\""))) {
		buf_fmt(&said, "the event in this row cannot be read: %s", err.text);
		rows_tell(s, rows_line(s), buf_cstr(&said));
	}
	if (!v)
		return false;
	if (is)
		json_print_stable(v, &said);
	it->text = is ? buf_str(&said) : text;
	it->doubts = item_doubts(v);
	it->beside = json_type(v) != JSON_OBJECT || event_shape(v) == SHAPE_UNKNOWN;
	bool any = item_read(it, v) != SPLIT_UNKNOWN;
	s->read += any;
	return any;
}

static void tell_odd(struct rows *s, const struct table_row *row)
{
	AUTO(buf_fini) struct buf why = {0};
	s->zoneless |= row->zoneless;
	if (row->unread)
		buf_fmt(&why, "column '%.*s' %s", STR_ARG(str_sub(row->column, 0, 60)), row->unread);
	if (row->doubtful)
		buf_fmt(&why, "%sa cell is text without quotes that can be read in two ways", why.n ? "; " : "");
	if (why.n)
		rows_tell(s, rows_line(s), buf_cstr(&why));
}

static void count_first(const struct rows *s, unsigned long long *n, unsigned long *line)
{
	if (!(*n)++)
		*line = rows_line(s);
}

static void read_made(struct rows *s, struct item *it, const struct json *const *cells, size_t n)
{
	struct table_row row;
	table_read_row(s->t, cells, n, &row);
	AUTO(json_free_ptr) struct json *made = row.record;
	if (!made)
		return;
	if (event_shape(made) == SHAPE_UNKNOWN) {
		count_first(s, &s->poor, &s->poor_line);
		return;
	}
	AUTO(buf_fini) struct buf text = {0};
	json_print_stable(made, &text);
	it->text = buf_str(&text);
	it->beside = false;
	it->doubts = row.unread || row.doubtful || s->doubted ? TRAIT_UNREAD : 0;
	if (row.replication)
		count_first(s, &s->bare, &s->bare_line);
	tell_odd(s, &row);
	item_read(it, made);
	s->read++;
}

/* A column of no known name may be anybody's words, and is said; not the only one. */
static bool read_anywhere(struct rows *s, struct item *it, const struct json *const *cells, size_t i,
	size_t n)
{
	AUTO(buf_fini) struct buf where = {0};
	buf_fmt(&where, "column %zu", i + 1);
	if (str_is_name(table_column(s->t, i), "_-.@", 60)) /* of a table without a header it is a cell */
		buf_fmt(&where, ", '%.*s'", STR_ARG(table_column(s->t, i)));
	it->found_in = n > 1 ? buf_str(&where) : (struct str){0};
	return read_whole(s, it, cells[i]);
}

void rows_row(struct rows *s, const struct json *const *cells, size_t n)
{
	struct item it = {.r = s->r, .f = s->f, .at = s->at};
	bool any = table_kind(s->t) == TABLE_UNKNOWN;
	s->r->tally.candidates++;
	for (size_t i = 0; any && i < n; i++)
		if (read_anywhere(s, &it, cells, i, n))
			return;
	for (size_t i = STR_NONE; !any && table_next_whole(s->t, &i) && i < n;)
		if (read_whole(s, &it, cells[i]))
			return;
	if (!any && table_kind(s->t) != TABLE_OURS)
		read_made(s, &it, cells, n);
}

/* ---- what the rows were ------------------------------------------------------------------- */

static void tell_bare(struct rows *s)
{
	AUTO(buf_fini) struct buf why = {0};
	buf_fmt(&why, "%s: %llu row%s of it, this one first, %s PutBucketReplication, and it can never show a"
		" destination; %s", table_is_history(s->t)
			? "the console's event history as CSV holds no request (requestParameters)"
			: "this table has no column with the request (requestParameters)",
		s->bare, plural(s->bare), s->bare == 1 ? "is" : "are",
		table_is_history(s->t) ? "download it as JSON" : "select that column, too");
	rows_tell(s, s->bare_line, buf_cstr(&why));
}

static void tell_poor(struct rows *s)
{
	AUTO(buf_fini) struct buf why = {0};
	buf_fmt(&why, "%llu row%s, this one first, hold%s too little to be an event; columns: ", s->poor,
		plural(s->poor), s->poor == 1 ? "s" : "");
	table_say_columns(s->t, &why);
	rows_tell(s, s->poor_line, buf_cstr(&why));
}

static void tell_unknown(struct rows *s)
{
	AUTO(buf_fini) struct buf why = {0};
	buf_c(&why, table_kind(s->t) == TABLE_OURS
			? "is a table of decisions that s3triage exported, which holds no events; its columns: "
			: "is a table, and none of its columns is known to be of an event: ");
	table_say_columns(s->t, &why);
	rows_tell(s, s->header_line, buf_cstr(&why));
}

void rows_end(struct rows *s)
{
	struct err err = {0};
	if (s->bare)
		tell_bare(s);
	if (s->poor)
		tell_poor(s);
	else if (!s->read && (table_kind(s->t) == TABLE_UNKNOWN || table_kind(s->t) == TABLE_OURS ||
			table_kind(s->t) == TABLE_WHOLE))
		tell_unknown(s);
	if (s->zoneless) {
		err_set(&err, ERR_NONE, "times in this table name no zone and were taken for UTC");
		reader_note(s->r, &err);
	}
	s->read = s->poor = s->bare = 0;
	s->zoneless = false;
}

/* ---- within JSON -------------------------------------------------------------------------- */

enum split_kind rows_of_json(const struct item *it, const struct json *v)
{
	struct reader *r = it->r;
	if (json_type(v) != JSON_OBJECT || event_shape(v) != SHAPE_UNKNOWN)
		return SPLIT_UNKNOWN; /* an event's own members are no columns */
	AUTO(table_rows_free_ptr) struct table_rows *rows = table_rows_of(v, r->table);
	struct rows s = {.r = r, .f = it->f, .at = it->at};
	s.header_line = rows_line(&s);
	const struct json *const *cells;
	size_t n;
	if (!rows)
		return SPLIT_UNKNOWN;
	const struct table *t = NULL;
	while (!scan_stopping(r->s) && table_rows_next(rows, &t, &cells, &n)) {
		if (s.t && s.t != t)
			rows_end(&s);
		s.t = t;
		rows_row(&s, cells, n);
	}
	struct table *last = table_rows_take(rows);
	if (!s.t)
		s.t = last;
	if (s.t)
		rows_end(&s);
	if (last) {
		table_free(r->table);
		r->table = last;
	}
	return SPLIT_KNOWN;
}
