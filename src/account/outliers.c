/*
 * outliers: holds each alert against its habit: values that are rare where others are usual, bits
 * that the others do not have, and what nobody should approve with others. What is left is alike, part
 * by part. An approval is held against all that is loaded; another verdict, which is about what is odd
 * itself, against its own group. Only counts decide: the order of rows changes nothing.
 */
#include "outliers_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/alert/signal.h"

#include <stdlib.h>

/* What a trait or a fact says as well. */
#define SIGNALS_PASSED (SIGNAL_FLAGGED | SIGNAL_UNLISTED | SIGNAL_FORGED | SIGNAL_DISAGREE |           \
	SIGNAL_OMITTED | SIGNAL_OVERRIDE | SIGNAL_DELETES | SIGNAL_WHOLE | SIGNAL_PARTITION |          \
	SIGNAL_ROLE_FOREIGN | SIGNAL_CALLER_FOREIGN | SIGNAL_ROOT | SIGNAL_KEY_LONG | SIGNAL_CONSOLE | \
	SIGNAL_CLI | SIGNAL_AGENT_UNKNOWN | SIGNAL_CLAIM | SIGNAL_TWIN_KEYS | SIGNAL_UNREAD |           \
	SIGNAL_ARN_DIFFERS | SIGNAL_UNTOLD | SIGNALS_UNUSUAL)

enum { SMALL = 10, DAY = 24, BEFORE_MAX = 256,
	REASON_TRAIT = 32, REASON_SIGNAL = 96, TRAIT_STRENGTH = 3, DOUBT_STRENGTH = 8 };

struct way {
	const char *name;
	int strength;
};

static const struct way ways[OUTLIER_WAYS] = {
#define X(enumerator, strength, text) {text, strength},
	OUTLIER_WAYS_X(X)
#undef X
};

static const char *outlier_way_name(enum outlier_way w)
{
	return (unsigned)w < OUTLIER_WAYS ? ways[w].name : "unknown";
}

/* ---- facts and bits ----------------------------------------------------------------------- */

/* Something is usual where the values that are not rare make two thirds. */
static bool tells(const struct habit *x, uint32_t f)
{
	return x->cover[f] && (uint64_t)x->cover[f] * 3 >= (uint64_t)x->with[f] * 2;
}

static uint32_t judge_facts(const struct habits *h, const struct habit_row *r, uint32_t like)
{
	const struct habit *x = &h->v[like];
	uint32_t bits = 0;
	for (uint32_t f = 0; f < HABIT_FACTS; f++)
		if (r->fact[f] && tells(x, f) &&
			habit_is_rare(habit_times(h, like, f, r->fact[f]), x->with[f]))
			bits |= 1u << f;
	return bits;
}

/* Those of `bits` that few others of the habit have, or few others at all where the habit is small. */
static uint64_t judge_bits(const struct habits *h, uint32_t like, uint32_t first, uint64_t bits)
{
	uint32_t n = h->v[like].n;
	uint64_t odd = 0;
	for (uint64_t rest = bits; rest; rest &= rest - 1) {
		uint32_t bit = (uint32_t)__builtin_ctzll(rest);
		uint32_t times = habit_times(h, like, first + bit, 1);
		uint32_t all = habit_times(h, 0, first + bit, 1);
		if ((habit_is_rare(times, n) && times * 3 <= n) ||
			(n < SMALL && h->v[0].n >= SMALL && habit_is_rare(all, h->v[0].n)))
			odd |= 1ull << bit;
	}
	return odd;
}

/* ---- time --------------------------------------------------------------------------------- */

/* An hour before and after still counts as usual. */
static bool outliers_outside(const struct habit *x, int64_t time)
{
	return x->hours && (habit_hour(time) - x->hour + 1 + DAY) % DAY > x->hours + 1;
}

/* No more than one other of the habit within a month or two. */
static bool lone_date(const struct habits *h, uint32_t like, int64_t time)
{
	uint32_t near = 0;
	for (int64_t m = habit_month(time) - 1; m <= habit_month(time) + 1; m++)
		near += habit_times(h, like, COUNT_MONTH, (uint64_t)m);
	return h->v[like].n >= SMALL && near < HABIT_MIN;
}

/* ---- what was copied before --------------------------------------------------------------- */

static bool outliers_covers(const struct alert_dest *wide, const struct alert_dest *narrow)
{
	return str_starts(narrow->prefix, wide->prefix) &&
		(!wide->tags.n || str_eq(wide->tags, narrow->tags));
}

/* To an account that got less before. */
static bool grows(const struct alert_dest *d, const struct alert *before)
{
	bool less = false;
	for (size_t i = 0; i < before->n_dests; i++) {
		const struct alert_dest *b = &before->dests[i];
		if (!str_eq(b->account, d->account) || b->relation != d->relation)
			continue;
		if (outliers_covers(b, d))
			return false;
		less |= outliers_covers(d, b);
	}
	return less;
}

static bool is_wider(const struct habits *h, row_id r)
{
	const struct alert *a = store_alert(h->store, r), *last = NULL;
	uint32_t at = habit_newest(h, &h->rows[r]);
	for (int k = 0; at && k < BEFORE_MAX; k++, at = h->rows[at - 1].before) {
		const struct alert *b = store_alert(h->store, at - 1);
		if (b->time < a->time && (!last || b->time > last->time) &&
			store_verdict(h->store, at - 1) != VERDICT_SUSPICIOUS)
			last = b;
	}
	for (size_t i = 0; last && i < a->n_dests; i++)
		if (grows(&a->dests[i], last))
			return true;
	return false;
}

/* ---- destinations ------------------------------------------------------------------------- */

/* What no approval of many takes, and what the group does not stand for. */
static uint32_t judge_dests(const struct habits *h, const struct outliers_ask *ask, const struct alert *a)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < a->n_dests; i++) {
		const struct alert_dest *d = &a->dests[i];
		if (d->account.n && book_kind(h->book, d->account) == ACCOUNT_FLAGGED)
			bits |= 1u << OUT_FLAGGED;
		if (d->relation == RELATION_UNNAMED || d->relation == RELATION_INVALID)
			bits |= 1u << OUT_UNTOLD;
		if (ask->account.n && d->relation != RELATION_OWN && !str_eq(d->account, ask->account))
			bits |= 1u << OUT_DEST;
	}
	return ask->verdict == VERDICT_APPROVED ? bits : bits & 1u << OUT_DEST;
}

/* ---- one row ------------------------------------------------------------------------------ */

void habit_judge(const struct habits *h, const struct habit_row *r, struct outlier *x)
{
	const struct habit_row *usual = &h->rows[h->v[x->like].example];
	int64_t time = store_alert(h->store, x->row)->time;
	x->ways |= judge_facts(h, r, x->like);
	x->ways |= r->dest != usual->dest ? 1u << OUT_DEST : 0;
	x->ways |= r->actor != usual->actor ? 1u << OUT_ACTOR : 0;
	x->traits = judge_bits(h, x->like, COUNT_TRAIT, r->traits);
	if (time == WHEN_NONE)
		return;
	x->ways |= outliers_outside(&h->v[x->like], time) ? 1u << OUT_HOURS : 0;
	x->ways |= lone_date(h, x->like, time) ? 1u << OUT_DATE : 0;
}

static void outliers_judge(
	const struct habits *h, const struct outliers_ask *ask, row_id row, struct outlier *x)
{
	const struct habit_row *r = &h->rows[row];
	*x = (struct outlier){.row = row, .like = habit_like(h, r)};
	x->ways = judge_dests(h, ask, store_alert(h->store, row));
	if (r->unknown && !ask->account.n &&
		habit_is_rare(habit_times(h, 0, COUNT_UNKNOWN, 1), h->v[0].n))
		x->ways |= 1u << OUT_UNKNOWN;
	x->ways |= is_wider(h, row) ? 1u << OUT_WIDER : 0;
	if (x->like)
		habit_judge(h, r, x);
	if (x->like)
		x->signals = judge_bits(h, x->like, COUNT_SIGNAL,
			store_signals(h->store, row) & ~SIGNALS_PASSED);
	if (ask->verdict == VERDICT_APPROVED)
		x->traits |= r->traits & TRAITS_DOUBT;
}

static int reason_strength(uint16_t reason)
{
	if (reason >= REASON_SIGNAL)
		return signal_weight((enum signal_index)(reason - REASON_SIGNAL));
	if (reason < REASON_TRAIT)
		return ways[reason].strength;
	return (1ull << (reason - REASON_TRAIT)) & TRAITS_DOUBT ? DOUBT_STRENGTH : TRAIT_STRENGTH;
}

static void weigh_bits(struct outlier *x, uint64_t bits, uint16_t first)
{
	for (; bits; bits &= bits - 1) {
		uint16_t reason = (uint16_t)(first + __builtin_ctzll(bits));
		x->strength += reason_strength(reason);
		if (x->reason == UINT16_MAX || reason_strength(reason) > reason_strength(x->reason))
			x->reason = reason;
	}
}

/* False when nothing differs. */
static bool weigh(struct outlier *x)
{
	x->reason = UINT16_MAX;
	weigh_bits(x, x->ways, 0);
	weigh_bits(x, x->traits, REASON_TRAIT);
	weigh_bits(x, x->signals, REASON_SIGNAL);
	return x->reason != UINT16_MAX;
}

/* ---- all ---------------------------------------------------------------------------------- */

static int compare_outliers(const void *left, const void *right)
{
	const struct outlier *a = left, *b = right;
	int x = reason_strength(a->reason), y = reason_strength(b->reason);
	if (x != y || a->reason != b->reason)
		return x != y ? y - x : a->reason - b->reason;
	if (a->strength != b->strength)
		return b->strength - a->strength;
	return (a->row > b->row) - (a->row < b->row);
}

static int compare_alike(const void *left, const void *right, void *habits)
{
	const struct habits *h = habits;
	row_id a = *(const row_id *)left, b = *(const row_id *)right;
	uint32_t x = h->rows[a].habit, y = h->rows[b].habit;
	return x != y ? (x > y) - (x < y) : (a > b) - (a < b);
}

static int compare_parts(const void *left, const void *right)
{
	const struct outlier_part *a = left, *b = right;
	return a->n != b->n ? (a->n < b->n) - (a->n > b->n) : (a->first > b->first) - (a->first < b->first);
}

static void find_parts(const struct habits *h, size_t n, struct outliers *out)
{
	if (n)
		qsort_r(out->alike, n, sizeof(*out->alike), compare_alike, (void *)(uintptr_t)h);
	for (size_t i = 0; i < n; i++) {
		if (!i || h->rows[out->alike[i]].habit != h->rows[out->alike[i - 1]].habit)
			out->parts[out->n_parts++] = (struct outlier_part){i, 0};
		out->parts[out->n_parts - 1].n++;
	}
	if (out->n_parts)
		qsort(out->parts, out->n_parts, sizeof(*out->parts), compare_parts);
}

void outliers_find(struct habits *h, const struct outliers_ask *ask, struct outliers *out)
{
	size_t alike = 0, most = ask->n ? ask->n : 1;
	bool approves = ask->verdict == VERDICT_APPROVED;
	*out = (struct outliers){.v = mem_array(most, sizeof(*out->v)),
		.alike = mem_array(most, sizeof(*out->alike)), .parts = mem_array(most, sizeof(*out->parts))};
	habits_update(h, approves ? NULL : ask->rows, ask->n);
	for (size_t i = 0; i < ask->n; i++) {
		struct outlier *x = &out->v[out->n];
		outliers_judge(h, ask, ask->rows[i], x);
		if (weigh(x))
			out->n++;
		else
			out->alike[alike++] = ask->rows[i];
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), compare_outliers);
	if (approves)
		find_parts(h, alike, out);
	else if (alike)
		out->parts[out->n_parts++] = (struct outlier_part){0, alike};
}

void outliers_fini(struct outliers *o)
{
	free(o->v);
	free(o->alike);
	free(o->parts);
	*o = (struct outliers){0};
}

/* ---- in words ----------------------------------------------------------------------------- */

void outlier_reason(uint16_t reason, struct buf *out)
{
	if (reason >= REASON_SIGNAL)
		buf_c(out, signal_help((enum signal_index)(reason - REASON_SIGNAL)));
	else if (reason >= REASON_TRAIT)
		buf_c(out, trait_text((enum trait_index)(reason - REASON_TRAIT)));
	else
		buf_c(out, outlier_way_name((enum outlier_way)reason));
}

static void explain_hours(const struct habits *h, const struct outlier *x, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	const struct habit *usual = &h->v[x->like];
	struct str clock = str_sub(str_c(when_format(store_alert(h->store, x->row)->time, when)), 11, 16);
	buf_fmt(out, ": %.*s (usual: %02d-%02d)", STR_ARG(clock), usual->hour,
		(usual->hour + usual->hours) % DAY);
}

/* A row that has the usual value: of a fact that is counted, else any of the habit. */
static row_id usual_row(const struct habits *h, const struct outlier *x, enum outlier_way w)
{
	if ((int)w < HABIT_FACTS)
		return h->v[x->like].usual[w];
	return x->like ? h->v[x->like].example : ROW_NONE;
}

void habit_explain(const struct habits *h, const struct outlier *x, enum outlier_way w,
	struct buf *out)
{
	buf_c(out, ways[w].name);
	if (w == OUT_HOURS)
		explain_hours(h, x, out);
	if (w > OUT_UNKNOWN)
		return;
	AUTO(buf_fini) struct buf here = {0};
	AUTO(buf_fini) struct buf there = {0};
	habit_fact_text(store_alert(h->store, x->row), w, &here);
	row_id usual = usual_row(h, x, w);
	if (usual != ROW_NONE && w <= OUT_ACTOR)
		habit_fact_text(store_alert(h->store, usual), w, &there);
	buf_fmt(out, ": %.*s", STR_ARG(buf_str(&here)));
	/* Usual, but not what was asked about: a destination beside the account of the question. */
	if (there.n && !str_eq(buf_str(&there), buf_str(&here)))
		buf_fmt(out, " (usual: %.*s)", STR_ARG(buf_str(&there)));
}

void outlier_explain(const struct habits *h, const struct outlier *x, struct buf *out)
{
	const uint64_t bits[] = {x->ways, x->traits, x->signals};
	static const uint16_t begins[] = {0, REASON_TRAIT, REASON_SIGNAL};
	size_t start = out->n;
	for (uint16_t k = 0; k < ARRAY_LEN(bits); k++)
		for (uint64_t rest = bits[k]; rest; rest &= rest - 1) {
			uint16_t reason = (uint16_t)(begins[k] + __builtin_ctzll(rest));
			buf_c(out, out->n > start ? ", " : "");
			if (k)
				outlier_reason(reason, out);
			else
				habit_explain(h, x, (enum outlier_way)reason, out);
		}
}
