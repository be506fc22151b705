/*
 * turns: batches in the order of the jobs, whichever thread was first, so that the same sources give
 * the same answer every time. What a later file gave waits for all files before it. A console that
 * answers keys meanwhile takes them as they come: there a pipe that stays open would hold up all else.
 * All behind the scan's lock.
 */
#include "scan_priv.h"

#include "s3triage/base/vec.h"

#include <stdlib.h>
#include <string.h>

struct turn {
	struct node *first, *last;
	bool done;
};

static struct turn *turn_of(struct turns *t, size_t seq)
{
	size_t at = seq - t->base;
	if (at >= t->n && t->now > t->base) {
		t->n -= t->now - t->base;
		memmove(t->v, t->v + (t->now - t->base), t->n * sizeof(*t->v));
		t->base = t->now;
		at = seq - t->base;
	}
	while (at >= t->n) {
		t->v = vec_room(t->v, t->n, &t->cap, sizeof(*t->v));
		t->v[t->n++] = (struct turn){0};
	}
	return &t->v[at];
}

bool turns_is_now(const struct scan *s, size_t seq)
{
	return !s->ordered || seq == TURN_NONE || seq <= s->turns.now;
}

void turns_hold(struct scan *s, struct node *n)
{
	struct turn *turn = turn_of(&s->turns, n->seq);
	n->next = NULL;
	if (turn->last)
		turn->last->next = n;
	else
		turn->first = n;
	turn->last = n;
	s->turns.held++;
}

/* What waits for this turn is taken from it. */
static struct node *turns_open(struct turns *t)
{
	if (t->now - t->base >= t->n)
		return NULL;
	struct turn *turn = &t->v[t->now - t->base];
	struct node *all = turn->first;
	turn->first = turn->last = NULL;
	for (struct node *n = all; n; n = n->next)
		t->held--;
	return all;
}

struct node *turns_done(struct scan *s, size_t seq)
{
	struct turns *t = &s->turns;
	struct node *all = NULL, **end = &all;
	if (seq < t->now)
		return NULL;
	turn_of(t, seq)->done = true;
	while (t->now - t->base < t->n && t->v[t->now - t->base].done) {
		t->now++;
		*end = turns_open(t);
		while (*end)
			end = &(*end)->next;
	}
	return all;
}

struct node *turns_rest(struct scan *s)
{
	struct turns *t = &s->turns;
	struct node *all = NULL, **end = &all;
	for (; t->now - t->base < t->n; t->now++) {
		*end = turns_open(t);
		while (*end)
			end = &(*end)->next;
	}
	return all;
}

void turns_fini(struct scan *s)
{
	free(s->turns.v);
}
