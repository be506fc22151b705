/*
 * wide: unit by unit.
 */
#include "s3triage/base/wide.h"

static bool wide_high(uint32_t u)
{
	return u >= 0xD800 && u < 0xDC00;
}

static bool wide_low(uint32_t u)
{
	return u >= 0xDC00 && u < 0xE000;
}

static uint32_t wide_unit(const char *at, struct wide_form form)
{
	const unsigned char *p = (const unsigned char *)at;
	uint32_t u = 0;
	for (unsigned i = 0; i < form.size; i++)
		u = u << 8 | p[form.big_endian ? i : form.size - 1 - i];
	return u;
}

static size_t wide_put(char *out, uint32_t u)
{
	unsigned n = u < 0x80 ? 1 : u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
	if (u > 0x10FFFF || wide_high(u) || wide_low(u)) {
		out[0] = (char)0xFF;
		return 1;
	}
	for (unsigned i = n; i > 1; i--, u >>= 6)
		out[i - 1] = (char)(0x80 | (u & 0x3F));
	out[0] = (char)(lead[n] | u);
	return n;
}

size_t wide_take(struct str s, struct wide_form form, bool last, char out[4], size_t *n)
{
	size_t used = form.size;
	*n = 0;
	if (s.n < used)
		return 0;
	uint32_t u = wide_unit(s.p, form);
	bool pair = used == 2 && wide_high(u);
	if (pair && s.n < 4 && !last)
		return 0;
	uint32_t low = pair && s.n >= 4 ? wide_unit(s.p + 2, form) : 0;
	if (wide_low(low)) {
		u = 0x10000 + ((u - 0xD800) << 10) + (low - 0xDC00);
		used = 4;
	}
	*n = wide_put(out, u);
	return used;
}

struct wide_form wide_marked(struct str s)
{
	if (str_starts(s, STR("\xFE\xFF")))
		return (struct wide_form){2, true};
	return (struct wide_form){str_starts(s, STR("\xFF\xFE")) ? 2 : 0, false};
}
