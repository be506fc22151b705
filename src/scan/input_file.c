/*
 * input_file: bytes of a file, a pipe or a terminal, waiting so that a stop is obeyed.
 */
#include "input.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { POLL_MS = 50 };

static bool stopping(const struct input *in)
{
	return in->stop && atomic_load_explicit(in->stop, memory_order_relaxed);
}

/* Waits until a pipe, terminal or socket has something. False when asked to stop. */
static bool wait_readable(struct input *in)
{
	struct pollfd p = {.fd = in->fd, .events = POLLIN};
	for (unsigned waits = 1; !stopping(in); waits++) {
		int n = poll(&p, 1, POLL_MS);
		if (n > 0 || (n < 0 && errno != EINTR))
			return true;
		if (n == 0 && in->idle)
			in->idle(in->idle_ctx, waits);
	}
	return false;
}

/* Standard input may be shared with whoever reads on: its own offset is left alone. */
static ssize_t read_some(struct input *in, char *out, size_t room)
{
	for (;;) {
		if (!in->regular && !wait_readable(in))
			return 0;
		ssize_t n = in->regular ? pread(in->fd, out, room, (off_t)(in->begin + in->at))
					: read(in->fd, out, room);
		if (n >= 0 || (errno != EINTR && errno != EAGAIN))
			return n;
	}
}

/* What another feed has; it says itself why it ends early. */
static ssize_t read_below(struct input *in, char *out, size_t room)
{
	struct feed *f = in->below;
	if (f->pos == f->end && feed_more(f) != FEED_MORE) {
		in->failed = in->feed.cut = f->cut;
		return 0;
	}
	size_t n = f->end - f->pos < room ? f->end - f->pos : room;
	memcpy(out, f->buf + f->pos, n);
	f->pos += n;
	return (ssize_t)n;
}

/* What is read again, as the end of a ZIP archive is, counts once. */
static void count_bytes(struct input *in, size_t n)
{
	if (in->regular && !in->part_end && n > in->size - in->counted)
		n = (size_t)(in->size - in->counted);
	in->counted += n;
	if (in->bytes_done)
		atomic_fetch_add_explicit(in->bytes_done, n, memory_order_relaxed);
}

ssize_t input_read(struct input *in, char *out, size_t room)
{
	ssize_t n = in->below ? read_below(in, out, room) : read_some(in, out, room);
	if (n < 0) {
		in->failed = true;
		in->feed.cut = true;
		err_set_errno(&in->err, "cannot read on");
		in->err_at = in->at;
		return -1;
	}
	in->at += (size_t)n;
	count_bytes(in, (size_t)n);
	return n;
}

bool input_may_unpack(struct input *in, size_t n)
{
	struct input *top = in->top;
	unsigned long long packed = top->regular ? top->size : top->at;
	top->made += n;
	if (top->made <= UNPACK_FREE + UNPACK_TIMES * packed)
		return true;
	in->failed = in->feed.cut = true;
	if (!top->bomb) /* told once, by the name of what it was in */
		err_set(&in->err, ERR_LIMIT, "is or holds a bomb: more than 1 GiB and %d times the size of the "
			"file came out of it (%llu bytes), and the rest was not read", UNPACK_TIMES, top->made);
	top->bomb = true;
	return false;
}
