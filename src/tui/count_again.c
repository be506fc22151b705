/*
 * count_again: reads the sources once more beside everything else, to count what whom an alert names did, or
 * for the one event that lies somewhere. The last few countings are kept: a second look costs nothing.
 */
#include "loop.h"

#define SLICE 4  /* ms */
#define TELL 200 /* ms between two words on progress */

static void counted_drop(struct counted *c)
{
	deeds_free(c->deeds);
	deed_wants_free(c->wants);
	*c = (struct counted){.wants = NULL};
}

static struct counted *counted_of(struct tui *t, const struct alert *al)
{
	uint32_t of[DEED_KINDS];
	bool all;
	for (size_t i = 0; i < COUNTED_MAX; i++) {
		struct counted *c = &t->count.kept[i];
		if (c->wants && (deed_alert_subjects(c->wants, al, of, &all) || !deed_wants_count(c->wants)) && all)
			return c;
	}
	return NULL;
}

/* The one that is read is let go first, half a count is none; then the one asked for longest ago. */
static struct counted *counted_room(struct tui *t)
{
	struct counted *oldest = &t->count.kept[0];
	for (size_t i = 0; i < COUNTED_MAX; i++) {
		struct counted *c = &t->count.kept[i];
		if (c->reading)
			counted_drop(c);
		if (c->asked < oldest->asked)
			oldest = c;
	}
	counted_drop(oldest);
	return oldest;
}

static bool count_can(const struct tui *t, struct err *err)
{
	const struct scan_options *o = t->set->again;
	if (!o)
		return err_set(err, ERR_INPUT, "standard input cannot be read again: save it in a file");
	if (!o->n_paths && !o->demo.n)
		return err_set(err, ERR_INPUT, "clusters are not asked for it: l asks for a life");
	return true;
}

/* Files only; what a profile has of its server belongs to one reading at a time. */
static struct scan_options count_options(const struct tui *t, const struct deed_wants *w)
{
	struct scan_options o = *t->set->again;
	o.profiles = NULL;
	o.n_profiles = 0;
	o.live = NULL;
	o.since = o.until = WHEN_NONE;
	o.deeds = w;
	o.background = true;
	return o;
}

bool count_begin(void *tui, const struct alert *al, struct err *err)
{
	struct tui *t = tui;
	struct counted *c = counted_of(t, al);
	if (!c) {
		if (!count_can(t, err))
			return false;
		scan_free(t->count.scan);
		c = counted_room(t);
		c->wants = deed_wants_new();
		deed_want_alert(c->wants, al);
		c->deeds = deeds_new(c->wants);
		c->serial = ++t->count.serial;
		const struct scan_options o = count_options(t, c->wants);
		t->count.scan = scan_start(&o, err);
		c->reading = t->count.scan != NULL;
	}
	c->asked = ++t->count.asked;
	if (!c->reading && !c->done)
		counted_drop(c);
	return c->wants != NULL;
}

bool count_of(void *tui, const struct alert *al, struct deeds_told *out)
{
	struct tui *t = tui;
	const struct counted *c = counted_of(t, al);
	if (!c)
		return false;
	*out = (struct deeds_told){.wants = c->wants, .deeds = c->deeds, .serial = c->serial, .reading = c->reading,
		.events = c->progress.events, .files = c->progress.files_done, .problems = c->problems,
		.clusters = t->set->again->n_profiles};
	return true;
}

bool count_read_event(void *tui, const struct deeds_told *of, const struct deed_event *e, struct err *err)
{
	struct tui *t = tui;
	struct one_event *one = &t->count.one;
	if (!count_can(t, err))
		return false;
	scan_free(one->scan);
	one->scan = NULL;
	struct deed_place at = deeds_place(of->deeds, e);
	buf_clear(&one->text);
	buf_clear(&one->file);
	buf_clear(&one->path);
	buf_add(&one->file, at.file);
	buf_add(&one->path, at.path);
	one->place = (struct deed_place){buf_str(&one->file), buf_str(&one->path), at.at};
	one->id = e->id;
	one->name = buf_cstr(&one->file);
	deed_wants_free(one->wants);
	one->wants = deed_wants_new();
	for (uint32_t i = 0; i < deed_wants_count(of->wants); i++) {
		const struct deed_subject *s = deeds_subject(of->deeds, i);
		deed_want(one->wants, s->kind, s->text);
	}
	struct scan_options o = count_options(t, one->wants);
	o.only = &one->place;
	if (!o.demo.n) {
		o.paths = &one->name;
		o.n_paths = 1;
	}
	one->scan = scan_start(&o, err);
	return one->scan != NULL;
}

static void one_take(struct tui *t)
{
	struct one_event *one = &t->count.one;
	struct scan_batch b;
	struct scan_progress p;
	if (!one->scan)
		return;
	scan_progress(one->scan, &p); /* first: what is posted before the end is taken below */
	while (scan_take(one->scan, &b)) {
		for (size_t i = 0; i < b.n_deeds; i++)
			if (!one->text.n && deeds_id_hash(b.deeds[i].deed.what.event_id) == one->id)
				buf_add(&one->text, b.deeds[i].raw);
		arena_fini(&b.mem);
	}
	if (!p.done && !one->text.n)
		return;
	scan_free(one->scan);
	one->scan = NULL;
	t->after |= app_event(t->app, buf_str(&one->text));
}

static struct counted *count_reading(struct tui *t)
{
	for (size_t i = 0; i < COUNTED_MAX; i++)
		if (t->count.kept[i].reading)
			return &t->count.kept[i];
	return NULL;
}

void count_take(struct tui *t)
{
	struct counted *c = count_reading(t);
	struct scan_batch b;
	int64_t end = tui_ticks() + SLICE;
	bool more = true;
	one_take(t);
	if (!c)
		return;
	scan_progress(t->count.scan, &c->progress); /* first: what is posted before the end is taken below */
	while (tui_ticks() < end && (more = scan_take(t->count.scan, &b))) {
		for (size_t i = 0; i < b.n_deeds; i++)
			deeds_add(c->deeds, &b.deeds[i].deed, &b.deeds[i].place);
		for (size_t i = 0; i < b.n_problems; i++)
			c->problems += !b.problems[i].note;
		arena_fini(&b.mem);
	}
	bool over = !more && c->progress.done;
	if (!over && tui_ticks() - t->count.told < TELL)
		return;
	t->count.told = tui_ticks();
	if (over) {
		deeds_end(c->deeds);
		c->reading = false;
		c->done = true;
		scan_free(t->count.scan);
		t->count.scan = NULL;
	}
	t->after |= app_counted(t->app, over);
}

int count_fd(const struct tui *t)
{
	const struct scan *s = t->count.one.scan ? t->count.one.scan : t->count.scan;
	return s ? scan_fd(s) : -1;
}

void count_end(struct tui *t)
{
	scan_free(t->count.scan);
	scan_free(t->count.one.scan);
	for (size_t i = 0; i < COUNTED_MAX; i++)
		counted_drop(&t->count.kept[i]);
	deed_wants_free(t->count.one.wants);
	buf_fini(&t->count.one.text);
	buf_fini(&t->count.one.file);
	buf_fini(&t->count.one.path);
}
