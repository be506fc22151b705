/*
 * hits: a reader and its job for what comes from no file.
 */
#include "s3triage/scan/hits.h"

#include "scan_priv.h"

#include <stdlib.h>
#include <unistd.h>

struct hits {
	struct reader r;
	struct job job;
};

struct hits *hits_new(struct scan *s, struct str name, struct str origin)
{
	struct hits *h = mem_alloc(sizeof(*h));
	h->r = (struct reader){.s = s, .path = name, .origin = origin, .job = &h->job};
	return h;
}

void hits_free(struct hits *h)
{
	free(h);
}

void hits_begin(struct hits *h)
{
	const struct rule *rule = h->r.s->options.rule;
	if (!rule)
		return;
	h->r.run = rule_run_new(rule);
	h->r.lint = field_lint_new(rule);
}

void hits_end(struct hits *h)
{
	reader_flush(&h->r, true);
	rule_run_free(h->r.run);
	scan_end_lint(h->r.s, h->r.lint);
	h->r.run = NULL;
	h->r.lint = NULL;
	scan_thread_ends(h->r.s);
}

void hits_take(struct hits *h, struct str text, const struct json *hit)
{
	reader_hit(&h->r, text, hit);
}

void hits_flush(struct hits *h)
{
	reader_flush(&h->r, true);
}

void hits_note(struct hits *h, const struct err *err)
{
	reader_note(&h->r, err);
	reader_flush(&h->r, true);
}

void hits_problem(struct hits *h, const struct err *err)
{
	h->r.problems = 0; /* a message at a time: none of them is one too many */
	reader_problem(&h->r, err, 0, 0);
	reader_flush(&h->r, true);
}

unsigned long long hits_refused(const struct hits *h)
{
	return h->r.refused;
}

const struct scan_options *scan_asked(const struct scan *s)
{
	return &s->options;
}

const atomic_bool *scan_stop_flag(const struct scan *s)
{
	return &s->stop;
}

bool scan_stopped(const struct scan *s)
{
	return atomic_load_explicit(&s->stop, memory_order_relaxed);
}

void scan_lock(struct scan *s)
{
	pthread_mutex_lock(&s->lock);
}

void scan_unlock(struct scan *s)
{
	pthread_mutex_unlock(&s->lock);
}

void scan_tell(struct scan *s)
{
	uint64_t one = 1;
	if (write(s->event_fd, &one, sizeof(one)) < 0)
		return; /* it is readable already */
}
