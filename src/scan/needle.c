/*
 * needle: several byte strings searched at once by their two rarest bytes, 32 places a step where
 * the processor has AVX2. A text may spell a letter as \u0042: such escapes are needles too.
 */
#include "needle.h"

#include "multi_needle.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* The bytes of JSON logs from frequent to rare; what is not listed is rarer still. */
static const char frequent[] = "\"e:atnosri,cl-mudp.0134256789{}_h/gfvby=ATSIECk UPRwxMLNODzBjVWqFGHKYXQJZ";

static size_t rarity(char c)
{
	const char *at = c ? strchr(frequent, c) : NULL;
	return at ? (size_t)(at - frequent) : sizeof(frequent);
}

static void needle_add(struct needles *s, struct str text)
{
	struct needle *v = &s->v[s->n++];
	if (text.n > NEEDLE_BYTES)
		text.n = NEEDLE_BYTES;
	memcpy(v->text, text.p, text.n);
	v->n = text.n;
	v->a = 0;
	for (size_t i = 1; i < text.n; i++)
		if (rarity(text.p[i]) > rarity(text.p[v->a]))
			v->a = i;
	v->b = v->a ? 0 : text.n > 1;
	for (size_t i = 0; i < text.n; i++)
		if (i != v->a && rarity(text.p[i]) > rarity(text.p[v->b]))
			v->b = i;
	if (s->reach < v->a)
		s->reach = v->a;
	if (s->reach < v->b)
		s->reach = v->b;
}

/* What the conversion to ECS adds by itself: a raw event need not hold it. */
static const char *const added[] = {
	"aws.cloudtrail", "success", "failure", "preserve_original_event", "event.original",
	"authentication", "configuration", "creation", "deletion", "connection", "protocol",
	"process", "network", "session", "database", "registry", "driver", "package", "threat",
	"vulnerability", "malware", "intrusion_detection", "installation", "unknown", "cloudtrail",
	"change", "access", "allowed", "denied", "signal", "group", "admin", "Other",
	"delete", "start", "Spider", "Linux",
};

/* True when a raw event whose ECS document holds `s` spells it the same way: no JSON escape, no
 * punctuation of the map string, no text that the conversion makes. */
static bool verbatim(struct str s)
{
	if (s.n < 5)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool word = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!word && !strchr("_-.:@", c))
			return false;
	}
	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++)
		if (str_find(str_c(added[i]), s) != STR_NONE)
			return false;
	return !str_digits(s);
}

static void add_escapes(struct needles *s)
{
	for (size_t k = 0; k < s->n; k++)
		escapes_add(&s->escapes, s->v[k].text, s->v[k].n);
	needle_add(s, STR("\\u00"));
	s->any_escape = true;
}

bool needles_init(struct needles *s, const struct str *literals, size_t n)
{
	*s = (struct needles){0};
	const struct str *best = NULL;
	for (size_t i = 0; i < n; i++)
		if (verbatim(literals[i]) && (!best || literals[i].n > best->n))
			best = &literals[i];
	if (!best)
		return false;
	needle_add(s, *best);
	needle_add(s, STR("\"signal")); /* event.kind of an alert, and the fields of one of 7.x */
	add_escapes(s);
	return true;
}

void needles_add_kibana(struct needles *s)
{
	if (!s->any_escape || s->n == NEEDLES_MAX || s->many)
		return;
	s->n--;
	needle_add(s, STR("\"kibana"));
	add_escapes(s);
}

void needles_one(struct needles *s, struct str text)
{
	*s = (struct needles){0};
	needle_add(s, text);
}

/* True when a needle begins at p; n bytes follow. */
static bool needle_begins(const struct needles *s, const char *p, size_t n)
{
	for (size_t k = 0; k < s->n; k++) {
		const struct needle *v = &s->v[k];
		if (n < v->n || memcmp(p, v->text, v->n) != 0)
			continue;
		if (!s->any_escape || k + 1 < s->n)
			return true;
		if (escapes_spell(&s->escapes, p + v->n, n - v->n))
			return true;
	}
	return false;
}

static size_t needle_find_from(const struct needles *s, const char *p, size_t n, size_t from)
{
	size_t best = STR_NONE;
	for (size_t k = 0; k < s->n; k++) {
		size_t at = from;
		size_t end = best == STR_NONE ? n : best;
		while (at < end) {
			const char *q = memchr(p + at, s->v[k].text[0], end - at);
			if (!q)
				break;
			at = (size_t)(q - p);
			if (needle_begins(s, q, n - at)) {
				best = at;
				break;
			}
			at++;
		}
	}
	return best;
}

#if defined(__x86_64__)
/* The vectors of all needles, laid out so that the compiler keeps them in registers. */
struct vectors {
	__m256i a[NEEDLES_MAX], b[NEEDLES_MAX];
	const char *pa[NEEDLES_MAX], *pb[NEEDLES_MAX];
};

__attribute__((target("avx2"), always_inline)) static inline __m256i hits_at(
	const struct vectors *v, size_t i, size_t count)
{
	__m256i any = _mm256_setzero_si256();
#pragma GCC unroll 4
	for (size_t k = 0; k < count; k++) {
		__m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(v->pa[k] + i));
		__m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(v->pb[k] + i));
		any = _mm256_or_si256(any,
			_mm256_and_si256(_mm256_cmpeq_epi8(a, v->a[k]), _mm256_cmpeq_epi8(b, v->b[k])));
	}
	return any;
}

__attribute__((target("avx2"), always_inline)) static inline size_t find_avx2(
	const struct needles *s, const char *p, size_t n, size_t count)
{
	struct vectors v;
#pragma GCC unroll 4
	for (size_t k = 0; k < count; k++) {
		v.a[k] = _mm256_set1_epi8(s->v[k].text[s->v[k].a]);
		v.b[k] = _mm256_set1_epi8(s->v[k].text[s->v[k].b]);
		v.pa[k] = p + s->v[k].a;
		v.pb[k] = p + s->v[k].b;
	}
	size_t i = 0;
	for (; i + s->reach + 64 <= n; i += 64) {
		__m256i low = hits_at(&v, i, count), high = hits_at(&v, i + 32, count);
		__m256i both = _mm256_or_si256(low, high);
		if (_mm256_testz_si256(both, both))
			continue;
		uint64_t bits = (unsigned)_mm256_movemask_epi8(low) |
			(uint64_t)(unsigned)_mm256_movemask_epi8(high) << 32;
		for (; bits; bits &= bits - 1) {
			size_t at = i + (unsigned)__builtin_ctzll(bits);
			if (needle_begins(s, p + at, n - at))
				return at;
		}
	}
	return needle_find_from(s, p, n, i);
}

__attribute__((target("avx2"))) static size_t find_one(const struct needles *s, const char *p, size_t n)
{
	return find_avx2(s, p, n, 1);
}

__attribute__((target("avx2"))) static size_t find_three(const struct needles *s, const char *p, size_t n)
{
	return find_avx2(s, p, n, 3);
}

__attribute__((target("avx2"))) static size_t find_all(const struct needles *s, const char *p, size_t n)
{
	return find_avx2(s, p, n, NEEDLES_MAX);
}
#endif

size_t needles_find(const struct needles *s, const char *p, size_t n)
{
	if (s->many)
		return multi_needle_find(s->many, p, n);
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2")) {
		if (s->n == 1)
			return find_one(s, p, n);
		if (s->n == 3)
			return find_three(s, p, n);
		if (s->n == NEEDLES_MAX)
			return find_all(s, p, n);
	}
#endif
	return needle_find_from(s, p, n, 0);
}
