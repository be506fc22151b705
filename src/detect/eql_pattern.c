/*
 * eql_pattern: `*` and `?` over whole values. A pattern is cut at its stars into pieces, each
 * found as far left as it goes: no backtracking, whatever the value.
 */
#include "eql_priv.h"

#include "s3triage/base/utf8.h"

enum { ANY = 0xffffffff }; /* `?` among the code points of a piece */

struct piece {
	uint32_t *cp;
	size_t n;
	struct str bytes; /* the piece as text, when it has no `?` */
	bool literal;
};

struct pattern {
	bool fold, star_first, star_last;
	struct piece *pieces; /* never empty ones; in order */
	size_t n;
};

bool pattern_is_plain(struct str text)
{
	return str_find_char(text, '*') == STR_NONE && str_find_char(text, '?') == STR_NONE;
}

struct reader {
	struct str rest;
	bool escape;
};

/* One element of the pattern; a star and a ? are told apart from escaped ones. */
static uint32_t eql_pattern_read_one(struct reader *r, bool *star)
{
	*star = false;
	uint32_t cp = utf8_next(&r->rest);
	if (cp == '\\' && r->escape && r->rest.n)
		return utf8_next(&r->rest);
	*star = cp == '*';
	return cp == '?' ? ANY : cp;
}

static void piece_finish(struct arena *mem, struct piece *p, bool fold)
{
	AUTO(buf_fini) struct buf text = {0};
	p->literal = true;
	for (size_t i = 0; i < p->n; i++) {
		if (p->cp[i] == ANY) {
			p->literal = false;
			continue;
		}
		utf8_put(&text, p->cp[i]);
		if (fold)
			p->cp[i] = utf8_fold(p->cp[i]);
	}
	if (p->literal)
		p->bytes = arena_str(mem, buf_str(&text));
}

struct pattern *pattern_new(struct arena *mem, struct str text, int flags)
{
	struct pattern *p = arena_alloc(mem, sizeof(*p));
	size_t stars = 0;
	for (size_t i = 0; i < text.n; i++)
		stars += text.p[i] == '*';
	p->fold = flags & PATTERN_FOLD;
	p->pieces = arena_array(mem, stars + 1, sizeof(*p->pieces));
	uint32_t *cps = arena_array(mem, text.n + 1, sizeof(*cps));
	struct reader r = {text, flags & PATTERN_ESCAPE};
	struct piece now = {.cp = cps};
	while (r.rest.n) {
		bool star;
		uint32_t cp = eql_pattern_read_one(&r, &star);
		if (!star) {
			now.cp[now.n++] = cp;
			p->star_last = false;
			continue;
		}
		p->star_last = true;
		p->star_first |= p->n == 0 && now.n == 0;
		if (now.n)
			p->pieces[p->n++] = now;
		now = (struct piece){.cp = now.cp + now.n};
	}
	if (now.n)
		p->pieces[p->n++] = now;
	for (size_t i = 0; i < p->n; i++)
		piece_finish(mem, &p->pieces[i], p->fold);
	return p;
}

static bool piece_at(const struct pattern *p, const struct piece *piece, struct str s, size_t *used)
{
	struct str rest = s;
	for (size_t i = 0; i < piece->n; i++) {
		if (rest.n == 0)
			return false;
		uint32_t cp = utf8_next(&rest);
		if (piece->cp[i] != ANY && piece->cp[i] != (p->fold ? utf8_fold(cp) : cp))
			return false;
	}
	*used = s.n - rest.n;
	return true;
}

static bool piece_find(const struct pattern *p, const struct piece *piece, struct str *s)
{
	if (piece->literal && !p->fold) {
		size_t at = str_find(*s, piece->bytes);
		if (at == STR_NONE)
			return false;
		*s = str_sub(*s, at + piece->bytes.n, s->n);
		return true;
	}
	size_t used;
	while (s->n) {
		if (piece_at(p, piece, *s, &used)) {
			*s = str_sub(*s, used, s->n);
			return true;
		}
		utf8_next(s);
	}
	return false;
}

/* Takes the last piece off the end of the value, when the pattern does not end in a star. */
static bool piece_ends(const struct pattern *p, const struct piece *piece, struct str *s)
{
	size_t at = s->n, used;
	for (size_t count = piece->n; count; count--) {
		if (at == 0)
			return false;
		do
			at--;
		while (at && ((unsigned char)s->p[at] & 0xc0) == 0x80);
	}
	struct str end = str_sub(*s, at, s->n);
	if (!piece_at(p, piece, end, &used) || used != end.n)
		return false;
	s->n = at;
	return true;
}

bool pattern_match(const struct pattern *p, struct str s)
{
	if (p->n == 0)
		return p->star_first || s.n == 0;
	size_t first = 0, last = p->n, used;
	if (!p->star_first) {
		if (!piece_at(p, &p->pieces[0], s, &used))
			return false;
		s = str_sub(s, used, s.n);
		first = 1;
		if (p->n == 1)
			return p->star_last || s.n == 0;
	}
	if (!p->star_last && !piece_ends(p, &p->pieces[--last], &s))
		return false;
	for (size_t i = first; i < last; i++)
		if (!piece_find(p, &p->pieces[i], &s))
			return false;
	return true;
}

struct str pattern_longest_literal(const struct pattern *p)
{
	struct str best = {0};
	for (size_t i = 0; i < p->n; i++)
		if (p->pieces[i].bytes.n > best.n)
			best = p->pieces[i].bytes;
	return best;
}
