/*
 * store_row: a row by its number, and what changed of it.
 */
#include "store_priv.h"

#include "s3triage/base/vec.h"

const struct alert *store_alert(const struct store *s, row_id r)
{
	return &slot_at(s, r)->alert;
}

void store_note_change(struct store *s, row_id r)
{
	s->changes = vec_room(s->changes, s->n_changes, &s->cap_changes, sizeof(*s->changes));
	s->changes[s->n_changes++] = r;
}

row_id store_twin(const struct store *s, row_id r)
{
	return slot_at(s, r)->twin;
}
