/*
 * wide: unit by unit. What is no character, as a lone surrogate, goes on as a byte that is no UTF-8, so
 * that the record in which it stands tells it.
 */
#include "wide.h"

enum { MARK = 0xFEFF, UTF8_MOST = 4 };

static bool is_high(uint32_t u)
{
	return u >= 0xD800 && u < 0xDC00;
}

static bool is_low(uint32_t u)
{
	return u >= 0xDC00 && u < 0xE000;
}

static uint32_t unit_at(const struct wide *w, size_t at)
{
	const unsigned char *p = (const unsigned char *)w->below->buf + at;
	uint32_t u = 0;
	for (unsigned i = 0; i < w->size; i++)
		u = u << 8 | p[w->big_endian ? i : w->size - 1 - i];
	return u;
}

static size_t put(char *out, uint32_t u)
{
	unsigned n = u < 0x80 ? 1 : u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
	if (u > 0x10FFFF || is_high(u) || is_low(u)) {
		out[0] = (char)0xFF;
		return 1;
	}
	for (unsigned i = n; i > 1; i--, u >>= 6)
		out[i - 1] = (char)(0x80 | (u & 0x3F));
	out[0] = (char)(lead[n] | u);
	return n;
}

/* At least so many bytes of it; false when there are no more. */
static bool there(struct wide *w, size_t n)
{
	struct feed *f = w->below;
	while (f->end - f->pos < n)
		if (feed_more(f) != FEED_MORE)
			return false;
	return true;
}

static uint32_t take(struct wide *w)
{
	uint32_t u = unit_at(w, w->below->pos);
	w->below->pos += w->size;
	if (w->size != 2 || !is_high(u) || !there(w, 2))
		return u;
	uint32_t low = unit_at(w, w->below->pos);
	if (!is_low(low))
		return u;
	w->below->pos += 2;
	return 0x10000 + ((u - 0xD800) << 10) + (low - 0xDC00);
}

static void wide_end(struct wide *w)
{
	w->feed.cut = w->below->cut;
	if (w->below->end > w->below->pos && !w->below->cut)
		err_set(&w->err, ERR_PARSE, "the UTF-%u text ends in the middle of a character", w->size * 8);
}

static ssize_t fill_wide(void *ctx, char *out, size_t room)
{
	struct wide *w = ctx;
	size_t n = 0;
	while (n + UTF8_MOST <= room) {
		if (n && w->below->end - w->below->pos < w->size)
			break; /* what is there goes out before anything is waited for */
		if (!there(w, w->size)) {
			wide_end(w);
			break;
		}
		uint32_t u = take(w);
		if (u != MARK || w->begun)
			n += put(out + n, u);
		w->begun = true;
	}
	return (ssize_t)n;
}

void wide_open(struct wide *w, enum packing kind, struct feed *below)
{
	*w = (struct wide){.below = below, .size = kind == PACKING_UTF32LE || kind == PACKING_UTF32BE ? 4 : 2,
		.big_endian = kind == PACKING_UTF16BE || kind == PACKING_UTF32BE};
	feed_stream(&w->feed, 0, fill_wide, w);
}

void wide_close(struct wide *w)
{
	feed_fini(&w->feed);
}
