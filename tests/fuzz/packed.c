/*
 * Any bytes as something that is packed: all that comes out is read, and what is packed in it again, as
 * far as the scan would. A name never holds what a terminal would act on, and nothing is read for ever.
 */
#include "../../src/scan/packed.h"
#include "../../src/scan/wide.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libarchive asks for room for as many files as a 7z header claims, and touches none of it before it
 * finds that they are not there: what is asked for is not limited here, what is used is. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char option[] = "-malloc_limit_mb=65536", *args[64];
	int n = 0;
	for (; n < *argc && n < 62; n++)
		args[n] = (*argv)[n];
	args[n++] = option;
	*argc = n;
	*argv = args;
	return 0;
}

enum { DEEP = 4, OUT_MOST = 8 << 20 };

static struct input levels[DEEP + 1];

static void read_level(struct input *in, unsigned deep);

static void read_all(struct feed *f)
{
	do {
		if (f->end < f->pos || f->end > f->cap)
			abort();
		f->pos = f->end;
	} while (feed_more(f) == FEED_MORE);
}

static void inner(struct input *outer, struct feed *below, unsigned long long size, unsigned deep)
{
	struct input *in = &levels[deep + 1];
	input_open_inner(in, outer, below, size);
	read_level(in, deep + 1);
	input_close(in);
}

static void check_name(struct str name)
{
	AUTO(buf_fini) struct buf again = {0};
	utf8_visible(&again, name, false);
	if (!str_eq(buf_str(&again), name))
		abort();
}

static void entries(struct input *in, enum packing kind, unsigned deep)
{
	struct err err = {0};
	struct packed *p = packed_open(kind, in, &err);
	enum packed_entry e;
	if (!p) {
		if (!err.code)
			abort();
		return;
	}
	while ((e = packed_next(p)) != PACKED_END) {
		check_name(packed_name(p));
		if (e == PACKED_TEXT)
			inner(in, packed_feed(p), packed_size(p), deep);
	}
	packed_close(p);
}

static void read_level(struct input *in, unsigned deep)
{
	struct feed *f = &in->feed;
	struct wide wide;
	while (f->end < MAGIC_LOOK && feed_more(f) == FEED_MORE)
		;
	enum packing kind = deep < DEEP ? packing_of((struct str){f->buf, f->end}) : PACKING_NONE;
	magic_of((struct str){f->buf, f->end});
	if (kind == PACKING_GZIP) {
		inner(in, f, 0, deep);
	} else if (kind >= PACKING_UTF16LE) {
		wide_open(&wide, kind, f);
		inner(in, &wide.feed, 0, deep);
		wide_close(&wide);
	} else if (kind) {
		entries(in, kind, deep);
	}
	read_all(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (unsigned i = 0; i <= DEEP; i++)
		input_init(&levels[i], NULL, NULL);
	input_text(&levels[0], (struct str){(const char *)data, size});
	levels[0].made = UNPACK_FREE - OUT_MOST;
	read_level(&levels[0], 0);
	for (unsigned i = 0; i <= DEEP; i++)
		input_fini(&levels[i]);
	return 0;
}
