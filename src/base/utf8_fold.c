/*
 * utf8_fold: text by code points: folding case, finding, and Java's count of UTF-16 units.
 * Everything works on borrowed slices and allocates nothing.
 */
#include "s3triage/base/utf8_fold.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"

/* Upper-case letters lo, lo + step ... hi have their lower case at + delta. */
struct fold_range {
	uint32_t lo, hi, step;
	int32_t delta;
};

static const struct fold_range ranges[] = {
	{0x41, 0x5a, 1, 32}, {0xb5, 0xb5, 1, 775}, {0xc0, 0xd6, 1, 32}, {0xd8, 0xde, 1, 32},
	{0x100, 0x12e, 2, 1}, {0x132, 0x136, 2, 1}, {0x139, 0x147, 2, 1}, {0x14a, 0x176, 2, 1},
	{0x178, 0x178, 1, -121}, {0x179, 0x17d, 2, 1}, {0x386, 0x386, 1, 38}, {0x388, 0x38a, 1, 37},
	{0x38c, 0x38c, 1, 64}, {0x38e, 0x38f, 1, 63}, {0x391, 0x3a1, 1, 32}, {0x3a3, 0x3ab, 1, 32},
	{0x3c2, 0x3c2, 1, 1}, {0x400, 0x40f, 1, 80}, {0x410, 0x42f, 1, 32}, {0x460, 0x480, 2, 1},
	{0x48a, 0x4be, 2, 1}, {0x4c1, 0x4cd, 2, 1}, {0x4d0, 0x52e, 2, 1}, {0x531, 0x556, 1, 48},
	{0x1e00, 0x1e94, 2, 1}, {0x1e9e, 0x1e9e, 1, -7615}, {0x1ea0, 0x1efe, 2, 1},
	{0xff21, 0xff3a, 1, 32}, {0x10400, 0x10427, 1, 40},
};

uint32_t utf8_fold(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
	for (size_t i = 0; i < ARRAY_LEN(ranges) && cp >= ranges[i].lo; i++)
		if (cp <= ranges[i].hi && (cp - ranges[i].lo) % ranges[i].step == 0)
			return (uint32_t)((int32_t)cp + ranges[i].delta);
	return cp;
}

static uint32_t next(struct str *s, bool fold)
{
	uint32_t cp;
	if ((unsigned char)s->p[0] < 0x80) {
		cp = (unsigned char)*s->p++;
		s->n--;
	} else {
		cp = utf8_next(s);
	}
	return fold ? utf8_fold(cp) : cp;
}

uint64_t utf8_hash_fold(struct str s)
{
	uint64_t h = 14695981039346656037u;
	while (s.n)
		h = (h ^ next(&s, true)) * 1099511628211u;
	return h;
}

bool utf8_eq_fold(struct str a, struct str b)
{
	while (a.n && b.n)
		if (next(&a, true) != next(&b, true))
			return false;
	return a.n == 0 && b.n == 0;
}

bool utf8_starts(struct str s, struct str prefix, bool fold, size_t *used)
{
	struct str rest = s;
	while (prefix.n) {
		if (rest.n == 0 || next(&rest, fold) != next(&prefix, fold))
			return false;
	}
	if (used)
		*used = s.n - rest.n;
	return true;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* No letter beyond ASCII folds to one within: plain text is found by its bytes. */
size_t utf8_find(struct str hay, struct str needle, bool fold, size_t *used)
{
	if (!fold || is_ascii(needle)) {
		if (used)
			*used = needle.n;
		return fold ? str_find_fold(hay, needle) : str_find(hay, needle);
	}
	struct str rest = hay;
	for (;;) {
		if (utf8_starts(rest, needle, true, used))
			return hay.n - rest.n;
		if (rest.n == 0)
			return STR_NONE;
		next(&rest, false);
	}
}

size_t utf8_rfind(struct str hay, struct str needle, bool fold)
{
	for (size_t i = hay.n + 1; i-- > 0;) {
		if (i < hay.n && ((unsigned char)hay.p[i] & 0xc0) == 0x80)
			continue;
		if (utf8_starts(str_sub(hay, i, hay.n), needle, fold, NULL))
			return i;
	}
	return STR_NONE;
}

bool utf8_ends(struct str s, struct str suffix, bool fold)
{
	if (!fold)
		return str_ends(s, suffix);
	size_t count = 0;
	for (struct str r = suffix; r.n; count++)
		next(&r, false);
	size_t i = s.n;
	for (; count && i; count--) {
		i--;
		while (i && ((unsigned char)s.p[i] & 0xc0) == 0x80)
			i--;
	}
	return count == 0 && utf8_eq_fold(str_sub(s, i, s.n), suffix);
}

bool utf8_has(struct str hay, struct str needle)
{
	return utf8_find(hay, needle, true, NULL) != STR_NONE;
}

size_t utf8_utf16(struct str s)
{
	size_t units = 0;
	while (s.n)
		units += next(&s, false) > 0xffff ? 2 : 1;
	return units;
}

size_t utf8_utf16_to_byte(struct str s, size_t unit)
{
	struct str rest = s;
	for (size_t at = 0; rest.n && at < unit;)
		at += next(&rest, false) > 0xffff ? 2 : 1;
	return s.n - rest.n;
}
