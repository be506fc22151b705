/*
 * scan/wide (private): text in UTF-16 or UTF-32, with and without a byte order mark, as UTF-8.
 */
#ifndef SRC_SCAN_WIDE_H
#define SRC_SCAN_WIDE_H

#include "feed.h"
#include "magic.h"

#include "s3triage/base/err.h"
#include "s3triage/base/wide.h"

struct wide {
	struct feed feed;   /* the text as UTF-8 */
	struct feed *below;
	struct wide_form form;
	bool begun;
	struct err err;     /* code ERR_NONE: it ended between two characters */
};

void wide_open(struct wide *w, enum packing kind, struct feed *below);
void wide_close(struct wide *w);

#endif
