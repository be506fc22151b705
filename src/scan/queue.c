/*
 * queue: the jobs, the batches, and the parts of large files; all behind one lock. Both queues are
 * bounded: a slow taker slows the workers down.
 */
#include "scan_priv.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

uint64_t scan_clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void node_free(struct node *n)
{
	arena_fini(&n->batch.mem);
	free(n);
}

void scan_tally(struct scan *s, struct tally *t)
{
	struct counters *c = &s->count;
	scan_count(&c->events, t->events);
	scan_count(&c->candidates, t->candidates);
	scan_count(&c->matches, t->matches);
	scan_count(&c->problems, t->problems);
	scan_count(&c->skipped, t->skipped);
	scan_count(&c->foreign, t->foreign);
	scan_count(&c->replications, t->replications);
	scan_count(&c->related, t->related);
	*t = (struct tally){0};
}

void scan_big_free(struct big *b)
{
	while (b->held) {
		struct node *n = b->held;
		b->held = n->next;
		node_free(n);
	}
	close(b->whole.fd);
	free(b->path);
	free(b->parts);
	free(b);
}

static void grow_jobs(struct scan *s)
{
	size_t cap = s->jobs_cap ? s->jobs_cap * 2 : 64;
	struct job *jobs = mem_array(cap, sizeof(*jobs));
	for (size_t i = 0; i < s->jobs_n; i++)
		jobs[i] = s->jobs[(s->jobs_first + i) % s->jobs_cap];
	free(s->jobs);
	s->jobs = jobs;
	s->jobs_cap = cap;
	s->jobs_first = 0;
}

bool scan_push_job(struct scan *s, struct job job)
{
	pthread_mutex_lock(&s->lock);
	while (s->jobs_n >= SCAN_JOBS_MAX && !scan_stopping(s))
		pthread_cond_wait(&s->room, &s->lock);
	bool ok = !scan_stopping(s);
	if (ok) {
		job.seq = s->pushed++;
		if (s->jobs_n == s->jobs_cap)
			grow_jobs(s);
		s->jobs[(s->jobs_first + s->jobs_n++) % s->jobs_cap] = job;
		scan_count(&s->count.files, 1);
		scan_count(&s->count.bytes, job.size);
		pthread_cond_signal(&s->work);
	} else {
		free(job.path);
	}
	pthread_mutex_unlock(&s->lock);
	return ok;
}

/* A part of a large file that nobody has taken yet. */
static bool take_part(struct scan *s, struct job *out)
{
	for (struct big *b = s->bigs; b; b = b->next) {
		if (b->taken == b->n_parts)
			continue;
		*out = (struct job){.big = b, .seq = b->seq, .part = b->taken, .range = b->parts[b->taken], .cut = b->cut,
			.named = true};
		b->taken++;
		return true;
	}
	return false;
}

bool scan_next_job(struct scan *s, struct job *out, bool wait)
{
	bool got = false;
	pthread_mutex_lock(&s->lock);
	for (;;) {
		if (scan_stopping(s))
			break;
		got = take_part(s, out);
		if (!got && s->jobs_n) {
			*out = s->jobs[s->jobs_first];
			s->jobs_first = (s->jobs_first + 1) % s->jobs_cap;
			s->jobs_n--;
			got = true;
			pthread_cond_broadcast(&s->room);
		}
		if (got || !s->walking || !wait)
			break;
		pthread_cond_wait(&s->work, &s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	return got;
}

static void wake_taker(struct scan *s)
{
	uint64_t one = 1;
	pthread_cond_broadcast(&s->ready);
	if (write(s->event_fd, &one, sizeof(one)) < 0)
		return; /* the counter is full: it is readable already */
}

static void queue_append(struct scan *s, struct node *n)
{
	n->next = NULL;
	*s->last = n;
	s->last = &n->next;
	s->n_batches++;
	wake_taker(s);
}

static void queue_all(struct scan *s, struct node *n)
{
	while (n) {
		struct node *next = n->next;
		queue_append(s, n);
		n = next;
	}
}

static void queue_in_turn(struct scan *s, struct node *n)
{
	if (turns_is_now(s, n->seq))
		queue_append(s, n);
	else
		turns_hold(s, n);
}

/* Whose turn it is never waits for those behind it: it is what they wait for. */
static void queue_wait(struct scan *s, size_t seq)
{
	while (!scan_stopping(s) && (turns_is_now(s, seq) ? s->n_batches : s->turns.held) >= SCAN_BATCHES_MAX)
		pthread_cond_wait(&s->room, &s->lock);
}

void scan_post(struct scan *s, struct node *n)
{
	pthread_mutex_lock(&s->lock);
	queue_wait(s, n->seq);
	queue_in_turn(s, n);
	pthread_mutex_unlock(&s->lock);
}

void scan_job_done(struct scan *s, size_t seq)
{
	pthread_mutex_lock(&s->lock);
	if (s->ordered) {
		queue_all(s, turns_done(s, seq));
		pthread_cond_broadcast(&s->room);
	}
	pthread_mutex_unlock(&s->lock);
}

bool scan_starved(struct scan *s)
{
	pthread_mutex_lock(&s->lock);
	bool starved = s->n_batches == 0;
	pthread_mutex_unlock(&s->lock);
	return starved;
}

/* After a stop: parts before were never read, so the line is not known, but the byte is. */
static void release_unplaced(struct scan *s, struct big *b)
{
	for (; b->ready < b->n_parts; b->ready++)
		scan_tally(s, &b->parts[b->ready].tally);
	while (b->held) {
		struct node *n = b->held;
		b->held = n->next;
		for (size_t i = 0; i < n->batch.n_matches; i++) {
			struct scan_match *m = &n->batch.matches[i];
			m->place.line = 0;
			if (m->alert.source.n == 0)
				m->alert.source = arena_fmt(&n->batch.mem, "%.*s@%llu",
					STR_ARG(m->place.path), m->place.byte);
		}
		for (size_t i = 0; i < n->batch.n_problems; i++)
			n->batch.problems[i].err.line = 0;
		queue_in_turn(s, n);
	}
}

void scan_thread_ends(struct scan *s)
{
	pthread_mutex_lock(&s->lock);
	if (--s->running == 0) {
		for (struct big *b = s->bigs; b; b = b->next)
			release_unplaced(s, b);
		queue_all(s, turns_rest(s));
		s->over = true;
		wake_taker(s);
	}
	pthread_mutex_unlock(&s->lock);
}

void scan_add_big(struct scan *s, const struct job *job, const struct input *in, bool kibana)
{
	struct big *b = mem_alloc(sizeof(*b));
	b->path = mem_dup(str_c(job->path));
	b->seq = job->seq;
	b->whole = (struct input){.fd = fcntl(in->fd, F_DUPFD_CLOEXEC, 0), .regular = true,
		.begin = in->begin, .size = in->size, .changed = in->changed};
	b->kibana = kibana;
	b->n_parts = (unsigned)((in->size + SCAN_PART - 1) / SCAN_PART);
	b->parts = mem_array(b->n_parts, sizeof(*b->parts));
	for (unsigned i = 0; i < b->n_parts; i++)
		b->parts[i] = (struct part){.from = i * SCAN_PART, .until = (i + 1) * SCAN_PART,
			.exact = i == 0};
	pthread_mutex_lock(&s->lock);
	struct big **at = &s->bigs; /* the earlier first: others may wait for its turn */
	while (*at && (*at)->seq < b->seq)
		at = &(*at)->next;
	b->next = *at;
	*at = b;
	pthread_cond_broadcast(&s->work);
	pthread_mutex_unlock(&s->lock);
}

/* The lines of a batch counted from the file's beginning instead of the part's. Of its problems no
 * more than are told of one file. */
static void queue_place(struct big *b, struct node *n, unsigned long before)
{
	struct scan_batch *batch = &n->batch;
	for (size_t i = 0; i < batch->n_matches; i++) {
		struct scan_match *m = &batch->matches[i];
		m->place.line += before;
		if (m->alert.source.n == 0)
			m->alert.source = arena_fmt(&batch->mem, "%.*s:%lu", STR_ARG(m->place.path),
				m->place.line);
	}
	if (batch->n_problems > SCAN_PROBLEMS_MAX - b->told)
		batch->n_problems = (size_t)(SCAN_PROBLEMS_MAX - b->told);
	b->told += batch->n_problems;
	for (size_t i = 0; i < batch->n_problems; i++)
		if (batch->problems[i].err.line)
			batch->problems[i].err.line += before;
}

static unsigned long lines_before(const struct big *b, unsigned part)
{
	unsigned long n = 0;
	for (unsigned i = 0; i < part; i++)
		n += b->parts[i].lines;
	return n;
}

/* Read behind a value that went on, before that was known. */
static bool is_void(const struct big *b, bool cut, unsigned part)
{
	return cut != b->cut && part >= b->rest;
}

/* Posts what is held and can be placed now. */
static void release(struct scan *s, struct big *b)
{
	struct node **at = &b->held;
	while (*at) {
		struct node *n = *at;
		bool drop = is_void(b, n->cut, n->part);
		if (!drop && n->part > b->ready) {
			at = &n->next;
			continue;
		}
		*at = n->next;
		if (drop) {
			node_free(n);
			continue;
		}
		queue_place(b, n, lines_before(b, n->part));
		queue_in_turn(s, n);
	}
}

void scan_hold(struct scan *s, struct big *b, struct node *n)
{
	pthread_mutex_lock(&s->lock);
	queue_wait(s, b->seq);
	struct node **at = &b->held;
	while (*at)
		at = &(*at)->next;
	n->next = NULL;
	*at = n;
	release(s, b);
	pthread_mutex_unlock(&s->lock);
}

/* The part holds, as all before it do. Behind a value that went on, the rest is one part. */
static void accept(struct scan *s, struct big *b)
{
	struct part *p = &b->parts[b->ready++];
	b->problems += p->tally.problems;
	scan_tally(s, &p->tally);
	if (!p->over || b->ready == b->n_parts)
		return;
	b->cut = true;
	b->rest = b->taken = b->ready;
	b->n_parts = b->ready + 1;
	b->parts[b->ready] = (struct part){.from = p->over, .exact = true};
	pthread_cond_signal(&s->work);
}

bool scan_part_done(struct scan *s, const struct job *job, const struct part *p)
{
	struct big *b = job->big;
	pthread_mutex_lock(&s->lock);
	bool all = false;
	if (!is_void(b, job->cut, job->part)) {
		b->parts[job->part] = *p;
		b->parts[job->part].done = true;
		release(s, b);
		while (b->ready < b->n_parts && b->parts[b->ready].done) {
			accept(s, b);
			release(s, b);
		}
		all = b->ready == b->n_parts;
	}
	if (all)
		scan_count(&s->count.files_done, 1);
	pthread_mutex_unlock(&s->lock);
	return all;
}
