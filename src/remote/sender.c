/*
 * sender: the outbox's thread. Owns its own journal, outbox and clients; a lock guards what
 * it leaves for the screen and what the screen asks of it.
 */
#include "s3triage/remote/sender.h"
#include "s3triage/remote/write.h"

#include "s3triage/base/utf8.h"
#include "s3triage/base/vec.h"
#include "s3triage/export/export.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { EVERY_MS = 30000, BUSY_MS = 1000, WIDE_MS = 3600000 };

struct choice {
	char *id;
	int64_t seq;
	enum sender_choice what;
};

struct sender {
	struct sender_setup set;
	struct journal *journal;
	struct outbox *outbox;
	struct http **http;     /* one a profile, made when first needed */
	int64_t *wide_at;       /* one a profile: when it was read a day back */
	size_t *left_out;       /* one a profile: documents that were told */
	size_t *held;           /* one a profile: decisions for another place that were told */
	bool busy;              /* another console is sending what may be ours */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	int fd;
	bool running, kicked, uncounted;
	struct http *talking;   /* under the lock: whom to wake when it must end */
	atomic_bool stop;
	struct buf status, messages; /* under the lock, like what follows and kicked */
	size_t unsent;
	struct choice *choices;     /* in the order in which they were made */
	size_t n_choices, cap_choices;
	size_t told[OUTBOX_STATES]; /* how many failed ones and conflicts were told */
	char said[480];             /* the last failure that was told */
};

/* A line for the screen. */
static void sender_leave(struct sender *s, struct str message)
{
	uint64_t one = 1;
	if (!message.n)
		return;
	pthread_mutex_lock(&s->lock);
	if (s->messages.n)
		buf_char(&s->messages, '\n');
	buf_add(&s->messages, message);
	pthread_mutex_unlock(&s->lock);
	if (write(s->fd, &one, sizeof(one)) < 0)
		return; /* the counter is full: it is readable already */
}

static void leave_status(struct sender *s, struct str status, size_t unsent)
{
	uint64_t one = 1;
	pthread_mutex_lock(&s->lock);
	bool news = !str_eq(buf_str(&s->status), status);
	buf_clear(&s->status);
	buf_add(&s->status, status);
	s->unsent = unsent;
	pthread_mutex_unlock(&s->lock);
	if (news && write(s->fd, &one, sizeof(one)) < 0)
		return;
}

void sender_take(struct sender *s, struct buf *status, struct buf *messages)
{
	uint64_t times;
	if (read(s->fd, &times, sizeof(times)) < 0 && errno != EAGAIN)
		return;
	pthread_mutex_lock(&s->lock);
	buf_add(status, buf_str(&s->status));
	buf_add(messages, buf_str(&s->messages));
	buf_clear(&s->messages);
	pthread_mutex_unlock(&s->lock);
}

size_t sender_unsent(struct sender *s)
{
	pthread_mutex_lock(&s->lock);
	size_t n = s->unsent;
	pthread_mutex_unlock(&s->lock);
	return n;
}

/* The newest entry of a state in words, of one alert or of all. */
struct about {
	enum outbox_state state;
	struct str id;
	struct buf *out;
};

/* The alert as the screen names it, too: by its bucket. */
static void put_alert(const struct decision *d, struct buf *out)
{
	struct arena mem = {0};
	struct alert a = {0};
	buf_add(out, str_sub(d->alert_id, 0, 20));
	if (export_facts_read(d->facts, &mem, &a, NULL) && a.bucket.n) {
		buf_c(out, " of ");
		utf8_visible(out, str_sub(a.bucket, 0, 63), false);
	}
	arena_fini(&mem);
}

static void word(void *ctx, const struct outbox_entry *e)
{
	struct about *a = ctx;
	if (e->state != a->state || (a->id.n && !str_eq(e->id, a->id) && !str_eq(e->key, a->id)))
		return;
	buf_clear(a->out);
	buf_fmt(a->out, "not sent to %.*s: ", STR_ARG(e->target));
	put_alert(&e->decision, a->out);
	if (a->state == OUTBOX_CONFLICT)
		buf_fmt(a->out, " is %.*s; yours is %s", STR_ARG(e->reason),
			verdict_name(e->decision.verdict));
	else
		buf_fmt(a->out, " (%s): %.*s", verdict_name(e->decision.verdict), STR_ARG(e->reason));
}

/* Of those that came since it was told last, the newest in words, and how many more there are. */
static void tell_state(struct sender *s, enum outbox_state state, size_t n)
{
	AUTO(buf_fini) struct buf text = {0};
	struct about about = {state, STR(""), &text};
	struct outbox_visit v = {word, &about, 0};
	size_t fresh = n > s->told[state] ? n - s->told[state] : 0;
	s->told[state] = n;
	if (!fresh || !outbox_list(s->outbox, STR(""), false, &v, NULL))
		return;
	if (state == OUTBOX_CONFLICT && text.n)
		buf_c(&text, ": on that alert, :send_mine or :keep_theirs");
	if (fresh > 1)
		buf_fmt(&text, " (and %zu more: s3triage outbox)", fresh - 1);
	sender_leave(s, buf_str(&text));
}

static bool tell_counts(struct sender *s, struct outbox_counts *c)
{
	AUTO(buf_fini) struct buf status = {0};
	if (!outbox_count(s->outbox, STR(""), c, NULL))
		return false;
	outbox_say(c, &status);
	leave_status(s, buf_str(&status), outbox_unsent(c));
	return true;
}

static void sender_tell(struct sender *s, const struct err *failure)
{
	AUTO(buf_fini) struct buf notice = {0};
	struct outbox_counts c;
	outbox_notice(s->outbox, &notice);
	sender_leave(s, buf_str(&notice));
	if (!tell_counts(s, &c))
		return;
	tell_state(s, OUTBOX_FAILED, c.n[OUTBOX_FAILED]);
	tell_state(s, OUTBOX_CONFLICT, c.n[OUTBOX_CONFLICT]);
	if (failure->code && strcmp(failure->text, s->said) != 0)
		sender_leave(s, str_c(failure->text));
	memcpy(s->said, failure->text, sizeof(s->said));
}

static void choose_one(struct sender *s, const struct choice *c)
{
	AUTO(buf_fini) struct buf text = {0}, key = {0};
	outbox_key_of(s->outbox, c->seq, &key);
	struct about about = {OUTBOX_CONFLICT, key.n ? buf_str(&key) : str_c(c->id), &text};
	struct outbox_visit v = {word, &about, 0};
	struct outbox_choice choice = {.id = about.id, .overwrite = c->what == SENDER_OVERWRITE};
	size_t n = 0;
	outbox_list(s->outbox, STR(""), false, &v, NULL);
	if (!text.n)
		buf_c(&text, "this alert is in no conflict");
	else if (c->what == SENDER_ASK)
		buf_c(&text, "; again to choose");
	else if (outbox_choose(s->outbox, &choice, &n, NULL) && n)
		buf_c(&text, choice.overwrite ? ": yours is sent now" : ": theirs stays");
	sender_leave(s, buf_str(&text));
}

/* What the screen asked for since the last round. */
static void sender_choice(struct sender *s)
{
	pthread_mutex_lock(&s->lock);
	struct choice *choices = s->choices;
	size_t n = s->n_choices;
	s->choices = NULL;
	s->n_choices = s->cap_choices = 0;
	pthread_mutex_unlock(&s->lock);
	for (size_t i = 0; i < n; i++) {
		choose_one(s, &choices[i]);
		free(choices[i].id);
	}
	free(choices);
}

/* While a request is under way: what was decided meanwhile is counted. */
static void meanwhile(void *ctx)
{
	struct sender *s = ctx;
	struct outbox_counts c;
	pthread_mutex_lock(&s->lock);
	bool uncounted = s->uncounted;
	s->uncounted = false;
	pthread_mutex_unlock(&s->lock);
	if (uncounted && outbox_sync(s->outbox, NULL))
		tell_counts(s, &c);
}

static struct http *client(struct sender *s, size_t i, struct err *err)
{
	struct profile *p = s->set.profiles[i];
	p->stop = &s->stop;
	if (!s->http[i])
		s->http[i] = profile_http(p, s->set.env, err);
	return s->http[i];
}

static void talk(struct sender *s, struct http *http)
{
	pthread_mutex_lock(&s->lock);
	s->talking = http;
	pthread_mutex_unlock(&s->lock);
}

/* Told when there are more than before: each round reads some of them again. */
static void tell_left_out(struct sender *s, size_t i, size_t n)
{
	AUTO(buf_fini) struct buf text = {0};
	buf_fmt(&text, "%.*s: %zu document%s left out: no decisions about one alert as it is known here",
		STR_ARG(s->set.profiles[i]->name), n, plural(n));
	if (n > s->left_out[i])
		sender_leave(s, buf_str(&text));
	s->left_out[i] = n > s->left_out[i] ? n : s->left_out[i];
}

static void tell_held(struct sender *s, size_t i)
{
	AUTO(buf_fini) struct buf text = {0};
	size_t n = outbox_held(s->outbox, s->set.profiles[i]->name, &text);
	if (n > s->held[i])
		sender_leave(s, buf_str(&text));
	s->held[i] = n;
}

static void serve(struct sender *s, size_t i, struct err *failure)
{
	struct write_result r = {0};
	struct err err = {0};
	struct http *http = client(s, i, &err);
	struct write_link l = {.http = http, .outbox = s->outbox,
		.target = &s->set.profiles[i]->write, .analyst = s->set.analyst, .now = http_now, .stop = &s->stop,
		.turn = meanwhile, .turn_ctx = s};
	talk(s, http);
	/* Another console may be sending: it sends what of ours it saw, and the rest is looked for soon. */
	bool fine = http && (write_flush(&l, &r, &err) || err.code == ERR_STOPPED);
	s->busy |= err.code == ERR_STOPPED;
	if (fine && !s->stop) {
		int64_t now = http_ticks();
		err = (struct err){0};
		l.wide = !s->wide_at[i] || now - s->wide_at[i] >= WIDE_MS;
		fine = write_pull(&l, &r, &err);
		s->wide_at[i] = fine && l.wide ? now : s->wide_at[i];
	}
	talk(s, NULL);
	tell_left_out(s, i, r.left_out);
	tell_held(s, i);
	if (!fine && err.code == ERR_DENIED) { /* the key may have been exchanged meanwhile */
		http_free(s->http[i]);
		s->http[i] = NULL;
	}
	if (!fine && !failure->code)
		*failure = err;
}

static void wait_for_work(struct sender *s)
{
	struct timespec until;
	int64_t ms = s->set.every_ms ? s->set.every_ms : EVERY_MS;
	ms = s->busy && ms > BUSY_MS ? BUSY_MS : ms;
	s->busy = false;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&s->lock);
	int code = 0;
	while (!s->kicked && !s->stop && code != ETIMEDOUT)
		code = pthread_cond_timedwait(&s->wake, &s->lock, &until);
	s->kicked = false;
	pthread_mutex_unlock(&s->lock);
}

static void *sender_run(void *ctx)
{
	struct sender *s = ctx;
	while (!s->stop) {
		struct err failure = {0};
		sender_choice(s);
		outbox_sync(s->outbox, &failure);
		sender_tell(s, &failure);
		for (size_t i = 0; i < s->set.n_profiles && !s->stop; i++)
			if (s->set.profiles[i]->write.kind)
				serve(s, i, &failure);
		sender_tell(s, &failure);
		wait_for_work(s);
	}
	return NULL;
}

static bool open_all(struct sender *s, struct err *err)
{
	s->journal = journal_open(s->set.journal_path, false, err);
	s->outbox = s->journal ? write_outbox(s->set.journal_path, s->journal, s->set.profiles,
		s->set.n_profiles, err) : NULL;
	if (!s->outbox)
		return false;
	s->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (s->fd < 0)
		return err_set_errno(err, "cannot start sending");
	s->running = pthread_create(&s->thread, NULL, sender_run, s) == 0;
	return s->running || err_set(err, ERR_IO, "cannot start the sending thread");
}

struct sender *sender_start(const struct sender_setup *setup, struct err *err)
{
	struct sender *s = mem_alloc(sizeof(*s));
	s->set = *setup;
	s->fd = -1;
	s->http = mem_array(setup->n_profiles, sizeof(struct http *));
	s->wide_at = mem_array(setup->n_profiles, sizeof(*s->wide_at));
	s->left_out = mem_array(setup->n_profiles, sizeof(*s->left_out));
	s->held = mem_array(setup->n_profiles, sizeof(*s->held));
	pthread_condattr_t steady; /* the wall clock may be set back by an hour */
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&s->wake, &steady);
	pthread_condattr_destroy(&steady);
	if (open_all(s, err))
		return s;
	sender_free(s);
	return NULL;
}

void sender_kick(struct sender *s)
{
	pthread_mutex_lock(&s->lock);
	s->kicked = s->uncounted = true;
	pthread_cond_signal(&s->wake);
	if (s->talking)
		http_wake(s->talking);
	pthread_mutex_unlock(&s->lock);
}

void sender_choose(struct sender *s, struct str id, int64_t seq, enum sender_choice c)
{
	pthread_mutex_lock(&s->lock);
	s->choices = vec_room(s->choices, s->n_choices, &s->cap_choices, sizeof(*s->choices));
	s->choices[s->n_choices++] = (struct choice){mem_dup(id), seq, c};
	pthread_mutex_unlock(&s->lock);
	sender_kick(s);
}

int sender_fd(const struct sender *s)
{
	return s->fd;
}

void sender_free(struct sender *s)
{
	if (!s)
		return;
	s->stop = true;
	sender_kick(s);
	if (s->running)
		pthread_join(s->thread, NULL);
	for (size_t i = 0; i < s->set.n_profiles; i++)
		http_free(s->http[i]);
	free(s->http);
	free(s->wide_at);
	free(s->left_out);
	free(s->held);
	outbox_close(s->outbox);
	journal_close(s->journal);
	if (s->fd >= 0)
		close(s->fd);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->wake);
	buf_fini(&s->status);
	buf_fini(&s->messages);
	for (size_t i = 0; i < s->n_choices; i++)
		free(s->choices[i].id);
	free(s->choices);
	free(s);
}
