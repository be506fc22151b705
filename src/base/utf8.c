/*
 * utf8: decoding, measuring, and spelling out what must not reach a terminal.
 *
 * Text from events is written by attackers. What is invisible, moves the cursor, turns the
 * writing direction or only looks like a blank is hostile here and gets spelled.
 */
#include "s3triage/base/utf8.h"

#include "s3triage/base/mem.h"
#include "utf8_priv.h"

enum { REPLACEMENT = 0xFFFD, LAST_CODE_POINT = 0x10FFFF, MARKS_IN_A_ROW = 3 };

static bool continues(struct str s, size_t at)
{
	return at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80;
}

/* Length of a sequence by its first byte, with that byte's payload and the least value allowed
 * (smaller ones are overlong). 0 for a byte that can not begin one. */
static size_t lead(unsigned char c, uint32_t *bits, uint32_t *least)
{
	static const struct {
		unsigned char mask, mark;
		uint32_t least;
	} shapes[] = {{0x80, 0, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		if ((c & shapes[i].mask) != shapes[i].mark)
			continue;
		*bits = c & (unsigned char)~shapes[i].mask;
		*least = shapes[i].least;
		return i + 1;
	}
	return 0;
}

/* Length of the valid sequence at the front of s, or 0. */
static size_t utf8_decode(struct str s, uint32_t *cp)
{
	uint32_t v = 0, least = 0;
	size_t n = s.n ? lead((unsigned char)s.p[0], &v, &least) : 0;
	for (size_t i = 1; i < n; i++) {
		if (!continues(s, i))
			return 0;
		v = v << 6 | ((unsigned char)s.p[i] & 0x3F);
	}
	if (v < least || v > LAST_CODE_POINT || (v >= 0xD800 && v <= 0xDFFF))
		return 0;
	*cp = v;
	return n;
}

uint32_t utf8_next(struct str *rest)
{
	uint32_t cp = REPLACEMENT;
	size_t n = utf8_decode(*rest, &cp);
	*rest = str_sub(*rest, n ? n : 1, rest->n);
	return n ? cp : REPLACEMENT;
}

bool utf8_valid(struct str s, size_t *bad)
{
	for (size_t at = 0; at < s.n;) {
		uint32_t cp;
		size_t n =
			(unsigned char)s.p[at] < 0x80 ? 1 : utf8_decode(str_sub(s, at, s.n), &cp);
		if (n == 0) {
			if (bad)
				*bad = at;
			return false;
		}
		at += n;
	}
	return true;
}

void utf8_put(struct buf *out, uint32_t cp)
{
	if (cp > LAST_CODE_POINT || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = REPLACEMENT;
	char b[4];
	size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
	for (size_t i = n; i-- > 1; cp >>= 6)
		b[i] = (char)(0x80 | (cp & 0x3F));
	b[0] = (char)(marks[n] | cp);
	buf_add(out, (struct str){b, n});
}

int utf8_width(uint32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
		return 0;
	if (cp < 0x300)
		return 1;
	if (utf8_is_zero(cp))
		return 0;
	return utf8_is_wide(cp) ? 2 : 1;
}

size_t utf8_cells(struct str s)
{
	size_t ascii = 0, cells = 0;
	while (ascii < s.n && s.p[ascii] >= ' ' && s.p[ascii] < 127)
		ascii++;
	for (s = str_sub(s, ascii, s.n); s.n;)
		cells += (size_t)utf8_width(utf8_next(&s));
	return ascii + cells;
}

/* Sorted. Blanks that are not U+0020 are here too: a bucket name must not have a second space. */
static const struct utf8_range hostile[] = {
	{0x0000, 0x001F}, {0x007F, 0x00A0}, {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C},
	{0x115F, 0x1160}, {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},
	{0x2028, 0x202F}, {0x205F, 0x206F}, {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},
	{0xD800, 0xF8FF}, {0xFDD0, 0xFDEF}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0},
	{0xFFF0, 0xFFFF}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, UINT32_MAX},
};

bool utf8_is_hostile(uint32_t cp)
{
	if (cp >= 0x20 && cp < 0x7F)
		return false;
	if ((cp & 0xFFFE) == 0xFFFE)
		return true;
	size_t i = 0;
	while (cp > hostile[i].last)
		i++;
	return cp >= hostile[i].first;
}

/* An accent that has no letter to sit on, or too many of them on one, draws over other text. */
static bool stray_mark(uint32_t cp, size_t *marks)
{
	if (utf8_width(cp) != 0) {
		*marks = 0;
		return false;
	}
	return ++*marks > MARKS_IN_A_ROW;
}

void utf8_visible(struct buf *out, struct str s, bool keep_newline)
{
	size_t marks = MARKS_IN_A_ROW;
	while (s.n) {
		uint32_t cp = 0;
		size_t n = utf8_decode(s, &cp);
		if (n == 0) {
			buf_fmt(out, "<%02X>", (unsigned char)s.p[0]);
			marks = MARKS_IN_A_ROW;
		} else if (keep_newline && (cp == '\n' || cp == '\t')) {
			buf_char(out, cp == '\t' ? ' ' : '\n');
			marks = MARKS_IN_A_ROW;
		} else if (utf8_is_hostile(cp)) {
			buf_fmt(out, "<U+%04X>", (unsigned)cp);
			marks = MARKS_IN_A_ROW;
		} else if (stray_mark(cp, &marks)) {
			buf_fmt(out, "<U+%04X>", (unsigned)cp);
		} else {
			buf_add(out, str_sub(s, 0, n));
		}
		s = str_sub(s, n ? n : 1, s.n);
	}
}

struct str utf8_fit(struct str s, size_t cells)
{
	struct str rest = s;
	size_t used = 0, end = 0;
	while (rest.n) {
		used += (size_t)utf8_width(utf8_next(&rest));
		if (used > cells)
			break;
		end = s.n - rest.n;
	}
	return str_sub(s, 0, end);
}
