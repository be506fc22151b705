/*
 * post: matches and problems into batches, and batches on their way. A batch owns all its text.
 */
#include "scan_priv.h"

#include <stdio.h>
#include <string.h>

enum { BATCH_MATCHES = 256, BATCH_LOOKS = 4096, BATCH_BYTES = 4 << 20, BATCH_MS = 20, BATCH_FIRST = 8 };

static struct node *node_of(struct reader *r)
{
	if (!r->node) {
		r->node = mem_alloc(sizeof(*r->node));
		r->node->born = scan_clock_ms();
		r->node->seq = r->job ? r->job->seq : TURN_NONE;
		if (r->job) {
			r->node->part = r->job->part;
			r->node->cut = r->job->cut;
		}
	}
	return r->node;
}

/* Room for one more in an array that lives in the arena. */
static void *grown(struct arena *mem, void *old, size_t n, size_t size, size_t *cap)
{
	if (n < *cap)
		return old;
	*cap = *cap ? *cap * 2 : BATCH_FIRST;
	void *p = arena_array(mem, *cap, size);
	if (n)
		memcpy(p, old, n * size);
	return p;
}

struct arena *reader_mem(struct reader *r)
{
	return &node_of(r)->batch.mem;
}

/* Is one more still asked for? */
static bool reader_finds(struct reader *r)
{
	struct scan *s = r->s;
	unsigned long long before = atomic_fetch_add_explicit(&s->found, 1, memory_order_relaxed);
	if (s->options.limit && before >= s->options.limit) {
		scan_halt(s);
		return false;
	}
	r->tally.matches++;
	return true;
}

struct scan_match *reader_match(struct reader *r)
{
	if (!reader_finds(r))
		return NULL;
	struct node *n = node_of(r);
	struct scan_batch *b = &n->batch;
	b->matches = grown(&b->mem, b->matches, b->n_matches, sizeof(*b->matches), &n->matches_cap);
	return &b->matches[b->n_matches++];
}

const void **reader_look(struct reader *r)
{
	if (!reader_finds(r))
		return NULL;
	struct node *n = node_of(r);
	struct scan_batch *b = &n->batch;
	b->looks = grown(&b->mem, b->looks, b->n_looks, sizeof(*b->looks), &n->looks_cap);
	return &b->looks[b->n_looks++];
}

struct related *reader_related(struct reader *r)
{
	struct node *n = node_of(r);
	struct scan_batch *b = &n->batch;
	r->tally.related++;
	b->related = grown(&b->mem, b->related, b->n_related, sizeof(*b->related), &n->related_cap);
	return &b->related[b->n_related++];
}

struct scan_deed *reader_deed(struct reader *r)
{
	struct node *n = node_of(r);
	struct scan_batch *b = &n->batch;
	b->deeds = grown(&b->mem, b->deeds, b->n_deeds, sizeof(*b->deeds), &n->deeds_cap);
	return &b->deeds[b->n_deeds++];
}

/* Of a long path its end says most: that is the file within the archive. */
static void name_place(struct err *err, struct str path)
{
	enum { HEAD = 60 };
	size_t most = sizeof(err->file) - 1;
	if (path.n <= most)
		snprintf(err->file, sizeof(err->file), "%.*s", STR_ARG(path));
	else
		snprintf(err->file, sizeof(err->file), "%.*s...%.*s", HEAD, path.p,
			STR_ARG(str_sub(path, path.n - (most - HEAD - 3), path.n)));
}

static struct scan_problem *add_problem(struct reader *r, const struct err *err, unsigned long long byte,
	bool note)
{
	struct node *n = node_of(r);
	struct scan_batch *b = &n->batch;
	b->problems = grown(&b->mem, b->problems, b->n_problems, sizeof(*b->problems),
		&n->problems_cap);
	struct scan_problem *p = &b->problems[b->n_problems++];
	p->err = *err;
	p->byte = byte;
	p->note = note;
	if (!p->err.file[0])
		name_place(&p->err, r->path);
	return p;
}

void reader_problem(struct reader *r, const struct err *err, unsigned long line,
	unsigned long long byte)
{
	unsigned long long before = r->problems++;
	r->tally.problems++;
	if (before >= SCAN_PROBLEMS_MAX)
		return;
	struct err e = *err;
	e.line = line;
	e.col = 0;
	add_problem(r, &e, byte, false);
}

void reader_note(struct reader *r, const struct err *err)
{
	add_problem(r, err, 0, true);
}

void reader_skip(struct reader *r, enum scan_skip why, unsigned long line, const char *text)
{
	struct err err = {.line = line};
	r->tally.skipped++;
	if (r->left_out++ >= SCAN_PROBLEMS_MAX)
		return;
	err_set(&err, ERR_NONE, "%s", text);
	add_problem(r, &err, 0, true)->skip = why;
}

void reader_more_problems(struct reader *r, unsigned long long more)
{
	struct err err = {0};
	if (!more)
		return;
	err_set(&err, ERR_PARSE, "and %llu more problems in this file", more);
	add_problem(r, &err, 0, false);
}

void reader_flush(struct reader *r, bool now)
{
	struct node *n = r->node;
	if (!r->job || !r->job->big)
		scan_tally(r->s, &r->tally);
	if (!n)
		return;
	size_t held = n->batch.n_matches + n->batch.n_related + n->batch.n_deeds;
	bool full = held >= BATCH_MATCHES || n->batch.n_looks >= BATCH_LOOKS || n->batch.mem.used >= BATCH_BYTES;
	if (!now && !full && scan_clock_ms() - n->born < BATCH_MS)
		return;
	r->node = NULL;
	if (r->job && r->job->big)
		scan_hold(r->s, r->job->big, n);
	else
		scan_post(r->s, n);
}

void scan_halt(struct scan *s)
{
	pthread_mutex_lock(&s->lock);
	atomic_store(&s->stop, true);
	pthread_cond_broadcast(&s->work);
	pthread_cond_broadcast(&s->room);
	for (size_t i = 0; i < s->n_lives; i++)
		s->options.live->wake(s->lives[i]);
	pthread_mutex_unlock(&s->lock);
}
