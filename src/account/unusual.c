/*
 * unusual: one alert held against the habit that it is of, or would be of. A few alerts of some days make
 * no habit: else whoever does the same thing three times makes it usual.
 */
#include "s3triage/account/unusual.h"

#include "outliers_priv.h"

#include "s3triage/base/mem.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

enum { SPAN_DAYS = 7, USUAL_MIN = 10, USUAL_DAYS = 14 };

/* Which ways make which signal. */
struct signal_made {
	signal_set signal;
	uint32_t ways;
};

static const struct signal_made made_of[] = {
	{SIGNAL_ODD_ROLE, 1u << OUT_ROLE}, {SIGNAL_ODD_BUCKET, 1u << OUT_BUCKET},
	{SIGNAL_ODD_FILTER, 1u << OUT_SCOPE}, {SIGNAL_ODD_REGION, 1u << OUT_REGION},
	{SIGNAL_ODD_ADDRESS, 1u << OUT_ADDRESS | 1u << OUT_COUNTRY}, {SIGNAL_ODD_AGENT, 1u << OUT_AGENT},
	{SIGNAL_ODD_KEY, 1u << OUT_KEY}, {SIGNAL_ODD_MANNER, 1u << OUT_MANNER},
	{SIGNAL_ODD_OWNER, 1u << OUT_OWNER}, {SIGNAL_ODD_DEST, 1u << OUT_DEST},
	{SIGNAL_ODD_ACTOR, 1u << OUT_ACTOR}, {SIGNAL_ODD_TIME, 1u << OUT_HOURS | 1u << OUT_DATE},
};

struct habits *unusual_new(const struct store *s, const struct book *b)
{
	struct habits *h = habits_new(s, b);
	h->blind = true;
	return h;
}

void unusual_count(struct habits *h)
{
	habits_update(h, NULL, 0);
}

static bool lasts(const struct habit *x, uint32_t least, int days)
{
	return x->n >= least && x->last >= x->first && x->last - x->first >= days * DAY_MS;
}

/* What the actor does now and then beside what it does all the time. */
static uint32_t beside(const struct habits *h, const struct habit_row *r)
{
	uint32_t most = habit_of_actor(h, r), n = h->v[r->habit].n;
	return n < USUAL_MIN && h->v[most].n >= n * USUAL_MIN ? most : 0;
}

/* False: nothing like it has lasted, or it was not there when this was counted. */
static bool hold(const struct habits *h, row_id row, struct outlier *x)
{
	*x = (struct outlier){.row = row};
	if (row >= h->n_rows || !h->rows[row].read)
		return false;
	const struct habit_row *r = &h->rows[row];
	x->like = lasts(&h->v[r->habit], HABIT_MIN, SPAN_DAYS) ? r->habit : habit_largest(h, r);
	if (!lasts(&h->v[x->like], USUAL_MIN, SPAN_DAYS))
		x->like = 0;
	if (x->like)
		habit_judge(h, r, x);
	if (!(x->ways & (1u << OUT_DEST | 1u << OUT_ACTOR)) && beside(h, r)) {
		x->like = beside(h, r);
		x->ways |= 1u << OUT_DEST;
	}
	return x->like != 0;
}

/* Of accounts that the book knows for good, all of them. */
static bool goes_to_known(const struct habits *h, const struct alert *a)
{
	for (size_t i = 0; i < a->n_dests; i++) {
		const struct alert_dest *d = &a->dests[i];
		if (d->relation == RELATION_OWN)
			continue;
		enum account_kind kind = d->account.n ? book_kind(h->book, d->account) : ACCOUNT_UNKNOWN;
		if (kind == ACCOUNT_UNKNOWN || kind == ACCOUNT_FLAGGED)
			return false;
	}
	return a->n_dests > 0;
}

static bool is_usual(const struct habits *h, const struct outlier *x)
{
	const struct alert *a = store_alert(h->store, x->row);
	return !x->ways && !x->traits && !(a->traits & TRAITS_DOUBT) && x->like == h->rows[x->row].habit &&
		lasts(&h->v[x->like], USUAL_MIN, USUAL_DAYS) && h->book && goes_to_known(h, a);
}

signal_set unusual_signals(const struct habits *h, row_id r)
{
	struct outlier x;
	signal_set bits = 0;
	if (!hold(h, r, &x))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(made_of); i++)
		if (x.ways & made_of[i].ways)
			bits |= made_of[i].signal;
	if (x.traits)
		bits |= SIGNAL_ODD_SWITCH;
	return bits | (is_usual(h, &x) ? SIGNAL_USUAL : 0);
}

/* ", in 330 alerts by tf-deploy of the bucket's own account to 777788889999" */
static void put_habit(const struct habits *h, uint32_t like, struct buf *out)
{
	const struct habit *x = &h->v[like];
	buf_fmt(out, "; compared with %u alert%s by ", x->n, x->n == 1 ? "" : "s");
	habit_actor(h, x->example, out);
	buf_c(out, " to ");
	habit_dests(store_alert(h->store, x->example), out);
}

static void unusual_ways(const struct habits *h, const struct outlier *x, signal_set signal, struct buf *out)
{
	size_t start = out->n;
	for (size_t i = 0; i < ARRAY_LEN(made_of); i++)
		for (uint32_t w = 0; made_of[i].signal == signal && w < OUTLIER_WAYS; w++)
			if (x->ways & made_of[i].ways & 1u << w) {
				buf_c(out, out->n > start ? ", " : "");
				habit_explain(h, x, (enum outlier_way)w, out);
			}
}

static void unusual_traits(const struct outlier *x, struct buf *out)
{
	size_t start = out->n;
	for (trait_set rest = x->traits; rest; rest &= rest - 1)
		buf_fmt(out, "%s%s", out->n > start ? ", " : "unlike others: ",
			trait_text((enum trait_index)__builtin_ctzll(rest)));
}

void unusual_text(const struct habits *h, row_id r, enum signal_index i, struct buf *out)
{
	struct outlier x;
	if (!hold(h, r, &x))
		return;
	if (i == SIGNAL_INDEX_USUAL)
		buf_fmt(out, "nothing differs, and known accounts get it");
	else if (i == SIGNAL_INDEX_ODD_SWITCH)
		unusual_traits(&x, out);
	else
		unusual_ways(h, &x, UINT64_C(1) << i, out);
	put_habit(h, x.like, out);
}
