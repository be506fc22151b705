/*
 * draft: a reason and a note that are being written. They are kept outside with every key, under a
 * name made of the alerts they are about, until they are recorded: whatever ends the dialog or the
 * program, they are offered again.
 */
#include "app_priv.h"

#include <stdlib.h>
#include <string.h>

static int draft_order(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static struct str draft_id(const struct app *a, row_id r)
{
	const struct alert *al = store_alert(a->set.store, r);
	return al->id.n ? al->id : al->event_id;
}

/* The same alerts give the same name, in whatever order they were read. */
static void draft_name(struct app *a)
{
	struct decide *d = &a->decide;
	AUTO(buf_fini) struct buf all = {0};
	struct str *ids = mem_array(d->marked, sizeof(*ids));
	size_t n = 0;
	for (row_id r = 0; d->bulk && r < store_count(a->set.store); r++)
		if (marks_has(&a->marks, r) && n < d->marked)
			ids[n++] = draft_id(a, r);
	if (!d->bulk)
		ids[n++] = draft_id(a, d->rows[0]);
	qsort(ids, n, sizeof(*ids), draft_order);
	for (size_t i = 0; i < n; i++) {
		buf_add(&all, ids[i]);
		buf_char(&all, '\n');
	}
	free(ids);
	sha256_hex(buf_str(&all), d->draft);
}

void draft_open(struct app *a)
{
	struct decide *d = &a->decide;
	AUTO(buf_fini) struct buf reason = {0}, note = {0};
	draft_name(a);
	d->kept = a->set.io.draft && a->set.io.draft(a->set.io.ctx, d->draft, &reason, &note);
	line_set(&d->reason, buf_str(&reason));
	line_set(&d->note, buf_str(&note));
}

void draft_write(struct app *a, const char *name, struct str reason, struct str note)
{
	struct err err = {0};
	if (a->set.io.keep_draft && !a->set.io.keep_draft(a->set.io.ctx, name, reason, note, &err))
		app_say(a, ROLE_WARN, "what you write would be lost with this console: %s", err.text);
}

void draft_keep(struct app *a)
{
	draft_write(a, a->decide.draft, line_str(&a->decide.reason), line_str(&a->decide.note));
}

void draft_drop(struct app *a)
{
	line_set(&a->decide.reason, STR(""));
	line_set(&a->decide.note, STR(""));
	draft_keep(a);
}
