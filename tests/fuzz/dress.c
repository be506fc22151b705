/*
 * What is around a text comes off in the same way however its bytes are cut, never adds bytes, and is gone:
 * no escape of a terminal is left of one that was taken for such.
 */
#include "../../src/scan/dress.h"

#include "s3triage/base/buf.h"
#include "s3triage/base/mem.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct source {
	struct str text;
	size_t step;
};

static ssize_t fill(void *ctx, char *out, size_t room)
{
	struct source *s = ctx;
	size_t n = s->text.n < s->step ? s->text.n : s->step;
	n = n < room ? n : room;
	memcpy(out, s->text.p, n);
	s->text = str_sub(s->text, n, s->text.n);
	return (ssize_t)n;
}

static bool undress(struct str text, size_t step, struct buf *out)
{
	struct source source = {text, step};
	struct feed below = {0};
	struct dress dress;
	feed_stream(&below, 0, fill, &source);
	while (below.end < ((size_t)64 << 10) && feed_more(&below) == FEED_MORE)
		;
	bool is = dress_open(&dress, &below, false);
	while (is && feed_more(&dress.feed) == FEED_MORE) {
		buf_add(out, (struct str){dress.feed.buf + dress.feed.pos, dress.feed.end - dress.feed.pos});
		dress.feed.pos = dress.feed.end;
	}
	if (is)
		dress_close(&dress);
	feed_fini(&below);
	return is;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { MOST = 1 << 16 };
	static const size_t steps[] = {MOST, 1, 7, 4096};
	struct str text = {(const char *)data, size};
	AUTO(buf_fini) struct buf first = {0};
	if (size > MOST || !undress(text, steps[0], &first))
		return 0;
	if (first.n > size)
		abort();
	for (size_t i = 1; i < sizeof(steps) / sizeof(*steps); i++) {
		AUTO(buf_fini) struct buf again = {0};
		if (!undress(text, steps[i], &again) || !str_eq(buf_str(&again), buf_str(&first)))
			abort();
	}
	if (memmem(data, size, "\x1B[", 2) && first.n && memchr(first.p, '\x1B', first.n))
		abort();
	return 0;
}
