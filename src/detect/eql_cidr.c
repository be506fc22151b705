/*
 * eql_cidr: IPv4 and IPv6 addresses and blocks. IPv4 is kept as ::ffff:a.b.c.d, as Lucene does.
 */
#include "eql_priv.h"

#include <arpa/inet.h>
#include <string.h>

static const unsigned char v4_prefix[12] = {[10] = 0xff, [11] = 0xff};

bool cidr_ip(struct str s, unsigned char out[16])
{
	char text[INET6_ADDRSTRLEN];
	if (s.n == 0 || s.n >= sizeof(text) || memchr(s.p, '\0', s.n))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (strchr(text, ':'))
		return inet_pton(AF_INET6, text, out) == 1;
	memcpy(out, v4_prefix, sizeof(v4_prefix));
	return inet_pton(AF_INET, text, out + 12) == 1;
}

bool cidr_parse(struct str s, struct cidr *out)
{
	size_t slash = str_find_char(s, '/');
	struct str address = str_sub(s, 0, slash);
	if (!cidr_ip(address, out->ip))
		return false;
	bool v4 = str_find_char(address, ':') == STR_NONE;
	unsigned most = v4 ? 32 : 128;
	out->bits = 128;
	if (slash == STR_NONE)
		return true;
	struct str bits = str_sub(s, slash + 1, s.n);
	int64_t n;
	if (!str_digits(bits) || bits.n > 3 || !str_int(bits, &n) || n > most)
		return false;
	out->bits = (unsigned)n + (v4 ? 96 : 0);
	return true;
}

bool cidr_has(const struct cidr *c, const unsigned char ip[16])
{
	unsigned whole = c->bits / 8, rest = c->bits % 8;
	if (memcmp(c->ip, ip, whole))
		return false;
	return rest == 0 || ((c->ip[whole] ^ ip[whole]) >> (8 - rest)) == 0;
}
