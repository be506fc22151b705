/*
 * story_chain: who was behind a key or a session, and what was done with those that were made. A session is
 * known by its key; where an event does not say that, by its ARN.
 */
#include "story_priv.h"

#include "s3triage/base/vec.h"

#include <stdlib.h>

/* A growing list of steps; each is looked at once for those that follow. */
struct chain {
	const struct story *s;
	struct arena *mem;
	struct story_chain *out;
	bool *taken; /* of each link */
};

/* The first use of it, or where it would be. */
static size_t first_use(const struct story *s, struct str what)
{
	size_t low = 0, high = s->used.n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_cmp(s->uses[mid].what, what) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* What was done with the key, else in the session. */
static void chain_did(const struct chain *c, struct story_step *step)
{
	const struct story *s = c->s;
	struct str what = step->link->key.n ? step->link->key : step->link->arn;
	size_t from = first_use(s, what), n = 0;
	while (from + n < s->used.n && str_eq(s->uses[from + n].what, what))
		n++;
	struct story_call *did = arena_array(c->mem, n + 1, sizeof(*did));
	for (size_t i = 0; i < n; i++) {
		did[i] = s->uses[from + i].call;
		step->n += did[i].n;
	}
	step->did = did;
	step->n_did = n;
}

static void chain_take(struct chain *c, size_t link, unsigned depth)
{
	if (c->taken[link])
		return;
	c->taken[link] = true;
	if (c->out->n == STORY_STEPS_MAX) {
		c->out->left++;
		return;
	}
	struct story_step *step = &c->out->v[c->out->n++];
	*step = (struct story_step){.link = &c->s->links[link], .depth = depth};
	chain_did(c, step);
}

static bool links_same(struct str a, struct str b)
{
	return a.n && str_eq(a, b);
}

/* Did somebody call `by` with what `made` made? */
static bool chain_follows(const struct story_link *made, const struct story_link *by)
{
	if (made->key.n && by->by_key.n)
		return str_eq(made->key, by->by_key);
	return links_same(made->arn, by->by_arn);
}

static void chain_walk(const struct story *s, struct arena *mem, bool back, struct story_chain *out)
{
	struct chain c = {s, mem, out, mem_array(s->n_links + 1, sizeof(bool))};
	*out = (struct story_chain){.v = arena_array(mem, STORY_STEPS_MAX, sizeof(*out->v))};
	for (size_t i = 0; i < s->n_links; i++)
		if (back ? s->links[i].used : s->links[i].ours)
			chain_take(&c, i, 1);
	for (size_t at = 0; at < out->n; at++) {
		const struct story_step *step = &out->v[at];
		for (size_t i = 0; i < s->n_links && step->depth < STORY_DEEP_MAX; i++)
			if (back ? chain_follows(&s->links[i], step->link) : chain_follows(step->link, &s->links[i]))
				chain_take(&c, i, step->depth + 1);
	}
	free(c.taken);
}

void story_behind(const struct story *s, struct arena *mem, struct story_chain *out)
{
	chain_walk(s, mem, true, out);
}

void story_next(const struct story *s, struct arena *mem, struct story_chain *out)
{
	chain_walk(s, mem, false, out);
}
