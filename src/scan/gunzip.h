/*
 * scan/gunzip (private): gzip members, any number of them. Small files are unpacked whole
 * (libdeflate), large and damaged ones as a stream (zlib), so that what lies before a cut is kept.
 */
#ifndef SRC_SCAN_GUNZIP_H
#define SRC_SCAN_GUNZIP_H

#include "input.h"

struct gunzip *gunzip_new(void);
void gunzip_free(struct gunzip *g);

/* Begins a file whose first packed bytes are `head`; sets in->feed. */
void gunzip_begin(struct gunzip *g, struct input *in, struct str head);

#endif
