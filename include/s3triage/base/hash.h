/*
 * base/hash: SHA-256, and UUIDs made from names (libcrypto).
 */
#ifndef S3TRIAGE_BASE_HASH_H
#define S3TRIAGE_BASE_HASH_H

#include "s3triage/base/str.h"

#define SHA256_HEX 65 /* 64 lower-case hex digits and a NUL */

void sha256_bytes(struct str bytes, unsigned char out[32]);
const char *sha256_hex(struct str bytes, char out[SHA256_HEX]);

#define UUID_TEXT 37 /* 36 characters and a NUL */

/* RFC 4122, version 5: the same name in the same name space gives the same UUID. `space` is a UUID
 * as text. */
const char *uuid_named(const char *space, struct str name, char out[UUID_TEXT]);

#endif
