/*
 * scan/magic (private): what a file is by its first bytes: packed in a way that is read, or of a kind
 * that may hold events and is not read.
 */
#ifndef SRC_SCAN_MAGIC_H
#define SRC_SCAN_MAGIC_H

#include "s3triage/base/str.h"

enum packing {
	PACKING_NONE,
	PACKING_GZIP,     /* these hold one text */
	PACKING_BZIP2,
	PACKING_XZ,
	PACKING_LZMA,
	PACKING_LZIP,
	PACKING_ZSTD,
	PACKING_LZ4,
	PACKING_COMPRESS,
	PACKING_ZIP,      /* these hold files */
	PACKING_SEVENZIP,
	PACKING_TAR,
	PACKING_UTF16LE,  /* these are a text in another encoding */
	PACKING_UTF16BE,
	PACKING_UTF32LE,
	PACKING_UTF32BE,
	PACKING_COUNT,
};

#define MAGIC_LOOK 512 /* bytes that packing_of() wants to see, where there are so many */

enum packing packing_of(struct str head);
const char *packing_name(enum packing p); /* "ZIP" */

/* A kind of file that is not read. */
struct magic {
	struct str begins;
	bool events;    /* it may be full of them, so that nobody may miss that it was not read */
	const char *is; /* "is a Parquet file, ...; turn it into JSON first: ..." */
};

const struct magic *magic_of(struct str head); /* NULL: none that is known */

/* Its name says that there are events in it; what it is, its bytes say. */
bool name_promises(struct str path);

#endif
