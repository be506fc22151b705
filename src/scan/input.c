/*
 * input: opens, reads with plain reads into the feed's window (never mapped: see the room's
 * README), polls what may block so that a stop is obeyed. Knows nothing of records.
 */
#include "input.h"

#include "gunzip.h"

#include "s3triage/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BEHIND = 16 << 10 };

void input_init(struct input *in, atomic_ullong *bytes_done, atomic_bool *stop)
{
	*in = (struct input){.fd = -1, .bytes_done = bytes_done, .stop = stop, .top = in};
}

void input_fini(struct input *in)
{
	input_close(in);
	feed_fini(&in->window);
	gunzip_free(in->gz);
	in->gz = NULL;
}

static ssize_t fill_plain(void *ctx, char *out, size_t room)
{
	struct input *in = ctx;
	if (in->part_end && in->at >= in->part_end)
		room = room < BEHIND ? room : BEHIND;
	else if (in->part_end && in->part_end - in->at < room)
		room = (size_t)(in->part_end - in->at);
	return input_read(in, out, room);
}

static bool open_fd(struct input *in, const char *path, struct err *err)
{
	struct stat st;
	input_close(in);
	in->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (in->fd < 0 || fstat(in->fd, &st) < 0)
		return err_set_errno(err, "cannot open");
	if (S_ISDIR(st.st_mode))
		return err_set(err, ERR_IO, "is a folder");
	/* A file of /proc says that it is empty, and may make one wait. */
	off_t begin = S_ISREG(st.st_mode) && st.st_size ? lseek(in->fd, 0, SEEK_CUR) : -1;
	in->regular = begin >= 0;
	in->begin = in->regular ? (unsigned long long)begin : 0;
	in->size = in->regular && st.st_size > begin ? (unsigned long long)(st.st_size - begin) : 0;
	in->changed = st.st_mtim;
	return true;
}

bool input_changed(const struct input *in)
{
	struct stat st;
	if (!in->regular || fstat(in->fd, &st) < 0)
		return false;
	unsigned long long size = (unsigned long long)st.st_size, was = in->begin + in->size;
	bool written = st.st_mtim.tv_sec != in->changed.tv_sec || st.st_mtim.tv_nsec != in->changed.tv_nsec;
	return size < was || (size == was && written);
}

static void stream(struct input *in, unsigned long long from)
{
	in->feed = in->window;
	in->window = (struct feed){0};
	feed_stream(&in->feed, from, fill_plain, in);
}

static void input_begin(struct input *in)
{
	struct feed *f = &in->feed;
	stream(in, 0);
	while (f->end < 2 && feed_more(f) == FEED_MORE)
		;
	if (f->end < 2 || memcmp(f->buf, "\x1F\x8B", 2) != 0) {
		if (in->size && in->at == in->size)
			feed_more(f); /* so that the end is known */
		return;
	}
	in->packed = true;
	if (!in->gz)
		in->gz = gunzip_new();
	gunzip_begin(in->gz, in, (struct str){f->buf, f->end});
}

bool input_open(struct input *in, const char *path, struct err *err)
{
	if (!open_fd(in, path, err))
		return err_where(err, path, 0, 0);
	input_begin(in);
	return true;
}

void input_open_inner(struct input *in, struct input *outer, struct feed *below,
	unsigned long long size)
{
	input_close(in);
	in->below = below;
	in->top = outer->top;
	in->size = size;
	input_begin(in);
}

bool input_seekable(const struct input *in)
{
	return (in->feed.base == 0 && in->feed.eof) || (in->regular && !in->packed);
}

unsigned long long input_size(const struct input *in)
{
	return in->feed.base == 0 && in->feed.eof ? in->feed.end : in->size;
}

bool input_seek(struct input *in, unsigned long long to)
{
	struct feed *f = &in->feed;
	if (to >= f->base && to <= f->base + f->end) {
		f->pos = (size_t)(to - f->base);
		return true;
	}
	if (!in->regular || in->packed)
		return false;
	f->pos = f->end = 0;
	f->base = f->lines_at = in->at = to;
	f->eof = false;
	return true;
}

void input_count_rest(struct input *in)
{
	if (in->bytes_done && in->regular && in->counted < in->size)
		atomic_fetch_add_explicit(in->bytes_done, in->size - in->counted, memory_order_relaxed);
	in->counted = in->size;
}

bool input_open_part(struct input *in, const struct input *whole, unsigned long long from,
	unsigned long long to, struct err *err)
{
	input_close(in);
	in->fd = fcntl(whole->fd, F_DUPFD_CLOEXEC, 0);
	if (in->fd < 0)
		return err_set_errno(err, "cannot open it once more");
	in->regular = true;
	in->begin = whole->begin;
	in->size = whole->size;
	in->at = from;
	in->part_end = to;
	stream(in, from);
	return true;
}

void input_text(struct input *in, struct str text)
{
	input_close(in);
	feed_memory(&in->feed, text);
}

void input_close(struct input *in)
{
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
	if (in->feed.owned && !in->window.owned)
		in->window = in->feed;
	in->feed = (struct feed){0};
	in->regular = in->failed = in->packed = in->bomb = false;
	in->begin = in->size = in->at = in->err_at = in->part_end = in->made = in->counted = 0;
	in->below = NULL;
	in->top = in;
	in->err = (struct err){0};
}
