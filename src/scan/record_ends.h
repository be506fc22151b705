/*
 * scan/record_ends (private): passing over whole records of a log file by quotes and braces alone.
 */
#ifndef SRC_SCAN_RECORD_ENDS_H
#define SRC_SCAN_RECORD_ENDS_H

#include "s3triage/base/str.h"

struct passed {
	size_t records;
	size_t bytes;  /* of them */
	size_t looked; /* at so many bytes */
};

/* The text begins with a record. The whole records that end before `limit`, each followed by a
 * comma and the beginning of the next one; none where there is no fast way. */
struct passed record_ends_pass(struct str text, size_t limit);

/* The text is records alone, from the first one's brace to the last one's, and behind it only what
 * closes the array and the file: no damage that changes where records end. False where there is
 * no fast way. */
bool record_ends_whole(struct str text);

#endif
