/*
 * store_find: rows by what a person types: an alert's id, its event's, or the start of one.
 */
#include "store_priv.h"

#include <stdlib.h>

enum { PREFIX_MIN = 4, SAME_EVENT_MOST = 64 }; /* further alerts of one event are found by their id alone */

/* ---- event ids: which rows have one ------------------------------------------------------- */

static size_t event_place(const struct store *s, struct str event_id)
{
	uint64_t h = str_hash(event_id);
	return (size_t)(h ^ h >> 32) & (s->events_cap - 1);
}

/* Its own, or that of another recording of the call that was counted as this row. */
static bool has_event(const struct store *s, row_id r, struct str id)
{
	const struct slot *slot = slot_at(s, r);
	const struct named *at = slot->named;
	while (at && !(str_eq(at->of->b, id) && str_eq(at->of->a, slot->alert.rule_id)))
		at = at->next;
	return at || str_eq(slot->alert.event_id, id);
}

static void put_event(struct store *s, row_id r, struct str id)
{
	if (!id.n || !has_event(s, r, id))
		return;
	size_t i = event_place(s, id), same = 0;
	for (; s->events[i]; i = (i + 1) & (s->events_cap - 1)) {
		row_id other = s->events[i] - 1;
		if (has_event(s, other, id) && (other == r || ++same >= SAME_EVENT_MOST))
			return;
	}
	s->events[i] = r + 1;
	s->events_used++;
}

static void put_events(struct store *s, row_id r)
{
	put_event(s, r, slot_at(s, r)->alert.event_id);
	for (const struct named *at = slot_at(s, r)->named; at; at = at->next)
		put_event(s, r, at->of->b);
}

void find_note(struct store *s, row_id r, struct str event_id)
{
	if (s->events_used * 4 < s->events_cap * 3) {
		put_event(s, r, event_id);
		return;
	}
	s->events_cap = s->events_cap ? s->events_cap * 2 : 1024;
	free(s->events);
	s->events = mem_array(s->events_cap, sizeof(*s->events));
	s->events_used = 0;
	for (row_id i = 0; i < s->n; i++)
		put_events(s, i);
}

/* ---- finding ------------------------------------------------------------------------------ */

struct finding {
	row_id first;
	size_t n;
};

/* What was only recalled steps back behind what a source brought under the same name. */
static void found(const struct store *s, row_id r, struct finding *f)
{
	const struct slot *slot = slot_at(s, r);
	if (f->n && f->first == r)
		return; /* by another of its names */
	if (!(slot->recalled && slot->twin != ROW_NONE) && f->n++ == 0)
		f->first = r;
}

static struct finding find_id(const struct store *s, struct str id)
{
	struct finding f = {ROW_NONE, 0};
	for (const struct ident_row *at = ident_rows(ident_find_id(&s->idents, id)); at; at = at->next)
		found(s, at->row, &f);
	return f;
}

static struct finding find_event(const struct store *s, struct str event_id)
{
	struct finding f = {ROW_NONE, 0};
	if (!s->events_cap || !event_id.n)
		return f;
	size_t i = event_place(s, event_id);
	for (; s->events[i]; i = (i + 1) & (s->events_cap - 1))
		if (has_event(s, s->events[i] - 1, event_id))
			found(s, s->events[i] - 1, &f);
	return f;
}

static struct finding find_prefix(const struct store *s, struct str prefix)
{
	struct finding f = {ROW_NONE, 0};
	for (row_id r = 0; prefix.n >= PREFIX_MIN && r < s->n; r++) {
		const struct alert *a = &slot_at(s, r)->alert;
		if (str_eq(a->id, prefix))
			return (struct finding){r, 1};
		if (str_starts(a->id, prefix) || str_starts(a->event_id, prefix))
			found(s, r, &f);
	}
	return f;
}

row_id store_find(const struct store *s, struct str id, struct err *err)
{
	struct finding f = find_id(s, id);
	if (!f.n)
		f = find_event(s, id);
	if (!f.n)
		f = find_prefix(s, id);
	struct str shown = str_sub(id, 0, 80);
	if (f.n == 0 && id.n < PREFIX_MIN)
		err_set(err, ERR_INPUT, "no alert is called \"%.*s\", and the start of an id needs"
			" at least %d characters", STR_ARG(shown), PREFIX_MIN);
	else if (f.n == 0)
		err_set(err, ERR_INPUT, "no alert has the id \"%.*s\" or one that starts so",
			STR_ARG(shown));
	else if (f.n > 1)
		err_set(err, ERR_USAGE, "\"%.*s\" fits %zu alerts; write more of the id",
			STR_ARG(shown), f.n);
	return f.n == 1 ? f.first : ROW_NONE;
}

bool store_has_event(const struct store *s, struct str event_id)
{
	return find_event(s, event_id).n > 0;
}
