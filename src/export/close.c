/*
 * close: each closing export by its writer, its rows in one order.
 */
#include "s3triage/export/close.h"

#include "close_priv.h"
#include "s3triage/base/mem.h"

#include <stdlib.h>

typedef void close_fn(const struct closing *c);

static void close_decisions(const struct closing *c)
{
	AUTO(mem_free_ptr) struct export_row *rows = mem_array(c->n, sizeof(*rows));
	AUTO(buf_fini) struct buf origin = {0};
	struct arena mem = {0};
	size_t n = 0;
	for (size_t i = 0; i < c->n; i++)
		if (!c->rows[i].unasked)
			rows[n++] = c->rows[i].row;
	c->report->used = n;
	c->report->left[CLOSE_WHY_UNASKED] = c->n - n;
	close_origin_write(c->origin, &origin);
	const struct export_about about = {.made = c->origin->made, .analyst = c->origin->analyst,
		.journal_rows = c->origin->rows, .origin = buf_str(&origin),
		.journal_head = arena_str(&mem, c->origin->head).p};
	export_write((enum export_format)(c->origin->format - CLOSE_CSV), rows, n, &about, c->out);
	arena_fini(&mem);
}

static close_fn *writer_of(enum close_format f)
{
	static close_fn *const writers[CLOSE_COUNT] = {
		[CLOSE_CSV] = close_decisions, /* in the order of enum export_format */
		[CLOSE_NDJSON] = close_decisions,
		[CLOSE_JSON] = close_decisions,
		[CLOSE_MARKDOWN] = close_decisions,
		[CLOSE_EXCEPTIONS] = close_exceptions,
		[CLOSE_VALUE_LIST] = close_value_list,
		[CLOSE_EQL] = close_eql,
		[CLOSE_KQL] = close_kql,
		[CLOSE_ACCOUNTS] = close_accounts,
		[CLOSE_CASE] = close_case,
		[CLOSE_STIX] = close_stix,
	};
	return writers[(unsigned)f < CLOSE_COUNT ? (unsigned)f : 0];
}

bool close_is_list(enum close_format f)
{
	return writer_of(f) == close_decisions;
}

void close_write(struct close_row *rows, size_t n, const struct close_origin *origin,
	struct buf *out, struct close_report *report)
{
	*report = (struct close_report){0};
	if (n > 1)
		qsort(rows, n, sizeof(*rows), export_row_cmp);
	const struct closing c = {rows, n, origin, out, report};
	writer_of(origin->format)(&c);
}
