/*
 * approvals: all approvals that the journal knows, each with what became of it.
 */
#include "s3triage/account/approval.h"

#include "s3triage/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct slot {
	struct approval a;
	bool granted;        /* false: only its end was heard of so far */
	int64_t switched;    /* seq of the row that last said whether it is automatic */
};

struct approvals {
	struct slot **v;     /* by id */
	size_t n, cap;
	const struct approval **granted; /* by id */
	size_t n_granted;
	size_t version;
	struct arena mem;
};

struct approvals *approvals_new(void)
{
	return mem_alloc(sizeof(struct approvals));
}

void approvals_free(struct approvals *s)
{
	if (!s)
		return;
	free(s->v);
	free(s->granted);
	arena_fini(&s->mem);
	free(s);
}

static size_t approvals_place(const struct approvals *s, int64_t id)
{
	size_t low = 0, high = s->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (s->v[mid]->a.id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct slot *slot_of(struct approvals *s, int64_t id)
{
	size_t i = approvals_place(s, id);
	if (i < s->n && s->v[i]->a.id == id)
		return s->v[i];
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->v = mem_resize(s->v, s->cap, sizeof(*s->v));
		s->granted = mem_resize(s->granted, s->cap, sizeof(*s->granted));
	}
	memmove(s->v + i + 1, s->v + i, (s->n - i) * sizeof(*s->v));
	struct slot *slot = arena_alloc(&s->mem, sizeof(*slot));
	slot->a = (struct approval){.id = id, .from = WHEN_NONE, .until = WHEN_NONE, .ended = WHEN_NONE};
	s->v[i] = slot;
	s->n++;
	return slot;
}

static void approvals_grant(struct approvals *s, struct slot *slot, const struct approval *terms)
{
	struct approval was = slot->a;
	slot->a = *terms;
	size_t n;
	const struct approval_text *texts = approval_texts(&n);
	for (size_t i = 0; i < n; i++) {
		struct str *text = approval_text(&slot->a, &texts[i]);
		*text = arena_str(&s->mem, *text);
	}
	slot->a.by = arena_str(&s->mem, slot->a.by);
	slot->a.ended = was.ended;
	slot->a.ended_by = was.ended_by;
	slot->a.ended_reason = was.ended_reason;
	if (slot->switched)
		slot->a.automatic = was.automatic;
	slot->granted = true;
	s->n_granted = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->granted)
			s->granted[s->n_granted++] = &s->v[i]->a;
}

void approvals_take(struct approvals *s, const struct approval_row *row)
{
	struct slot *slot = slot_of(s, row->id);
	s->version++;
	switch (row->event) {
	case APPROVAL_GRANTED:
		if (!slot->granted)
			approvals_grant(s, slot, &row->terms);
		break;
	case APPROVAL_ENDED:
		slot->a.ended = row->at;
		slot->a.ended_by = arena_str(&s->mem, row->analyst);
		slot->a.ended_reason = arena_str(&s->mem, row->reason);
		break;
	case APPROVAL_AUTOMATIC:
		if (row->seq < slot->switched)
			break;
		slot->switched = row->seq;
		slot->a.automatic = row->automatic;
		break;
	}
}

size_t approvals_count(const struct approvals *s)
{
	return s->n_granted;
}

const struct approval *approvals_at(const struct approvals *s, size_t i)
{
	return s->granted[i];
}

const struct approval *approvals_find(const struct approvals *s, int64_t id)
{
	size_t i = approvals_place(s, id);
	return i < s->n && s->v[i]->a.id == id && s->v[i]->granted ? &s->v[i]->a : NULL;
}

size_t approvals_version(const struct approvals *s)
{
	return s->version;
}

/* How far an alert is from an approval: the number of misfits, and of equals the standing one. */
static int farness(const struct approval *a, unsigned misfit, int64_t now)
{
	return 2 * __builtin_popcount(misfit) + !approval_stands(a, now);
}

const struct approval *approvals_for(const struct approvals *s, const struct alert *al, int64_t now,
	unsigned *misfit)
{
	const struct approval *best = NULL;
	*misfit = 0;
	for (size_t i = 0; i < s->n_granted; i++) {
		const struct approval *a = s->granted[i];
		unsigned bits = approval_misfit(a, al, now);
		if (bits & MISFIT_ACCOUNT ||
			(best && farness(a, bits, now) >= farness(best, *misfit, now)))
			continue;
		best = a;
		*misfit = bits;
		if (!bits)
			break;
	}
	return best;
}

int64_t approvals_next_end(const struct approvals *s, int64_t now)
{
	int64_t next = WHEN_NONE;
	for (size_t i = 0; i < approvals_count(s); i++) {
		const struct approval *a = approvals_at(s, i);
		if (a->until != WHEN_NONE && a->until >= now && approval_stands(a, now) &&
			(next == WHEN_NONE || a->until < next))
			next = a->until;
	}
	return next;
}

bool approvals_expired(const struct approvals *s, int64_t from, int64_t to)
{
	for (size_t i = 0; i < approvals_count(s); i++) {
		const struct approval *a = approvals_at(s, i);
		if (a->until != WHEN_NONE && approval_stands(a, from) && !approval_stands(a, to))
			return true;
	}
	return false;
}
