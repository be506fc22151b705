/*
 * tui: the loop. One wait for keys, signals, the scan and the journal; then all that came is taken
 * in, and then, if something changed, one frame is drawn. Idle, it sleeps.
 */
#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#define FRAME 16 /* ms */

static void draw_app(struct tui *t, void *arg)
{
	(void)arg;
	app_draw(t->app, &t->canvas);
}

static void draw(struct tui *t)
{
	int rows, cols;
	term_size(&t->term, &rows, &cols);
	if (rows != t->canvas.rows || cols != t->canvas.cols) {
		canvas_fini(&t->canvas);
		canvas_init(&t->canvas, rows, cols);
	}
	app_resize(t->app, rows, cols);
	tui_work(t, draw_app, NULL);
	struct canvas last = t->shown;
	t->shown = t->canvas;
	t->canvas = last;
	if (t->gone || !paint_frame(&t->paint, &t->shown))
		t->gone = true;
	t->drawn = tui_ticks();
	if (app_question(t->app) != t->question) {
		t->question = app_question(t->app);
		t->question_at = t->drawn;
	}
	t->after &= ~(unsigned)APP_DRAW;
	if (app_unfinished(t->app))
		t->after |= APP_DRAW;
}

static void suspend(struct tui *t)
{
	term_leave(&t->term);
	signals_stop_self();
	term_enter(&t->term);
	tcflush(t->term.fd, TCIFLUSH); /* that was typed for something else */
	t->no_key = tui_ticks();
	paint_forget(&t->paint);
	t->paint.cursor_shown = false;
	t->after |= APP_DRAW;
}

/* How long to wait: until the next frame is due, the next word on progress, or for ever. */
static int tui_patience(const struct tui *t)
{
	int64_t now = tui_ticks();
	if (t->after & APP_DRAW)
		return t->drawn + FRAME > now ? (int)(t->drawn + FRAME - now) : 0;
	int ms = pace_patience(t);
	bool reads = t->again.reading || count_fd(t) >= 0 || (t->scanning && !t->following);
	return ms >= 0 && ms < 100 ? ms : reads ? 100 : t->following ? 1000 : ms;
}

static void wait_and_take(struct tui *t)
{
	struct pollfd p[] = {{t->term.fd, POLLIN, 0}, {t->signals, POLLIN, 0}, {t->wake.timer, POLLIN, 0},
		{t->scanning ? scan_fd(t->set->scan) : -1, POLLIN, 0},
		{t->set->desk->out.sender ? sender_fd(t->set->desk->out.sender) : -1, POLLIN, 0},
		{t->set->desk->asker ? asker_fd(t->set->desk->asker) : -1, POLLIN, 0},
		{t->wake.folder, POLLIN, 0}, {t->again.reading ? scan_fd(t->again.scan) : -1, POLLIN, 0},
		{count_fd(t), POLLIN, 0}};
	pace_look(t);
	if (poll(p, ARRAY_LEN(p), tui_patience(t)) < 0 && errno != EINTR) {
		t->gone = true;
		return;
	}
	tui_take_signals(t);
	t->after |= t->heard;
	t->heard = 0;
	if (p[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		t->gone = true;
	else if (p[0].revents)
		tui_take_keys(t);
	if (p[6].revents)
		wake_changed(t);
	if (p[2].revents)
		wake_take(t);
	if (p[4].revents)
		tui_take_sender(t);
	if (p[5].revents)
		tui_take_asker(t);
	again_take(t);
	count_take(t);
	if (t->scanning)
		feed_take(t);
	if (t->scanning)
		feed_status(t, false);
}

static void tui_act(struct tui *t)
{
	if (t->after & APP_SUSPEND)
		suspend(t);
	if (t->after & APP_REPAINT) {
		paint_forget(&t->paint);
		t->after |= APP_DRAW;
	}
	t->after &= ~(unsigned)(APP_SUSPEND | APP_REPAINT);
	if (t->after & APP_DRAW && tui_ticks() >= t->drawn + FRAME)
		draw(t);
}

static void tui_loop(struct tui *t)
{
	draw(t);
	t->no_key = tui_ticks();
	while (!(t->after & APP_QUIT) && !t->ended_by && !t->gone) {
		wait_and_take(t);
		tui_act(t);
	}
	if (t->after & APP_INTERRUPT)
		t->ended_by = SIGINT;
	if (t->gone && !t->ended_by)
		t->ended_by = SIGHUP;
}

/* What libraries say on stderr would spoil the screen: it is kept and told afterwards. */
static int hush(int *kept)
{
	int memory = isatty(STDERR_FILENO) ? memfd_create("stderr", MFD_CLOEXEC) : -1;
	*kept = -1;
	if (memory < 0)
		return -1;
	*kept = dup(STDERR_FILENO);
	dup2(memory, STDERR_FILENO);
	return memory;
}

static void unhush(int memory, int kept)
{
	char text[4096];
	ssize_t n;
	if (memory < 0)
		return;
	dup2(kept, STDERR_FILENO);
	close(kept);
	lseek(memory, 0, SEEK_SET);
	while ((n = read(memory, text, sizeof(text))) > 0)
		if (write(STDERR_FILENO, text, (size_t)n) < 0)
			break;
	close(memory);
}

static void tui_start(struct tui *t)
{
	const struct tui_setup *s = t->set;
	t->signals = signals_open();
	wake_start(t);
	paint_init(&t->paint, &t->term, s->theme);
	canvas_init(&t->canvas, 1, 1);
	canvas_init(&t->shown, 1, 1);
	tui_work_start(t);
	desk_watch(s->desk, tui_watch, t);
	t->scanning = s->scan != NULL;
	t->started = tui_ticks();
	struct app_setup setup = {.desk = s->desk, .config = s->config, .source = s->source,
		.banner = s->banner, .filter = s->filter, .sort = s->sort,
		.ascii = s->ascii || !t->term.utf8, .io = tui_io(t)};
	setup.io.ask_story = again_begin;
	setup.io.count_deeds = count_begin;
	setup.io.deeds_of = count_of;
	setup.io.read_event = count_read_event;
	t->app = app_new(&setup);
	desk_look(s->desk);
	t->after |= app_heard(t->app);
	feed_status(t, true);
}

static void tui_finish(struct tui *t)
{
	tui_work_end(t);
	app_free(t->app);
	again_end(t);
	count_end(t);
	canvas_fini(&t->canvas);
	canvas_fini(&t->shown);
	buf_fini(&t->copy);
	desk_watch(t->set->desk, NULL, NULL);
	paint_fini(&t->paint);
	term_close(&t->term);
	signals_close(t->signals);
	wake_end(t);
}

bool tui_run(const struct tui_setup *setup, struct tui_end *end, struct err *err)
{
	struct tui t = {.set = setup};
	int kept;
	*end = (struct tui_end){0};
	if (!term_open(&t.term, setup->env, config_synchronized(setup->config), err))
		return false;
	int memory = hush(&kept);
	tui_start(&t);
	tui_loop(&t);
	if (!t.ended_by)
		desk_walk(setup->desk, -1); /* the exit code is about all of it */
	tui_finish(&t);
	unhush(memory, kept);
	*end = (struct tui_end){t.ended_by};
	return true;
}
