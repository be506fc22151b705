/*
 * again: reads the sources once more beside everything else, for the life of somebody that the user asks
 * about; what comes is added a few milliseconds at a time.
 */
#include "loop.h"

#define SLICE 4  /* ms */
#define TELL 200 /* ms between two words on progress */

static const void *again_look(const void *ask, const struct scan_seen *e, struct arena *mem)
{
	const struct story_input in = {e->ecs, e->raw, e->shape};
	return story_read(ask, &in, mem);
}

void again_end(struct tui *t)
{
	scan_free(t->again.scan);
	story_free(t->again.story);
	arena_fini(&t->again.mem);
	t->again = (struct again){.scan = NULL};
}

bool again_begin(void *tui, struct str who, struct err *err)
{
	struct tui *t = tui;
	if (!t->set->again)
		return err_set(err, ERR_INPUT, "standard input cannot be read again: save it in a file");
	/* What a profile has of its server belongs to one reading at a time. */
	if (t->set->again->n_profiles && t->scanning)
		return err_set(err, ERR_INPUT, "the cluster is being read or followed: s3triage story asks it, too");
	again_end(t);
	struct again *g = &t->again;
	g->ask = story_ask_of(arena_str(&g->mem, who), t->set->desk->rule, &g->mem);
	g->story = story_new(&g->ask);
	struct scan_options o = *t->set->again;
	o.look = again_look;
	o.look_ctx = &g->ask;
	g->scan = scan_start(&o, err);
	g->reading = g->scan != NULL;
	return g->reading;
}

static void again_batch(struct tui *t, struct scan_batch *b)
{
	struct again *g = &t->again;
	for (size_t i = 0; i < b->n_looks; i++)
		story_add(g->story, b->looks[i]);
	for (size_t i = 0; i < b->n_problems; i++)
		g->problems += !b->problems[i].note;
	arena_fini(&b->mem);
}

void again_take(struct tui *t)
{
	struct again *g = &t->again;
	struct scan_batch b;
	struct scan_progress p;
	int64_t end = tui_ticks() + SLICE;
	bool more = true;
	if (!g->reading)
		return;
	scan_progress(g->scan, &p); /* first: what is posted before the end is taken below */
	while (tui_ticks() < end && (more = scan_take(g->scan, &b)))
		again_batch(t, &b);
	bool over = !more && p.done;
	if (!over && tui_ticks() - g->told < TELL)
		return;
	g->told = tui_ticks();
	struct app_story told = {.events = p.events, .problems = g->problems};
	if (over) {
		g->reading = false;
		told.found = story_end(g->story);
		told.story = g->story;
	}
	t->after |= app_life(t->app, &told);
}
