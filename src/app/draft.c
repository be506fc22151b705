/*
 * draft: a reason and a note that are being written. They are kept outside with every key, under a
 * name made of who writes and of the alerts they are about, until they are recorded: whatever ends the
 * dialog or the program, they are offered again, to nobody else and about nothing else.
 */
#include "decide_priv.h"

#include "s3triage/alert/content.h"

#include <stdlib.h>

static int draft_order(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* An alert by its id and what that stands for: the id may be used for something else another time. */
static struct str draft_about(const struct app *a, row_id r, struct arena *mem)
{
	const struct alert *al = store_alert(a->set.desk->store, r);
	char digest[CONTENT_DIGEST];
	struct content c;
	content_of(al, mem, &c);
	content_digest(&c, digest);
	return arena_fmt(mem, "%s %.*s", digest, STR_ARG(alert_name(al)));
}

/* The same alerts give the same name, in whatever order they were read. */
static void draft_name(const struct app *a, const row_id *rows, size_t n, char out[SHA256_HEX])
{
	AUTO(buf_fini) struct buf all = {0};
	struct arena mem = {0};
	struct str *about = mem_array(n, sizeof(*about));
	for (size_t i = 0; i < n; i++)
		about[i] = draft_about(a, rows[i], &mem);
	qsort(about, n, sizeof(*about), draft_order);
	buf_add(&all, a->set.desk->analyst);
	for (size_t i = 0; i < n; i++) {
		buf_char(&all, '\n');
		buf_add(&all, about[i]);
	}
	free(about);
	arena_fini(&mem);
	sha256_hex(buf_str(&all), out);
}

void draft_name_step(const struct app *a, row_id r, struct str step, char out[SHA256_HEX])
{
	AUTO(buf_fini) struct buf all = {0};
	char alert[SHA256_HEX];
	draft_name(a, &r, 1, alert);
	buf_fmt(&all, "%s\nstep %.*s", alert, STR_ARG(step));
	sha256_hex(buf_str(&all), out);
}

bool draft_waits(const struct app *a, row_id r)
{
	AUTO(buf_fini) struct buf reason = {0}, note = {0};
	char name[SHA256_HEX];
	draft_name(a, &r, 1, name);
	return desk_draft(a->set.desk, name, &reason, &note);
}

/* The rows of the dialog, on the heap. */
static row_id *draft_dialog_rows(const struct app *a, size_t *n)
{
	const struct decide *d = a->decide;
	row_id *rows = mem_array(d->marked, sizeof(*rows));
	*n = 0;
	for (row_id r = 0; d->bulk && r < store_count(a->set.desk->store); r++)
		if (marks_has(&a->marks, r) && *n < d->marked)
			rows[(*n)++] = r;
	if (!d->bulk)
		rows[(*n)++] = d->rows[0];
	return rows;
}

/* Older versions named it by the ids alone: who wrote it, and about what, it does not say. So it is
 * told, and offered to nobody. */
static void tell_old(struct app *a, const row_id *rows, size_t n)
{
	AUTO(buf_fini) struct buf all = {0}, path = {0};
	char name[SHA256_HEX];
	struct str *ids = mem_array(n, sizeof(*ids));
	for (size_t i = 0; i < n; i++) {
		const struct alert *al = store_alert(a->set.desk->store, rows[i]);
		ids[i] = al->id.n ? al->id : al->event_id;
	}
	qsort(ids, n, sizeof(*ids), draft_order);
	for (size_t i = 0; i < n; i++)
		buf_fmt(&all, "%.*s\n", STR_ARG(ids[i]));
	free(ids);
	sha256_hex(buf_str(&all), name);
	if (desk_draft_old(a->set.desk, name, &path))
		app_say(a, ROLE_WARN, "an older version kept a text for this, it does not say whose: read and"
			" remove %s", buf_cstr(&path));
}

void draft_open(struct app *a)
{
	struct decide *d = a->decide;
	AUTO(buf_fini) struct buf reason = {0}, note = {0};
	size_t n;
	AUTO(mem_free_ptr) row_id *rows = draft_dialog_rows(a, &n);
	draft_name(a, rows, n, d->draft);
	tell_old(a, rows, n);
	d->kept = desk_draft(a->set.desk, d->draft, &reason, &note);
	line_set(&d->reason, buf_str(&reason));
	line_set(&d->note, buf_str(&note));
}

void draft_write(struct app *a, const char *name, struct str reason, struct str note)
{
	struct err err = {0};
	if (!desk_draft_keep(a->set.desk, name, reason, note, &err))
		app_say(a, ROLE_WARN, "what you write would be lost with this console: %s", err.text);
}

void draft_keep(struct app *a)
{
	draft_write(a, a->decide->draft, line_str(&a->decide->reason), line_str(&a->decide->note));
}

void draft_drop(struct app *a)
{
	line_set(&a->decide->reason, STR(""));
	line_set(&a->decide->note, STR(""));
	draft_keep(a);
}
