/*
 * skip: the structure of JSON, byte by byte over windows: brackets, strings, commas, colons and
 * the words between them. Control bytes in strings are left to the parser of the records that matter.
 */
#include "dialect.h"
#include "look.h"

#include "s3triage/event/json.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum want { WANT_VALUE, WANT_VALUE_OR_END, WANT_KEY, WANT_KEY_OR_END, WANT_COLON, WANT_NEXT };

struct nest {
	unsigned long long open[NEST_MAX]; /* where each level begins */
	uint64_t object[NEST_MAX / 64]; /* bit d: level d is an object */
	unsigned depth;
	enum want want;
};

bool skip_space(struct walker *w)
{
	struct feed *f = w->f;
	bool apart = w->between;
	for (;;) {
		const char *p = f->buf + f->pos, *end = f->buf + f->end, *from = p;
		while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
			p++;
		f->pos += (size_t)(p - from);
		bool more = p < end;
		if (more && *p != '#' && *p != '/')
			return true;
		apart |= p > from;
		if (!more ? !skip_more(w) : w->resync || !apart || !dialect_comment(w))
			return more;
	}
}

/* Offset of the first quote, backslash or newline, n when there is none. */
static size_t string_special(const char *p, size_t n)
{
	size_t i = 0;
#if defined(__SSE2__)
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
		      line = _mm_set1_epi8('\n');
	for (; i + 16 <= n; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, quote),
			_mm_or_si128(_mm_cmpeq_epi8(v, slash), _mm_cmpeq_epi8(v, line)));
		unsigned bits = (unsigned)_mm_movemask_epi8(hit);
		if (bits)
			return i + (unsigned)__builtin_ctz(bits);
	}
#endif
	while (i < n && p[i] != '"' && p[i] != '\\' && p[i] != '\n')
		i++;
	return i;
}

bool skip_string(struct walker *w)
{
	struct feed *f = w->f;
	f->pos++;
	for (;;) {
		f->pos += string_special(f->buf + f->pos, f->end - f->pos);
		if (f->pos == f->end) {
			if (!skip_more(w))
				return skip_ended(w, "the text ends inside a string");
			continue;
		}
		char c = f->buf[f->pos];
		if (c == '"') {
			f->pos++;
			return true;
		}
		if (c == '\n')
			return skip_broke(w, "the line ends inside a string");
		if (f->pos + 1 == f->end && !skip_more(w)) {
			f->pos = f->end;
			return skip_ended(w, "the text ends inside a string");
		}
		if (!memchr("\"\\/bfnrtu", f->buf[f->pos + 1], 9))
			return skip_broke(w, "a valid escape is expected");
		f->pos += 2;
	}
}

static bool scalar_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		c == '-' || c == '+' || c == '.';
}

static size_t digits(struct str s, size_t at)
{
	size_t n = 0;
	while (at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9')
		n++;
	return n;
}

static bool is_number(struct str s)
{
	size_t at = s.n && s.p[0] == '-';
	size_t n = digits(s, at);
	if (!n || (n > 1 && s.p[at] == '0'))
		return false;
	at += n;
	if (at < s.n && s.p[at] == '.') {
		n = digits(s, ++at);
		if (!n)
			return false;
		at += n;
	}
	if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
		at++;
		at += at < s.n && (s.p[at] == '+' || s.p[at] == '-');
		n = digits(s, at);
		if (!n)
			return false;
		at += n;
	}
	return at == s.n;
}

/* A word longer than the copy is a number that nobody needs. */
static bool skip_scalar(struct walker *w)
{
	struct feed *f = w->f;
	char copy[64];
	size_t n = 0;
	do {
		while (f->pos < f->end && scalar_char(f->buf[f->pos])) {
			if (n < sizeof(copy))
				copy[n] = f->buf[f->pos];
			n++;
			f->pos++;
		}
	} while (f->pos == f->end && skip_more(w));
	struct str word = {copy, n};
	if (n > sizeof(copy) || is_number(word) || str_is(word, "true") || str_is(word, "false") ||
		str_is(word, "null"))
		return true;
	if (n == 0 && f->pos < f->end)
		return skip_broke(w, look_instead(f->buf[f->pos], "a value is expected"));
	return skip_broke(w, look_word(word, "a value is expected"));
}

static bool in_object(const struct nest *n)
{
	unsigned d = n->depth - 1;
	return n->object[d / 64] >> (d % 64) & 1;
}

static bool open_level(struct walker *w, struct nest *n, bool object)
{
	if (n->depth == NEST_MAX)
		return skip_broke(w, "the nesting is deeper than 1024 levels");
	uint64_t bit = 1ull << (n->depth % 64);
	if (object)
		n->object[n->depth / 64] |= bit;
	else
		n->object[n->depth / 64] &= ~bit;
	n->open[n->depth++] = feed_at(w->f);
	n->want = object ? WANT_KEY_OR_END : WANT_VALUE_OR_END;
	w->f->pos++;
	return true;
}

static bool handoff_level(struct walker *w, struct nest *n)
{
	if (w->f->buf[w->f->pos] != (in_object(n) ? '}' : ']'))
		return skip_broke(w, in_object(n) ? "',' or '}' is expected" : "',' or ']' is expected");
	n->depth--;
	n->want = WANT_NEXT;
	w->f->pos++;
	return true;
}

static bool skip_text(struct walker *w)
{
	unsigned long long at = feed_at(w->f);
	return skip_string(w) && (feed_at(w->f) != at + 2 || dialect_text(w));
}

static bool value_begins(struct walker *w, struct nest *n, char c)
{
	if (c == '{' || c == '[')
		return open_level(w, n, c == '{');
	n->want = WANT_NEXT;
	return c == '"' ? skip_text(w) : skip_scalar(w);
}

static bool key_begins(struct walker *w, struct nest *n, char c)
{
	if (c != '"')
		return skip_broke(w, look_instead(c, "a key is expected"));
	n->want = WANT_COLON;
	return skip_string(w);
}

static bool skip_step(struct walker *w, struct nest *n)
{
	char c = w->f->buf[w->f->pos];
	switch (n->want) {
	case WANT_VALUE_OR_END:
		return c == ']' ? handoff_level(w, n) : value_begins(w, n, c);
	case WANT_VALUE:
		return value_begins(w, n, c);
	case WANT_KEY_OR_END:
		return c == '}' ? handoff_level(w, n) : key_begins(w, n, c);
	case WANT_KEY:
		return key_begins(w, n, c);
	case WANT_COLON:
		if (c != ':')
			return skip_broke(w, "':' is expected");
		n->want = WANT_VALUE;
		w->f->pos++;
		return true;
	case WANT_NEXT:
		break;
	}
	if (c != ',')
		return handoff_level(w, n);
	n->want = in_object(n) ? WANT_KEY : WANT_VALUE;
	w->f->pos++;
	return true;
}

/* Of what is nested too deep, the innermost levels may belong to a record that is not. */
static bool broken_at(struct walker *w, const struct nest *n)
{
	bool deep = n->depth == NEST_MAX;
	struct broken *b = &w->broken[w->broken_last ^= 1];
	b->seen = 0;
	b->n = deep ? NEST_MAX - JSON_DEPTH_MAX : n->depth;
	memcpy(b->open, n->open, b->n * sizeof(n->open[0]));
	return false;
}

bool skip_value(struct walker *w)
{
	struct nest n;
	n.depth = 0;
	n.want = WANT_VALUE;
	do {
		if (!skip_space(w))
			skip_ended(w, "the text ends inside a record");
		else if (skip_step(w, &n))
			continue;
		return broken_at(w, &n);
	} while (n.depth);
	return true;
}
