/*
 * deeds_shown: a subject's calls in the order in which they matter, its events by time, and words.
 */
#include "context_priv.h"
#include "deeds_priv.h"

#include "s3triage/base/when.h"

#include <stdlib.h>

const char *deed_class_name(enum deed_class c)
{
	static const char *const names[] = {"named by the guide", "changes", "reads"};
	return names[c];
}

static bool is_word_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool text_holds_word(struct str text, struct str word)
{
	for (size_t from = 0;;) {
		size_t at = str_find(str_sub(text, from, text.n), word);
		if (at == STR_NONE)
			return false;
		at += from;
		size_t end = at + word.n;
		if ((at == 0 || !is_word_char(text.p[at - 1])) &&
			(end == text.n || !is_word_char(text.p[end])))
			return true;
		from = at + 1;
	}
}

static enum deed_class deed_class_of(const struct deed_row *r, struct str guide)
{
	bool named = guide.n ? text_holds_word(guide, r->name) : r->call != CALL_NONE && call_in_guide(r->call);
	return named ? DEED_GUIDE : r->reads ? DEED_READS : DEED_CHANGES;
}

static bool is_within(const struct deed_event *e, struct deed_window w)
{
	bool open = w.from == WHEN_NONE && w.until == WHEN_NONE;
	return open || (e->time != WHEN_NONE && (w.from == WHEN_NONE || e->time >= w.from) &&
		(w.until == WHEN_NONE || e->time <= w.until));
}

static struct deed_line deed_line_of(const struct deed_row *r, struct str guide, struct deed_window w)
{
	struct deed_line l = {.row = r, .class = deed_class_of(r, guide)};
	if (w.from == WHEN_NONE && w.until == WHEN_NONE) {
		l.within = r->count.n;
		return l;
	}
	for (size_t i = 0; i < r->n_events; i++)
		l.within += is_within(&r->events[i], w);
	/* All of them lie in the window, kept or not. */
	if (r->count.first != WHEN_NONE && (w.from == WHEN_NONE || r->count.first >= w.from) &&
		(w.until == WHEN_NONE || r->count.last <= w.until))
		l.within = r->count.n;
	else
		l.least = r->n_events < r->count.n;
	return l;
}

static int compare_lines(const void *left, const void *right)
{
	const struct deed_line *a = left, *b = right;
	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	if (a->row->count.first != b->row->count.first)
		return a->row->count.first < b->row->count.first ? -1 : 1;
	int order = str_cmp(a->row->name, b->row->name);
	return order ? order : str_cmp(a->row->service, b->row->service);
}

struct deed_line *deeds_lines(const struct deeds *d, const struct deed_ask *q, struct arena *mem, size_t *n)
{
	const struct deed_subject *s = deeds_subject(d, q->subject);
	struct deed_line *out = arena_array(mem, s ? s->n_rows : 0, sizeof(*out));
	*n = 0;
	for (size_t i = 0; s && i < d->n_rows; i++)
		if (d->rows[i].subject == q->subject)
			out[(*n)++] = deed_line_of(&d->rows[i], q->guide, q->window);
	if (*n > 1)
		qsort(out, *n, sizeof(*out), compare_lines);
	return out;
}

static int compare_events(const void *left, const void *right)
{
	const struct deed_event *a = *(const struct deed_event *const *)left,
				*b = *(const struct deed_event *const *)right;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	if (a->path != b->path)
		return a->path < b->path ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

const struct deed_event **deeds_events(const struct deeds *d, const struct deed_ask *q, struct arena *mem,
	size_t *n)
{
	size_t most = 0;
	for (size_t i = 0; i < d->n_rows; i++)
		most += d->rows[i].subject == q->subject ? d->rows[i].n_events : 0;
	const struct deed_event **out = arena_array(mem, most, sizeof(const struct deed_event *));
	*n = 0;
	for (size_t i = 0; i < d->n_rows; i++)
		for (size_t k = 0; d->rows[i].subject == q->subject && k < d->rows[i].n_events; k++)
			if (is_within(&d->rows[i].events[k], q->window))
				out[(*n)++] = &d->rows[i].events[k];
	if (*n > 1)
		qsort(out, *n, sizeof(const struct deed_event *), compare_events);
	return out;
}

void deed_set_words(const struct deed_set *s, struct buf *out)
{
	for (uint32_t i = 0; i < s->n; i++)
		buf_fmt(out, "%s%.*s (%llu)", i ? ", " : "", STR_ARG(s->v[i]), (unsigned long long)s->times[i]);
	if (s->others)
		buf_fmt(out, " and %llu with others", (unsigned long long)s->others);
}
