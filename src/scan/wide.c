/*
 * wide: character by character. What is no character goes on as a byte that is no UTF-8, so that the record
 * in which it stands tells it.
 */
#include "wide.h"

enum { UTF8_MOST = 4 };

/* The next character; false when there are no more. */
static bool next_wide(struct wide *w, char out[UTF8_MOST], size_t *n)
{
	struct feed *f = w->below;
	bool last = false;
	for (;;) {
		size_t used = wide_take((struct str){f->buf + f->pos, f->end - f->pos}, w->form, last, out, n);
		f->pos += used;
		if (used || last)
			return used > 0;
		last = feed_more(f) != FEED_MORE;
	}
}

static void wide_end(struct wide *w)
{
	w->feed.cut = w->below->cut;
	if (w->below->end > w->below->pos && !w->below->cut)
		err_set(&w->err, ERR_PARSE, "the UTF-%u text ends in the middle of a character", w->form.size * 8);
}

static ssize_t fill_wide(void *ctx, char *out, size_t room)
{
	struct wide *w = ctx;
	size_t n = 0, more;
	while (n + UTF8_MOST <= room) {
		if (n && w->below->end - w->below->pos < w->form.size)
			break; /* what is there goes out before anything is waited for */
		if (!next_wide(w, out + n, &more)) {
			wide_end(w);
			break;
		}
		if (w->begun || !str_starts((struct str){out + n, more}, STR("\xEF\xBB\xBF")))
			n += more;
		w->begun = true;
	}
	return (ssize_t)n;
}

void wide_open(struct wide *w, enum packing kind, struct feed *below)
{
	*w = (struct wide){.below = below, .form = {kind == PACKING_UTF32LE || kind == PACKING_UTF32BE ? 4 : 2,
		kind == PACKING_UTF16BE || kind == PACKING_UTF32BE}};
	feed_stream(&w->feed, 0, fill_wide, w);
}

void wide_close(struct wide *w)
{
	feed_fini(&w->feed);
}
