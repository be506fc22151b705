/*
 * escapes: which characters of the wanted strings a JSON escape could stand for.
 */
#include "needle.h"

static void escapes_byte(struct escapes *e, unsigned char c)
{
	e->bytes[c / 64] |= 1ull << (c % 64);
}

void escapes_add(struct escapes *e, const char *text, size_t n)
{
	escapes_byte(e, '\\');
	for (size_t i = 0; i < n; i++)
		escapes_byte(e, (unsigned char)text[i]);
}

static unsigned escapes_hex(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 256;
}

bool escapes_spell(const struct escapes *e, const char *digits, size_t n)
{
	unsigned c = n < 2 ? 256 : escapes_hex(digits[0]) << 4 | escapes_hex(digits[1]);
	return c < 256 && (e->bytes[c / 64] >> (c % 64) & 1);
}
