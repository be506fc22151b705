/*
 * base/hash: SHA-256 (libcrypto).
 */
#ifndef S3TRIAGE_BASE_HASH_H
#define S3TRIAGE_BASE_HASH_H

#include "s3triage/base/str.h"

#define SHA256_HEX 65 /* 64 lower-case hex digits and a NUL */

const char *sha256_hex(struct str bytes, char out[SHA256_HEX]);

#endif
