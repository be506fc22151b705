/*
 * outbox_route: which profiles decisions go to, and that in words, before anything is decided. Pure.
 */
#include "s3triage/base/hash.h"
#include "s3triage/base/mem.h"
#include "s3triage/journal/outbox.h"

#include <string.h>

static void half_mark(struct str s, char *out)
{
	char hex[SHA256_HEX];
	sha256_hex(s, hex);
	memcpy(out, hex, 16);
}

void outbox_mark_of(const struct outbox_place *p, char out[OUTBOX_MARK])
{
	memset(out, 0, OUTBOX_MARK);
	half_mark(p->url, out);
	if (!p->place.n)
		return;
	out[16] = '.';
	half_mark(p->place, out + 17);
}

/* Read while the profile wrote nothing, it is known by its URL. */
static bool is_mark(struct str mark, struct str here)
{
	return str_eq(mark, here) ||
		(str_find(mark, STR(".")) == STR_NONE && str_eq(mark, str_sub(here, 0, 16)));
}

static bool outbox_route_is_here(const struct outbox_place *p, struct str mark, struct str here)
{
	bool is = is_mark(mark, here);
	for (struct str rest = p->moved; rest.n && !is;)
		is = is_mark(mark, str_cut(&rest, ','));
	return is;
}

enum outbox_way outbox_takes(const struct outbox_place *p, struct str origin, struct buf *mark)
{
	char here[OUTBOX_MARK];
	enum outbox_way way = OUTBOX_NOT;
	struct str other = {0};
	outbox_mark_of(p, here);
	while (origin.n) {
		struct str rest = str_cut(&origin, ','), name = str_cut(&rest, '@');
		if (str_is(name, ":demo"))
			return OUTBOX_NOT;
		if (!str_eq(name, p->name))
			continue;
		enum outbox_way found = !rest.n ? OUTBOX_BY_NAME
			: outbox_route_is_here(p, rest, str_c(here)) ? OUTBOX_HERE : OUTBOX_ELSEWHERE;
		other = found == OUTBOX_ELSEWHERE ? rest : other;
		way = way == OUTBOX_HERE || (way == OUTBOX_ELSEWHERE && found == OUTBOX_BY_NAME) ? way : found;
	}
	if (way == OUTBOX_ELSEWHERE && mark)
		buf_add(mark, other);
	return way == OUTBOX_NOT && p->team ? OUTBOX_HERE : way;
}

void outbox_teams(const struct outbox_routes *r, struct buf *out)
{
	char mark[OUTBOX_MARK];
	for (size_t i = 0; i < r->n; i++) {
		if (!r->v[i].team)
			continue;
		outbox_mark_of(&r->v[i], mark);
		buf_fmt(out, "%s%.*s@%s", out->n ? "," : "", STR_ARG(r->v[i].name), mark);
	}
}

/* Of so many alerts: what reaches it, what was read elsewhere, what it has no use for. */
struct share_of {
	size_t to, held, unfit;
};

static bool goes(const struct outbox_routes *r, const struct outbox_place *p, const struct alert *a,
	struct share_of *s)
{
	enum outbox_way way = r->home ? OUTBOX_NOT : outbox_takes(p, a->origin, NULL);
	bool unfit = way != OUTBOX_NOT && p->alerts && !a->from_kibana;
	s->unfit += unfit;
	s->held += !unfit && way == OUTBOX_ELSEWHERE;
	s->to += !unfit && (way == OUTBOX_HERE || way == OUTBOX_BY_NAME);
	return !unfit && way != OUTBOX_NOT;
}

static struct share_of count_to(const struct outbox_routes *r, const struct outbox_place *p,
	const struct alert *const *alerts, size_t n)
{
	struct share_of s = {0};
	for (size_t i = 0; i < n; i++)
		goes(r, p, alerts[i], &s);
	return s;
}

/* What a target does not get although it is meant for its name. */
static void say_rest(const struct outbox_place *p, const struct share_of *s, struct buf *out)
{
	if (s->unfit)
		buf_fmt(out, "; %zu not for %.*s: no alert of Kibana", s->unfit, STR_ARG(p->name));
	if (s->held)
		buf_fmt(out, "; %zu held: read from another place that was called %.*s", s->held,
			STR_ARG(p->name));
}

static size_t count_staying(const struct outbox_routes *r, const struct alert *const *alerts, size_t n)
{
	size_t stay = 0;
	for (size_t i = 0; i < n; i++) {
		bool leaves = false;
		for (size_t k = 0; k < r->n; k++)
			leaves |= goes(r, &r->v[k], alerts[i], &(struct share_of){0});
		stay += !leaves;
	}
	return stay;
}

size_t outbox_say_routes(const struct outbox_routes *r, const struct alert *const *alerts, size_t n,
	struct buf *out)
{
	size_t stay = count_staying(r, alerts, n), named = 0;
	AUTO(buf_fini) struct buf rest = {0};
	for (size_t k = 0; k < r->n; k++) {
		struct share_of s = count_to(r, &r->v[k], alerts, n);
		say_rest(&r->v[k], &s, &rest);
		if (!s.to)
			continue;
		buf_fmt(out, "%s%.*s", named++ ? ", " : "goes to ", STR_ARG(r->v[k].name));
		if (s.to < n)
			buf_fmt(out, " (%zu)", s.to);
	}
	if (stay && stay < n)
		buf_fmt(out, "%s%zu stay%s here", named ? "; " : "", stay, stay == 1 ? "s" : "");
	else if (stay)
		buf_c(out, n == 1 ? "stays here" : "all stay here");
	buf_add(out, str_sub(buf_str(&rest), out->n ? 0 : 2, rest.n));
	return stay + (rest.n > 0);
}
