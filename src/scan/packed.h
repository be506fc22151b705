/*
 * scan/packed (private): what another program packed, by libarchive: the one text of bzip2, xz, zstd,
 * lz4, or the files of a ZIP, 7z or tar archive, one after the other. Nothing is ever written.
 */
#ifndef SRC_SCAN_PACKED_H
#define SRC_SCAN_PACKED_H

#include "input.h"
#include "magic.h"

#include "s3triage/base/buf.h"

struct packed;

/* Reads `in` from where its feed stands; borrowed until packed_close(). NULL and err when there is no
 * beginning. */
struct packed *packed_open(enum packing kind, struct input *in, struct err *err);
void packed_close(struct packed *p);

enum packed_entry {
	PACKED_END,       /* no more, or no more that can be read: see packed_err() */
	PACKED_TEXT,      /* read packed_feed() */
	PACKED_ENCRYPTED,
	PACKED_SPECIAL,   /* a link or a device */
	PACKED_HIDDEN,    /* its name or that of a folder begins with a dot */
};

/* The next one that is no folder. */
enum packed_entry packed_next(struct packed *p);

/* Its name, fit to be shown, within the archive; empty for the one text of what holds no files. */
struct str packed_name(const struct packed *p);
unsigned long long packed_size(const struct packed *p); /* as it says; 0: it does not */
unsigned long long packed_count(const struct packed *p); /* entries so far */
struct feed *packed_feed(struct packed *p);

/* Why the entry at hand, or behind PACKED_END the archive, could not be read to its end; code ERR_NONE
 * when it could. */
const struct err *packed_err(const struct packed *p);

#endif
