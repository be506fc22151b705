/*
 * store_find: rows by what a person types: an alert's id, its event's, or the start of one.
 */
#include "store_priv.h"

enum { PREFIX_MIN = 4, SAME_EVENT_MOST = 64 }; /* further alerts of one event are found by their id alone */

/* ---- event ids: which rows have one ------------------------------------------------------- */

/* Its own, or that of another recording of the call that was counted as this row. */
static bool has_event(const struct store *s, row_id r, struct str id)
{
	const struct slot *slot = slot_at(s, r);
	const struct named *at = slot->named;
	while (at && !(str_eq(at->of->b, id) && str_eq(at->of->a, slot->alert.rule_id)))
		at = at->next;
	return at || str_eq(slot->alert.event_id, id);
}

struct finding {
	struct str id;
	row_id first; /* of those found, or the row that has come */
	size_t n;
};

/* Enough of them stand in the table, or this row does. */
static bool is_enough(const void *owner, uint32_t at, const void *key)
{
	struct finding *f = *(struct finding *const *)key;
	return has_event(owner, at, f->id) && (at == f->first || ++f->n >= SAME_EVENT_MOST);
}

void find_note(struct store *s, row_id r, struct str event_id)
{
	struct finding f = {event_id, r, 0}, *key = &f;
	uint64_t hash = str_hash(event_id);
	if (event_id.n && has_event(s, r, event_id) &&
		table_find(&s->events, &(struct table_key){hash, &key, is_enough, s}) == TABLE_NONE)
		table_put(&s->events, hash, r);
}

/* ---- finding ------------------------------------------------------------------------------ */

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
	struct finding f = {.first = ROW_NONE};
	for (const struct ident_row *at = ident_rows(ident_find_id(&s->idents, id)); at; at = at->next)
		found(s, at->row, &f);
	return f;
}

/* Notes each, and so goes on to the next. */
static bool note_event(const void *owner, uint32_t at, const void *key)
{
	struct finding *f = *(struct finding *const *)key;
	if (has_event(owner, at, f->id))
		found(owner, at, f);
	return false;
}

static struct finding find_event(const struct store *s, struct str event_id)
{
	struct finding f = {event_id, ROW_NONE, 0}, *key = &f;
	table_find(&s->events, &(struct table_key){str_hash(event_id), &key, note_event, s});
	return f;
}

static struct finding find_prefix(const struct store *s, struct str prefix)
{
	struct finding f = {.first = ROW_NONE};
	for (row_id r = 0; prefix.n >= PREFIX_MIN && r < s->n; r++) {
		const struct alert *a = &slot_at(s, r)->alert;
		if (str_eq(a->id, prefix))
			return (struct finding){.first = r, .n = 1};
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

row_id store_decided(const struct store *s, int64_t seq)
{
	for (row_id r = 0; r < s->n; r++)
		if (slot_at(s, r)->decision && slot_at(s, r)->decision->seq == seq)
			return r;
	return ROW_NONE;
}

bool store_has_event(const struct store *s, struct str event_id)
{
	return find_event(s, event_id).n > 0;
}
