/*
 * base/base64: RFC 4648's base64, with padding (libcrypto).
 */
#ifndef S3TRIAGE_BASE_BASE64_H
#define S3TRIAGE_BASE_BASE64_H

#include "s3triage/base/buf.h"

void base64_add(struct str bytes, struct buf *out);

/* False for anything but what base64_add() writes. */
bool base64_read(struct str text, struct buf *out);

#endif
