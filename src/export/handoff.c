/*
 * handoff: each closing export by its writer, its rows in one order.
 */
#include "s3triage/export/handoff.h"

#include "handoff_priv.h"
#include "s3triage/base/mem.h"

#include <stdlib.h>

typedef void handoff_fn(const struct handoff *c);

static void handoff_decisions(const struct handoff *c)
{
	AUTO(mem_free_ptr) struct export_row *rows = mem_array(c->n, sizeof(*rows));
	AUTO(buf_fini) struct buf origin = {0}, part = {0};
	struct arena mem = {0};
	struct export_about about = {.made = c->origin->made, .analyst = c->origin->analyst,
		.journal_rows = c->origin->rows, .journal_head = arena_str(&mem, c->origin->head).p,
		.sources = c->origin->sources, .columns = c->origin->columns};
	size_t n = 0;
	for (size_t i = 0; i < c->n; i++) {
		if (!c->rows[i].unasked)
			rows[n++] = c->rows[i].row;
		else
			about.left[export_verdict(&c->rows[i].row)]++;
	}
	c->report->used = n;
	c->report->left[HANDOFF_WHY_UNASKED] = c->n - n;
	handoff_origin_write(c->origin, &origin);
	handoff_part(c->origin, &part);
	about.origin = buf_str(&origin);
	about.part = buf_str(&part);
	export_write((enum export_format)c->origin->format, rows, n, &about, c->out);
	arena_fini(&mem);
}

static handoff_fn *writer_of(enum handoff_format f)
{
	static handoff_fn *const writers[] = {
#define X(enumerator, name, writer, ways, text) writer,
		HANDOFF_CLOSING(X)
#undef X
	};
	unsigned closing = (unsigned)f - EXPORT_FORMATS;
	return closing < ARRAY_LEN(writers) ? writers[closing] : handoff_decisions;
}

void handoff_write(struct handoff_row *rows, size_t n, const struct handoff_origin *origin,
	struct buf *out, struct handoff_report *report)
{
	*report = (struct handoff_report){0};
	if (n > 1)
		qsort(rows, n, sizeof(*rows), export_row_cmp);
	const struct handoff c = {rows, n, origin, out, report};
	writer_of(origin->format)(&c);
}
