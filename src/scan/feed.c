/*
 * feed: the sliding window. Owns the buffer of a stream, reused from file to file; knows neither
 * files nor JSON.
 */
#include "feed.h"

#include "s3triage/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW_FIRST = 2 * FEED_STEP, WINDOW_KEPT = 8 * FEED_STEP };

void feed_memory(struct feed *f, struct str text)
{
	*f = (struct feed){
		.buf = (char *)(uintptr_t)(text.p ? text.p : ""),
		.end = text.n,
		.cap = text.n,
		.eof = true,
		.mark = ~0ull,
	};
}

void feed_stream(struct feed *f, unsigned long long from,
	ssize_t (*fill)(void *ctx, char *out, size_t room), void *ctx)
{
	char *buf = f->owned ? f->buf : NULL;
	size_t cap = f->owned ? f->cap : 0;
	if (cap > WINDOW_KEPT) {
		free(buf);
		buf = NULL;
		cap = 0;
	}
	if (!buf) {
		cap = WINDOW_FIRST;
		buf = mem_resize(NULL, cap, 1);
	}
	*f = (struct feed){
		.buf = buf,
		.cap = cap,
		.max = ((size_t)64 << 20) + FEED_STEP,
		.step = FEED_STEP,
		.base = from,
		.lines_at = from,
		.owned = true,
		.fill = fill,
		.ctx = ctx,
		.mark = ~0ull,
	};
}

void feed_fini(struct feed *f)
{
	if (f->owned)
		free(f->buf);
	*f = (struct feed){0};
}

size_t count_newlines(const char *p, size_t n)
{
	size_t count = 0;
	const char *end = p + n;
	while ((p = memchr(p, '\n', (size_t)(end - p)))) {
		count++;
		if (++p == end)
			break;
	}
	return count;
}

static void lines_forward(struct feed *f, unsigned long long to)
{
	if (f->lines_at <= f->mark && f->mark < to) {
		f->lines += count_newlines(f->buf + (f->lines_at - f->base), f->mark - f->lines_at);
		f->lines_at = f->mark;
		f->mark_lines = f->lines;
		f->mark = ~0ull;
	}
	f->lines += count_newlines(f->buf + (f->lines_at - f->base), to - f->lines_at);
	f->lines_at = to;
}

unsigned long feed_lines(struct feed *f, unsigned long long at)
{
	at = at < f->base ? f->base : at;
	if (at >= f->lines_at)
		lines_forward(f, at);
	else
		return f->lines - count_newlines(f->buf + (at - f->base), f->lines_at - at);
	return f->lines;
}

bool feed_skip_line(struct feed *f, unsigned long long limit)
{
	while (feed_at(f) < limit) {
		const char *p = memchr(f->buf + f->pos, '\n', f->end - f->pos);
		f->pos = p ? (size_t)(p - f->buf) + 1 : f->end;
		if (p)
			return true;
		if (feed_more(f) != FEED_MORE)
			return false;
	}
	return false;
}

static void slide(struct feed *f)
{
	unsigned long long low = f->keeping ? f->keep : feed_at(f);
	size_t by = (size_t)(low - f->base);
	if (by == 0)
		return;
	if (f->lines_at < low)
		lines_forward(f, low);
	memmove(f->buf, f->buf + by, f->end - by);
	f->pos -= by;
	f->end -= by;
	f->base = low;
}

static bool make_room(struct feed *f)
{
	unsigned long long low = f->keeping ? f->keep : feed_at(f);
	size_t left = (size_t)(f->base + f->end - low);
	if (left >= f->max)
		return false;
	if (f->end >= f->step && left <= f->step / 8)
		slide(f);
	if (f->cap - f->end >= f->step)
		return true;
	slide(f);
	if (f->cap - f->end >= f->step)
		return true;
	f->cap *= 2;
	f->buf = mem_resize(f->buf, f->cap, 1);
	return true;
}

enum feed_more feed_more(struct feed *f)
{
	if (f->eof)
		return FEED_END;
	if (!make_room(f))
		return FEED_FULL;
	ssize_t n = f->fill(f->ctx, f->buf + f->end, f->step);
	if (n <= 0) {
		f->eof = true;
		return FEED_END;
	}
	f->end += (size_t)n;
	return FEED_MORE;
}
