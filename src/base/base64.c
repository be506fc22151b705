/*
 * base64: bytes as text and back, through libcrypto.
 */
#include "s3triage/base/base64.h"

#include "s3triage/base/mem.h"

#include <openssl/evp.h>

enum { BASE64_MAX = 1 << 28 };

void base64_add(struct str bytes, struct buf *out)
{
	char *room = bytes.n && bytes.n < BASE64_MAX ? buf_room(out, 4 * ((bytes.n + 2) / 3) + 1) : NULL;
	if (room)
		out->n += (size_t)EVP_EncodeBlock((unsigned char *)room, (const unsigned char *)bytes.p,
			(int)bytes.n);
}

bool base64_read(struct str text, struct buf *out)
{
	AUTO(buf_fini) struct buf again = {0};
	size_t from = out->n;
	char *room = text.n && text.n % 4 == 0 && text.n < BASE64_MAX ? buf_room(out, text.n) : NULL;
	int n = room ? EVP_DecodeBlock((unsigned char *)room, (const unsigned char *)text.p, (int)text.n) : -1;
	if (n < 0)
		return !text.n;
	out->n += (size_t)n - str_ends(text, STR("=")) - str_ends(text, STR("=="));
	base64_add(str_sub(buf_str(out), from, out->n), &again);
	return str_eq(buf_str(&again), text);
}
