/*
 * checklist: ticks on the steps of a guide, and how many are left. Knows nothing of Markdown and
 * nothing of the journal.
 */
#include "s3triage/insight/checklist.h"

const char *checklist_phase_name(enum checklist_phase p)
{
	static const char *const names[] = {"investigate", "false-positive", "respond"};
	return (unsigned)p < ARRAY_LEN(names) ? names[p] : names[0];
}

void checklist_copy(const struct checklist *from, struct arena *mem, struct checklist *out)
{
	*out = *from;
	out->steps = arena_array(mem, from->n, sizeof(*out->steps));
	for (size_t i = 0; i < from->n; i++) {
		out->steps[i] = from->steps[i];
		out->steps[i].evidence = (struct str){0};
		out->steps[i].ticked = false;
		out->steps[i].note = out->steps[i].other_by = (struct str){0};
	}
}

bool checklist_tick(struct checklist *list, struct str key, bool done, struct str by, int64_t at)
{
	for (size_t i = 0; i < list->n; i++) {
		struct checklist_step *s = &list->steps[i];
		if (!str_eq(s->key, key))
			continue;
		s->ticked = done;
		s->ticked_by = by;
		s->ticked_at = at;
		return true;
	}
	return false;
}

size_t checklist_done(const struct checklist *list)
{
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++)
		n += list->steps[i].phase == PHASE_INVESTIGATE && list->steps[i].ticked;
	return n;
}

size_t checklist_answered(const struct checklist *list)
{
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++)
		n += list->steps[i].phase == PHASE_INVESTIGATE && !list->steps[i].ticked &&
			list->steps[i].evidence.n;
	return n;
}

size_t checklist_open(const struct checklist *list)
{
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++)
		n += list->steps[i].phase == PHASE_INVESTIGATE && !list->steps[i].ticked &&
			!list->steps[i].evidence.n;
	return n;
}
