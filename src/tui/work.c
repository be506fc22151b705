/*
 * work: the app's turn on a thread of its own, so that the terminal is never left alone: what takes
 * longer than a moment is said on the last row, and a long record can be stopped. Whoever waits here
 * touches nothing but the terminal and `struct work`; keys that it does not take wait in the terminal.
 */
#include "loop.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { MOMENT = 150, TELL = 100 }; /* ms */

static void *work_run(void *arg)
{
	struct tui *t = arg;
	eventfd_t times;
	while (eventfd_read(t->work.go, &times) == 0 && t->work.fn) {
		t->work.fn(t, t->work.arg);
		eventfd_write(t->work.done_fd, 1);
	}
	return NULL;
}

void tui_work_start(struct tui *t)
{
	t->work.go = eventfd(0, EFD_CLOEXEC);
	t->work.done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	t->work.waits = t->work.go >= 0 && t->work.done_fd >= 0 &&
		pthread_create(&t->work.thread, NULL, work_run, t) == 0;
}

void tui_work_end(struct tui *t)
{
	t->work.fn = NULL;
	if (t->work.waits && eventfd_write(t->work.go, 1) == 0)
		pthread_join(t->work.thread, NULL);
	if (t->work.go >= 0)
		close(t->work.go);
	if (t->work.done_fd >= 0)
		close(t->work.done_fd);
}

bool tui_watch(void *tui, enum desk_step step, size_t n)
{
	struct tui *t = tui;
	if (step == DESK_BEGINS) {
		atomic_store(&t->work.done, 0);
		atomic_store(&t->work.total, n);
	}
	if (step == DESK_WRITES)
		atomic_store(&t->work.done, n);
	else
		atomic_store(&t->work.recording, step == DESK_BEGINS);
	return !atomic_load(&t->work.stop);
}

static void work_say(struct tui *t)
{
	AUTO(buf_fini) struct buf b = {0};
	struct canvas *c = &t->shown;
	size_t done = atomic_load(&t->work.done), total = atomic_load(&t->work.total);
	if (!atomic_load(&t->work.recording)) {
		buf_c(&b, " working ...");
	} else {
		buf_c(&b, atomic_load(&t->work.stop) ? " taking back: " : " Esc takes it back  recording ");
		tui_count_text(&b, done);
		if (total) {
			buf_c(&b, " of ");
			tui_count_text(&b, total);
		}
	}
	canvas_fill(c, (struct rect){c->rows - 1, 0, 1, c->cols}, ' ', ROLE_WARN);
	canvas_put(c, &(struct pen){.row = c->rows - 1, .col = 0, .width = c->cols, .role = ROLE_WARN},
		buf_str(&b));
	if (!paint_frame(&t->paint, c))
		t->gone = true;
}

/* Only while it says that Esc does something is a key taken; the others mean nothing then. */
static void work_take_keys(struct tui *t)
{
	AUTO(buf_fini) struct buf paste;
	struct key k;
	enum keys_got got;
	buf_init(&paste, PASTE_MAX);
	while ((got = keys_next(&t->term, &k, &paste)) != KEYS_NONE)
		if (got == KEYS_KEY && (k.code == KEY_CODE_ESC || k.code == 3))
			atomic_store(&t->work.stop, true);
}

/* Waits at most `left` ms for the end of the work; true when it ended. As long as no key waits, that is
 * looked at often, too: when it comes tells how fast it was struck. */
static bool work_listen(struct tui *t, int64_t left, bool ask)
{
	bool look = !pace_look(t);
	struct pollfd p[] = {{t->work.done_fd, POLLIN, 0}, {t->signals, POLLIN, 0},
		{(ask || look) && !t->gone ? t->term.fd : -1, POLLIN, 0}};
	left = look && left > PACE_SAME ? PACE_SAME : left;
	poll(p, ARRAY_LEN(p), left > 0 ? (int)left : 0);
	if (p[0].revents)
		return true;
	if (p[1].revents)
		tui_take_signals(t);
	if (ask && p[2].revents & (POLLHUP | POLLERR | POLLNVAL))
		t->gone = true;
	else if (ask && p[2].revents)
		work_take_keys(t);
	return false;
}

static void wait(struct tui *t)
{
	int64_t told = tui_ticks() + MOMENT - TELL;
	bool said = false;
	while (!work_listen(t, told + TELL - tui_ticks(), said && atomic_load(&t->work.recording))) {
		if (t->ended_by || t->gone)
			atomic_store(&t->work.stop, true);
		if (tui_ticks() < told + TELL || t->gone)
			continue;
		work_say(t);
		said = true;
		told = tui_ticks();
	}
}

void tui_work(struct tui *t, work_fn fn, void *arg)
{
	eventfd_t times;
	atomic_store(&t->work.stop, false);
	atomic_store(&t->work.recording, false);
	t->work.fn = fn;
	t->work.arg = arg;
	if (t->work.waits && eventfd_write(t->work.go, 1) == 0) {
		wait(t);
		eventfd_read(t->work.done_fd, &times);
	} else {
		fn(t, arg);
	}
	if (t->copy.n && !t->gone)
		term_write(&t->term, buf_str(&t->copy));
	buf_clear(&t->copy);
}

void tui_count_text(struct buf *b, unsigned long long n)
{
	char digits[32];
	int len = snprintf(digits, sizeof(digits), "%llu", n);
	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_char(b, ',');
		buf_char(b, digits[i]);
	}
}
