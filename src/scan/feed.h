/*
 * scan/feed (private): a window on a text that arrives piece by piece. Offsets are absolute, in
 * the decompressed text; the window slides and grows behind them.
 */
#ifndef SRC_SCAN_FEED_H
#define SRC_SCAN_FEED_H

#include "s3triage/base/str.h"

#include <sys/types.h>

#define FEED_STEP ((size_t)128 << 10) /* most bytes asked for at once */

enum feed_more { FEED_MORE, FEED_END, FEED_FULL };

struct feed {
	char *buf;
	size_t pos, end, cap;
	size_t max;             /* largest window; FEED_FULL beyond it */
	size_t step;            /* most bytes a fill asks for */
	unsigned long long base; /* offset of buf[0] */
	unsigned long long keep; /* offset from which on bytes stay; only while `keeping` */
	bool keeping;
	bool eof;               /* nothing follows buf[end] */
	bool owned;             /* buf is ours: it may move and grow */
	bool cut;               /* the input failed; that was reported by whoever fills */
	ssize_t (*fill)(void *ctx, char *out, size_t room); /* 0 at the end */
	void *ctx;
	unsigned long lines;    /* newlines in [origin, lines_at) */
	unsigned long long lines_at;
	unsigned long long mark; /* when lines_at passes it, mark_lines is set */
	unsigned long mark_lines;
};

/* A window over memory that somebody else owns. */
void feed_memory(struct feed *f, struct str text);

/* A window that `fill` fills, starting at offset `from`; reuses the buffer of an earlier use of
 * the same feed (zeroed at first). */
void feed_stream(struct feed *f, unsigned long long from,
	ssize_t (*fill)(void *ctx, char *out, size_t room), void *ctx);

void feed_fini(struct feed *f);

/* At least one more byte behind buf[end]; bytes before `keep` (or pos) may be dropped. */
enum feed_more feed_more(struct feed *f);

static inline unsigned long long feed_at(const struct feed *f)
{
	return f->base + f->pos;
}

/* Newlines between the origin of the feed and an offset inside the window; before it: as far as
 * the window's beginning. */
unsigned long feed_lines(struct feed *f, unsigned long long at);

/* Behind the next newline, if it lies before `limit`. */
bool feed_skip_line(struct feed *f, unsigned long long limit);

size_t count_newlines(const char *p, size_t n);

#endif
