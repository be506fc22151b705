/*
 * gunzip: owns the packed bytes, the unpacked buffer of whole files and the zlib stream. A file
 * that libdeflate refuses is read again by zlib, which tells how far it is good.
 */
#include "gunzip.h"

#include "s3triage/base/mem.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
	PACKED_STEP = 256 << 10,
	WHOLE_PACKED = 16 << 20, /* larger files are streamed */
	WHOLE_MOST = 128 << 20,  /* of unpacked bytes */
	WHOLE_KEPT = 32 << 20,
	MEMBER_LEAST = 18,
};

struct gunzip {
	struct libdeflate_decompressor *whole;
	char *out;
	size_t out_cap;
	char *in;
	size_t in_cap, in_n;
	bool in_end; /* in[] holds the file's last byte */
	z_stream z;
	bool z_open;
	bool fresh;  /* between members */
	struct input *input;
};

struct gunzip *gunzip_new(void)
{
	struct gunzip *g = mem_alloc(sizeof(*g));
	g->whole = libdeflate_alloc_decompressor();
	return g;
}

void gunzip_free(struct gunzip *g)
{
	if (!g)
		return;
	libdeflate_free_decompressor(g->whole);
	if (g->z_open)
		inflateEnd(&g->z);
	free(g->out);
	free(g->in);
	free(g);
}

static void reserve_in(struct gunzip *g, size_t n)
{
	if (g->in_cap >= n)
		return;
	g->in = mem_resize(g->in, n, 1);
	g->in_cap = n;
}

static void reserve_out(struct gunzip *g, size_t n)
{
	if (g->out_cap >= n)
		return;
	free(g->out);
	g->out = mem_resize(NULL, n, 1);
	g->out_cap = n;
}

/* Reads the rest of a small file behind its head. */
static void read_rest(struct gunzip *g, struct input *in)
{
	while (!g->in_end) {
		ssize_t n = g->in_n < g->in_cap ? input_read(in, g->in + g->in_n, g->in_cap - g->in_n) : 0;
		if (n <= 0) {
			g->in_end = true;
			break;
		}
		g->in_n += (size_t)n;
	}
}

static bool magic(const char *p, size_t n)
{
	return n >= 2 && memcmp(p, "\x1F\x8B", 2) == 0;
}

/* Unpacks every member into out. False when that cannot be done in one go. */
static bool unpack_whole(struct gunzip *g, size_t *out_n)
{
	size_t at = 0, n = 0;
	while (at < g->in_n) {
		size_t used, made;
		if (!magic(g->in + at, g->in_n - at))
			return false;
		enum libdeflate_result r = libdeflate_gzip_decompress_ex(g->whole, g->in + at,
			g->in_n - at, g->out + n, g->out_cap - n, &used, &made);
		if (r == LIBDEFLATE_INSUFFICIENT_SPACE && g->out_cap < WHOLE_MOST) {
			reserve_out(g, g->out_cap * 2);
			at = n = 0;
			continue;
		}
		if (r != LIBDEFLATE_SUCCESS)
			return false;
		at += used;
		n += made;
	}
	*out_n = n;
	return true;
}

/* The size that the last member claims, within reason. */
static size_t claimed(const struct gunzip *g)
{
	const unsigned char *p = (const unsigned char *)g->in + g->in_n - 4;
	size_t n = p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
	return n < ((size_t)1 << 20) ? (size_t)1 << 20 : n > WHOLE_MOST ? WHOLE_MOST : n;
}

static void gunzip_cut(struct gunzip *g, const char *why)
{
	struct input *in = g->input;
	bool told = in->failed; /* what it comes out of ended early */
	in->failed = true;
	in->feed.cut = true;
	if (!told && !in->err.code) {
		in->err_at = in->at - g->z.avail_in;
		err_set(&in->err, ERR_PARSE, "%s at byte %llu of the packed file; what lies before it was read",
			why, in->err_at);
	}
}

/* Packed bytes for zlib; false at the end. */
static bool more_packed(struct gunzip *g)
{
	if (g->z.avail_in)
		return true;
	if (g->in_end)
		return false;
	ssize_t n = input_read(g->input, g->in, PACKED_STEP);
	if (n <= 0) {
		g->in_end = true;
		return false;
	}
	g->z.next_in = (unsigned char *)g->in;
	g->z.avail_in = (unsigned)n;
	return true;
}

/* Between members: the next one begins, or the file ends, perhaps after padding of zero bytes. */
static bool next_member(struct gunzip *g)
{
	while (more_packed(g) && g->z.next_in[0] == 0) {
		g->z.next_in++;
		g->z.avail_in--;
	}
	if (!g->z.avail_in)
		return false;
	if (g->z.next_in[0] != 0x1F) {
		gunzip_cut(g, "bytes that are no gzip follow");
		return false;
	}
	inflateReset(&g->z);
	g->fresh = false;
	return true;
}

static ssize_t unpack_some(struct gunzip *g, char *out, size_t room)
{
	g->z.next_out = (unsigned char *)out;
	g->z.avail_out = (unsigned)room;
	while (g->z.avail_out == room) {
		if (g->fresh && !next_member(g))
			return 0;
		if (!more_packed(g)) {
			gunzip_cut(g, "the gzip data ends early,");
			return 0;
		}
		int r = inflate(&g->z, Z_NO_FLUSH);
		if (r == Z_STREAM_END) {
			g->fresh = true;
		} else if (r != Z_OK && r != Z_BUF_ERROR) {
			gunzip_cut(g, "the gzip data is damaged");
			size_t made = room - g->z.avail_out;
			g->in_end = g->fresh = true;
			g->z.avail_in = 0;
			return (ssize_t)made;
		}
	}
	return (ssize_t)(room - g->z.avail_out);
}

static ssize_t fill_gunzip(void *ctx, char *out, size_t room)
{
	struct gunzip *g = ctx;
	ssize_t n = unpack_some(g, out, room);
	return n > 0 && !input_may_unpack(g->input, (size_t)n) ? 0 : n;
}

static void begin_stream(struct gunzip *g, struct input *in)
{
	if (!g->z_open)
		g->z_open = inflateInit2(&g->z, 16 + MAX_WBITS) == Z_OK;
	else
		inflateReset2(&g->z, 16 + MAX_WBITS);
	g->z.next_in = (unsigned char *)g->in;
	g->z.avail_in = (unsigned)g->in_n;
	g->fresh = false;
	feed_stream(&in->feed, 0, fill_gunzip, g);
}

void gunzip_begin(struct gunzip *g, struct input *in, struct str head)
{
	bool small = in->regular ? in->size <= WHOLE_PACKED : in->size && in->size <= WHOLE_PACKED;
	size_t out_n, need = small && in->size > head.n ? (size_t)in->size : head.n;
	reserve_in(g, need > PACKED_STEP ? need : PACKED_STEP);
	memcpy(g->in, head.p, head.n);
	g->in_n = head.n;
	g->in_end = false;
	g->input = in;
	if (small)
		read_rest(g, in);
	if (small && g->in_n >= MEMBER_LEAST) {
		if (g->out_cap > WHOLE_KEPT) {
			free(g->out);
			g->out = NULL;
			g->out_cap = 0;
		}
		reserve_out(g, claimed(g));
		if (unpack_whole(g, &out_n)) {
			in->window = in->feed;
			feed_memory(&in->feed, (struct str){g->out, out_n});
			input_may_unpack(in, out_n);
			return;
		}
	}
	begin_stream(g, in);
}
