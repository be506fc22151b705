/*
 * io: the app's wishes carried out, and what comes in by itself.
 */
#include "loop.h"

#include "s3triage/base/base64.h"
#include <stdio.h>
#include <time.h>

int64_t tui_ticks(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void io_stop_scan(void *ctx)
{
	struct tui *t = ctx;
	if (t->set->scan)
		scan_stop(t->set->scan);
}

/* OSC 52: also through ssh, to the clipboard of the terminal that one sits at. */
static void io_copy(void *ctx, struct str text)
{
	struct tui *t = ctx;
	AUTO(buf_fini) struct buf b = {0};
	buf_init(&b, (size_t)2 << 20);
	buf_c(&b, "\033]52;c;");
	base64_add(text, &b);
	buf_c(&b, "\a");
	buf_clear(&t->copy); /* written by the thread that has the terminal */
	buf_add(&t->copy, buf_str(&b));
}

struct app_io tui_io(struct tui *t)
{
	return (struct app_io){.ctx = t, .stop_scan = io_stop_scan, .copy = io_copy};
}

/* What waits to be sent; a conflict or a failure is said once, and stays in the log. */
void tui_take_sender(struct tui *t)
{
	AUTO(buf_fini) struct buf status = {0}, messages = {0};
	sender_take(t->set->desk->out.sender, &status, &messages);
	t->after |= app_outbox(t->app, buf_str(&status));
	for (struct str rest = buf_str(&messages); rest.n;)
		t->after |= app_log(t->app, ROLE_WARN, str_cut(&rest, '\n'));
}

void tui_take_asker(struct tui *t)
{
	AUTO(buf_fini) struct buf text = {0};
	bool known;
	if (asker_take(t->set->desk->asker, &text, &known))
		t->after |= app_log(t->app, known ? ROLE_TEXT : ROLE_WARN, buf_str(&text));
}

void tui_act_approvals(struct tui *t, void *unused)
{
	(void)unused;
	desk_act(t->set->desk);
	t->after |= app_heard(t->app);
}
