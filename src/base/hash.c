/*
 * hash: SHA-256 and named UUIDs through libcrypto. SHA-1 is in here only because UUIDs of version 5
 * are made with it.
 */
#include "s3triage/base/hash.h"

#include "s3triage/base/buf.h"

#include <openssl/sha.h>
#include <stdio.h>

void sha256_bytes(struct str bytes, unsigned char out[SHA256_DIGEST_LENGTH])
{
	SHA256((const unsigned char *)(bytes.p ? bytes.p : ""), bytes.n, out);
}

const char *sha256_hex(struct str bytes, char out[SHA256_HEX])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char digest[SHA256_DIGEST_LENGTH];
	sha256_bytes(bytes, digest);
	for (size_t i = 0; i < sizeof(digest); i++) {
		out[2 * i] = hex[digest[i] >> 4];
		out[2 * i + 1] = hex[digest[i] & 15];
	}
	out[2 * sizeof(digest)] = '\0';
	return out;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* The sixteen bytes of a UUID's text. */
static void put_uuid_bytes(const char *text, struct buf *out)
{
	int high = -1;
	for (; *text; text++) {
		int v = hex_value(*text);
		if (v < 0)
			continue;
		if (high >= 0)
			buf_char(out, (char)(high << 4 | v));
		high = high >= 0 ? -1 : v;
	}
}

const char *uuid_named(const char *space, struct str name, char out[UUID_TEXT])
{
	unsigned char d[SHA_DIGEST_LENGTH];
	struct buf all = {0};
	put_uuid_bytes(space, &all);
	buf_add(&all, name);
	SHA1((const unsigned char *)all.p, all.n, d);
	buf_fini(&all);
	d[6] = (unsigned char)((d[6] & 0x0F) | 0x50);
	d[8] = (unsigned char)((d[8] & 0x3F) | 0x80);
	for (size_t i = 0, at = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		snprintf(out + at, 3, "%02x", d[i]);
		at += 2;
	}
	return out;
}
