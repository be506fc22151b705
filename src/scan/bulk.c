/*
 * bulk: what holds no needle is counted and passed over without a walk: lines far into a large
 * text, records of a log file in memory. Only where they end is looked at.
 */
#include "bulk.h"

#include "record_ends.h"

#include <string.h>

/* No needle begins before the answer, which is at most `limit`. */
static unsigned long long clear_up_to(struct walker *w, unsigned long long limit)
{
	struct feed *f = w->f;
	unsigned long long from = w->clear_to > feed_at(f) ? w->clear_to : feed_at(f);
	if (from < limit) {
		size_t n = needles_find(w->sink->needles, f->buf + (from - f->base),
			(size_t)(limit - from));
		w->clear_to = n == STR_NONE ? limit : from + n;
	}
	return w->clear_to < limit ? w->clear_to : limit;
}

bool bulk_records(struct walker *w)
{
	enum { WORTH = 4 << 10 };
	struct feed *f = w->f;
	if (!w->whole)
		return false;
	size_t clear = (size_t)(clear_up_to(w, f->base + f->end) - feed_at(f));
	if (clear < WORTH)
		return false;
	struct passed p = record_ends_pass((struct str){f->buf + f->pos, f->end - f->pos}, clear);
	f->pos += p.bytes;
	w->sink->passed(w->sink->ctx, p.records);
	return p.records > 0;
}

/* The last line passed is counted only when the one behind it begins as a value does: else that
 * value goes on there, and is walked from its beginning, as are those behind it until one is a line
 * again. */
static void bulk_settle(struct walker *w)
{
	struct feed *f = w->f;
	bool goes_on = f->pos < f->end && !memchr("{[ \t\r\n\xEF", f->buf[f->pos], 7);
	if (goes_on)
		w->lines = false;
	if (goes_on && w->passed_one)
		f->pos = (size_t)(f->keep - f->base);
	else
		w->sink->passed(w->sink->ctx, w->passed_one);
	w->passed_one = f->keeping = false;
}

/* Passes lines over up to `limit`, as long as each is one object by its first and last byte.
 * True when it came to the limit. */
static bool bulk_pass(struct walker *w, unsigned long long limit)
{
	struct feed *f = w->f;
	size_t end = (size_t)(limit - f->base), records = 0, lines = 0;
	feed_lines(f, feed_at(f));
	bool counting = f->lines_at == feed_at(f);
	while (f->pos < end) {
		const char *p = f->buf + f->pos;
		const char *q = memchr(p, '\n', end - f->pos);
		if (!q)
			break;
		size_t n = (size_t)(q - p);
		f->pos += n + 1;
		if (n && p[n - 1] == '\r')
			n--;
		if (n && (p[n - 1] != '}' || !heads_know(&w->heads, (struct str){p, n}))) {
			f->pos = (size_t)(p - f->buf);
			break;
		}
		lines++;
		if (!n)
			continue;
		records += w->passed_one;
		w->passed_one = f->keeping = true;
		f->keep = f->base + (size_t)(p - f->buf);
	}
	if (counting && feed_at(f) <= f->mark) {
		f->lines += lines;
		f->lines_at = feed_at(f);
	}
	w->sink->passed(w->sink->ctx, records);
	return f->pos == end;
}

/* Behind the last whole line that may be passed over; 0 when the window holds none. */
static unsigned long long bulk_limit(const struct walker *w)
{
	const struct feed *f = w->f;
	size_t end = f->end;
	if (w->sink->until && f->base + end > w->sink->until + 1)
		end = w->sink->until + 1 > f->base ? (size_t)(w->sink->until + 1 - f->base) : 0;
	const char *last = end > f->pos ? memrchr(f->buf + f->pos, '\n', end - f->pos) : NULL;
	return last ? f->base + (size_t)(last + 1 - f->buf) : 0;
}

/* A shorter limit where lines are, so that they are still in the nearest cache when counted. */
static unsigned long long near_limit(const struct walker *w, unsigned long long limit)
{
	enum { NEAR = 32 << 10 };
	const struct feed *f = w->f;
	if (limit - feed_at(f) <= NEAR)
		return limit;
	const char *last = memrchr(f->buf + f->pos, '\n', NEAR);
	return last ? f->base + (size_t)(last + 1 - f->buf) : limit;
}

static void bulk_windows(struct walker *w)
{
	struct feed *f = w->f;
	for (;;) {
		unsigned long long limit = bulk_limit(w);
		bool behind = w->sink->until && f->base + f->end > w->sink->until + 1;
		if (!limit && (behind || f->end - f->pos >= 4 * FEED_STEP || !skip_more(w)))
			return;
		if (!limit)
			continue;
		limit = near_limit(w, limit);
		unsigned long long clear = clear_up_to(w, limit);
		if (!bulk_pass(w, clear) || clear < limit)
			return;
	}
}

void bulk_lines(struct walker *w)
{
	bulk_windows(w);
	if (w->f->pos == w->f->end)
		skip_more(w); /* the byte that tells whether the last line was whole */
	bulk_settle(w);
}

bool bulk_log_file(struct walker *w)
{
	struct feed *f = w->f;
	struct str text = str_trim((struct str){f->buf + f->pos, f->end - f->pos});
	struct str head = STR("{\"Records\":[");
	if (!f->eof || !w->sink->needles || !str_starts(text, STR("{\"Records\":[{\"eventVersion\":\"1")) ||
		!str_ends(text, STR("}]}")))
		return false;
	if (needles_find(w->sink->needles, text.p, text.n) != STR_NONE) {
		w->whole = record_ends_whole(str_sub(text, head.n, text.n));
		return false;
	}
	struct needles begin;
	needles_one(&begin, STR("{\"eventVersion\""));
	size_t records = 0;
	for (size_t at = 0, n; at < text.n; at += n + 1) {
		n = needles_find(&begin, text.p + at, text.n - at);
		if (n == STR_NONE)
			break;
		records += strchr("[,", text.p[at + n - 1]) != NULL;
	}
	w->sink->passed(w->sink->ctx, records);
	f->pos = f->end;
	return true;
}
