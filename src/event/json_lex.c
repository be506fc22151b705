/*
 * json_lex: strings and numbers of JSON text, strictly by RFC 8259, and how broken characters in
 * strings are mended. Knows nothing of trees.
 */
#include "json_priv.h"

#include "s3triage/base/lines.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

bool json_lex_fail(struct json_lex *x, const char *at, const char *what)
{
	if (!x->err)
		return false;
	if (at >= x->end && x->cut)
		err_set(x->err, ERR_LIMIT, "a JSON value of more than %zu MiB", JSON_BYTES_MAX >> 20);
	else if (at >= x->end)
		err_set(x->err, ERR_PARSE, "the JSON text ends where %s should follow", what);
	else
		err_set(x->err, ERR_PARSE, "not JSON: %s should stand here", what);
	struct str text = {x->base, (size_t)(x->end - x->base)};
	return lines_err_at(x->err, text, (size_t)(at - x->base));
}

void json_lex_space(struct json_lex *x)
{
	while (x->p < x->end && (*x->p == ' ' || *x->p == '\n' || *x->p == '\t' || *x->p == '\r'))
		x->p++;
}

static bool json_lex_is_tail(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

/* The range of the second byte depends on the first: no overlong forms, no surrogates. */
static bool is_second(unsigned char first, unsigned char c)
{
	switch (first) {
	case 0xE0:
		return c >= 0xA0 && c <= 0xBF;
	case 0xED:
		return c >= 0x80 && c <= 0x9F;
	case 0xF0:
		return c >= 0x90 && c <= 0xBF;
	case 0xF4:
		return c >= 0x80 && c <= 0x8F;
	default:
		return json_lex_is_tail(c);
	}
}

size_t json_utf8_len(const char *p, size_t n)
{
	const unsigned char *s = (const unsigned char *)p;
	unsigned char c = s[0];
	if (c < 0x80)
		return 1;
	if (c < 0xC2 || c > 0xF4)
		return 0;
	size_t want = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
	if (n < want || !is_second(c, s[1]))
		return 0;
	for (size_t i = 2; i < want; i++)
		if (!json_lex_is_tail(s[i]))
			return 0;
	return want;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

#if defined(__SSE2__)
/* Sixteen at a time; the plain bytes from p on, up to where fewer than sixteen follow. */
static const char *plain_sixteens(const char *p, const char *end)
{
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	const __m128i space = _mm_set1_epi8(0x20), del = _mm_set1_epi8(0x7F);
	while (end - p >= 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		/* as signed bytes those of 0x80 and more are negative: smaller than a space */
		__m128i odd = _mm_or_si128(_mm_cmplt_epi8(v, space), _mm_cmpeq_epi8(v, del));
		odd = _mm_or_si128(odd, _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)));
		unsigned bits = (unsigned)_mm_movemask_epi8(odd);
		if (bits)
			return p + __builtin_ctz(bits);
		p += 16;
	}
	return p;
}
#else
static const char *plain_sixteens(const char *p, const char *end)
{
	(void)end;
	return p;
}
#endif

/* Eight at a time: a byte of w is 0x7F or more, under 0x20, a quote or a backslash exactly when
 * its high bit is set in `odd`. */
const char *json_lex_plain(const char *p, const char *end)
{
	const uint64_t ones = 0x0101010101010101u, high = ones * 0x80;
	p = plain_sixteens(p, end);
	while (end - p >= 8) {
		uint64_t w;
		memcpy(&w, p, 8);
		uint64_t quote = w ^ (ones * '"'), slash = w ^ (ones * '\\'), del = w ^ (ones * 0x7F);
		uint64_t odd = w | ((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) |
			((slash - ones) & ~slash) | ((del - ones) & ~del);
		if (odd & high)
			break;
		p += 8;
	}
	while (p < end && is_plain((unsigned char)*p))
		p++;
	return p;
}

static int json_lex_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four hex digits at p, or -1. */
static int32_t hex4(const char *p, const char *end)
{
	int32_t v = 0;
	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int d = json_lex_hex_digit(p[i]);
		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

/* Reads \u and four digits (p is behind the u) and the second half of a pair; what is no character is U+FFFD.
 * Returns the bytes used, 0 when there are no four hex digits. */
static size_t read_unit(const char *p, const char *end, uint32_t *cp)
{
	int32_t a = hex4(p, end);
	if (a < 0)
		return 0;
	*cp = (uint32_t)a;
	if (a >= 0xD800 && a < 0xDC00 && end - p >= 10 && p[4] == '\\' && p[5] == 'u') {
		int32_t b = hex4(p + 6, end);
		if (b >= 0xDC00 && b < 0xE000) {
			*cp = 0x10000u + (((uint32_t)a - 0xD800u) << 10) + ((uint32_t)b - 0xDC00u);
			return 10;
		}
	}
	if (a == 0 || (a >= 0xD800 && a < 0xE000))
		*cp = 0xFFFD;
	return 4;
}

/* x->p is on a backslash. */
static bool json_lex_escape(struct json_lex *x)
{
	const char *at = x->p++;
	if (x->p == x->end)
		return json_lex_fail(x, x->p, "the rest of an escape");
	char c = *x->p++;
	if (c != 'u')
		return c && strchr("\"\\/bfnrt", c) ? true
						   : json_lex_fail(x, at, "a valid escape");
	uint32_t cp;
	size_t used = read_unit(x->p, x->end, &cp);
	if (!used)
		return json_lex_fail(x, x->end - x->p < 4 ? x->end : at, "four hex digits after \\u");
	if (cp == 0xFFFD && hex4(x->p, x->end) != 0xFFFD)
		x->mended++;
	x->p += used;
	return true;
}

bool json_lex_string(struct json_lex *x, struct json_span *out)
{
	*out = (struct json_span){.p = x->p, .plain = true};
	for (;;) {
		x->p = json_lex_plain(x->p, x->end);
		if (x->p == x->end)
			return json_lex_fail(x, x->p, "the closing quote of a string");
		unsigned char c = (unsigned char)*x->p;
		if (c == '"')
			break;
		if (c < 0x20)
			return json_lex_fail(x, x->p, "no control character (escape it)");
		if (c == '\\') {
			out->plain = false;
			if (!json_lex_escape(x))
				return false;
			continue;
		}
		size_t n = json_utf8_len(x->p, (size_t)(x->end - x->p));
		if (!n) {
			out->plain = false;
			out->grow += 2;
			x->mended++;
			n = 1;
		}
		x->p += n;
	}
	out->n = (size_t)(x->p++ - out->p);
	return true;
}

static bool json_lex_skip_digits(struct json_lex *x)
{
	const char *from = x->p;
	while (x->p < x->end && *x->p >= '0' && *x->p <= '9')
		x->p++;
	return x->p > from;
}

bool json_lex_number(struct json_lex *x, struct json_span *out)
{
	*out = (struct json_span){.p = x->p, .plain = true};
	if (*x->p == '-')
		x->p++;
	const char *first = x->p;
	if (!json_lex_skip_digits(x))
		return json_lex_fail(x, x->p, "a value");
	if (*first == '0' && x->p - first > 1)
		return json_lex_fail(x, first, "a number without leading zeros");
	if (x->p < x->end && *x->p == '.') {
		x->p++;
		if (!json_lex_skip_digits(x))
			return json_lex_fail(x, x->p, "a digit");
	}
	if (x->p < x->end && (*x->p == 'e' || *x->p == 'E')) {
		x->p++;
		if (x->p < x->end && (*x->p == '+' || *x->p == '-'))
			x->p++;
		if (!json_lex_skip_digits(x))
			return json_lex_fail(x, x->p, "a digit");
	}
	out->n = (size_t)(x->p - out->p);
	return true;
}

static size_t put_utf8(char *out, uint32_t cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
	for (size_t i = n - 1; i > 0; i--, cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3F));
	out[0] = (char)(lead[n] | cp);
	return n;
}

static uint32_t short_escape(char c)
{
	switch (c) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return (unsigned char)c;
	}
}

size_t json_lex_decode(struct json_span s, char *out)
{
	if (s.plain) {
		if (s.n)
			memcpy(out, s.p, s.n);
		return s.n;
	}
	const char *p = s.p, *end = s.p + s.n;
	char *to = out;
	while (p < end) {
		const char *next = json_lex_plain(p, end);
		memcpy(to, p, (size_t)(next - p));
		to += next - p;
		p = next;
		if (p == end)
			break;
		if (*p == '\\') {
			uint32_t cp = short_escape(p[1]);
			p += 2;
			if (cp == 'u')
				p += read_unit(p, end, &cp);
			to += put_utf8(to, cp);
			continue;
		}
		size_t n = json_utf8_len(p, (size_t)(end - p));
		if (n)
			memcpy(to, p, n);
		to += n ? n : put_utf8(to, 0xFFFD);
		p += n ? n : 1;
	}
	return (size_t)(to - out);
}
