/*
 * listing_deeds: everything that the principal and the key of the alert under the cursor did and that was
 * done to its bucket: the counts on the timeline's page, and a table of each event, which opens in full from
 * where it lies. The sources are read once more for it, in the background. Nothing is decided here.
 */
#include "listing_priv.h"

#include "s3triage/base/when.h"

#include <stdlib.h>

static const struct listing_column done_columns[] = {
	{.name = "time", .width = 19},
	{.name = "of", .width = 9, .rank = 1},
	{.name = "call", .width = 20, .grow = 3},
	{.name = "outcome", .width = 7},
	{.name = "service", .width = 10, .rank = 2},
	{.name = "where it lies", .width = 16, .grow = 2, .rank = 3},
};

/* ---- counting ----------------------------------------------------------------------------------- */

void done_ask(struct app *a)
{
	struct err err = {0};
	const struct app_io *io = &a->set.io;
	buf_clear(&a->done.why);
	if (!io->count_deeds)
		buf_c(&a->done.why, "these sources cannot be read again");
	else if (!io->count_deeds(io->ctx, app_alert(a), &err))
		buf_c(&a->done.why, err.text);
	a->shown.stale = true;
}

static bool done_told(const struct app *a, struct deeds_told *out)
{
	const struct alert *al = app_alert(a);
	return al && a->set.io.deeds_of && a->set.io.deeds_of(a->set.io.ctx, al, out);
}

unsigned app_counted(struct app *a, bool over)
{
	a->shown.stale |= over;
	a->listing.fresh = false;
	return APP_DRAW;
}

void done_say(struct app *a, bool line, struct text *t)
{
	struct deeds_told told;
	const struct rule *rule = a->shown.in.detail.rule;
	if (done_told(a, &told)) {
		(line ? deeds_line : deeds_text)(&(struct deeds_view){app_alert(a), &told, &a->shown.timeline,
			rule ? rule->note : STR(""), a->window}, t);
		return;
	}
	if (!line)
		return;
	text_fmt(t, ROLE_WARN, "what else was done is not counted: %.*s", STR_ARG(buf_str(&a->done.why)));
	text_end(t);
}

/* ---- rows --------------------------------------------------------------------------------------- */

static int done_compare(const void *left, const void *right)
{
	const struct deed_event *a = ((const struct done_row *)left)->event,
				*b = ((const struct done_row *)right)->event;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	if (a->path != b->path)
		return a->path < b->path ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static const char *done_outcome(const struct deed_event *e)
{
	return e->denied ? "denied" : e->failed ? "failed" : "-";
}

static bool done_matches(const struct done *d, const struct deed_event *e)
{
	const struct deed_row *r = deeds_row(d->told.deeds, e->row);
	struct str words = buf_str(&d->words);
	return !words.n || str_find_fold(r->name, words) != STR_NONE ||
		str_find_fold(r->service, words) != STR_NONE || str_find_fold(str_c(done_outcome(e)), words) != STR_NONE;
}

/* One event of the principal, its key and the bucket is one row. */
static void done_join(struct done *d)
{
	size_t n = 0;
	if (d->n)
		qsort(d->rows, d->n, sizeof(*d->rows), done_compare);
	for (size_t i = 0; i < d->n; i++)
		if (n && done_compare(&d->rows[n - 1], &d->rows[i]) == 0)
			d->rows[n - 1].of |= d->rows[i].of;
		else
			d->rows[n++] = d->rows[i];
	d->all = n;
	d->n = 0;
	for (size_t i = 0; i < n; i++)
		if (done_matches(d, d->rows[i].event))
			d->rows[d->n++] = d->rows[i];
}

static void done_rows(struct app *a)
{
	struct done *d = &a->done;
	struct arena mem = {0};
	const struct deed_event **v[DEED_KINDS];
	uint32_t of[DEED_KINDS];
	size_t n[DEED_KINDS], most = 0;
	bool all;
	size_t subjects = deed_alert_subjects(d->told.wants, app_alert(a), of, &all);
	d->n = d->all = 0;
	d->unkept = 0;
	for (size_t i = 0; i < subjects; i++) {
		v[i] = deeds_events(d->told.deeds, &(struct deed_ask){.subject = of[i],
			.window = {WHEN_NONE, WHEN_NONE}}, &mem, &n[i]);
		d->unkept += deeds_subject(d->told.deeds, of[i])->count.n - n[i];
		most += n[i];
	}
	arena_fini(&d->mem);
	d->rows = arena_array(&d->mem, most, sizeof(*d->rows));
	for (size_t i = 0; i < subjects; i++)
		for (size_t k = 0; k < n[i]; k++)
			d->rows[d->n++] = (struct done_row){v[i][k],
				1u << deeds_subject(d->told.deeds, of[i])->kind};
	arena_fini(&mem);
	done_join(d);
}

/* The rows are of the alert under the cursor and of what is counted now, whatever was before. */
static size_t done_count(struct app *a)
{
	struct done *d = &a->done;
	struct deeds_told told;
	bool known = done_told(a, &told) && !told.reading;
	if (known && d->serial == told.serial && d->of == a->cursor)
		return d->n;
	d->n = d->all = 0;
	d->serial = 0;
	d->read = NULL;
	d->reading = false;
	if (!known)
		return 0;
	d->told = told;
	d->serial = told.serial;
	d->of = a->cursor;
	done_rows(a);
	a->listing.fresh = false;
	return d->n;
}

/* ---- the table ---------------------------------------------------------------------------------- */

static void done_name(const struct app *a, struct arena *mem, struct listing_model *m)
{
	const struct done *d = &a->done;
	struct deeds_told told;
	char n[COUNT_TEXT_MAX], of[COUNT_TEXT_MAX];
	if (!done_told(a, &told))
		m->empty = arena_str(mem, buf_str(&d->why));
	else if (told.reading)
		m->empty = arena_fmt(mem, "counting ... %s events read so far", str_count(told.events, n));
	if (!d->serial)
		return;
	m->title = arena_fmt(mem, "Everything that was done: %s event%s", str_count(d->all, n), plural(d->all));
	if (d->unkept)
		m->title = arena_fmt(mem, "%.*s, and %s more whose place is not kept", STR_ARG(m->title),
			str_count(d->unkept, of));
}

static struct str done_of(unsigned of)
{
	bool bucket = of & 1u << DEED_BUCKET, who = of & ~(1u << DEED_BUCKET);
	return bucket && who ? STR("both") : bucket ? STR("bucket") :
		of & 1u << DEED_PRINCIPAL ? STR("principal") : STR("key");
}

static struct str done_time(int64_t ms, struct arena *mem)
{
	char when[WHEN_TEXT_MAX];
	when_format(ms, when);
	return ms == WHEN_NONE ? STR("-") : arena_fmt(mem, "%.10s %.8s", when, when + 11);
}

static struct str done_service(const struct deed_row *r)
{
	struct str s = r->service;
	if (str_ends(s, STR(".amazonaws.com")))
		s.n -= sizeof(".amazonaws.com") - 1;
	return s;
}

static void done_cells(const void *app, size_t i, struct arena *mem, struct listing_cell *c)
{
	const struct done *d = &((const struct app *)app)->done;
	const struct deed_event *e = d->rows[i].event;
	const struct deed_row *r = deeds_row(d->told.deeds, e->row);
	struct deed_place at = deeds_place(d->told.deeds, e);
	c[0] = (struct listing_cell){done_time(e->time, mem), ROLE_DIM};
	c[1] = (struct listing_cell){done_of(d->rows[i].of), ROLE_DIM};
	c[2] = (struct listing_cell){r->name, r->reads ? ROLE_TEXT : ROLE_STRONG};
	c[3] = (struct listing_cell){str_c(done_outcome(e)), ROLE_WARN};
	c[4] = (struct listing_cell){done_service(r), ROLE_TEXT};
	c[5] = (struct listing_cell){arena_fmt(mem, "%.*s@%llu", STR_ARG(file_base(at.path)), at.at), ROLE_DIM};
}

static void done_page(struct app *a, size_t i, struct text *t)
{
	struct done *d = &a->done;
	struct arena mem = {0};
	const struct deed_event *e = d->rows[i].event;
	const struct deed_row *r = deeds_row(d->told.deeds, e->row);
	struct deed_place at = deeds_place(d->told.deeds, e);
	listing_say(t, "time", done_time(e->time, &mem));
	listing_say(t, "call", r->name);
	listing_say(t, "service", r->service);
	listing_say(t, "outcome", e->denied || e->failed ? str_c(done_outcome(e)) : STR("succeeded"));
	listing_say(t, "lies in", arena_fmt(&mem, "%.*s at byte %llu", STR_ARG(at.path), at.at));
	text_end(t);
	if (d->read != e)
		text_fmt(t, ROLE_DIM, "Enter: the event as it lies there");
	else if (d->reading)
		text_fmt(t, ROLE_DIM, "reading it ...");
	else if (!d->raw.n)
		text_fmt(t, ROLE_WARN, "it is not there any more: the file changed since it was counted");
	else
		record_raw_text(buf_str(&d->raw), t);
	text_end(t);
	arena_fini(&mem);
}

static unsigned done_enter(struct app *a, size_t i)
{
	struct err err = {0};
	struct done *d = &a->done;
	const struct deed_event *e = d->rows[i].event;
	if (a->listing.alone && d->read == e)
		return app_say(a, ROLE_DIM, "this is the whole event");
	if (!a->set.io.read_event || !a->set.io.read_event(a->set.io.ctx, &d->told, e, &err))
		return app_say(a, ROLE_WARN, "%s", err.code ? err.text : "these sources cannot be read again");
	d->read = e;
	d->reading = true;
	a->listing.alone = true;
	a->listing.fresh = false;
	a->listing.page_top = 0;
	return APP_DRAW;
}

unsigned app_event(struct app *a, struct str raw)
{
	buf_clear(&a->done.raw);
	buf_add(&a->done.raw, raw);
	a->done.reading = false;
	a->listing.fresh = false;
	return APP_DRAW;
}

static unsigned done_stay(struct app *a, size_t i)
{
	(void)i;
	return app_say(a, ROLE_DIM, "these are no alerts");
}

static void done_filter(struct app *a, struct str words)
{
	buf_clear(&a->done.words);
	buf_add(&a->done.words, words);
	a->done.serial = 0;
	a->listing.fresh = false;
}

static const struct listing_kind done_kind = {
	.title = "Everything that was done", .columns = done_columns, .n_columns = ARRAY_LEN(done_columns),
	.name = done_name, .empty = "nothing", .count = done_count, .row = done_cells, .page = done_page,
	.open = done_stay, .enter = done_enter, .entered = "the event",
	.enter_help = "the whole event, as it lies there",
	.filter = done_filter, .back = ACTION_TIMELINE,
};

/* At the first event of the alert's time. */
unsigned done_open(struct app *a)
{
	const struct alert *al = app_alert(a);
	if (!al)
		return APP_DRAW;
	done_ask(a);
	if (a->done.why.n)
		return app_say(a, ROLE_WARN, "%.*s", STR_ARG(buf_str(&a->done.why)));
	done_filter(a, STR(""));
	unsigned after = listing_open(a, &done_kind);
	size_t n = done_count(a);
	for (size_t i = 0; i < n && a->done.rows[i].event->time <= al->time; i++)
		if (a->done.rows[i].event->time / 1000 == al->time / 1000 && a->listing.at == 0)
			a->listing.at = i;
	return after;
}

void done_fini(struct app *a)
{
	buf_fini(&a->done.words);
	buf_fini(&a->done.raw);
	buf_fini(&a->done.why);
	arena_fini(&a->done.mem);
}
