/*
 * export_rows: what the formats ask about a row.
 */
#include "export_priv.h"

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
