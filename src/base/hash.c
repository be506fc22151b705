/*
 * hash: SHA-256 through libcrypto.
 */
#include "s3triage/base/hash.h"

#include <openssl/sha.h>
#include <stdio.h>

const char *sha256_hex(struct str bytes, char out[SHA256_HEX])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	SHA256((const unsigned char *)(bytes.p ? bytes.p : ""), bytes.n, digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	return out;
}
