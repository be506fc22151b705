/*
 * tick: a table of ticks by step and alert. An alert is known by its id, by rule and event id, and by
 * rule and the id that its event shares with another recording; a tick stands under each. Of what was
 * ticked under one name the newest of each content is kept: the name may be used for several things.
 */
#include "s3triage/journal/tick.h"

#include "s3triage/alert/ident.h"
#include "s3triage/alert/content.h"

#include <stdlib.h>

/* One tick, with the facts that it was made on. */
struct made {
	struct tick tick;
	struct content c;
};

struct mark {
	const struct made *of;
	struct mark *next;
};

struct entry {
	struct str a, b, step; /* alert id and nothing; rule id and event id; rule id and "shared ID" */
	struct mark *marks;    /* one a content; NULL: free */
	uint64_t hash;
};

struct ticks {
	struct entry *slots;
	size_t used, cap;
	size_t version;
	struct intern words; /* of the contents: many ticks are of one alert */
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
	intern_fini(&t->words);
	arena_fini(&t->mem);
	free(t);
}

static uint64_t entry_hash(struct str a, struct str b, struct str step)
{
	uint64_t h = str_hash(a) * 0x9e3779b97f4a7c15u + str_hash(b);
	h = h * 0x9e3779b97f4a7c15u + str_hash(step);
	return h ^ h >> 32;
}

static struct entry *tick_find(const struct ticks *t, const struct entry *e)
{
	for (size_t i = e->hash & (t->cap - 1);; i = (i + 1) & (t->cap - 1)) {
		struct entry *at = &t->slots[i];
		if (!at->marks || (at->hash == e->hash && str_eq(at->a, e->a) &&
			str_eq(at->b, e->b) && str_eq(at->step, e->step)))
			return at;
	}
}

static void tick_grow(struct ticks *t)
{
	struct ticks old = *t;
	t->cap = old.cap ? old.cap * 2 : 64;
	t->slots = mem_array(t->cap, sizeof(*t->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].marks)
			*tick_find(t, &old.slots[i]) = old.slots[i];
	free(old.slots);
}

static const struct made *tick_copy(struct ticks *t, const struct tick *from)
{
	struct arena mem = {0};
	struct content c;
	struct made *to = arena_alloc(&t->mem, sizeof(*to));
	to->tick = *from;
	struct str *const texts[] = {&to->tick.analyst, &to->tick.alert_id, &to->tick.event_id,
		&to->tick.rule_id, &to->tick.step, &to->tick.text};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = arena_str(&t->mem, *texts[i]);
	to->tick.facts = (struct str){0};
	content_of_facts(from->facts, &mem, &c);
	content_keep(&c, &t->words, &to->c);
	arena_fini(&mem);
	return to;
}

/* ---- names -------------------------------------------------------------------------------- */

enum { NAMED = 3 };

/* Entries to look for; those of names that there are not stay without `a` and `b`. */
static void name_entries(struct str id, const struct tick *by, struct str shared, struct arena *mem,
	struct entry out[NAMED])
{
	const struct str none = {0};
	out[0] = (struct entry){.a = id};
	out[1] = (struct entry){by->event_id.n ? by->rule_id : none, by->event_id, none, NULL, 0};
	out[2] = (struct entry){shared.n ? by->rule_id : none,
		shared.n ? arena_fmt(mem, "shared %.*s", STR_ARG(shared)) : none, none, NULL, 0};
	for (size_t i = 0; i < NAMED; i++) {
		out[i].step = by->step;
		out[i].hash = entry_hash(out[i].a, out[i].b, by->step);
	}
}

static bool has_name(const struct entry *e)
{
	return e->a.n || e->b.n;
}

static void tick_put(struct ticks *t, const struct entry *e, const struct made *made)
{
	if (t->used * 4 >= t->cap * 3)
		tick_grow(t);
	struct entry *at = tick_find(t, e);
	struct mark *m = at->marks;
	while (m && !content_eq(&m->of->c, &made->c))
		m = m->next;
	if (m) {
		m->of = m->of->tick.seq < made->tick.seq ? made : m->of;
		return;
	}
	m = arena_alloc(&t->mem, sizeof(*m));
	*m = (struct mark){made, at->marks};
	t->used += !at->marks;
	*at = (struct entry){e->a, e->b, e->step, m, e->hash};
}

void ticks_take(struct ticks *t, const struct tick *tick)
{
	struct entry by[NAMED];
	const struct made *own = tick_copy(t, tick);
	name_entries(own->tick.alert_id, &own->tick, own->c.shared, &t->mem, by);
	for (size_t i = 0; i < NAMED; i++)
		if (has_name(&by[i]))
			tick_put(t, &by[i], own);
	t->version++;
}

/* ---- finding ------------------------------------------------------------------------------ */

static void tick_newer(const struct tick **to, const struct tick *tick)
{
	if (!*to || (*to)->seq < tick->seq)
		*to = tick;
}

/* Whether a later word under this name is about the same facts. */
static bool tick_overtaken(const struct mark *all, const struct made *made)
{
	for (const struct mark *m = all; m; m = m->next)
		if (m->of->tick.seq > made->tick.seq && !content_differs(&m->of->c, &made->c))
			return true;
	return false;
}

struct tick_found ticks_find(const struct ticks *t, const struct alert *a, struct str step)
{
	struct arena mem = {0};
	struct content now;
	struct entry by[NAMED];
	struct tick_found found = {0};
	content_of(a, &mem, &now);
	name_entries(alert_name(a), &(struct tick){.rule_id = a->rule_id, .event_id = a->event_id,
		.step = step}, a->shared_id, &mem, by);
	for (size_t i = 0; t->cap && i < NAMED; i++) {
		const struct mark *all = has_name(&by[i]) ? tick_find(t, &by[i])->marks : NULL;
		for (const struct mark *m = all; m; m = m->next) {
			if (!content_unlike(&m->of->c, &now))
				tick_newer(&found.own, &m->of->tick);
			else if (m->of->tick.done && !tick_overtaken(all, m->of))
				tick_newer(&found.other, &m->of->tick);
		}
	}
	arena_fini(&mem);
	return found;
}

void ticks_apply(const struct ticks *t, const struct alert *a, struct checklist *list,
	struct arena *mem)
{
	for (size_t i = 0; i < list->n; i++) {
		struct checklist_step *s = &list->steps[i];
		const struct tick_found f = ticks_find(t, a, s->key);
		s->other_by = (struct str){0};
		if (f.own && f.own->done) {
			checklist_tick(list, s->key, true, f.own->analyst, f.own->at);
			if (!str_eq(f.own->text, s->evidence))
				s->note = arena_str(mem, f.own->text);
		} else if (f.other) {
			s->other_by = f.other->analyst;
			s->other_at = f.other->at;
		}
	}
}

size_t ticks_version(const struct ticks *t)
{
	return t->version;
}
