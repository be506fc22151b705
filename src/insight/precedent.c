/*
 * precedent: earlier verdicts on alerts that have something in common with one.
 */
#include "precedent_priv.h"

#include "s3triage/alert/ident.h"
#include "s3triage/base/vec.h"
#include "s3triage/base/when.h"
#include "s3triage/alert/content.h"

#include <stdlib.h>

/* As in the store: an alert's id, its rule and event, its rule and what the event shares. */
enum { NAMED = 3 };

struct precedents {
	struct past *v;
	size_t n, cap;
	struct idents idents; /* row: number of the past */
	struct shelves shelves;
	struct arena mem;
	uint32_t stamp;
	uint32_t *found;      /* pasts of the question at hand */
	size_t n_found, cap_found;
};

const char *precedent_kind_name(enum precedent_kind k)
{
	static const char *const names[PRECEDENT_KINDS] = {"destination", "actor", "role", "bucket"};
	return (unsigned)k < PRECEDENT_KINDS ? names[k] : "unknown";
}

struct precedents *precedent_new(void)
{
	struct precedents *s = mem_alloc(sizeof(*s));
	s->idents.words = &s->shelves.words;
	return s;
}

void precedent_free(struct precedents *s)
{
	if (!s)
		return;
	idents_fini(&s->idents);
	shelves_fini(&s->shelves);
	arena_fini(&s->mem);
	free(s->found);
	free(s->v);
	free(s);
}

/* ---- taking in ---------------------------------------------------------------------------- */

struct shelving {
	struct precedents *s;
	uint32_t past;
};

static void shelve(void *ctx, enum precedent_kind kind, struct str value)
{
	struct shelving *x = ctx;
	struct precedent_hit *hit = &x->s->v[x->past].hit;
	shelves_put(&x->s->shelves, kind, value, x->past);
	if (kind == PRECEDENT_BUCKET)
		hit->bucket = intern(&x->s->shelves.words, value);
	if (kind == PRECEDENT_ACTOR)
		hit->actor = intern(&x->s->shelves.words, value);
}

static uint32_t precedent_add(struct precedents *s, const struct decision *d,
	struct ident *const names[NAMED], const struct content *facts)
{
	struct content *about = arena_alloc(&s->mem, sizeof(*about));
	struct intern *words = &s->shelves.words;
	s->v = vec_room(s->v, s->n, &s->cap, sizeof(*s->v));
	content_keep(facts, words, about);
	s->v[s->n++] = (struct past){.about = about, .hit = {.seq = d->seq, .at = decision_made(d),
		.approval = d->approval, .verdict = d->verdict, .analyst = intern(words, decision_who(d)),
		.reason = intern(words, d->reason), .note = intern(words, d->note),
		.alert_id = names[0] ? names[0]->a : (struct str){0},
		.event_id = names[1] ? names[1]->b : (struct str){0}}};
	return (uint32_t)s->n - 1;
}

/* What is known under this name of the same facts and is newer, else ROW_NONE; what is older is out. */
static uint32_t precedent_newer(
	struct precedents *s, const struct ident *name, int64_t seq, const struct content *facts)
{
	uint32_t found = ROW_NONE;
	for (const struct ident_row *at = ident_rows(name); at; at = at->next) {
		struct past *p = &s->v[at->row];
		if (p->dead || content_differs(p->about, facts))
			continue;
		if (p->hit.seq >= seq)
			found = at->row;
		else
			p->dead = true;
	}
	return found;
}

void precedent_take(struct precedents *s, const struct decision *d)
{
	struct arena mem = {0};
	struct content facts;
	content_of_facts(d->facts, &mem, &facts);
	struct ident *names[NAMED] = {ident_of_id(&s->idents, d->alert_id),
		ident_of_event(&s->idents, d->rule_id, d->event_id),
		ident_of_shared(&s->idents, d->rule_id, facts.shared)};
	uint32_t it = ROW_NONE;
	for (size_t i = 0; i < NAMED; i++) { /* of each name what is older is out */
		uint32_t past = precedent_newer(s, names[i], d->seq, &facts);
		it = it == ROW_NONE ? past : it;
	}
	bool known = it != ROW_NONE;
	if (!known)
		it = precedent_add(s, d, names, &facts);
	for (size_t i = 0; i < NAMED; i++)
		if (names[i])
			ident_add_row(&s->idents, names[i], it);
	if (!known && d->verdict != VERDICT_OPEN)
		precedent_facts(d->facts, shelve, &(struct shelving){s, it});
	arena_fini(&mem);
}

/* ---- asking ------------------------------------------------------------------------------- */

struct asking {
	struct precedents *s;
	const struct alert *a;
	const struct content *facts;
};

static bool stands(const struct asking *q, const struct past *p)
{
	const struct precedent_hit *h = &p->hit;
	bool named = (h->alert_id.n && str_eq(h->alert_id, alert_name(q->a))) ||
		(h->event_id.n && str_eq(h->event_id, q->a->event_id)) ||
		(p->about->shared.n && str_eq(p->about->shared, q->a->shared_id));
	return !p->dead && !(named && !content_differs(p->about, q->facts));
}

static void precedent_note(struct precedents *s, uint32_t i, enum precedent_kind kind)
{
	struct past *p = &s->v[i];
	if (p->stamp != s->stamp) {
		p->stamp = s->stamp;
		p->hit.same = 0;
		s->found = vec_room(s->found, s->n_found, &s->cap_found, sizeof(*s->found));
		s->found[s->n_found++] = i;
	}
	p->hit.same |= 1u << kind;
}

static void precedent_collect(void *ctx, enum precedent_kind kind, struct str value)
{
	const struct asking *q = ctx;
	const struct shelf *shelf = shelves_find(&q->s->shelves, kind, value);
	for (size_t i = 0; shelf && i < shelf->n; i++)
		if (stands(q, &q->s->v[shelf->v[i]]))
			precedent_note(q->s, shelf->v[i], kind);
}

static void precedent_ask(struct precedents *s, const struct alert *a)
{
	struct arena mem = {0};
	struct content facts;
	struct asking q = {s, a, &facts};
	content_of(a, &mem, &facts);
	s->stamp++;
	s->n_found = 0;
	precedent_values(a, precedent_collect, &q);
	arena_fini(&mem);
}

static bool precedent_before(const struct precedent_hit *a, const struct precedent_hit *b)
{
	int na = __builtin_popcount(a->same), nb = __builtin_popcount(b->same);
	if (na != nb)
		return na > nb;
	bool da = a->same & 1u << PRECEDENT_DEST, db = b->same & 1u << PRECEDENT_DEST;
	return da != db ? da : a->seq > b->seq;
}

static void precedent_insert(
	struct precedent_hit *out, size_t *n, size_t max, const struct precedent_hit *hit)
{
	if (*n == max && !precedent_before(hit, &out[max - 1]))
		return;
	size_t i = *n < max ? (*n)++ : max - 1;
	for (; i > 0 && precedent_before(hit, &out[i - 1]); i--)
		out[i] = out[i - 1];
	out[i] = *hit;
}

size_t precedent_find(struct precedents *s, const struct alert *a, struct precedent_hit *out, size_t max)
{
	size_t n = 0;
	precedent_ask(s, a);
	for (size_t i = 0; max && i < s->n_found; i++)
		precedent_insert(out, &n, max, &s->v[s->found[i]].hit);
	return s->n_found;
}

void precedent_counts(
	struct precedents *s, const struct alert *a, struct precedent_count out[PRECEDENT_KINDS])
{
	for (int k = 0; k < PRECEDENT_KINDS; k++)
		out[k] = (struct precedent_count){{0}};
	precedent_ask(s, a);
	for (size_t i = 0; i < s->n_found; i++) {
		const struct precedent_hit *h = &s->v[s->found[i]].hit;
		for (int k = 0; k < PRECEDENT_KINDS; k++)
			out[k].by_verdict[h->verdict] += h->same >> k & 1;
	}
}

static enum precedent_kind strongest(const struct precedent_hit *hit)
{
	int k = 0;
	while (k < PRECEDENT_KINDS - 1 && !(hit->same >> k & 1))
		k++;
	return (enum precedent_kind)k;
}

static void put_day(int64_t ms, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	buf_add(out, str_sub(str_c(when_format(ms, when)), 0, 10));
}

void precedent_sentence(struct precedents *s, const struct alert *a, struct buf *out)
{
	struct precedent_hit hit;
	struct precedent_count counts[PRECEDENT_KINDS];
	if (!precedent_find(s, a, &hit, 1))
		return;
	precedent_counts(s, a, counts);
	enum precedent_kind kind = strongest(&hit);
	const size_t *n = counts[kind].by_verdict;
	buf_fmt(out, "same %s: ", precedent_kind_name(kind));
	if (n[VERDICT_SUSPICIOUS])
		buf_fmt(out, "%zu suspicious%s", n[VERDICT_SUSPICIOUS], n[VERDICT_APPROVED] ? ", " : "");
	if (n[VERDICT_APPROVED])
		buf_fmt(out, "%zu approved", n[VERDICT_APPROVED]);
	buf_fmt(out, " (%s ", verdict_name(hit.verdict));
	put_day(hit.at, out);
	buf_fmt(out, ", %.*s", STR_ARG(hit.analyst));
	if (hit.reason.n || hit.note.n)
		buf_fmt(out, ": %.*s%s%.*s", STR_ARG(hit.reason),
			hit.reason.n && hit.note.n ? ", " : "", STR_ARG(hit.note));
	buf_char(out, ')');
}
