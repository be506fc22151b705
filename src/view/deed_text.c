/*
 * deed_text: everything that whom an alert names did, counted, as a page and in a few lines: what of it the
 * timeline shows, each call with its ends and times, and what is not in the counts.
 */
#include "pane_priv.h"

enum { BRIEF_LINES = 6, CALL_CELLS = 28, SERVICE_CELLS = 14 };

static void deed_say_set(const char *label, const struct deed_set *set, struct text *t)
{
	AUTO(buf_fini) struct buf words = {0};
	deed_set_words(set, &words);
	pane_value(t, label, ROLE_TEXT, buf_str(&words));
}

static void deed_say_ends(const struct deed_count *c, struct text *t)
{
	char n[COUNT_TEXT_MAX];
	if (c->denied)
		text_fmt(t, ROLE_WARN, ", %s denied", str_count(c->denied, n));
	if (c->failed)
		text_fmt(t, ROLE_WARN, ", %s failed", str_count(c->failed, n));
}

static void deed_say_span(const struct deed_count *c, struct text *t)
{
	char first[WHEN_TEXT_MAX], last[WHEN_TEXT_MAX];
	if (c->first == WHEN_NONE)
		return;
	text_fmt(t, ROLE_DIM, "  %.*s", STR_ARG(pane_time(c->first, true, first)));
	if (c->last != c->first)
		text_fmt(t, ROLE_DIM, " to %.*s", STR_ARG(pane_time(c->last, true, last)));
}

static void deed_say_cell(struct str s, size_t cells, enum role role, struct text *t)
{
	text_span(t, role, s);
	text_fmt(t, ROLE_DIM, "%*s", s.n < cells ? (int)(cells - s.n) + 1 : 1, "");
}

static void deed_say_line(const struct deed_line *l, bool all, struct text *t)
{
	char n[COUNT_TEXT_MAX];
	const struct deed_count *c = &l->row->count;
	struct str service = l->row->service;
	if (str_ends(service, STR(".amazonaws.com")))
		service.n -= sizeof(".amazonaws.com") - 1;
	deed_say_cell(l->row->name, CALL_CELLS, l->class == DEED_GUIDE ? ROLE_WARN : ROLE_TEXT, t);
	if (all)
		deed_say_cell(service, SERVICE_CELLS, ROLE_DIM, t);
	text_fmt(t, ROLE_TEXT, "%s", str_count(c->n, n));
	if (all && l->within < c->n)
		text_fmt(t, ROLE_DIM, " (%s%s within)", l->least ? "at least " : "", str_count(l->within, n));
	deed_say_ends(c, t);
	if (all)
		deed_say_span(c, t);
	text_indent(t, 2, 2);
	text_end(t);
}

static struct deed_ask deed_ask_of(const struct deeds_view *v, uint32_t subject)
{
	struct deed_ask q = {subject, v->guide, {WHEN_NONE, WHEN_NONE}};
	if (v->window && v->alert->time != WHEN_NONE)
		q.window = (struct deed_window){v->alert->time - v->window, v->alert->time + v->window};
	return q;
}

static void deed_say_head(const struct deed_subject *s, struct text *t)
{
	char n[COUNT_TEXT_MAX];
	text_fmt(t, ROLE_STRONG, "%s ", deed_kind_name(s->kind));
	text_span(t, ROLE_TEXT, s->text);
	text_fmt(t, ROLE_TEXT, ": %s event%s", str_count(s->count.n, n), plural(s->count.n));
	deed_say_ends(&s->count, t);
	deed_say_span(&s->count, t);
	text_indent(t, 0, 2);
	text_end(t);
}

/* The key of one principal did what the principal did: that is said, not listed again. */
static bool deed_same_events(const struct deed_subject *a, const struct deed_subject *b)
{
	return b->kind == DEED_KEY && a->kind == DEED_PRINCIPAL && a->count.n == b->count.n &&
		a->n_rows == b->n_rows && a->count.first == b->count.first && a->count.last == b->count.last;
}

static void deed_say_subject(const struct deeds_view *v, uint32_t subject, struct text *t)
{
	struct arena mem = {0};
	size_t n;
	char count[COUNT_TEXT_MAX];
	const struct deed_ask q = deed_ask_of(v, subject);
	const struct deed_subject *s = deeds_subject(v->told->deeds, subject);
	struct deed_line *lines = deeds_lines(v->told->deeds, &q, &mem, &n);
	text_end(t);
	deed_say_head(s, t);
	deed_say_set("from", &s->count.ips, t);
	deed_say_set("with", &s->count.agents, t);
	deed_say_set("in", &s->count.regions, t);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || lines[i].class != lines[i - 1].class)
			pane_line(t, ROLE_DIM, str_c(deed_class_name(lines[i].class)));
		deed_say_line(&lines[i], true, t);
	}
	if (s->unlisted) {
		text_fmt(t, ROLE_WARN, "and %s events of calls beyond the %d that are listed",
			str_count(s->unlisted, count), DEEDS_SUBJECT_ROWS_MAX);
		text_end(t);
	}
	arena_fini(&mem);
}

/* "105 of 2,641 events of the principal shown"; false: the alert names no principal. */
static bool deed_say_shown(const struct deeds_view *v, struct text *t)
{
	char n[COUNT_TEXT_MAX], of[COUNT_TEXT_MAX];
	uint32_t of_alert[DEED_KINDS];
	bool all;
	size_t mine = 0;
	if (!deed_alert_subjects(v->told->wants, v->alert, of_alert, &all))
		return false;
	const struct deed_subject *s = deeds_subject(v->told->deeds, of_alert[0]);
	for (size_t i = 0; v->timeline && i < v->timeline->n; i++)
		mine += s->kind == DEED_PRINCIPAL && v->timeline->entries[i].same_principal;
	if (s->kind == DEED_PRINCIPAL)
		text_fmt(t, mine < s->count.n ? ROLE_STRONG : ROLE_DIM, "%s of %s event%s of the principal shown",
			str_count(mine, n), str_count(s->count.n, of), plural(s->count.n));
	else
		text_fmt(t, ROLE_STRONG, "%s event%s of the %s", str_count(s->count.n, n), plural(s->count.n),
			deed_kind_name(s->kind));
	deed_say_ends(&s->count, t);
	return true;
}

static void deed_say_bounds(const struct deeds_told *d, struct text *t)
{
	char n[COUNT_TEXT_MAX], files[COUNT_TEXT_MAX];
	text_fmt(t, ROLE_DIM, "in %s event%s of %s file%s", str_count(d->events, n), plural(d->events),
		str_count(d->files, files), plural(d->files));
	if (deeds_repeated(d->deeds))
		text_fmt(t, ROLE_DIM, "; %s came again and count once", str_count(deeds_repeated(d->deeds), n));
	if (deeds_unsure(d->deeds))
		text_fmt(t, ROLE_WARN, "; too many to tell copies apart: some may count twice");
	if (d->clusters)
		text_fmt(t, ROLE_WARN, "; %zu cluster%s not asked for these", d->clusters,
			d->clusters == 1 ? " was" : "s were");
	if (d->problems)
		text_fmt(t, ROLE_WARN, "; %zu problem%s in reading", d->problems, plural(d->problems));
	text_end(t);
}

static bool deed_say_reading(const struct deeds_told *d, struct text *t)
{
	char n[COUNT_TEXT_MAX];
	if (d->reading) {
		text_fmt(t, ROLE_DIM, "counting ...");
		if (d->events)
			text_fmt(t, ROLE_DIM, " %s events read so far", str_count(d->events, n));
		text_end(t);
	}
	return d->reading;
}

void deeds_line(const struct deeds_view *v, struct text *t)
{
	if (deed_say_reading(v->told, t))
		return;
	if (deed_say_shown(v, t))
		text_fmt(t, ROLE_STRONG, "; A shows all");
	text_end(t);
}

void deeds_text(const struct deeds_view *v, struct text *t)
{
	uint32_t of[DEED_KINDS];
	bool all;
	if (v->told->reading)
		return;
	pane_heading(t, "Everything that was done");
	deed_say_bounds(v->told, t);
	size_t n = deed_alert_subjects(v->told->wants, v->alert, of, &all);
	for (size_t i = 0; i < n; i++) {
		const struct deed_subject *s = deeds_subject(v->told->deeds, of[i]);
		if (!i || !deed_same_events(deeds_subject(v->told->deeds, of[0]), s)) {
			deed_say_subject(v, of[i], t);
			continue;
		}
		text_end(t);
		text_fmt(t, ROLE_STRONG, "key ");
		text_span(t, ROLE_TEXT, s->text);
		text_fmt(t, ROLE_DIM, ": the same events");
		text_end(t);
	}
}

void deeds_brief(const struct deeds_view *v, struct text *t)
{
	struct arena mem = {0};
	uint32_t of[DEED_KINDS];
	bool all;
	size_t n = 0;
	pane_heading(t, "Everything that was done");
	if (deed_say_reading(v->told, t) || !deed_alert_subjects(v->told->wants, v->alert, of, &all))
		return;
	deed_say_shown(v, t);
	text_fmt(t, ROLE_DIM, "; T, then A shows all");
	text_end(t);
	const struct deed_ask q = deed_ask_of(v, of[0]);
	struct deed_line *lines = deeds_lines(v->told->deeds, &q, &mem, &n);
	for (size_t i = 0; i < n && i < BRIEF_LINES; i++)
		deed_say_line(&lines[i], false, t);
	if (n > BRIEF_LINES) {
		text_fmt(t, ROLE_DIM, "and %zu more call%s", n - BRIEF_LINES, plural(n - BRIEF_LINES));
		text_end(t);
	}
	arena_fini(&mem);
}
