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

static bool str_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n && str_blank(s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n && str_blank(s.p[s.n - 1]))
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

/* SipHash-1-3 (Aumasson and Bernstein): whoever does not know the key cannot make texts collide. */
static uint64_t hash_key[2];

void str_hash_key(uint64_t a, uint64_t b)
{
	hash_key[0] = a;
	hash_key[1] = b;
}

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32) + v[3];
	v[2] += v[1];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t w)
{
	v[3] ^= w;
	sip_round(v);
	v[0] ^= w;
}

uint64_t str_hash(struct str s)
{
	uint64_t v[4] = {hash_key[0] ^ 0x736f6d6570736575u, hash_key[1] ^ 0x646f72616e646f6du,
		hash_key[0] ^ 0x6c7967656e657261u, hash_key[1] ^ 0x7465646279746573u};
	uint64_t w, last = (uint64_t)s.n << 56;
	for (; s.n >= sizeof(w); s = (struct str){s.p + sizeof(w), s.n - sizeof(w)}) {
		memcpy(&w, s.p, sizeof(w));
		sip_word(v, w);
	}
	for (size_t i = 0; i < s.n; i++)
		last |= (uint64_t)(unsigned char)s.p[i] << (8 * i);
	sip_word(v, last);
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

const char *str_count(unsigned long long n, char out[COUNT_TEXT_MAX])
{
	char *p = out + COUNT_TEXT_MAX - 1;
	*p = '\0';
	for (int digits = 0; digits == 0 || n; digits++, n /= 10) {
		if (digits && digits % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + n % 10);
	}
	return p;
}
