/*
 * scan/input (private): the bytes of one file, standard input, a piece of memory or of another feed,
 * plain or gzip, as a feed. One per worker and depth of packing; its buffers are reused from file to
 * file.
 */
#ifndef SRC_SCAN_INPUT_H
#define SRC_SCAN_INPUT_H

#include "feed.h"

#include "s3triage/base/err.h"

#include <stdatomic.h>
#include <time.h>

struct gunzip;

/* What all that is packed in one file on the disk may unpack to: past the first bytes so many times
 * its size. Logs of events shrink to a tenth, rarely to a fiftieth; more is a bomb. */
#define UNPACK_FREE ((unsigned long long)1 << 30)
#define UNPACK_TIMES 200

struct input {
	struct feed feed;             /* what is read from */
	struct feed window;           /* the buffer of streams */
	struct feed *below;           /* the bytes come out of it, and not from fd */
	struct input *top;            /* of the file on the disk; this one, when it is that */
	unsigned long long made;      /* of the top: bytes unpacked, on all depths together */
	bool bomb;                    /* of the top: that was too much */
	unsigned long long counted;   /* in bytes_done */
	int fd;
	bool regular;                 /* bytes can be read anywhere in it, and never are waited for */
	unsigned long long begin;     /* where in the file reading began: standard input may be used */
	unsigned long long size;      /* from there on, when it was opened; 0 when it is no file */
	struct timespec changed;      /* when it last was, then */
	unsigned long long at;        /* bytes read of it */
	unsigned long long part_end;  /* of a part: behind it small reads do */
	bool packed;                  /* it is gzip */
	bool failed;
	struct err err;               /* why the input ends early; code ERR_NONE: it does not */
	unsigned long long err_at;    /* where, in the bytes of the file */
	atomic_ullong *bytes_done;    /* counted up; may be NULL */
	atomic_bool *stop;            /* may be NULL */
	void (*idle)(void *ctx, unsigned waits); /* called while nothing comes; may be NULL */
	void *idle_ctx;
	struct gunzip *gz;            /* made when the first gzip file comes */
};

void input_init(struct input *in, atomic_ullong *bytes_done, atomic_bool *stop);
void input_fini(struct input *in);

/* Opens a path ("-" is standard input) and reads its first bytes; the text is in->feed. A gzip
 * file is told by its first two bytes. False and err when it cannot be read at all. */
bool input_open(struct input *in, const char *path, struct err *err);

/* The same for the bytes [from, to) of a plain file that `whole` has open, and as many more as are
 * asked for. The descriptor is another one, so that either may be closed. */
bool input_open_part(struct input *in, const struct input *whole, unsigned long long from,
	unsigned long long to, struct err *err);

/* A file that became shorter, or was written to without growing, since it was opened. What grows
 * is read as far as it goes. */
bool input_changed(const struct input *in);

void input_text(struct input *in, struct str text);

/* What comes out of `below`, which `outer` owns or unpacks; size: how much it says it is, 0 when it
 * does not. */
void input_open_inner(struct input *in, struct input *outer, struct feed *below,
	unsigned long long size);

/* The feed goes on at that byte, where that can be done. */
bool input_seek(struct input *in, unsigned long long to);
bool input_seekable(const struct input *in);
unsigned long long input_size(const struct input *in); /* of what is seekable */

/* Another n bytes were unpacked; false, and in->err is set, when that is too much. */
bool input_may_unpack(struct input *in, size_t n);

/* The whole file counts as read, also what was not looked at. */
void input_count_rest(struct input *in);
void input_close(struct input *in);

/* Raw bytes, for gunzip: up to room, fewer only at the end; 0 at the end, -1 failed. */
ssize_t input_read(struct input *in, char *out, size_t room);

#endif
