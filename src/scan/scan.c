/*
 * scan: starts and joins the threads, and is the taker's side of the queue. See scan_priv.h for
 * what is shared and who may touch it.
 */
#include "scan_priv.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { LITERALS_MAX = 32 };

static unsigned thread_count(const struct scan_options *o)
{
	if (o->keep_order)
		return 1;
	cpu_set_t mine;
	int n = (int)o->threads;
	if (n == 0 && sched_getaffinity(0, sizeof(mine), &mine) == 0)
		n = CPU_COUNT(&mine);
	return n < 1 ? 1 : n > SCAN_THREADS_MAX ? SCAN_THREADS_MAX : (unsigned)n;
}

/* Only the rule could ask for event.original, or whoever gets the document or its neighbours. */
static bool may_be_lean(const struct scan_options *o)
{
	if (o->deeds)
		return true;
	if (o->look && !o->keep_order && !o->look_original && !o->rule)
		return true;
	if (!o->rule || o->keep_order || o->context || (o->any_document && !o->look) || o->look_original)
		return false;
	for (size_t i = 0; i < rule_field_count(o->rule); i++)
		if (str_is(rule_field(o->rule, i), "event.original") ||
			str_find_char(rule_field(o->rule, i), '*') != STR_NONE)
			return false;
	return true;
}

static void set_rule(struct scan *s)
{
	const struct rule *rule = s->options.rule;
	struct str literals[LITERALS_MAX];
	if (s->options.deeds)
		s->have_needles = multi_needle_deeds(&s->many, s->options.deeds);
	if (s->have_needles)
		s->needles.many = &s->many;
	if (!rule)
		return;
	s->lint = field_lint_new(rule);
	s->rule = (struct alert_rule){rule->name, rule->rule_id, rule->severity, rule->risk};
	size_t n = rule_literals(rule, literals, LITERALS_MAX);
	s->have_needles = needles_init(&s->needles, literals, n);
	if (!s->have_needles || !s->options.context)
		return;
	multi_needle_init(&s->many, &s->needles);
	s->needles.many = &s->many;
}

static bool start_thread(struct scan *s, void *(*run)(void *), void *arg)
{
	pthread_mutex_lock(&s->lock);
	s->running++;
	pthread_mutex_unlock(&s->lock);
	if (pthread_create(&s->threads[s->n_threads], NULL, run, arg) == 0) {
		s->n_threads++;
		return true;
	}
	pthread_mutex_lock(&s->lock);
	s->running--;
	pthread_mutex_unlock(&s->lock);
	return false;
}

/* Signals are for the owner thread. */
static bool start_threads(struct scan *s)
{
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	s->workers = thread_count(&s->options);
	s->ordered = !s->options.background;
	s->running = 1; /* ourselves: it is not over before all have begun */
	while (s->n_threads < s->workers && start_thread(s, scan_worker, s))
		;
	bool ok = s->n_threads && start_thread(s, scan_walker, s);
	for (size_t i = 0; i < s->n_lives; i++)
		ok = ok && start_thread(s, s->options.live->thread, s->lives[i]);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	scan_thread_ends(s);
	return ok;
}

struct scan *scan_start(const struct scan_options *options, struct err *err)
{
	struct scan *s = mem_alloc(sizeof(*s));
	s->options = *options;
	s->last = &s->first;
	s->walking = true;
	s->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->work, NULL);
	pthread_cond_init(&s->room, NULL);
	pthread_cond_init(&s->ready, NULL);
	set_rule(s);
	s->lean = may_be_lean(&s->options);
	for (size_t i = 0; i < options->n_profiles && i < SCAN_LIVE_MAX; i++)
		s->lives[s->n_lives++] = options->live->start(s, options->profiles[i]);
	if (s->event_fd >= 0 && start_threads(s))
		return s;
	err_set_errno(err, "cannot start reading");
	scan_free(s);
	return NULL;
}

int scan_fd(const struct scan *s)
{
	return s->event_fd;
}

bool scan_take(struct scan *s, struct scan_batch *out)
{
	uint64_t drained;
	pthread_mutex_lock(&s->lock);
	struct node *n = s->first;
	if (n) {
		s->first = n->next;
		if (!s->first)
			s->last = &s->first;
		s->n_batches--;
		pthread_cond_broadcast(&s->room);
	} else if (read(s->event_fd, &drained, sizeof(drained)) < 0) {
		drained = 0; /* nothing was waiting there */
	}
	pthread_mutex_unlock(&s->lock);
	if (!n)
		return false;
	*out = n->batch;
	free(n);
	return true;
}

bool scan_wait(struct scan *s)
{
	pthread_mutex_lock(&s->lock);
	while (!s->first && !s->over)
		pthread_cond_wait(&s->ready, &s->lock);
	bool waits = s->first != NULL;
	pthread_mutex_unlock(&s->lock);
	return waits;
}

static unsigned long long scan_get(const atomic_ullong *c)
{
	return atomic_load_explicit(c, memory_order_relaxed);
}

/* All clusters were read, and so were all files, whose threads have ended. */
static bool following(const struct scan *s)
{
	struct live_status status;
	if (!s->options.follow || !s->n_lives || s->running > s->n_lives)
		return false;
	for (size_t i = 0; i < s->n_lives; i++) {
		s->options.live->status(s->lives[i], &status);
		if (!status.read_at && status.state != LIVE_FAILED)
			return false;
	}
	return true;
}

bool scan_live(const struct scan *s, size_t i, struct live_status *out)
{
	pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&s->lock;
	if (i >= s->n_lives)
		return false;
	pthread_mutex_lock(lock);
	s->options.live->status(s->lives[i], out);
	pthread_mutex_unlock(lock);
	return true;
}

void scan_progress(const struct scan *s, struct scan_progress *out)
{
	pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&s->lock;
	const struct counters *c = &s->count;
	*out = (struct scan_progress){
		.files_done = scan_get(&c->files_done),
		.files = scan_get(&c->files),
		.bytes_done = scan_get(&c->bytes_done),
		.bytes = scan_get(&c->bytes),
		.events = scan_get(&c->events),
		.candidates = scan_get(&c->candidates),
		.matches = scan_get(&c->matches),
		.problems = scan_get(&c->problems),
		.skipped = scan_get(&c->skipped),
		.foreign = scan_get(&c->foreign),
		.replications = scan_get(&c->replications),
		.related = scan_get(&c->related),
		.stopped = atomic_load(&s->asked),
		.limited = s->options.limit && scan_get(&s->found) > s->options.limit,
	};
	pthread_mutex_lock(lock);
	out->walking = s->walking;
	out->live = s->n_lives;
	out->following = following(s);
	out->done = s->over;
	pthread_mutex_unlock(lock);
	if (out->bytes_done > out->bytes && out->bytes)
		out->bytes_done = out->bytes; /* parts of a file read a little into the next part */
}

size_t scan_lint(struct scan *s, struct buf *out)
{
	unsigned long long events = scan_get(&s->count.events),
			   read = scan_get(&s->count.candidates);
	pthread_mutex_lock(&s->lock);
	size_t n = s->lint && s->over ? field_lint_tell(s->lint, events > read ? events - read : 0, out) : 0;
	pthread_mutex_unlock(&s->lock);
	return n;
}

void scan_stop(struct scan *s)
{
	pthread_mutex_lock(&s->lock);
	bool over = s->over;
	pthread_mutex_unlock(&s->lock);
	if (!over)
		atomic_store(&s->asked, true);
	scan_halt(s);
}

static void free_nodes(struct node *n)
{
	while (n) {
		struct node *next = n->next;
		node_free(n);
		n = next;
	}
}

static void free_queues(struct scan *s)
{
	free_nodes(s->first);
	free_nodes(turns_rest(s));
	turns_fini(s);
	while (s->jobs_n) {
		free(s->jobs[s->jobs_first].path);
		s->jobs_first = (s->jobs_first + 1) % s->jobs_cap;
		s->jobs_n--;
	}
	free(s->jobs);
	while (s->bigs) {
		struct big *b = s->bigs;
		s->bigs = b->next;
		scan_big_free(b);
	}
}

void scan_free(struct scan *s)
{
	if (!s)
		return;
	scan_halt(s);
	for (unsigned i = 0; i < s->n_threads; i++)
		pthread_join(s->threads[i], NULL);
	for (size_t i = 0; i < s->n_lives; i++)
		s->options.live->end(s->lives[i]);
	free_queues(s);
	if (s->event_fd >= 0)
		close(s->event_fd);
	field_lint_free(s->lint);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->work);
	pthread_cond_destroy(&s->room);
	pthread_cond_destroy(&s->ready);
	free(s);
}
