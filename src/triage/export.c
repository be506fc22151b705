/*
 * export: order of rows, choice of format, and the member-by-member JSON writer.
 */
#include "s3triage/triage/export.h"

#include "export_priv.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

#include <inttypes.h>
#include <stdlib.h>

struct members members_open(struct buf *out, char bracket)
{
	buf_char(out, bracket);
	return (struct members){out, false};
}

void members_close(struct members *m, char bracket)
{
	buf_char(m->out, bracket);
}

void member_key(struct members *m, const char *key)
{
	if (m->any)
		buf_char(m->out, ',');
	m->any = true;
	if (!key)
		return;
	buf_char(m->out, '"');
	buf_c(m->out, key);
	buf_add(m->out, STR("\":"));
}

void member_str(struct members *m, const char *key, struct str s)
{
	member_key(m, key);
	if (s.n)
		json_quote(s, m->out);
	else
		buf_c(m->out, "null");
}

void member_int(struct members *m, const char *key, int64_t n)
{
	member_key(m, key);
	buf_fmt(m->out, "%" PRId64, n);
}

void member_bool(struct members *m, const char *key, bool b)
{
	member_key(m, key);
	buf_c(m->out, b ? "true" : "false");
}

void member_time(struct members *m, const char *key, int64_t ms)
{
	char text[WHEN_TEXT_MAX];
	member_str(m, key, str_c(when_format(ms, text)));
}

void member_traits(struct members *m, const char *key, uint32_t traits)
{
	member_key(m, key);
	struct members list = members_open(m->out, '[');
	for (unsigned i = 0; i < TRAIT_COUNT; i++)
		if (traits >> i & 1)
			member_str(&list, NULL, str_c(trait_name((enum trait_index)i)));
	members_close(&list, ']');
}

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
