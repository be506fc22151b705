/*
 * signals_first: when an account, a principal, and a principal's address or country were first
 * seen. Alerts come in any order, so the earliest time is what is kept. Owns its texts.
 */
#include "signals_priv.h"

#include "s3triage/base/when.h"

#include <stdlib.h>

static size_t place(const struct firsts *f, enum first_kind kind, struct str a, struct str b)
{
	uint64_t h = (str_hash(a) ^ (uint64_t)kind) * UINT64_C(0x9E3779B97F4A7C15) + str_hash(b);
	size_t i = (size_t)(h ^ h >> 29) & (f->cap - 1);
	for (; f->slots[i].at != WHEN_NONE; i = (i + 1) & (f->cap - 1)) {
		const struct first *s = &f->slots[i];
		if (s->kind == kind && str_eq(s->a, a) && str_eq(s->b, b))
			break;
	}
	return i;
}

static void grow(struct firsts *f)
{
	struct firsts old = *f;
	f->cap = old.cap ? old.cap * 2 : 256;
	f->slots = mem_array(f->cap, sizeof(*f->slots));
	for (size_t i = 0; i < f->cap; i++)
		f->slots[i].at = WHEN_NONE;
	for (size_t i = 0; i < old.cap; i++) {
		const struct first *s = &old.slots[i];
		if (s->at != WHEN_NONE)
			f->slots[place(f, s->kind, s->a, s->b)] = *s;
	}
	free(old.slots);
}

bool firsts_note(struct firsts *f, const struct first *seen)
{
	if (!seen->a.n || seen->at == WHEN_NONE)
		return false;
	if (f->used * 4 >= f->cap * 3)
		grow(f);
	struct first *s = &f->slots[place(f, seen->kind, seen->a, seen->b)];
	bool known = s->at != WHEN_NONE, older = known && seen->at < s->at;
	if (!known) {
		*s = *seen;
		s->a = arena_str(&f->mem, seen->a);
		s->b = seen->b.n ? arena_str(&f->mem, seen->b) : seen->b;
		f->used++;
	}
	if (older)
		s->at = seen->at;
	return older;
}

int64_t firsts_when(const struct firsts *f, enum first_kind kind, struct str a, struct str b)
{
	return f->cap && a.n ? f->slots[place(f, kind, a, b)].at : WHEN_NONE;
}

void firsts_fini(struct firsts *f)
{
	free(f->slots);
	arena_fini(&f->mem);
}
