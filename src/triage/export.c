/*
 * export: order of rows, choice of format.
 */
#include "s3triage/triage/export.h"

#include "export_priv.h"
#include "s3triage/base/mem.h"

#include <stdlib.h>

struct str export_dest_part(const struct alert_dest *d, enum export_dest_part part)
{
	return part == DEST_ACCOUNT ? d->account : part == DEST_BUCKET ? d->bucket : d->written;
}

bool export_dest_repeats(const struct alert *a, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(a->dests[k].account, a->dests[i].account) &&
			(a->dests[i].account.n || str_eq(a->dests[k].written, a->dests[i].written)) &&
			str_eq(a->dests[k].bucket, a->dests[i].bucket))
			return true;
	return false;
}

enum verdict export_verdict(const struct export_row *row)
{
	return row->decision ? row->decision->verdict : VERDICT_OPEN;
}

int export_row_cmp(const void *left, const void *right)
{
	const struct alert *a = ((const struct export_row *)left)->alert;
	const struct alert *b = ((const struct export_row *)right)->alert;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	int c = str_cmp(a->id, b->id);
	if (c == 0)
		c = str_cmp(a->event_id, b->event_id);
	return c ? c : str_cmp(a->rule_id, b->rule_id);
}

void export_write(enum export_format format, struct export_row *rows, size_t n,
	const struct export_about *about, struct buf *out)
{
	if (n > 1)
		qsort(rows, n, sizeof(*rows), export_row_cmp);
	switch (format) {
	case EXPORT_CSV:
		export_csv(rows, n, about, out);
		return;
	case EXPORT_NDJSON:
		export_ndjson(rows, n, about, out);
		return;
	case EXPORT_JSON:
		export_json(rows, n, about, out);
		return;
	case EXPORT_MARKDOWN:
		export_markdown(rows, n, about, out);
	}
}
