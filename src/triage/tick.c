/*
 * tick: a table of ticks by step and alert. An alert is known by its id, or by rule and event id;
 * a tick stands under both.
 */
#include "s3triage/triage/tick.h"

#include "s3triage/base/mem.h"
#include "s3triage/triage/content.h"

#include <stdlib.h>

struct entry {
	struct str a, b, step; /* alert id and nothing, or rule id and event id */
	const struct tick *tick;
	uint64_t hash;
};

struct ticks {
	struct entry *slots; /* tick NULL: free */
	size_t used, cap;
	size_t version;
	struct arena mem;
};

struct ticks *ticks_new(void)
{
	return mem_alloc(sizeof(struct ticks));
}

void ticks_free(struct ticks *t)
{
	if (!t)
		return;
	free(t->slots);
	arena_fini(&t->mem);
	free(t);
}

static uint64_t entry_hash(struct str a, struct str b, struct str step)
{
	uint64_t h = str_hash(a) * 0x9e3779b97f4a7c15u + str_hash(b);
	h = h * 0x9e3779b97f4a7c15u + str_hash(step);
	return h ^ h >> 32;
}

static struct entry *find(const struct ticks *t, const struct entry *e)
{
	for (size_t i = e->hash & (t->cap - 1);; i = (i + 1) & (t->cap - 1)) {
		struct entry *at = &t->slots[i];
		if (!at->tick || (at->hash == e->hash && str_eq(at->a, e->a) &&
			str_eq(at->b, e->b) && str_eq(at->step, e->step)))
			return at;
	}
}

static void grow(struct ticks *t)
{
	struct ticks old = *t;
	t->cap = old.cap ? old.cap * 2 : 64;
	t->slots = mem_array(t->cap, sizeof(*t->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].tick)
			*find(t, &old.slots[i]) = old.slots[i];
	free(old.slots);
}

static const struct tick *copy(struct ticks *t, const struct tick *from)
{
	struct tick *to = arena_alloc(&t->mem, sizeof(*to));
	*to = *from;
	struct str *const texts[] = {&to->analyst, &to->alert_id, &to->event_id, &to->rule_id,
		&to->step, &to->text, &to->facts};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = arena_str(&t->mem, *texts[i]);
	return to;
}

static void put(struct ticks *t, struct str a, struct str b, const struct tick *tick)
{
	if (t->used * 4 >= t->cap * 3)
		grow(t);
	struct entry e = {a, b, tick->step, tick, entry_hash(a, b, tick->step)};
	struct entry *at = find(t, &e);
	if (at->tick && at->tick->seq >= tick->seq)
		return;
	t->used += !at->tick;
	*at = e;
}

void ticks_take(struct ticks *t, const struct tick *tick)
{
	const struct tick *own = copy(t, tick);
	if (own->alert_id.n)
		put(t, own->alert_id, (struct str){0}, own);
	if (own->event_id.n)
		put(t, own->rule_id, own->event_id, own);
	t->version++;
}

static const struct tick *get(const struct ticks *t, struct str a, struct str b, struct str step)
{
	struct entry e = {a, b, step, NULL, entry_hash(a, b, step)};
	return t->cap ? find(t, &e)->tick : NULL;
}

/* An id may be used for several things. */
static bool is_about(const struct tick *tick, const struct alert *a)
{
	struct arena mem = {0};
	struct content then, now;
	content_of_facts(tick->facts, &mem, &then);
	content_of(a, &mem, &now);
	bool same = !content_unlike(&then, &now);
	arena_fini(&mem);
	return same;
}

const struct tick *ticks_find(const struct ticks *t, const struct alert *a, struct str step)
{
	struct str id = alert_name(a);
	const struct tick *by_id = id.n ? get(t, id, (struct str){0}, step) : NULL;
	const struct tick *by_event = a->event_id.n ? get(t, a->rule_id, a->event_id, step) : NULL;
	if (!by_id || (by_event && by_event->seq > by_id->seq))
		by_id = by_event;
	return by_id && is_about(by_id, a) ? by_id : NULL;
}

size_t ticks_version(const struct ticks *t)
{
	return t->version;
}
