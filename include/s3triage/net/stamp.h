/*
 * net/stamp: time stamps by an authority (RFC 3161): that some bytes were there at a time, by
 * another's word. libcrypto makes and checks them.
 */
#ifndef S3TRIAGE_NET_STAMP_H
#define S3TRIAGE_NET_STAMP_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"

/* Asks the authority at `url` (http:// will do: the answer is signed) for a stamp of the bytes.
 * Appends its answer, which fits them. Blocks. */
bool stamp_ask(const char *url, struct str bytes, struct buf *out, struct err *err);

/* Whether the answer is a stamp of the bytes by an authority of the CA file (PEM), at its own time;
 * *at = that time, ms. */
bool stamp_check(struct str answer, struct str bytes, const char *ca_file, int64_t *at,
	struct err *err);

#endif
