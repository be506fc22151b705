/*
 * str: slices.
 */
#include "s3triage/base/str.h"

#include <string.h>

struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return (struct str){s.p ? s.p + from : NULL, to - from};
}

static unsigned char fold(char c)
{
	unsigned char u = (unsigned char)c;
	return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

static bool same_fold(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fold(a[i]) != fold(b[i]))
			return false;
	return true;
}

bool str_eq_fold(struct str a, struct str b)
{
	return a.n == b.n && same_fold(a.p, b.p, a.n);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	if (c)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

size_t str_find(struct str hay, struct str needle)
{
	if (needle.n == 0)
		return 0;
	if (needle.n > hay.n)
		return STR_NONE;
	const char *at = memmem(hay.p, hay.n, needle.p, needle.n);
	return at ? (size_t)(at - hay.p) : STR_NONE;
}

size_t str_find_fold(struct str hay, struct str needle)
{
	if (needle.n > hay.n)
		return STR_NONE;
	for (size_t i = 0; i + needle.n <= hay.n; i++)
		if (same_fold(hay.p + i, needle.p, needle.n))
			return i;
	return STR_NONE;
}

size_t str_find_char(struct str hay, char c)
{
	const char *at = hay.n ? memchr(hay.p, c, hay.n) : NULL;
	return at ? (size_t)(at - hay.p) : STR_NONE;
}

size_t str_rfind_char(struct str hay, char c)
{
	const char *at = hay.n ? memrchr(hay.p, c, hay.n) : NULL;
	return at ? (size_t)(at - hay.p) : STR_NONE;
}

static bool blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n && blank(s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n && blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str str_cut(struct str *rest, char sep)
{
	size_t at = str_find_char(*rest, sep);
	struct str head = *rest;
	if (at == STR_NONE) {
		*rest = (struct str){0};
		return head;
	}
	*rest = str_sub(head, at + 1, head.n);
	return str_sub(head, 0, at);
}

bool str_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static bool is_alnum(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool str_is_name(struct str s, const char *marks, size_t max)
{
	if (!s.n || s.n > max || !is_alnum(s.p[0]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.p[i]) && str_find_char(str_c(marks), s.p[i]) == STR_NONE)
			return false;
	return true;
}

bool str_int(struct str s, int64_t *out)
{
	bool minus = s.n && s.p[0] == '-';
	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		s = str_sub(s, 1, s.n);
	if (!str_digits(s))
		return false;
	int64_t v = 0;
	for (size_t i = 0; i < s.n; i++) {
		int64_t digit = s.p[i] - '0';
		if (__builtin_mul_overflow(v, 10, &v) ||
			__builtin_sub_overflow(v, digit, &v))
			return false;
	}
	if (!minus && v == INT64_MIN)
		return false;
	*out = minus ? v : -v;
	return true;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One row of the table of edit distances at a time. */
size_t str_distance(struct str a, struct str b)
{
	size_t row[STR_DISTANCE_MAX + 1];
	if (a.n > STR_DISTANCE_MAX || b.n > STR_DISTANCE_MAX)
		return STR_DISTANCE_MAX;
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t change = corner + (fold(a.p[i - 1]) != fold(b.p[j - 1]));
			corner = row[j];
			row[j] = smaller(change, smaller(row[j - 1], row[j]) + 1);
		}
	}
	return row[b.n];
}

uint64_t str_hash(struct str s)
{
	const uint64_t odd = 0x9E3779B97F4A7C15u;
	uint64_t h = s.n * odd;
	while (s.n) {
		uint64_t w = 0;
		size_t n = s.n < sizeof(w) ? s.n : sizeof(w);
		if (n == sizeof(w))
			memcpy(&w, s.p, sizeof(w));
		else
			memcpy(&w, s.p, n);
		h = (h ^ w) * odd;
		h ^= h >> 29; /* not 32: tables fold the halves once more */
		s = (struct str){s.p + n, s.n - n};
	}
	return h;
}
