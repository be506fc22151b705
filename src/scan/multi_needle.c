/*
 * multi_needle: each string's first four bytes decide which of eight groups it is in; a table for each of
 * the four places says which groups have such a byte there. Where a group is left over after four
 * tables its strings are compared. 32 places a step where the processor has AVX2.
 */
#include "multi_needle.h"

#include "s3triage/base/mem.h"
#include "s3triage/event/call.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* The strings before they are sorted into groups. */
struct found {
	struct needle v[MULTI_NEEDLE_MAX];
	bool whole[MULTI_NEEDLE_MAX];
	unsigned group[MULTI_NEEDLE_MAX];
	size_t n;
};

static void multi_needle_add(struct found *f, struct str text, bool whole)
{
	struct needle *v = &f->v[f->n];
	if (f->n == MULTI_NEEDLE_MAX || text.n < MULTI_NEEDLE_HEAD)
		return;
	v->n = text.n < NEEDLE_BYTES ? text.n : NEEDLE_BYTES;
	memcpy(v->text, text.p, v->n);
	f->whole[f->n++] = whole;
}

static void add_calls(struct found *f)
{
	for (unsigned i = 0; i < CALL_COUNT; i++) {
		char quoted[NEEDLE_BYTES] = "\"";
		struct str name = str_c(call_name((enum call)i));
		size_t n = name.n < sizeof(quoted) - 1 ? name.n : sizeof(quoted) - 1;
		memcpy(quoted + 1, name.p, n);
		multi_needle_add(f, (struct str){quoted, n + 1}, true);
	}
}

/* Strings that begin alike share a group; the groups take turns. */
static void choose_groups(struct found *f)
{
	unsigned next = 0;
	for (size_t i = 0; i < f->n; i++) {
		size_t k = 0;
		while (k < i && memcmp(f->v[k].text, f->v[i].text, MULTI_NEEDLE_HEAD) != 0)
			k++;
		f->group[i] = k < i ? f->group[k] : next++ % MULTI_NEEDLE_GROUPS;
	}
}

static void fill_tables(struct multi_needle *m, const struct needle *v, unsigned group)
{
	uint8_t bit = (uint8_t)(1u << group);
	for (size_t j = 0; j < MULTI_NEEDLE_HEAD; j++) {
		unsigned char c = (unsigned char)v->text[j];
		m->low[j][c & 15] |= bit;
		m->high[j][c >> 4] |= bit;
		m->bytes[j][c] |= bit;
	}
}

static const char escape[] = "\\u00";

/* All strings are known: the escapes that could spell them, and the groups. */
static void build(struct multi_needle *m, struct found *f)
{
	for (size_t i = 0; i < f->n; i++)
		escapes_add(&m->escapes, f->v[i].text, f->v[i].n);
	multi_needle_add(f, str_c(escape), false);
	choose_groups(f);
	for (unsigned g = 0; g < MULTI_NEEDLE_GROUPS; g++) {
		m->groups[g] = m->n;
		for (size_t i = 0; i < f->n; i++) {
			if (f->group[i] != g)
				continue;
			fill_tables(m, &f->v[i], g);
			m->whole[m->n] = f->whole[i];
			m->v[m->n++] = f->v[i];
		}
	}
	m->groups[MULTI_NEEDLE_GROUPS] = m->n;
}

void multi_needle_init(struct multi_needle *m, const struct needles *rule)
{
	struct found f = {.n = 0};
	*m = (struct multi_needle){.n = 0};
	for (size_t i = 0; i + rule->any_escape < rule->n; i++)
		multi_needle_add(&f, (struct str){rule->v[i].text, rule->v[i].n}, false);
	multi_needle_add(&f, STR("\"kibana"), false);
	add_calls(&f);
	build(m, &f);
}

bool multi_needle_deeds(struct multi_needle *m, const struct deed_wants *wants)
{
	struct found f = {.n = 0};
	size_t n = deed_wants_count(wants);
	*m = (struct multi_needle){.n = 0};
	if (n == 0 || n >= MULTI_NEEDLE_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct str word = deed_want_word(wants, (uint32_t)i);
		if (word.n < MULTI_NEEDLE_HEAD)
			return false;
		multi_needle_add(&f, word, false);
	}
	build(m, &f);
	return true;
}

static bool follows_well(const struct multi_needle *m, size_t k, const char *p, size_t n)
{
	const struct needle *v = &m->v[k];
	if (m->whole[k])
		return n > v->n && (p[v->n] == '"' || p[v->n] == '\\');
	if (v->n == sizeof(escape) - 1 && memcmp(v->text, escape, v->n) == 0)
		return escapes_spell(&m->escapes, p + v->n, n - v->n);
	return true;
}

/* True when a string of these groups begins at p; n bytes follow. */
static bool multi_needle_begins(
	const struct multi_needle *m, unsigned groups, const char *p, size_t n)
{
	for (; groups; groups &= groups - 1) {
		unsigned g = (unsigned)__builtin_ctz(groups);
		for (size_t k = m->groups[g]; k < m->groups[g + 1]; k++)
			if (n >= m->v[k].n && memcmp(p, m->v[k].text, m->v[k].n) == 0 &&
				follows_well(m, k, p, n))
				return true;
	}
	return false;
}

static size_t multi_needle_find_from(
	const struct multi_needle *m, const char *p, size_t n, size_t from)
{
	for (size_t i = from; i + MULTI_NEEDLE_HEAD <= n; i++) {
		unsigned groups = m->bytes[1][(unsigned char)p[i + 1]];
		groups &= m->bytes[0][(unsigned char)p[i]];
		if (!groups)
			continue;
		groups &= m->bytes[2][(unsigned char)p[i + 2]] & m->bytes[3][(unsigned char)p[i + 3]];
		if (groups && multi_needle_begins(m, groups, p + i, n - i))
			return i;
	}
	return STR_NONE;
}

#if defined(__x86_64__)
struct tables {
	__m256i low[MULTI_NEEDLE_HEAD], high[MULTI_NEEDLE_HEAD];
};

__attribute__((target("avx2"), always_inline)) static inline __m256i groups_beginning_at(
	const struct tables *t, const char *p)
{
	const __m256i half = _mm256_set1_epi8(15);
	__m256i all = _mm256_set1_epi8(-1);
#pragma GCC unroll 4
	for (size_t j = 0; j < MULTI_NEEDLE_HEAD; j++) {
		__m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(p + j));
		__m256i low = _mm256_shuffle_epi8(t->low[j], _mm256_and_si256(x, half));
		__m256i high = _mm256_shuffle_epi8(t->high[j],
			_mm256_and_si256(_mm256_srli_epi16(x, 4), half));
		all = _mm256_and_si256(all, _mm256_and_si256(low, high));
	}
	return all;
}

__attribute__((target("avx2"))) static size_t multi_needle_find_avx2(
	const struct multi_needle *m, const char *p, size_t n)
{
	struct tables t;
	size_t i = 0;
	for (size_t j = 0; j < MULTI_NEEDLE_HEAD; j++) {
		t.low[j] = _mm256_broadcastsi128_si256(
			_mm_loadu_si128((const __m128i *)(const void *)m->low[j]));
		t.high[j] = _mm256_broadcastsi128_si256(
			_mm_loadu_si128((const __m128i *)(const void *)m->high[j]));
	}
	for (; i + 32 + MULTI_NEEDLE_HEAD <= n; i += 32) {
		__m256i all = groups_beginning_at(&t, p + i);
		if (_mm256_testz_si256(all, all))
			continue;
		uint8_t groups[32];
		_mm256_storeu_si256((__m256i *)(void *)groups, all);
		unsigned none = (unsigned)_mm256_movemask_epi8(
			_mm256_cmpeq_epi8(all, _mm256_setzero_si256()));
		for (unsigned bits = ~none; bits; bits &= bits - 1) {
			size_t at = (unsigned)__builtin_ctz(bits);
			if (multi_needle_begins(m, groups[at], p + i + at, n - i - at))
				return i + at;
		}
	}
	return multi_needle_find_from(m, p, n, i);
}
#endif

size_t multi_needle_find(const struct multi_needle *m, const char *p, size_t n)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		return multi_needle_find_avx2(m, p, n);
#endif
	return multi_needle_find_from(m, p, n, 0);
}
