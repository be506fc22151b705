/*
 * spool_priv: the raw records, appended and never changed: the newest in memory, older ones in a
 * file that has no name, so that a million records do not need a million records of memory.
 */
#ifndef SRC_ALERT_SPOOL_PRIV_H
#define SRC_ALERT_SPOOL_PRIV_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"

#define SPOOL_BLOCK ((size_t)1 << 20)
#define SPOOL_RESIDENT ((size_t)64) /* blocks kept in memory before the file is used */

struct spool {
	char **blocks;   /* NULL: the block is in the file, at its index times SPOOL_BLOCK */
	size_t n, cap;
	size_t first_resident; /* blocks before it are in the file */
	size_t resident_max;   /* blocks; 0 = SPOOL_RESIDENT */
	uint64_t size;   /* bytes appended */
	int fd;          /* -1: no file yet */
	bool no_file;    /* there can be none (disk full, no folder): memory is all there is */
};

void spool_init(struct spool *s);
void spool_fini(struct spool *s);

/* Appends; returns the offset to read it back from. Never fails: without room on disk it stays in
 * memory. */
uint64_t spool_add(struct spool *s, struct str bytes);
bool spool_read(const struct spool *s, uint64_t at, size_t n, struct buf *out, struct err *err);

#endif
