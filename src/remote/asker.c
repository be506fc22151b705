/*
 * asker: a thread lives for one question. Question and answer are its own until the eventfd says
 * that it is done; then it is joined, so nothing needs a lock.
 */
#include "s3triage/remote/asker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct asker {
	const char *profile;
	env_fn env;
	struct aws_settings settings;
	bool have_settings;
	pthread_t thread;
	bool busy;              /* the thread runs, or its answer was not taken yet */
	atomic_bool stop;
	int fd;
	struct arena mem;       /* of the question */
	struct alert alert;
	struct buf answer;      /* the thread's until the eventfd says that it is there */
	bool known;
};

static bool ready(struct asker *a, struct err *err)
{
	if (a->have_settings)
		return true;
	a->have_settings = aws_settings_read(a->profile, a->env, &a->settings, err);
	a->settings.stop = &a->stop;
	if (!a->have_settings)
		aws_settings_fini(&a->settings);
	return a->have_settings;
}

static void *asker_run(void *ctx)
{
	struct asker *a = ctx;
	const struct aws_bucket bucket = {a->alert.bucket, a->alert.owner, a->alert.region};
	struct replication_now now;
	struct err err = {0};
	uint64_t one = 1;
	buf_clear(&a->answer);
	buf_fmt(&a->answer, "%.*s: ", STR_ARG(bucket.bucket));
	a->known = ready(a, &err) && aws_replication(&a->settings, &bucket, &a->mem, &now, &err);
	if (!a->known && a->have_settings) { /* keys end: the next question reads them anew */
		aws_settings_fini(&a->settings);
		a->have_settings = false;
	}
	if (a->known)
		in_force_words(&now, &a->alert, &a->answer);
	else
		buf_fmt(&a->answer, "AWS does not say: %s", err.text);
	while (write(a->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	return NULL;
}

struct asker *asker_new(const char *profile, env_fn env, struct err *err)
{
	struct asker *a = mem_alloc(sizeof(*a));
	a->profile = profile;
	a->env = env;
	a->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (a->fd >= 0)
		return a;
	err_set_errno(err, "cannot ask AWS");
	free(a);
	return NULL;
}

static void asker_copy_alert(struct asker *a, const struct alert *from)
{
	struct alert_dest *dests = arena_array(&a->mem, from->n_dests, sizeof(*dests));
	for (size_t i = 0; i < from->n_dests; i++)
		dests[i] = (struct alert_dest){.account = arena_str(&a->mem, from->dests[i].account),
			.written = arena_str(&a->mem, from->dests[i].written),
			.bucket = arena_str(&a->mem, from->dests[i].bucket),
			.rule_id = arena_str(&a->mem, from->dests[i].rule_id)};
	a->alert = (struct alert){.bucket = arena_str(&a->mem, from->bucket),
		.owner = arena_str(&a->mem, from->owner), .region = arena_str(&a->mem, from->region),
		.dests = dests, .n_dests = from->n_dests};
}

bool asker_ask(struct asker *a, const struct alert *alert)
{
	if (a->busy)
		return false;
	arena_reset(&a->mem);
	asker_copy_alert(a, alert);
	a->busy = pthread_create(&a->thread, NULL, asker_run, a) == 0;
	return a->busy;
}

int asker_fd(const struct asker *a)
{
	return a->fd;
}

bool asker_take(struct asker *a, struct buf *text, bool *known)
{
	uint64_t times;
	if (!a->busy || read(a->fd, &times, sizeof(times)) != sizeof(times))
		return false;
	pthread_join(a->thread, NULL);
	a->busy = false;
	buf_add(text, buf_str(&a->answer));
	*known = a->known;
	return true;
}

void asker_free(struct asker *a)
{
	if (!a)
		return;
	a->stop = true;
	if (a->busy)
		pthread_join(a->thread, NULL);
	aws_settings_fini(&a->settings);
	arena_fini(&a->mem);
	buf_fini(&a->answer);
	close(a->fd);
	free(a);
}
