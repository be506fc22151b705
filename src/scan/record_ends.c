/*
 * record_ends: 64 bytes a step as bit masks: which quotes are no escaped ones, which bytes are in
 * strings, which braces are not. A record ends where its braces are balanced, and only where the
 * bytes that begin the next one follow: they hold a quote, so that they cannot be a string's
 * content, and after a missing quote no end is found until the walker has told of the damage.
 * Nothing else of the grammar is looked at.
 */
#include "record_ends.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

enum { STEP = 64 };

static const char next_record[] = ",{\"eventVersion\"";

struct masks {
	uint64_t quote, slash, open, close;
};

struct scan {
	struct str text;
	size_t limit;
	uint64_t in_string; /* all ones while a string goes on */
	bool escaped;       /* the next byte */
	size_t depth;
	struct passed out;
	bool ended;         /* the file, with the last record */
};

static uint64_t bits_of(__m128i v, char c)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(c)));
}

static struct masks masks_at(const char *p)
{
	struct masks m = {0};
	for (unsigned i = 0; i < STEP; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		m.quote |= bits_of(v, '"') << i;
		m.slash |= bits_of(v, '\\') << i;
		m.open |= bits_of(v, '{') << i;
		m.close |= bits_of(v, '}') << i;
	}
	return m;
}

/* The bytes behind a backslash that is not escaped itself. */
static uint64_t escaped(struct scan *s, uint64_t slash)
{
	uint64_t out = s->escaped;
	slash &= ~out;
	s->escaped = false;
	while (slash) {
		uint64_t next = (slash & -slash) << 1;
		s->escaped = !next;
		out |= next;
		slash &= (slash - 1) & ~next;
	}
	return out;
}

/* Each bit: whether the number of bits up to it is odd. */
static uint64_t odd_up_to(uint64_t v)
{
	for (unsigned n = 1; n < 64; n *= 2)
		v ^= v << n;
	return v;
}

/* A record ends with the brace at `at`. False when it is not one to pass over. */
static bool record_ends(struct scan *s, size_t at)
{
	struct str rest = str_sub(s->text, at + 1, s->text.n);
	s->ended = rest.n < STEP && str_is(str_trim(rest), "]}");
	if (at >= s->limit || !str_starts(rest, str_c(next_record)))
		return false;
	s->out.records++;
	s->out.bytes = at + 1;
	return true;
}

static bool record_ends_step(struct scan *s, size_t at)
{
	char last[STEP] = {0};
	size_t left = s->text.n - at;
	if (left < STEP)
		memcpy(last, s->text.p + at, left);
	struct masks m = masks_at(left < STEP ? last : s->text.p + at);
	uint64_t in = odd_up_to(m.quote & ~escaped(s, m.slash)) ^ s->in_string;
	s->in_string = in >> 63 ? ~(uint64_t)0 : 0;
	for (uint64_t both = (m.open | m.close) & ~in; both; both &= both - 1) {
		size_t i = (size_t)__builtin_ctzll(both);
		if (m.open >> i & 1)
			s->depth++;
		else if (!s->depth || (!--s->depth && !record_ends(s, at + i)))
			return false;
	}
	return true;
}

struct passed record_ends_pass(struct str text, size_t limit)
{
	struct scan s = {.text = text, .limit = limit};
	size_t *at = &s.out.looked;
	if (str_starts(text, str_c(next_record + 1)))
		while (*at < limit && record_ends_step(&s, *at))
			*at += STEP;
	return s.out;
}

bool record_ends_whole(struct str text)
{
	struct scan s = {.text = text, .limit = text.n};
	if (!str_starts(text, str_c(next_record + 1)))
		return false;
	for (size_t at = 0; at < text.n && record_ends_step(&s, at);)
		at += STEP;
	return s.ended;
}
#else
struct passed record_ends_pass(struct str text, size_t limit)
{
	(void)text;
	(void)limit;
	return (struct passed){0};
}

bool record_ends_whole(struct str text)
{
	(void)text;
	return false;
}
#endif
